"""The reference of `activations`, held against oracles that share no code with it."""

from __future__ import annotations

import json
import math
from types import SimpleNamespace

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy import integrate, optimize, special, stats

CELLS = {"imports"}  # given cells that the answers need
FAR = np.array([-1000.0, -750.0, 750.0, 1000.0])


@pytest.fixture(scope="module")
def activations(root):
    """What the answer cells of `activations` define."""
    source = root / "solutions/activations/activations.ipynb"
    namespace = {}
    for cell in json.loads(source.read_text(encoding="utf-8"))["cells"]:
        is_answer = cell["metadata"]["grader"]["role"] == "answer"
        if is_answer or cell["id"] in CELLS:
            exec("".join(cell["source"]), namespace)
    return SimpleNamespace(**namespace)


@pytest.fixture
def x(rng):
    """Numbers between -8 and 8, none of them 0."""
    return rng.uniform(0.01, 8, (5, 8)) * rng.choice([-1, 1], (5, 8))


def below(x):
    """The normal distribution by quadrature of its density, without an error function."""
    area, _ = integrate.quad(
        lambda t: math.exp(-t * t / 2) / math.sqrt(2 * math.pi), 0, x, epsabs=1e-13
    )
    return 0.5 + area


def complex_step(function, x):
    """The derivative of an analytic function, exact to rounding (Squire and Trapp, 1998)."""
    return function(x + 1e-30j).imag / 1e-30


def difference(function, x, step=1e-6):
    return (function(x + step) - function(x - step)) / (2 * step)


NAMES = ["sigmoid", "relu", "leaky_relu", "elu", "gelu", "silu"]


@pytest.mark.parametrize("name", NAMES)
def test_slopes_are_the_derivatives_of_their_activations(activations, name, x):
    """Each slope agrees with central differences."""
    function, slope = getattr(activations, name), getattr(activations, f"{name}_grad")

    assert_allclose(slope(x), difference(function, x), rtol=1e-7, atol=1e-8)


@pytest.mark.parametrize("name", NAMES)
def test_nothing_overflows_far_from_zero(activations, name):
    """At -1000 and 1000 no warning is raised and no number is infinite or nan."""
    with np.errstate(all="raise", under="ignore"):
        for function in (getattr(activations, name), getattr(activations, f"{name}_grad")):
            assert np.isfinite(function(FAR)).all()


def test_sigmoid_is_the_logistic_distribution(activations, x):
    """The sigmoid is SciPy's logistic distribution, its slope that one's density."""
    assert_allclose(activations.sigmoid(x), stats.logistic.cdf(x), rtol=1e-13)
    assert_allclose(activations.sigmoid_grad(x), stats.logistic.pdf(x), rtol=1e-11)
    assert_allclose(activations.sigmoid(FAR), special.expit(FAR), rtol=0, atol=1e-300)


def test_sigmoid_slope_by_complex_steps(activations, x):
    """The slope is the derivative of 1/(1 + e^-x) by a complex step, at most 1/4."""
    exact = complex_step(lambda z: 1 / (1 + np.exp(-z)), x)

    assert_allclose(activations.sigmoid_grad(x), exact, rtol=1e-11)
    assert activations.sigmoid_grad(np.array(0.0)) == 0.25


def test_relu_is_the_mean_of_x_and_its_size(activations, x):
    """max(0, x) is (x + |x|) / 2; 0 has the slope 0, and the dtype is kept."""
    assert_allclose(activations.relu(x), (x + abs(x)) / 2)
    assert activations.relu_grad(np.array([0.0, -0.0])).tolist() == [0, 0]
    assert activations.relu(x.astype(np.float32)).dtype == np.float32


@pytest.mark.parametrize("alpha", [0.0, 0.01, 0.5])
def test_leaky_relu_is_a_mixture_of_relu_and_identity(activations, alpha, x):
    """It is alpha x + (1 - alpha) ReLU(x), and its slope is alpha or 1."""
    assert_allclose(
        activations.leaky_relu(x, alpha), alpha * x + (1 - alpha) * (x + abs(x)) / 2, atol=1e-15
    )
    assert set(np.unique(activations.leaky_relu_grad(x, alpha))) == {alpha, 1.0}


@pytest.mark.parametrize("alpha", [0.3, 1.0, 2.0])
def test_elu_is_the_integral_of_its_slope(activations, alpha):
    """The area under alpha e^t from x to 0 is what ELU lies below 0."""
    for place in (-3.0, -0.7, -0.01):
        area, _ = integrate.quad(lambda t: alpha * math.exp(t), place, 0)
        assert_allclose(activations.elu(np.array([place]), alpha), [-area], rtol=1e-12)
    assert_allclose(activations.elu(FAR, alpha), [-alpha, -alpha, 750, 1000])


def test_selu_keeps_mean_and_variance(activations):
    """With the published constants of SELU a standard normal input keeps mean 0 and variance 1."""
    alpha, scale = 1.6732632423543772, 1.0507009873554805  # Klambauer et al., 2017

    def moment(power):
        def weighted(t):
            return (scale * float(activations.elu(t, alpha))) ** power * stats.norm.pdf(t)

        return sum(integrate.quad(weighted, *piece)[0] for piece in ((-10, 0), (0, 10)))

    assert_allclose([moment(1), moment(2)], [0, 1], atol=1e-8)


def test_gelu_weighs_x_with_the_normal_distribution(activations):
    """GELU is x times the area under the bell curve left of x, by quadrature."""
    for place in (-3.1, -1.0, -0.2, 0.4, 1.0, 2.7):
        assert_allclose(activations.gelu(np.array([place])), [place * below(place)], atol=1e-12)
        slope = below(place) + place * stats.norm.pdf(place)
        assert_allclose(activations.gelu_grad(np.array([place])), [slope], atol=1e-12)


def test_silu_by_complex_steps(activations, x):
    """SiLU is x / (1 + e^-x), and its slope the derivative of that by a complex step."""
    assert_allclose(activations.silu(x), x / (1 + np.exp(-x)), rtol=1e-11)
    exact = complex_step(lambda z: z / (1 + np.exp(-z)), x)
    assert_allclose(activations.silu_grad(x), exact, rtol=1e-10, atol=1e-14)


@pytest.mark.parametrize(
    ("name", "place", "depth"),
    [
        ("gelu", -0.7517915246935645, -0.16997120747990369),
        ("silu", -1.2784645427610738, -0.27846454276107385),
    ],
)
def test_lowest_points_are_where_a_search_finds_them(activations, name, place, depth):
    """The numbers in the hidden tests are those of a numerical search for the minimum."""
    function, slope = getattr(activations, name), getattr(activations, f"{name}_grad")

    found = optimize.brentq(lambda t: float(slope(np.array(t))), -2, -0.1, xtol=1e-15)
    assert_allclose([found, float(function(np.array(found)))], [place, depth], rtol=1e-13)


@pytest.mark.parametrize(("threshold", "spread"), [(0.01, 10.0), (0.1, 2.0), (0.2, 1.0)])
def test_saturated_fraction_of_normal_inputs(activations, threshold, spread):
    """On the quantiles of a normal distribution the share is the area beyond the two borders."""
    count = 20_001
    inputs = spread * stats.norm.ppf((np.arange(count) + 0.5) / count)
    border = optimize.brentq(lambda t: stats.logistic.pdf(t) - threshold, 0, 50)

    share = activations.saturated_fraction(inputs, threshold)
    assert_allclose(share, 2 * stats.norm.sf(border / spread), atol=1.1 / count)


@pytest.mark.parametrize("name", ["sigmoid", "tanh", "silu"])
def test_gradient_norms_by_finite_differences(activations, name, rng):
    """Each norm is that of the gradient by central differences for that layer's output."""
    functions = {
        "tanh": (np.tanh, lambda z: 1 - np.tanh(z) ** 2),
        "sigmoid": (special.expit, lambda z: special.expit(z) * special.expit(-z)),
        "silu": (activations.silu, activations.silu_grad),
    }
    function, slope = functions[name]
    weights = [rng.normal(size=shape) for shape in ((4, 3), (3, 5), (5, 2))]
    h, expected = rng.normal(size=(3, 4)), []
    found = activations.gradient_norms(h, weights, function, slope)

    for level in range(4):
        gradient = np.empty(h.shape)
        for place in np.ndindex(h.shape):
            ends = []
            for sign in (1, -1):
                moved = h.copy()
                moved[place] += sign * 1e-6
                for w in weights[level:]:
                    moved = function(moved @ w)
                ends.append(moved.sum())
            gradient[place] = (ends[0] - ends[1]) / 2e-6
        expected.append(math.sqrt((gradient**2).sum()))
        if level < 3:
            h = function(h @ weights[level])
    assert_allclose(found, expected, rtol=1e-7)


def test_gradient_norms_of_a_polynomial(activations):
    """The example of the notebook, differentiated by hand: 20.25 x^4 at 2 has the slope 648."""
    norms = activations.gradient_norms(
        np.array([[2.0]]), [np.array([[3.0]]), np.array([[0.5]])], np.square, lambda z: 2 * z
    )

    assert norms.tolist() == [648.0, 18.0, 1.0]


def test_dead_units_one_by_one(activations, rng):
    """The share is what plain loops count."""
    for examples in (1, 2, 6):
        x, w = rng.integers(-3, 4, (examples, 3)), rng.integers(-3, 4, (3, 40))
        b = rng.integers(-6, 3, 40)
        dead = 0
        for unit in range(40):
            outputs = [
                max(0, sum(int(row[d]) * int(w[d, unit]) for d in range(3)) + int(b[unit]))
                for row in x
            ]
            dead += outputs == [0] * examples
        assert activations.dead_fraction(x, w, b) == dead / 40
