"""C12: it uses a forbidden name by getattr, exec, an alias or importlib."""

from __future__ import annotations

from tests.attacks.case import Case

CASE = Case(
    number="C12",
    tries="Uses a forbidden name by getattr, exec, an alias or importlib.",
    stopped_by="Rules about the source are advice to a person, and no proof.",
    held_by=(
        "tests/unit/intake/test_assemble.py::test_forbidden_names_are_flagged_and_never_decide",
    ),
)
