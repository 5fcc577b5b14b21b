"""Hidden tests of `activations`. A docstring is the sentence that the student reads.

Inputs come from `rng`, whose seed is the course's secret: `spread` puts one number into each of
equally long pieces of an interval, so that no draw is lucky. Inputs far from 0 are compared in calls
of their own, since a large output would hide errors in small ones. Slopes are held against the
reference and against finite differences of its activation; the gradients of deep networks against
complex steps, which know neither the chain rule nor a rounding error.
"""

import math

import numpy as np
import pytest

from grader.harness import (
    assert_close,
    assert_matches,
    assert_shape,
    assert_untouched,
    fail,
    gradient_check,
    observe,
)


def spread(rng, *shape, low=-6.0, high=6.0):
    """Numbers all over an interval, in random order; none near 0 if their count is even."""
    count = math.prod(shape)
    places = (rng.permutation(count) + rng.uniform(0.1, 0.9, count)) / count
    return (low + (high - low) * places).reshape(shape)


def with_zero(x):
    """The same with one 0 among them, which belongs to no side."""
    x.flat[x.size // 2] = 0.0
    return x


def far(rng, *shape):
    """Numbers of both signs whose exponential is 0 or infinite, -1000 and 1000 among them."""
    count = math.prod(shape)
    sizes = rng.uniform(720.0, 990.0, count) * np.resize([1.0, -1.0], count)
    sizes[:2] = 1000.0, -1000.0
    return rng.permutation(sizes).reshape(shape)


def awkward(array):
    """The same values in memory that is neither contiguous nor writeable."""
    view = np.zeros([2 * side for side in array.shape])[(slice(None, None, 2),) * array.ndim]
    view[...] = array
    view.flags.writeable = False
    return view


def unusual(rng, kind):
    """Arrays on which half-right code breaks; none can be written to."""
    arrays = {
        "one number": lambda: spread(rng, 1, low=-2.0, high=-1.0),
        "images": lambda: spread(rng, 1, 3, 4, 2),
        "negative": lambda: spread(rng, 5, 1, low=-7.0, high=-0.3),
        "bright": lambda: spread(rng, 2, 5, low=-3.0, high=3.0) + 1e3,
    }
    return awkward(arrays[kind]())


every_kind = pytest.mark.parametrize("kind", ["one number", "images", "negative", "bright"])


def check_slope(student_grad, activation, x, **constants):
    """The student's slopes agree with finite differences of the reference's activation."""
    upstream = np.ones(x.shape)
    gradient_check(student_grad, activation, (x,), upstream, (x,), ("the slope",), **constants)


# sigmoid


@pytest.mark.question("sigmoid")
@pytest.mark.weight(2)
def test_sigmoid_values(student, reference, rng):
    """The output equals the reference between -6 and 6."""
    assert_matches(student.sigmoid, reference.sigmoid, with_zero(spread(rng, 4, 7)))


@pytest.mark.question("sigmoid")
@pytest.mark.weight(2)
def test_sigmoid_far_out(student, rng):
    """Between -1000 and 1000 the output is a number, 0 far to the left and 1 far to the right."""
    x = far(rng, 3, 4)
    assert_close(student.sigmoid(x), (x > 0).astype(float))


@pytest.mark.question("sigmoid")
def test_sigmoid_symmetry(student, rng):
    """sigmoid(-x) is 1 - sigmoid(x)."""
    x = spread(rng, 9, low=0.1, high=5.0)
    right, left = student.sigmoid(x), student.sigmoid(-x)
    for value in (right, left):
        assert_shape(value, x.shape)

    assert_close(left, 1 - right, "sigmoid(-x)")


@pytest.mark.question("sigmoid")
@every_kind
def test_sigmoid_of_unusual_arrays(student, reference, rng, kind):
    """Arrays of any shape, all-negative ones and those that cannot be written to are fine."""
    x = unusual(rng, kind)
    assert_matches(student.sigmoid, reference.sigmoid, x)
    assert_matches(student.sigmoid_grad, reference.sigmoid_grad, x)


@pytest.mark.question("sigmoid")
@pytest.mark.weight(2)
def test_sigmoid_slope_values(student, reference, rng):
    """The slope equals the reference; it is computed from the input x, not from an output."""
    assert_matches(student.sigmoid_grad, reference.sigmoid_grad, with_zero(spread(rng, 6, 5)))


@pytest.mark.question("sigmoid")
def test_sigmoid_slope_finite_differences(student, reference, rng):
    """The slope agrees with finite differences of the sigmoid."""
    check_slope(student.sigmoid_grad, reference.sigmoid, spread(rng, 2, 4, low=-4.0, high=4.0))


@pytest.mark.question("sigmoid")
def test_sigmoid_slope_at_zero(student, rng):
    """The sigmoid is steepest at 0, where its slope is 1/4."""
    others = spread(rng, 8, low=-3.0, high=3.0)
    slopes = student.sigmoid_grad(np.append(others, 0.0))
    assert_shape(slopes, (9,))

    assert_close(slopes[8], 0.25, "the slope at 0")
    if (slopes[:8] >= slopes[8]).any():
        fail(
            f"The slope is {slopes[:8].max():.4g} somewhere else, and {slopes[8]:.4g} at 0.",
            "The slope is largest at 0.",
            "What are y and 1 - y where the sigmoid y is 1/2, and what is their product elsewhere?",
        )


@pytest.mark.question("sigmoid")
def test_sigmoid_slope_far_out(student, rng):
    """Far from 0, on both sides, the slope is 0 and not nan."""
    x = far(rng, 10)
    assert_close(student.sigmoid_grad(x), np.zeros(10), "the slope")


# relu


def floats(value):
    """Slopes as floats: that they are no bools and no integers has a test of its own."""
    is_plain = isinstance(value, np.ndarray) and value.dtype.kind in "biu"
    return value.astype(float) if is_plain else value


@pytest.mark.question("relu")
@pytest.mark.weight(2)
def test_relu_values(student, reference, rng):
    """Positive numbers stay, however large they are; the others become 0."""
    assert_matches(student.relu, reference.relu, spread(rng, 3, 8, low=-9.0, high=9.0))


@pytest.mark.question("relu")
@every_kind
def test_relu_of_unusual_arrays(student, reference, rng, kind):
    """Arrays of any shape, all-negative ones and those that cannot be written to are fine."""
    x = unusual(rng, kind)
    assert_matches(student.relu, reference.relu, x)
    assert_close(floats(student.relu_grad(x)), reference.relu_grad(x), "the slope")


@pytest.mark.question("relu")
def test_relu_leaves_its_input(student, rng):
    """The caller's array is not changed."""
    assert_untouched(student.relu, spread(rng, 5, 4))
    assert_untouched(student.relu_grad, spread(rng, 2, 7))


@pytest.mark.question("relu")
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_relu_keeps_the_dtype(student, rng, dtype):
    """float32 in is float32 out, and float64 in is float64 out."""
    x = spread(rng, 2, 6).astype(dtype)
    value = student.relu(x)
    assert_shape(value, x.shape)
    observe("the dtype", str(np.asarray(value).dtype))
    if np.asarray(value).dtype != x.dtype:
        fail(
            f"relu returned {np.asarray(value).dtype} for an array of {dtype}.",
            f"An array of {dtype}.",
            "np.zeros(x.shape) holds float64 whatever x is; a plain 0 adapts to x.",
        )


@pytest.mark.question("relu")
@pytest.mark.weight(2)
def test_relu_slope_values(student, rng):
    """The slope is 1 where x is positive, and 0 where it is negative."""
    x = spread(rng, 4, 6)
    assert_close(floats(student.relu_grad(x)), (x > 0).astype(float), "the slope")


@pytest.mark.question("relu")
def test_relu_slope_at_zero(student, rng):
    """At 0, and at -0, we say that the slope is 0."""
    x = np.append(spread(rng, 4), [0.0, -0.0])
    assert_close(floats(student.relu_grad(x)), (x > 0).astype(float), "the slope")


@pytest.mark.question("relu")
def test_relu_slope_is_an_array_of_floats(student, rng):
    """The slope is an array of floats, since a gradient is multiplied with it."""
    x = spread(rng, 3, 4)
    value = student.relu_grad(x)
    assert_shape(value, x.shape, "the slope")
    kind = np.asarray(value).dtype
    observe("the dtype of the slope", str(kind))
    if kind.kind != "f":
        fail(
            f"relu_grad returned an array of {kind}.",
            "An array of floats, of any width.",
            "A comparison gives True and False; turn it into numbers with .astype(float).",
        )


# leaky_relu

some_alphas = pytest.mark.parametrize("alpha", [0.0, 0.03, 0.35, 0.9])


@pytest.mark.question("leaky_relu")
@some_alphas
def test_leaky_relu_values(student, reference, rng, alpha):
    """Positive numbers stay and negative ones are multiplied by alpha, which may be 0."""
    x = with_zero(spread(rng, 3, 6))
    assert_matches(student.leaky_relu, reference.leaky_relu, x, alpha=alpha)


@pytest.mark.question("leaky_relu")
@some_alphas
def test_leaky_relu_slope_values(student, reference, rng, alpha):
    """The slope is 1 for positive and alpha for negative numbers."""
    x = spread(rng, 2, 8)
    assert_matches(student.leaky_relu_grad, reference.leaky_relu_grad, x, alpha=alpha)


@pytest.mark.question("leaky_relu")
def test_leaky_relu_defaults(student, reference, rng):
    """Without a second argument alpha is 0.01."""
    x = spread(rng, 4, 3)
    assert_matches(student.leaky_relu, reference.leaky_relu, x)
    assert_matches(student.leaky_relu_grad, reference.leaky_relu_grad, x)


@pytest.mark.question("leaky_relu")
@every_kind
def test_leaky_relu_of_unusual_arrays(student, reference, rng, kind):
    """Arrays of any shape, all-negative ones and those that cannot be written to are fine."""
    x = unusual(rng, kind)
    assert_matches(student.leaky_relu, reference.leaky_relu, x, 0.2)
    assert_matches(student.leaky_relu_grad, reference.leaky_relu_grad, x, 0.2)


@pytest.mark.question("leaky_relu")
def test_leaky_relu_slope_finite_differences(student, reference, rng):
    """The slope agrees with finite differences of leaky ReLU."""
    check_slope(student.leaky_relu_grad, reference.leaky_relu, spread(rng, 10), alpha=0.15)


# elu


@pytest.mark.question("elu")
@pytest.mark.parametrize("alpha", [0.4, 1.0, 2.5])
def test_elu_values(student, reference, rng, alpha):
    """Positive numbers stay; negative ones follow alpha * (e^x - 1), for several alphas."""
    x = with_zero(spread(rng, 3, 6, low=-4.0, high=4.0))
    assert_matches(student.elu, reference.elu, x, alpha=alpha)


@pytest.mark.question("elu")
@pytest.mark.parametrize("alpha", [0.6, 1.0, 1.8])
def test_elu_slope_values(student, reference, rng, alpha):
    """The slope is 1 for positive numbers and alpha * e^x for negative ones."""
    x = spread(rng, 2, 8, low=-4.0, high=4.0)
    assert_matches(student.elu_grad, reference.elu_grad, x, alpha=alpha)


@pytest.mark.question("elu")
def test_elu_defaults(student, reference, rng):
    """Without a second argument alpha is 1."""
    x = spread(rng, 5, 2, low=-3.0, high=3.0)
    assert_matches(student.elu, reference.elu, x)
    assert_matches(student.elu_grad, reference.elu_grad, x)


@pytest.mark.question("elu")
def test_elu_is_continuous_at_zero(student, rng):
    """The curve has no jump: just beside 0, and at 0, the output is next to 0."""
    x = np.array([-1.0, 0.0, 1.0]) * rng.uniform(1e-7, 2e-7)
    for alpha in (1.0, 1.6):
        value = student.elu(x, alpha=alpha)
        assert_shape(value, (3,))
        assert_close(value + 1, np.where(x > 0, x, alpha * x) + 1, "the output, plus 1")


@pytest.mark.question("elu")
@pytest.mark.weight(2)
def test_elu_far_out(student, rng):
    """Far to the left the output is -alpha; far to the right it is x itself, and not nan."""
    x = far(rng, 8)
    left, right = x[x < 0], x[x > 0]
    assert_close(student.elu(left, 0.7), np.full(left.shape, -0.7), "the output far to the left")
    assert_close(student.elu(right, 0.7), right, "the output far to the right")


@pytest.mark.question("elu")
def test_elu_slope_far_out(student, rng):
    """Far to the left the slope is 0, far to the right it is 1, and nowhere nan."""
    x = far(rng, 7)
    assert_close(student.elu_grad(x, 1.3), (x > 0).astype(float), "the slope")


@pytest.mark.question("elu")
@every_kind
def test_elu_of_unusual_arrays(student, reference, rng, kind):
    """Arrays of any shape, all-negative ones and those that cannot be written to are fine."""
    x = unusual(rng, kind)
    assert_matches(student.elu, reference.elu, x, 1.4)
    assert_matches(student.elu_grad, reference.elu_grad, x, 1.4)


@pytest.mark.question("elu")
def test_elu_slope_finite_differences(student, reference, rng):
    """The slope agrees with finite differences of ELU."""
    check_slope(student.elu_grad, reference.elu, spread(rng, 8, low=-3.0, high=3.0), alpha=0.8)


# gelu

GELU_LOWEST = -0.7517915246935645, -0.16997120747990369  # x and the output there
SILU_LOWEST = -1.2784645427610738, -0.27846454276107385


def check_lowest(function, slope, lowest):
    """The output and the slope at the bottom of the dip, in an array with other numbers."""
    place, depth = lowest
    x = np.array([[place], [place - 0.4], [place + 0.3]])
    values, slopes = function(x), slope(x)
    for value in (values, slopes):
        assert_shape(value, x.shape)

    assert_close(values[0], np.array([depth]), f"the output at {place:.4f}")
    assert_close(slopes[0], np.zeros(1), f"the slope at {place:.4f}")
    falls, rises = slopes[1, 0] < 0, slopes[2, 0] > 0
    if not (falls and rises):
        fail(
            "The slope does not change its sign at the lowest point.",
            f"It is negative left of {place:.4f} and positive right of it.",
            "Both terms of the product rule are needed.",
        )


def check_mirror(function, rng):
    """f(x) - f(-x) = x holds for x times any gate with gate(x) + gate(-x) = 1."""
    x = spread(rng, 7, low=0.2, high=5.0)
    right, left = function(x), function(-x)
    for value in (right, left):
        assert_shape(value, x.shape)

    assert_close(right - left, x, "the output at x minus that at -x")


@pytest.mark.question("gelu")
@pytest.mark.weight(2)
def test_gelu_values(student, reference, rng):
    """The output equals the exact x * Phi(x); approximations are not close enough."""
    x = with_zero(spread(rng, 4, 9, low=-4.0, high=4.0))
    assert_matches(student.gelu, reference.gelu, x)


@pytest.mark.question("gelu")
def test_gelu_by_the_error_function(student, rng):
    """Phi is the share of standard normal numbers below x, as Python's own math.erf says."""
    x = spread(rng, 11, low=-3.0, high=3.0)
    exact = [each * (1 + math.erf(each / math.sqrt(2))) / 2 for each in x]
    assert_close(student.gelu(x), np.array(exact))


@pytest.mark.question("gelu")
def test_gelu_lowest_point(student):
    """The lowest output is -0.16997, at x = -0.7518, and the slope is 0 there."""
    check_lowest(student.gelu, student.gelu_grad, GELU_LOWEST)


@pytest.mark.question("gelu")
def test_gelu_mirror(student, rng):
    """gelu(x) - gelu(-x) is x, since Phi(x) + Phi(-x) is 1."""
    check_mirror(student.gelu, rng)


@pytest.mark.question("gelu")
def test_gelu_far_out(student, rng):
    """Far to the right the output is x, far to the left it is 0; the slopes are 1 and 0."""
    x = far(rng, 9)
    assert_close(student.gelu(x), np.maximum(x, 0.0))
    assert_close(student.gelu_grad(x), (x > 0).astype(float), "the slope")


@pytest.mark.question("gelu")
@pytest.mark.weight(2)
def test_gelu_slope_values(student, reference, rng):
    """The slope equals that of the exact GELU, by the product rule."""
    x = with_zero(spread(rng, 6, 4, low=-4.0, high=4.0))
    assert_matches(student.gelu_grad, reference.gelu_grad, x)


@pytest.mark.question("gelu")
@every_kind
def test_gelu_of_unusual_arrays(student, reference, rng, kind):
    """Arrays of any shape, all-negative ones and those that cannot be written to are fine."""
    x = unusual(rng, kind)
    assert_matches(student.gelu, reference.gelu, x)
    assert_matches(student.gelu_grad, reference.gelu_grad, x)


@pytest.mark.question("gelu")
def test_gelu_slope_finite_differences(student, reference, rng):
    """The slope agrees with finite differences of GELU."""
    check_slope(student.gelu_grad, reference.gelu, spread(rng, 9, low=-3.0, high=3.0))


# silu


@pytest.mark.question("silu")
@pytest.mark.weight(2)
def test_silu_values(student, reference, rng):
    """The output equals x * sigmoid(x)."""
    assert_matches(student.silu, reference.silu, with_zero(spread(rng, 3, 10)))


@pytest.mark.question("silu")
def test_silu_lowest_point(student):
    """The lowest output is -0.27846, at x = -1.2785, and the slope is 0 there."""
    check_lowest(student.silu, student.silu_grad, SILU_LOWEST)


@pytest.mark.question("silu")
def test_silu_mirror(student, rng):
    """silu(x) - silu(-x) is x, since sigmoid(x) + sigmoid(-x) is 1."""
    check_mirror(student.silu, rng)


@pytest.mark.question("silu")
def test_silu_far_out(student, rng):
    """Far to the right the output is x, far to the left it is 0, and nowhere nan."""
    x = far(rng, 2, 6)
    assert_close(student.silu(x), np.maximum(x, 0.0))


@pytest.mark.question("silu")
def test_silu_slope_far_out(student, rng):
    """Far to the right the slope is 1, far to the left it is 0, and nowhere nan."""
    x = far(rng, 5, 2)
    assert_close(student.silu_grad(x), (x > 0).astype(float), "the slope")


@pytest.mark.question("silu")
@pytest.mark.weight(2)
def test_silu_slope_values(student, reference, rng):
    """The slope equals the reference: both terms of the product rule."""
    assert_matches(student.silu_grad, reference.silu_grad, with_zero(spread(rng, 4, 5)))


@pytest.mark.question("silu")
@every_kind
def test_silu_of_unusual_arrays(student, reference, rng, kind):
    """Arrays of any shape, all-negative ones and those that cannot be written to are fine."""
    x = unusual(rng, kind)
    assert_matches(student.silu, reference.silu, x)
    assert_matches(student.silu_grad, reference.silu_grad, x)


@pytest.mark.question("silu")
def test_silu_slope_finite_differences(student, reference, rng):
    """The slope agrees with finite differences of SiLU."""
    check_slope(student.silu_grad, reference.silu, spread(rng, 3, 3, low=-4.0, high=4.0))


# saturation


def border(threshold):
    """The |x| at which the sigmoid's slope is the threshold."""
    y = (1 - math.sqrt(1 - 4 * threshold)) / 2
    return math.log((1 - y) / y)


def saturating(rng, shape, threshold, right, left):
    """`right` and `left` saturated entries on the two sides, and all others just not saturated.

    Some lie a thousandth beyond the border, and some a tenth before it, on both sides.
    """
    beyond = rng.uniform(1.05, 2.5, right + left)
    beyond[[0, right]] = 1.001
    beyond[right:] *= -1
    within = rng.uniform(-0.95, 0.95, math.prod(shape) - right - left)
    within[:2] = 0.9, -0.9
    return border(threshold) * rng.permutation(np.append(beyond, within)).reshape(shape)


@pytest.mark.question("saturation")
@pytest.mark.weight(2)
def test_saturation_default(student, rng):
    """With the threshold 0.01, saturated entries on both sides are counted and divided by all."""
    x = saturating(rng, (6, 4), 0.01, right=5, left=2)
    assert_close(student.saturated_fraction(x), 7 / 24, "the saturated share")


@pytest.mark.question("saturation")
@pytest.mark.weight(2)
@pytest.mark.parametrize("threshold", [0.002, 0.06, 0.15, 0.21])
def test_saturation_thresholds(student, rng, threshold):
    """It is the slope that is compared with the threshold, whatever the threshold is."""
    x = saturating(rng, (5, 5), threshold, right=3, left=8)
    share = student.saturated_fraction(x, threshold=threshold)
    assert_close(share, 11 / 25, "the saturated share")


@pytest.mark.question("saturation")
@pytest.mark.parametrize("shape", [(18,), (1, 20), (2, 3, 4, 1)])
def test_saturation_of_any_shape(student, rng, shape):
    """The share is one number for an array of any shape, also one that cannot be written to."""
    x = awkward(saturating(rng, shape, 0.04, right=4, left=9))
    share = student.saturated_fraction(x, 0.04)
    assert_close(share, 13 / math.prod(shape), "the saturated share")


@pytest.mark.question("saturation")
def test_saturation_of_everything_and_nothing(student, rng):
    """Far from 0 every entry is saturated, the share is 1; close to 0 none is, the share is 0."""
    x = far(rng, 3, 5)
    assert_close(student.saturated_fraction(x), 1.0, "the saturated share far from 0")
    x = spread(rng, 4, 4, low=-1.0, high=1.0)
    assert_close(student.saturated_fraction(x), 0.0, "the saturated share close to 0")


@pytest.mark.question("saturation")
def test_saturation_at_the_threshold(student):
    """A slope that equals the threshold is not below it: at 0 it is exactly 0.25."""
    share = student.saturated_fraction(np.array([0.0, 0.0, 0.0, 2.0]), 0.25)
    assert_close(share, 0.25, "the saturated share")


# gradient_through_depth


def logistic(z):
    return 1 / (1 + np.exp(-z))


def rectified(z):
    return np.where(z.real > 0, z, 0.0)


# Activations on complex numbers, for the oracle. The box has those of `probes.py`; the others are
# answers of this notebook, so they stay here and are called from the box.
ON_COMPLEX = {
    "tanh": np.tanh,
    "arctan": np.arctan,
    "identity": lambda z: z,
    "sigmoid": logistic,
    "relu": rectified,
}
OUTSIDE = {
    "sigmoid": (logistic, lambda z: logistic(z) * logistic(-z)),
    "relu": (rectified, lambda z: (z > 0).astype(float)),
}


def activation(student, name):
    """An activation and its slope, to be handed to the student's function."""
    own = student.probes
    return OUTSIDE.get(name) or (getattr(own, name), getattr(own, f"{name}_grad"))


def network(rng, *widths):
    """The weights between layers of these widths, large enough to reach the bends."""
    pairs = zip(widths[:-1], widths[1:], strict=True)
    return [rng.normal(size=pair) * 1.5 / math.sqrt(pair[0]) for pair in pairs]


def expected_norms(x, weights, function):
    """The norms by complex steps: the imaginary part of f(h + ih) / h, without cancellation.

    For an analytic f the error is h^2 f'''/6, far below rounding for h = 1e-30 (Squire and Trapp,
    Using complex variables to estimate derivatives of real functions, 1998).
    """
    step, h, norms = 1e-30, x, []
    for level in range(len(weights) + 1):
        slopes = np.empty(h.shape)
        for place in np.ndindex(h.shape):
            moved = h.astype(complex)
            moved[place] += 1j * step
            for w in weights[level:]:
                moved = function(moved @ w)
            slopes[place] = moved.sum().imag / step
        norms.append(np.linalg.norm(slopes))
        if level < len(weights):
            h = function(h @ weights[level])
    return np.array(norms)


def norms_of(student, x, weights, functions):
    """The student's norms as an array, from the input to the output."""
    found = student.probes.norms(student.gradient_norms, x, weights, *functions)
    assert_shape(found, (len(weights) + 1,), "the array of norms")
    return found


def check_norms(student, name, x, weights):
    found = norms_of(student, x, weights, activation(student, name))
    assert_close(found, expected_norms(x, weights, ON_COMPLEX[name]), "the array of norms")


@pytest.mark.question("gradient_through_depth")
@pytest.mark.weight(2)
@pytest.mark.parametrize("name", ["tanh", "arctan"])
def test_norms_through_layers_of_many_widths(student, rng, name):
    """The norms equal exact derivatives for layers of different widths, the input's norm first."""
    check_norms(student, name, rng.normal(size=(3, 4)), network(rng, 4, 5, 2, 3))


@pytest.mark.question("gradient_through_depth")
@pytest.mark.weight(2)
@pytest.mark.parametrize("name", ["tanh", "sigmoid"])
def test_norms_through_square_layers(student, rng, name):
    """With square matrices no shape complains about a wrong product: the norms do."""
    check_norms(student, name, rng.normal(size=(2, 4)), network(rng, 4, 4, 4, 4))


@pytest.mark.question("gradient_through_depth")
def test_norms_through_relu(student, rng):
    """With ReLU some units pass on nothing, the others all."""
    check_norms(student, "relu", rng.normal(size=(5, 6)), network(rng, 6, 7, 6))


@pytest.mark.question("gradient_through_depth")
def test_norms_through_one_layer(student, rng):
    """One layer and one example have two norms: that of the input, and that of a row of ones."""
    check_norms(student, "tanh", rng.normal(size=(1, 3)), network(rng, 3, 5))
    check_norms(student, "arctan", rng.normal(size=(1, 1)) + 1, network(rng, 1, 1))


@pytest.mark.question("gradient_through_depth")
def test_norms_of_unusual_arrays(student, rng):
    """Arrays that cannot be written to are fine, and so are inputs far from 0."""
    weights = [awkward(w) for w in network(rng, 3, 2, 4)]
    check_norms(student, "tanh", awkward(-rng.uniform(0.2, 1.0, (4, 3))), weights)
    check_norms(student, "identity", awkward(rng.normal(size=(2, 3)) + 1e3), weights)


@pytest.mark.question("gradient_through_depth")
def test_sigmoids_make_the_gradient_vanish(student, rng):
    """Through rotations and sigmoids the norm shrinks by a factor of 4 or more at every layer."""
    weights = [np.linalg.qr(rng.normal(size=(5, 5)))[0] for _ in range(4)]
    functions = activation(student, "sigmoid")
    norms = norms_of(student, rng.normal(size=(3, 5)), weights, functions)

    assert_close(norms[-1], math.sqrt(15), "the norm at the output")
    if not (4 * norms[:-1] <= norms[1:] * (1 + 1e-9)).all():
        fail(
            f"The norms are {', '.join(f'{norm:.4g}' for norm in norms)}, from input to output.",
            "Each is at most a quarter of the next, since a sigmoid's slope is at most 1/4.",
            "Multiply by the slope at every layer, and return the input's norm first.",
        )


@pytest.mark.question("gradient_through_depth")
def test_relus_let_the_gradient_pass(student, rng):
    """Where every ReLU is active and the weights only swap units, all norms are equal."""
    weights = [np.eye(6)[rng.permutation(6)] for _ in range(4)]
    functions = activation(student, "relu")
    x = rng.uniform(0.5, 2.0, (4, 6))
    norms = norms_of(student, x, weights, functions)

    assert_close(norms, np.full(5, math.sqrt(24)), "the array of norms")


# dead_relus


def layer(rng, x, dead=0, barely=0, mostly=0, alive=0):
    """Weights and biases of a layer in whole numbers, so that an output of 0 is exactly 0.

    `dead` units are silent, every other of them with a 0 before the ReLU; `barely` fire for their
    strongest examples only, `mostly` for all but their weakest, `alive` for all. Without biases
    none is dead, as the first two examples of `batch` are opposite.
    """
    units = dead + barely + mostly + alive
    w = rng.integers(-3, 4, (x.shape[1], units)).astype(float)
    w[0] = rng.integers(1, 4, units) * rng.choice([-1.0, 1.0], units)
    least, most = (x @ w).min(axis=0), (x @ w).max(axis=0)
    kinds = np.repeat(np.arange(4), (dead, barely, mostly, alive))
    b = np.choose(kinds, (np.resize([0, -2], units) - most, 1 - most, -least, 1 - least))
    order = rng.permutation(units)
    return w[:, order], b[order]


def batch(rng, examples, features):
    """Examples in whole numbers; the first two are opposite."""
    x = rng.integers(-4, 5, (examples, features)).astype(float)
    x[:2] = 0.0
    x[:2, 0] = 1.0, -1.0
    return x


@pytest.mark.question("dead_relus")
@pytest.mark.weight(2)
@pytest.mark.parametrize("units", [(2, 3, 2, 2), (5, 1, 1, 1), (1, 2, 3, 1)], ids=str)
def test_dead_units(student, rng, units):
    """A unit that is 0 for every example is dead; one that fires once is not."""
    x = batch(rng, 7, 4)
    share = student.dead_fraction(x, *layer(rng, x, *units))
    assert_close(share, units[0] / sum(units), "the share of dead units")


@pytest.mark.question("dead_relus")
@pytest.mark.weight(2)
def test_quiet_examples(student, rng):
    """It is units that are dead: examples for which no unit fires do not count."""
    x = batch(rng, 9, 3)
    x[2:5] = 0.0
    w, b = layer(rng, x, dead=4, barely=2)
    assert_close(student.dead_fraction(x, w, b), 4 / 6, "the share of dead units")


@pytest.mark.question("dead_relus")
def test_all_units_and_none(student, rng):
    """The share is 1 where all units are dead and 0 where none is."""
    x = batch(rng, 6, 5)
    found = student.dead_fraction(awkward(x), *map(awkward, layer(rng, x, dead=5)))
    assert_close(found, 1.0, "the share of dead units where all are dead")
    found = student.dead_fraction(
        awkward(x), *map(awkward, layer(rng, x, barely=3, mostly=2, alive=1))
    )
    assert_close(found, 0.0, "the share of dead units where none is dead")


@pytest.mark.question("dead_relus")
def test_a_bias_decides(student, rng):
    """The bias comes before the ReLU: it can wake a unit as well as silence it."""
    x = rng.integers(1, 5, (6, 2)).astype(float)
    w = np.array([[-1.0, -1.0, -2.0, 1.0, 2.0]] * 2)  # without b the first three are dead
    b = np.array([-1.0, 20.0, 40.0, -20.0, 1.0])  # with b it is the first and the fourth
    assert_close(student.dead_fraction(x, w, b), 2 / 5, "the share of dead units")


@pytest.mark.question("dead_relus")
def test_dead_units_of_one_example(student, rng):
    """For a single example every unit that does not fire is dead."""
    x = rng.integers(1, 5, (1, 3)).astype(float)
    w, b = layer(rng, x, dead=3, barely=5)
    assert_close(student.dead_fraction(x, w, b), 3 / 8, "the share of dead units")
