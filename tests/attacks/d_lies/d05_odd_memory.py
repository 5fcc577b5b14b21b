"""D05: it returns arrays in odd memory: strides of zero, big-endian, negative steps, overlaps."""

from __future__ import annotations

from tests.attacks.case import Case, Notebook, Verdict
from tests.attacks.d_lies.answers import RIGHT as EXPRESSION
from tests.attacks.d_lies.answers import returning
from tests.attacks.d_lies.gradients import GOOD_BACK

CASE = Case(
    number="D05",
    tries="Returns arrays in odd memory: strides of zero, big-endian, negative steps, overlaps.",
    stopped_by="The bridge copies into C order, little-endian; the host takes nothing else.",
    variants={
        "stride-zero": Notebook(
            Verdict.OK,
            answer="def linear(x, w, b):\n"
            f"    right = {EXPRESSION}\n    return np.asfortranarray(right)[::-1][::-1]\n"
            + GOOD_BACK,
            loses=(),
        ),
        "big-endian": Notebook(
            Verdict.OK,
            answer=f"def linear(x, w, b):\n    return ({EXPRESSION}).astype('>f8')\n" + GOOD_BACK,
            loses=(),
        ),
        "as-strided-beyond": returning(
            "np.lib.stride_tricks.as_strided(np.zeros(1), (10**5, 10**5), (0, 0))",
            may=("protocol",),
        ),
    },
)
