"""Right answers of another kind: each must get full marks.

`alternative` and the solution's own functions are given by the box that this file runs in.
"""

import functools
import logging
import sys
import warnings

import keras
import numpy as np

# receptive_field


@alternative("receptive_field")
def from_the_output_down(layers):
    extent = 1
    for kernel, stride in reversed(layers):
        extent = stride * (extent - 1) + kernel
    return extent


@alternative("receptive_field")
def pixels_one_by_one(layers):
    """The pixels of each map that one output needs, walked down as a set."""
    needed = {0}
    for kernel, stride in layers[::-1]:
        needed = {stride * place + offset for place in needed for offset in range(kernel)}
    return max(needed) - min(needed) + 1


@alternative("receptive_field")
def with_numpy(layers):
    if len(layers) == 0:
        return 1
    kernels, strides = np.array(layers).T
    jumps = np.concatenate([[1], np.cumprod(strides)[:-1]])
    return 1 + np.sum((kernels - 1) * jumps)  # a numpy integer


@alternative("receptive_field")
def recursive(layers: list[tuple[int, int]]) -> int:
    if not layers:
        return 1
    (kernel, stride), *above = layers
    print("one more layer", kernel, stride)  # noqa: T201  (students leave such lines)
    return (recursive(above) - 1) * stride + kernel


# stack_params


@alternative("stack_params")
def counts_a_model(kernel_size, num_layers, channels, use_bias=False):
    model = keras.Sequential([keras.Input((None, None, channels))])
    for _ in range(num_layers):
        model.add(keras.layers.Conv2D(channels, kernel_size, use_bias=use_bias))
    return model.count_params()


@alternative("stack_params")
def adds_layer_by_layer(kernel_size, num_layers, channels, use_bias=False):
    total = 0
    for _ in range(num_layers):
        for _ in range(channels):
            total += kernel_size * kernel_size * channels
            total += bool(use_bias)
    return total


@alternative("stack_params")
def numpy_integer(kernel_size: int, num_layers: int, channels: int, use_bias: bool = False) -> int:
    warnings.warn("this warning costs nothing", stacklevel=2)
    weights = np.prod([kernel_size, kernel_size, channels, channels, num_layers])
    return weights + num_layers * channels * use_bias


# vgg_block


@alternative("vgg_block")
def last_relu_after_the_pool(x, num_convs, filters):
    for number in range(num_convs):
        x = keras.layers.Conv2D(filters, (3, 3), padding="SAME")(x)
        if number < num_convs - 1:
            x = keras.layers.Activation("relu")(x)
    return keras.layers.ReLU()(keras.layers.MaxPool2D()(x))


@alternative("vgg_block")
def explicit_zeros(x, num_convs, filters):
    for _ in range(num_convs):
        x = keras.layers.ZeroPadding2D(1)(x)
        x = keras.layers.Conv2D(filters, 3, padding="valid")(x)
        x = keras.layers.ReLU()(x)
    return keras.layers.MaxPooling2D(pool_size=(2, 2), strides=(2, 2), padding="valid")(x)


@alternative("vgg_block")
def a_sequential(x, num_convs, filters):
    block = keras.Sequential()
    for number in range(num_convs):
        name = f"evrisim_{number}"
        block.add(keras.layers.Conv2D(filters, 3, padding="same", activation="relu", name=name))
    block.add(keras.layers.MaxPooling2D())
    return block(x)


class Block(keras.layers.Layer):
    """The pool is made first, the convolutions are made in `build`."""

    def __init__(self, num_convs, filters, **kwargs):
        super().__init__(**kwargs)
        self.num_convs, self.filters = num_convs, filters
        self.pool = keras.layers.MaxPooling2D(2)

    def build(self, input_shape):
        self.convs = []
        for _ in range(self.num_convs):
            conv = keras.layers.Conv2D(self.filters, 3, padding="same")
            conv.build(input_shape)
            input_shape = conv.compute_output_shape(input_shape)
            self.convs.append(conv)
        self.built = True

    def call(self, x):
        for conv in self.convs:
            x = keras.ops.relu(conv(x))
        return self.pool(x)


@alternative("vgg_block")
def a_layer_of_its_own(x, num_convs, filters):
    return Block(num_convs, filters)(x)


@alternative("vgg_block")
def operations(x, num_convs, filters):
    for _ in range(num_convs):
        x = keras.activations.relu(keras.layers.Conv2D(filters, 3, 1, "same")(x))
    return keras.ops.max_pool(x, 2, strides=2, padding="valid")


@alternative("vgg_block")
def double_precision(x, num_convs, filters):
    kind = keras.DTypePolicy("float64")
    for _ in range(num_convs):
        conv = keras.layers.Conv2D(filters, 3, padding="same", dtype=kind)
        x = keras.layers.LeakyReLU(negative_slope=0.0, dtype=kind)(conv(x))
    return keras.layers.MaxPool2D(strides=(2, 2), dtype=kind)(x)


@alternative("vgg_block")
def keras_of_tensorflow(x, num_convs, filters):
    import tensorflow as tf

    conv = functools.partial(tf.keras.layers.Conv2D, kernel_size=3, padding="same")
    convs = [conv(filters, activation=tf.nn.relu, kernel_initializer="he_normal")]
    convs += [conv(filters, activation=tf.nn.relu) for _ in range(num_convs - 1)]
    for layer in convs:
        x = layer(x)
    return tf.keras.layers.MaxPool2D((2, 2))(x)


# build_vgg

VGG16 = ((2, 64), (2, 128), (3, 256), (3, 512), (3, 512))


@alternative("build_vgg")
def sequential_model(blocks=VGG16, input_shape=(224, 224, 3), num_classes=1000, dense_units=4096):
    model = keras.Sequential([keras.Input(input_shape)])
    for num_convs, filters in blocks:
        for _ in range(num_convs):
            model.add(keras.layers.Conv2D(filters, 3, padding="same", activation="relu"))
        model.add(keras.layers.MaxPooling2D())
    model.add(keras.layers.Flatten())
    model.add(keras.layers.Dense(dense_units, "relu"))
    model.add(keras.layers.Dense(dense_units, "relu"))
    model.add(keras.layers.Dense(num_classes, "softmax"))
    return model


@alternative("build_vgg")
def with_dropout(
    blocks=VGG16, input_shape=(224, 224, 3), num_classes=1000, dense_units=4096, rate=0.5
):
    inputs = keras.Input(shape=input_shape, name="kuva")
    x = keras.layers.Rescaling(1.0)(inputs)
    for place, (num_convs, filters) in enumerate(blocks, start=1):
        for number in range(num_convs):
            name = f"rulla{place}_{number}"
            x = keras.layers.Conv2D(filters, 3, padding="same", name=name)(x)
            x = keras.layers.ReLU()(x)
        x = keras.layers.MaxPooling2D(2, 2, name=f"lohko{place}")(x)
    x = keras.layers.Flatten()(x)
    for _ in range(2):
        x = keras.layers.Dense(dense_units)(x)
        x = keras.layers.Activation("relu")(x)
        x = keras.layers.Dropout(rate)(x)
    x = keras.layers.Dense(num_classes)(x)
    return keras.Model(inputs=inputs, outputs=keras.layers.Softmax()(x), name="verkko")


class Vgg(keras.Model):
    """A subclass; the head is made before the body, and one layer is never used."""

    def __init__(self, blocks, num_classes, dense_units):
        super().__init__()
        self.head = [
            keras.layers.Flatten(),
            keras.layers.Dense(dense_units, activation="relu"),
            keras.layers.Dense(dense_units, activation="relu"),
            keras.layers.Dense(num_classes, activation="softmax"),
        ]
        self.body = []
        for num_convs, filters in blocks:
            self.body += [
                keras.layers.Conv2D(filters, 3, padding="same", activation="relu")
                for _ in range(num_convs)
            ]
            self.body.append(keras.layers.MaxPooling2D())
        self.unused = keras.layers.Dropout(0.5)

    def build(self, input_shape):
        for layer in self.body + self.head:
            layer.build(input_shape)
            input_shape = layer.compute_output_shape(input_shape)
        self.built = True

    def call(self, x):
        for layer in self.body + self.head:
            x = layer(x)
        return x


@alternative("build_vgg")
def subclassed_model(blocks=VGG16, input_shape=(224, 224, 3), num_classes=1000, dense_units=4096):
    model = Vgg(blocks, num_classes, dense_units)
    model.build((None, *input_shape))
    return model


class WaitingVgg(keras.Model):
    """A subclass whose layers get their weights with the first picture: Keras builds none before."""

    def __init__(self, blocks, num_classes, dense_units):
        super().__init__()
        self.steps = []
        for num_convs, filters in blocks:
            for _ in range(num_convs):
                self.steps.append(
                    keras.layers.Conv2D(filters, 3, padding="same", activation="relu")
                )
            self.steps.append(keras.layers.MaxPooling2D())
        self.steps.append(keras.layers.Flatten())
        self.steps += [keras.layers.Dense(dense_units, activation="relu") for _ in range(2)]
        self.steps.append(keras.layers.Dense(num_classes, activation="softmax"))

    def call(self, x):
        for layer in self.steps:
            x = layer(x)
        return x


@alternative("build_vgg")
def subclass_that_waits(
    blocks=VGG16, input_shape=(224, 224, 3), num_classes=1000, dense_units=4096
):
    model = WaitingVgg(blocks, num_classes, dense_units)
    model.build((None, *input_shape))  # says that there is no build(), and makes nothing
    return model


@alternative("build_vgg")
def model_of_models(blocks=VGG16, input_shape=(224, 224, 3), num_classes=1000, dense_units=4096):
    logging.getLogger("vgg").warning("a line on stderr")
    print("building", file=sys.stderr)  # noqa: T201
    inputs = keras.Input(tuple(input_shape))
    size = np.array(input_shape)
    features = keras.Sequential([keras.Input(input_shape)], name="merkmale")
    for num_convs, filters in blocks:
        here = keras.Input(tuple(int(side) for side in size))
        features.add(keras.Model(here, vgg_block(here, num_convs, filters)))
        size = np.array([size[0] // 2, size[1] // 2, filters])
    x = keras.layers.Reshape((-1,))(features(inputs))
    head = keras.Sequential([keras.layers.Dense(dense_units, "relu") for _ in range(2)])
    scores = keras.layers.Dense(num_classes)(head(x))
    return keras.Model(inputs, keras.ops.softmax(scores))


# count_layers


@alternative("count_layers", replaces="count_weight_layers")
def recursion_with_ids(model):
    def kernels(layer):
        if isinstance(layer, (keras.layers.Conv2D, keras.layers.Dense)):
            return {id(layer)}
        return set().union(*(kernels(part) for part in getattr(layer, "layers", ())))

    return len(kernels(model))


@alternative("count_layers", replaces="count_weight_layers")
def private_helper_of_keras(model):
    names = [type(layer).__name__ for layer in model._flatten_layers()]
    return names.count("Conv2D") + names.count("Dense")


@alternative("count_layers", replaces="count_weight_layers")
def kernels_of_the_model(model):
    return np.int64(sum(weight.name == "kernel" for weight in model.weights))


@alternative("count_layers", replaces="count_weight_layers")
class with_a_helper:
    def count_weight_layers(model):
        return len({id(layer) for layer in every_layer(model) if hasattr(layer, "kernel")})


def every_layer(model):
    for layer in model.layers:
        yield from every_layer(layer) if isinstance(layer, keras.Model) else [layer]


# where_parameters_are


@alternative("where_parameters_are")
class by_variables:
    def parameter_share(model):
        total = sum(np.prod(weight.shape) for weight in model.weights)
        share = dict.fromkeys(("dense", "conv"), np.float64(0))
        for layer in model.layers:
            size = sum(np.prod(weight.shape) for weight in layer.weights)
            if type(layer).__name__ == "Conv2D":
                share["conv"] += size / total
            elif type(layer).__name__ == "Dense":
                share["dense"] += size / total
        return share

    def activation_shapes(model):
        found = []
        for layer in model.layers:
            if isinstance(layer, keras.layers.InputLayer):
                continue
            _, *rest = layer.output.shape
            found.append([layer.name, list(rest)])
        return found


@alternative("where_parameters_are")
class by_calling_the_model:
    def parameter_share(model):
        conv = dense = 0
        for layer in model.layers:
            numbers = sum(values.size for values in layer.get_weights())
            conv += numbers if isinstance(layer, keras.layers.Conv2D) else 0
            dense += numbers if isinstance(layer, keras.layers.Dense) else 0
        everything = sum(values.size for values in model.get_weights())
        return {"conv": conv / everything, "dense": dense / everything}

    def activation_shapes(model):
        inner = keras.Model(model.inputs, [layer.output for layer in model.layers[1:]])
        outputs = inner(np.zeros((1, *model.input_shape[1:]), "float32"))
        names = [layer.name for layer in model.layers[1:]]
        return tuple((name, tuple(out.shape)[1:]) for name, out in zip(names, outputs, strict=True))
