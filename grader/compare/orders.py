"""The right numbers at the wrong places: flipped, transposed, shifted, shuffled."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import numpy as np

from grader.compare.closeness import Array, right_elements
from grader.compare.pair import Pair, Rule, distinct
from grader.compare.wording import axis_name, listing, sentence
from grader.records import Diagnosis

_MOST_AXES = 5
_MOST_ELEMENTS = 1_000_000
_LARGEST_SHIFT = 3
_LEAST_SHIFTED = 4  # elements that must agree before we speak of a shift


def flipped(pair: Pair) -> Diagnosis | None:
    """Mirrored along one or more axes."""
    for axes in _axis_sets(pair):
        if pair.explains(np.flip(pair.reals[1], axes)):
            places = listing([axis_name(axis, pair.got.ndim) for axis in axes])
            return Diagnosis(
                sentence(f"{pair.what} is mirrored along {places}"),
                "The same values are expected in the other direction.",
                "Does a loop or a slice `[::-1]` run backwards, or should nothing be flipped?",
            )
    return None


def axes_exchanged(pair: Pair) -> Diagnosis | None:
    """Transposed, where two axes have the same length."""
    if not _permutable(pair):
        return None
    for order in itertools.permutations(range(pair.got.ndim)):
        candidate = pair.reals[1].transpose(order)
        if candidate.shape == pair.got.shape and pair.explains(candidate):
            moved = [str(axis) for axis, source in enumerate(order) if axis != source]
            return Diagnosis(
                sentence(f"{pair.what} has the right values with axes {listing(moved)} exchanged"),
                "The same values are expected with the axes in the order of the docstring.",
                "Look at each index: which one counts rows, which one columns, which one channels?",
            )
    return None


def shifted(pair: Pair) -> Diagnosis | None:
    """Moved along one axis by a few places."""
    for axis, step in itertools.product(_long_axes(pair), range(1, _LARGEST_SHIFT + 1)):
        for way in (step, -step):
            if _is_shifted(pair, axis, way):
                place = axis_name(axis, pair.got.ndim)
                return Diagnosis(
                    sentence(f"{pair.what} is shifted by {step} along {place}"),
                    f"The same values are expected {step} place{'s' * (step > 1)} "
                    f"{'earlier' if way > 0 else 'later'}.",
                    "Where does the first window start? Is the padding on both sides?",
                )
    return None


def shuffled(pair: Pair) -> Diagnosis | None:
    """The same numbers in another order that no flip or transpose explains."""
    got, expected = (np.sort(each, axis=None) for each in pair.reals)
    if distinct(expected) < 3 or not right_elements(got, expected).all():  # noqa: PLR2004
        return None
    return Diagnosis(
        sentence(f"{pair.what} holds the right numbers at the wrong places"),
        "The same numbers are expected in another order.",
        "A reshape keeps the order in memory and mixes axes; to move an axis use a transpose.",
    )


ORDER_RULES: tuple[Rule, ...] = (axes_exchanged, flipped, shifted, shuffled)


def _axis_sets(pair: Pair) -> Iterator[tuple[int, ...]]:
    if not _permutable(pair):
        return
    axes = [axis for axis, length in enumerate(pair.got.shape) if length > 1]
    for count in range(1, len(axes) + 1):
        yield from itertools.combinations(axes, count)


def _permutable(pair: Pair) -> bool:
    """Whether trying all orders of the axes is cheap, and can only succeed with evidence."""
    return 0 < pair.got.ndim <= _MOST_AXES and 1 < pair.got.size <= _MOST_ELEMENTS


def _long_axes(pair: Pair) -> tuple[int, ...]:
    if not _permutable(pair) or pair.got.ndim < 2:  # noqa: PLR2004
        return ()
    return tuple(axis for axis, length in enumerate(pair.got.shape) if axis and length > 2)  # noqa: PLR2004


def _is_shifted(pair: Pair, axis: int, step: int) -> bool:
    got, expected = (np.moveaxis(each, axis, 0) for each in pair.reals)
    if abs(step) >= len(got) - 1:
        return False
    part, other = _overlap(got, expected, step)
    if part.size < _LEAST_SHIFTED or distinct(other) < 3:  # noqa: PLR2004
        return False
    return bool(right_elements(part, other).all())


def _overlap(got: Array, expected: Array, step: int) -> tuple[Array, Array]:
    if step > 0:
        return got[step:], expected[:-step]
    return got[:step], expected[-step:]
