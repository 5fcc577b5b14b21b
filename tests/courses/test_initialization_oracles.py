"""The reference of `initialization`, held against SciPy, Keras, simulation and publications."""

from __future__ import annotations

import importlib.util
import json
import math
import warnings
from itertools import pairwise
from types import SimpleNamespace

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy import stats

from grader.compare.statistics import share_is_likely

pytestmark = [
    pytest.mark.xdist_group("keras"),  # imported by one worker alone
    pytest.mark.filterwarnings("default"),  # TensorFlow's own are not ours to fix
    pytest.mark.skipif(importlib.util.find_spec("keras") is None, reason="needs Keras"),
]

SHAPES = [(7, 5), (1, 9), (3, 3, 4, 6), (1, 5, 2, 3), (1, 1, 8, 2)]


@pytest.fixture(scope="module")
def keras():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return pytest.importorskip("keras")


@pytest.fixture(scope="module")
def notebook(root, keras):
    """What the answer cells of `initialization` define."""
    path = root / "solutions/initialization/initialization.ipynb"
    namespace = {"np": np, "keras": keras}
    for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
        if cell["metadata"]["grader"]["role"] == "answer":
            exec("".join(cell["source"]), namespace)
    return SimpleNamespace(**namespace)


def rms(h):
    return math.sqrt(np.mean(np.square(h)))


def test_activations_are_those_of_keras_dense_layers(notebook, keras, rng):
    """A Sequential of Dense layers without biases, read layer by layer."""
    widths = (6, 11, 4, 9)
    weights = [rng.normal(size=pair) for pair in pairwise(widths)]
    x = rng.normal(size=(5, 6))
    model = keras.Sequential([keras.Input((6,), dtype="float64")])
    for w in weights:
        model.add(keras.layers.Dense(w.shape[1], "relu", use_bias=False, dtype="float64"))
    model.set_weights(weights)
    expected = keras.Model(model.inputs, [layer.output for layer in model.layers])([x])

    found = notebook.forward_activations(x, weights)

    assert len(found) == 3
    for got, wanted in zip(found, expected, strict=True):
        assert_allclose(got, np.asarray(wanted), rtol=1e-12, atol=1e-12)


def test_the_lectures_growth(notebook):
    """CS231n, lecture 6: std 0.01 and 0.05 at width 4096."""
    assert notebook.growth_per_layer(0.01, 4096) == pytest.approx(0.4525, abs=5e-5)
    assert notebook.growth_per_layer(0.05, 4096) == pytest.approx(2.263, abs=5e-4)


@pytest.mark.parametrize(("std", "fan_in"), [(0.2, 50), (0.5, 8), (1.3, 3)])
def test_growth_is_what_simulated_layers_do(notebook, rng, std, fan_in):
    """The mean square over 20 000 random layers; half of it is far from all of it."""
    h = np.maximum(0, rng.normal(size=fan_in))
    z = np.einsum("i,kij->kj", h, std * rng.normal(size=(20_000, fan_in, 5)))

    grown = rms(np.maximum(0, z)) / rms(h)

    # One ReLU(z)^2 has mean 1/2 and variance 5/4 of Var(z)^2: 0.7 % for 100 000 of them.
    assert notebook.growth_per_layer(std, fan_in) == pytest.approx(grown, rel=6.2 * 0.0036)


@pytest.mark.parametrize("shape", SHAPES)
def test_fans_are_those_of_keras(notebook, shape):
    from keras.src.initializers.random_initializers import compute_fans

    assert notebook.compute_fans(shape) == tuple(compute_fans(shape))


def test_fans_are_the_pairs_of_a_convolution(notebook):
    """By ones: an output sums fan_in of them, and an input in the middle reaches fan_out places."""
    from scipy.signal import correlate

    kernel = np.ones((3, 2, 4, 5))
    image = np.zeros((9, 9, 4))
    image[4, 4, 1] = 1
    reached = sum(
        np.count_nonzero(correlate(image, kernel[..., f], mode="valid")) for f in range(5)
    )

    assert notebook.compute_fans(kernel.shape) == (kernel[..., 0].sum(), reached)


@pytest.mark.parametrize("slope", [0.0, 0.1, 0.5, 1.0])
def test_kaimings_deviation_keeps_the_square(notebook, slope):
    """By numerical integration of a normal pre-activation's square through a leaky ReLU."""
    std = notebook.kaiming_std(40, slope)
    z = stats.norm(scale=std * math.sqrt(40))

    kept = z.expect(lambda v: v**2, lb=0) + z.expect(lambda v: (slope * v) ** 2, ub=0)

    assert kept == pytest.approx(1, rel=1e-6)


@pytest.mark.parametrize(
    ("filters", "std"), [(64, 0.059), (128, 0.042), (256, 0.029), (512, 0.021)]
)
def test_published_deviations(notebook, filters, std):
    """He et al. 2015, section 2.2, for 3x3 filters of VGG's model B."""
    assert notebook.kaiming_std(9 * filters) == pytest.approx(std, abs=6e-4)


@pytest.mark.parametrize("shape", [(40, 250), (2, 5, 4, 250)])
def test_random_weights_have_their_distributions(notebook, rng, shape):
    """Kolmogorov's test of SciPy, and its laws with the deviations of Keras' own initializers."""
    fan_in = math.prod(shape[:-1])
    fan_out = math.prod(shape[:-2]) * shape[-1]
    bound = math.sqrt(6 / fan_in)
    laws = {
        "kaiming_normal": stats.norm(scale=math.sqrt(2 / fan_in)),
        "kaiming_uniform": stats.uniform(-bound, 2 * bound),
        "xavier_normal": stats.norm(scale=math.sqrt(2 / (fan_in + fan_out))),
    }
    for name, law in laws.items():
        weights = getattr(notebook, name)(shape, rng)
        assert weights.shape == shape
        assert stats.kstest(weights.ravel(), law.cdf).pvalue > 1e-9


def test_deviations_are_those_of_keras(notebook, keras, rng):
    """HeNormal, HeUniform and GlorotNormal, whose draws vary by 0.4 % of a deviation."""
    shape = (3, 3, 20, 200)
    pairs = {
        "kaiming_normal": keras.initializers.HeNormal(seed=1),
        "kaiming_uniform": keras.initializers.HeUniform(seed=2),
        "xavier_normal": keras.initializers.GlorotNormal(seed=3),
    }
    for name, initializer in pairs.items():
        expected = np.std(np.asarray(initializer(shape)))
        assert np.std(getattr(notebook, name)(shape, rng)) == pytest.approx(expected, rel=0.04)


def test_the_share_beyond_two_deviations(notebook, rng):
    """COURSE §5: 0.0455 of a normal; 0.0346 of one cut at two deviations and corrected."""
    weights = notebook.kaiming_normal((2, 20_000), rng)
    assert share_is_likely(int(np.sum(np.abs(weights) > 2)), weights.size, 2 * stats.norm.sf(2))

    cut = stats.truncnorm(-2, 2)
    assert cut.std() == pytest.approx(0.87962566, abs=1e-8)
    assert 2 * cut.sf(2 * cut.std()) == pytest.approx(0.034609, abs=1e-6)


@pytest.mark.parametrize(
    ("ratio", "word"), [(0.01, "vanishing"), (0.11, "healthy"), (9.0, "healthy"), (11, "exploding")]
)
def test_diagnosis_by_a_norm_over_the_root_of_the_size(notebook, rng, ratio, word):
    first, last = rng.normal(size=(3, 50)), rng.normal(size=(8, 6))
    sizes = [np.linalg.norm(h) / math.sqrt(h.size) for h in (first, last)]

    assert notebook.diagnose([first, first, last * ratio * sizes[0] / sizes[1]]) == word


def test_a_trained_pair_of_layers_is_what_tensorflow_trains(notebook, keras):
    """Units that one exact step makes equal, by TensorFlow's gradients."""
    import tensorflow as tf

    w1, w2 = np.array([[2.0, 3.0]]), np.array([[1.0], [2.0]])
    x, y, lr = np.array([[1.0]]), np.array([[3.0]]), 0.1
    first, second = tf.Variable(w1), tf.Variable(w2)
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean((tf.nn.relu(x @ first) @ second - y) ** 2)
    slopes = tape.gradient(loss, [first, second])

    assert_allclose(w1 - lr * slopes[0].numpy(), [[1, 1]], atol=1e-12)
    assert_allclose(w2 - lr * slopes[1].numpy(), [[-1], [-1]], atol=1e-12)
    assert notebook.weights_stay_equal(w1, w2, x, y, 1, lr) is True
    assert notebook.weights_stay_equal(w1 + np.array([[0, 1e-6]]), w2, x, y, 1, lr) is False


@pytest.mark.parametrize("same", [True, False])
def test_symmetry_in_keras(notebook, keras, rng, same):
    """Keras' SGD on two Dense layers leads to the same verdict."""
    column, row = rng.normal(size=(4, 1)), rng.normal(size=(1, 2))
    w1, w2 = np.tile(column, 6), np.tile(row, (6, 1))
    if not same:
        w2 = w2 + rng.normal(size=w2.shape)
    x, y = rng.normal(size=(10, 4)), rng.normal(size=(10, 2))
    layers = [
        keras.layers.Dense(6, "relu", use_bias=False, dtype="float64"),
        keras.layers.Dense(2, use_bias=False, dtype="float64"),
    ]
    model = keras.Sequential([keras.Input((4,), dtype="float64"), *layers])
    model.set_weights([w1, w2])
    model.compile(keras.optimizers.SGD(0.05), "mse")
    for _ in range(3):
        model.train_on_batch(x, y)
    after = [np.asarray(w) for w in model.get_weights()]
    agree = np.ptp(after[0], axis=1).max() <= 1e-6 and np.ptp(after[1], axis=0).max() <= 1e-6

    assert agree == same
    assert notebook.weights_stay_equal(w1, w2, x, y, 3, 0.05) is same


def test_the_initializer_in_a_saved_model(notebook, keras, tmp_path):
    """Keras copies and saves it by its configuration."""
    layer = keras.layers.Dense(30, kernel_initializer=notebook.KaimingNormal(seed=7))
    model = keras.Sequential([keras.Input((200,)), layer])
    path = tmp_path / "model.keras"
    model.save(path)
    loaded = keras.models.load_model(path, {"KaimingNormal": notebook.KaimingNormal})
    again = loaded.layers[0].kernel_initializer

    assert again.get_config() == {"seed": 7}
    assert_allclose(np.asarray(again((200, 30))), np.asarray(layer.kernel))
    assert np.std(np.asarray(layer.kernel)) == pytest.approx(0.1, rel=6.2 / math.sqrt(12_000))


@pytest.mark.parametrize("start", ["kaiming_normal", "kaiming_uniform"])
def test_kaimings_start_keeps_the_signal_for_twenty_layers(notebook, rng, start):
    """And Xavier's loses a factor of root two in each."""
    x = rng.normal(size=(64, 512))

    def ends(name):
        weights = [getattr(notebook, name)((512, 512), rng) for _ in range(20)]
        activations = notebook.forward_activations(x, weights)
        return rms(activations[-1]) / rms(activations[0]), notebook.diagnose(activations)

    kept, word = ends(start)
    assert 0.5 < kept < 2
    assert word == "healthy"
    lost, word = ends("xavier_normal")
    assert 0.5 < lost * 2**9.5 < 2
    assert word == "vanishing"
