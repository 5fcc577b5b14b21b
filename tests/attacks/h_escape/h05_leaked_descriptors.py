"""H05: it reaches the host by a descriptor that was left open, or by /proc/self/exe."""

from __future__ import annotations

from grader.selftest.cells import DESCRIPTORS
from tests.attacks.case import Case, Notebook, Verdict

CASE = Case(
    number="H05",
    tries="Reaches the host by a descriptor that was left open, or by /proc/self/exe.",
    stopped_by="All descriptors are closed but its own sockets.",
    variants={"descriptors": Notebook(Verdict.OK, DESCRIPTORS)},
    held_by=("tests/box/test_walls.py::test_no_descriptor_is_inherited",),
)
