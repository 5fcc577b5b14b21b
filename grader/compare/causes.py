"""What a constant factor may come from: a length, a count, a probability among the inputs."""

from __future__ import annotations

import math
from collections.abc import Iterator

from grader.compare.closeness import Array
from grader.compare.pair import Pair
from grader.compare.wording import number

_CLOSE = 1e-6  # relative
_LARGEST_NICE = 16


def factor_cause(factor: float, pair: Pair) -> str:
    """The likeliest cause of a factor, as what to try."""
    inverse = abs(factor) < 1
    size = 1 / abs(factor) if inverse else abs(factor)
    verb = "divided by" if inverse else "multiplied by"
    if place := _probability(abs(factor), pair):
        return f"The factor is {place}: which power of it belongs there, and where?"
    if name := _named(size, pair):
        return f"{number(size)} is {name}: a sum for a mean, or {verb} it once too often?"
    if math.isclose(size, round(size), rel_tol=_CLOSE) and size <= _LARGEST_NICE:
        return f"Is something {verb} {round(size)}, or counted {round(size)} times?"
    if name := _named(size**2, pair):
        return f"That is the root of {size**2:.0f}, {name}: a root too many, or one missing?"
    return "Which constant is multiplied in or forgotten? Compare with the formula term by term."


def _named(size: float, pair: Pair) -> str:
    """The name of the first count that a number equals."""
    counts = (*_batch(pair), *_windows(pair), *_lengths(pair), *_volumes(pair))
    names = (
        name for count, name in counts if count > 1 and math.isclose(size, count, rel_tol=_CLOSE)
    )
    return next(names, "")


def _arrays(pair: Pair) -> list[tuple[Array, str]]:
    return [(each, f"input {place}") for place, each in enumerate(pair.inputs, 1) if each.ndim]


def _batch(pair: Pair) -> Iterator[tuple[float, str]]:
    if pair.inputs and pair.inputs[0].ndim > 1:
        yield len(pair.inputs[0]), "the number of examples in the batch"


def _windows(pair: Pair) -> Iterator[tuple[float, str]]:
    for place, each in enumerate(pair.inputs, 1):
        if each.ndim == 0 and each.dtype.kind in "iu":
            yield int(each), f"input {place}"
            yield int(each) ** 2, f"the square of input {place} (the places in a window?)"


def _lengths(pair: Pair) -> Iterator[tuple[float, str]]:
    for each, name in [*_arrays(pair), (pair.got, "the output")]:
        for axis, length in enumerate(each.shape):
            yield length, f"the length of axis {axis} of {name}"


def _volumes(pair: Pair) -> Iterator[tuple[float, str]]:
    for each, name in _arrays(pair):
        for axis in range(each.ndim if each.size and each.ndim > 1 else 0):
            what = "example" if axis == 0 else f"place of axis {axis}"
            yield each.size / each.shape[axis], f"the number of values per {what} in {name}"


def _probability(factor: float, pair: Pair) -> str:
    """How a factor follows from a probability among the inputs, without its value."""
    for place, each in enumerate(pair.inputs, 1):
        is_probability = each.ndim == 0 and each.dtype.kind == "f" and 0 < each < 1
        if is_probability and (found := _power(factor, float(each), f"input {place}")):
            return found
    return ""


def _power(factor: float, p: float, name: str) -> str:
    powers = {
        name: p,
        f"1 / {name}": 1 / p,
        f"the square of {name}": p * p,
        f"1 - {name}": 1 - p,
        f"1 / (1 - {name})": 1 / (1 - p),
        f"(1 - {name}) / {name}": (1 - p) / p,
        f"{name} / (1 - {name})": p / (1 - p),
    }
    return next((text for text, value in powers.items() if math.isclose(factor, value)), "")
