"""H07: it becomes root again, or the uid beside its own."""

from __future__ import annotations

from grader.selftest.cells import ROOT_AGAIN
from tests.attacks.case import Case, Notebook, Verdict

CASE = Case(
    number="H07",
    tries="Becomes root again, or the uid beside its own.",
    stopped_by="All ids are set, no capability is left, and no_new_privs is set.",
    variants={"ids": Notebook(Verdict.OK, ROOT_AGAIN)},
    quick=("ids",),
    held_by=("tests/box/test_walls.py::test_root_cannot_be_regained",),
)
