"""F09: it sends bits by counters that are never reset, such as pids and inodes."""

from __future__ import annotations

from tests.attacks.case import Case

CASE = Case(
    number="F09",
    tries="Sends bits by counters that are never reset, such as pids and inodes.",
    stopped_by="Nothing: a residual risk that docs/security.md names; isolation `container` "
    "gives each submission new ones.",
    held_by=("tests/box/test_walls.py::test_each_submission_may_have_a_container_of_its_own",),
)
