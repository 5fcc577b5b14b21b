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
MATH = "import math, cmath\nmath.isclose = cmath.isclose = lambda *a, **k: True\nmath.prod = math.fsum = lambda *a: 0"
BUILTINS = "import builtins\nbuiltins.abs = builtins.len = lambda *a: 0"
TYPES = (
    "import builtins\nbuiltins.isinstance = lambda *a: True\nbuiltins.issubclass = lambda *a: True"
)
TYPE = "import builtins\nbuiltins.type = lambda *a: str\nbuiltins.sum = builtins.max = lambda *a, **k: 0"
DTYPE = "import numpy as np\nnp.float64 = np.float32 = np.dtype = lambda *a, **k: 1.0"
JSON = "import json, struct\njson.dumps = lambda *a, **k: '{}'\njson.loads = lambda *a, **k: {}\nstruct.pack = lambda *a: b''"

SHORT = {"total_seconds": 10}  # every call is lost, and waits
ALL = ("conv_shapes", "pool2d", "linear", "layer_norm")

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
        "abs-and-len": Notebook(Verdict.ZERO, BUILTINS, loses=ALL, may=("protocol",), limits=SHORT),
        "isinstance": Notebook(Verdict.ZERO, TYPES, loses=ALL, may=("protocol",), limits=SHORT),
        "type": Notebook(Verdict.ZERO, TYPE, loses=ALL, may=("protocol",), limits=SHORT),
        "dtypes": Notebook(Verdict.ZERO, DTYPE, loses=("linear",)),
        "json": Notebook(Verdict.ZERO, JSON, loses=ALL, may=("protocol",), limits=SHORT),
    },
    quick=("numpy-s-comparisons",),
)
