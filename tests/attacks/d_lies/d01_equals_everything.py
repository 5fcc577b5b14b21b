"""D01: it returns an object that equals everything and passes for any type."""

from __future__ import annotations

from tests.attacks.case import Case
from tests.attacks.d_lies.answers import returning

EQUAL = """
class Liar:
    __eq__ = __ge__ = __le__ = __lt__ = __gt__ = lambda self, other: True
    __ne__ = lambda self, other: False
    __bool__ = lambda self: True
    __float__ = __int__ = __index__ = lambda self: 1
    __len__ = lambda self: 1
    __hash__ = lambda self: 1
    __abs__ = __sub__ = __rsub__ = __add__ = __mul__ = lambda self, *other: self
    __iter__ = lambda self: iter([self])
    __getattr__ = lambda self, name: self
    __call__ = lambda self, *a, **k: self
    shape, dtype, ndim = (1,), float, 1
"""


CLASS = "class Fake:\n    __class__ = property(lambda self: np.ndarray)\n    dtype, shape = np.dtype(float), (2,)\n"


META = """
class Meta(type):
    __instancecheck__ = lambda cls, other: True
    __eq__ = lambda cls, other: True
    __hash__ = type.__hash__
    __name__ = "ndarray"
class Mine(metaclass=Meta): pass
"""

CASE = Case(
    number="D01",
    tries="Returns an object that equals everything and passes for any type.",
    stopped_by="Values travel by their exact type; anything else is an opaque name.",
    variants={
        "equals-everything": returning("Liar()", EQUAL),
        "in-a-list": returning("[Liar()] * len(x)", EQUAL),
        "as-a-key": returning("{Liar(): right}", EQUAL),
        "claims-to-be-an-array": returning("Fake()", CLASS),
        "a-metaclass-that-lies": returning("Mine()", META),
    },
    quick=("equals-everything",),
    held_by=("tests/box/test_contract.py::test_a_class_that_lies_is_no_data",),
)
