"""Keras networks written in many ways, right and wrong, for tests of the comparison.

Imported where Keras is installed alone.
"""

from __future__ import annotations

import keras
import tensorflow as tf
from keras import layers, ops

FILTERS = 6


def conv(filters, size=3, strides=1, padding="same", **more):
    return layers.Conv2D(filters, size, strides=strides, padding=padding, **more)


def bare(filters, size=3, strides=1, padding="same"):
    return conv(filters, size, strides, padding, use_bias=False)


def norm(**more):
    return layers.BatchNormalization(**more)


# A block of VGG


def vgg(x, filters=FILTERS):
    for _ in range(2):
        x = conv(filters, activation="relu")(x)
    return layers.MaxPooling2D(2)(x)


def vgg_relu_layers(x, filters=FILTERS):
    for _ in range(2):
        x = ops.relu(conv(filters)(x))
    return layers.MaxPooling2D(2)(x)


def vgg_padded(x, filters=FILTERS):
    for _ in range(2):
        x = layers.ReLU()(conv(filters, padding="valid")(layers.ZeroPadding2D(1)(x)))
    return ops.max_pool(x, 2)


def vgg_bias_apart(x, filters=FILTERS):
    class Bias(layers.Layer):
        def build(self, shape):
            self.b = self.add_weight(shape=(shape[-1],), initializer="zeros")

        def call(self, x):
            return x + self.b

    for _ in range(2):
        x = layers.ReLU()(Bias()(bare(filters)(x)))
    return layers.MaxPooling2D(2)(x)


def vgg_sequential(x, filters=FILTERS):
    parts = [conv(filters, activation="relu", name=f"faltung_{n}") for n in range(2)]
    return keras.Sequential([*parts, layers.MaxPooling2D()])(x)


def vgg_second_made_first(x, filters=FILTERS):
    second = conv(filters, activation="relu")
    second.build((None, None, None, filters))
    first = conv(filters, activation="relu")
    return layers.MaxPooling2D(2)(second(first(x)))


class VggLayer(layers.Layer):
    def __init__(self, filters):
        super().__init__()
        self.pool = layers.MaxPooling2D(2)
        self.idle = layers.Dense(3)
        self.last = conv(filters)
        self.first = conv(filters)

    def build(self, shape):
        self.idle.build((None, 5))
        super().build(shape)

    def call(self, x):
        return self.pool(ops.relu(self.last(ops.relu(self.first(x)))))


def vgg_layer(x, filters=FILTERS):
    return VggLayer(filters)(x)


class VggRaw(layers.Layer):
    """Variables of its own and TensorFlow's operations."""

    def build(self, shape):
        self.b2 = self.add_weight(shape=(FILTERS,), name="x")
        self.k2 = self.add_weight(shape=(3, 3, FILTERS, FILTERS), name="y")
        self.k1 = self.add_weight(shape=(9 * shape[-1], FILTERS), name="z")
        self.b1 = self.add_weight(shape=(1, 1, 1, FILTERS), name="w")

    def call(self, x):
        k1 = tf.reshape(self.k1, (3, 3, -1, FILTERS))
        x = tf.nn.relu(tf.nn.conv2d(x, k1, 1, "SAME") + self.b1)
        x = tf.nn.relu(tf.nn.bias_add(tf.nn.conv2d(x, self.k2, 1, "SAME"), self.b2))
        return tf.nn.max_pool2d(x, 2, 2, "VALID")


def vgg_raw(x):
    return VggRaw()(x)


class VggTransposed(layers.Layer):
    """Kernels in PyTorch's layout."""

    def build(self, shape):
        self.k1 = self.add_weight(shape=(FILTERS, shape[-1], 3, 3))
        self.b1 = self.add_weight(shape=(FILTERS,))
        self.rest = keras.Sequential([layers.ReLU(), conv(FILTERS, activation="relu")])

    def call(self, x):
        x = ops.conv(x, ops.transpose(self.k1, (2, 3, 1, 0)), padding="same") + self.b1
        return ops.max_pool(self.rest(x), 2)


class DenseTransposed(layers.Layer):
    def build(self, shape):
        self.w = self.add_weight(shape=(4, shape[-1]))
        self.b = self.add_weight(shape=(4,))

    def call(self, x):
        return ops.softmax(ops.matmul(x, ops.transpose(self.w)) + self.b)


def classifier_transposed(x):
    x = layers.GlobalAveragePooling2D()(ops.relu(conv(5)(x)))
    return DenseTransposed()(x)


def vgg_transposed(x):
    return VggTransposed()(x)


class VggIf(layers.Layer):
    """Decides on a value, which no trace can follow."""

    def __init__(self):
        super().__init__()
        self.one, self.two = conv(FILTERS, activation="relu"), conv(FILTERS, activation="relu")

    def compute_output_shape(self, shape):
        return (shape[0], shape[1] // 2, shape[2] // 2, FILTERS)

    def build(self, shape):
        self.one.build(shape)
        self.two.build((*shape[:-1], FILTERS))

    def call(self, x):
        if float(ops.max(x)) > 1e9:
            return x
        return ops.max_pool(self.two(self.one(x)), 2)


class VggModel(keras.Model):
    """Subclassed, and not built before it is called."""

    def __init__(self, filters=FILTERS):
        super().__init__()
        self.steps = [conv(filters), layers.Activation("relu")]
        self.more = [conv(filters), layers.Activation("relu"), layers.MaxPooling2D()]

    def call(self, x, training=None):
        for step in [*self.steps, *self.more]:
            x = step(x)
        return x


# Wrong ones


def vgg_average(x):
    for _ in range(2):
        x = conv(FILTERS, activation="relu")(x)
    return layers.AveragePooling2D(2)(x)


def vgg_valid(x):
    for _ in range(2):
        x = conv(FILTERS, activation="relu", padding="valid")(x)
    return layers.MaxPooling2D(2)(x)


def vgg_sigmoid(x):
    for _ in range(2):
        x = conv(FILTERS, activation="sigmoid")(x)
    return layers.MaxPooling2D(2)(x)


def vgg_last_relu_alone(x):
    for activation in (None, "relu"):
        x = conv(FILTERS, activation=activation)(x)
    return layers.MaxPooling2D(2)(x)


def vgg_one(x):
    return layers.MaxPooling2D(2)(conv(FILTERS, activation="relu")(x))


def vgg_five(x):
    for _ in range(2):
        x = conv(FILTERS, 5, activation="relu")(x)
    return layers.MaxPooling2D(2)(x)


def vgg_without_bias(x):
    for _ in range(2):
        x = layers.ReLU()(bare(FILTERS)(x))
    return layers.MaxPooling2D(2)(x)


# Residual blocks


def basic(x, filters=FILTERS, stride=2):
    y = layers.ReLU()(norm()(bare(filters, 3, stride)(x)))
    y = norm()(bare(filters)(y))
    if stride != 1 or x.shape[-1] != filters:
        x = norm()(bare(filters, 1, stride)(x))
    return layers.ReLU()(layers.Add()([y, x]))


def basic_shortcut_first(x, filters=FILTERS, stride=2):
    z = norm()(bare(filters, 1, stride)(x))
    y = ops.relu(norm()(bare(filters, 3, stride)(x)))
    return ops.relu(z + norm()(bare(filters)(y)))


class BasicLayer(layers.Layer):
    def __init__(self, filters=FILTERS, stride=2):
        super().__init__()
        self.norms = [norm() for _ in range(3)]
        self.convs = [bare(filters, 1, stride), bare(filters), bare(filters, 3, stride)]

    def call(self, x, training=None):
        z = self.norms[2](self.convs[0](x), training=training)
        y = ops.relu(self.norms[0](self.convs[2](x), training=training))
        return ops.relu(z + self.norms[1](self.convs[1](y), training=training))


def basic_layer(x):
    return BasicLayer()(x)


class Norm(layers.Layer):
    """Batch normalization by hand."""

    def build(self, shape):
        size = shape[-1]
        self.s2 = self.add_weight(shape=(size,), initializer="ones", trainable=False)
        self.offset = self.add_weight(shape=(size,), initializer="zeros")
        self.factor = self.add_weight(shape=(1, 1, 1, size), initializer="ones")
        self.m = self.add_weight(shape=(size,), initializer="zeros", trainable=False)

    def call(self, x, training=False):
        m, s2 = self.m, self.s2
        if training:
            m, s2 = ops.moments(x, (0, 1, 2))
            self.m.assign(self.m * 0.99 + m * 0.01)
            self.s2.assign(self.s2 * 0.99 + s2 * 0.01)
        return (x - m) / ops.sqrt(s2 + 1e-3) * self.factor + self.offset


class WholeRaw(layers.Layer):
    """A basic block with all variables in one layer."""

    def build(self, shape):
        sizes = [(3, 3, shape[-1], FILTERS), (3, 3, FILTERS, FILTERS), (1, 1, shape[-1], FILTERS)]
        self.kernels = [self.add_weight(shape=each) for each in sizes]
        self.scales = [self.add_weight(shape=(FILTERS,)) for _ in sizes]
        self.shifts = [self.add_weight(shape=(FILTERS,)) for _ in sizes]
        self.means = [self.add_weight(shape=(FILTERS,), trainable=False) for _ in sizes]
        self.variances = [
            self.add_weight(shape=(FILTERS,), initializer="ones", trainable=False) for _ in sizes
        ]

    def step(self, x, n, stride):
        x = ops.conv(x, self.kernels[n], strides=stride, padding="same")
        return ops.batch_normalization(
            x, self.means[n], self.variances[n], -1, self.shifts[n], self.scales[n], 1e-3
        )

    def call(self, x):
        y = self.step(ops.relu(self.step(x, 0, 2)), 1, 1)
        return ops.relu(y + self.step(x, 2, 2))


def basic_raw(x):
    return WholeRaw()(x)


def basic_norm_by_hand(x, filters=FILTERS, stride=2):
    y = layers.ReLU()(Norm()(bare(filters, 3, stride)(x)))
    y = Norm()(bare(filters)(y))
    x = Norm()(bare(filters, 1, stride)(x))
    return layers.ReLU()(layers.Add()([y, x]))


def basic_no_final_relu(x, filters=FILTERS, stride=2):
    y = layers.ReLU()(norm()(bare(filters, 3, stride)(x)))
    y = norm()(bare(filters)(y))
    return layers.Add()([y, norm()(bare(filters, 1, stride)(x))])


def basic_shortcut_from_inside(x, filters=FILTERS, stride=1):
    y = layers.ReLU()(norm()(bare(filters, 3, stride)(x)))
    z = norm()(bare(filters)(y))
    return layers.ReLU()(layers.Add()([z, y]))


def basic_stride_in_second(x, filters=FILTERS):
    y = layers.ReLU()(norm()(bare(filters)(x)))
    y = norm()(bare(filters, 3, 2)(y))
    return layers.ReLU()(layers.Add()([y, norm()(bare(filters, 1, 2)(x))]))


def basic_projection_without_norm(x, filters=FILTERS):
    y = layers.ReLU()(norm()(bare(filters, 3, 2)(x)))
    y = norm()(bare(filters)(y))
    return layers.ReLU()(layers.Add()([y, bare(filters, 1, 2)(x)]))


def basic_relu_before_add(x, filters=FILTERS):
    y = layers.ReLU()(norm()(bare(filters, 3, 2)(x)))
    y = layers.ReLU()(norm()(bare(filters)(y)))
    return layers.Add()([y, norm()(bare(filters, 1, 2)(x))])


def basic_other_epsilon(x, filters=FILTERS):
    y = layers.ReLU()(norm(epsilon=1e-5)(bare(filters, 3, 2)(x)))
    y = norm(epsilon=1e-5)(bare(filters)(y))
    return layers.ReLU()(layers.Add()([y, norm(epsilon=1e-5)(bare(filters, 1, 2)(x))]))


class FrozenBasic(BasicLayer):
    def call(self, x, training=None):
        return super().call(x, training=False)


def basic_frozen(x):
    return FrozenBasic()(x)


# Order and sharing


def two_uses(x):
    a, b = conv(FILTERS), conv(FILTERS)
    y = ops.relu(b(ops.relu(a(x))))
    return ops.relu(b(y)) + a(x)


def two_uses_made_otherwise(x):
    b, a = conv(FILTERS), conv(FILTERS)
    b.build(x.shape)
    first = a(x)
    return first + ops.relu(b(ops.relu(b(ops.relu(first)))))


def two_uses_exchanged(x):
    a, b = conv(FILTERS), conv(FILTERS)
    y = ops.relu(b(ops.relu(a(x))))
    return ops.relu(a(y)) + a(x)


def branches(x):
    return layers.Concatenate()([ops.relu(conv(3)(x)), conv(3)(x)])


def branches_made_otherwise(x):
    right, left = conv(3), conv(3)
    second = right(x)
    return ops.concatenate([layers.ReLU()(left(x)), second], axis=-1)


def branches_plain(x):
    return layers.Concatenate()([conv(3)(x), conv(3)(x)])


def branches_plain_otherwise(x):
    second = conv(3)(x)
    return layers.Concatenate()([conv(3)(x), second])


def branches_fused(x):
    y = conv(6)(x)
    return ops.concatenate([ops.relu(y[..., :3]), y[..., 3:]], axis=-1)


def branches_wrong_side(x):
    return layers.Concatenate()([conv(3)(x), ops.relu(conv(3)(x))])


# Layers


class LayerNorm(layers.Layer):
    def build(self, shape):
        self.a = self.add_weight(shape=(shape[-1],), initializer="ones")
        self.b = self.add_weight(shape=(shape[-1],), initializer="zeros")

    def call(self, x):
        mean, variance = ops.moments(x, -1, keepdims=True)
        return self.a * (x - mean) / ops.sqrt(variance + 1e-3) + self.b


class LayerNormOffsetFirst(layers.Layer):
    def build(self, shape):
        self.b = self.add_weight(shape=(shape[-1],), initializer="zeros")
        self.a = self.add_weight(shape=(shape[-1],), initializer="ones")

    def call(self, x):
        x = x - ops.mean(x, -1, keepdims=True)
        return self.b + x * (self.a * ops.rsqrt(ops.var(x, -1, keepdims=True) + 1e-3))


class LayerNormOutside(LayerNorm):
    def call(self, x):
        mean, variance = ops.moments(x, -1, keepdims=True)
        return self.a * (x - mean) / (ops.sqrt(variance) + 1e-3) + self.b


def classifier(x):
    x = layers.GlobalAveragePooling2D()(ops.relu(conv(5)(x)))
    return layers.Dense(4, activation="softmax")(x)


def classifier_logits(x):
    x = layers.GlobalAveragePooling2D()(ops.relu(conv(5)(x)))
    return layers.Dense(4)(x)


def classifier_dropout(x):
    x = layers.GlobalAveragePooling2D()(ops.relu(conv(5)(x)))
    return layers.Softmax()(layers.Dense(4)(layers.Dropout(0.5)(x)))


def classifier_lambda(x):
    x = layers.Lambda(lambda y: tf.reduce_mean(tf.nn.relu(y), (1, 2)))(conv(5)(x))
    return layers.Activation("softmax")(layers.Dense(4)(x))
