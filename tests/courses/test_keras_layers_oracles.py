"""The reference of `keras_layers` against Keras' own layers, SciPy and closed forms."""

from __future__ import annotations

import json
from types import SimpleNamespace

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy import special

pytestmark = [
    pytest.mark.xdist_group("keras"),  # imported by one worker alone
    pytest.mark.filterwarnings("default"),  # TensorFlow's own are not ours to fix
]
keras = pytest.importorskip("keras")
tf = pytest.importorskip("tensorflow")


@pytest.fixture(scope="module")
def own(root):
    """What the cells of the notebook define that are neither pictures nor examples."""
    path = root / "solutions/keras_layers/keras_layers.ipynb"
    namespace = {"__name__": "keras_layers_notebook"}
    for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
        shown_only = "skip-execution" in cell["metadata"].get("tags", [])
        if cell["cell_type"] == "code" and not shown_only:
            exec("".join(cell["source"]), namespace)
    return SimpleNamespace(**namespace)


@pytest.fixture
def rng():
    return np.random.default_rng(12)


def twins(layer, other, shape, rng):
    """Both layers with the same weights; their weights have one order."""
    for each in (layer, other):
        each.build((None, *shape[1:]))
    values = [rng.uniform(0.5, 2, size=weight.shape) for weight in other.get_weights()]
    for each in (layer, other):
        each.set_weights(values)
    return layer, other


def slopes(layer, x, cotangent, training):
    inputs = tf.constant(x)
    values = [weight.value for weight in layer.trainable_weights]
    with tf.GradientTape() as tape:
        tape.watch(inputs)
        loss = tf.reduce_sum(layer(inputs, training=training) * cotangent)
    return [np.array(slope) for slope in tape.gradient(loss, [inputs, *values])]


def assert_twins(layer, other, shape, rng, *, training=None, rate=2e-6):
    """Outputs, gradients and weights afterwards are those of Keras' own layer."""
    layer, other = twins(layer, other, shape, rng)
    x = rng.normal(0.4, 1.3, size=shape).astype("float32")
    assert layer.count_params() == other.count_params()
    for _ in range(2):
        got, expected = (np.array(each(x, training=training)) for each in (layer, other))
        assert_allclose(got, expected, atol=rate * max(1.0, np.abs(expected).max()))
    cotangent = rng.normal(size=expected.shape).astype("float32")
    pairs = zip(*(slopes(each, x, cotangent, training) for each in (layer, other)), strict=True)
    for got, expected in (*pairs, *zip(layer.get_weights(), other.get_weights(), strict=True)):
        assert_allclose(got, expected, atol=10 * rate * max(1.0, np.abs(expected).max()))


@pytest.mark.parametrize("shape", [(3, 4), (2, 3, 5), (2, 3, 4, 6)])
def test_layer_normalization_is_keras_own(own, rng, shape):
    """Outputs and gradients for inputs of any rank."""
    theirs = keras.layers.LayerNormalization(epsilon=0.01)
    assert_twins(own.LayerNormalization(0.01), theirs, shape, rng)


@pytest.mark.parametrize("training", [True, False])
@pytest.mark.parametrize("shape", [(6, 4), (3, 2, 5), (2, 3, 4, 3)])
def test_batch_normalization_is_keras_own(own, rng, shape, training):
    """Outputs, gradients and moving averages in both modes."""
    theirs = keras.layers.BatchNormalization(momentum=0.8, epsilon=0.02)
    assert_twins(own.BatchNormalization(0.8, 0.02), theirs, shape, rng, training=training)


def test_a_frozen_batch_normalization_is_keras_own(own, rng):
    """With trainable=False a call in training is one in inference."""
    for layer in (own.BatchNormalization(0.5), keras.layers.BatchNormalization(momentum=0.5)):
        layer.build((None, 3))
        layer.trainable = False
        x = rng.normal(2.0, 3.0, size=(5, 3)).astype("float32")
        assert_allclose(layer(x, training=True), x / np.sqrt(1.001), rtol=1e-5)
        assert_allclose(layer.moving_mean, np.zeros(3))


@pytest.mark.parametrize("groups", [1, 2, 3, 6])
@pytest.mark.parametrize("shape", [(4, 6), (2, 3, 6), (2, 3, 4, 6)])
def test_group_normalization_is_keras_own(own, rng, shape, groups):
    """Outputs and gradients for all numbers of groups."""
    theirs = keras.layers.GroupNormalization(groups)
    assert_twins(own.GroupNormalization(groups), theirs, shape, rng, rate=5e-6)


def test_groups_that_do_not_fit_are_refused_as_by_keras(own):
    """Both raise ValueError when they are built."""
    for layer in (own.GroupNormalization(4), keras.layers.GroupNormalization(4)):
        with pytest.raises(ValueError, match="groups"):
            layer.build((None, 3, 3, 6))


@pytest.mark.parametrize("rate", [0.0, 0.2, 0.7])
def test_dropout_drops_and_scales_as_keras_own(own, rate):
    """Share, scale, and identity in inference; the share within 6.2 sigma."""
    x = np.ones((40, 500), "float32")
    for layer in (own.Dropout(rate, seed=3), keras.layers.Dropout(rate, seed=3)):
        out = np.array(layer(x, training=True))
        bound = 6.2 * np.sqrt(max(rate * (1 - rate), 1e-9) / x.size)
        assert abs((out == 0).mean() - rate) <= bound
        assert_allclose(out[out != 0], 1 / (1 - rate), rtol=1e-6)
        assert_allclose(layer(x), x)


@pytest.mark.parametrize("padding", ["valid", "same"])
@pytest.mark.parametrize("strides", [1, 2, 3, (1, 2)])
@pytest.mark.parametrize("size", [1, 2, 3, (4, 3)])
def test_conv2d_is_keras_own(own, rng, size, strides, padding):
    """Outputs and gradients; odd and even kernels, Keras' asymmetric "same"."""
    theirs = keras.layers.Conv2D(2, size, strides, padding)
    assert_twins(own.Conv2D(2, size, strides, padding), theirs, (2, 7, 8, 3), rng, rate=1e-5)


def test_gelu_is_x_times_the_normal_distribution_of_scipy(own):
    """float64 against SciPy's; Keras' own rounds its root of two to float32."""
    x = np.linspace(-6, 6, 101)
    assert_allclose(own.GELU(dtype="float64")(x), x * special.ndtr(x), atol=1e-15)
    assert_allclose(
        keras.activations.gelu(tf.constant(x), approximate=False), x * special.ndtr(x), atol=2e-8
    )
    for dtype, bound in (("float32", 5e-7), ("float16", 2e-3)):
        got = np.array(own.GELU(dtype=dtype)(x.astype(dtype)))
        assert got.dtype == dtype
        assert_allclose(got, x * special.ndtr(x), atol=bound, rtol=2 * bound)


def test_a_network_of_all_layers_is_loaded_from_its_file(own, rng, tmp_path):
    """The six layers and the block keep their arguments and weights in a file."""
    inputs = keras.Input((8, 6, 3))
    features = own.Conv2D(4, (2, 3), strides=(2, 1), padding="same")(inputs)
    features = own.GroupNormalization(2, epsilon=0.1)(features)
    features = own.BatchNormalization(0.7, epsilon=0.2)(own.GELU()(features))
    features = own.ConvBlock(6, kernel_size=2, groups=3, activation="tanh", rate=0.2)(features)
    features = own.LayerNormalization(0.3)(own.Dropout(0.4, seed=5)(features))
    model = keras.Model(inputs, features)
    model.set_weights([rng.uniform(0.5, 1.5, size=w.shape) for w in model.get_weights()])
    x = rng.normal(size=(2, 8, 6, 3)).astype("float32")

    own.save_network(model, str(tmp_path / "net.keras"))
    loaded = own.load_network(str(tmp_path / "net.keras"))

    assert_allclose(loaded(x), model(x))
    configs = [[each.get_config() for each in net.layers] for net in (model, loaded)]
    assert str(configs[0]) == str(configs[1])


def test_a_lambda_is_refused(tmp_path):
    """What the notebook says of Lambda: Keras saves such a network, and does not load it."""
    model = keras.Sequential([keras.Input((2,)), keras.layers.Lambda(lambda x: x / 16)])
    model.save(tmp_path / "net.keras")

    with pytest.raises(ValueError, match="Lambda"):
        keras.saving.load_model(tmp_path / "net.keras")


def test_a_layer_without_a_configuration_gets_one(own):
    """Keras 3 remembers plain arguments; a get_config of one's own takes their place."""

    class Plain(keras.layers.Layer):
        def __init__(self, units, **kwargs):
            super().__init__(**kwargs)

    assert Plain(3).get_config()["units"] == 3


@pytest.mark.parametrize(
    ("name", "settings", "shape"),
    [
        ("LayerNormalization", {}, (4, 6)),
        ("BatchNormalization", {}, (3, 4, 2, 5)),
        ("GroupNormalization", {"groups": 2}, (2, 3, 4, 6)),
        ("Conv2D", {"filters": 3, "kernel_size": 3}, (2, 7, 8, 3)),
        ("GELU", {}, (5, 7)),
    ],
)
def test_float32_is_near_float64(own, rng, name, settings, shape):
    """The course's bound, max(2e-5 scale, 20 |ref32 - ref64|), is its first part."""
    x = rng.normal(0.5, 1.0, size=shape)
    wide = getattr(own, name)(**settings, dtype="float64")
    narrow = getattr(own, name)(**settings)
    wide(x), narrow(x)
    values = [rng.uniform(0.5, 2.5, size=weight.shape) for weight in wide.get_weights()]
    for each in (wide, narrow):
        each.set_weights(values)

    exact = np.array(wide(x, training=True))

    assert np.abs(np.array(narrow(x, training=True)) - exact).max() <= 1e-6 * np.abs(exact).max()
