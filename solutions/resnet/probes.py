"""Course code in the box: it watches how a student's functions call, and makes models for them.

No architecture of a solution stands here: networks come as data, from the hidden tests.
"""

import keras
import numpy as np


def plan_of(stage, shape, filters, num_blocks, stride):
    """How `stage` calls its blocks: (height, width, channels, filters, stride) of each call."""
    calls = []

    def block(x, filters, stride=1):
        calls.append([*map(int, (*x.shape[1:], filters, stride))])
        return keras.layers.Conv2D(filters, 1, strides=stride, padding="same")(x)

    output = stage(keras.Input(tuple(shape)), filters, num_blocks, stride, block)
    return calls, [int(side) for side in output.shape[1:]]


def trainable_parameters(build, *args, weightless=True):
    """How many parameters the built model learns; without numbers in them there may be many."""
    if not weightless:
        model = build(*args)
        model(np.zeros((1, *args[1])))  # whatever makes its weights late has them now
        return _size(model)
    with keras.StatelessScope(initialize_variables=False):
        model = build(*args)
        if not all(layer.built for layer in model._flatten_layers()):
            raise ValueError("a subclass whose layers wait for their first call has no size yet")
        return _size(model)


def silenced(model, x, training):
    """What a model returns for x when all vectors that it learns are 0."""
    model(x)  # whatever makes its weights late has them now
    for weight in model.trainable_weights:
        if len(weight.shape) == 1:
            weight.assign(keras.ops.zeros_like(weight))
    return keras.ops.convert_to_numpy(model(x, training=training))


def shape_of(function, *args, **kwargs):
    """The shape of what a function returns: its numbers are those of a chance start."""
    return [int(side) for side in keras.ops.shape(function(*args, **kwargs))]


def distribution(model, x):
    """The shape of a model's output, and whether each row is a distribution."""
    found = keras.ops.convert_to_numpy(model(x))
    sums_to_one = np.allclose(found.sum(axis=-1), 1, atol=1e-4) and bool((found >= 0).all())
    return [*map(int, found.shape)], bool(sums_to_one)


def silently(function, *args):
    """Call a function for what it changes; what it returns is ignored."""
    function(*args)


def network(shape, layers, seed):
    """A functional model with random numbers in every variable.

    `layers` holds (class, settings, inputs): the places of earlier layers, -1 for the model's own
    input; an entry with several inputs gets them as a list.
    """
    inputs = keras.Input(tuple(shape))
    outputs = []
    for kind, settings, places in layers:
        given = [inputs if place < 0 else outputs[place] for place in places]
        layer = getattr(keras.layers, kind)(**settings)
        outputs.append(layer(given if len(given) > 1 else given[0]))
    model = keras.Model(inputs, outputs[-1])
    rng = np.random.default_rng(seed)
    for weight in model.weights:
        weight.assign(_numbers(rng, weight))
    return model


def _numbers(rng, weight):
    """Kernels that keep the size of what they meet; vectors of either sign; positive variances."""
    if len(weight.shape) > 1:
        return rng.normal(size=weight.shape) * np.sqrt(2 / np.prod(weight.shape[:-1]))
    sizes = rng.uniform(0.5, 1.5, size=weight.shape)
    return sizes if weight.name == "moving_variance" else sizes * rng.choice([-1, 1], sizes.shape)


def _size(model):
    return sum(int(np.prod(weight.shape)) for weight in model.trainable_weights)
