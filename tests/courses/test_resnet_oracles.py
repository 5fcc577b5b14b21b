"""The reference of `resnet`, held against SciPy, Keras' own ResNets and published numbers."""

from __future__ import annotations

import importlib.util
import json
import warnings
from types import SimpleNamespace

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy import signal

pytestmark = [
    pytest.mark.xdist_group("keras"),  # imported by one worker alone
    pytest.mark.filterwarnings("default"),  # TensorFlow's own are not ours to fix
    pytest.mark.skipif(importlib.util.find_spec("keras") is None, reason="needs Keras"),
]

PUBLISHED = {
    18: 11_689_512,
    34: 21_797_672,
    50: 25_557_032,
    101: 44_549_160,
    152: 60_192_808,
}
EPSILON = 1e-3


@pytest.fixture(scope="module")
def keras():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return pytest.importorskip("keras")


@pytest.fixture(scope="module")
def resnet(root, keras):
    """What the answer cells of `resnet` define, and the given functions for practice."""
    notebook = json.loads((root / "solutions/resnet/resnet.ipynb").read_text(encoding="utf-8"))
    namespace = {"np": np, "keras": keras, "tf": pytest.importorskip("tensorflow")}
    for cell in notebook["cells"]:
        if cell["metadata"]["grader"]["role"] == "answer" or "practice" in cell["id"]:
            exec("".join(cell["source"]) if cell["cell_type"] == "code" else "", namespace)
    return SimpleNamespace(**namespace)


def fill(model, rng):
    """Random numbers in every variable, also in the running statistics."""
    for weight in model.weights:
        numbers = rng.normal(size=weight.shape) * np.sqrt(2 / max(1, np.prod(weight.shape[:-1])))
        weight.assign(abs(numbers) + 0.5 if weight.name == "moving_variance" else numbers)


def way_back(tensor):
    """The layers from the input to this tensor, where each has a single input."""
    layers = []
    while (layer := tensor._keras_history.operation).__class__.__name__ != "InputLayer":
        layers.insert(0, layer)
        tensor = layer.input
    return layers


def ways(model):
    """The layers of the two ways that meet in the sum, the longer one first."""
    (total,) = [layer for layer in model.layers if layer.__class__.__name__ == "Add"]
    return sorted(map(way_back, total.input), key=len, reverse=True)


def convolved(x, kernel, stride=1):
    """Channels-last correlation with zeros by TensorFlow's rule for "same", by SciPy."""
    sides = []
    for length, size in zip(x.shape[1:3], kernel.shape[:2], strict=True):
        missing = max((-(-length // stride) - 1) * stride + size - length, 0)
        sides.append((missing // 2, missing - missing // 2))
    x = np.pad(x, ((0, 0), *sides, (0, 0)))
    maps = [
        [
            sum(
                signal.correlate2d(image[..., c], kernel[..., c, f], mode="valid")
                for c in range(image.shape[-1])
            )
            for f in range(kernel.shape[-1])
        ]
        for image in x
    ]
    return np.moveaxis(np.array(maps), 1, -1)[:, ::stride, ::stride]


def normed(x, vectors, training):
    """Batch normalisation from its formula."""
    gamma, beta, mean, variance = vectors
    if training:
        mean, variance = x.mean(axis=(0, 1, 2)), x.var(axis=(0, 1, 2))
    return gamma * (x - mean) / np.sqrt(variance + EPSILON) + beta


def followed(layers, x, training):
    """What convolutions, batch norms and ReLUs in a row make of x, by SciPy and formulas."""
    for layer in layers:
        arrays = [np.asarray(weight, dtype=np.float64) for weight in layer.weights]
        match layer.__class__.__name__:
            case "Conv2D":
                assert len(arrays) == 1
                x = convolved(x, arrays[0], layer.strides[0])
            case "BatchNormalization":
                x = normed(x, arrays, training)
            case "ReLU":
                x = relu(x)
    return x


def plan(layers):
    """(class, kernel size, filters, stride) of the convolutions; the class alone of the rest."""
    return [
        ("Conv2D", layer.kernel_size[0], layer.filters, layer.strides[0])
        if layer.__class__.__name__ == "Conv2D"
        else layer.__class__.__name__
        for layer in layers
    ]


def pooled(x, size=3, stride=2):
    """The largest of each window; what lies outside does not count."""
    padding = []
    for length in x.shape[1:3]:
        missing = max((-(-length // stride) - 1) * stride + size - length, 0)
        padding.append((missing // 2, missing - missing // 2))
    x = np.pad(x, ((0, 0), *padding, (0, 0)), constant_values=-np.inf)
    windows = np.lib.stride_tricks.sliding_window_view(x, (size, size), axis=(1, 2))
    return windows[:, ::stride, ::stride].max(axis=(-2, -1))


def relu(x):
    return np.maximum(x, 0)


def model_of(keras, function, shape, *args):
    inputs = keras.Input(shape)
    return keras.Model(inputs, function(inputs, *args))


NORM, RELU = "BatchNormalization", "ReLU"
modes = pytest.mark.parametrize("training", [False, True], ids=["inference", "training"])


def assert_is_sum_of_its_ways(model, rng, shape, training):
    fill(model, rng)
    x = rng.normal(size=(3, *shape))
    expected = relu(sum(followed(way, x, training) for way in ways(model)))
    assert_allclose(np.asarray(model(x, training=training)), expected, rtol=1e-3, atol=1e-3)


@modes
@pytest.mark.parametrize(
    "case",
    [((5, 7, 3), 3, 1), ((4, 6, 2), 4, 1), ((6, 9, 3), 3, 2), ((2, 1, 4), 5, 2)],
    ids=["equal", "wider", "strided", "one pixel"],
)
def test_a_basic_block_agrees_with_scipy(resnet, keras, rng, case, training):
    """Figure 5, left, of the paper: SciPy's correlations, batch norms, a sum and a ReLU."""
    shape, filters, stride = case
    model = model_of(keras, resnet.basic_block, *case)

    long, short = ways(model)
    assert plan(long) == [
        ("Conv2D", 3, filters, stride),
        NORM,
        RELU,
        ("Conv2D", 3, filters, 1),
        NORM,
    ]
    changes = stride != 1 or shape[-1] != filters
    assert plan(short) == ([("Conv2D", 1, filters, stride), NORM] if changes else [])
    assert_is_sum_of_its_ways(model, rng, shape, training)


@modes
@pytest.mark.parametrize(
    "case",
    [((5, 4, 8), 2, 1, 4), ((4, 5, 3), 3, 1, 4), ((6, 8, 6), 3, 2, 2)],
    ids=["equal", "as many as filters", "strided"],
)
def test_a_bottleneck_agrees_with_scipy(resnet, keras, rng, case, training):
    """Figure 5, right, of the paper, with the stride in the first 1x1 and in the projection."""
    shape, filters, stride, expansion = case
    model = model_of(keras, resnet.bottleneck_block, *case)

    long, short = ways(model)
    squeeze, wide = ("Conv2D", 1, filters, stride), expansion * filters
    middle = [NORM, RELU, ("Conv2D", 3, filters, 1), NORM, RELU]
    assert plan(long) == [squeeze, *middle, ("Conv2D", 1, wide, 1), NORM]
    changes = stride != 1 or shape[-1] != wide
    assert plan(short) == ([("Conv2D", 1, wide, stride), NORM] if changes else [])
    assert_is_sum_of_its_ways(model, rng, shape, training)


@modes
@pytest.mark.parametrize("shape", [(16, 12, 3), (11, 14, 1)], ids=["even", "odd"])
def test_the_stem_agrees_with_scipy(resnet, keras, rng, shape, training):
    """Table 1 of the paper, first rows."""
    model = model_of(keras, resnet.stem, shape, 4)
    fill(model, rng)
    x = rng.normal(size=(2, *shape))

    layers = way_back(model.outputs[0])
    assert plan(layers) == [("Conv2D", 7, 4, 2), NORM, RELU, "MaxPooling2D"]
    expected = pooled(followed(layers, x, training))
    assert_allclose(np.asarray(model(x, training=training)), expected, rtol=1e-3, atol=1e-3)


def test_a_stage_strides_once(resnet):
    """The blocks of a stage get the stride, and then ones."""
    seen = []

    def block(x, filters, stride=1):
        seen.append((x, filters, stride))
        return x + 1

    assert resnet.stage(5, 7, 4, 2, block) == 9
    assert seen == [(5, 7, 2), (6, 7, 1), (7, 7, 1), (8, 7, 1)]


@pytest.mark.parametrize("depth", [18, 34, 50, 101, 152])
def test_the_published_networks(resnet, keras, depth):
    """Parameters as torchvision and the paper have them, and as Keras' own without its biases."""
    with keras.StatelessScope(initialize_variables=False):
        model = resnet.build_resnet(depth)
        count = sum(int(np.prod(weight.shape)) for weight in model.trainable_weights)
        assert count == PUBLISHED[depth]
        if depth < 50:
            return
        own = getattr(keras.applications, f"ResNet{depth}")(weights=None)
        biases = [layer.bias for layer in own.layers if layer.__class__.__name__ == "Conv2D"]
        known = sum(int(np.prod(weight.shape)) for weight in own.trainable_weights)
        assert count == known - sum(int(np.prod(bias.shape)) for bias in biases)


def test_sizes_and_probabilities_of_a_narrow_network(resnet, rng):
    """Stages of 1/4, 1/8, 1/16 and 1/32 of the picture; the output is a distribution."""
    model = resnet.build_resnet(18, (64, 96, 3), num_classes=5, width=2)
    fill(model, rng)

    sums = [layer.output.shape[1:] for layer in model.layers if layer.__class__.__name__ == "Add"]
    assert sums[1::2] == [(16, 24, 2), (8, 12, 4), (4, 6, 8), (2, 3, 16)]
    assert_allclose(np.asarray(model(rng.normal(size=(2, 64, 96, 3)))).sum(axis=1), 1, rtol=1e-5)
    with pytest.raises(ValueError, match="no ResNet-20"):
        resnet.build_resnet(20)


@pytest.mark.parametrize(
    ("blocks", "convs", "depth"),
    [
        ([2, 2, 2, 2], 2, 18),
        ([3, 4, 6, 3], 2, 34),
        ([3, 4, 6, 3], 3, 50),
        ([3, 4, 23, 3], 3, 101),
        ([3, 8, 36, 3], 3, 152),
        ([9, 9, 9], 2, 56),
        ([1, 2], 3, 11),
    ],
)
def test_depths_are_the_numbers_in_the_names(resnet, blocks, convs, depth):
    """The paper's names for ImageNet and CIFAR-10."""
    assert resnet.count_depth(blocks, convs) == depth
    assert type(resnet.count_depth(blocks, convs)) is int


def test_the_longest_way_is_the_depth(resnet, keras):
    """Counting kernels along the longest way of the built network gives its name."""
    with keras.StatelessScope(initialize_variables=False):
        model = resnet.build_resnet(50, (32, 32, 3), 10, 2)
    longest = {}
    for layer in model.layers:
        inputs = [] if layer.__class__.__name__ == "InputLayer" else layer.input
        inputs = inputs if isinstance(inputs, list) else [inputs]
        before = max((longest[each._keras_history.operation] for each in inputs), default=0)
        longest[layer] = before + (layer.__class__.__name__ in {"Conv2D", "Dense"})

    assert max(longest.values()) == 50


@modes
@pytest.mark.parametrize(
    "block", [("basic_block", 6), ("bottleneck_block", 3, 1, 2)], ids=["basic", "bottleneck"]
)
def test_a_block_becomes_the_identity(resnet, keras, rng, block, training):
    """Exactly ReLU(x), with two variables changed and all else as it was."""
    name, *args = block
    model = model_of(keras, getattr(resnet, name), (5, 4, 6), *args)
    fill(model, rng)
    before, x = model.get_weights(), rng.normal(size=(3, 5, 4, 6)).astype("float32")

    resnet.make_identity(model)

    same = [np.array_equal(a, b) for a, b in zip(before, model.get_weights(), strict=True)]
    assert same.count(False) == 2
    assert np.array_equal(np.asarray(model(x, training=training)), relu(x))


def test_the_gradient_norm_agrees_with_finite_differences(resnet, keras, rng):
    """Nudging every number of the input gives the gradient, in float64."""
    inputs = keras.Input((4,), dtype="float64")
    y = inputs
    for layer in (
        keras.layers.Dense(5, dtype="float64"),
        keras.layers.BatchNormalization(dtype="float64"),
        keras.layers.ReLU(dtype="float64"),
    ):
        y = layer(y)
    model = keras.Model(inputs, y)
    fill(model, rng)
    x, step = rng.normal(size=(6, 4)), 1e-6
    slopes = np.zeros_like(x)
    for place in np.ndindex(x.shape):
        nudged = [x.copy(), x.copy()]
        nudged[0][place] += step
        nudged[1][place] -= step
        up, down = (float(np.asarray(model(each, training=True)).sum()) for each in nudged)
        slopes[place] = (up - down) / (2 * step)

    expected = np.linalg.norm(slopes)
    assert resnet.input_gradient_norm(model, x) == pytest.approx(expected, rel=1e-6)


def test_the_docstrings_are_true(resnet, keras):
    """What a docstring promises is what the reference gives."""
    x = keras.Input((9, 4, 3))
    assert resnet.basic_block(x, filters=8, stride=2).shape == (None, 5, 2, 8)
    assert resnet.bottleneck_block(x, filters=5, stride=2).shape == (None, 5, 2, 20)
    assert resnet.stem(keras.Input((33, 16, 1)), filters=8).shape == (None, 9, 4, 8)
    small = resnet.stage(x, filters=8, num_blocks=2, stride=2, block=resnet.basic_block)
    assert small.shape == (None, 5, 2, 8)
    narrow = resnet.build_resnet(18, (32, 32, 1), num_classes=10, width=4)
    assert narrow.output_shape == (None, 10)
    inputs = keras.Input((2,))
    layer = keras.layers.Dense(2, use_bias=False, activation="relu")
    model = keras.Model(inputs, layer(inputs))
    layer.set_weights([np.array([[1.0, -2.0], [3.0, 4.0]])])
    found = resnet.input_gradient_norm(model, np.array([[1.0, 1.0]], dtype="float32"))
    assert found == pytest.approx(50**0.5, rel=1e-5)
