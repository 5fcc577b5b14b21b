"""C08: it patches clocks, sources of chance and seeds."""

from __future__ import annotations

from tests.attacks.case import Case, Notebook, Verdict

PATCHED_TIME = """
import time, os, random
import numpy as np
for name in ("time", "monotonic", "perf_counter", "process_time"):
    setattr(time, name, lambda: 0.0)
time.sleep = lambda *a: None
"""


PATCHED_CHANCE = """
import os, random
import numpy as np
os.urandom = lambda n: b"\\0" * n
random.random = lambda: 0.5
random.seed = np.random.seed = lambda *a, **k: None
np.random.default_rng = lambda *a, **k: None
"""


DIFFERS = """
import itertools
calls = itertools.count()
def linear(x, w, b):
    if next(calls) % 2:
        return x.reshape(len(x), -1) @ w + b
    return np.zeros((len(x), w.shape[1]))


def linear_backward(dout, x, w):
    return dout, dout, dout
"""

CASE = Case(
    number="C08",
    tries="Patches clocks, sources of chance and seeds.",
    stopped_by="Clocks and seeds that count are the host's.",
    variants={
        "clocks": Notebook(Verdict.OK, PATCHED_TIME),
        "chance": Notebook(Verdict.OK, PATCHED_CHANCE),
        "every-second-call-is-right": Notebook(Verdict.OK, answer=DIFFERS, loses=("linear",)),
    },
)
