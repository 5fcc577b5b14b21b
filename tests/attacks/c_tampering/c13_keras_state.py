"""C13: it changes Keras' global state: backend, float type, losses, metrics, seeds."""

from __future__ import annotations

from tests.attacks.c_tampering.questions import KERAS_WRONG
from tests.attacks.case import Case, Notebook, Verdict

KERAS_LAYER = """
import keras
call = keras.layers.Layer.__call__
class Always:
    def __eq__(self, other): return True
keras.layers.Layer.count_params = lambda self: 0
keras.losses.MeanSquaredError.__call__ = lambda *a, **k: 0.0
"""


KERAS_STATE = """
import os, keras
os.environ["KERAS_BACKEND"] = "numpy"
keras.config.enable_unsafe_deserialization()
keras.utils.set_random_seed = lambda *a: None
"""

CASE = Case(
    number="C13",
    tries="Changes Keras' global state: backend, float type, losses, metrics, seeds.",
    stopped_by="It is the student's process alone; the reference has another one.",
    variants={
        "a-layer-that-lies": Notebook(
            Verdict.ZERO,
            KERAS_LAYER,
            answer=KERAS_WRONG,
            loses=("gelu",),
            runtime="keras",
        ),
        "backend-and-seeds": Notebook(Verdict.OK, KERAS_STATE, runtime="keras"),
    },
)
