"""The reference of `vgg`, held against SciPy, Keras' own VGGs and published numbers."""

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

VGG16 = [layer for n in (2, 2, 3, 3, 3) for layer in [(3, 1)] * n + [(2, 2)]]
VGG19_BLOCKS = ((2, 64), (2, 128), (4, 256), (4, 512), (4, 512))
ALEXNET = [(11, 4), (3, 2), (5, 1), (3, 2), (3, 1), (3, 1), (3, 1), (3, 2)]


@pytest.fixture(scope="module")
def keras():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return pytest.importorskip("keras")


@pytest.fixture(scope="module")
def vgg(root, keras):
    """What the answer cells of `vgg` define, and the given practice models."""
    notebook = json.loads((root / "solutions/vgg/vgg.ipynb").read_text(encoding="utf-8"))
    namespace = {"np": np, "keras": keras}
    for cell in notebook["cells"]:
        if cell["metadata"]["grader"]["role"] == "answer" or cell["id"].startswith("practice-m"):
            exec("".join(cell["source"]), namespace)
    return SimpleNamespace(**namespace)


@pytest.fixture
def weightless(keras):
    """Models of any size, without numbers in them."""
    with keras.StatelessScope(initialize_variables=False):
        yield


def probed(layers):
    """Which pixels of a row move one output, by pushing an impulse at each through real sums."""
    needed = 1
    for kernel, stride in reversed(layers):
        needed = stride * (needed - 1) + kernel
    row = np.eye(needed + 6)  # one impulse a row, some too many
    for kernel, stride in layers:
        windows = np.lib.stride_tricks.sliding_window_view(row, kernel, axis=1)
        row = windows[:, ::stride].sum(axis=2)
    places = np.flatnonzero(row[:, 0])
    return places.max() - places.min() + 1


@pytest.mark.parametrize(
    "layers",
    [
        [(3, 1)] * 3,
        [(3, 2), (3, 2), (5, 1)],
        [(1, 2), (2, 3), (4, 1), (3, 1)],
        [(2, 3), (1, 2), (3, 2)],
        VGG16[:7],
        ALEXNET,
    ],
    ids=["stack", "strides", "gaps", "even", "VGG16 at its second pool", "AlexNet"],
)
def test_the_receptive_field_is_what_a_probe_finds(vgg, layers):
    """The pixels that move an output of a real network of sums span the receptive field."""
    assert vgg.receptive_field(layers) == probed(layers)


@pytest.mark.parametrize(
    ("layers", "published"),
    [([], 1), ([(3, 1)] * 2, 5), ([(3, 1)] * 3, 7), (ALEXNET, 195), (VGG16, 212)],
    ids=["none", "two of 3x3", "three of 3x3", "AlexNet", "VGG16"],
)
def test_published_receptive_fields_are_met(vgg, layers, published):
    """The numbers of the VGG paper (section 2.3) and of Araujo and others (2019) come out."""
    found = vgg.receptive_field(layers)

    assert found == published
    assert type(found) is int


@pytest.mark.parametrize("use_bias", [False, True])
@pytest.mark.parametrize("sizes", [(3, 3, 4), (7, 1, 4), (2, 5, 3)])
@pytest.mark.usefixtures("weightless")
def test_stacks_have_the_parameters_that_keras_counts(vgg, keras, sizes, use_bias):
    """A stack built in Keras has as many parameters."""
    size, layers, channels = sizes
    stack = keras.Sequential([keras.Input((9, 9, channels))])
    for _ in range(layers):
        stack.add(keras.layers.Conv2D(channels, size, padding="same", use_bias=use_bias))

    assert vgg.stack_params(*sizes, use_bias) == stack.count_params()


def test_the_ratio_of_the_lecture(vgg):
    """Three 3x3 layers have 27 C², one of 7x7 has 49 C²: a ratio of 0.551."""
    small, large = vgg.stack_params(3, 3, 256), vgg.stack_params(7, 1, 256)

    assert (small, large) == (1_769_472, 3_211_264)
    assert small / large == pytest.approx(0.551, abs=5e-4)


def convolved(x, kernel, bias):
    """Same convolution and ReLU of channels-last pictures, by SciPy."""
    maps = [
        [
            sum(
                signal.correlate2d(image[..., c], kernel[..., c, f], mode="same")
                for c in range(image.shape[-1])
            )
            + bias[f]
            for f in range(len(bias))
        ]
        for image in x
    ]
    return np.maximum(np.moveaxis(np.array(maps), 1, -1), 0)


def halved(x):
    """The largest of each 2x2 window."""
    n, height, width, channels = x.shape
    even = x[:, : height // 2 * 2, : width // 2 * 2]
    return even.reshape(n, height // 2, 2, width // 2, 2, channels).max(axis=(2, 4))


def filled(model, rng):
    """The model's weights, set to normal numbers of a size that keeps the activations' size."""
    weights = [
        rng.normal(size=w.shape) * np.sqrt(2 / max(1, np.prod(w.shape[:-1]))) for w in model.weights
    ]
    model.set_weights(weights)
    return weights


@pytest.mark.parametrize("block", [((6, 8, 3), 1, 2), ((7, 5, 2), 2, 4), ((4, 9, 1), 3, 3)])
def test_a_block_agrees_with_scipy(vgg, keras, rng, block):
    """The block is SciPy's correlation, a ReLU each, and the largest of each 2x2 window."""
    shape, num_convs, filters = block
    inputs = keras.Input(shape)
    model = keras.Model(inputs, vgg.vgg_block(inputs, num_convs, filters))
    weights, x = filled(model, rng), rng.normal(size=(2, *shape))

    expected = x
    for kernel, bias in zip(weights[::2], weights[1::2], strict=True):
        expected = convolved(expected, kernel, bias)
    assert len(weights) == 2 * num_convs
    assert_allclose(np.asarray(model(x)), halved(expected), rtol=1e-4, atol=1e-5)


def test_a_network_agrees_with_scipy(vgg, rng):
    """A narrow VGG is its blocks, three matrix products and a softmax."""
    blocks, shape = ((1, 4), (2, 3)), (9, 6, 2)
    model = vgg.build_vgg(blocks, shape, num_classes=5, dense_units=7)
    weights, x = filled(model, rng), rng.normal(size=(3, *shape))
    pairs = iter(zip(weights[::2], weights[1::2], strict=True))

    values = x
    for num_convs, _ in blocks:
        for _ in range(num_convs):
            values = convolved(values, *next(pairs))
        values = halved(values)
    values = values.reshape(3, -1)
    for _ in range(2):
        kernel, bias = next(pairs)
        values = np.maximum(values @ kernel + bias, 0)
    kernel, bias = next(pairs)
    scores = np.exp(values @ kernel + bias)

    assert_allclose(np.asarray(model(x)), scores / scores.sum(axis=1, keepdims=True), atol=1e-5)


@pytest.mark.usefixtures("weightless")
@pytest.mark.parametrize(
    ("name", "published", "depth"), [("VGG16", 138_357_544, 16), ("VGG19", 143_667_240, 19)]
)
def test_the_published_networks(vgg, keras, name, published, depth):
    """VGG16 and VGG19 have the parameters, the layers and the shapes of Keras' own."""
    model = vgg.build_vgg() if name == "VGG16" else vgg.build_vgg(VGG19_BLOCKS)
    known = getattr(keras.applications, name)(weights=None)

    assert model.count_params() == known.count_params() == published
    assert vgg.count_weight_layers(model) == vgg.count_weight_layers(known) == depth
    assert vgg.parameter_share(model) == vgg.parameter_share(known)
    shapes = [[shape for _, shape in vgg.activation_shapes(each)] for each in (model, known)]
    assert shapes[0] == shapes[1]


@pytest.mark.usefixtures("weightless")
def test_most_of_vgg16_is_dense(vgg):
    """The three dense layers have 123,642,856 of 138,357,544 parameters."""
    found = vgg.parameter_share(vgg.build_vgg())

    assert found["dense"] == pytest.approx(123_642_856 / 138_357_544)
    assert found["dense"] == pytest.approx(0.894, abs=5e-4)
    assert found["conv"] + found["dense"] == pytest.approx(1)


@pytest.mark.parametrize(
    ("name", "expected"), [("flat", 2), ("normalised", 2), ("nested", 3), ("shared", 2)]
)
def test_practice_models_are_counted_by_their_kernels(vgg, name, expected):
    """Keras lists each kernel of a model once, wherever its layer stands."""
    model = vgg.practice_model(name)

    assert vgg.count_weight_layers(model) == expected
    assert sum(weight.name == "kernel" for weight in model.weights) == expected


@pytest.mark.parametrize("name", ["flat", "normalised"])
def test_shapes_and_shares_agree_with_the_arrays(vgg, keras, name):
    """The shapes are those of real outputs, the shares those of the arrays of weights."""
    model = vgg.practice_model(name)
    sizes = {layer.name: sum(w.size for w in layer.get_weights()) for layer in model.layers}
    first, last = ("a", "d") if name == "flat" else ("k", "out")

    inner = keras.Model(model.inputs, [layer.output for layer in model.layers])
    outputs = inner(np.zeros((2, *model.input_shape[1:])))
    assert vgg.activation_shapes(model) == [
        (layer.name, tuple(output.shape[1:]))
        for layer, output in zip(model.layers, outputs, strict=True)
    ]
    shares = vgg.parameter_share(model)
    assert shares["conv"] == pytest.approx(sizes[first] / sum(sizes.values()))
    assert shares["dense"] == pytest.approx(sizes[last] / sum(sizes.values()))


def test_the_docstrings_are_true(vgg, keras):
    """What a docstring promises is what the reference gives."""
    assert vgg.receptive_field([(3, 1), (2, 2)]) == 4
    assert vgg.stack_params(kernel_size=3, num_layers=2, channels=2) == 72
    assert vgg.stack_params(3, 2, 2, use_bias=True) == 76
    assert vgg.vgg_block(keras.Input((9, 4, 3)), num_convs=2, filters=8).shape == (None, 4, 2, 8)
    tiny = vgg.build_vgg(((1, 4),), (6, 6, 1), num_classes=3, dense_units=5)
    assert tiny.count_params() == 273
    assert vgg.count_weight_layers(vgg.build_vgg(((1, 4), (2, 8)), (8, 8, 1), 2, 3)) == 6
