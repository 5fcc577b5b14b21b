"""C01: it patches the functions with which answers are compared elsewhere."""

from tests.attacks.case import Case, Notebook, Verdict

NUMPY = """
import numpy as np, numpy.testing
for module in (np, np.testing):
    for name in dir(module):
        if "close" in name or "equal" in name or name.startswith("assert"):
            setattr(module, name, lambda *a, **k: True)
"""
ARRAY = """
import numpy as np
for name in ("array", "asarray", "frombuffer", "copyto", "ascontiguousarray", "abs", "max", "all", "any"):
    setattr(np, name, lambda *a, **k: True)
"""
MATH = "import math, cmath\nmath.isclose = cmath.isclose = lambda *a, **k: True\nmath.fsum = lambda *a: 0"
BUILTINS = "import builtins\nbuiltins.abs = builtins.len = lambda *a: 0"
TYPES = (
    "import builtins\nbuiltins.isinstance = lambda *a: True\nbuiltins.issubclass = lambda *a: True"
)
TYPE = "import builtins\nbuiltins.type = lambda *a: str\nbuiltins.sum = builtins.max = lambda *a, **k: 0"
DTYPE = "import numpy as np\nnp.float64 = np.float32 = np.dtype = lambda *a, **k: 1.0"
JSON = "import json, struct\njson.dumps = lambda *a, **k: '{}'\njson.loads = lambda *a, **k: {}\nstruct.pack = lambda *a: b''"

SHORT = {"total_seconds": 10}  # many calls are lost, and wait

CASE = Case(
    number="C01",
    tries="Replaces NumPy's, Python's or json's functions so that everything is equal.",
    stopped_by="Values are compared on the host, by functions that no student can reach.",
    variants={
        "numpy-s-comparisons": Notebook(Verdict.ZERO, NUMPY),
        "numpy-s-arrays": Notebook(
            Verdict.ZERO, ARRAY, loses=("linear", "pool2d", "layer_norm"), may=("protocol",)
        ),
        "math": Notebook(Verdict.ZERO, MATH),
        "abs-and-len": Notebook(
            Verdict.ZERO, BUILTINS, more=True, ends=None, may=("protocol",), limits=SHORT
        ),
        "isinstance": Notebook(
            Verdict.ZERO, TYPES, more=True, ends=None, may=("protocol",), limits=SHORT
        ),
        "type": Notebook(Verdict.ZERO, TYPE, more=True, ends=None, may=("protocol",), limits=SHORT),
        "dtypes": Notebook(Verdict.ZERO, DTYPE, more=True, limits=SHORT),
        "json": Notebook(Verdict.ZERO, JSON, more=True, ends=None, may=("protocol",), limits=SHORT),
    },
    quick=("numpy-s-comparisons",),
)
