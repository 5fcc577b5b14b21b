"""Public check cases of `layers`: what `check("conv2d")` tries in the student's notebook.

Small numbers that can be followed by hand. No hidden test uses these inputs; each common mistake
shows in some case, so that `check` can name it.
"""

import math

import numpy as np

from grader.cases import Case, Seed


def ramp(low, high, *shape):
    """Evenly spaced numbers, row by row."""
    return np.linspace(low, high, math.prod(shape)).reshape(shape)


def wave(*shape, step=1.3):
    """Numbers between -1 and 1 without a pattern that a wrong axis could hide in."""
    return np.round(np.sin(step * (1 + np.arange(math.prod(shape)))), 3).reshape(shape)


conv_shapes = [
    Case("conv_shapes", "stride 1, no padding", "conv_output_shape", ((3, 8, 10), 5, 3)),
    Case(
        "conv_shapes",
        "stride 2 and padding 1, with a last step that does not fit",
        "conv_output_shape",
        ((3, 10, 15), 4, 3),
        {"stride": 2, "padding": 1},
    ),
    Case(
        "conv_shapes",
        "a kernel larger than the padded image",
        "conv_output_shape",
        ((1, 3, 9), 2, 6),
        {"padding": 1},
        raises=ValueError,
    ),
    Case("conv_shapes", "weights and biases", "conv_num_params", (2, 3, 4)),
]

conv2d = [
    Case(
        "conv2d",
        "one channel, one filter: an image of 3x4, a kernel of 2x2",
        "conv2d",
        (ramp(0.5, 11.5, 1, 1, 3, 4), np.array([[[[1.0, 2.0], [3.0, 4.0]]]]), np.array([10.0])),
    ),
    Case(
        "conv2d",
        "two examples, three channels, two filters",
        "conv2d",
        (wave(2, 3, 4, 4), wave(2, 3, 3, 3, step=0.7), np.array([0.5, -0.25])),
    ),
    Case(
        "conv2d",
        "a stride of 2",
        "conv2d",
        (wave(1, 2, 6, 5), wave(3, 2, 3, 3, step=0.9), np.array([1.0, 2.0, 3.0])),
        {"stride": 2},
    ),
    Case(
        "conv2d",
        "a border of zeros, one pixel wide",
        "conv2d",
        (ramp(1.0, 2.0, 1, 2, 3, 3), wave(2, 2, 3, 3, step=1.1), np.array([-1.0, 1.5])),
        {"padding": 1},
    ),
    Case(
        "conv2d",
        "a kernel of 2x3 with stride 2 and padding 1",
        "conv2d",
        (wave(3, 1, 4, 7), wave(2, 1, 2, 3, step=1.7), np.array([0.75, 0.1])),
        {"stride": 2, "padding": 1},
    ),
]

conv2d_backward = [
    Case(
        "conv2d_backward",
        "one channel, one filter, no padding",
        "conv2d_backward",
        (ramp(0.5, 2.0, 1, 1, 2, 2), ramp(-4.0, 4.0, 1, 1, 3, 3), ramp(1.0, 2.5, 1, 1, 2, 2)),
    ),
    Case(
        "conv2d_backward",
        "two examples, two channels, three filters, padding 1",
        "conv2d_backward",
        (wave(2, 3, 4, 3), wave(2, 2, 4, 3, step=0.7), wave(3, 2, 3, 3, step=0.9)),
        {"padding": 1},
    ),
    Case(
        "conv2d_backward",
        "a kernel of 2x3 over a wide image, with a stride of 2",
        "conv2d_backward",
        (wave(2, 2, 2, 3), wave(2, 1, 5, 7, step=0.7), wave(2, 1, 2, 3, step=0.9)),
        {"stride": 2},
    ),
]

pool2d = [
    Case(
        "pool2d", "the largest of each 2x2 window", "pool2d", (np.round(4 * wave(1, 2, 4, 6), 1),)
    ),
    Case(
        "pool2d",
        "the mean of each 2x2 window",
        "pool2d",
        (ramp(0.0, 7.5, 1, 1, 4, 4),),
        {"mode": "average"},
    ),
    Case(
        "pool2d",
        "windows of 3x3 that overlap, some of them all negative",
        "pool2d",
        (wave(1, 2, 6, 8, step=0.3) - 0.5,),
        {"size": 3, "stride": 2},
    ),
    Case(
        "pool2d",
        "the gradient of the largest of 2x2",
        "max_pool2d_backward",
        (ramp(1.0, 6.0, 1, 1, 2, 3), wave(1, 1, 4, 6)),
    ),
    Case(
        "pool2d",
        "the gradient where windows of 3x3 overlap",
        "max_pool2d_backward",
        (ramp(1.0, 3.0, 1, 2, 2, 3), wave(1, 2, 5, 8, step=0.4)),
        {"size": 3, "stride": 2},
    ),
]

linear = [
    Case(
        "linear",
        "vectors of three features",
        "linear",
        (ramp(-1.0, 1.5, 2, 3), ramp(0.0, 5.0, 3, 2), np.array([10.0, 20.0])),
    ),
    Case(
        "linear",
        "images of 2x2 pixels",
        "linear",
        (wave(3, 1, 2, 2), wave(4, 2, step=0.7), np.array([0.5, -0.5])),
    ),
    Case(
        "linear",
        "the gradients for images of 2x2 pixels",
        "linear_backward",
        (wave(3, 2), wave(3, 1, 2, 2, step=0.7), wave(4, 2, step=0.9)),
    ),
]

layer_norm = [
    Case(
        "layer_norm",
        "two rows of four features",
        "layer_norm",
        (np.array([[1.0, 2.0, 3.0, 6.0], [-5.0, 0.0, 5.0, 12.0]]), ramp(1.0, 2.5, 4), wave(4)),
    ),
    Case(
        "layer_norm",
        "as many rows as features, and an eps of 0.5",
        "layer_norm",
        (wave(3, 3) * np.array([[1.0], [5.0], [0.2]]), ramp(0.5, 1.5, 3), ramp(2.0, 3.0, 3)),
        {"eps": 0.5},
    ),
    Case(
        "layer_norm",
        "the gradients for three rows",
        "layer_norm_backward",
        (wave(3, 4), 3 * wave(3, 4, step=0.7) + 1, ramp(1.0, 2.5, 4)),
        {"eps": 0.01},
    ),
]

features = np.array([[1.0, -4.0, 0.5], [2.0, -6.0, 0.5], [4.0, -8.0, 1.0], [5.0, -2.0, 2.0]])
state = (
    ramp(0.5, 1.5, 3),
    ramp(-1.0, 1.0, 3),
    np.array([1.0, -2.0, 3.0]),
    np.array([0.5, 2.0, 4.0]),
)
state_of_two = tuple(part[:2] for part in state)

batch_norm = [
    Case("batch_norm", "features in training", "batch_norm", (features, *state)),
    Case(
        "batch_norm",
        "images in training, momentum 0.8",
        "batch_norm",
        (wave(3, 2, 2, 3) * np.array([1.0, 4.0]).reshape(1, 2, 1, 1) + 1, *state_of_two),
        {"momentum": 0.8, "eps": 0.1},
    ),
    Case(
        "batch_norm",
        "features at test time",
        "batch_norm",
        (features[:2], *state),
        {"eps": 0.2, "training": False},
    ),
    Case(
        "batch_norm",
        "the inputs stay as they are",
        "batch_norm",
        (features[1:], *state),
        view="inputs_untouched",
    ),
]

channels = np.array([0.1, 1.0, 10.0, 2.0, 5.0, 0.4]).reshape(1, 6, 1, 1)

group_norm = [
    Case(
        "group_norm",
        "four channels in two groups",
        "group_norm",
        ((wave(2, 4, 2, 3) + 1) * channels[:, :4], 2, ramp(1.0, 2.5, 4), ramp(-1.0, 1.0, 4)),
    ),
    Case(
        "group_norm",
        "six channels in two groups, images as wide as deep",
        "group_norm",
        ((wave(1, 6, 2, 6) + 1) * channels, 2, ramp(0.5, 3.0, 6), ramp(-1.0, 1.0, 6)),
        {"eps": 0.1},
    ),
]

# 2000 units and p = 0.4: sigma of a share is 0.011, of the difference of two shares 0.0155; the
# tolerance is 6.2 of the latter, since the expected share was drawn as well.
layer = ramp(1.0, 2.0, 40, 50)
small = ramp(1.0, 2.0, 6, 8)
few = ramp(-2.0, 3.5, 3, 4)

dropout = [
    Case(
        "dropout",
        "vanilla, training: a unit is kept with probability p = 0.4",
        "dropout_train",
        (layer, 0.4, Seed(1)),
        view="share_kept",
        tolerance=0.096,
    ),
    Case(
        "dropout",
        "vanilla, training: what is kept stays as it is",
        "dropout_train",
        (small, 0.4, Seed(2)),
        view="scale_of_kept",
    ),
    Case("dropout", "vanilla, test time", "dropout_predict", (few, 0.4)),
    Case(
        "dropout",
        "inverted, training: a unit is kept with probability p = 0.4",
        "dropout",
        (layer, 0.4, Seed(3), True),
        view="share_kept",
        tolerance=0.096,
    ),
    Case(
        "dropout",
        "inverted, training: what is kept makes up for what is dropped",
        "dropout",
        (small, 0.4, Seed(4), True),
        view="scale_of_kept",
    ),
    Case("dropout", "inverted, test time", "dropout", (few, 0.4, Seed(5), False)),
    Case(
        "dropout",
        "every call draws a new mask",
        "dropout_train",
        (small, 0.4, Seed(6)),
        view="fresh_mask",
    ),
    Case(
        "dropout",
        "every example has its own mask",
        "dropout_train",
        (small, 0.4, Seed(7)),
        view="mask_per_example",
    ),
    Case(
        "dropout",
        "every unit is dropped on its own",
        "dropout_train",
        (small, 0.4, Seed(8)),
        view="mask_per_unit",
    ),
    Case(
        "dropout",
        "the same state of rng gives the same mask",
        "dropout",
        (small, 0.4, Seed(9), True),
        view="same_mask_twice",
    ),
    Case(
        "dropout",
        "the input stays as it is",
        "dropout_train",
        (few, 0.4, Seed(10)),
        view="inputs_untouched",
    ),
    Case("dropout", "ten units have 1024 masks", "log10_num_masks", (10,)),
    Case("dropout", "2000 units have more masks than a float can hold", "log10_num_masks", (2000,)),
]

to_channels_last = [
    Case(
        "to_channels_last",
        "one image of 2x3 pixels",
        "to_channels_last",
        (ramp(0.0, 11.0, 1, 2, 2, 3), ramp(0.0, 23.0, 3, 2, 2, 2)),
    ),
    Case(
        "to_channels_last",
        "equal sizes, where only the numbers tell",
        "to_channels_last",
        (wave(2, 3, 3, 3), wave(3, 3, 3, 3, step=0.7)),
    ),
]

cases = [
    *conv_shapes,
    *conv2d,
    *conv2d_backward,
    *pool2d,
    *linear,
    *layer_norm,
    *batch_norm,
    *group_norm,
    *dropout,
    *to_channels_last,
]
