"""Public check cases of `keras_layers`: what `check("conv2d")` tries in the student's notebook.

The functions that they call are given in the notebook (`your_layer` and its like): they make a layer
of the student's, give its weights fixed values, and return numbers. No hidden test uses these inputs.
"""

import math

import numpy as np

from grader.cases import Case


def wave(*shape, step=1.1, offset=0.0):
    """Numbers between -1 and 1 without a pattern that a wrong axis could hide in."""
    values = np.sin(step * (1 + np.arange(math.prod(shape)))) + offset
    return np.round(values, 3).reshape(shape).astype("float32")


def layer(question, name, title, x, arguments=None, **training):
    return Case(question, title, "your_layer", (x, name, arguments or {}), training)


def network(question, name, title, x, arguments=None):
    return Case(question, title, "your_network", (x, name, arguments or {}))


rows = np.array([[1.0, 2.0, 3.0, 6.0], [-5.0, 0.0, 5.0, 12.0]], "float32")
loud = np.array([0.2, 1.0, 3.0, 0.5, 2.0, 1.5], "float32")
images = wave(3, 2, 4, 6, offset=0.3) * loud + np.arange(6, dtype="float32")

layer_normalization = [
    layer("layer_normalization", "LayerNormalization", "two rows of four features", rows),
    layer(
        "layer_normalization",
        "LayerNormalization",
        "images of 2x3 pixels, epsilon 0.5",
        wave(2, 2, 3, 4) * loud[:4],
        {"epsilon": 0.5},
    ),
    network(
        "layer_normalization",
        "LayerNormalization",
        "in a network with an open batch size, and copied from its configuration",
        wave(3, 5),
        {"epsilon": 0.25, "name": "normed"},
    ),
    layer(
        "layer_normalization",
        "LayerNormalization",
        'in float64, by dtype="float64"',
        wave(2, 3).astype("float64") + 1000.0,
        {"dtype": "float64"},
    ),
]

BATCH = {"momentum": 0.8, "epsilon": 0.1}

batch_normalization = [
    layer(
        "batch_normalization",
        "BatchNormalization",
        "features in training",
        rows - 2.0,
        BATCH,
        training=True,
    ),
    layer(
        "batch_normalization",
        "BatchNormalization",
        "images in training",
        images[..., :3],
        BATCH,
        training=True,
    ),
    layer(
        "batch_normalization",
        "BatchNormalization",
        "images in inference",
        images[..., 2:5],
        BATCH,
        training=False,
    ),
    layer(
        "batch_normalization",
        "BatchNormalization",
        "in training, but frozen by trainable=False",
        images[:2, ..., 3:],
        {**BATCH, "trainable": False},
        training=True,
    ),
    Case(
        "batch_normalization",
        "three steps of training under tf.function, then inference",
        "your_steps",
        (wave(3, 4, 2, offset=1.0), BATCH),
    ),
    network(
        "batch_normalization",
        "BatchNormalization",
        "in a network with an open batch size, and copied from its configuration",
        wave(4, 3, step=0.9),
        {"momentum": 0.6, "epsilon": 0.3},
    ),
]

group_normalization = [
    layer(
        "group_normalization",
        "GroupNormalization",
        "six channels in two groups",
        images,
        {"groups": 2},
    ),
    layer(
        "group_normalization",
        "GroupNormalization",
        "four channels in four groups, epsilon 0.5",
        images[:2, ..., :4],
        {"groups": 4, "epsilon": 0.5},
    ),
    network(
        "group_normalization",
        "GroupNormalization",
        "in a network with an open batch size, and copied from its configuration",
        images[..., 1:5],
        {"groups": 2, "epsilon": 0.2},
    ),
    Case(
        "group_normalization",
        "three groups for four channels",
        "your_layer",
        (images[..., :4], "GroupNormalization", {"groups": 3}),
        raises=ValueError,
    ),
]

# 2400 units and rate = 0.3: sigma of each share is below 0.011. The tolerance of 0.35 is far wider; the
# mistakes are farther off than that, the nearest by 0.4.
dropout = [
    Case(
        "dropout",
        "what stays true of every draw, rate = 0.3",
        "your_draws",
        (wave(60, 40, offset=3.0), {"rate": 0.3}),
        tolerance=0.35,
    ),
]

conv2d = [
    layer(
        "conv2d",
        "Conv2D",
        "a kernel of 3x2 over images of 5x4, three channels, two filters",
        wave(2, 5, 4, 3),
        {"filters": 2, "kernel_size": [3, 2]},
    ),
    layer(
        "conv2d",
        "Conv2D",
        "a stride of 2 for rows, 3 for columns",
        wave(1, 6, 8, 2, step=0.7),
        {"filters": 3, "kernel_size": 2, "strides": [2, 3]},
    ),
    layer(
        "conv2d",
        "Conv2D",
        'padding "same" with a kernel of 3',
        wave(1, 4, 5, 1, offset=0.5),
        {"filters": 2, "kernel_size": 3, "padding": "same"},
    ),
    layer(
        "conv2d",
        "Conv2D",
        'padding "same" with a kernel of 2x4 and a stride of 2',
        wave(2, 6, 7, 2, offset=0.5),
        {"filters": 1, "kernel_size": [2, 4], "strides": 2, "padding": "same"},
    ),
    network(
        "conv2d",
        "Conv2D",
        "in a network with an open batch size, and copied from its configuration",
        wave(3, 6, 4, 2, step=1.7),
        {"filters": 2, "kernel_size": 3, "strides": 2, "padding": "same"},
    ),
]

gelu = [
    layer("gelu", "GELU", "numbers from -3 to 3", np.linspace(-3, 3, 13, dtype="float32")),
    layer("gelu", "GELU", "far from 0", np.array([-30.0, -9.0, 9.0, 30.0], "float32")),
    Case(
        "gelu",
        "the dtype of the output, for float16, float32 and float64",
        "your_dtypes",
        (np.linspace(-2, 2, 5),),
    ),
    network("gelu", "GELU", "in a network with an open batch size", wave(2, 3, 4)),
]

serialization = [
    layer(
        "serialization",
        "ConvBlock",
        "a block of four filters in two groups",
        wave(2, 4, 5, 2),
        {"filters": 4, "kernel_size": 2, "groups": 2, "activation": "tanh", "rate": 0.5},
    ),
    Case(
        "serialization",
        "a network with such a block, saved and loaded",
        "your_file",
        (
            wave(2, 4, 5, 2, step=0.7),
            "ConvBlock",
            {"filters": 4, "kernel_size": 2, "groups": 2, "activation": "tanh", "rate": 0.5},
        ),
    ),
    Case(
        "serialization",
        "a classifier of digits, saved and loaded",
        "your_file",
        (np.round(8 + 8 * wave(2, 8, 8, 1)), "digit_classifier", {"filters": 3, "rate": 0.1}),
    ),
]

cases = [
    *layer_normalization,
    *batch_normalization,
    *group_normalization,
    *dropout,
    *conv2d,
    *gelu,
    *serialization,
]
