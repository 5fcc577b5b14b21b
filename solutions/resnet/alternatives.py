"""Right answers of another kind: each must get full marks.

`alternative` and the solution's own functions are given by the box that this file runs in.
"""

import functools
import itertools

import keras
import numpy as np
import tensorflow as tf
from keras import layers, ops

# basic_block

NAMES = (f"faltung_{number}" for number in itertools.count())


class ResidualLayer(layers.Layer):
    """A layer that learns its channels when it is built."""

    def __init__(self, filters, stride=1, **kwargs):
        super().__init__(**kwargs)
        self.filters, self.stride = filters, stride

    def build(self, shape):
        same = {"padding": "same", "use_bias": False}
        self.shortcut = None
        if self.stride != 1 or shape[-1] != self.filters:
            self.shortcut = layers.Conv2D(self.filters, 1, self.stride, name="umweg", **same)
            self.shortcut_norm = layers.BatchNormalization()
        self.second = layers.Conv2D(self.filters, 3, **same)
        self.first = layers.Conv2D(self.filters, 3, self.stride, **same)
        self.norms = [layers.BatchNormalization(), layers.BatchNormalization()]

    def call(self, x, training=None):
        y = ops.relu(self.norms[0](self.first(x), training=training))
        y = self.norms[1](self.second(y), training=training)
        if self.shortcut is not None:
            x = self.shortcut_norm(self.shortcut(x), training=training)
        return ops.relu(y + x)


@alternative("basic_block")
def layer_subclass(x, filters, stride=1):
    return ResidualLayer(filters, stride)(x)


class ResidualModel(keras.Model):
    """A model made of two smaller ones."""

    def __init__(self, channels, filters, stride):
        super().__init__()
        same = {"padding": "same", "use_bias": False}
        self.inner = keras.Sequential(
            [
                layers.Conv2D(filters, 3, stride, **same),
                layers.BatchNormalization(),
                layers.ReLU(),
                layers.Conv2D(filters, 3, **same),
                layers.BatchNormalization(),
            ]
        )
        self.outer = keras.Sequential()
        if stride != 1 or channels != filters:
            self.outer.add(layers.Conv2D(filters, 1, stride, **same))
            self.outer.add(layers.BatchNormalization())

    def call(self, x):
        shortcut = self.outer(x) if self.outer.layers else x
        return keras.activations.relu(self.inner(x) + shortcut)


@alternative("basic_block")
def model_subclass(x, filters, stride=1):
    return ResidualModel(x.shape[-1], filters, stride)(x)


@alternative("basic_block")
def shortcut_last(x: keras.KerasTensor, filters: int, stride: int = 1) -> keras.KerasTensor:
    """The long way first, functions instead of layers, names in another language."""
    faltung = functools.partial(layers.Conv2D, filters, padding="SAME", use_bias=0)
    y = faltung((3, 3), strides=(stride, stride), kernel_initializer="he_normal", name=next(NAMES))(
        x
    )
    y = layers.BatchNormalization(axis=-1)(y)
    y = keras.activations.relu(y)
    y = faltung((3, 3), name=next(NAMES))(y)
    y = layers.BatchNormalization()(y)
    if y.shape != x.shape:
        x = faltung((1, 1), strides=(stride, stride), name=next(NAMES))(x)
        x = layers.BatchNormalization()(x)
    return ops.relu(ops.add(x, y))


@alternative("basic_block")
def padded_by_hand(x, filters, stride=1):
    """Keras' rule for "same", written out, and valid convolutions."""

    def convolved(x, size, stride):
        missing = [max((-(-n // stride) - 1) * stride + size - n, 0) for n in x.shape[1:3]]
        x = layers.ZeroPadding2D([(n // 2, n - n // 2) for n in missing])(x)
        x = layers.Conv2D(filters, size, strides=stride, use_bias=False)(x)
        return layers.BatchNormalization()(x)

    y = layers.Activation("relu")(convolved(x, 3, stride))
    y = convolved(y, 3, 1)
    unchanged = stride == 1 and x.shape[-1] == filters
    shortcut = layers.Identity()(x) if unchanged else convolved(x, 1, stride)
    return layers.Activation("relu")(y + shortcut)


@alternative("basic_block")
def closures(x, filters, stride=1):
    """Functions that return functions, composed; an unused layer beside them."""

    def then(*steps):
        return lambda x: functools.reduce(lambda value, step: step(value), steps, x)

    def conv(size, stride=1):
        return layers.Conv2D(filters, size, stride, padding="same", use_bias=False)

    norm, relu = layers.BatchNormalization, layers.ReLU()
    unused = layers.Dense(3)  # noqa: F841
    long_way = then(conv(3, stride), norm(), relu, conv(3), norm())
    changes = stride > 1 or x.shape[-1] != filters
    short_way = then(conv(1, stride), norm()) if changes else then()
    return relu(layers.add([short_way(x), long_way(x)]))


# bottleneck_block


class Bottleneck(layers.Layer):
    """Sub-layers in a list, the shortcut made when the input is known."""

    def __init__(self, filters, stride, expansion):
        super().__init__()
        self.outgoing = filters * expansion
        plan = [(filters, 1, stride), (filters, 3, 1), (self.outgoing, 1, 1)]
        self.convs = [
            layers.Conv2D(count, size, step, padding="same", use_bias=False)
            for count, size, step in plan
        ]
        self.norms = [layers.BatchNormalization() for _ in plan]
        self.stride, self.project = stride, None

    def build(self, shape):
        if self.stride != 1 or shape[-1] != self.outgoing:
            conv = layers.Conv2D(self.outgoing, 1, self.stride, padding="same", use_bias=False)
            self.project = keras.Sequential([conv, layers.BatchNormalization()])

    def call(self, x):
        y = x
        for number, (conv, norm) in enumerate(zip(self.convs, self.norms, strict=True)):
            y = norm(conv(ops.relu(y) if number else y))
        return ops.relu(y + (self.project(x) if self.project else x))


@alternative("bottleneck_block")
def bottleneck_layer(x, filters, stride=1, expansion=4):
    return Bottleneck(filters, stride, expansion)(x)


@alternative("bottleneck_block")
def sliced_shortcut(x, filters, stride=1, expansion=4):
    """A 1x1 convolution with a stride sees every other pixel: cut those out first."""

    def unit(x, count, size):
        x = layers.Conv2D(count, size, padding="same", use_bias=False)(x)
        return layers.BatchNormalization()(x)

    seen = x[:, ::stride, ::stride, :]
    y = ops.relu(unit(seen, filters, 1))
    y = ops.relu(unit(y, filters, 3))
    y = unit(y, filters * expansion, 1)
    fits = x.shape[1:] == y.shape[1:] and stride == 1
    return ops.maximum(y + (x if fits else unit(seen, filters * expansion, 1)), 0)


@alternative("bottleneck_block")
def names_and_prints(x, filters, stride=1, expansion=4):
    print("block", filters)  # noqa: T201
    inputs = x
    for count, size, step in [(filters, 1, stride), (filters, 3, 1)]:
        x = layers.Conv2D(count, size, step, padding="same", use_bias=False)(x)
        x = layers.BatchNormalization()(x)
        x = layers.Activation("relu")(x)
    x = layers.Conv2D(expansion * filters, 1, use_bias=False)(x)
    x = layers.BatchNormalization()(x)
    if stride != 1 or inputs.shape[-1] != expansion * filters:
        inputs = layers.Conv2D(expansion * filters, 1, stride, use_bias=False)(inputs)
        inputs = layers.BatchNormalization()(inputs)
    return layers.Activation("relu")(layers.Add()([inputs, x]))


# stem


@alternative("stem")
def sequential_stem(x, filters=64):
    return keras.Sequential(
        [
            layers.Conv2D(filters, (7, 7), (2, 2), padding="same", use_bias=False, name="conv1"),
            layers.BatchNormalization(name="bn_conv1"),
            layers.Activation("relu"),
            layers.MaxPool2D((3, 3), (2, 2), padding="same"),
        ]
    )(x)


@alternative("stem")
def relu_after_the_pool(x, filters=64):
    """ReLU never changes which number is the largest."""
    x = layers.Conv2D(filters, 7, strides=2, padding="same", use_bias=False)(x)
    x = layers.BatchNormalization()(x)
    return ops.relu(ops.max_pool(x, 3, strides=2, padding="same"))


# stage


@alternative("stage")
def by_name(x, filters, num_blocks, stride, block):
    for number in range(num_blocks):
        x = block(x, filters=filters, stride=1 if number else stride)
    return x


@alternative("stage")
def by_position(x, filters, num_blocks, stride, block):
    strides = [stride] + [1] * (num_blocks - 1)
    return functools.reduce(lambda value, step: block(value, filters, step), strides, x)


@alternative("stage")
def recursive(x, filters, num_blocks, stride, block):
    if num_blocks == 0:
        return x
    return recursive(block(x, filters, stride), filters, num_blocks - 1, 1, block)


# build_resnet


@alternative("build_resnet")
def one_function(depth, input_shape=(224, 224, 3), num_classes=1000, width=64):
    """Everything in one place, head out of separate layers."""
    counts = {18: "2222", 34: "3463", 50: "3463"}
    stages = {101: [3, 4, 23, 3], 152: [3, 8, 36, 3]}
    if depth in counts:
        stages[depth] = [int(count) for count in counts[depth]]
    if depth not in stages:
        raise ValueError("unknown depth")
    inputs = keras.Input(shape=input_shape, name="bild")
    x = layers.Conv2D(width, 7, 2, padding="same", use_bias=False)(inputs)
    x = layers.MaxPooling2D(3, 2, "same")(layers.ReLU()(layers.BatchNormalization()(x)))
    filters = width
    for place, count in enumerate(stages[depth]):
        for number in range(count):
            stride = 2 if place > 0 and number == 0 else 1
            make = basic_block if depth < 50 else bottleneck_block
            x = make(x, filters, stride=stride)
        filters *= 2
    x = ops.mean(x, axis=(1, 2))
    return keras.Model(inputs, layers.Softmax()(layers.Dense(num_classes)(x)), name="resnet")


class ResNet(keras.Model):
    """A functional trunk inside a model of another class."""

    def __init__(self, trunk, num_classes):
        super().__init__()
        self.head = layers.Dense(num_classes)
        self.trunk = trunk
        self.mean = layers.GlobalAveragePooling2D(keepdims=True)
        self.row = layers.Flatten()

    def call(self, x, training=None):
        maps = self.trunk(x, training=training)
        return ops.softmax(self.head(self.row(self.mean(maps))))


@alternative("build_resnet")
def subclass_with_a_trunk(depth, input_shape=(224, 224, 3), num_classes=1000, width=64):
    if depth not in PLANS:
        raise ValueError(depth)
    counts, deep = PLANS[depth]
    pixels = keras.Input(input_shape)
    x = stem(pixels, width)
    for count, filters, stride in zip(counts, (1, 2, 4, 8), (1, 2, 2, 2), strict=True):
        x = stage(x, filters * width, count, stride, bottleneck_block if deep else basic_block)
    model = ResNet(keras.Model(pixels, x), num_classes)
    model(keras.Input(input_shape))
    return model


@alternative("build_resnet")
def subclass_that_waits(depth, input_shape=(224, 224, 3), num_classes=1000, width=64):
    """The head gets its weights with the first picture."""
    if depth not in PLANS:
        raise ValueError(depth)
    counts, deep = PLANS[depth]
    pixels = keras.Input(input_shape)
    x = stem(pixels, width)
    for place, count in enumerate(counts):
        block = bottleneck_block if deep else basic_block
        x = stage(x, width * 2**place, count, 1 if place == 0 else 2, block)
    return ResNet(keras.Model(pixels, x), num_classes)


# depth


@alternative("depth")
class counted_one_by_one:
    def count_depth(blocks_per_stage, convs_per_block):
        layers = ["stem"]
        for blocks in blocks_per_stage:
            for _ in range(blocks):
                layers += ["conv"] * convs_per_block
        return len([*layers, "dense"])


@alternative("depth")
class numpy_integer:
    def count_depth(blocks_per_stage, convs_per_block):
        return np.sum(blocks_per_stage) * convs_per_block + 2


# identity_by_construction


@alternative("identity_by_construction")
class by_set_weights:
    def make_identity(block_model):
        last = [each for each in block_model.layers if type(each).__name__ == "BatchNormalization"]
        gamma, beta, mean, variance = last[-1].get_weights()
        last[-1].set_weights([0 * gamma, 0 * beta, mean, variance])
        return block_model


@alternative("identity_by_construction")
class before_the_sum:
    def make_identity(block_model):
        """Go back from the sum to the norms that feed it."""
        (total,) = [each for each in block_model.layers if isinstance(each, layers.Add)]
        for tensor in total.input:
            source = tensor._keras_history.operation
            if isinstance(source, layers.BatchNormalization):
                for variable in source.trainable_variables:
                    variable.assign(tf.zeros(variable.shape))


@alternative("identity_by_construction")
class backwards:
    def make_identity(block_model):
        norm = next(
            each for each in block_model.layers[::-1] if isinstance(each, layers.BatchNormalization)
        )
        norm.gamma.assign(np.zeros(norm.gamma.shape))
        norm.beta.assign_sub(norm.beta)


# degradation


@alternative("degradation")
class with_numpy:
    def input_gradient_norm(model, x):
        x = tf.Variable(x)
        with tf.GradientTape() as tape:
            y = ops.sum(model(x, training=True))
        slope = tape.gradient(y, x).numpy()
        return np.sqrt(np.sum(slope.astype(float) ** 2))


@alternative("degradation")
class compiled:
    def input_gradient_norm(model, x):
        @tf.function
        def slope(x):
            return tf.gradients(tf.reduce_sum(model(x, training=True)), x)[0]

        return tf.linalg.norm(tf.reshape(slope(tf.constant(x)), [-1]))


@alternative("degradation")
class outputs_as_they_are:
    def input_gradient_norm(model, x):
        """A tape sums what it is given."""
        x = tf.constant(x, dtype="float32")
        with tf.GradientTape(watch_accessed_variables=False) as tape:
            tape.watch(x)
            y = model(x, training=True)
        return ops.norm(ops.reshape(tape.gradient(y, x), (-1,)))
