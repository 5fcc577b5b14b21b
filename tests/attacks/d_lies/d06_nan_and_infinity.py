"""D06: it returns NaN, infinities and signed zeros where a tolerance might swallow them."""

from __future__ import annotations

from tests.attacks.case import Case
from tests.attacks.d_lies.answers import returning

CASE = Case(
    number="D06",
    tries="Returns NaN, infinities and signed zeros where a tolerance might swallow them.",
    stopped_by="NaN must meet NaN in the reference, and infinity the same infinity.",
    variants={
        "nan": returning("right * np.nan"),
        "one-nan": returning(
            "np.where(np.arange(right.size).reshape(right.shape) == 0, np.nan, right)"
        ),
        "infinity": returning("right + np.inf"),
        "denormals": returning("right * 0 + 5e-324"),
    },
    held_by=(
        "tests/unit/compare/test_closeness.py::test_hostile_values_are_judged_and_never_raise",
    ),
)
