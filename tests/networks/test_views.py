"""Public cases of Keras objects: in a box and in the student's notebook alike."""

from __future__ import annotations

import importlib.util

import numpy as np
import pytest

from grader.cases import Case, agrees, freeze, load, observe, public_answers
from grader.selfcheck.notebook import Notebook
from tests.fakes import FakeSession

pytestmark = [
    pytest.mark.xdist_group("keras"),  # imported by one worker alone
    pytest.mark.skipif(importlib.util.find_spec("keras") is None, reason="needs Keras"),
    pytest.mark.filterwarnings("default"),
]

CASES = (
    Case("block", "a block", "block", ((8, 6, 6), 6, 2), view="network"),
    Case("net", "a model", "net", (3,), view="model"),
    Case("norm", "a layer", "norm", (np.ones((2, 3), "f4"),), {"epsilon": 0.1}, view="layer"),
    Case("large", "its size", "large", view="parameters"),
)


def namespace(block="basic"):
    import keras
    from keras import layers

    from tests.networks import zoo

    def net(classes):
        x = keras.Input((None, None, 2))
        return keras.Model(x, layers.Dense(classes)(layers.GlobalAveragePooling2D()(x)))

    def large():
        return keras.Sequential([keras.Input((25088,)), layers.Dense(4096)])

    norm = layers.BatchNormalization
    return {"block": getattr(zoo, block), "net": net, "norm": norm, "large": large}


@pytest.fixture(scope="module")
def answers():
    return public_answers(CASES, FakeSession(namespace()))


def test_a_notebook_sees_what_the_box_saw(answers):
    """The numbers come from shapes and a public seed."""
    for case, answer in zip(CASES, answers, strict=True):
        assert agrees(observe(case, Notebook(namespace()))[0], answer)
    assert answers[0]["output"].shape == (2, 4, 3, 6)
    assert answers[1]["parameters"] == 9
    assert answers[2]["trainable parameters"] == 6
    assert answers[3] == {"parameters": 25089 * 4096, "trainable parameters": 25089 * 4096}


def test_answers_are_kept_in_a_file(answers, tmp_path):
    """As numbers, like all others."""
    path = tmp_path / "net.cases.npz"
    path.write_bytes(freeze(CASES, answers, {}))

    kept = load(path)

    assert kept.cases[0].args == ((8, 6, 6), 6, 2)
    assert all(map(agrees, kept.answers, answers))


@pytest.mark.parametrize("name", ["basic_layer", "basic_shortcut_first"])
def test_the_way_of_writing_is_not_seen(name, answers):
    """Another class, other names, another order."""
    from tests.networks import zoo

    other = getattr(zoo, name)
    box = FakeSession({"block": lambda x, filters, stride: other(x)})

    assert agrees(observe(CASES[0], box)[0], answers[0])


@pytest.mark.parametrize(
    "name", ["basic_no_final_relu", "basic_other_epsilon", "basic_relu_before_add", "basic_frozen"]
)
def test_mistakes_are_seen(name, answers):
    """A public case that no mistake fails helps nobody."""
    from tests.networks import zoo

    other = getattr(zoo, name)
    box = FakeSession({"block": lambda x, filters, stride: other(x)})

    assert not agrees(observe(CASES[0], box)[0], answers[0])
