"""Right up to numbers that are constant along all axes but one: a bias, a gamma, a spread."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from grader.compare.closeness import Array
from grader.compare.pair import Pair, Rule
from grader.compare.wording import axis_name, sentence
from grader.records import Diagnosis

_CLEAR = 1e-6  # relative: what we call different from 0
_MOST = 0.5  # the share of slices that must be wrong; fewer are a matter of places


def offset_along(pair: Pair) -> Diagnosis | None:
    """Every slice along one axis is off by a number of its own, as without a bias."""
    got, expected = pair.reals
    for axis, others in _axes(pair, 1):
        offsets = np.median(got - expected, axis=others, keepdims=True)
        if pair.explains(expected + offsets):
            place = axis_name(axis, pair.got.ndim)
            return Diagnosis(
                sentence(f"{pair.what} is off by one number for each place along {place}"),
                "Everything else is right.",
                _ADDED[axis > 0],
            )
    return None


def factor_along(pair: Pair) -> Diagnosis | None:
    """Every slice along one axis is off by a factor of its own, as without a gamma."""
    got, expected = pair.reals
    for axis, others in _axes(pair, 1):
        norm = (expected**2).sum(axis=others, keepdims=True)
        factors = (got * expected).sum(axis=others, keepdims=True) / norm
        if (np.abs(factors) > _CLEAR).all() and pair.explains(expected * factors):
            place = axis_name(axis, pair.got.ndim)
            return Diagnosis(
                sentence(f"{pair.what} is off by one factor for each place along {place}"),
                "Up to these factors all values are right.",
                _MULTIPLIED[axis > 0],
            )
    return None


def affine_along(pair: Pair) -> Diagnosis | None:
    """Every slice along one axis is off by a factor and an offset, as with another spread."""
    got, expected = pair.reals
    for axis, others in _axes(pair, 2):
        middle = expected.mean(axis=others, keepdims=True)
        spread = ((expected - middle) ** 2).sum(axis=others, keepdims=True)
        factors = (got * (expected - middle)).sum(axis=others, keepdims=True) / spread
        offsets = got.mean(axis=others, keepdims=True) - factors * middle
        if (np.abs(factors) > _CLEAR).all() and pair.explains(expected * factors + offsets):
            place = axis_name(axis, pair.got.ndim)
            return Diagnosis(
                sentence(f"{pair.what} is off by a factor and an offset for each place of {place}"),
                "Up to these two numbers for each place all values are right.",
                _NORMALISED[axis > 0],
            )
    return None


ALONG_RULES: tuple[Rule, ...] = (offset_along, factor_along, affine_along)

# By whether the axis is one of features (True) or that of the examples (False).
_ADDED = {
    True: "Is something that is added per channel (a bias, beta) missing, or added twice?",
    False: "Is a mean of each example missing, or subtracted twice?",
}
_MULTIPLIED = {
    True: "Is something that is multiplied per channel (gamma, a spread) missing or used twice?",
    False: "Is each example divided by what belongs to it?",
}
_NORMALISED = {
    True: "What is multiplied and what is added per channel (a spread, a mean, gamma, a bias), "
    "and in which order?",
    False: "Which mean, variance and eps does each example use?",
}


def _axes(pair: Pair, free: int) -> Iterator[tuple[int, tuple[int, ...]]]:
    """Axes along which a claim with `free` numbers per slice says much less than the values."""
    shape, ndim = pair.got.shape, pair.got.ndim
    if ndim < 2 or not pair.got.size:  # noqa: PLR2004
        return
    for axis in dict.fromkeys((1, ndim - 1, 0)):
        others = tuple(other for other in range(ndim) if other != axis)
        if (
            shape[axis] > 1
            and pair.got.size // shape[axis] > 2 * free
            and _is_informative(pair, others, free)
        ):
            yield axis, others


def _is_informative(pair: Pair, others: tuple[int, ...], free: int) -> bool:
    """Whether most slices are wrong and each has more values than numbers that are free.

    A factor and an offset turn any two values into any other two: the slopes 1 and alpha, say.
    """
    expected: Array = pair.reals[1]
    (axis,) = set(range(expected.ndim)) - set(others)
    slices = np.sort(np.moveaxis(expected, axis, 0).reshape(expected.shape[axis], -1))
    steps = np.diff(slices) > _CLEAR * np.abs(expected).max()
    varied = steps.sum(axis=1) >= free
    return bool(varied.all() and np.mean(pair.wrong.any(axis=others)) > _MOST)
