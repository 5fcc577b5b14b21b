"""Hidden tests of `layers`. A docstring is the sentence that the student reads.

Inputs are small, so that six nested Python loops take milliseconds, and come from `rng`, whose seed
is the course's secret: no test may count on a lucky draw. Statistical bounds state their sigma; at
6.2 sigma a right answer is refused less than once in 10^9 runs.
"""

import math

import numpy as np
import pytest

from grader.harness import (
    assert_close,
    assert_matches,
    assert_raises,
    assert_shape,
    assert_statistic,
    assert_untouched,
    fail,
    gradient_check,
    observe,
)

SIGMAS = 6.2


def parts(value, names, function):
    """The parts of a returned tuple, or a failure that says what is missing."""
    if not isinstance(value, tuple | list) or len(value) != len(names):
        got = len(value) if isinstance(value, tuple | list) else "one value"
        fail(
            f"{function} returned {got} where {len(names)} parts are expected.",
            f"The parts are {', '.join(names)}, in this order.",
            f"End with: return {', '.join(names)}",
        )
    return value


class FlatParts:
    """A student's function whose (1, D) parts count as (D,): shapes have a test of their own."""

    def __init__(self, function, names, flat):
        self.name, self._function, self._names, self._flat = function.name, function, names, flat

    def __call__(self, *args, **kwargs):
        found = parts(self._function(*args, **kwargs), self._names, self.name)
        return tuple(
            value.reshape(-1) if name in self._flat and isinstance(value, np.ndarray) else value
            for name, value in zip(self._names, found, strict=True)
        )


def images(rng, *shape, offset=0.0):
    return rng.normal(size=shape) + offset


def layer(rng, num_filters, channels, height, width):
    """Filters and biases. Biases are far from 0 and from each other."""
    w = rng.normal(size=(num_filters, channels, height, width))
    return w, rng.permutation(num_filters) - 1.5 + rng.uniform(0.1, 0.4, size=num_filters)


def distinct(rng, *shape):
    """Values at least 0.05 apart, so that a small step changes no maximum."""
    size = math.prod(shape)
    return (rng.permutation(size).reshape(shape) - size / 2 + 0.21) * 0.05


def awkward(array):
    """The same values in memory that is neither contiguous nor writeable."""
    every_other = tuple(slice(None, None, 2) for _ in array.shape)
    view = np.zeros([2 * side for side in array.shape])[every_other]
    view[...] = array
    view.flags.writeable = False
    return view


# conv_shapes


@pytest.mark.question("conv_shapes")
def test_shape_of_the_lecture(student):
    """Six 5x5 filters over a 3x32x32 image give the maps of the lecture, six of 28x28."""
    assert_close(student.conv_output_shape((3, 32, 32), 6, 5), (6, 28, 28), "the output shape")


@pytest.mark.question("conv_shapes")
@pytest.mark.weight(2)
@pytest.mark.parametrize(
    ("shape", "num_filters", "kernel_size", "stride", "padding"),
    [
        ((3, 12, 19), 7, 4, 1, 2),
        ((5, 13, 17), 2, 3, 2, 0),
        ((1, 23, 11), 4, 5, 3, 2),
        ((4, 9, 16), 1, 1, 4, 0),
        ((2, 15, 8), 3, 2, 3, 1),
    ],
    ids=["padding", "stride", "both", "pointwise", "even kernel"],
)
def test_output_shape(student, reference, shape, num_filters, kernel_size, stride, padding):
    """The output shape is (F, H', W') for strides, paddings and images that are not square; a last step that does not fit is dropped."""
    sizes = {"stride": stride, "padding": padding}
    assert_matches(
        student.conv_output_shape,
        reference.conv_output_shape,
        shape,
        num_filters,
        kernel_size,
        **sizes,
    )


@pytest.mark.question("conv_shapes")
def test_sizes_are_whole_numbers(student):
    """Sizes are whole numbers of type int, since they are to be used as shapes."""
    shape = student.conv_output_shape((2, 14, 10), 3, 4, stride=2, padding=1)
    for size in parts(shape, ("F", "H'", "W'"), "conv_output_shape"):
        if not isinstance(size, int | np.integer) and np.asarray(size).dtype.kind not in "iu":
            fail(
                f"conv_output_shape returned a size of type {type(size).__name__}.",
                "Every size has type int.",
                "Divide with // instead of /: the last, incomplete step is dropped.",
            )
    assert_close(tuple(map(int, shape)), (3, 7, 5), "the output shape")


@pytest.mark.question("conv_shapes")
def test_kernel_must_fit(student):
    """A kernel larger than the padded image, in height or in width, raises ValueError."""
    assert_raises(student.conv_output_shape, ValueError, (2, 4, 11), 3, 6)
    assert_raises(student.conv_output_shape, ValueError, (2, 11, 4), 3, 7, stride=2, padding=1)


@pytest.mark.question("conv_shapes")
def test_kernel_fits_after_padding(student):
    """A kernel that fits once the image is padded is fine, also when it fits in one place only."""
    found = student.conv_output_shape((1, 3, 4), 2, 5, stride=2, padding=1)
    assert_close(found, (2, 1, 1), "the output shape")
    found = student.conv_output_shape((6, 7, 7), 5, 7, stride=3)
    assert_close(found, (5, 1, 1), "the output shape")


@pytest.mark.question("conv_shapes")
@pytest.mark.weight(2)
@pytest.mark.parametrize(
    ("channels", "num_filters", "kernel_size"), [(3, 6, 5), (7, 11, 2)], ids=["lecture", "other"]
)
def test_num_params(student, reference, channels, num_filters, kernel_size):
    """The number of parameters counts all weights of every filter, and its bias."""
    assert_matches(
        student.conv_num_params, reference.conv_num_params, channels, num_filters, kernel_size
    )


# conv2d


@pytest.mark.question("conv2d")
@pytest.mark.weight(2)
def test_conv_values(student, reference, rng):
    """The output equals the reference for a batch of square images, stride 1, no padding."""
    x = images(rng, 2, 3, 6, 6)
    assert_matches(student.conv2d, reference.conv2d, x, *layer(rng, 4, 3, 3, 3))


@pytest.mark.question("conv2d")
@pytest.mark.parametrize(("height", "width"), [(8, 5), (4, 9)], ids=["high", "wide"])
def test_conv_of_a_rectangular_image(student, reference, rng, height, width):
    """Height and width of the image may differ."""
    x = images(rng, 2, 2, height, width)
    assert_matches(student.conv2d, reference.conv2d, x, *layer(rng, 3, 2, 3, 3))


@pytest.mark.question("conv2d")
@pytest.mark.parametrize(("height", "width"), [(3, 2), (1, 4)], ids=["high", "wide"])
def test_conv_with_a_rectangular_kernel(student, reference, rng, height, width):
    """Height and width of the kernel may differ."""
    x = images(rng, 2, 2, 6, 6)
    assert_matches(student.conv2d, reference.conv2d, x, *layer(rng, 4, 2, height, width))


@pytest.mark.question("conv2d")
@pytest.mark.parametrize("stride", [2, 3])
def test_conv_with_a_stride(student, reference, rng, stride):
    """The window moves by the stride along both axes; a last step that does not fit is dropped."""
    x = images(rng, 2, 3, 8, 10)
    assert_matches(student.conv2d, reference.conv2d, x, *layer(rng, 2, 3, 3, 4), stride=stride)


@pytest.mark.question("conv2d")
@pytest.mark.parametrize("padding", [1, 2])
def test_conv_with_padding(student, reference, rng, padding):
    """Zeros surround the image on all four sides, and the windows reach into them."""
    x = images(rng, 2, 2, 5, 6, offset=0.7)
    assert_matches(student.conv2d, reference.conv2d, x, *layer(rng, 3, 2, 3, 3), padding=padding)


@pytest.mark.question("conv2d")
@pytest.mark.weight(2)
@pytest.mark.parametrize(("stride", "padding"), [(2, 1), (3, 2)])
def test_conv_with_stride_and_padding(student, reference, rng, stride, padding):
    """Stride and padding together, with more examples than filters."""
    x = images(rng, 4, 2, 7, 9)
    w, b = layer(rng, 3, 2, 2, 3)
    assert_matches(student.conv2d, reference.conv2d, x, w, b, stride=stride, padding=padding)


@pytest.mark.question("conv2d")
def test_conv_of_one(student, reference, rng):
    """One example, one channel, one filter; also with a kernel as large as the image."""
    x = images(rng, 1, 1, 5, 4)
    assert_matches(student.conv2d, reference.conv2d, x, *layer(rng, 1, 1, 2, 2), padding=1)
    assert_matches(student.conv2d, reference.conv2d, x, *layer(rng, 1, 1, 5, 4))


@pytest.mark.question("conv2d")
def test_conv_of_an_impulse(student, rng):
    """A single bright pixel returns the kernel turned by 180 degrees, as cross-correlation does."""
    w, b = rng.normal(size=(2, 3, 3, 2)), np.zeros(2)
    row, column, channel = 4, 3, 1
    x = np.zeros((1, 3, 8, 7))
    x[0, channel, row, column] = 1.0
    expected = np.zeros((1, 2, 6, 6))
    expected[0, :, row - 2 : row + 1, column - 1 : column + 1] = w[:, channel, ::-1, ::-1]

    assert_close(student.conv2d(x, w, b), expected)


@pytest.mark.question("conv2d")
def test_conv_is_linear(student, rng):
    """Without a bias the output is linear in the images and in the weights."""
    (x, other), none = images(rng, 2, 1, 2, 6, 5), np.zeros(3)
    w, other_w = rng.normal(size=(2, 3, 2, 3, 3))
    shape = (1, 3, 4, 3)
    whole = student.conv2d(2.5 * x - 0.5 * other, w, none)
    first, second = student.conv2d(x, w, none), student.conv2d(other, w, none)
    in_w, third = student.conv2d(x, w - 1.5 * other_w, none), student.conv2d(x, other_w, none)
    for value in (whole, first, second, in_w, third):
        assert_shape(value, shape)

    assert_close(whole, 2.5 * first - 0.5 * second, "the output of 2.5 x - 0.5 y")
    assert_close(in_w, first - 1.5 * third, "the output with the weights w - 1.5 v")


@pytest.mark.question("conv2d")
def test_conv_follows_a_shift(student, rng):
    """An image shifted by a pixel gives the same output, shifted, where no border is near."""
    canvas = images(rng, 2, 2, 8, 9)
    w, b = layer(rng, 3, 2, 3, 3)
    here, there = (
        student.conv2d(canvas[:, :, :7, :8], w, b),
        student.conv2d(canvas[:, :, 1:, 1:], w, b),
    )
    for value in (here, there):
        assert_shape(value, (2, 3, 5, 6))

    assert_close(there[:, :, :-1, :-1], here[:, :, 1:, 1:], "the output of the shifted image")


@pytest.mark.question("conv2d")
@pytest.mark.parametrize("kind", ["bright", "dark"])
def test_conv_of_unusual_arrays(student, reference, rng, kind):
    """Very large values, all-negative values and arrays that cannot be written to are fine."""
    x = (
        images(rng, 2, 2, 5, 7, offset=1e3)
        if kind == "bright"
        else -rng.uniform(1, 2, (2, 2, 6, 4))
    )
    w, b = layer(rng, 2, 2, 2, 3)
    assert_matches(
        student.conv2d, reference.conv2d, awkward(x), awkward(w), awkward(b), stride=1, padding=1
    )


# conv2d_backward

GRADIENTS = ("dx", "dw", "db")


def upstream(rng, reference, x, w, **sizes):
    """An upstream gradient of the output's shape; its entries have different means per filter."""
    shape = reference.conv2d(x, w, np.zeros(len(w)), **sizes).shape
    return rng.normal(size=shape) + np.linspace(0.5, 1.5, shape[1])[:, None, None]


@pytest.mark.question("conv2d_backward")
@pytest.mark.weight(2)
@pytest.mark.parametrize(
    ("stride", "padding"),
    [(1, 0), (1, 1), (2, 1), (3, 2)],
    ids=["plain", "padded", "strided", "both"],
)
def test_conv_gradients(student, reference, rng, stride, padding):
    """The three gradients equal the reference for several strides and paddings, also without padding."""
    x, (w, _) = images(rng, 2, 3, 7, 7), layer(rng, 2, 3, 3, 3)
    dout = upstream(rng, reference, x, w, stride=stride, padding=padding)
    assert_matches(
        student.conv2d_backward,
        reference.conv2d_backward,
        dout,
        x,
        w,
        stride=stride,
        padding=padding,
    )


@pytest.mark.question("conv2d_backward")
@pytest.mark.parametrize(("stride", "padding"), [(1, 2), (2, 0)])
def test_conv_gradients_of_rectangles(student, reference, rng, stride, padding):
    """Height and width of image and kernel may differ."""
    x, (w, _) = images(rng, 3, 2, 5, 8), layer(rng, 4, 2, 2, 3)
    dout = upstream(rng, reference, x, w, stride=stride, padding=padding)
    sizes = {"stride": stride, "padding": padding}
    assert_matches(student.conv2d_backward, reference.conv2d_backward, dout, x, w, **sizes)


@pytest.mark.question("conv2d_backward")
def test_conv_gradients_of_one(student, reference, rng):
    """One example, one channel, one filter, values far from 0 in arrays that cannot be written to."""
    x, (w, _) = images(rng, 1, 1, 4, 6, offset=-1e3), layer(rng, 1, 1, 3, 2)
    dout = upstream(rng, reference, x, w)
    arrays = (awkward(dout), awkward(x), awkward(w))
    assert_matches(student.conv2d_backward, reference.conv2d_backward, *arrays)


@pytest.mark.question("conv2d_backward")
def test_conv_gradient_shapes(student, reference, rng):
    """Each gradient has the shape of what it belongs to."""
    x, (w, b) = images(rng, 2, 3, 6, 5), layer(rng, 4, 3, 2, 3)
    dout = upstream(rng, reference, x, w, stride=2, padding=1)
    returned = student.conv2d_backward(dout, x, w, stride=2, padding=1)
    found = parts(returned, GRADIENTS, "conv2d_backward")
    for value, name, like in zip(found, GRADIENTS, (x, w, b), strict=True):
        assert_shape(value, like.shape, name)


@pytest.mark.question("conv2d_backward")
def test_conv_gradient_of_unused_pixels(student, reference, rng):
    """Pixels that the stride steps over, in no window, have the gradient 0; the others do not."""
    x, (w, _) = images(rng, 2, 2, 8, 7), layer(rng, 3, 2, 2, 2)
    dout = upstream(rng, reference, x, w, stride=3)
    found = parts(student.conv2d_backward(dout, x, w, stride=3), GRADIENTS, "conv2d_backward")
    assert_shape(found[0], x.shape, "dx")
    used = np.zeros(x.shape, dtype=bool)
    for row in (0, 1, 3, 4, 6, 7):
        used[:, :, row, [0, 1, 3, 4]] = True

    assert_close(np.where(used, 0.0, found[0]), np.zeros(x.shape), "dx at the pixels in no window")
    if not np.all(np.asarray(found[0])[used]):
        fail("dx is 0 at pixels that lie in a window.", "Every pixel in a window has a gradient.")


@pytest.mark.question("conv2d_backward")
@pytest.mark.weight(2)
def test_conv_finite_differences(student, reference, rng):
    """The gradients agree with finite differences of the forward convolution."""
    x, (w, b) = images(rng, 2, 2, 5, 4), layer(rng, 3, 2, 3, 2)
    dout = upstream(rng, reference, x, w, stride=2, padding=1)
    gradient_check(
        student.conv2d_backward,
        reference.conv2d,
        (x, w, b),
        dout,
        (dout, x, w),
        names=GRADIENTS,
        stride=2,
        padding=1,
    )


# pool2d


@pytest.mark.question("pool2d")
@pytest.mark.parametrize("mode", ["max", "average"])
def test_pool_values(student, reference, rng, mode):
    """Each channel is pooled on its own, with windows of 2x2 side by side."""
    assert_matches(student.pool2d, reference.pool2d, images(rng, 2, 3, 6, 8), mode=mode)


@pytest.mark.question("pool2d")
@pytest.mark.parametrize("mode", ["max", "average"])
@pytest.mark.parametrize(("size", "stride"), [(3, 2), (2, 1), (2, 3)])
def test_pool_windows_and_strides(student, reference, rng, size, stride, mode):
    """Windows may overlap or leave gaps: their size and their stride are two things."""
    x = images(rng, 2, 2, 8, 11)
    assert_matches(student.pool2d, reference.pool2d, x, size=size, stride=stride, mode=mode)


@pytest.mark.question("pool2d")
@pytest.mark.parametrize("size", [2, 3])
def test_pool_of_odd_sizes(student, reference, rng, size):
    """Rows and columns that do not fill a window are left out."""
    x = images(rng, 1, 1, 7, 5)
    assert_matches(student.pool2d, reference.pool2d, x, size=size, stride=size)
    assert_matches(student.pool2d, reference.pool2d, x, size=size, stride=size, mode="average")


@pytest.mark.question("pool2d")
def test_pool_of_negative_values(student, reference, rng):
    """All-negative images, also far from 0, are pooled like any other."""
    assert_matches(student.pool2d, reference.pool2d, -rng.uniform(0.5, 3, (2, 2, 4, 6)))
    assert_matches(student.pool2d, reference.pool2d, awkward(images(rng, 2, 1, 6, 4, offset=-1e3)))


def pooled(rng, x, size, stride):
    """An upstream gradient for pooled images."""
    height, width = ((side - size) // stride + 1 for side in x.shape[2:])
    return rng.normal(size=(*x.shape[:2], height, width)) + 0.3


@pytest.mark.question("pool2d")
@pytest.mark.parametrize(
    ("height", "width"), [(6, 6), (4, 7), (9, 4)], ids=["square", "wide", "high"]
)
def test_pool_gradient(student, reference, rng, height, width):
    """The gradient goes to the largest pixel of each window, the others get 0."""
    x = images(rng, 2, 2, height, width)
    dout = pooled(rng, x, 2, 2)
    assert_matches(student.max_pool2d_backward, reference.max_pool2d_backward, dout, x)


@pytest.mark.question("pool2d")
@pytest.mark.weight(2)
@pytest.mark.parametrize(("size", "stride"), [(3, 2), (3, 1), (2, 3)])
def test_pool_gradient_with_overlap(student, reference, rng, size, stride):
    """Where windows overlap, a pixel that wins several gets the sum of their gradients."""
    x = images(rng, 2, 2, 7, 8)
    dout = pooled(rng, x, size, stride)
    assert_matches(
        student.max_pool2d_backward,
        reference.max_pool2d_backward,
        dout,
        x,
        size=size,
        stride=stride,
    )


@pytest.mark.question("pool2d")
def test_pool_finite_differences(student, reference, rng):
    """The gradient agrees with finite differences of max pooling, also for negative images."""
    x = distinct(rng, 1, 2, 5, 6) - 40.0
    dout = pooled(rng, x, 3, 2)
    gradient_check(
        student.max_pool2d_backward,
        reference.pool2d,
        (x,),
        dout,
        (dout, x),
        names=("dx",),
        size=3,
        stride=2,
    )


# linear


def dense(rng, units, outputs):
    return rng.normal(size=(units, outputs)), rng.normal(size=outputs) + 2.0


@pytest.mark.question("linear")
def test_linear_values(student, reference, rng):
    """A batch of vectors is multiplied with the weights, and the bias is added."""
    x = rng.normal(size=(5, 3))
    assert_matches(student.linear, reference.linear, x, *dense(rng, 3, 4))
    assert_matches(student.linear, reference.linear, awkward(x + 1e3), *dense(rng, 3, 2))


@pytest.mark.question("linear")
@pytest.mark.weight(2)
@pytest.mark.parametrize("shape", [(4, 2, 3, 2), (1, 2, 5), (3, 1, 1, 6)])
def test_linear_flattens(student, reference, rng, shape):
    """Each example becomes one row, its pixels in the order in which they lie."""
    x = rng.normal(size=shape)
    assert_matches(student.linear, reference.linear, x, *dense(rng, math.prod(shape[1:]), 3))


@pytest.mark.question("linear")
@pytest.mark.parametrize("shape", [(6, 4), (3, 2, 2, 3), (1, 3, 2)])
def test_linear_gradients(student, reference, rng, shape):
    """The gradients equal the reference for vectors and for images."""
    x, (w, _) = rng.normal(size=shape), dense(rng, math.prod(shape[1:]), 5)
    dout = rng.normal(size=(shape[0], 5)) + 0.4
    backward = FlatParts(student.linear_backward, GRADIENTS, flat=("db",))
    expected = reference.linear_backward(dout, x, w)
    for got, truth, name in zip(backward(dout, x, w), expected, GRADIENTS, strict=True):
        assert_close(got, truth, name)


@pytest.mark.question("linear")
def test_linear_gradient_shapes(student, rng):
    """dx has the shape of x, dw that of w, db that of b."""
    x, (w, b) = rng.normal(size=(3, 2, 4)), dense(rng, 8, 2)
    found = student.linear_backward(rng.normal(size=(3, 2)), x, w)
    found = parts(found, GRADIENTS, "linear_backward")
    for value, name, like in zip(found, GRADIENTS, (x, w, b), strict=True):
        assert_shape(value, like.shape, name)


@pytest.mark.question("linear")
def test_linear_finite_differences(student, reference, rng):
    """The gradients agree with finite differences of the forward pass."""
    x, (w, b) = rng.normal(size=(3, 2, 3)), dense(rng, 6, 4)
    dout = rng.normal(size=(3, 4)) + 0.4
    backward = FlatParts(student.linear_backward, GRADIENTS, flat=("db",))
    gradient_check(backward, reference.linear, (x, w, b), dout, (dout, x, w), names=GRADIENTS)


# layer_norm

NORM_GRADIENTS = ("dx", "dgamma", "dbeta")


def affine(rng, size):
    """A gamma and a beta whose entries all differ, none near 1 or 0."""
    return 1.5 + rng.permutation(size) * 0.4 + rng.uniform(0, 0.2, size), rng.normal(size=size) - 2


@pytest.mark.question("layer_norm")
def test_layer_norm_values(student, reference, rng):
    """The output equals the reference for a batch of rows."""
    x = rng.normal(size=(4, 6)) * 2 + 1
    assert_matches(student.layer_norm, reference.layer_norm, x, *affine(rng, 6))


@pytest.mark.question("layer_norm")
def test_layer_norm_of_a_square_batch(student, reference, rng):
    """As many examples as features: a mean along the wrong axis shows its values here."""
    x = rng.normal(size=(5, 5)) - 0.5
    assert_matches(student.layer_norm, reference.layer_norm, x, *affine(rng, 5))


@pytest.mark.question("layer_norm")
def test_layer_norm_with_row_parameters(student, reference, rng):
    """gamma and beta may have the shape (1, D)."""
    gamma, beta = affine(rng, 4)
    x = rng.normal(size=(3, 4))
    assert_matches(student.layer_norm, reference.layer_norm, x, gamma[None], beta[None])


@pytest.mark.question("layer_norm")
def test_layer_norm_epsilon(student, reference, rng):
    """eps is added to the variance, under the root; a large one shows it."""
    x = rng.normal(size=(4, 7)) * np.array([[0.2], [1.0], [3.0], [0.5]])
    assert_matches(student.layer_norm, reference.layer_norm, x, *affine(rng, 7), eps=0.6)


@pytest.mark.question("layer_norm")
def test_layer_norm_normalizes_each_row(student, rng):
    """With gamma 1 and beta 0 each row has the mean 0 and the variance var/(var + eps)."""
    x = rng.normal(size=(3, 8)) * np.array([[1.0], [4.0], [0.3]]) + 5
    out = student.layer_norm(x, np.ones(8), np.zeros(8), eps=0.05)
    assert_shape(out, x.shape)

    assert_close(np.mean(out, axis=1) + 1, np.ones(3), "the mean of each row, plus 1")
    var = x.var(axis=1)
    assert_close(np.var(out, axis=1), var / (var + 0.05), "the variance of each row")


@pytest.mark.question("layer_norm")
def test_layer_norm_ignores_scale_and_offset(student, rng):
    """A row times a positive number plus another gives the same, as long as eps grows with it."""
    x, (gamma, beta) = rng.normal(size=(3, 5)), affine(rng, 5)
    plain = student.layer_norm(x, gamma, beta, eps=0.02)
    moved = student.layer_norm(3 * x + np.array([[7.0], [-2.0], [30.0]]), gamma, beta, eps=0.18)
    assert_shape(plain, x.shape)

    assert_close(moved, plain, "the output of 3 x + c")


@pytest.mark.question("layer_norm")
def test_layer_norm_of_constant_rows(student, rng):
    """A constant row gives beta, as does a single feature."""
    gamma, beta = affine(rng, 6)
    x = np.repeat(rng.normal(size=(3, 1)) + 2, 6, axis=1)
    assert_close(student.layer_norm(x, gamma, beta), np.tile(beta, (3, 1)))

    gamma, beta = affine(rng, 1)
    assert_close(student.layer_norm(rng.normal(size=(4, 1)), gamma, beta), np.tile(beta, (4, 1)))


@pytest.mark.question("layer_norm")
def test_layer_norm_of_unusual_arrays(student, reference, rng):
    """One example, a large offset, arrays that cannot be written to."""
    gamma, beta = affine(rng, 9)
    x = awkward(rng.normal(size=(1, 9)) + 1e3)
    assert_matches(student.layer_norm, reference.layer_norm, x, awkward(gamma), awkward(beta))
    x = awkward(-rng.uniform(1, 3, (2, 9)))
    assert_matches(student.layer_norm, reference.layer_norm, x, awkward(gamma), awkward(beta))


def check_norm_gradients(student, reference, dout, x, gamma, **eps):
    """The values of the three gradients; the shape (1, D) costs only the test of shapes."""
    backward = FlatParts(student.layer_norm_backward, NORM_GRADIENTS, flat=("dgamma", "dbeta"))
    got, expected = (f(dout, x, gamma, **eps) for f in (backward, reference.layer_norm_backward))
    for value, truth, name in zip(got, expected, NORM_GRADIENTS, strict=True):
        assert_close(value, truth, name)


@pytest.mark.question("layer_norm")
@pytest.mark.weight(2)
@pytest.mark.parametrize("shape", [(4, 6), (5, 5), (1, 7)], ids=["batch", "square", "one"])
def test_layer_norm_gradients(student, reference, rng, shape):
    """The gradients equal the reference: mean and variance depend on x as well."""
    x, (gamma, _) = rng.normal(size=shape) * 1.5 + 0.6, affine(rng, shape[1])
    check_norm_gradients(student, reference, rng.normal(size=shape) + 0.5, x, gamma)


@pytest.mark.question("layer_norm")
def test_layer_norm_gradients_with_a_large_epsilon(student, reference, rng):
    """eps belongs to the variance in the gradients too."""
    x, (gamma, _) = rng.normal(size=(3, 6)), affine(rng, 6)
    check_norm_gradients(student, reference, rng.normal(size=(3, 6)), x, gamma, eps=0.4)


@pytest.mark.question("layer_norm")
def test_layer_norm_gradients_of_unusual_rows(student, reference, rng):
    """A constant row and a row with a large offset have gradients as well."""
    gamma, _ = affine(rng, 6)
    x = rng.normal(size=(3, 6)) + np.array([[0.0], [1e3], [0.0]])
    x[2] = 1.75
    dout = rng.normal(size=(3, 6))
    check_norm_gradients(student, reference, dout, awkward(x), gamma, eps=1e-3)


@pytest.mark.question("layer_norm")
def test_layer_norm_gradient_shapes(student, rng):
    """dx has the shape of x; dgamma and dbeta have the shape (D,)."""
    x, (gamma, _) = rng.normal(size=(3, 4)), affine(rng, 4)
    found = student.layer_norm_backward(rng.normal(size=(3, 4)), x, gamma)
    found = parts(found, NORM_GRADIENTS, "layer_norm_backward")
    for value, name, like in zip(found, NORM_GRADIENTS, (x, gamma, gamma), strict=True):
        assert_shape(value, like.shape, name)


@pytest.mark.question("layer_norm")
def test_layer_norm_finite_differences(student, reference, rng):
    """The gradients agree with finite differences of the forward pass."""
    x, (gamma, beta) = rng.normal(size=(3, 5)), affine(rng, 5)
    dout = rng.normal(size=(3, 5)) + 0.2
    gradient_check(
        FlatParts(student.layer_norm_backward, NORM_GRADIENTS, flat=("dgamma", "dbeta")),
        reference.layer_norm,
        (x, gamma, beta),
        dout,
        (dout, x, gamma),
        names=NORM_GRADIENTS,
        eps=0.03,
    )


# batch_norm

STATE = ("out", "running_mean", "running_var")


def batch(rng, *shape, offset=1.0):
    """A batch whose channels have different means and variances, with running values to match."""
    channels = shape[1]
    along = (1, channels) + (1,) * (len(shape) - 2)
    spread = (0.5 + rng.permutation(channels) * 0.7).reshape(along)
    x = rng.normal(size=shape) * spread + rng.normal(size=along) + offset
    running = rng.normal(size=channels) + 3, rng.uniform(0.4, 2.5, size=channels)
    return x, *affine(rng, channels), *running


def check_batch_norm(student, reference, arrays, which, **settings):
    """Some of the three outputs. Running values may come as (1, D): shapes have their own test."""
    function = FlatParts(student.batch_norm, STATE, flat=STATE[1:])
    got, expected = function(*arrays, **settings), reference.batch_norm(*arrays, **settings)
    for value, truth, name in zip(got, expected, STATE, strict=True):
        if name in which:
            assert_close(value, truth, name)


@pytest.mark.question("batch_norm")
@pytest.mark.weight(2)
@pytest.mark.parametrize("shape", [(7, 4), (4, 3, 5, 2)], ids=["features", "images"])
def test_batch_norm_output_in_training(student, reference, rng, shape):
    """In training each feature, or each channel of images, is normalised over the batch."""
    check_batch_norm(student, reference, batch(rng, *shape), ("out",), eps=0.05)


@pytest.mark.question("batch_norm")
@pytest.mark.weight(2)
@pytest.mark.parametrize("shape", [(5, 3), (3, 4, 2, 6)], ids=["features", "images"])
def test_batch_norm_running_values(student, reference, rng, shape):
    """In training the running values move by momentum*old + (1 - momentum)*batch."""
    arrays = batch(rng, *shape)
    check_batch_norm(student, reference, arrays, STATE[1:], momentum=0.7, eps=0.3, training=True)


@pytest.mark.question("batch_norm")
def test_batch_norm_defaults(student, reference, rng):
    """Without further arguments it trains, with momentum 0.9 and eps 1e-5."""
    check_batch_norm(student, reference, batch(rng, 6, 2), STATE)


@pytest.mark.question("batch_norm")
@pytest.mark.weight(2)
@pytest.mark.parametrize("shape", [(6, 5), (2, 3, 4, 3)], ids=["features", "images"])
def test_batch_norm_output_at_test_time(student, reference, rng, shape):
    """At test time the running values take the place of the batch's, with gamma, beta and eps."""
    arrays = batch(rng, *shape)
    check_batch_norm(student, reference, arrays, ("out",), momentum=0.6, eps=0.25, training=False)


@pytest.mark.question("batch_norm")
@pytest.mark.weight(2)
def test_batch_norm_keeps_running_values_at_test_time(student, reference, rng):
    """At test time the running values come back as they were."""
    arrays = batch(rng, 4, 3)
    check_batch_norm(student, reference, arrays, STATE[1:], momentum=0.8, training=False)


@pytest.mark.question("batch_norm")
def test_batch_norm_shapes(student, rng):
    """The output has the shape of x, the running values have the shape (D,) or (C,)."""
    for shape, training in (((3, 4), True), ((2, 3, 4, 2), True), ((4, 2), False)):
        found = student.batch_norm(*batch(rng, *shape), training=training)
        likes = (shape, shape[1:2], shape[1:2])
        for value, name, like in zip(parts(found, STATE, "batch_norm"), STATE, likes, strict=True):
            assert_shape(value, like, name)


@pytest.mark.question("batch_norm")
def test_batch_norm_leaves_its_inputs(student, rng):
    """The arrays that come in stay as they are; the new running values are new arrays."""
    assert_untouched(student.batch_norm, *batch(rng, 5, 4), momentum=0.75)
    assert_untouched(student.batch_norm, *batch(rng, 2, 2, 3, 4), training=False)


@pytest.mark.question("batch_norm")
def test_batch_norm_of_one_image(student, reference, rng):
    """A single image, a single channel, a large offset."""
    check_batch_norm(student, reference, batch(rng, 1, 2, 4, 5), STATE, eps=0.02)
    check_batch_norm(student, reference, batch(rng, 3, 1, 2, 3, offset=1e3), STATE, momentum=0.4)


@pytest.mark.question("batch_norm")
def test_batch_norm_of_constant_features(student, reference, rng):
    """A feature that is the same in every example gives its beta."""
    x, *others = batch(rng, 6, 4, offset=-5.0)
    x[:, 1] = -2.5
    check_batch_norm(student, reference, (x, *others), STATE, momentum=0.5, eps=1e-3)


# group_norm


@pytest.mark.question("group_norm")
@pytest.mark.weight(2)
@pytest.mark.parametrize(("channels", "num_groups"), [(6, 2), (6, 3), (8, 2)])
def test_group_norm_values(student, reference, rng, channels, num_groups):
    """Neighbouring channels form a group; each group of each example is normalised on its own."""
    x, gamma, beta, *_ = batch(rng, 2, channels, 3, 4)
    assert_matches(student.group_norm, reference.group_norm, x, num_groups, gamma, beta)


@pytest.mark.question("group_norm")
def test_group_norm_with_one_group(student, reference, rng):
    """One group of all channels is layer normalisation of the whole image."""
    x, gamma, beta, *_ = batch(rng, 3, 4, 5, 2)
    assert_matches(student.group_norm, reference.group_norm, x, 1, gamma, beta)


@pytest.mark.question("group_norm")
def test_group_norm_with_single_channels(student, reference, rng):
    """As many groups as channels is instance normalisation."""
    x, gamma, beta, *_ = batch(rng, 2, 3, 4, 6)
    assert_matches(student.group_norm, reference.group_norm, x, 3, gamma, beta)


@pytest.mark.question("group_norm")
def test_group_norm_as_wide_as_deep(student, reference, rng):
    """gamma and beta belong to the channels, also where the image is as wide as it is deep."""
    x, gamma, beta, *_ = batch(rng, 2, 4, 3, 4)
    assert_matches(student.group_norm, reference.group_norm, x, 2, gamma, beta, eps=0.15)


@pytest.mark.question("group_norm")
def test_group_norm_is_independent_of_the_batch(student, rng):
    """An example gives the same output alone as among others."""
    x, gamma, beta, *_ = batch(rng, 3, 4, 2, 5)
    together, alone = (student.group_norm(part, 2, gamma, beta) for part in (x, x[1:2]))
    assert_shape(together, x.shape)

    assert_close(alone, np.asarray(together)[1:2], "the output of one example alone")


@pytest.mark.question("group_norm")
def test_group_norm_of_unusual_arrays(student, reference, rng):
    """One channel, one pixel, a large offset, arrays that cannot be written to."""
    x, gamma, beta, *_ = batch(rng, 2, 1, 4, 3, offset=1e3)
    assert_matches(student.group_norm, reference.group_norm, awkward(x), 1, gamma, beta)
    x, gamma, beta, *_ = batch(rng, 1, 6, 1, 1, offset=-9.0)
    assert_matches(student.group_norm, reference.group_norm, awkward(x), 2, gamma, beta, eps=0.01)


# dropout
#
# A mask may be drawn in any way and any order, so only what does not depend on the draws is looked
# at: shares with their bounds, and facts that hold for every mask. x has no zeros: a zero in the
# output is a dropped unit. 3000 units put every mistake of misconceptions.py another 6 sigma beyond
# the bound; the nearest is a normal draw in a uniform one's place, Phi(0.9) = 0.816 for 0.9. They
# are one example, where one mask for the whole batch is right and one draw for each example never.

PROBABILITIES = [0.3, 0.62, 0.9]
TRAINING = {
    "vanilla": lambda student: student.dropout_train,
    "inverted": lambda student: student.dropout,
}
both = pytest.mark.parametrize("kind", ["vanilla", "inverted"])


def units(rng, rows=1, columns=3000):
    """Activations between 0.5 and 1.5."""
    return rng.uniform(0.5, 1.5, size=(rows, columns))


def drop(student, kind, x, p, rng):
    """The output in training of one of the two kinds, checked for its shape."""
    out = (
        student.dropout_train(x, p, rng) if kind == "vanilla" else student.dropout(x, p, rng, True)
    )
    assert_shape(out, x.shape)
    return np.asarray(out)


def agreement(left, right):
    """The share of units that are kept in both or dropped in both."""
    return float(np.mean((left != 0) == (right != 0)))


def spread(out, axis):
    """How far the share kept differs between examples (axis 1) or between units (axis 0)."""
    return float(np.std(np.mean(out != 0, axis=axis)))


def scale_of(out, x):
    """Output over input, on average over the kept units."""
    kept = out != 0
    return float(np.mean(out[kept] / x[kept])) if kept.any() else 0.0


@pytest.mark.question("dropout")
@pytest.mark.parametrize("p", PROBABILITIES)
@both
def test_dropout_share_kept(student, rng, kind, p):
    """In training each unit is kept with probability p."""
    x = units(rng)
    out = drop(student, kind, x, p, rng)
    assert_statistic(
        np.mean(out != 0), p, SIGMAS * math.sqrt(p * (1 - p) / x.size), "the share kept"
    )


@pytest.mark.question("dropout")
@pytest.mark.parametrize("p", PROBABILITIES)
@both
def test_dropout_kept_values(student, rng, kind, p):
    """In training a kept unit keeps its value (vanilla) or is divided by p (inverted), exactly."""
    x = -units(rng, rows=100, columns=200)
    out = drop(student, kind, x, p, rng)
    factor = 1.0 if kind == "vanilla" else 1 / p
    # Within a fifth first: the factors that mistakes give differ by more, whatever was drawn. Two
    # answers that divide by the share they kept are that near to each other by over 5 sigma.
    what = "a kept unit's output over its input, on average,"
    assert_statistic(scale_of(out, x), factor, 0.09 * factor, what)
    kept = out != 0
    exact = np.abs(out[kept] - factor * x[kept]) <= 1e-5 * factor
    assert_statistic(np.mean(exact), 1.0, 1e-9, "the share of kept units with the right value")


@pytest.mark.question("dropout")
@pytest.mark.weight(2)
@pytest.mark.parametrize("p", PROBABILITIES)
def test_dropout_predict(student, reference, rng, p):
    """Vanilla dropout scales at test time, by the probability of keeping."""
    assert_matches(student.dropout_predict, reference.dropout_predict, rng.normal(size=(3, 7)), p)
    x = awkward(rng.normal(size=(1, 2, 4)) - 1e3)
    assert_matches(student.dropout_predict, reference.dropout_predict, x, p)


@pytest.mark.question("dropout")
@pytest.mark.parametrize("p", PROBABILITIES)
@both
def test_dropout_expectation(student, rng, kind, p):
    """Training and test time agree on average."""
    x = units(rng)
    trained = drop(student, kind, x, p, rng)
    tested = (
        student.dropout_predict(x, p) if kind == "vanilla" else student.dropout(x, p, rng, False)
    )
    assert_shape(tested, x.shape, "the output at test time")
    # A sum of independent x*Bernoulli(p) against p*sum(x): its relative sigma.
    sigma = math.sqrt((1 - p) / p * np.sum(x**2)) / np.sum(x)
    ratio = np.sum(trained) / np.sum(tested) if np.any(tested) else math.inf
    assert_statistic(ratio, 1.0, SIGMAS * sigma, "the mean in training over the mean at test time")


@pytest.mark.question("dropout")
@pytest.mark.weight(2)
@pytest.mark.parametrize("p", [0.3, 0.9])
def test_inverted_dropout_at_test_time(student, rng, p):
    """Inverted dropout leaves everything as it is at test time."""
    x = units(rng, rows=20, columns=30)
    out = student.dropout(x, p, rng, False)
    assert_shape(out, x.shape)
    out = np.asarray(out)
    observe("share kept", np.mean(out != 0), SIGMAS * math.sqrt(0.25 / x.size))
    observe("scale", scale_of(out, x), 0.09)
    assert_close(out, x)


@pytest.mark.question("dropout")
@pytest.mark.weight(2)
@both
def test_dropout_draws_anew_in_every_call(student, rng, kind):
    """Two calls with the same generator, one after the other, drop different units."""
    x, p = units(rng, rows=40, columns=40), 0.6
    first, second = (drop(student, kind, x, p, rng) for _ in range(2))
    # Independent masks agree with probability p^2 + (1-p)^2 = 0.52, sigma 0.0125; one mask in 1.
    what = "the share of units with the same fate in two calls"
    assert_statistic(agreement(first, second), 0.52, 0.4, what)


# Of 30 independent fates a share has sigma sqrt(0.24/30) = 0.089, which 100 such shares show to
# 0.0063. If all 30 have one fate, the sigma is that of 100 single draws, sqrt(0.24) = 0.49, and
# above 0.3 where their mean is 6 sigma off.


@pytest.mark.question("dropout")
@pytest.mark.weight(2)
@both
def test_dropout_draws_for_every_example(student, rng, kind):
    """The examples of a batch have different masks."""
    out = drop(student, kind, units(rng, rows=30, columns=100), 0.6, rng)
    what = "the spread of the share kept, from unit to unit,"
    assert_statistic(spread(out, axis=0), 0.089, 0.15, what)


@pytest.mark.question("dropout")
@pytest.mark.weight(2)
@both
def test_dropout_draws_for_every_unit(student, rng, kind):
    """The units of one example are dropped independently."""
    out = drop(student, kind, units(rng, rows=100, columns=30), 0.6, rng)
    what = "the spread of the share kept, from example to example,"
    assert_statistic(spread(out, axis=1), 0.089, 0.15, what)


@pytest.mark.question("dropout")
@both
def test_dropout_draws_how_many(student, rng, kind):
    """Units are kept independently, so that their number varies from call to call."""
    x, p = units(rng, rows=10, columns=30), 0.6
    kept = {np.count_nonzero(drop(student, kind, x, p, rng)) for _ in range(8)}
    # The likeliest number has probability 0.047: eight times the same has 0.047^7 = 5e-10.
    observe("whether each call keeps as many units", len(kept) == 1)
    if len(kept) == 1:
        fail(
            "Every call keeps the same number of units.",
            "Each unit is kept or dropped by itself, so that their number varies.",
        )


@pytest.mark.question("dropout")
@pytest.mark.weight(2)
@both
def test_dropout_uses_the_generator(student, rng, kind):
    """Two generators in the same state give the same mask: every draw comes from `rng`."""
    x, seed = units(rng, rows=30, columns=40), int(rng.integers(2**31))
    first, second = (drop(student, kind, x, 0.6, np.random.default_rng(seed)) for _ in range(2))
    # Draws from elsewhere agree for 0.52 of the units, sigma 0.0144.
    observe("the share of units with the same fate", agreement(first, second), 0.1)
    if agreement(first, second) < 1:
        fail(
            "Two generators in the same state gave two different masks.",
            "The same generator state gives the same mask.",
            "Draw from the argument rng (rng.random), not from np.random or a generator of your own.",
        )


@pytest.mark.question("dropout")
@both
def test_dropout_can_keep_everything(student, rng, kind):
    """With p = 1 every unit is kept and unchanged."""
    x = -units(rng, rows=1, columns=80)
    out = drop(student, kind, x, 1.0, rng)
    observe("share kept", np.mean(out != 0), SIGMAS * math.sqrt(0.25 / x.size))
    assert_close(out, x)


@pytest.mark.question("dropout")
@pytest.mark.weight(2)
def test_dropout_leaves_its_input(student, rng):
    """The activations that come in stay as they are."""
    x = units(rng, rows=8, columns=11)
    assert_untouched(student.dropout_train, x, 0.6, rng)
    assert_untouched(student.dropout_predict, x, 0.6)
    assert_untouched(student.dropout, x, 0.6, rng, True)


@pytest.mark.question("dropout")
@pytest.mark.weight(6)
def test_dropout_num_masks(student, reference):
    """A layer of the lecture, with 4096 units, has 10^1233.0189 masks; other sizes follow."""
    for count in (4096, 1, 333, 50_000):
        assert_matches(student.log10_num_masks, reference.log10_num_masks, count)


# to_channels_last

CHANNELS_LAST = ("x", "w")


@pytest.mark.question("to_channels_last")
@pytest.mark.weight(2)
@pytest.mark.parametrize(
    ("x_shape", "w_shape"),
    [((2, 3, 4, 5), (6, 3, 2, 4)), ((1, 1, 3, 7), (2, 1, 3, 1))],
    ids=["batch", "one"],
)
def test_channels_last_values(student, reference, rng, x_shape, w_shape):
    """The channels of the images come last; of the weights, the filters."""
    x, w = rng.normal(size=x_shape), rng.normal(size=w_shape)
    assert_matches(student.to_channels_last, reference.to_channels_last, x, w)


@pytest.mark.question("to_channels_last")
def test_channels_last_where_shapes_agree(student, reference, rng):
    """Equal sizes hide nothing: each axis goes where it belongs."""
    x, w = awkward(rng.normal(size=(2, 4, 4, 4))), awkward(rng.normal(size=(4, 4, 3, 3)) - 1e3)
    assert_matches(student.to_channels_last, reference.to_channels_last, x, w)


@pytest.mark.question("to_channels_last")
def test_channels_last_convolution(student, reference, rng):
    """A channels-last convolution of the two gives the output of conv2d, transposed."""
    x, w = rng.normal(size=(2, 3, 5, 6)), rng.normal(size=(4, 3, 2, 3))
    moved_x, moved_w = parts(student.to_channels_last(x, w), CHANNELS_LAST, "to_channels_last")
    assert_shape(moved_x, (2, 5, 6, 3), "x")
    assert_shape(moved_w, (2, 3, 3, 4), "w")
    expected = reference.conv2d(x, w, np.zeros(4)).transpose(0, 2, 3, 1)

    assert_close(
        convolve_channels_last(moved_x, moved_w), expected, "the channels-last convolution"
    )


def convolve_channels_last(x, w):
    """(N, H, W, C) and (KH, KW, C, F) to (N, H', W', F), offset by offset of the kernel."""
    height, width = (x.shape[axis] - w.shape[axis - 1] + 1 for axis in (1, 2))
    return sum(
        x[:, row : row + height, column : column + width] @ w[row, column]
        for row, column in np.ndindex(w.shape[:2])
    )
