"""D03: it returns subclasses of NumPy's and Python's types, or arrays of odd dtypes."""

from __future__ import annotations

from tests.attacks.case import Case
from tests.attacks.d_lies.answers import returning

SUBCLASS = """
class Mine({base}):
    __eq__ = lambda self, other: True
    __ne__ = lambda self, other: False
    __hash__ = lambda self: 0
    def __reduce__(self): return (print, ("x",))
"""


NDARRAY = """
class Mine(np.ndarray):
    __eq__ = lambda self, other: True
    __array__ = lambda self, *a, **k: np.ones(1)
    __array_finalize__ = lambda self, obj: None
    dtype = property(lambda self: np.dtype("f8"))
    shape = property(lambda self: (2, 3))
    tobytes = lambda self, *a: b"x"
    nbytes = 1
"""

CASE = Case(
    number="D03",
    tries="Returns subclasses of NumPy's and Python's types, or arrays of odd dtypes.",
    stopped_by="A subclass is copied into its base; a dtype that is not numeric does not travel.",
    variants={
        "a-float": returning("Mine(1)", SUBCLASS.format(base="float")),
        "a-string": returning("Mine('x')", SUBCLASS.format(base="str")),
        "an-integer": returning("Mine(1)", SUBCLASS.format(base="int")),
        "a-tuple": returning("Mine((1, 2))", SUBCLASS.format(base="tuple")),
        "a-dict": returning("Mine(a=1)", SUBCLASS.format(base="dict")),
        "an-array": returning("np.zeros((2, 3)).view(Mine)", NDARRAY),
        "a-matrix": returning(
            "np.matrix(np.zeros((2, 3)))", "import warnings\nwarnings.simplefilter('ignore')"
        ),
        "a-masked-array": returning("np.ma.masked_all(right.shape)"),
        "zero-dimensions": returning("np.array(1.0)"),
        "objects": returning("np.array([right, None], dtype=object)"),
        "structured": returning("np.zeros(2, dtype=[('a', 'f8'), ('b', 'O')])"),
        "dates": returning("np.zeros(right.shape, 'M8[s]')"),
        "text": returning("np.full(right.shape, 'x' * 100)"),
        "complex": returning("right * 1j"),
        "booleans": returning("right > 0"),
    },
)
