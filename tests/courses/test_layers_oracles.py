"""Convolution, pooling and the linear layer, held against oracles that share no code."""

from __future__ import annotations

import operator

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy import ndimage

from tests.courses.oracles import assert_gradients, correlated

PLACES = [(1, 0), (1, 2), (2, 1), (3, 0), (3, 2)]  # strides and paddings
IMAGES = [((2, 3, 9, 7), (4, 3, 3, 2)), ((1, 1, 6, 8), (1, 1, 1, 4)), ((3, 2, 5, 5), (2, 2, 5, 1))]


@pytest.mark.parametrize("stride", [1, 2, 3, 4])
@pytest.mark.parametrize("padding", [0, 1, 3])
@pytest.mark.parametrize("kernel_size", [1, 2, 5])
def test_the_output_has_one_entry_for_each_place_of_the_kernel(
    layers, kernel_size, padding, stride
):
    """The sizes are what counting the places one by one gives."""
    shape = layers.conv_output_shape((3, 7, 10), 4, kernel_size, stride, padding)

    places = [len(range(0, n + 2 * padding - kernel_size + 1, stride)) for n in (7, 10)]
    assert shape == (4, *places)
    assert [type(n) for n in shape] == [int, int, int]


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        (((3, 32, 32), 6, 5), (6, 28, 28)),
        (((3, 32, 32), 10, 5, 1, 2), (10, 32, 32)),
        (((3, 227, 227), 96, 11, 4), (96, 55, 55)),
        (((64, 112, 112), 64, 3, 2, 1), (64, 56, 56)),
    ],
    ids=["lecture", "lecture with padding", "AlexNet", "ResNet"],
)
def test_published_shapes_are_met(layers, call, expected):
    """The shapes printed in the lecture and in the papers come out."""
    assert layers.conv_output_shape(*call) == expected


@pytest.mark.parametrize(
    ("call", "expected"),
    [((3, 6, 5), 456), ((3, 10, 5), 760), ((3, 64, 3), 1792), ((3, 96, 11), 34944)],
    ids=["lecture", "lecture, ten filters", "VGG", "AlexNet"],
)
def test_published_parameter_counts_are_met(layers, call, expected):
    """The numbers of parameters printed in the lecture and in the papers come out."""
    assert layers.conv_num_params(*call) == expected


@pytest.mark.parametrize(
    ("input_shape", "padding"), [((1, 4, 9), 0), ((1, 9, 4), 0), ((1, 2, 9), 1)]
)
def test_a_kernel_that_fits_nowhere_is_refused(layers, input_shape, padding):
    """A kernel larger than the padded input raises a ValueError, on either side."""
    with pytest.raises(ValueError, match="does not fit"):
        layers.conv_output_shape(input_shape, 1, 5, padding=padding)


def test_a_kernel_that_just_fits_has_one_place(layers):
    """It is the padded input that the kernel must fit into."""
    assert layers.conv_output_shape((1, 3, 3), 2, 5, stride=4, padding=1) == (2, 1, 1)


@pytest.mark.parametrize("places", PLACES)
@pytest.mark.parametrize(("image", "filters"), IMAGES)
def test_conv2d_agrees_with_scipy(layers, rng, image, filters, places):
    """The convolution is SciPy's cross-correlation plus the bias, thinned by the stride."""
    x, w, b = rng.normal(size=image), rng.normal(size=filters), rng.normal(size=filters[0])

    assert_allclose(layers.conv2d(x, w, b, *places), correlated(x, w, b, *places), atol=1e-12)


@pytest.mark.parametrize("places", PLACES)
@pytest.mark.parametrize(("image", "filters"), IMAGES)
def test_conv2d_backward_agrees_with_finite_differences(layers, rng, image, filters, places):
    """The gradients are the slopes of SciPy's cross-correlation."""
    x, w, b = rng.normal(size=image), rng.normal(size=filters), rng.normal(size=filters[0])
    dout = rng.normal(size=correlated(x, w, b, *places).shape)

    def loss(x, w, b):
        return (correlated(x, w, b, *places) * dout).sum()

    assert_gradients(layers.conv2d_backward(dout, x, w, *places), loss, (x, w, b))


def pooled(x, size, stride, filtered=ndimage.maximum_filter):
    """Pooling by SciPy's filters of images, whose windows begin where `origin` says."""
    last = [n - size + 1 for n in x.shape[2:]]
    full = filtered(x, size=(1, 1, size, size), origin=(0, 0, *[-(size // 2)] * 2))
    return full[:, :, : last[0] : stride, : last[1] : stride]


@pytest.mark.parametrize(("size", "stride"), [(2, 2), (3, 2), (2, 1), (1, 1), (2, 3), (5, 5)])
def test_pool2d_agrees_with_scipy(layers, rng, size, stride):
    """Pooling is SciPy's maximum or uniform filter, thinned by the stride."""
    x = rng.normal(size=(2, 3, 9, 7)) - 5.0

    assert_allclose(layers.pool2d(x, size, stride), pooled(x, size, stride), atol=0)
    assert_allclose(
        layers.pool2d(x, size, stride, mode="average"),
        pooled(x, size, stride, ndimage.uniform_filter),
        atol=1e-12,
    )


@pytest.mark.parametrize(("size", "stride"), [(2, 2), (3, 2), (2, 1), (1, 1), (2, 3), (5, 5)])
def test_max_pool2d_backward_agrees_with_finite_differences(layers, rng, size, stride):
    """The gradient is the slope of SciPy's maximum filter, summed where windows overlap."""
    x = rng.permutation(2 * 9 * 7).reshape(2, 1, 9, 7) / 10  # no ties, no two entries close
    dout = rng.normal(size=pooled(x, size, stride).shape)

    dx = layers.max_pool2d_backward(dout, x, size, stride)

    assert_gradients((dx,), lambda x: (pooled(x, size, stride) * dout).sum(), (x,))


@pytest.mark.parametrize("shape", [(4, 6), (1, 2, 3), (3, 1, 3, 2)])
def test_linear_agrees_with_a_sum_over_products(layers, rng, shape):
    """Each score is the sum of an example's entries, in C order, times a column, plus the bias."""
    x, w, b = rng.normal(size=shape), rng.normal(size=(6, 5)), rng.normal(size=5)

    def scores(x, w, b):
        rows = [list(example.flat) for example in x]
        return np.array(
            [[sum(map(operator.mul, row, w[:, m])) + b[m] for m in range(5)] for row in rows]
        )

    dout = rng.normal(size=(shape[0], 5))
    assert_allclose(layers.linear(x, w, b), scores(x, w, b), atol=1e-12)
    got = layers.linear_backward(dout, x, w)
    assert_gradients(got, lambda *inputs: (scores(*inputs) * dout).sum(), (x, w, b))
