"""When a student's value counts as equal to the reference's, by the course's rule."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

# COURSE §0: a right solution in float64 is typically 1e-12 away, a real mistake 1e-3.
FLOAT64 = 1e-7
FLOAT32_ANSWER = 1e-4  # float32 where the reference computes in float64
FLOAT32 = 2e-5  # float32 against float32
FLOAT16 = 1e-2
# Below this scale a rounding error of 1e-17 would be a mistake: constant rows, far tails.
SCALE_FLOOR = 1e-3

KINDS = {"b": "bool", "i": "int", "u": "int", "f": "float", "c": "complex"}


def close(
    got: Any, expected: Any, *, tolerance: float | None = None, scale_floor: float = SCALE_FLOOR
) -> bool:
    """Whether `got` is what the reference computed, up to rounding.

    Reals: |got - expected| <= r * scale + r * |expected|, scale = max |expected| over the array,
    r by dtype. Integers and bools are equal exactly. NaN equals NaN only where the reference has
    it, an infinity only itself; -0.0 is 0.0. A Python scalar, a 0-d array, a list for a tuple are
    accepted; integers where reals are meant, and reals where integers are meant, are not.

    `tolerance` is an absolute difference that counts instead, for statistics; `scale_floor` 0.0
    asks for exact zeros where all of `expected` is 0. Never raises, whatever `got` is.
    """
    if isinstance(expected, list | tuple):
        return (
            isinstance(got, list | tuple)
            and len(got) == len(expected)
            and all(
                close(one, other, tolerance=tolerance, scale_floor=scale_floor)
                for one, other in zip(got, expected, strict=True)
            )
        )
    if isinstance(expected, Mapping):
        return (
            isinstance(got, Mapping)
            and got.keys() == expected.keys()
            and all(
                close(got[key], expected[key], tolerance=tolerance, scale_floor=scale_floor)
                for key in expected
            )
        )
    return _close_leaf(got, expected, tolerance, scale_floor)


def as_array(value: Any) -> Array | None:
    """A number or a plain numeric array as an array; None for anything else."""
    if type(value) not in (bool, int, float, complex, np.ndarray) and not _is_numpy_scalar(value):
        return None
    array = np.asarray(value)
    return array if array.dtype.kind in KINDS else None


def right_elements(
    got: Array,
    expected: Array,
    tolerance: float | None = None,
    scale_floor: float = SCALE_FLOOR,
) -> NDArray[np.bool_]:
    """Which elements of two arrays of one shape agree, by the rule of `close`."""
    if expected.dtype.kind in "biu" and got.dtype.kind in "biu" and tolerance is None:
        return np.asarray(got == expected)
    width = np.complex128 if "c" in (got.dtype.kind, expected.dtype.kind) else np.float64
    with np.errstate(all="ignore"):
        ours, theirs = expected.astype(width), got.astype(width)
        finite = np.isfinite(ours)
        bound = _bound(ours, finite, relative_width(got, expected), tolerance, scale_floor)
        near = np.isfinite(theirs) & (np.abs(theirs - ours) <= bound)
        same = (theirs == ours) | (np.isnan(theirs) & np.isnan(ours))
        return np.asarray(np.where(finite, near, same))


def relative_width(got: Array, expected: Array) -> float:
    """The relative rounding error that the two dtypes allow."""
    if expected.dtype.kind not in "fc":
        return FLOAT64
    if np.float16 in (got.dtype, expected.dtype):
        return FLOAT16
    single = 4 * (2 if expected.dtype.kind == "c" else 1)
    if expected.dtype.itemsize <= single:
        return FLOAT32
    return FLOAT32_ANSWER if got.dtype.itemsize <= single else FLOAT64


def same_kind(got: Array, expected: Array) -> bool:
    """Whether both hold bools, both integers, both reals or both complex numbers."""
    return KINDS.get(got.dtype.kind) == KINDS.get(expected.dtype.kind)


def _is_numpy_scalar(value: Any) -> bool:
    return isinstance(value, np.generic) and type(value).__module__ == "numpy"


def _bound(
    ours: Array, finite: Array, width: float, tolerance: float | None, scale_floor: float
) -> Any:
    if tolerance is not None:
        return tolerance
    sizes = np.abs(np.where(finite, ours, 0.0))
    return width * max(float(sizes.max(initial=0.0)), scale_floor) + width * sizes


def _close_leaf(got: Any, expected: Any, tolerance: float | None, scale_floor: float) -> bool:
    if type(expected) is int and type(got) is int:  # of any size, also beyond 64 bits
        return abs(got - expected) <= (tolerance or 0)
    ours, theirs = as_array(expected), as_array(got)
    if ours is None:  # objects that did not travel are never equal, not even to themselves
        return (got is None and expected is None) or (
            type(got) is str and type(expected) is str and got == expected
        )
    if theirs is None or theirs.shape != ours.shape or not same_kind(theirs, ours):
        return False
    return bool(right_elements(theirs, ours, tolerance, scale_floor).all())
