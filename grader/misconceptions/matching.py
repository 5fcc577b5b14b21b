"""When two observations of hidden tests are the same: equal up to rounding."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from grader.records import Observation, Raised

# Two codes with one mistake round differently, by 1e-12; two mistakes differ by far more.
CLOSE = 1e-6
TINY = 1e-12
# Sizes, indexes and addresses in a message depend on names and loops, not on the mistake.
VARYING = re.compile(r"0x[0-9a-fA-F]+|\d+(\.\d+)?(e[+-]?\d+)?")

Array = npt.NDArray[Any]


def same(got: Observation, known: Observation) -> bool:
    """Whether a student's test saw what the test of a known mistake saw."""
    if got.label != known.label:
        return False
    if known.tolerance is not None:
        return _near(got.value, known.value, known.tolerance)
    return equal(got.value, known.value)


def same_kind(got: Observation, known: Observation) -> bool:
    """The same as `same`, but for the message of an exception."""
    if isinstance(got.value, Raised) and isinstance(known.value, Raised):
        return got.label == known.label and got.value.type == known.value.type
    return same(got, known)


def equal(got: Any, known: Any) -> bool:
    """Whether two observed values are equal up to rounding."""
    if isinstance(got, Raised) or isinstance(known, Raised):
        return _same_exception(got, known)
    if isinstance(known, Mapping):
        return (
            isinstance(got, Mapping)
            and got.keys() == known.keys()
            and all(equal(got[key], known[key]) for key in known)
        )
    if _is_number(known) or _is_number(got):
        got, known = _as_numbers(got), _as_numbers(known)
    if isinstance(known, list | tuple):
        return (
            isinstance(got, list | tuple) and len(got) == len(known) and all(map(equal, got, known))
        )
    if _is_number(known):
        return _is_number(got) and _equal_arrays(np.asarray(got), np.asarray(known))
    return type(got) is type(known) and bool(got == known)


def informative(value: Any) -> bool:
    """Whether so much is in a value that two mistakes hardly share it by chance: real numbers."""
    if isinstance(value, Mapping):
        return any(map(informative, value.values()))
    if isinstance(value, Sequence) and not isinstance(value, str):
        return any(map(informative, value))
    if not _is_number(value):
        return False
    array = np.asarray(value)
    return array.dtype.kind in "fc" and bool((np.isfinite(array) & (array != np.rint(array))).any())


def tells(seen: Observation) -> bool:
    """Whether two mistakes hardly show this by chance; a share of 0.02, give or take 0.1, is 0."""
    if seen.tolerance is None or not _is_number(seen.value):
        return informative(seen.value)
    value = np.asarray(seen.value, dtype=float)
    return bool(
        np.isfinite(value).all() and (np.abs(value - np.rint(value)) > seen.tolerance).any()
    )


def _same_exception(got: Any, known: Any) -> bool:
    if not isinstance(got, Raised) or not isinstance(known, Raised):
        return False
    return got.type == known.type and _plain(got.message) == _plain(known.message)


def _plain(message: str) -> str:
    return VARYING.sub("#", message)


def _is_number(value: Any) -> bool:
    return isinstance(value, bool | int | float | complex | np.ndarray | np.generic)


def _equal_arrays(got: Array, known: Array) -> bool:
    if got.shape != known.shape or _kind(got) != _kind(known):
        return False
    if _kind(known) not in "fc":
        return np.array_equal(got, known)
    with np.errstate(all="ignore"):
        finite = np.isfinite(known)
        scale = float(np.abs(np.where(finite, known, 0.0)).max(initial=0.0))
        near = np.abs(got - known) <= CLOSE * scale + TINY
        alike = (got == known) | (np.isnan(got) & np.isnan(known))
    return bool(np.where(finite, near, alike).all())


def _as_numbers(value: Any) -> Any:
    """A list of numbers as an array: whether it was turned into one is no part of a mistake."""
    if isinstance(value, list | tuple) and value and all(map(_is_number, value)):
        return np.asarray(value) if len({np.shape(part) for part in value}) == 1 else value
    return value


def _kind(array: Array) -> str:
    return "i" if array.dtype.kind == "u" else array.dtype.kind


def _near(got: Any, known: Any, tolerance: float) -> bool:
    if not _is_number(got) or not _is_number(known) or np.shape(got) != np.shape(known):
        return False
    difference = np.abs(np.asarray(got, dtype=float) - np.asarray(known, dtype=float))
    return bool((difference <= tolerance).all()) or equal(got, known)
