"""What the notebook `layers` promises: its examples, untouched inputs, the version that grades."""

from __future__ import annotations

import re

import numpy as np
import pytest
from numpy.testing import assert_allclose

ONE, TWO = np.ones(1), np.ones(2)
SQUARE = np.array([[[[1.0, 2.0], [3.0, 4.0]]]])
WINNER = np.array([[[[1.0, 2.0], [3.0, 6.0]]]])
PEAK = np.array([[[[1.0, 2.0, 3.0], [4.0, 9.0, 5.0], [6.0, 7.0, 8.0]]]])
EDGE = np.array([[[[0.0, 0.0, 9.0, 9.0]] * 4]])
EXAMPLES = [
    ("conv_output_shape", ((1, 5, 7), 2, 3, 2), [(2, 2, 3)]),
    ("conv_num_params", (1, 2, 3), [20]),
    ("conv2d", (SQUARE, np.eye(2)[None, None], 10 * ONE), [[[[[15]]]]]),
    ("conv2d", (EDGE, np.array([[[[-1, 1]] * 2]]), 0 * ONE), [[[[[0, 18, 0]] * 3]]]),
    (
        "conv2d_backward",
        (np.full((1, 1, 1, 1), 10.0), SQUARE, SQUARE + 4),
        [10 * SQUARE + 40, 10 * SQUARE, [10]],
    ),
    (
        "conv2d_backward",
        (np.ones((1, 1, 1, 2)), np.array([[[[1, 2, 3]]]]), np.array([[[[10, 20]]]])),
        [[[[[10, 30, 20]]]], [[[[3, 5]]]], [2]],
    ),
    ("pool2d", (WINNER,), [[[[[6]]]]]),
    ("pool2d", (WINNER, 2, 2, "average"), [[[[[3]]]]]),
    ("max_pool2d_backward", (np.full((1, 1, 1, 1), 5), WINNER), [[[[[0, 0], [0, 5]]]]]),
    (
        "max_pool2d_backward",
        (np.ones((1, 1, 2, 2)), PEAK, 2, 1),
        [[[[[0, 0, 0], [0, 4, 0], [0, 0, 0]]]]],
    ),
    ("linear", (np.array([[[1, 2]]]), np.diag([1, 10]), TWO), [[[2, 21]]]),
    (
        "linear",
        (SQUARE[0], np.array([[1, 0], [1, 0], [1, 0], [1, 10]]), np.array([0, 2])),
        [[[10, 42]]],
    ),
    (
        "linear_backward",
        (np.array([[10]]), np.array([[[1, 2]]]), np.array([[3], [4]])),
        [[[[30, 40]]], [[10], [20]], [10]],
    ),
    ("layer_norm", (np.array([[1, 3]]), TWO, np.array([0, 10]), 0), [[[-1, 11]]]),
    (
        "layer_norm_backward",
        (np.array([[5, 0]]), np.array([[1, 3]]), 2 * TWO, 0),
        [[[0, 0]], [-5, 0], [5, 0]],
    ),
    (
        "batch_norm",
        (np.array([[1], [3]]), ONE, 0 * ONE, 0 * ONE, ONE, 0.9, 0),
        [[[-1], [1]], [0.2], [1.0]],
    ),
    (
        "group_norm",
        (np.array([[[[1, 3]], [[10, 30]]]]), 2, TWO, 0 * TWO, 0),
        [[[[[-1, 1]], [[-1, 1]]]]],
    ),
    ("dropout_predict", (np.array([10.0, -10.0]), 0.3), [[3.0, -3.0]]),
    ("log10_num_masks", (1,), [0.30103]),
    (
        "to_channels_last",
        (np.array([[[[5]], [[6]]]]), np.zeros((1, 2, 1, 1))),
        [[[[[5, 6]]]], np.zeros((1, 1, 2, 1))],
    ),
]


@pytest.mark.parametrize(("name", "args", "expected"), EXAMPLES)
def test_the_examples_of_the_notebook_are_true(layers, name, args, expected):
    """What a docstring or a "by hand" in the notebook promises is what the reference gives."""
    got = getattr(layers, name)(*args)

    parts = got if len(expected) > 1 else [got]
    for part, value in zip(parts, expected, strict=True):
        assert np.shape(part) == np.shape(value)
        assert_allclose(part, value, atol=1e-6)


def arguments(rng) -> dict[str, tuple]:
    """One call of each function that takes arrays."""
    image, row, few = rng.normal(size=(2, 4, 6, 5)), rng.normal(size=(3, 4)), rng.normal(size=4)
    filters, weights = rng.normal(size=(4, 4, 3, 2)), rng.normal(size=(120, 4))
    return {
        "conv2d": (image, filters, few),
        "conv2d_backward": (rng.normal(size=(2, 4, 4, 4)), image, filters),
        "pool2d": (image,),
        "max_pool2d_backward": (rng.normal(size=(2, 4, 3, 2)), image),
        "linear": (image, weights, few),
        "linear_backward": (rng.normal(size=(2, 4)), image, weights),
        "layer_norm": (row, few, few),
        "layer_norm_backward": (row, row, few),
        "batch_norm": (image, few, few, few, few**2),
        "group_norm": (image, 2, few, few),
        "dropout_train": (image, 0.6, np.random.default_rng(0)),
        "dropout_predict": (image, 0.6),
        "dropout": (image, 0.6, np.random.default_rng(0), True),
        "to_channels_last": (image, filters),
    }


def stubborn(value):
    """The same array as a read-only view with gaps between its entries."""
    if not isinstance(value, np.ndarray):
        return value
    view = np.repeat(value, 2, axis=-1)[..., ::2]
    view.flags.writeable = False
    return view


@pytest.mark.parametrize("name", sorted(arguments(np.random.default_rng(0))))
def test_read_only_arrays_with_gaps_are_as_good_as_any(layers, name):
    """No reference function writes into its arguments or depends on how they lie in memory."""
    expected = getattr(layers, name)(*arguments(np.random.default_rng(4))[name])

    got = getattr(layers, name)(*map(stubborn, arguments(np.random.default_rng(4))[name]))

    expected, got = (v if isinstance(v, tuple) else (v,) for v in (expected, got))
    for one, other in zip(expected, got, strict=True):
        assert_allclose(other, one, atol=1e-13)


def test_the_notebook_names_the_numpy_that_grades(layers_notebook, root):
    """The version shown to students is the one pinned in the image's lock."""
    versions = next(cell for cell in layers_notebook["cells"] if cell["id"] == "versions")
    lock = (root / "docker/requirements-numpy.lock").read_text(encoding="utf-8")

    pinned = re.search(r"^numpy==(\S+)", lock, re.MULTILINE)

    assert pinned
    assert f"NumPy {pinned[1]}" in "".join(versions["source"])
