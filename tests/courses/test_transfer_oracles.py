"""The reference of `transfer` against other computations: NumPy in float64, SciPy, closed forms.

The networks are those of the hidden tests, from `probes.py`; each is computed again from its
weights by plain NumPy, layer by layer, in double precision.
"""

from __future__ import annotations

import json
from types import SimpleNamespace

import numpy as np
import pytest

keras = pytest.importorskip("keras")

pytestmark = [
    pytest.mark.xdist_group("keras"),  # imported by one worker alone
    pytest.mark.filterwarnings("default"),  # TensorFlow's own are not ours to fix
]

AVERAGE = ((9, 5, 2), (5, 4), 4, "average")
HIDDEN = ((6, 9, 3), (4, 5), 3, "hidden")
FLAT = ((5, 4, 1), (3, 2), 2, "flatten")
PLAIN = ((7, 9, 2), (3, 4))
# The bound of float32 in hidden tests; here the reference must be 20 times nearer.
BOUND = 2e-5


@pytest.fixture(scope="module")
def transfer(root):
    """What the answer cells of `transfer` define."""
    notebook = json.loads((root / "solutions/transfer/transfer.ipynb").read_text(encoding="utf-8"))
    namespace = {"np": np, "keras": keras}
    for cell in notebook["cells"]:
        if cell["metadata"]["grader"]["role"] == "answer" and cell["cell_type"] == "code":
            exec("".join(cell["source"]), namespace)
    return SimpleNamespace(**namespace)


@pytest.fixture(scope="module")
def probes(root):
    """The networks of the hidden tests."""
    namespace = {}
    exec((root / "solutions/transfer/probes.py").read_text(encoding="utf-8"), namespace)
    return SimpleNamespace(**namespace)


def same_padding(side, stride):
    """The zeros that Keras puts before and after, for a window of 3."""
    total = max((-(-side // stride) - 1) * stride + 3 - side, 0)
    return total // 2, total - total // 2


def convolved(x, kernel, stride):
    x = np.pad(x, ((0, 0), *(same_padding(side, stride) for side in x.shape[1:3]), (0, 0)))
    windows = np.lib.stride_tricks.sliding_window_view(x, (3, 3), axis=(1, 2))
    return np.einsum("nhwcij,ijcf->nhwf", windows[:, ::stride, ::stride], kernel)


def layers_in_float64(network, x):
    """The output of each layer of a network by its name, in inference mode."""
    x, found = x.astype(np.float64), {}
    for layer in network.layers[1:]:
        weights = [np.asarray(weight, dtype=np.float64) for weight in layer.get_weights()]
        match type(layer).__name__:
            case "Conv2D":
                x = convolved(x, weights[0], layer.strides[0])
            case "BatchNormalization":
                gamma, beta, mean, variance = weights
                x = gamma * (x - mean) / np.sqrt(variance + 1e-3) + beta
            case "ReLU":
                x = x * (x > 0)
            case "GlobalAveragePooling2D":
                x = x.mean(axis=(1, 2))
            case "Flatten":
                x = x.reshape(len(x), -1)
            case "Dense":
                x = x @ weights[0] + weights[1]
                x = np.tanh(x) if layer.name == "hidden" else softmax(x)
        found[layer.name] = x
    return found


def softmax(scores):
    shares = np.exp(scores - scores.max(axis=1, keepdims=True))
    return shares / shares.sum(axis=1, keepdims=True)


def near(got, expected):
    scale = max(np.abs(expected).max(), 1e-3)
    return np.abs(np.asarray(got) - expected).max() <= BOUND / 20 * scale


@pytest.mark.parametrize(
    ("settings", "layer_name"),
    [(AVERAGE, None), (AVERAGE, "conv_0"), (FLAT, None), (HIDDEN, None)]
    + [(HIDDEN, name) for name in ("relu_0", "norm_1", "hidden", "classes")],
)
def test_features_are_those_of_numpy(transfer, probes, rng, settings, layer_name):
    """Any layer's features agree with a computation from the weights in double precision."""
    network = probes.fresh(probes.classifier_of, settings, 3)
    x = rng.normal(size=(70, *settings[0])).astype("float32")
    layers = layers_in_float64(network, x)

    found = transfer.extract_features(network, x, layer_name)

    expected = layers[layer_name or network.layers[-2].name]
    assert near(found, expected.mean(axis=(1, 2)) if expected.ndim == 4 else expected)


def test_neighbours_are_those_of_scipy(transfer, rng):
    """A k-d tree finds the same neighbours."""
    spatial = pytest.importorskip("scipy.spatial")
    queries, gallery = rng.normal(size=(20, 3)), rng.normal(size=(50, 3)) + 0.5

    found = transfer.nearest_neighbours(queries, gallery, 7)

    assert np.array_equal(found, spatial.KDTree(gallery).query(queries, k=7)[1])


@pytest.mark.parametrize("build", ["build_linear_probe", "build_finetune_model"])
def test_a_new_head_is_a_softmax_of_averages(transfer, probes, rng, build):
    """The output of both networks follows from the weights of base and head."""
    base = probes.fresh(probes.base_of, PLAIN, 4)
    x = rng.normal(size=(5, *PLAIN[0])).astype("float32")
    rest = (3, 2) if build == "build_finetune_model" else (3,)
    model = getattr(transfer, build)(base, *rest)
    kernel, bias = rng.normal(size=(4, 3)), rng.normal(size=3)
    model.layers[-1].set_weights([kernel, bias])

    maps = layers_in_float64(base, x)["relu_1"]

    expected = softmax(maps.mean(axis=(1, 2)) @ kernel + bias)
    assert near(model(x, training=False), expected)


def test_compiling_takes_a_tenth_of_the_rate(transfer, probes):
    """The rate, the loss and the flags are what the question says."""
    model = probes.fresh(probes.classifier_of, AVERAGE, 5)
    model.layers[2].trainable = False

    found = transfer.compile_for_finetuning(model, 0.03)

    assert found is model
    assert float(model.optimizer.learning_rate) == pytest.approx(0.003)
    assert model.loss == "sparse_categorical_crossentropy"
    assert not model.layers[2].trainable


def test_the_table_is_the_one_of_the_lecture(transfer):
    """Row by row, as COURSE §7 has it."""
    table = [transfer.choose_strategy(a, b) for a in (True, False) for b in (True, False)]

    assert table == [
        "linear classifier",
        "another model or more data",
        "finetune all",
        "finetune all or from scratch",
    ]
    assert transfer.should_transfer(10**5)
    assert not transfer.should_transfer(10**7)


@pytest.mark.parametrize("settings", [AVERAGE, HIDDEN, FLAT])
def test_the_report_counts_all_of_count_params(transfer, probes, settings):
    """Both numbers together are Keras' own count; batch norm has two frozen numbers a channel."""
    model = probes.fresh(probes.classifier_of, settings, 6)

    report = transfer.parameter_report(model)

    assert report["trainable"] + report["frozen"] == model.count_params()
    assert report["frozen"] == 2 * sum(settings[1])
