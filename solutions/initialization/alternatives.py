"""Right answers of another kind: each must get full marks.

`alternative` and the solution's own functions are given by the box that this file runs in.
"""

import functools
import itertools
import math
import warnings

import keras
import numpy as np

# forward_activations


@alternative("forward_activations")
def recursion(x, weights):
    if not weights:
        return []
    first = np.maximum(x @ weights[0], 0.0)
    return [first, *recursion(first, weights[1:])]


@alternative("forward_activations")
def accumulated(x, weights):
    """A tuple for a list, by a fold."""

    def step(h, w):
        return np.where((z := np.dot(h, w)) > 0, z, 0)

    return tuple(itertools.accumulate(weights, step, initial=x))[1:]


@alternative("forward_activations")
def with_loops(x, weights):
    activations, h = [], x
    for w in weights:
        out = np.zeros((len(h), w.shape[1]))
        for n in range(len(h)):
            for j in range(w.shape[1]):
                z = sum(h[n, i] * w[i, j] for i in range(w.shape[0]))
                out[n, j] = max(z, 0)
        activations += [out]
        h = out
    return activations


class Network:
    def __init__(self):
        self.calls = 0

    def __call__(self, x, weights):
        self.calls += 1
        out = [np.array(x)]
        for w in weights:
            z = np.einsum("ni,ij->nj", out[-1], w)
            out.append((z + np.abs(z)) / 2)
        return out[1:]


@alternative("forward_activations")
class callable_object:
    forward_activations = Network()


@alternative("forward_activations")
def in_tensorflow(x, weights):
    h, found = keras.ops.convert_to_tensor(x), []
    for w in weights:
        h = keras.ops.relu(h @ keras.ops.convert_to_tensor(w))
        found.append(h)
    return found


# growth


@alternative("growth", replaces="growth_per_layer")
def by_variances(std, fan_in):
    return (std**2 * fan_in / 2) ** 0.5


@alternative("growth", replaces="growth_per_layer")
def over_kaiming(std: float, fan_in: int) -> float:
    return float(std / math.sqrt(2.0 / fan_in))


@alternative("growth", replaces="growth_per_layer")
def numpy_scalar(std, fan_in):
    warnings.warn("this is only true on average", stacklevel=2)
    return np.float64(std) * np.sqrt(np.asarray(fan_in)) / np.sqrt(2)


# fans


@alternative("fans", replaces="compute_fans")
def two_cases(shape):
    if len(shape) == 2:
        return shape
    height, width, inputs, outputs = shape
    return [height * width * inputs, height * width * outputs]


@alternative("fans", replaces="compute_fans")
def all_over_the_other(shape):
    """The number of all weights, over what is not summed."""
    total = math.prod(shape)
    return total // shape[-1], total // shape[-2]


@alternative("fans", replaces="compute_fans")
def numpy_integers(shape):
    shape = np.array(shape)
    return np.prod(shape[:-1]), np.prod(shape[:-2]) * shape[-1] if len(shape) > 2 else shape[-1]


# kaiming


@alternative("kaiming")
class standard_normal:
    def kaiming_std(fan_in, negative_slope=0.0):
        gain = math.sqrt(2.0 / (1.0 + negative_slope * negative_slope))
        return gain / math.sqrt(fan_in)

    def kaiming_normal(shape, rng):
        return rng.standard_normal(shape) * math.sqrt(2.0 / math.prod(shape[:-1]))

    def kaiming_uniform(shape, rng):
        return math.sqrt(6.0 / math.prod(shape[:-1])) * (2 * rng.random(shape) - 1)


@alternative("kaiming")
class box_muller:
    def kaiming_normal(shape, rng):
        one, two = 1 - rng.random(shape), rng.random(shape)
        return (
            kaiming_std(compute_fans(shape)[0])
            * np.sqrt(-2 * np.log(one))
            * np.cos(2 * np.pi * two)
        )

    def kaiming_uniform(shape, rng):
        bound = np.sqrt(3) * kaiming_std(compute_fans(shape)[0])
        return np.interp(rng.random(size=shape), [0, 1], [-bound, bound])


@alternative("kaiming")
class truncated_and_corrected:
    """As Keras' HeNormal: cut at two deviations, and stretched to the right spread."""

    def kaiming_normal(shape, rng):
        w = rng.normal(size=shape)
        while (outside := np.abs(w) > 2).any():
            w[outside] = rng.normal(size=outside.sum())
        return w * kaiming_std(compute_fans(shape)[0]) / 0.87962566103423978


@alternative("kaiming")
class single_precision:
    def kaiming_normal(shape, rng):
        std = np.float32(kaiming_std(compute_fans(shape)[0]))
        return rng.standard_normal(shape, dtype=np.float32) * std

    def kaiming_uniform(shape, rng):
        bound = np.float32(np.sqrt(6 / compute_fans(shape)[0]))
        return (rng.random(shape, dtype=np.float32) * 2 - 1) * bound


@alternative("kaiming")
class weight_by_weight:
    def kaiming_normal(shape, rng):
        std = kaiming_std(compute_fans(shape)[0])
        return np.array([rng.normal(0, std) for _ in range(math.prod(shape))]).reshape(shape)


@alternative("kaiming")
class seeded_keras:
    """Keras draws, from a seed that the generator gives; a tensor comes back."""

    def kaiming_normal(shape, rng):
        seed, std = int(rng.integers(2**31)), float(kaiming_std(compute_fans(shape)[0]))
        return keras.random.normal(shape, 0.0, std, seed=seed)


# xavier


@alternative("xavier", replaces="xavier_normal")
def mean_of_fans(shape, rng):
    return rng.normal(scale=np.mean(compute_fans(shape)) ** -0.5, size=shape)


@alternative("xavier", replaces="xavier_normal")
def by_quantiles(shape, rng):
    from scipy.stats import norm

    fan_in, fan_out = compute_fans(shape)
    return norm.ppf(rng.random(shape), scale=math.sqrt(2 / (fan_in + fan_out)))


@alternative("xavier", replaces="xavier_normal")
def scipy_truncated(shape, rng):
    from scipy.stats import truncnorm

    std = np.sqrt(2 / np.sum(compute_fans(shape)))
    return truncnorm.rvs(-2, 2, size=shape, random_state=rng) * std / truncnorm.std(-2, 2)


@alternative("xavier", replaces="xavier_normal")
def own_fans(shape, rng):
    window = math.prod(shape[:-2])
    return rng.standard_normal(shape) / math.sqrt(window * (shape[-2] + shape[-1]) / 2)


# diagnose


@alternative("diagnose")
def norm_over_root_of_size(activations):
    first, last = (np.linalg.norm(h) / np.sqrt(h.size) for h in (activations[0], activations[-1]))
    ratio = last / first
    return "vanishing" if ratio < 0.1 else "exploding" if ratio > 10 else "healthy"


@alternative("diagnose")
def mean_squares(activations):
    sizes = [float((np.asarray(h) ** 2).mean()) for h in activations]
    words = ("vanishing", "healthy", "exploding")
    return words[int(np.digitize(sizes[-1] / sizes[0], [0.01, 100]))]


@alternative("diagnose")
def by_logarithm(activations):
    with np.errstate(divide="ignore"):
        start, *_, end = [
            np.log10(np.mean(h.ravel() ** 2)) / 2 for h in [activations[0], *activations]
        ]
    if abs(end - start) <= 1:
        return "healthy"
    return "exploding" if end > start else "vanishing"


# symmetry


@alternative("symmetry", replaces="weights_stay_equal")
def gradient_tape(w1, w2, x, y, steps, lr):
    import tensorflow as tf

    first, second = tf.Variable(w1), tf.Variable(w2)
    for _ in range(steps):
        with tf.GradientTape() as tape:
            out = tf.nn.relu(tf.constant(x) @ first) @ second
            loss = tf.reduce_mean((out - tf.constant(y)) ** 2)
        for variable, slope in zip(
            (first, second), tape.gradient(loss, [first, second]), strict=True
        ):
            variable.assign_sub(lr * slope)
    units = np.vstack([first.numpy(), second.numpy().T])
    return bool(np.all(np.abs(units - units[:, :1]) <= 1e-9))


@alternative("symmetry", replaces="weights_stay_equal")
def allclose_without_relative(w1, w2, x, y, steps, lr):
    w1, w2 = w1.copy(), w2.copy()
    for _step in range(steps):
        z = x @ w1
        h = z * (z > 0)
        error = h @ w2 - y
        grad = 2 * error / error.size
        g2 = h.T @ grad
        g1 = x.T @ np.where(z > 0, grad @ w2.T, 0)
        w1 -= lr * g1
        w2 -= lr * g2
    columns = all(np.allclose(w1[:, j], w1[:, 0], rtol=0, atol=1e-9) for j in range(w1.shape[1]))
    return columns and all(np.allclose(row, w2[0], rtol=0, atol=1e-9) for row in w2)


@alternative("symmetry", replaces="weights_stay_equal")
def numpy_bool(w1, w2, x, y, steps, lr):
    """Unit by unit, and a numpy.bool for a bool."""
    units = [[w1[:, j].copy(), w2[j].copy()] for j in range(len(w2))]
    for _ in range(steps):
        hidden = [np.maximum(x @ a, 0) for a, _ in units]
        d = (
            2
            / np.size(y)
            * (sum(np.outer(h, b) for h, (_, b) in zip(hidden, units, strict=True)) - y)
        )
        for h, unit in zip(hidden, units, strict=True):
            a, b = unit
            unit[:] = a - lr * (x.T @ ((d @ b) * (h > 0))), b - lr * (h @ d)
    stacked = np.array([np.concatenate(unit) for unit in units])
    return np.max(stacked.max(axis=0) - stacked.min(axis=0)) <= 1e-9


# keras_initializer


@alternative("keras_initializer", replaces="KaimingNormal")
@keras.saving.register_keras_serializable("course")
class registered(keras.initializers.Initializer):
    def __init__(self, seed=None):
        super().__init__()
        self._seed = seed

    def __call__(self, shape, dtype=None, **kwargs):
        fan_in = math.prod(shape[:-1])
        return keras.random.normal(shape, 0.0, math.sqrt(2 / fan_in), dtype, self._seed)

    def get_config(self):
        return {**super().get_config(), "seed": self._seed}


@alternative("keras_initializer", replaces="KaimingNormal")
class numpy_draws(keras.initializers.Initializer):
    def __init__(self, seed=None):
        self.seed = seed

    def __call__(self, shape, dtype=None):
        rng = np.random.default_rng(self.seed)
        weights = kaiming_normal(tuple(shape), rng)
        return keras.ops.convert_to_tensor(weights, dtype=dtype or keras.config.floatx())

    def get_config(self):
        return {"seed": self.seed}


@alternative("keras_initializer", replaces="KaimingNormal")
class truncated(keras.initializers.Initializer):
    """Cut at two deviations, and stretched to the right spread."""

    def __init__(self, seed=None):
        self.seed = seed

    def __call__(self, shape, dtype=None):
        if dtype is None:
            dtype = keras.backend.floatx()
        std = np.sqrt(2.0 / compute_fans(shape)[0]) / 0.87962566103423978
        return keras.random.truncated_normal(shape, stddev=float(std), dtype=dtype, seed=self.seed)

    def get_config(self):
        config = super().get_config()
        config.update({"seed": self.seed})
        return config


@alternative("keras_initializer", replaces="KaimingNormal")
class as_keras_does(keras.initializers.VarianceScaling):
    """Keras' own, with one argument instead of four."""

    def __init__(self, seed=None):
        super().__init__(2.0, "fan_in", "untruncated_normal", seed=seed)

    def get_config(self):
        return {"seed": self._init_seed}


@alternative("keras_initializer", replaces="KaimingNormal")
class own_generator(keras.initializers.Initializer):
    def __init__(self, seed=None):
        self.seed = seed
        self.generator = keras.random.SeedGenerator(seed)

    def __call__(self, shape, dtype=None):
        std = functools.reduce(lambda a, b: a * b, shape[:-1]) ** -0.5 * 2**0.5
        draws = keras.random.normal(shape, seed=self.generator, dtype=dtype)
        return draws * keras.ops.cast(std, draws.dtype)

    def get_config(self):
        return {"seed": self.seed}
