"""D02: it returns an object that makes another array each time it is asked for one."""

from __future__ import annotations

from tests.attacks.case import Case
from tests.attacks.d_lies.answers import returning

ARRAY = """
import numpy as np
class Liar:
    def __array__(self, *a, **k): return np.random.rand(2, 2)
    __array_function__ = lambda self, *a, **k: True
    __array_ufunc__ = lambda self, *a, **k: True
    @property
    def __array_interface__(self):
        return {"shape": (2**40,), "typestr": "<f8", "data": (8, False), "version": 3}
"""

CASE = Case(
    number="D02",
    tries="Returns an object that makes another array each time it is asked for one.",
    stopped_by="Conversions are asked of no object that is not NumPy's own.",
    variants={
        "array-protocols": returning("Liar()", ARRAY),
        "a-memoryview": returning("memoryview(bytearray(8))"),
        "an-array-of-such": returning("np.array([Liar()], dtype=object)", ARRAY),
    },
)
