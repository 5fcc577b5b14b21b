"""Answers that are wrong alike have one fingerprint, whatever rounding noise is in them."""

from __future__ import annotations

import numpy as np
import pytest

from grader.harness.fingerprint import fingerprint
from grader.records import Observation, Raised

RNG = np.random.default_rng(0)
IMAGE = RNG.normal(size=(2, 3, 8, 8))


def of(value, label="output", tolerance=None):
    return fingerprint([Observation(label, value, tolerance)])


ALIKE = {
    "float32 and float64": (IMAGE, IMAGE.astype(np.float32)),
    "noise": (IMAGE, IMAGE * (1 + 1e-9)),
    "a number and its array": (1.5, np.float64(1.5)),
    "narrow and wide": (np.arange(100, dtype=np.int8), np.arange(100)),
    "signed and unsigned": (np.array([1, 2]), np.array([1, 2], dtype=np.uint8)),
    "zero and minus zero": (np.array([0.0, 1.0]), np.array([-0.0, 1.0])),
    "list and tuple": ([IMAGE, 1], (IMAGE, 1)),
    "addresses in a message": (
        Raised("TypeError", "<object at 0x7f01>"),
        Raised("TypeError", "<object at 0x7f02>"),
    ),
    "mappings in another order": ({"a": 1.0, "b": 2.0}, {"b": 2.0, "a": 1.0}),
    "noise around zero": (np.array([1.0, 0.0, 2.0]), np.array([1.0, 1e-15, 2.0])),
    "large and noisy": (1e300 * IMAGE, 1e300 * IMAGE * (1 + 1e-10)),
}
APART = {
    "another size": (IMAGE, 1.01 * IMAGE),
    "another place": (IMAGE, IMAGE[..., ::-1]),
    "channels exchanged": (IMAGE, IMAGE[:, ::-1]),
    "another shape": (IMAGE, IMAGE.reshape(6, 8, 8)),
    "whole and broken numbers": (np.array([1, 2]), np.array([1.0, 2.0])),
    "not a number": (np.array([1.0, np.nan]), np.array([np.nan, 1.0])),
    "infinite": (np.array([np.inf]), np.array([-np.inf])),
    "another exception": (Raised("TypeError", "x"), Raised("ValueError", "x")),
    "nothing and a word": (None, "None"),
    "numbers that no machine has": (np.array([10**30, 1]), np.array([10**30, 2])),
    "other infinities": (np.array([1.0, np.inf, np.nan]), np.array([1.0, np.nan, np.inf])),
    "whole numbers": (np.arange(100), np.arange(1, 101)),
}


@pytest.mark.parametrize("name", ALIKE)
def test_equal_up_to_noise_is_one_fingerprint(name):
    """What differs by rounding is one mistake."""
    one, other = ALIKE[name]

    assert of(one) == of(other) != ""


@pytest.mark.parametrize("name", APART)
def test_another_answer_is_another_fingerprint(name):
    """What differs by more is another mistake."""
    one, other = APART[name]

    assert of(one) != of(other)


def test_float32_noise_seldom_splits_large_arrays():
    """Of two hundred images of many numbers nearly all have one fingerprint in both types."""
    images = RNG.normal(size=(200, 16, 16, 8))

    same = sum(of(image) == of(image.astype(np.float32)) for image in images)

    assert same >= 195


def test_a_statistic_counts_by_its_tolerance():
    """Random outputs scatter; a mistake moves them by more than that."""
    assert of(0.5, tolerance=0.1) == of(0.51, tolerance=0.1)
    assert of(0.5, tolerance=0.01) != of(1.5, tolerance=0.01)


def test_a_test_that_saw_nothing_has_none():
    """Then there is nothing to be alike in."""
    assert fingerprint([]) == ""


def test_labels_and_order_count():
    """Two things that a test saw are not each other."""
    one, other = Observation("mean", 1.0), Observation("deviation", 2.0)

    assert len({fingerprint([one, other]), fingerprint([other, one]), of(1.0), of(1.0, "x")}) == 4
