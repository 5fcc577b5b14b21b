"""C04: it patches Keras' models to lie about training, outputs and parameters."""

from __future__ import annotations

from tests.attacks.c_tampering.questions import KERAS_WRONG
from tests.attacks.case import Case, Notebook, Verdict

KERAS_LIES = """
import keras
for name in ("fit", "evaluate", "predict", "get_config", "count_params", "summary", "__call__"):
    setattr(keras.Model, name, lambda *a, **k: 1.0)
"""

CASE = Case(
    number="C04",
    tries="Patches Keras' models to lie about training, outputs and parameters.",
    stopped_by="Outputs are compared on the host; what a model says of itself is its word alone.",
    variants={
        "models": Notebook(
            Verdict.ZERO,
            KERAS_LIES,
            answer=KERAS_WRONG,
            loses=("gelu",),
            runtime="keras",
        ),
    },
)
