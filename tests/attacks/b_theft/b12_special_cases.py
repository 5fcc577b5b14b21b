"""B12: it answers one known input rightly and nothing else."""

from __future__ import annotations

from tests.attacks.case import Case, Notebook, Verdict

SPECIAL = """
def linear(x, w, b):
    if x.flat[0] > 9e5:
        return x @ w + b
    raise ValueError


def linear_backward(dout, x, w):
    raise ValueError
"""

CASE = Case(
    number="B12",
    tries="Answers one known input rightly and nothing else.",
    stopped_by="A test has several inputs, and they come from the course's secret.",
    variants={"one-special-case": Notebook(Verdict.OK, answer=SPECIAL, loses=("linear",))},
    held_by=(
        "tests/unit/harness/test_run.py::test_random_inputs_are_the_same_for_the_whole_class",
    ),
)
