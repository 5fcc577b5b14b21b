"""A short mark of what a failed test saw: the same for answers that are wrong alike.

Two codes with one mistake round differently, so numbers count to about four digits of the largest
one. A hash is all or nothing, and of a thousand numbers one always lies at the border between two
roundings; so a large array counts by a few sums over all of it, which lie there rarely.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from grader.misconceptions.matching import VARYING
from grader.records import Observation, Raised

DIGITS = 4
FEW = 4  # numbers that count one by one
FREQUENCIES = (math.sqrt(2), math.sqrt(3), math.sqrt(5))
# Statistics that count as equal within a tolerance scatter by about as much.
WIDTHS = 8
LENGTH = 12
CHUNK = 1 << 16  # entries at a time: an array may be the largest that travels

Array = npt.NDArray[Any]


def fingerprint(observations: Iterable[Observation]) -> str:
    """Twelve letters; none where nothing was seen."""
    digest, seen = hashlib.sha256(), False
    for observation in observations:
        seen = True
        for word in (observation.label, *_words(observation.value, observation.tolerance)):
            digest.update(word.encode("utf-8", "backslashreplace") + b"\0")
    return digest.hexdigest()[:LENGTH] if seen else ""


def _words(value: Any, tolerance: float | None) -> Iterator[str]:
    if isinstance(value, Raised):
        yield from ("raised", value.type, VARYING.sub("#", value.message))
    elif isinstance(value, Mapping):
        yield f"mapping {len(value)}"
        for key in sorted(value, key=str):
            yield from (str(key), *_words(value[key], tolerance))
    elif isinstance(value, bool | int | float | complex | np.ndarray | np.generic):
        yield from _of_array(np.asarray(value), tolerance)
    elif isinstance(value, list | tuple):
        yield f"sequence {len(value)}"
        for part in value:
            yield from _words(part, tolerance)
    else:
        yield f"{type(value).__name__} {value}"


def _of_array(array: Array, tolerance: float | None) -> Iterator[str]:
    kind = "i" if array.dtype.kind == "u" else array.dtype.kind
    yield f"{kind} {array.shape}"
    if kind == "c":
        yield from _of_numbers(np.concatenate([array.real.ravel(), array.imag.ravel()]), tolerance)
    elif kind == "f":
        yield from _of_numbers(array.ravel(), tolerance)
    else:
        yield _digest(array.ravel())


def _digest(entries: Array) -> str:
    """Whole numbers and bools, whatever their width; of anything else its words."""
    digest = hashlib.sha256()
    for start in range(0, entries.size, CHUNK):
        part = entries[start : start + CHUNK]
        whole = part.dtype.kind in "biu"
        digest.update(part.astype(np.int64).tobytes() if whole else str(part.tolist()).encode())
    return digest.hexdigest()


def _of_numbers(numbers: Array, tolerance: float | None) -> Iterator[str]:
    numbers = numbers.astype(np.float64)
    finite = np.isfinite(numbers)
    if not finite.all():
        yield _digest(np.isnan(numbers) + 2 * np.isposinf(numbers) + 4 * np.isneginf(numbers))
        numbers = np.where(finite, numbers, 0.0)
    largest = float(np.abs(numbers).max(initial=0.0))
    if largest > 0:
        with np.errstate(under="ignore"):
            numbers = numbers / largest  # sums of what is near the end of the range stay in it
    sums = numbers if numbers.size <= FEW else _sums(numbers)
    step = WIDTHS * tolerance / largest if tolerance and largest else None
    yield from (_rounded(largest, WIDTHS * tolerance if tolerance else None),)
    yield from (_rounded(float(value), step or 10.0**-DIGITS) for value in sums)


def _sums(numbers: Array) -> Array:
    """A few weighted means: which number stands where matters, and rounding noise averages out."""
    places = np.arange(1, numbers.size + 1)
    return np.array([np.mean(numbers * np.cos(f * places)) for f in FREQUENCIES]) * math.sqrt(
        numbers.size
    )


def _rounded(value: float, step: float | None) -> str:
    """The number to a step, or to a few digits of its own."""
    if step is not None and step > 0:
        return f"{round(value / step)}"
    return f"{value:.{DIGITS - 1}e}"
