"""K14: it hands in code, pickles or models beside the notebook, to be loaded by the host."""

from __future__ import annotations

from tests.attacks.case import Case

CASE = Case(
    number="K14",
    tries="Hands in code, pickles or models beside the notebook, to be loaded by the host.",
    stopped_by="Nothing but notebooks is unpacked or read; nothing at all is loaded.",
    held_by=(
        "tests/unit/intake/test_archives.py::test_notebooks_come_out_under_a_number_and_their_names_are_kept",
    ),
)
