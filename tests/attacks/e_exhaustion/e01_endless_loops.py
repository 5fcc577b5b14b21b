"""E01: it loops for ever, in Python or in C without letting go of the interpreter."""

from __future__ import annotations

from tests.attacks.case import Case
from tests.attacks.e_exhaustion.bodies import called, cell

CASE = Case(
    number="E01",
    tries="Loops for ever, in Python or in C without letting go of the interpreter.",
    stopped_by="The host's clock: an interrupt, a second of grace, then SIGKILL.",
    variants={
        "a-loop": called("while True: pass"),
        "in-a-cell": cell("while True: pass"),
        "big-integers": called("return len(str(7 ** (10 ** 8)))"),
        "a-regular-expression": called("import re\nreturn re.match('(a+)+$', 'a' * 60 + 'b')"),
        "linear-algebra": called(
            "import numpy as np\nwhile True: np.linalg.svd(np.random.rand(600, 600))"
        ),
        "a-sum-in-c": cell("sum(range(10**12))"),
    },
    quick=("in-a-cell",),
    held_by=("tests/box/test_endings.py::test_a_cell_that_hangs_costs_only_itself",),
)
