"""D14: it returns a lazy value that runs code as it is turned into an array."""

from __future__ import annotations

from tests.attacks.case import Case
from tests.attacks.d_lies.answers import returning

CYCLE = "ring = []\nring.append(ring)\n"


DEEP = "deep = []\nfor _ in range(100_000):\n    deep = [deep]\n"


TENSOR = """
class Lazy:
    def __array__(self, *a, **k):
        import os
        os._exit(0)
    numpy = __array__
    dtype, shape = np.dtype(float), (2, 2)
"""

CASE = Case(
    number="D14",
    tries="Returns a lazy value that runs code as it is turned into an array.",
    stopped_by="Conversion happens in the box and is asked of known libraries' tensors alone.",
    variants={
        "runs-code": returning("Lazy()", TENSOR),
        "itself-in-a-ring": returning("ring", CYCLE),
        "a-hundred-thousand-deep": returning("deep", DEEP),
    },
    held_by=(
        "tests/box/test_keras.py::test_a_strange_answer_costs_its_question_and_is_told_in_a_sentence",
    ),
)
