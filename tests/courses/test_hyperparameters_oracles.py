"""The reference of `hyperparameters`, against Keras, SciPy, sums by hand and published numbers."""

from __future__ import annotations

import importlib.util
import itertools
import json
import math
import warnings
from types import SimpleNamespace

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy import special, stats

pytestmark = [
    pytest.mark.xdist_group("keras"),  # imported by one worker alone
    pytest.mark.filterwarnings("default"),  # TensorFlow's own are not ours to fix
    pytest.mark.skipif(importlib.util.find_spec("keras") is None, reason="needs Keras"),
]

# Charts that a reader of the table labels at once, t from 0 to 1.
T = np.linspace(0, 1, 200)
LATE = 0.1 + 2.2 * special.expit(-40 * (T - 0.4))
JUMP = 2.3 * np.exp(-9 * T) + 4 * np.eye(1, 200, 90)[0]
CHARTS = {
    "learning rate too high": [
        (2.3 + T, 2.3 + T),
        (JUMP, JUMP),
        (2.3 - T, np.where(T > 0.9, np.nan, 2.3 - T)),
    ],
    "overfitting": [(2.3 * np.exp(-20 * T), 2.3 * np.exp(-20 * T) + 0.8), (LATE, 2.3 - T)],
    "bad initialization": [(LATE, LATE)],
    "learning rate too low": [(2.3 - 2 * T, 2.3 - 2 * T), (2.3 - 0.6 * T, 2.3 - 0.5 * T)],
    "underfitting": [(1.4 + 0.9 * np.exp(-15 * T), 1.5 + 0.8 * np.exp(-15 * T))],
    "plateau, decay the rate": [(0.2 + 2.1 * np.exp(-15 * T), 0.25 + 2.1 * np.exp(-15 * T))],
}


@pytest.fixture(scope="module")
def keras():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return pytest.importorskip("keras")


@pytest.fixture(scope="module")
def hyper(root, keras):
    """What the answer cells of `hyperparameters` define, and its given models."""
    path = root / "solutions/hyperparameters/hyperparameters.ipynb"
    namespace = {"np": np, "keras": keras, "math": math, "itertools": itertools}
    for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
        if cell["metadata"]["grader"]["role"] == "answer" or cell["id"] == "model":
            exec("".join(cell["source"]), namespace)
    return SimpleNamespace(**namespace)


@pytest.fixture
def data(rng):
    x = rng.normal(size=(50, 64)).astype("float32")
    return x, rng.integers(10, size=50)


def linear_model(keras, start, rate, decay):
    """Softmax regression from this start, compiled."""
    dense = keras.layers.Dense(
        start.shape[1],
        activation="softmax",
        use_bias=False,
        kernel_regularizer=keras.regularizers.L2(decay),
    )
    model = keras.Sequential([keras.Input((start.shape[0],)), dense])
    dense.set_weights([start])
    model.compile(
        keras.optimizers.SGD(rate),
        "sparse_categorical_crossentropy",
        metrics=["accuracy"],
        run_eagerly=True,
    )
    return model


def slope(x, y, kernel):
    """The gradient of the mean cross-entropy, by SciPy's softmax."""
    return x.T @ (special.softmax(x @ kernel, axis=1) - np.eye(kernel.shape[1])[y]) / len(y)


@pytest.mark.parametrize("num_classes", [2, 10, 1000])
def test_expected_loss_is_the_entropy_of_a_fair_die(hyper, num_classes):
    """The cross-entropy of equal probabilities is their entropy, by SciPy."""
    fair = np.full(num_classes, 1 / num_classes)

    assert hyper.expected_initial_loss(num_classes) == pytest.approx(stats.entropy(fair))


@pytest.mark.parametrize("weight_decay", [0.0, 0.3])
def test_initial_loss_is_what_keras_gives_without_decay(hyper, keras, data, weight_decay):
    """Keras' own loss function on its own predictions; `evaluate` adds the decay term to it."""
    x, y = data
    model = hyper.build_model(weight_decay=weight_decay)
    predicted = model.predict(x, verbose=0)
    own = float(keras.losses.SparseCategoricalCrossentropy()(y, predicted))

    loss = hyper.initial_loss(model, x, y)

    assert loss == pytest.approx(own, rel=1e-5)
    decay = sum(float(term) for term in model.losses)
    evaluated = model.evaluate(x, y, batch_size=50, verbose=0, return_dict=True)["loss"]
    assert evaluated - loss == pytest.approx(decay, abs=1e-5)


def test_the_given_model_starts_at_ln_10_and_always_alike(hyper, data):
    """As the notebook says of its model: all classes nearly alike, equal weights in each call."""
    models = [hyper.build_model(rate) for rate in (0.1, 1e-3)]

    assert hyper.initial_loss(models[0], *data) == pytest.approx(math.log(10), abs=0.02)
    for one, other in zip(*(model.get_weights() for model in models), strict=True):
        assert_allclose(one, other, rtol=0, atol=0)


def test_overfitting_is_gradient_descent_on_the_sample(hyper, keras, rng):
    """The accuracies are those of gradient descent by hand, in float64."""
    x, y = rng.normal(size=(30, 12)).astype("float32"), rng.integers(3, size=30)
    start = rng.normal(size=(12, 3)).astype("float32")
    kernel, expected = start.astype(float), []
    while expected[-1:] != [1.0] and len(expected) < 40:
        kernel -= 0.9 * slope(x[:10].astype(float), y[:10], kernel)
        expected.append(float(((x[:10] @ kernel).argmax(axis=1) == y[:10]).mean()))

    found = hyper.overfit_small_sample(
        lambda weight_decay: linear_model(keras, start, 0.9, weight_decay), x, y, 10, 40
    )

    assert found == expected


@pytest.mark.parametrize("decay", [0.0, 0.05])
def test_histories_are_gradient_descent_where_all_examples_agree(hyper, keras, rng, decay):
    """One example many times makes the losses independent of the batches: by hand, with decay."""
    x, y = np.tile(rng.normal(size=4), (64, 1)).astype("float32"), np.full(64, 2)
    start = rng.normal(size=(4, 3)).astype("float32")
    expected = {}
    for rate in (0.5, 0.01):
        kernel, expected[rate] = start.astype(float), []
        for _ in range(4):
            loss = -special.log_softmax(x[:1] @ kernel, axis=1)[0, 2] + decay * (kernel**2).sum()
            expected[rate].append(loss)
            kernel -= rate * (slope(x.astype(float), y, kernel) + 2 * decay * kernel)

    found = hyper.learning_rate_search(
        lambda learning_rate, weight_decay: linear_model(keras, start, learning_rate, weight_decay),
        x,
        y,
        rates=(0.5, 0.01),
        iterations=4,
        weight_decay=decay,
    )

    assert found.keys() == expected.keys()
    for rate, losses in expected.items():
        assert_allclose(found[rate], losses, rtol=1e-5)


def test_the_picked_rate_falls_most(hyper, rng):
    """Against a sort of all falls by NumPy, on made histories."""
    for _ in range(50):
        paths = rng.uniform(0.1, 3, size=(5, 8))
        paths[rng.random(size=paths.shape) < 0.03] = rng.choice([np.nan, np.inf])
        change = np.where(np.isfinite(paths).all(axis=1), paths[:, -1] - paths[:, 0], np.inf)
        best = float(change.argmin()) if change.min() <= 0 else None

        assert hyper.pick_learning_rate({float(n): list(p) for n, p in enumerate(paths)}) == best


def test_log_uniform_is_scipys(hyper, rng):
    """Kolmogorov's test against scipy.stats.loguniform, and its own moments."""
    draws = hyper.log_uniform(1e-5, 1e-1, rng, size=20_000)
    own = stats.loguniform(1e-5, 1e-1)

    assert stats.kstest(draws, own.cdf).pvalue > 1e-4
    assert draws.mean() == pytest.approx(own.mean(), rel=0.05)
    assert np.median(draws) == pytest.approx(1e-3, rel=0.1)


def test_the_shares_of_uniform_rates_that_the_notebook_quotes():
    """Drawn uniformly from [1e-5, 0.1], nine of ten lie above 0.01, one in 10 000 below 2e-5."""
    own = stats.uniform(1e-5, 1e-1 - 1e-5)

    assert own.sf(0.01) == pytest.approx(0.9, abs=1e-3)
    assert own.cdf(2e-5) == pytest.approx(1e-4, rel=0.01)


def test_a_grid_is_what_numpy_meshes(hyper):
    """The settings are the points of numpy.meshgrid."""
    space = {"a": [1, 2, 3], "b": [0.1, 0.2], "c": [7, 8]}
    mesh = np.stack(np.meshgrid(*space.values()), axis=-1).reshape(-1, 3)

    found = hyper.grid(space)

    assert sorted(map(tuple, mesh)) == sorted(tuple(setting.values()) for setting in found)


def test_sixty_random_trials_reach_the_best_twentieth(hyper, rng):
    """Bergstra and Bengio's rule of thumb: 95 % of searches of 60 trials reach the best 5 %."""
    space = {"a": lambda rng: rng.random(), "b": lambda rng: rng.random()}
    searches = [hyper.random_search(lambda params: params["a"], space, 60, rng) for _ in range(400)]
    share = np.mean([trials[0]["score"] > 0.95 for trials in searches])

    assert math.isclose(1 - 0.95**60, 0.954, abs_tol=1e-3)
    assert share == pytest.approx(1 - 0.95**60, abs=6.2 * math.sqrt(0.05 * 0.95 / 400))


def test_a_search_covers_what_bergstra_and_bengio_say(hyper, rng):
    """Nine trials: a grid tries three values of each hyperparameter, random search nine."""
    lines = [0.1, 0.2, 0.3]
    grid = [{"params": setting} for setting in hyper.grid({"a": lines, "b": lines})]
    space = {"a": lambda rng: rng.random(), "b": lambda rng: rng.random()}

    found = hyper.distinct_values(hyper.random_search(lambda _: 0.0, space, 9, rng))

    assert hyper.distinct_values(grid) == {"a": 3, "b": 3}
    assert found == {"a": 9, "b": 9}


def test_a_refined_range_keeps_its_promises(hyper, rng):
    """Random ranges and trials: inside the old range, around the best, half as wide."""
    for _ in range(200):
        low, high = np.exp(np.sort(rng.uniform(-12, 3, size=2)) + np.array([0, 0.1]))
        rates = np.clip(np.exp(rng.uniform(math.log(low), math.log(high), size=6)), low, high)
        scores = rng.permutation(6) - 3.0
        trials = [
            {"params": {"rate": float(rate)}, "score": float(score), "error": None}
            for rate, score in zip(rates, scores, strict=True)
        ]

        lower, upper = hyper.refine(low, high, trials, "rate")

        assert low <= lower <= rates[scores.argmax()] <= upper <= high
        assert math.log(upper / lower) == pytest.approx(0.5 * math.log(high / low), rel=1e-6)


@pytest.mark.parametrize("diagnosis", CHARTS)
def test_charts_are_read_as_a_person_reads_them(hyper, diagnosis):
    """Made charts of each kind get their label."""
    for train, val in CHARTS[diagnosis]:
        assert hyper.diagnose_curves(train, val) == diagnosis


def test_a_rate_that_blows_up_is_too_high(hyper):
    """Gradient descent on x**2/2 converges for rates below 2 and grows above: as the table says."""
    for rate, found in ((2.1, "learning rate too high"), (0.5, "plateau, decay the rate")):
        loss = (1 - rate) ** (2 * np.arange(30)) / 2 + 1e-3

        assert hyper.diagnose_curves(loss, loss) == found
