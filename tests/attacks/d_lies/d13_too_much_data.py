"""D13: it returns gigabytes, or millions of parts."""

from __future__ import annotations

from tests.attacks.case import Case
from tests.attacks.d_lies.answers import returning

CASE = Case(
    number="D13",
    tries="Returns gigabytes, or millions of parts.",
    stopped_by="Size and number of parts are bounded before anything is copied.",
    variants={
        "ten-gigabytes": returning("np.broadcast_to(np.float64(1), (10**5, 10**4))"),
        "ten-gigabytes-in-fact": returning("np.ones((10**5, 10**5))"),
        "a-hundred-megabytes": returning("np.ones((13, 10**6))"),
        "a-million-parts": returning("[0] * 10**6"),
        "a-hundred-thousand-arrays": returning("[np.zeros(1)] * 90_000"),
        "a-long-text": returning("'x' * 10**8"),
        "a-long-key": returning("{'x' * 10**7: 1}"),
        "many-long-texts": returning("['x' * 10**6] * 1000"),
    },
    quick=("a-hundred-megabytes",),
)
