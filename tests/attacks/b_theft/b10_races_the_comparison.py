"""B10: it changes a returned array while it is compared."""

from __future__ import annotations

from tests.attacks.case import Case, Notebook, Verdict

RACE = """
import threading
import numpy as np
shared = np.zeros((5, 7))
def race():
    while True:
        shared[:] = np.random.rand(*shared.shape)
        shared[:] = 0
threading.Thread(target=race, daemon=True).start()


def linear(x, w, b):
    return shared


def linear_backward(dout, x, w):
    return shared, shared, shared
"""

CASE = Case(
    number="B10",
    tries="Changes a returned array while it is compared.",
    stopped_by="A value is copied into the reply and again into the host's memory.",
    variants={"a-racing-thread": Notebook(Verdict.ZERO, answer=RACE)},
)
