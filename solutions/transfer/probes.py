"""Small networks for the hidden tests of `transfer`, and what happens to them in a student's hands.

The networks are narrow, with convolutions without bias, batch norm and dropout; a seed decides all
of their weights and running statistics. A probe hands a fresh one to the student's function, which
may use it or a copy, and returns what it saw as data: the variables of the network are found again
by their values, not by names or places. There is no reference here and no expected value.
"""

import zlib
from contextlib import contextmanager

import keras
import numpy as np
import tensorflow as tf

# Networks


@keras.saving.register_keras_serializable("probes")
class Witness(keras.layers.Layer):
    """Passes images on and notes how many come at a time."""

    seen = []

    def call(self, x):
        if x.shape[0] is not None:
            Witness.seen.append(int(x.shape[0]))
        return x


def base_of(shape, widths, dropout=0.0):
    """Convolutions with batch norm, and dropout on top: maps, as a network without classifier gives."""
    inputs = x = keras.Input(shape)
    for number, width in enumerate(widths):
        x = block(x, width, number, strides=1 + (number > 0))
    if dropout:
        x = keras.layers.Dropout(dropout, seed=5)(x)
    return keras.Model(inputs, x)


def classifier_of(shape, widths, num_classes, head="average"):
    """A classifier whose last layer is the softmax; `head` is what stands between it and the maps."""
    inputs = keras.Input(shape)
    x = Witness()(inputs)
    for number, width in enumerate(widths):
        x = block(x, width, number, strides=1 + number % 2)
    pool = keras.layers.Flatten if head == "flatten" else keras.layers.GlobalAveragePooling2D
    x = pool()(x)
    if head == "hidden":
        x = keras.layers.Dense(6, "tanh", kernel_initializer="zeros", name="hidden")(x)
    if head != "flatten":
        x = keras.layers.Dropout(0.4, seed=5, name="drop")(x)
    outputs = keras.layers.Dense(
        num_classes, activation="softmax", kernel_initializer="zeros", name="classes"
    )(x)
    return keras.Model(inputs, outputs)


def block(x, width, number, strides):
    """A convolution without bias, batch norm, ReLU. The seed will decide the values of the weights."""
    x = keras.layers.Conv2D(
        width,
        3,
        strides,
        padding="same",
        use_bias=False,
        kernel_initializer="zeros",
        name=f"conv_{number}",
    )(x)
    x = keras.layers.BatchNormalization(momentum=0.7, name=f"norm_{number}")(x)
    return keras.layers.ReLU(name=f"relu_{number}")(x)


# To build a network takes longer than all the rest: each is built once, and then made as new.
BUILT = {}


def fresh(make, settings, seed):
    """A network with the weights of a seed, all of it trainable, its generators at their start."""
    key = make.__name__ + repr(settings)
    if key not in BUILT:
        network = make(*settings)
        own = {id(weight) for weight in network.weights}
        states = [each for each in network.variables if id(each) not in own]
        flags = [(each, each.trainable) for each in network.weights]
        BUILT[key] = network, flags, [(state, np.array(state)) for state in states]
    network, flags, states = BUILT[key]
    for layer in [network, *network.layers]:
        layer._trainable = True  # assigned to `trainable`, it does nothing where it is True already
    for weight, flag in flags:
        weight.trainable = flag
    for state, start in states:
        state.assign(start)
    fill(network.weights, seed)
    return network


def role_of(variable):
    """The last part of a variable's path: kernel, gamma, moving_mean, ..."""
    return variable.path.rpartition("/")[2]


def fill(variables, seed):
    """Give each variable values that the seed and its place decide, no two alike."""
    for place, variable in enumerate(variables):
        rng = np.random.default_rng([seed, place])
        variable.assign(DRAWN[role_of(variable)](rng, tuple(variable.shape)))


def kernel(rng, shape):
    return rng.normal(size=shape) * np.sqrt(2 / np.prod(shape[:-1]))


DRAWN = {
    "kernel": kernel,
    "bias": lambda rng, shape: rng.normal(size=shape) * 0.5,
    "gamma": lambda rng, shape: rng.uniform(0.6, 1.6, size=shape),
    "beta": lambda rng, shape: rng.normal(size=shape) * 0.4 + 0.3,
    "moving_mean": lambda rng, shape: rng.normal(size=shape) * 0.3,
    "moving_variance": lambda rng, shape: rng.uniform(0.5, 2.0, size=shape),
}


@contextmanager
def eagerly():
    """Run `fit`, `predict` and the like step by step: nothing is traced, and every call is seen."""
    before = tf.config.functions_run_eagerly()
    tf.config.run_functions_eagerly(True)
    try:
        yield
    finally:
        tf.config.run_functions_eagerly(before)


# extract_features


def features(extract, network, seed, images, layer_name=None):
    """The features, the largest batch that reached the network, and what of it has changed."""
    base = fresh(classifier_of, network, seed)
    before = [np.array(weight) for weight in base.weights]
    flags = flags_of(base)
    Witness.seen.clear()
    with eagerly():
        found = extract(base, images) if layer_name is None else extract(base, images, layer_name)
    moved = {
        role_of(weight)
        for weight, old in zip(base.weights, before, strict=True)
        if not np.array_equal(np.array(weight), old)
    }
    if flags_of(base) != flags:
        moved.add("flag `trainable`")
    return {"features": found, "largest": max(Witness.seen, default=0), "moved": sorted(moved)}


def flags_of(network):
    return [each.trainable for each in (network, *network.layers)]


# Networks that a student has built on a base


class Built:
    """A student's network on a base of ours: which of its variables are the base's, and which new."""

    def __init__(self, build, network, seed, *args):
        self.base = fresh(base_of, network, seed)
        own = [np.array(weight) for weight in self.base.weights]
        places = {
            id(weight): number
            for number, layer in enumerate(self.base.layers)
            for weight in layer.weights
        }
        where = [(places[id(weight)], role_of(weight)) for weight in self.base.weights]
        self.model = build(self.base, *args)
        self.model(np.zeros((1, *self.base.input_shape[1:]), "float32"), training=False)
        self.found = {}  # (place of the layer in the base, role): variable
        self.new = []
        for variable in self.model.weights:
            place = next((each for each, value in enumerate(own) if same(value, variable)), None)
            if place is None:
                self.new.append(variable)
            else:
                self.found[where[place]] = variable
        self.kept = len(self.found) / len(own)
        self.fill_new(seed)

    def fill_new(self, seed):
        """Values for the new variables that depend on their shape alone."""
        for variable in self.new:
            shape = tuple(variable.shape)
            rng = np.random.default_rng([seed, zlib.crc32(repr(shape).encode())])
            variable.assign(rng.normal(size=shape) * 0.5)

    def trained(self):
        """The shapes of the variables that a step may change, smallest first."""
        return sorted([list(variable.shape) for variable in self.model.trainable_variables])

    def step(self, images, labels, steps=1, rate=0.05):
        """Steps of gradient descent in training mode: the losses before each, and what has moved."""
        before = {key: np.array(variable) for key, variable in self.found.items()}
        old = [np.array(variable) for variable in self.new]
        losses = [self.descend(images, labels, rate) for _ in range(steps)]
        moved = [key for key, value in before.items() if not same(value, self.found[key])]
        heads = [not same(value, new) for value, new in zip(old, self.new, strict=True)]
        return losses, sorted(moved), heads

    def descend(self, images, labels, rate):
        trained = [variable.value for variable in self.model.trainable_variables]
        with tf.GradientTape() as tape:
            shares = self.model(images, training=True)
            loss = keras.ops.mean(keras.losses.sparse_categorical_crossentropy(labels, shares))
        for variable, slope in zip(trained, tape.gradient(loss, trained), strict=True):
            if slope is not None:
                variable.assign_sub(rate * slope)
        return float(loss)


def same(value, variable):
    return value.shape == tuple(variable.shape) and np.array_equal(value, np.array(variable))


def outputs(build, network, seed, images, *args):
    """What the student's network gives in inference, once its new variables have values."""
    built = Built(build, network, seed, *args)
    return {"kept": built.kept, "output": built.model(images, training=False)}


def probe_trained(build, network, seed, images, labels, *args):
    """A linear probe before and after two steps of training."""
    built = Built(build, network, seed, *args)
    seen = {"trained": built.trained(), "kept": built.kept}
    _, moved, heads = built.step(images, labels, steps=2)
    return seen | {"moved": sorted({role for _, role in moved}), "heads": sorted(heads)}


def probe_modes(build, network, seed, images, *args):
    """The network's output in training mode, on a base without dropout."""
    built = Built(build, network, seed, *args)
    return {"kept": built.kept, "output": built.model(images, training=True)}


def finetuned(build, network, seed, images, labels, num_classes, num_frozen):
    """Which layers of the base move in one step, and whether frozen statistics do."""
    built = Built(build, network, seed, num_classes, num_frozen)
    _, moved, heads = built.step(images, labels)
    learnt = sorted({place for place, role in moved if "moving" not in role})
    statistics = sorted({place for place, role in moved if "moving" in role})
    return {
        "kept": built.kept,
        "moved": learnt,
        "statistics": [place for place in statistics if place < num_frozen],
        "heads": sorted(heads),
    }


def losses(build, network, seed, images, labels, steps, *args):
    """The losses of some steps on one batch."""
    return Built(build, network, seed, *args).step(images, labels, steps)[0]


# compile_for_finetuning


def compiled(compile_model, network, seed, images, labels, rate, num_frozen, steps=1):
    """A classifier trained with a frozen base; some layers thawed; the student's compile; a step."""
    model = fresh(classifier_of, network, seed)
    with eagerly():
        freeze(model, len(model.layers) - 1)
        model.compile(keras.optimizers.SGD(0.01), "sparse_categorical_crossentropy")
        model.train_on_batch(images, labels)
        freeze(model, num_frozen)
        given, returned = model, compile_model(model, rate)
        model = given if returned is None else returned
        seen = {
            "rate": float(np.asarray(model.optimizer.learning_rate)),
            "flags": [layer.trainable for layer in model.layers],
        }
        return seen | (after_step(model, given, images, labels) if steps else {})


def freeze(model, count):
    """The first layers are frozen, the others are not."""
    for number, layer in enumerate(model.layers):
        layer.trainable = number >= count


def after_step(model, given, images, labels):
    """The loss, what it should be the loss of, and which layers one step moves."""
    shares = np.array(given(images, training=False))
    before = [[np.array(weight) for weight in layer.trainable_weights] for layer in model.layers]
    try:
        loss = float(np.ravel(model.test_on_batch(images, labels))[0])
        model.train_on_batch(images, labels)
    except (ValueError, KeyError, tf.errors.OpError) as error:
        return {"failed": type(error).__name__, "loss": 0.0, "shares": shares, "moved": []}
    moved = [
        number
        for number, (layer, old) in enumerate(zip(model.layers, before, strict=True))
        if any(
            not same(value, new) for value, new in zip(old, layer.trainable_weights, strict=True)
        )
    ]
    return {"failed": "", "loss": loss, "shares": shares, "moved": moved}


# parameter_report


def report(report_of, network, frozen):
    """What a student's report says of a classifier whose layers of these names are frozen."""
    model = fresh(classifier_of, network, 0)
    for name in frozen:
        model.get_layer(name).trainable = False
    return report_of(model)


def report_of_base(report_of, network, nested):
    """The same of a frozen base under a new layer, as one layer of the model or as many."""
    base = fresh(base_of, network, 0)
    base.trainable = False
    maps = base(base.input) if nested else base.output
    return report_of(keras.Model(base.input, keras.layers.Dense(3)(maps)))
