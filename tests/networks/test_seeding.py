"""Seeding the box: the same seed gives the same draws, whatever was drawn before."""

from __future__ import annotations

import importlib.util

import numpy as np
import pytest

from grader.inside.seeding import seed_all

pytestmark = [
    pytest.mark.xdist_group("keras"),  # imported by one worker alone
    pytest.mark.skipif(importlib.util.find_spec("keras") is None, reason="needs Keras"),
    pytest.mark.filterwarnings("default"),
]


@pytest.fixture(autouse=True)
def _imported():
    """A box of the runtime keras has it from the start."""
    pytest.importorskip("keras")


def draws():
    """What each kind of generator gives next."""
    import random

    import keras
    import tensorflow as tf

    return [
        np.asarray(value).tolist()
        for value in (
            tf.random.uniform((3,)),
            tf.random.normal((3,), seed=5),
            keras.random.uniform((3,)),
            keras.layers.Dropout(0.5)(np.ones((1, 8), "float32"), training=True),
            np.random.rand(3),
            [random.random() for _ in range(3)],
        )
    ]


def test_a_seed_that_comes_back_gives_the_same_draws():
    """A test that is run again sees what it saw, and another one something else."""
    seed_all(71)
    first = draws()
    draws()
    seed_all(72)
    other = draws()
    seed_all(71)

    assert draws() == first
    assert all(one != two for one, two in zip(first, other, strict=True))


def test_draws_are_those_of_keras_own_seeding():
    """Keeping what TensorFlow has compiled changes no draw."""
    import keras

    seed_all(73)
    ours = draws()
    keras.utils.set_random_seed(73)

    assert draws() == ours
