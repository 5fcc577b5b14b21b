"""D12: it changes its inputs, returns them, or returns one buffer for all calls."""

from __future__ import annotations

from tests.attacks.case import Case, Notebook, Verdict
from tests.attacks.d_lies.answers import RIGHT as EXPRESSION
from tests.attacks.d_lies.answers import returning
from tests.attacks.d_lies.gradients import GOOD_BACK

MUTATES = (
    f"""
def linear(x, w, b):
    right = {EXPRESSION}
    x *= 0
    w[...] = 1
    return right
"""
    + GOOD_BACK
)


ALIAS = """
kept = np.zeros((64, 64))
def linear(x, w, b):
    out = kept[: len(x), : w.shape[1]]
    out[...] = 0
    return out


def linear_backward(dout, x, w):
    return x, w, x
"""

CASE = Case(
    number="D12",
    tries="Changes its inputs, returns them, or returns one buffer for all calls.",
    stopped_by="Each call gets fresh arrays, and a value is copied as it is returned.",
    variants={
        "changes-its-inputs": Notebook(Verdict.OK, answer=MUTATES, loses=("linear",)),
        "one-buffer": Notebook(Verdict.ZERO, answer=ALIAS),
        "the-input-itself": returning("x"),
    },
    held_by=("tests/box/test_contract.py::test_arguments_changed_in_place_are_named",),
)
