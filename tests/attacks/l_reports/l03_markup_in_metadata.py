"""L03: it writes markup into titles, tags, ids and names of kernels."""

from __future__ import annotations

from tests.attacks.case import Case

CASE = Case(
    number="L03",
    tries="Writes markup into titles, tags, ids and names of kernels.",
    stopped_by="They are dropped as the file is read, or escaped.",
    held_by=("tests/unit/report/test_feedback.py::test_every_hostile_field_is_literal_text",),
)
