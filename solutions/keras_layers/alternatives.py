"""Right answers of another kind: each must get full marks.

`alternative` and the solution's own classes are given by the box that this file runs in.
"""

import functools
import itertools
import math

import keras
import numpy as np
import tensorflow as tf
from keras import layers, ops

# layer_normalization

layer_normalization = {"question": "layer_normalization", "replaces": "LayerNormalization"}


@alternative(**layer_normalization)
class moments_and_no_config(keras.layers.Layer):
    """Keras makes the configuration by itself where all arguments are plain."""

    def __init__(self, epsilon: float = 1e-3, **kwargs) -> None:
        super().__init__(**kwargs)
        self.epsilon = epsilon

    def build(self, input_shape):
        dim = input_shape[-1]
        self.shift = self.add_weight(shape=(dim,), initializer="zeros", name="b")  # beta first
        self.scale = self.add_weight(shape=(dim,), initializer="ones", name="g")
        super().build(input_shape)

    def call(self, inputs):
        mean, variance = ops.moments(inputs, axes=[-1], keepdims=True)
        return (inputs - mean) * ops.rsqrt(variance + self.epsilon) * self.scale + self.shift


@alternative(**layer_normalization)
class in_tensorflow(tf.keras.layers.Layer):
    def __init__(self, epsilon=0.001, **kwargs):
        super().__init__(**kwargs)
        self.eps = tf.constant(epsilon, dtype=self.compute_dtype)
        self.given = epsilon

    def build(self, input_shape):
        self.gamma = self.add_weight(
            name="gamma", shape=input_shape[-1:], initializer="ones", trainable=True
        )
        self.beta = self.add_weight(
            name="beta", shape=input_shape[-1:], initializer="zeros", trainable=True
        )

    def call(self, x):
        mean, variance = tf.nn.moments(x, axes=[-1], keepdims=True)
        return self.gamma * (x - mean) / tf.sqrt(variance + self.eps) + self.beta

    def get_config(self):
        config = super().get_config()
        config.update({"epsilon": self.given})
        return config


@alternative(**layer_normalization)
class mean_of_squares(keras.layers.Layer):
    """The variance as the mean of the squares less the square of the mean; variables by hand."""

    def __init__(self, epsilon=1e-3, name=None, dtype=None, trainable=True):
        super().__init__(name=name, dtype=dtype, trainable=trainable)
        self.epsilon = epsilon

    def build(self, shape):
        self.gamma = keras.Variable(np.ones(shape[-1]), dtype=self.variable_dtype, name="gamma")
        self.beta = keras.Variable(np.zeros(shape[-1]), dtype=self.variable_dtype, name="beta")

    def call(self, x):
        x = x - ops.stop_gradient(x[..., :1])  # an offset changes nothing but the rounding
        mean = ops.mean(x, -1, keepdims=True)
        variance = ops.mean(x**2, -1, keepdims=True) - mean**2
        return self.gamma * (x - mean) / (variance + self.epsilon) ** 0.5 + self.beta

    def get_config(self):
        return dict(super().get_config(), epsilon=self.epsilon)


# batch_normalization

batch_normalization = {"question": "batch_normalization", "replaces": "BatchNormalization"}


class Normalization(keras.layers.Layer):
    """A base class that two layers could share."""

    def __init__(self, epsilon=1e-3, **kwargs):
        super().__init__(**kwargs)
        self.epsilon = epsilon

    def build(self, input_shape):
        self.gamma = self.add_weight(shape=(input_shape[-1],), initializer="ones")
        self.beta = self.add_weight(shape=(input_shape[-1],), initializer="zeros")

    def normalise(self, x, mean, variance):
        return self.gamma * (x - mean) / ops.sqrt(variance + self.epsilon) + self.beta


@alternative(**batch_normalization)
class with_a_base_class(Normalization):
    def __init__(self, momentum=0.99, epsilon=1e-3, **kwargs):
        super().__init__(epsilon, **kwargs)
        self.momentum = momentum

    def build(self, input_shape):
        super().build(input_shape)
        options = {"shape": (input_shape[-1],), "trainable": False}
        self.variance = self.add_weight(initializer="ones", **options)
        self.mean = self.add_weight(initializer="zeros", **options)

    def call(self, x, training=None):
        if not training or not self.trainable:
            return self.normalise(x, self.mean, self.variance)
        mean, variance = ops.moments(x, axes=list(range(x.ndim - 1)))
        self.mean.assign(self.mean * self.momentum + mean * (1 - self.momentum))
        self.variance.assign(self.variance * self.momentum + variance * (1 - self.momentum))
        return self.normalise(x, mean, variance)

    def get_config(self):
        return {**super().get_config(), "momentum": self.momentum, "epsilon": self.epsilon}


@alternative(**batch_normalization)
class assign_add_and_fold(keras.layers.Layer):
    """Steps towards the batch by assign_add; TensorFlow's operations; one scale and one shift."""

    def __init__(self, momentum=0.99, epsilon=1e-3, **kwargs):
        super().__init__(**kwargs)
        self.momentum, self.epsilon = momentum, epsilon

    def build(self, input_shape):
        c = (input_shape[-1],)
        self.gamma = self.add_weight(name="gamma", shape=c, initializer="ones")
        self.beta = self.add_weight(name="beta", shape=c, initializer="zeros")
        self.moving_mean = self.add_weight(
            name="moving_mean", shape=c, initializer="zeros", trainable=False
        )
        self.moving_variance = self.add_weight(
            name="moving_variance", shape=c, initializer="ones", trainable=False
        )

    def call(self, x, training=False):
        if training and self.trainable:
            mean, variance = tf.nn.moments(x, list(range(len(x.shape) - 1)))
            rate = 1 - self.momentum
            self.moving_mean.assign_add(rate * (mean - self.moving_mean))
            self.moving_variance.assign_sub(rate * (self.moving_variance - variance))
        else:
            mean, variance = ops.copy(self.moving_mean), ops.copy(self.moving_variance)
        scale = tf.math.rsqrt(variance + self.epsilon) * self.gamma
        return x * scale + (self.beta - mean * scale)

    def get_config(self):
        return super().get_config() | {"momentum": self.momentum, "epsilon": self.epsilon}


# group_normalization

group_normalization = {"question": "group_normalization", "replaces": "GroupNormalization"}


@alternative(**group_normalization)
class split_and_concatenate(Normalization):
    """Group by group, without a reshape."""

    def __init__(self, groups, epsilon=1e-3, **kwargs):
        super().__init__(epsilon, **kwargs)
        self.groups = groups

    def build(self, input_shape):
        if input_shape[-1] % self.groups != 0:
            raise ValueError("the number of channels must be a multiple of groups")
        super().build(input_shape)

    def call(self, inputs):
        axes = tuple(range(1, len(inputs.shape)))
        parts = []
        for part in ops.split(inputs, self.groups, axis=-1):
            mean, variance = ops.moments(part, axes=axes, keepdims=True)
            parts.append((part - mean) / ops.sqrt(variance + self.epsilon))
        return ops.concatenate(parts, axis=-1) * self.gamma + self.beta

    def get_config(self):
        return {**super().get_config(), "groups": self.groups, "epsilon": self.epsilon}


@alternative(**group_normalization)
class flat_pixels(Normalization):
    """One row for each example, all pixels in one axis; the batch by -1."""

    def __init__(self, groups, epsilon=1e-3, **kwargs):
        super().__init__(epsilon=epsilon, **kwargs)
        self.groups = groups

    def build(self, input_shape):
        channels = int(input_shape[-1])
        if divmod(channels, self.groups)[1]:
            raise ValueError(f"{self.groups} groups for {channels} channels")
        super().build(input_shape)

    def call(self, inputs):
        *pixels, channels = inputs.shape[1:]
        x = ops.reshape(inputs, (-1, math.prod(pixels), self.groups, channels // self.groups))
        mean = ops.mean(x, axis=(1, 3), keepdims=True)
        std = ops.sqrt(ops.var(x, axis=(1, 3), keepdims=True) + self.epsilon)
        normed = ops.reshape((x - mean) / std, (-1, *pixels, channels))
        return ops.add(ops.multiply(normed, self.gamma), self.beta)

    def get_config(self):
        config = super().get_config()
        config["groups"], config["epsilon"] = self.groups, self.epsilon
        return config


# dropout

dropout = {"question": "dropout", "replaces": "Dropout"}


@alternative(**dropout)
class binomial_mask(keras.layers.Layer):
    """A mask of zeros and ones; the generator is made in `build`."""

    def __init__(self, rate, seed=None, **kwargs):
        super().__init__(**kwargs)
        self.rate, self.seed = rate, seed

    def build(self, input_shape):
        self.generator = keras.random.SeedGenerator(self.seed)

    def call(self, x, training=None):
        if training:
            mask = keras.random.binomial(
                ops.shape(x), counts=1, probabilities=1 - self.rate, seed=self.generator
            )
            x = x * ops.cast(mask, x.dtype) / (1 - self.rate)
        return x

    def get_config(self):
        return {"rate": self.rate, "seed": self.seed, **super().get_config()}


@alternative(**dropout)
class tensorflow_generator(keras.layers.Layer):
    """TensorFlow's generator, which keeps its state in a variable as well."""

    def __init__(self, rate, seed=None, **kwargs):
        super().__init__(**kwargs)
        self.rate, self.seed = rate, seed
        self.generator = (
            tf.random.Generator.from_non_deterministic_state()
            if seed is None
            else tf.random.Generator.from_seed(seed)
        )

    def call(self, x, training=False):
        if not training:
            return x
        keep = 1.0 - self.rate
        kept = self.generator.uniform(tf.shape(x)) < keep
        return tf.where(kept, x / keep, tf.zeros_like(x))


@alternative(**dropout)
class uniform_floor(keras.layers.Layer):
    """floor(keep + uniform) is 1 with probability keep; everything is kept early where rate is 0."""

    def __init__(self, rate, seed=None, **kwargs):
        super().__init__(**kwargs)
        self.rate = rate
        self.seed = seed
        self.seeds = keras.random.SeedGenerator(seed=seed)

    def call(self, inputs, training=False):
        if self.rate == 0 or not training:
            return inputs
        keep = 1 - self.rate
        noise = keras.random.uniform(ops.shape(inputs), dtype=self.compute_dtype, seed=self.seeds)
        return ops.floor(keep + noise) * inputs / keep

    def get_config(self):
        return {**super().get_config(), "rate": self.rate, "seed": self.seed}


# conv2d

conv2d = {"question": "conv2d", "replaces": "Conv2D"}


class Windows(keras.layers.Layer):
    """Arguments, weights and padding, which the answers below share."""

    def __init__(self, filters, kernel_size, strides=1, padding="valid", **kwargs):
        super().__init__(**kwargs)
        self.filters = filters
        self.kernel_size = pair(kernel_size)
        self.strides = pair(strides)
        self.padding = padding.lower()
        # Its size is known here.
        self.bias = self.add_weight(shape=(filters,), initializer="zeros", name="bias")

    def build(self, input_shape):
        shape = self.kernel_size + (input_shape[-1], self.filters)
        self.kernel = self.add_weight(shape=shape, initializer="he_normal", name="kernel")

    def pad(self, x):
        if self.padding == "valid":
            return x
        amounts = [(0, 0)]
        for side, size, stride in zip(x.shape[1:3], self.kernel_size, self.strides, strict=True):
            total = max(size - (stride if side % stride == 0 else side % stride), 0)
            amounts.append((total // 2, total - total // 2))
        return ops.pad(x, [*amounts, (0, 0)])

    def get_config(self):
        return {
            **super().get_config(),
            "filters": self.filters,
            "kernel_size": self.kernel_size,
            "strides": self.strides,
            "padding": self.padding,
        }


@alternative(**conv2d)
class loop_over_offsets(Windows):
    def call(self, inputs):
        x = self.pad(inputs)
        (kh, kw), (sh, sw) = self.kernel_size, self.strides
        out = self.bias
        for u, v in itertools.product(range(kh), range(kw)):
            part = x[:, u : x.shape[1] - kh + u + 1 : sh, v : x.shape[2] - kw + v + 1 : sw, :]
            out = out + ops.matmul(part, self.kernel[u, v])
        return out


@alternative(**conv2d)
class extracted_patches(Windows):
    """im2col by `ops.image.extract_patches`, and one matrix product."""

    def call(self, inputs):
        patches = ops.image.extract_patches(
            self.pad(inputs), size=self.kernel_size, strides=self.strides, padding="valid"
        )
        return ops.matmul(patches, ops.reshape(self.kernel, (-1, self.filters))) + self.bias


@alternative(**conv2d)
class loop_over_places(Windows):
    """Window by window, for any batch size."""

    def call(self, inputs):
        x = self.pad(inputs)
        (kh, kw), (sh, sw) = self.kernel_size, self.strides
        rows = []
        for i in range((x.shape[1] - kh) // sh + 1):
            row = []
            for j in range((x.shape[2] - kw) // sw + 1):
                window = x[:, i * sh : i * sh + kh, j * sw : j * sw + kw, :]
                row.append(ops.tensordot(window, self.kernel, axes=3) + self.bias)
            rows.append(ops.stack(row, axis=1))
        return ops.stack(rows, axis=1)


# gelu

gelu = {"question": "gelu", "replaces": "GELU"}


@alternative(**gelu)
class complementary(keras.layers.Layer):
    """Phi by the complementary error function, which is exact in the tail."""

    def call(self, inputs):
        return 0.5 * inputs * tf.math.erfc(-inputs / math.sqrt(2))


@alternative(**gelu)
class cast_constant(layers.Layer):
    """The constant is cast to the dtype of the input."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.supports_masking = True

    def call(self, x, *args):
        root = ops.cast(np.sqrt(2.0), x.dtype)
        cdf = ops.multiply(ops.cast(0.5, x.dtype), 1 + ops.erf(ops.divide(x, root)))
        return ops.multiply(x, cdf)

    def compute_output_shape(self, input_shape):
        return input_shape


@alternative(**gelu)
class traced(keras.layers.Layer):
    """Decorated with tf.function; TensorFlow's operations."""

    @tf.function
    def call(self, x):
        return x * 0.5 * (1.0 + tf.math.erf(x * 0.7071067811865476))


# serialization


# Each class under a name of its own, since all of them live in one process.
block = keras.saving.register_keras_serializable("course")


@block
class LazyBlock(layers.Layer):
    def __init__(self, filters, kernel_size=3, groups=1, activation="gelu", rate=0.0, **kwargs):
        super().__init__(**kwargs)
        self.filters = filters
        self.kernel_size = kernel_size
        self.groups = groups
        self.activation = keras.activations.get(activation)
        self.rate = rate
        self.conv = layers.Conv2D(filters, kernel_size, padding="same")
        self.norm = layers.GroupNormalization(groups=groups)
        self.drop = layers.Dropout(rate)

    def call(self, x):
        return self.drop(self.activation(self.norm(self.conv(x))))

    def get_config(self):
        config = super().get_config()
        config.update(
            filters=self.filters,
            kernel_size=self.kernel_size,
            groups=self.groups,
            activation=keras.activations.serialize(self.activation),
            rate=self.rate,
        )
        return config


@alternative("serialization")
class one_attribute_each:
    """Layers that are built when they are first called; `custom_objects` at loading; functional."""

    ConvBlock = LazyBlock

    def digit_classifier(filters=8, rate=0.25):
        pictures = keras.Input(shape=(8, 8, 1), name="pictures")
        x = layers.Rescaling(scale=1.0 / 16)(pictures)
        x = LazyBlock(filters, rate=rate, name="block")(x)
        x = layers.GlobalAveragePooling2D()(x)
        return keras.Model(inputs=pictures, outputs=layers.Dense(10)(x), name="digits")

    def save_network(model, path):
        keras.saving.save_model(model, path, overwrite=True)

    def load_network(path):
        return keras.models.load_model(path, custom_objects={"ConvBlock": LazyBlock}, compile=False)


@keras.saving.register_keras_serializable(package="mine", name="Block")
class AutomaticBlock(layers.Layer):
    def __init__(self, filters, kernel_size=3, groups=1, activation="gelu", rate=0.0, **kwargs):
        super().__init__(**kwargs)
        self.inner = keras.Sequential(
            [
                layers.Conv2D(filters, kernel_size, padding="SAME"),
                layers.GroupNormalization(groups),
                layers.Activation(activation),
                layers.Dropout(rate),
            ]
        )

    def build(self, input_shape):
        self.inner.build(input_shape)

    def call(self, x, training=None):
        return self.inner(x, training=training)


@alternative("serialization")
class automatic_configuration:
    """No `get_config`, under another package's name; the pixels are scaled by an operation."""

    ConvBlock = AutomaticBlock

    def digit_classifier(filters=8, rate=0.25):
        pictures = keras.Input((8, 8, 1))
        x = AutomaticBlock(filters=filters, rate=rate)(pictures / 16)
        x = ops.mean(x, axis=(1, 2))
        return keras.Model(pictures, layers.Dense(10)(x))

    def save_network(model, path):
        return model.save(path)

    def load_network(path):
        return tf.keras.models.load_model(path, safe_mode=True)


@block
class OwnLayersBlock(keras.layers.Layer):
    def __init__(self, filters, kernel_size=3, groups=1, activation="gelu", rate=0.0, **kwargs):
        super().__init__(**kwargs)
        self.arguments = {
            "filters": filters,
            "kernel_size": kernel_size,
            "groups": groups,
            "activation": activation,
            "rate": rate,
        }
        self.conv = Conv2D(filters, kernel_size, padding="same")
        self.norm = GroupNormalization(groups)
        self.activate = GELU() if activation == "gelu" else keras.layers.Activation(activation)
        self.drop = Dropout(rate)

    def build(self, input_shape):
        self.conv.build(input_shape)
        self.norm.build((*input_shape[:-1], self.arguments["filters"]))
        super().build(input_shape)

    def call(self, x, training=False):
        return self.drop(self.activate(self.norm(self.conv(x))), training=training)

    def get_config(self):
        return {"arguments": {**self.arguments}, **self.arguments, **super().get_config()}

    @classmethod
    def from_config(cls, config):
        config = dict(config)
        return cls(**config.pop("arguments"), name=config["name"])


@alternative("serialization")
class own_layers:
    """The block out of the notebook's own layers, and a configuration read by `from_config`."""

    ConvBlock = OwnLayersBlock


unused = functools.partial(keras.layers.Dense, 3)
