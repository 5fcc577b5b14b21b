"""D11: it answers rightly only in the first calls."""

from __future__ import annotations

from tests.attacks.case import Case, Notebook, Verdict
from tests.attacks.d_lies.answers import RIGHT as EXPRESSION

BY_COUNT = f"""
count = 0
def linear(x, w, b):
    global count
    count += 1
    return {EXPRESSION} if count < 3 else {EXPRESSION} + 1


def linear_backward(dout, x, w):
    return x, w, x
"""

CASE = Case(
    number="D11",
    tries="Answers rightly only in the first calls.",
    stopped_by="Each test calls anew, with inputs and shapes of its own.",
    variants={"by-the-count-of-calls": Notebook(Verdict.OK, answer=BY_COUNT, loses=("linear",))},
)
