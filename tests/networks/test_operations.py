"""Operations on Keras networks. They run where TensorFlow is installed."""

from __future__ import annotations

import importlib.util

import numpy as np
import pytest

from grader.compare.remedies import recognised
from grader.inside.networks import assign, count_parameters, forward, model_of, structure, vjp

pytestmark = [
    pytest.mark.xdist_group("keras"),  # imported by one worker alone
    pytest.mark.skipif(importlib.util.find_spec("keras") is None, reason="needs Keras"),
    pytest.mark.filterwarnings("default"),
]


@pytest.fixture(scope="module")
def layers():
    return pytest.importorskip("keras").layers


def block(x, filters=5):
    from keras import layers

    y = layers.Conv2D(filters, 3, padding="same")(x)
    return layers.ReLU()(layers.BatchNormalization()(y))


def test_a_function_of_tensors_becomes_a_model():
    """The block gets an input of the shape, and its arguments."""
    model = model_of(block, (6, 7, 2), filters=4)

    assert model.output_shape == (None, 6, 7, 4)


def test_several_shapes_make_several_inputs(layers):
    """A function of two tensors gets two inputs."""
    model = model_of(lambda a, b: layers.Add()([a, b]), ((3,), (3,)))

    assert (
        forward(model, [np.ones((2, 3)), np.ones((2, 3))])["outputs"][0].tolist() == [[2] * 3] * 2
    )


def test_a_function_that_returns_none_says_so():
    """Keras' own message would be a riddle."""
    with pytest.raises(TypeError, match="None instead of a tensor"):
        model_of(lambda x: None, (3,))


def test_a_function_that_returns_a_layer_says_so(layers):
    """A block that was made and not called."""
    with pytest.raises(TypeError, match="a layer instead of a tensor"):
        model_of(lambda x: layers.Dense(2), (3,))


def without_super(x):
    import keras

    class Own(keras.layers.Layer):
        def __init__(self):
            self.factor = 2

        def call(self, x):
            return x * self.factor

    return Own()(x)


def with_one_name(x):
    from keras import layers

    for _ in range(2):
        x = layers.Dense(3, name="dense")(x)
    return x


def with_tensorflow(x):
    import tensorflow as tf

    return tf.nn.relu(x)


def with_numpy(x):
    return np.maximum(np.asarray(x), 0)


@pytest.mark.parametrize(
    ("block", "remedy"),
    [
        (without_super, "super().__init__"),
        (with_one_name, "one name"),
        (with_tensorflow, "keras.ops"),
        (with_numpy, "keras.ops"),
    ],
)
def test_what_keras_says_of_common_mistakes_is_recognised(block, remedy):
    """The sentences are those of the installed Keras."""
    with pytest.raises((RuntimeError, ValueError)) as caught:
        model_of(block, (3,))

    known = recognised(type(caught.value).__name__, str(caught.value))

    assert known is not None
    assert remedy in known.remedy


def test_parameters_are_counted_without_weights():
    """A model of the size of VGG16's classifier is counted without its 400 MB."""
    found = count_parameters(lambda units: model_of(block, (224, 224, 3), units), 4096)

    assert found["total"] == 27 * 4096 + 5 * 4096
    assert found["trainable"] == 27 * 4096 + 3 * 4096


def test_gradients_are_those_of_the_sum_with_the_cotangent():
    """To the input first, then to the weights."""
    dense = pytest.importorskip("keras").layers.Dense(2)
    x, dy = np.arange(6, dtype="float32").reshape(2, 3), np.ones((2, 2), dtype="float32")

    dx, dw, db = vjp(dense, x, dy, weights=True)

    assert dx == pytest.approx(dy @ dense.kernel.numpy().T, rel=1e-6)
    assert dw == pytest.approx(x.T @ dy)
    assert db.tolist() == [2, 2]


def test_a_gradient_that_does_not_exist_is_zero():
    """An output that does not depend on an input has the gradient zero."""
    (dx,) = vjp(lambda x: x[:, :1] * 0 + 1, np.ones((2, 3), dtype="float32"), np.ones((2, 1)))

    assert not dx.any()


def test_structure_names_roles_in_the_order_of_the_data():
    """A bias counts as an owner of its own, so that a layer's and a separate one are alike."""
    found = structure(model_of(block, (6, 7, 2)))

    assert [variable["role"] for variable in found["variables"]] == [
        "kernel", "bias", "gamma", "beta", "moving_mean", "moving_variance",
    ]  # fmt: skip
    assert [owner["before"] for owner in found["owners"]] == [[-1], [0], [1]]
    assert [variable["trainable"] for variable in found["variables"]] == [True] * 4 + [False] * 2


def test_a_layer_is_filled_and_run_in_the_order_of_its_structure():
    """Values come back as statistics, outputs and gradients in that order."""
    model = model_of(block, (6, 7, 2))
    x = np.ones((1, 6, 7, 2), dtype="float32")
    values = [np.full(each["shape"], 0.5) for each in structure(model)["variables"]]

    assert assign(model, values) == 6
    found = forward(model, x, training=True, cotangent=np.ones((1, 6, 7, 5)))

    assert [each is None for each in found["statistics"]] == [True] * 4 + [False] * 2
    assert [each is None for each in found["weights"]] == [False] * 4 + [True] * 2
    assert found["inputs"][0].shape == x.shape
    middle = forward(model, x, weights=values)["outputs"][0][0, 2, 2, 0]
    assert middle == pytest.approx(0.5 * 9 / np.sqrt(0.501) + 0.5, rel=1e-5)
