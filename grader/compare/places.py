"""Right in one part only: inside but not at the border, one example, one channel."""

from __future__ import annotations

import numpy as np

from grader.compare.closeness import Array
from grader.compare.pair import Pair, Rule
from grader.compare.wording import axis_name, listing, sentence
from grader.records import Diagnosis

_WIDEST_BORDER = 3
_MOSTLY = 0.5
_SIDES = {(0, 0): "top", (0, 1): "bottom", (1, 0): "left", (1, 1): "right"}


def only_border(pair: Pair) -> Diagnosis | None:
    """Right in the interior of every picture, wrong at its border."""
    for axes in _picture_axes(pair.got.ndim):
        for width in range(1, _WIDEST_BORDER + 1):
            if _is_only_border(pair, axes, width):
                return _border(pair, axes, width)
    return None


def one_example_only(pair: Pair) -> Diagnosis | None:
    """Right for the first (or last) example of the batch and for no other."""
    which = _only_right_slice(pair, 0)
    if which is None:
        return None
    return Diagnosis(
        sentence(f"{pair.what} is right for the {which} example only{_zero(pair)}"),
        f"All {len(pair.got)} examples (along axis 0) should be computed alike.",
        "Does the loop over the batch reach every example?",
    )


def one_channel_only(pair: Pair) -> Diagnosis | None:
    """Right at the first (or last) place of the channels, or of any other axis."""
    for axis in range(1, pair.got.ndim):
        if which := _only_right_slice(pair, axis):
            channel = " (the channels?)" if axis == 1 else ""
            return Diagnosis(
                sentence(f"{pair.what} is right at the {which} place of axis {axis}{channel} only"),
                f"All {pair.got.shape[axis]} places of that axis should be computed alike.",
                "Which index should move along that axis, and does it?",
            )
    return None


def one_slice_wrong(pair: Pair) -> Diagnosis | None:
    """Wrong at one place of one axis only."""
    for axis in range(pair.got.ndim):
        others = tuple(other for other in range(pair.got.ndim) if other != axis)
        bad = np.flatnonzero(pair.wrong.any(axis=others))
        if len(bad) == 1 and pair.got.shape[axis] > 2:  # noqa: PLR2004
            place = axis_name(axis, pair.got.ndim)
            return Diagnosis(
                sentence(f"{pair.what} is wrong only at place {bad[0]} of {place}{_zero(pair)}"),
                f"The other {pair.got.shape[axis] - 1} places are right.",
                _slice_remedy(int(bad[0]), pair.got.shape[axis]),
            )
    return None


PLACE_RULES: tuple[Rule, ...] = (only_border, one_example_only, one_channel_only, one_slice_wrong)


def _picture_axes(ndim: int) -> tuple[tuple[int, int], ...]:
    """Height and width: the last two axes, or the two before the channels."""
    if ndim < 3:  # noqa: PLR2004
        return ()
    return ((ndim - 2, ndim - 1), (ndim - 3, ndim - 2)) if ndim > 3 else ((1, 2),)  # noqa: PLR2004


def _inside(mask: Array, axes: tuple[int, int], width: int) -> Array:
    cut = [slice(None)] * mask.ndim
    for axis in axes:
        cut[axis] = slice(width, mask.shape[axis] - width)
    return mask[tuple(cut)]


def _is_only_border(pair: Pair, axes: tuple[int, int], width: int) -> bool:
    """All right inside, at least 2 x 2 there, and wrong in most places of the sides named."""
    inside = _inside(pair.wrong, axes, width)
    if inside.any() or min(inside.shape[axis] for axis in axes) < 2:  # noqa: PLR2004
        return False
    return bool(_wrong_sides(pair.wrong, axes, width))


def _border(pair: Pair, axes: tuple[int, int], width: int) -> Diagnosis:
    sides = [_SIDES[side] for side in _wrong_sides(pair.wrong, axes, width)]
    where = "the border" if len(sides) == len(_SIDES) else f"the border ({listing(sides)})"
    lines = f"{width} row{'s' * (width > 1)} or column{'s' * (width > 1)} wide"
    return Diagnosis(
        sentence(f"{pair.what} is right inside but wrong at {where}, {lines}{_zero(pair)}"),
        "The border is computed like the rest, with zeros outside where there is padding.",
        "Do the windows reach the first and the last row and column? Where do the zeros go?",
    )


def _wrong_sides(wrong: Array, axes: tuple[int, int], width: int) -> list[tuple[int, int]]:
    """The sides that are mostly wrong, corners left out; none if another side has a mistake."""
    found: list[tuple[int, int]] = []
    for order, axis in enumerate(axes):
        other = axes[1 - order]
        middle = np.moveaxis(wrong, (axis, other), (0, 1))[:, width : wrong.shape[other] - width]
        for end, part in enumerate((middle[:width], middle[-width:])):
            if np.mean(part) > _MOSTLY:
                found.append((order, end))
            elif part.any():
                return []
    return found


def _only_right_slice(pair: Pair, axis: int) -> str | None:
    """`first` or `last`, if all is right there and something is wrong in every other slice."""
    if pair.got.ndim < 2 or pair.got.shape[axis] < 2:  # noqa: PLR2004
        return None
    others = tuple(other for other in range(pair.got.ndim) if other != axis)
    right = np.atleast_1d(pair.right.all(axis=others))
    for name, place in (("first", 0), ("last", -1)):
        rest = np.delete(pair.wrong, place, axis=axis)
        mostly = right[place] and right.sum() == 1 and np.mean(rest) > _MOSTLY
        if mostly and _informative(pair, axis, place):
            return name
    return None


def _informative(pair: Pair, axis: int, place: int) -> bool:
    """A slice of one or two elements can be right by accident."""
    part = np.take(pair.expected, place, axis=axis)
    return bool(part.size > 1 and part.any())


def _zero(pair: Pair) -> str:
    """Says that wrong elements are all 0: then they were never written."""
    return "" if pair.got[pair.wrong].any() else "; the wrong elements are 0, as if never filled"


def _slice_remedy(place: int, length: int) -> str:
    if place in (0, length - 1):
        return "Does the loop start at 0 and stop after the last place?"
    return "What is special about this place: a constant row, a tie, an extreme value?"
