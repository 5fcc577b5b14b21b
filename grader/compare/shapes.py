"""Wrong shape: the likely cause, read from the two shapes and, where they can tell, the values."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Sequence

import numpy as np

from grader.compare.closeness import Array, close
from grader.compare.sizes import wrong_sizes
from grader.compare.wording import axis_name, sentence, shape
from grader.records import Diagnosis

ShapeRule = Callable[[Array, Array], str | None]
_MOST_PERMUTED = 5  # axes; 120 orders


def wrong_shape(
    got: Array, expected: Array, inputs: Sequence[Array], what: str
) -> Diagnosis | None:
    """The first rule that fits says what to try; `inputs` lend their shapes."""
    if got.shape == expected.shape:
        return None
    causes = (rule(got, expected) for rule in SHAPE_RULES)
    cause = next((cause for cause in causes if cause), None)
    return Diagnosis(
        sentence(f"{what} {_has_shape(got)}"),
        sentence(_is_expected(expected)),
        cause or wrong_sizes(got.shape, expected.shape, tuple(each.shape for each in inputs)),
    )


def single_number(got: Array, expected: Array) -> str | None:
    """One number where an array is meant, or the other way round."""
    if got.ndim == 0:
        return "A sum, mean or maximum without `axis=` runs over everything: give it its axis."
    if expected.ndim == 0 and got.size == 1:
        return "Take the number out of the array, for instance with `.item()`."
    if expected.ndim == 0:
        return "One number is meant for the whole array: is a sum or mean missing?"
    return None


def extra_axis(got: Array, expected: Array) -> str | None:
    """(1, D) for (D,): an axis of length 1 was kept."""
    if not _is_without_ones(got.shape, expected.shape):
        return None
    return (
        "An axis of length 1 is left over. `keepdims=True` helps inside the formula; "
        "drop the axis from what you return."
    )


def dropped_axis(got: Array, expected: Array) -> str | None:
    """(D,) for (1, D): an axis of length 1 was lost."""
    if not _is_without_ones(expected.shape, got.shape):
        return None
    if expected.shape[0] == 1 and got.shape == expected.shape[1:]:
        return "The batch axis is gone: a batch of one example is still a batch."
    return "An axis of length 1 was dropped: do not squeeze, or use `keepdims=True`."


def one_example(got: Array, expected: Array) -> str | None:
    """The batch axis is missing, or holds one example only."""
    single = got[0] if got.ndim == expected.ndim and got.shape[:1] == (1,) else got
    if expected.ndim < 2 or single.shape != expected.shape[1:]:  # noqa: PLR2004
        return None
    if close(single, expected[0]):
        return "You return the first example only. Where does the loop over the batch write to?"
    if close(single, expected[-1]):
        return "You return the last example only: each one overwrites the one before."
    return "The batch axis is missing: the output needs one entry for each example."


def summed_away(got: Array, expected: Array) -> str | None:
    """One axis is missing because it was summed or averaged over."""
    for axis in range(expected.ndim):
        if got.shape == expected.shape[:axis] + expected.shape[axis + 1 :]:
            return (
                f"The axis of length {expected.shape[axis]} (axis {axis}) is missing: "
                "did a sum, a mean or an index remove it?"
            )
    return None


def not_summed(got: Array, expected: Array) -> str | None:
    """One axis too many, which a sum or mean would remove."""
    for axis in range(got.ndim):
        if expected.shape == got.shape[:axis] + got.shape[axis + 1 :]:
            return _reduction(got, expected, axis)
    return None


def flattened(got: Array, expected: Array) -> str | None:
    """All axes, or all but the first, in one; or the other way round."""
    if got.size != expected.size or got.size == 0 or got.ndim == expected.ndim:
        return None
    if got.ndim < expected.ndim and got.shape in _flat(expected.shape):
        return f"The values were flattened: reshape them to {shape(expected.shape)} at the end."
    if got.ndim > expected.ndim and expected.shape in _flat(got.shape):
        return "Each example should be flattened to one row: `x.reshape(len(x), -1)`."
    return None


def reordered(got: Array, expected: Array) -> str | None:
    """The right values with their axes in another order."""
    if not _has_same_lengths(got, expected) or got.ndim > _MOST_PERMUTED:
        return None
    for order in itertools.permutations(range(got.ndim)):
        if _lengths(got.shape, order) == expected.shape and close(got.transpose(order), expected):
            return (
                "The values are right but the axes are in another order: "
                f"`.transpose{order}` mends it."
            )
    return None


def channels_moved(got: Array, expected: Array) -> str | None:
    """Channels first for channels last, or the other way round."""
    if got.ndim != expected.ndim or got.ndim < 3:  # noqa: PLR2004
        return None
    batch, *rest = expected.shape
    if _is_other_order(got, expected):
        return None
    if got.shape == (batch, *rest[1:], rest[0]):
        return (
            "The channels stand last, but they belong right after the batch axis (channels first)."
        )
    if got.shape == (batch, rest[-1], *rest[:-1]):
        return "The channels stand first, but they belong at the end (channels last)."
    return None


def exchanged(got: Array, expected: Array) -> str | None:
    """The same lengths in another order, with other values."""
    if not _has_same_lengths(got, expected):
        return None
    if got.ndim == 2:  # noqa: PLR2004
        return "The two axes are exchanged: is a `.T` missing, or a matrix product turned round?"
    if got.ndim >= 3 and got.shape[:-2] == expected.shape[:-2]:  # noqa: PLR2004
        return "Height and width are exchanged."
    return "The lengths are right but in another order: which axis comes first?"


SHAPE_RULES: tuple[ShapeRule, ...] = (
    single_number,
    extra_axis,
    dropped_axis,
    one_example,
    flattened,
    channels_moved,
    reordered,
    exchanged,
    not_summed,
    summed_away,
)


def _is_other_order(got: Array, expected: Array) -> bool:
    """Whether the values prove another order than that of moved channels."""
    moved = (np.moveaxis(expected, 1, -1), np.moveaxis(expected, -1, 1))
    return reordered(got, expected) is not None and not any(close(got, each) for each in moved)


def _has_same_lengths(got: Array, expected: Array) -> bool:
    return got.ndim == expected.ndim and sorted(got.shape) == sorted(expected.shape)


def _has_shape(array: Array) -> str:
    return f"has shape {shape(array.shape)}" if array.ndim else "is a single number"


def _is_expected(array: Array) -> str:
    return (
        f"shape {shape(array.shape)} is expected" if array.ndim else "a single number is expected"
    )


def _is_without_ones(longer: tuple[int, ...], shorter: tuple[int, ...]) -> bool:
    """Whether `shorter` is `longer` with one or more axes of length 1 left out."""
    if len(longer) <= len(shorter):
        return False
    rest = iter(longer)
    skipped: list[int] = []
    for length in shorter:
        for candidate in rest:
            if candidate == length:
                break
            skipped.append(candidate)
        else:
            return False
    return all(length == 1 for length in [*skipped, *rest])


def _reduction(got: Array, expected: Array, axis: int) -> str:
    for name in ("sum", "mean", "max"):
        if got.shape[axis] and close(getattr(np, name)(got, axis=axis), expected):
            return f"A {name} over {axis_name(axis, got.ndim)} is missing: `.{name}(axis={axis})`."
    return f"There is one axis too many ({axis_name(axis, got.ndim)}): is a sum over it missing?"


def _flat(sizes: tuple[int, ...]) -> tuple[tuple[int, ...], ...]:
    return (math.prod(sizes),), (sizes[0], math.prod(sizes[1:]))


def _lengths(sizes: tuple[int, ...], order: Sequence[int]) -> tuple[int, ...]:
    return tuple(sizes[axis] for axis in order)
