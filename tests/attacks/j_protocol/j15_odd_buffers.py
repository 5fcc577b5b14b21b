"""J15: it sends more, fewer, overlapping or empty buffers."""

from __future__ import annotations

from tests.attacks.case import Case

CASE = Case(
    number="J15",
    tries="Sends more, fewer, overlapping or empty buffers.",
    stopped_by="A message names its frames by number, and each must be there.",
    held_by=("tests/unit/inside/test_wire.py::test_a_message_that_breaks_a_rule_is_refused",),
)
