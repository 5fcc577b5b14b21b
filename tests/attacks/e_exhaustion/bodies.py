"""How a body of code becomes an answer or a cell: shared by the cases of this group."""

from __future__ import annotations

from grader.records import Ending
from tests.attacks.case import Notebook, Verdict

BACK = "\n\n\ndef linear_backward(*a):\n    return 0\n"
HOSTILE_FLAGS = ("fork_bomb", "out_of_memory", "protocol", "output_truncated")


def called(body: str, verdict: Verdict = Verdict.TIME, **more) -> Notebook:
    """`linear` does this when it is called; its other half is merely wrong."""
    lines = "".join(f"    {line}\n" for line in body.splitlines())
    more = {"may": HOSTILE_FLAGS, **more}
    return Notebook(
        verdict, answer=f"import os, sys, time\n\n\ndef linear(*a):\n{lines}" + BACK, **more
    )


def cell(body: str, verdict: Verdict = Verdict.TIME, ends=Ending.OUT_OF_TIME, **more) -> Notebook:
    """A cell before all answers does this; they keep their points."""
    more = {"may": HOSTILE_FLAGS, **more}
    return Notebook(verdict, body, ends=ends, **more)
