"""C06: it switches garbage collection off, lifts the recursion limit and overflows the stack."""

from __future__ import annotations

from tests.attacks.c_tampering.crashes import crashing
from tests.attacks.case import Case, Notebook, Verdict

DEEP = "sys.setrecursionlimit(10**9)\ndef f(n):\n    return f(n + 1) + 1\nreturn f(0)"

CASE = Case(
    number="C06",
    tries="Switches garbage collection off, lifts the recursion limit and overflows the stack.",
    stopped_by="The kernel's death is a value; the zygote makes another one.",
    variants={
        "no-garbage-collection": Notebook(Verdict.OK, "import gc\ngc.disable()\ngc.freeze()"),
        "stack-overflow": crashing(DEEP),
        "recursion": crashing("return linear(*a)"),
        "stack-overflow-in-a-cell": Notebook(
            Verdict.OK,
            "import sys\nsys.setrecursionlimit(10**9)\ndef f(n):\n    return f(n + 1) + 1\nf(0)",
            ends=None,
            may=("out_of_memory",),
        ),
    },
)
