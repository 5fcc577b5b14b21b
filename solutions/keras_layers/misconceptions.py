"""The known mistakes of `keras_layers`, each as a student writes it (names: COURSE §12).

`LayerNormalization` and the others mean the solution's classes where a mistake is theirs but for
one thing. Some names are read here in one of several senses:

- Keras 3 gives a layer without `get_config` one of its own, if its arguments are plain. So only a
  `get_config` that is there and forgets something is a mistake: `config_incomplete`,
  `arguments_lost`.
- layer_normalization `weights_in_call` makes variables of its own in `call`; `add_weight` there is
  refused by Keras with a sentence that says so, which is `locked_in_call`.
- batch_normalization `python_state` keeps plain numbers that `call` sets, with no weights for them.
- `static_batch` needs the batch size as a number, which is None in a network.
- gelu `float64_constant` is NumPy's root of 2 in an operation of Keras, which turns all into float64: TensorFlow's
  operators then refuse to multiply; `float64_upcast` uses Keras' operations alone, which do not.
- serialization `weights_only` is a file of weights; `lambda_layer` divides by 16 in a Lambda.
"""

from functools import partial
from pathlib import Path

import keras
import numpy as np
from keras import ops


def mistake(question, answer, hint):
    """A class in the place of an answer. It bears the answer's name in what Keras says of it."""

    def keep(layer):
        misconception(question, replaces=answer, hint=hint)(layer)
        layer.__name__ = answer
        return layer

    return keep


layer_normalization = partial(mistake, "layer_normalization", "LayerNormalization")
batch_normalization = partial(mistake, "batch_normalization", "BatchNormalization")
group_normalization = partial(mistake, "group_normalization", "GroupNormalization")
dropout = partial(mistake, "dropout", "Dropout")
conv2d = partial(mistake, "conv2d", "Conv2D")
gelu = partial(mistake, "gelu", "GELU")
conv_block = partial(mistake, "serialization", "ConvBlock")

# layer_normalization


@layer_normalization(
    hint="`call` runs for every batch: weights that are made there are new each time. Which method runs once?",
)
class weights_in_call(keras.layers.Layer):
    def __init__(self, epsilon=1e-3, **kwargs):
        super().__init__(**kwargs)
        self.epsilon = epsilon

    def call(self, x):
        gamma = keras.Variable(np.ones(x.shape[-1]), dtype=self.compute_dtype)
        beta = keras.Variable(np.zeros(x.shape[-1]), dtype=self.compute_dtype)
        mean = ops.mean(x, axis=-1, keepdims=True)
        var = ops.var(x, axis=-1, keepdims=True)
        return gamma * (x - mean) / ops.sqrt(var + self.epsilon) + beta

    def get_config(self):
        return {**super().get_config(), "epsilon": self.epsilon}


@layer_normalization(
    hint="After its first call a layer is closed: add the weights in `build`, which runs before it.",
)
class locked_in_call(keras.layers.Layer):
    def __init__(self, epsilon=1e-3, **kwargs):
        super().__init__(**kwargs)
        self.epsilon = epsilon

    def call(self, x):
        gamma = self.add_weight(shape=(x.shape[-1],), initializer="ones")
        beta = self.add_weight(shape=(x.shape[-1],), initializer="zeros")
        mean = ops.mean(x, axis=-1, keepdims=True)
        var = ops.var(x, axis=-1, keepdims=True)
        return gamma * (x - mean) / ops.sqrt(var + self.epsilon) + beta

    def get_config(self):
        return {**super().get_config(), "epsilon": self.epsilon}


@layer_normalization(
    hint="Keras trains, counts and saves what `add_weight` has made; it does not know of a NumPy array.",
)
class numpy_weights(LayerNormalization):
    def build(self, input_shape):
        self.gamma = np.ones(input_shape[-1], dtype=self.compute_dtype)
        self.beta = np.zeros(input_shape[-1], dtype=self.compute_dtype)


@layer_normalization(
    hint="What is gradient descent to find here? A weight with `trainable=False` is not touched by it.",
)
class not_trainable(LayerNormalization):
    def build(self, input_shape):
        size = (input_shape[-1],)
        self.gamma = self.add_weight(shape=size, initializer="ones", trainable=False)
        self.beta = self.add_weight(shape=size, initializer="zeros", trainable=False)


@layer_normalization(
    hint="NumPy's functions know neither symbols nor gradients: `keras.ops` has the same ones, which do.",
)
class numpy_in_call(LayerNormalization):
    def call(self, x):
        mean = np.mean(x, axis=-1, keepdims=True)
        var = np.var(x, axis=-1, keepdims=True)
        return self.gamma * (x - mean) / np.sqrt(var + self.epsilon) + self.beta


@layer_normalization(
    hint="Each example is normalised on its own, over its last axis. Which axis do your means run over?",
)
class axis_zero(LayerNormalization):
    def call(self, x):
        mean = ops.mean(x, axis=0, keepdims=True)
        var = ops.var(x, axis=0, keepdims=True)
        return self.gamma * (x - mean) / ops.sqrt(var + self.epsilon) + self.beta


@layer_normalization(
    hint="Only the last axis is normalised: each pixel of an image has a mean of its own.",
)
class over_all_axes(LayerNormalization):
    def call(self, x):
        axes = tuple(range(1, len(x.shape)))
        mean = ops.mean(x, axis=axes, keepdims=True)
        var = ops.var(x, axis=axes, keepdims=True)
        return self.gamma * (x - mean) / ops.sqrt(var + self.epsilon) + self.beta


@layer_normalization(
    hint="epsilon is added to the variance, before the root is taken.",
)
class eps_outside_root(LayerNormalization):
    def call(self, x):
        mean = ops.mean(x, axis=-1, keepdims=True)
        var = ops.var(x, axis=-1, keepdims=True)
        return self.gamma * (x - mean) / (ops.sqrt(var) + self.epsilon) + self.beta


@layer_normalization(
    hint="Is every argument of `__init__` in the configuration? What is not falls back to its default.",
)
class config_incomplete(LayerNormalization):
    def get_config(self):
        return keras.layers.Layer.get_config(self)


@layer_normalization(
    hint="Call `super().__init__(**kwargs)` first: without it the object is no layer yet.",
)
class super_forgotten(LayerNormalization):
    def __init__(self, epsilon=1e-3, **kwargs):
        self.epsilon = epsilon


@layer_normalization(
    hint="`name`, `dtype` and the like arrive in `kwargs`. Who is to get them?",
)
class kwargs_dropped(LayerNormalization):
    def __init__(self, epsilon=1e-3, **kwargs):
        keras.layers.Layer.__init__(self)
        self.epsilon = epsilon


@layer_normalization(
    hint="gamma multiplies and is 1 at first; beta is added and is 0 at first.",
)
class both_zeros(LayerNormalization):
    def build(self, input_shape):
        size = (input_shape[-1],)
        self.gamma = self.add_weight(name="gamma", shape=size, initializer="zeros")
        self.beta = self.add_weight(name="beta", shape=size, initializer="zeros")


# batch_normalization


def all_but_last(x):
    return tuple(range(len(x.shape) - 1))


class Batch(BatchNormalization):
    """The solution's layer in pieces that a mistake can change one of."""

    def statistics(self, x):
        return ops.mean(x, axis=all_but_last(x)), ops.var(x, axis=all_but_last(x))

    def move(self, mean, var):
        m = self.momentum
        self.moving_mean.assign(m * self.moving_mean + (1 - m) * mean)
        self.moving_variance.assign(m * self.moving_variance + (1 - m) * var)

    def normalise(self, x, mean, var):
        return self.gamma * (x - mean) / ops.sqrt(var + self.epsilon) + self.beta

    def call(self, x, training=False):
        if training and self.trainable:
            mean, var = self.statistics(x)
            self.move(mean, var)
        else:
            mean, var = self.moving_mean, self.moving_variance
        return self.normalise(x, mean, var)


@batch_normalization(
    hint="Gradient descent must not move the moving averages: how does `add_weight` learn that?",
)
class moving_trainable(BatchNormalization):
    def build(self, input_shape):
        size = (input_shape[-1],)
        self.gamma = self.add_weight(shape=size, initializer="ones")
        self.beta = self.add_weight(shape=size, initializer="zeros")
        self.moving_mean = self.add_weight(shape=size, initializer="zeros")
        self.moving_variance = self.add_weight(shape=size, initializer="ones")


@batch_normalization(
    hint="An attribute that `call` sets is set while tracing, once. State that lives is a weight, moved by `assign`.",
)
class python_state(BatchNormalization):
    def build(self, input_shape):
        size = (input_shape[-1],)
        self.gamma = self.add_weight(shape=size, initializer="ones")
        self.beta = self.add_weight(shape=size, initializer="zeros")
        self.mean = 0.0
        self.var = 1.0

    def call(self, x, training=False):
        mean, var = self.mean, self.var
        if training and self.trainable:
            mean = ops.mean(x, axis=all_but_last(x))
            var = ops.var(x, axis=all_but_last(x))
            self.mean = self.momentum * self.mean + (1 - self.momentum) * mean
            self.var = self.momentum * self.var + (1 - self.momentum) * var
        return self.gamma * (x - mean) / ops.sqrt(var + self.epsilon) + self.beta


@batch_normalization(
    hint="Keras' momentum is the share of the OLD value that is kept.",
)
class momentum_swapped(Batch):
    def move(self, mean, var):
        m = 1 - self.momentum
        self.moving_mean.assign(m * self.moving_mean + (1 - m) * mean)
        self.moving_variance.assign(m * self.moving_variance + (1 - m) * var)


@batch_normalization(
    hint="In inference the moving averages are used and stay as they are.",
)
class updates_in_inference(Batch):
    def call(self, x, training=False):
        mean, var = self.statistics(x)
        if training and self.trainable:
            self.move(mean, var)
            return self.normalise(x, mean, var)
        out = self.normalise(x, ops.copy(self.moving_mean), ops.copy(self.moving_variance))
        self.move(mean, var)
        return out


@batch_normalization(
    hint="Outside training an output must not depend on the other examples: which mean and variance are used there?",
)
class batch_in_inference(Batch):
    def call(self, x, training=False):
        mean, var = self.statistics(x)
        if training and self.trainable:
            self.move(mean, var)
        return self.normalise(x, mean, var)


@batch_normalization(
    hint="Nothing in your `call` depends on `training`, yet two things must.",
)
class training_ignored(Batch):
    def call(self, x, training=False):
        mean, var = self.statistics(x)
        self.move(mean, var)
        return self.normalise(x, mean, var)


@batch_normalization(
    hint="A layer with `trainable = False` behaves as in inference, also if it is called with training=True.",
)
class frozen_still_updates(Batch):
    def call(self, x, training=False):
        if training:
            mean, var = self.statistics(x)
            self.move(mean, var)
        else:
            mean, var = self.moving_mean, self.moving_variance
        return self.normalise(x, mean, var)


@batch_normalization(
    hint="Images share the statistics of a channel among all pixels: over which axes is the mean?",
)
class per_position(Batch):
    def statistics(self, x):
        return ops.mean(x, axis=0), ops.var(x, axis=0)

    def move(self, mean, var):
        pixels = tuple(range(len(mean.shape) - 1))
        super().move(ops.mean(mean, axis=pixels), ops.mean(var, axis=pixels))


@batch_normalization(
    hint="The mean and the variance of the batch depend on the input too: let gradients flow through them.",
)
class gradient_stopped(Batch):
    def statistics(self, x):
        mean, var = super().statistics(x)
        return ops.stop_gradient(mean), ops.stop_gradient(var)


@batch_normalization(
    hint="The moving averages are for later: in training the batch itself is what normalises.",
)
class moving_in_training(Batch):
    def call(self, x, training=False):
        if training and self.trainable:
            self.move(*self.statistics(x))
        return self.normalise(x, self.moving_mean, self.moving_variance)


@batch_normalization(
    hint="`self.moving_mean = ...` puts a tensor in the variable's place. How is a variable given a new value?",
)
class assigned_by_name(Batch):
    def move(self, mean, var):
        m = self.momentum
        self.moving_mean = m * self.moving_mean + (1 - m) * mean
        self.moving_variance = m * self.moving_variance + (1 - m) * var


@batch_normalization(
    hint="The moving variance keeps a variance. Is the root taken, or epsilon added, before it is kept?",
)
class moving_deviation(Batch):
    def move(self, mean, var):
        super().move(mean, ops.sqrt(var + self.epsilon))

    def call(self, x, training=False):
        if training and self.trainable:
            mean, var = self.statistics(x)
            self.move(mean, var)
            return self.normalise(x, mean, var)
        return self.gamma * (x - self.moving_mean) / self.moving_variance + self.beta


@batch_normalization(
    hint="The variance is divided by the number of values, nowhere by one less.",
)
class sample_variance(Batch):
    def statistics(self, x):
        mean, var = super().statistics(x)
        count = ops.cast(ops.size(x) // x.shape[-1], x.dtype)
        return mean, var * count / ops.maximum(count - 1, 1)


@batch_normalization(
    hint="What is epsilon added to, and is that before or after the root?",
)
class eps_outside_root(Batch):  # noqa: F811  (questions share the name)
    def normalise(self, x, mean, var):
        return self.gamma * (x - mean) / (ops.sqrt(var) + self.epsilon) + self.beta


@batch_normalization(
    hint="Is every argument of `__init__` in the configuration? What is not falls back to its default.",
)
class config_incomplete(BatchNormalization):  # noqa: F811  (questions share the name)
    def get_config(self):
        return {**keras.layers.Layer.get_config(self), "epsilon": self.epsilon}


# group_normalization


class Group(GroupNormalization):
    """The solution's layer in pieces that a mistake can change one of."""

    def grouped(self, x):
        """The grouped view, and the axes to normalise."""
        size = x.shape[-1] // self.groups
        view = ops.reshape(x, (*ops.shape(x)[:-1], self.groups, size))
        return view, (*range(1, len(x.shape) - 1), len(x.shape))

    def call(self, x):
        view, axes = self.grouped(x)
        mean = ops.mean(view, axis=axes, keepdims=True)
        var = ops.var(view, axis=axes, keepdims=True)
        normed = (view - mean) / ops.sqrt(var + self.epsilon)
        return self.gamma * ops.reshape(normed, ops.shape(x)) + self.beta


@group_normalization(
    hint="A group is made of neighbours: with 6 channels and 2 groups, the channels 0, 1, 2 and 3, 4, 5.",
)
class interleaved_groups(Group):
    def grouped(self, x):
        size = x.shape[-1] // self.groups
        view = ops.reshape(x, (*ops.shape(x)[:-1], size, self.groups))
        return view, tuple(range(1, len(x.shape)))


@group_normalization(
    hint="Each channel has a gamma and a beta of its own, also within a group.",
)
class gamma_per_group(Group):
    def build(self, input_shape):
        if input_shape[-1] % self.groups:
            raise ValueError("the groups do not divide the channels")
        self.gamma = self.add_weight(shape=(self.groups,), initializer="ones")
        self.beta = self.add_weight(shape=(self.groups,), initializer="zeros")

    def call(self, x):
        view, axes = self.grouped(x)
        mean = ops.mean(view, axis=axes, keepdims=True)
        var = ops.var(view, axis=axes, keepdims=True)
        normed = (view - mean) / ops.sqrt(var + self.epsilon)
        normed = self.gamma[:, None] * normed + self.beta[:, None]
        return ops.reshape(normed, ops.shape(x))


@group_normalization(
    hint="Each example is normalised on its own: which axis may the mean never run over?",
)
class over_batch(Group):
    def grouped(self, x):
        view, axes = super().grouped(x)
        return view, (0, *axes)


@group_normalization(
    hint="With channels last the groups are cut out of the last axis, not out of the first after the batch.",
)
class channels_first(Group):
    def call(self, x):
        flat = ops.reshape(x, (ops.shape(x)[0], self.groups, -1))
        mean = ops.mean(flat, axis=2, keepdims=True)
        var = ops.var(flat, axis=2, keepdims=True)
        normed = (flat - mean) / ops.sqrt(var + self.epsilon)
        return self.gamma * ops.reshape(normed, ops.shape(x)) + self.beta


@group_normalization(
    hint="`groups` is how many groups there are. How many channels has each of them?",
)
class groups_as_size(Group):
    def grouped(self, x):
        number = x.shape[-1] // self.groups
        view = ops.reshape(x, (*ops.shape(x)[:-1], number, self.groups))
        return view, (*range(1, len(x.shape) - 1), len(x.shape))


@group_normalization(
    hint="All pixels of an example share the mean of a group.",
)
class per_pixel(Group):
    def grouped(self, x):
        view, _ = super().grouped(x)
        return view, (len(x.shape),)


@group_normalization(
    hint="If the groups do not divide the channels there is nothing to compute: raise a ValueError, and in `build`.",
)
class remainder_unchecked(Group):
    def build(self, input_shape):
        channels = input_shape[-1]
        self.gamma = self.add_weight(shape=(channels,), initializer="ones")
        self.beta = self.add_weight(shape=(channels,), initializer="zeros")


@group_normalization(
    hint="epsilon is added to the variance, before the root is taken.",
)
class eps_outside_root(Group):  # noqa: F811  (questions share the name)
    def call(self, x):
        view, axes = self.grouped(x)
        mean = ops.mean(view, axis=axes, keepdims=True)
        std = ops.std(view, axis=axes, keepdims=True)
        normed = ops.reshape((view - mean) / (std + self.epsilon), ops.shape(x))
        return self.gamma * normed + self.beta


@group_normalization(
    hint="In a network the batch size may be open, and `x.shape[0]` None: `ops.shape(x)` knows what to do.",
)
class static_batch(Group):
    def grouped(self, x):
        size = x.shape[-1] // self.groups
        view = ops.reshape(x, (int(x.shape[0]), *x.shape[1:-1], self.groups, size))
        return view, (*range(1, len(x.shape) - 1), len(x.shape))


@group_normalization(
    hint="Is every argument of `__init__` in the configuration? What is not falls back to its default.",
)
class config_incomplete(Group):  # noqa: F811  (questions share the name)
    def get_config(self):
        return {**keras.layers.Layer.get_config(self), "groups": self.groups}


# dropout


class Drop(Dropout):
    """The solution's layer in pieces that a mistake can change one of."""

    def kept(self, x):
        drawn = keras.random.uniform(ops.shape(x), seed=self.seed_generator)
        return ops.cast(drawn >= self.rate, x.dtype)

    def call(self, x, training=False):
        if not training:
            return x
        return x * self.kept(x) / (1 - self.rate)


@dropout(
    hint="Keras' rate is the probability of dropping, the slide's p that of keeping: rate = 1 - p.",
)
class rate_is_keep(Drop):
    def call(self, x, training=False):
        if not training:
            return x
        drawn = keras.random.uniform(ops.shape(x), seed=self.seed_generator)
        kept = ops.cast(drawn < self.rate, x.dtype)
        return x * kept / max(self.rate, 1e-3)


@dropout(
    hint="In inference nothing is scaled. So by what does training divide, for both to agree on average?",
)
class not_scaled(Drop):
    def call(self, x, training=False):
        return x * self.kept(x) if training else x


@dropout(
    hint="What is kept is divided by the probability of keeping, which is not the rate.",
)
class divides_by_rate(Drop):
    def call(self, x, training=False):
        return x * self.kept(x) / max(self.rate, 1e-3) if training else x


@dropout(
    hint="`build` runs once, and so a mask that is drawn there is the same for ever. Where do you draw for every batch?",
)
class mask_fixed_at_build(Drop):
    def build(self, input_shape):
        drawn = keras.random.uniform(tuple(input_shape)[1:], seed=self.seed_generator)
        self.mask = ops.cast(drawn >= self.rate, "float32")

    def kept(self, x):
        return self.mask


@dropout(
    hint="NumPy draws while Python runs, and Python runs once, when Keras traces the layer. Which functions draw in every call?",
)
class numpy_random_in_call(Dropout):
    def __init__(self, rate, seed=None, **kwargs):
        super().__init__(rate, seed, **kwargs)
        self.rng = np.random.default_rng(seed)

    def call(self, x, training=False):
        if not training:
            return x
        size = [1 if side is None else side for side in x.shape]
        kept = self.rng.random(size).astype("float32") >= self.rate
        return x * kept.astype("float32") / (1 - self.rate)


@dropout(
    hint="A number as seed gives the same mask in every call. What keeps a state that moves on?",
)
class same_seed_every_call(Drop):
    def kept(self, x):
        seed = 0 if self.seed is None else self.seed
        drawn = keras.random.uniform(ops.shape(x), seed=seed)
        return ops.cast(drawn >= self.rate, x.dtype)


@dropout(
    hint="Two layers with the same seed drop the same. Who gets the argument `seed`?",
)
class seed_ignored(Drop):
    def __init__(self, rate, seed=None, **kwargs):
        super().__init__(rate, None, **kwargs)
        self.seed = seed


@dropout(
    hint="A new generator in every call begins anew every time. Make one, in `__init__`, and keep it.",
)
class generator_in_call(Drop):
    def kept(self, x):
        generator = keras.random.SeedGenerator(1337 if self.seed is None else self.seed)
        drawn = keras.random.uniform(ops.shape(x), seed=generator)
        return ops.cast(drawn >= self.rate, x.dtype)


@dropout(
    hint="Dropout is for training. What does inference do with its input?",
)
class drops_in_inference(Drop):
    def call(self, x, training=False):
        return x * self.kept(x) / (1 - self.rate)


@dropout(
    hint="Inverted dropout scales in training, so that inference leaves everything as it is.",
)
class scales_in_inference(Drop):
    def call(self, x, training=False):
        return x * self.kept(x) if training else x * (1 - self.rate)


@dropout(
    hint="Every example of the batch has a mask of its own: how many numbers must be drawn?",
)
class mask_per_batch(Drop):
    def kept(self, x):
        shape = (1, *x.shape[1:])
        drawn = keras.random.uniform(shape, seed=self.seed_generator)
        return ops.cast(drawn >= self.rate, x.dtype)


@dropout(
    hint="The units of an example are dropped one by one, not all together.",
)
class mask_per_example(Drop):
    def kept(self, x):
        shape = (ops.shape(x)[0], *[1] * (len(x.shape) - 1))
        drawn = keras.random.uniform(shape, seed=self.seed_generator)
        return ops.cast(drawn >= self.rate, x.dtype)


@dropout(
    hint="Uniform numbers are smaller than the rate with that probability. Which numbers do you draw?",
)
class normal_draws(Drop):
    def kept(self, x):
        drawn = keras.random.normal(ops.shape(x), seed=self.seed_generator)
        return ops.cast(drawn >= self.rate, x.dtype)


@dropout(
    hint="Is every argument of `__init__` in the configuration? What is not falls back to its default.",
)
class config_incomplete(Drop):  # noqa: F811  (questions share the name)
    def get_config(self):
        return {**keras.layers.Layer.get_config(self), "rate": self.rate}


# conv2d


class Conv(Conv2D):
    """The solution's layer in pieces that a mistake can change one of."""

    def zeros(self, side, size, stride):
        """How many zeros go before and after a side."""
        if self.padding != "same":
            return 0, 0
        total = max((-(-side // stride) - 1) * stride + size - side, 0)
        return total // 2, total - total // 2

    def weight_of(self, u, v):
        return self.kernel[u, v]

    def call(self, x):
        (kh, kw), (sh, sw) = self.kernel_size, self.strides
        rows = self.zeros(x.shape[1], kh, sh)
        columns = self.zeros(x.shape[2], kw, sw)
        x = ops.pad(x, [(0, 0), rows, columns, (0, 0)])
        out = 0.0
        for u in range(kh):
            for v in range(kw):
                window = x[:, u : x.shape[1] - kh + u + 1 : sh, v : x.shape[2] - kw + v + 1 : sw]
                out = out + ops.matmul(window, self.weight_of(u, v))
        return out + self.bias


@conv2d(
    hint='Deep learning\'s "convolution" does not flip the kernel: lay it on the window as it stands.',
)
class flips_kernel(Conv):
    def weight_of(self, u, v):
        kh, kw = self.kernel_size
        return self.kernel[kh - 1 - u, kw - 1 - v]


@conv2d(hint="Each filter has one number more, which is added to its whole map.")
class no_bias(Conv):
    def build(self, input_shape):
        shape = (*self.kernel_size, input_shape[-1], self.filters)
        self.kernel = self.add_weight(shape=shape, initializer="glorot_uniform")
        self.bias = 0.0


@conv2d(
    hint="Keras' kernel is (rows, columns, channels in, filters): which of the last two is which?",
)
class in_out_swapped(Conv):
    def build(self, input_shape):
        shape = (*self.kernel_size, self.filters, input_shape[-1])
        self.kernel = self.add_weight(shape=shape, initializer="glorot_uniform")
        self.bias = self.add_weight(shape=(self.filters,), initializer="zeros")

    def weight_of(self, u, v):
        return ops.transpose(self.kernel[u, v])


@conv2d(
    hint="The window moves by the stride, not by one pixel: how many places are left then?",
)
class stride_ignored(Conv):
    def __init__(self, filters, kernel_size, strides=1, padding="valid", **kwargs):
        super().__init__(filters, kernel_size, strides, padding, **kwargs)
        self.given, self.strides = self.strides, (1, 1)

    def get_config(self):
        return {**super().get_config(), "strides": self.given}


@conv2d(
    hint='padding="same" puts zeros around the picture before anything else: which argument is not used?',
)
class same_as_valid(Conv):
    def zeros(self, side, size, stride):
        return 0, 0


@conv2d(
    hint="Keras puts just as many zeros as it needs, and an odd one at the end; K // 2 on both sides is PyTorch's way.",
)
class symmetric_same(Conv):
    def zeros(self, side, size, stride):
        return (size // 2, size // 2) if self.padding == "same" else (0, 0)


@conv2d(
    hint='How many zeros padding="same" needs depends on the stride and the size, not on the kernel alone.',
)
class same_without_stride(Conv):
    def zeros(self, side, size, stride):
        return super().zeros(side, size, 1)


@conv2d(
    hint="An odd number of zeros: does the extra one stand before the picture or after it?",
)
class extra_zero_first(Conv):
    def zeros(self, side, size, stride):
        return super().zeros(side, size, stride)[::-1]


@conv2d(
    hint="A kernel need not be square: it has `kernel_size[0]` rows and `kernel_size[1]` columns.",
)
class square_only(Conv):
    def __init__(self, filters, kernel_size, strides=1, padding="valid", **kwargs):
        super().__init__(filters, kernel_size, strides, padding, **kwargs)
        self.given = self.kernel_size
        self.kernel_size = (self.kernel_size[0], self.kernel_size[0])

    def get_config(self):
        return {**super().get_config(), "kernel_size": self.given}


@conv2d(
    hint="Rows and columns have a stride each, and the first of the pair is that of the rows.",
)
class one_stride(Conv):
    def call(self, x):
        self.strides = (self.strides[0], self.strides[0])
        return super().call(x)


@conv2d(
    hint="The first of the pair is the stride down the rows, the second the one along them: which axis comes first?",
)
class strides_swapped(Conv):
    def call(self, x):
        given = self.strides
        self.strides = given[::-1]
        out = super().call(x)
        self.strides = given
        return out


@conv2d(
    hint="In a network the batch size may be open, and `x.shape[0]` None. Do you need it at all?",
)
class static_batch(Conv2D):  # noqa: F811  (questions share the name)
    def call(self, x):
        (kh, kw), (sh, sw) = self.kernel_size, self.strides
        if self.padding == "same":
            zeros = [
                max((-(-n // s) - 1) * s + k - n, 0)
                for n, k, s in ((x.shape[1], kh, sh), (x.shape[2], kw, sw))
            ]
            x = ops.pad(x, [(0, 0), *((n // 2, n - n // 2) for n in zeros), (0, 0)])
        rows, columns = (x.shape[1] - kh) // sh + 1, (x.shape[2] - kw) // sw + 1
        flat = ops.reshape(self.kernel, (-1, self.filters))
        out = ops.zeros((x.shape[0], rows, columns, self.filters), dtype=x.dtype)
        for i in range(rows):
            for j in range(columns):
                window = x[:, i * sh : i * sh + kh, j * sw : j * sw + kw]
                column = ops.matmul(ops.reshape(window, (x.shape[0], -1)), flat)
                out = ops.slice_update(out, (0, i, j, 0), column[:, None, None])
        return out + self.bias


@conv2d(
    hint="A kernel of zeros makes all filters alike, and gradient descent keeps them so: begin with random numbers.",
)
class zero_kernel(Conv):
    def build(self, input_shape):
        shape = (*self.kernel_size, input_shape[-1], self.filters)
        self.kernel = self.add_weight(shape=shape, initializer="zeros")
        self.bias = self.add_weight(shape=(self.filters,), initializer="zeros")


@conv2d(
    hint="NumPy's functions know neither symbols nor gradients: `keras.ops` has the same ones, which do.",
)
class numpy_in_call(Conv):  # noqa: F811  (questions share the name)
    def call(self, x):
        (kh, kw), (sh, sw) = self.kernel_size, self.strides
        rows, columns = self.zeros(x.shape[1], kh, sh), self.zeros(x.shape[2], kw, sw)
        x = np.pad(x, [(0, 0), rows, columns, (0, 0)])
        windows = np.lib.stride_tricks.sliding_window_view(x, (kh, kw), (1, 2))[:, ::sh, ::sw]
        out = np.einsum("nhwcuv,uvcf->nhwf", windows, np.asarray(self.kernel))
        return out + self.bias


@conv2d(
    hint="Is every argument of `__init__` in the configuration? What is not falls back to its default.",
)
class config_incomplete(Conv):  # noqa: F811  (questions share the name)
    def get_config(self):
        config = keras.layers.Layer.get_config(self)
        return {**config, "filters": self.filters, "kernel_size": self.kernel_size}


# gelu


@gelu(hint="The formula with tanh is an approximation; the exact one has the error function.")
class tanh_approximation(keras.layers.Layer):
    def call(self, x):
        inner = (2 / np.pi) ** 0.5 * (x + 0.044715 * x**3)
        return 0.5 * x * (1 + ops.tanh(inner))


@gelu(hint="The approximation x times sigmoid(1.702 x) is not exact; the error function is.")
class sigmoid_approximation(keras.layers.Layer):
    def call(self, x):
        return x * ops.sigmoid(1.702 * x)


@gelu(
    hint="erf belongs to a normal distribution of variance 1/2: what is its argument for variance 1?",
)
class missing_root_two(keras.layers.Layer):
    def call(self, x):
        return 0.5 * x * (1 + ops.erf(x))


@gelu(
    hint="x is multiplied by a probability, the area left of x, and not by the bell curve itself.",
)
class density_for_cdf(keras.layers.Layer):
    def call(self, x):
        return x * ops.exp(-0.5 * x * x) / (2 * np.pi) ** 0.5


@gelu(
    hint="The area left of x is 1/2 at x = 0, and 1 far to the right. What is it in your formula?",
)
class half_missing(keras.layers.Layer):
    def call(self, x):
        return x * (1 + ops.erf(x / 2**0.5))


@gelu(hint="The probability is only one factor: what is it multiplied by?")
class probability_only(keras.layers.Layer):
    def call(self, x):
        return 0.5 * (1 + ops.erf(x / 2**0.5))


@gelu(
    hint="np.sqrt(2) is a float64 and makes all it meets one. A plain Python number adapts itself.",
)
class float64_constant(keras.layers.Layer):
    def call(self, x):
        return 0.5 * x * (1 + ops.erf(ops.divide(x, np.sqrt(2.0))))


@gelu(
    hint="np.sqrt(2) is a float64 and makes all it meets one. A plain Python number adapts itself.",
)
class float64_upcast(keras.layers.Layer):
    def call(self, x):
        cdf = 1 + ops.erf(ops.divide(x, np.sqrt(2.0)))
        return ops.multiply(0.5 * x, cdf)


@gelu(hint="The output has the dtype of the input, also where that is float16 or float64.")
class always_float32(keras.layers.Layer):
    def call(self, x):
        x = ops.cast(x, "float32")
        return 0.5 * x * (1 + ops.erf(x / 2**0.5))


# serialization


class Block(keras.layers.Layer):
    """The solution's block, and not registered."""

    def __init__(self, filters, kernel_size=3, groups=1, activation="gelu", rate=0.0, **kwargs):
        super().__init__(**kwargs)
        self.filters, self.kernel_size, self.groups = filters, kernel_size, groups
        self.activation, self.rate = activation, rate
        self.conv = keras.layers.Conv2D(filters, kernel_size, padding="same")
        self.norm = keras.layers.GroupNormalization(groups)
        self.act = keras.layers.Activation(activation)
        self.drop = keras.layers.Dropout(rate)

    def build(self, input_shape):
        self.conv.build(input_shape)
        self.norm.build(self.conv.compute_output_shape(input_shape))

    def call(self, x, training=False):
        return self.drop(self.act(self.norm(self.conv(x))), training=training)

    def get_config(self):
        names = ("filters", "kernel_size", "groups", "activation", "rate")
        return {**super().get_config(), **{name: getattr(self, name) for name in names}}


# Each class under a name of its own, since all of them live in one process.
registered = keras.saving.register_keras_serializable("course")


@conv_block(
    hint="A file holds the name of a class and no code. Where is Keras told which class the name means?",
)
class not_registered(Block):
    pass


@conv_block(
    hint="An argument that is not in the configuration quietly takes its default when the file is loaded.",
)
@registered
class arguments_lost(Block):
    def get_config(self):
        return {**keras.layers.Layer.get_config(self), "filters": self.filters}


@conv_block(
    hint="Without its arguments no layer can be made again: which must `get_config` return beside Keras' own?",
)
@registered
class only_keras_arguments(Block):
    def get_config(self):
        return keras.layers.Layer.get_config(self)


@conv_block(
    hint="The configuration holds the arguments, as numbers and strings. Layers are made from them again.",
)
@registered
class layers_in_config(Block):
    def get_config(self):
        return {**super().get_config(), "conv": self.conv, "norm": self.norm}


@conv_block(
    hint="Read the order again: convolution, normalisation, activation, dropout.",
)
@registered
class activation_first(Block):
    def call(self, x, training=False):
        return self.drop(self.norm(self.act(self.conv(x))), training=training)


@conv_block(
    hint="Layers that are made in `call` are new for every batch. Make them in `__init__` and keep them.",
)
@registered
class layers_in_call(Block):
    def build(self, input_shape):
        pass

    def call(self, x, training=False):
        x = keras.layers.Conv2D(self.filters, self.kernel_size, padding="same")(x)
        x = keras.layers.GroupNormalization(self.groups)(x)
        x = keras.layers.Activation(self.activation)(x)
        return keras.layers.Dropout(self.rate)(x, training=training)


@conv_block(
    hint="The picture keeps its size: which padding does the convolution need?",
)
@registered
class valid_padding(Block):
    def __init__(self, filters, kernel_size=3, groups=1, activation="gelu", rate=0.0, **kwargs):
        super().__init__(filters, kernel_size, groups, activation, rate, **kwargs)
        self.conv = keras.layers.Conv2D(filters, kernel_size)


@misconception(
    "serialization",
    hint="Weights alone do not say which layers they belong to: a new process has only the file.",
)
class weights_only:
    def save_network(model, path):
        with Path(path).open("wb") as file:
            np.savez(file, *model.get_weights())

    def load_network(path):
        weights = np.load(path)
        model = digit_classifier()
        model.set_weights([weights[name] for name in weights.files])
        return model


@misconception(
    "serialization",
    hint="A Lambda layer has code and no name, and Keras refuses to load it. Which layer of Keras scales its input?",
)
class lambda_layer:
    def digit_classifier(filters=8, rate=0.25):
        return keras.Sequential(
            [
                keras.Input((8, 8, 1)),
                keras.layers.Lambda(lambda x: x / 16),
                ConvBlock(filters, rate=rate),
                keras.layers.GlobalAveragePooling2D(),
                keras.layers.Dense(10),
            ]
        )


@misconception(
    "serialization",
    hint="The pictures have values from 0 to 16. Where does your network divide by 16?",
)
class not_rescaled:
    def digit_classifier(filters=8, rate=0.25):
        return keras.Sequential(
            [
                keras.Input((8, 8, 1)),
                ConvBlock(filters, rate=rate),
                keras.layers.GlobalAveragePooling2D(),
                keras.layers.Dense(10),
            ]
        )


@misconception(
    "serialization",
    hint="`digit_classifier` has a rate, and its block never hears of it.",
)
class rate_not_handed_on:
    def digit_classifier(filters=8, rate=0.25):
        return keras.Sequential(
            [
                keras.Input((8, 8, 1)),
                keras.layers.Rescaling(1 / 16),
                ConvBlock(filters),
                keras.layers.GlobalAveragePooling2D(),
                keras.layers.Dense(10),
            ]
        )


@misconception(
    "serialization",
    hint="A network that is kept in Python is gone in a new process: `load_network` has only the file.",
)
class kept_in_memory:
    def save_network(model, path):
        kept.append(model)

    def load_network(path):
        return kept[-1]


@misconception(
    "serialization",
    hint="The configuration has the layers and their arguments. What of all that training has found?",
)
class architecture_only:
    def save_network(model, path):
        Path(path).write_text(model.to_json())

    def load_network(path):
        return keras.models.model_from_json(Path(path).read_text())


@misconception(
    "serialization",
    hint="Registering while saving is too late for a new process, which only loads: do it where the class is defined.",
)
class registered_when_saving:
    class ConvBlock(Block):
        pass

    def save_network(model, path):
        for layer in model.layers:
            if type(layer).__name__ == "ConvBlock":
                keras.saving.register_keras_serializable("late")(type(layer))
        model.save(path)


kept = []
