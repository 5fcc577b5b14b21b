"""N01: it reads the environment for tokens, passwords and addresses."""

from __future__ import annotations

from grader.selftest.cells import ENVIRONMENT
from tests.attacks.case import Case, Notebook, Verdict

CASE = Case(
    number="N01",
    tries="Reads the environment for tokens, passwords and addresses.",
    stopped_by="It holds a handful of variables, none of them the host's.",
    variants={"the-environment": Notebook(Verdict.OK, ENVIRONMENT)},
    quick=("the-environment",),
    held_by=("tests/box/test_walls.py::test_the_environment_is_small",),
)
