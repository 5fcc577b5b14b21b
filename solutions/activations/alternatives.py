"""Right answers of another kind: each must get full marks.

`alternative` and the solution's own functions are given by the box that this file runs in.
"""

import functools
import logging
import math
import sys
import warnings

import numpy as np
from scipy import special

# sigmoid


@alternative("sigmoid")
class textbook:
    """Overflows to infinity below the fraction bar, where it does no harm, and warns."""

    def sigmoid(x):
        return 1 / (1 + np.exp(-x))

    def sigmoid_grad(x):
        return sigmoid(x) * (1 - sigmoid(x))


@alternative("sigmoid")
class by_expit:
    def sigmoid(x: np.ndarray) -> np.ndarray:
        return special.expit(x)

    def sigmoid_grad(x: np.ndarray) -> np.ndarray:
        return special.expit(x) * special.expit(-x)


@alternative("sigmoid")
class by_tanh:
    def sigmoid(x):
        return 0.5 * (np.tanh(x / 2) + 1)

    def sigmoid_grad(x):
        return 0.25 * (1 - np.tanh(x / 2) ** 2)


@alternative("sigmoid")
class masks_and_prints:
    """Two masks, and a word for every call, on both streams."""

    def sigmoid(x):
        print("sigmoid of", x.shape)  # noqa: T201
        logging.getLogger("student").warning("sigmoid")
        y = np.empty(x.shape)
        y[x >= 0] = 1 / (1 + np.exp(-x[x >= 0]))
        y[x < 0] = np.exp(x[x < 0]) / (1 + np.exp(x[x < 0]))
        return y

    def sigmoid_grad(x):
        print("slope", file=sys.stderr)  # noqa: T201
        warnings.warn("a warning costs nothing", stacklevel=1)
        y = textbook.sigmoid(x)
        return y - y**2


@alternative("sigmoid")
class one_number_at_a_time:
    def sigmoid(x):
        def one(value):
            if value < 0:
                return math.exp(value) / (1 + math.exp(value))
            return 1 / (1 + math.exp(-value))

        return np.vectorize(one)(x)

    def sigmoid_grad(x):
        flat = [1 / (2 + math.exp(-abs(v)) + math.exp(min(abs(v), 700.0))) for v in x.ravel()]
        return np.array(flat).reshape(x.shape)


# relu


@alternative("relu")
class times_a_mask:
    def relu(x):
        return x * (x > 0)

    def relu_grad(x):
        return np.where(x > 0, 1.0, 0.0)


@alternative("relu")
class copy_and_write:
    def relu(x):
        x = x.copy()
        x[x < 0] = 0
        return x

    def relu_grad(x):
        slope = np.zeros_like(x)
        slope[x > 0] = 1
        return slope


@alternative("relu")
class half_of_the_sum:
    def relu(x):
        return (x + abs(x)) / 2

    def relu_grad(x):
        return np.heaviside(x, 0.0)


@alternative("relu")
class clipped_below:
    def relu(x):
        return np.clip(x, 0, None)

    def relu_grad(x):
        """float32 is as good as float64."""
        return (x > 0).astype(np.float32)


class Rectifier:
    """A class with __call__ in the place of a function."""

    def __call__(self, x):
        return np.where(x > 0, x, 0)


@alternative("relu")
class an_object_and_a_lambda:
    relu = Rectifier()
    relu_grad = lambda x: 0.5 + 0.5 * np.sign(x) - 0.5 * (x == 0)  # noqa: E731


# leaky_relu


@alternative("leaky_relu")
class larger_of_two:
    def leaky_relu(x, alpha=0.01):
        return np.maximum(alpha * x, x)

    def leaky_relu_grad(x, alpha=0.01):
        return np.where(x >= 0, 1.0, alpha)


@alternative("leaky_relu")
class two_halves:
    def leaky_relu(x, alpha=0.01):
        return np.maximum(x, 0) + alpha * np.minimum(x, 0)

    def leaky_relu_grad(x, alpha=0.01):
        return (x > 0) + alpha * (x <= 0)


@alternative("leaky_relu")
class slope_times_x:
    def leaky_relu(x, alpha=0.01):
        return x * leaky_relu_grad(x, alpha)

    def leaky_relu_grad(x, alpha=0.01):
        slope = np.ones(x.shape)
        slope[x < 0] = alpha
        return slope


def bent(low, high, x, alpha=0.01):
    return np.where(x < 0, low(x, alpha), high(x))


@alternative("leaky_relu")
class partials:
    leaky_relu = functools.partial(bent, np.multiply, np.positive)
    leaky_relu_grad = functools.partial(bent, np.full_like, np.ones_like)


# elu


@alternative("elu")
class both_branches:
    """np.where computes the infinite branch too, and throws it away."""

    def elu(x, alpha=1.0):
        return np.where(x > 0, x, alpha * (np.exp(x) - 1))

    def elu_grad(x, alpha=1.0):
        return np.where(x > 0, 1.0, alpha * np.exp(x))


@alternative("elu")
class piecewise:
    def elu(x, alpha=1.0):
        return np.piecewise(x, [x > 0], [lambda v: v, lambda v: alpha * np.expm1(v)])

    def elu_grad(x, alpha=1.0):
        return np.piecewise(x, [x > 0], [1.0, lambda v: alpha * np.exp(v)])


@alternative("elu")
class slope_from_the_output:
    def elu(x, alpha=1.0):
        y = np.array(x, dtype=float)
        y[x < 0] = alpha * np.expm1(x[x < 0])
        return y

    def elu_grad(x, alpha=1.0):
        return np.where(x >= 0, 1.0, elu(x, alpha) + alpha)


@alternative("elu")
class two_halves_of_elu:
    def elu(x, alpha=1.0):
        return np.maximum(x, 0) + alpha * (np.exp(np.minimum(x, 0)) - 1)

    def elu_grad(x, alpha=1.0):
        return (x > 0) + (x <= 0) * alpha * np.exp(-np.abs(x))


# gelu


@alternative("gelu")
class by_ndtr:
    def gelu(x):
        return x * special.ndtr(x)

    def gelu_grad(x):
        return special.ndtr(x) + x * np.exp(-(x**2) / 2) / math.sqrt(2 * math.pi)


@alternative("gelu")
class by_erfc:
    def gelu(x):
        return 0.5 * x * special.erfc(-x / math.sqrt(2))

    def gelu_grad(x):
        return 0.5 * special.erfc(-x / math.sqrt(2)) + x * np.exp(-x * x / 2) * 0.3989422804014327


@alternative("gelu")
class by_math_erf:
    def gelu(x):
        return x * (1 + np.vectorize(math.erf)(x / 2**0.5)) / 2

    def gelu_grad(x):
        from scipy.stats import norm

        return norm.cdf(x) + x * norm.pdf(x)


# silu


@alternative("silu")
class from_the_first_step:
    def silu(x):
        return x * sigmoid(x)

    def silu_grad(x):
        return sigmoid(x) + x * sigmoid_grad(x)


@alternative("silu")
class one_fraction:
    def silu(x):
        return x / (1 + np.exp(-x))

    def silu_grad(x):
        y = 1 / (1 + np.exp(-x))
        return y * (1 + x * (1 - y))


@alternative("silu")
class slope_from_silu:
    def silu(x):
        return x * special.expit(x)

    def silu_grad(x):
        y = silu(x)
        return y + special.expit(x) * (1 - y)


# saturation


@alternative("saturation")
class counted_in_a_loop:
    def saturated_fraction(x, threshold=0.01):
        count = 0
        for value in x.ravel():
            tail = math.exp(-abs(value))
            if tail / (1 + tail) ** 2 < threshold:
                count += 1
        return count / x.size


@alternative("saturation")
class from_the_slope:
    def saturated_fraction(x, threshold=0.01):
        saturated = sigmoid_grad(x) < threshold
        return np.count_nonzero(saturated) / np.prod(x.shape)


@alternative("saturation")
class a_zero_dimensional_array:
    def saturated_fraction(x, threshold=0.01):
        y = 1 / (1 + np.exp(-x))
        return np.array((y * (1 - y) < threshold).mean())


@alternative("saturation")
class by_the_border:
    """The |x| beyond which the slope is small, from the quadratic y - y^2 = threshold."""

    def saturated_fraction(x, threshold=0.01):
        y = (1 - np.sqrt(1 - 4 * threshold)) / 2
        return np.mean(np.abs(x) > np.log((1 - y) / y))


# gradient_through_depth


@alternative("gradient_through_depth")
class by_recursion:
    def gradient_norms(x, weights, activation, activation_grad):
        def gradients(h, rest):
            if not rest:
                return [np.ones_like(h)]
            z = h @ rest[0]
            later = gradients(activation(z), rest[1:])
            return [(later[0] * activation_grad(z)) @ rest[0].T, *later]

        return [float(np.sqrt((g**2).sum())) for g in gradients(x, list(weights))]


@alternative("gradient_through_depth")
class by_jacobians:
    """For each example the whole matrix of derivatives, multiplied from the output to the input."""

    def gradient_norms(x, weights, activation, activation_grad):
        h, steps = x, []
        for w in weights:
            z = h @ w
            steps.append(w[None] * activation_grad(z)[:, None, :])  # (N, D, M)
            h = activation(z)
        product = np.ones((*h.shape, 1))
        found = np.zeros(len(weights) + 1)
        found[-1] = np.sqrt(product.size)
        for level in range(len(weights) - 1, -1, -1):
            product = steps[level] @ product
            found[level] = np.linalg.norm(product.ravel())
        return found


@alternative("gradient_through_depth")
class from_the_end:
    def gradient_norms(x, weights, activation, activation_grad):
        pairs, h = [], x.copy()
        for w in weights:
            pairs.append((h.dot(w), w))
            h = activation(h.dot(w))
        dh = np.full(h.shape, 1.0)
        answer = (np.linalg.norm(dh, "fro"),)
        while pairs:
            z, w = pairs.pop()
            dh = np.einsum("nm,dm->nd", dh * activation_grad(z), w)
            answer = (np.linalg.norm(dh, "fro"), *answer)
        return answer


# dead_relus


@alternative("dead_relus")
class relu_first:
    def dead_fraction(x, w, b):
        return ((relu(x @ w + b) == 0).sum(axis=0) == len(x)).mean()


@alternative("dead_relus")
class largest_of_each_unit:
    def dead_fraction(x, w, b):
        return np.mean(np.max(x @ w, axis=0) + b <= 0)


@alternative("dead_relus")
class unit_by_unit:
    def dead_fraction(x, w, b):
        dead = 0
        for column, bias in zip(w.T, b, strict=True):
            dead += not any(row @ column + bias > 0 for row in x)
        return dead / w.shape[1]


def timed(function):
    """A decorator, as tools like to add one."""

    @functools.wraps(function)
    def wrapped(*args, **kwargs):
        return function(*args, **kwargs)

    return wrapped


@alternative("dead_relus")
class nothing_arrives:
    """A unit is dead if its outputs add up to 0."""

    @timed
    def dead_fraction(x, w, b):
        return np.isclose(np.maximum(0, x @ w + b).sum(0), 0).mean()
