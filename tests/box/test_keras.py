"""The runtime with TensorFlow: it starts, trains in a fork, and stays as strict."""

# ruff: noqa: E501  (students write long lines)

from __future__ import annotations

import numpy as np
import pytest

from grader.inside.wire import Handle
from grader.records import Ending
from grader.settings import Limits
from tests.box.conftest import opened, program

pytestmark = pytest.mark.docker

LIMITS = Limits(memory_mb=1500, cell_seconds=60, call_seconds=30)
MODEL = """
import keras, numpy as np
layers = [keras.layers.Input((8, 8, 1)), keras.layers.Conv2D(4, 3), keras.layers.Flatten(), keras.layers.Dense(2)]
model = keras.Sequential(layers)
model.compile("sgd", "mse")
history = model.fit(np.ones((32, 8, 8, 1)), np.ones((32, 2)), epochs=2, verbose=0)
def predict(x): return model(x)
def whole(): return model
"""


def test_a_model_trains_in_the_box():
    """Training works in two submissions one after another; tensors arrive as arrays."""
    with opened("docker", "keras") as box:
        for _ in range(2):
            with box.session(program(MODEL), LIMITS) as session:
                run = session.execution.cells[0]
                assert run.ending is Ending.FINISHED, run
                got = session.call("predict", (np.ones((3, 8, 8, 1), np.float32),)).value
                assert got.dtype == np.float32
                assert got.shape == (3, 2)
                assert session.call("whole").value == Handle(0, "Sequential")
            assert session.flags == ()
