"""D10: it returns an iterator without end, one that sleeps, or one that raises later."""

from __future__ import annotations

from tests.attacks.case import Case
from tests.attacks.d_lies.answers import returning

GENERATOR = "import itertools, time\n"


SLOW = """
import time
class Slow(dict):
    def items(self):
        while True:
            time.sleep(0.1)
            yield "a", 1
    __iter__ = items
"""

CASE = Case(
    number="D10",
    tries="Returns an iterator without end, one that sleeps, or one that raises later.",
    stopped_by="No iterator is run that is not a list, tuple or dict; its call has a deadline.",
    variants={
        "without-end": returning("itertools.count()", GENERATOR),
        "a-generator-that-sleeps": returning("(time.sleep(1) for _ in range(10**6))", GENERATOR),
        "a-dict-that-never-ends": returning("Slow()", SLOW),
    },
    held_by=("tests/box/test_objects.py::test_an_iterable_without_end_is_taken_with_a_bound",),
)
