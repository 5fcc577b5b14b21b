"""NaN or infinity where a number is expected: how many, where first, what they come from."""

from __future__ import annotations

import numpy as np

from grader.compare.closeness import Array
from grader.compare.wording import index, sentence
from grader.records import Diagnosis


def not_finite(got: Array, expected: Array, what: str) -> Diagnosis | None:
    """The student's output has a NaN or an infinity where a number is expected."""
    if got.dtype.kind not in "fc" or got.size == 0:
        return None
    nan = np.isnan(got) & ~np.isnan(expected)
    inf = np.isinf(got) & ~np.isinf(expected) & ~np.isnan(expected)
    if nan.any():
        return _found(nan, "NaN (not a number)", what, _NAN)
    if inf.any():
        return _found(inf, "infinite", what, _INF)
    return _lost(got, expected, what)


_NAN = (
    "NaN arises from 0/0, inf/inf, 0 * inf and inf - inf, from the root or logarithm of a negative "
    "number, and from `np.empty`, which is not filled with zeros."
)
_INF = "Infinity arises from a division by 0 (is eps missing?) and from `np.exp` of large numbers."


def _found(mask: Array, word: str, what: str, remedy: str) -> Diagnosis:
    if mask.ndim == 0:
        return Diagnosis(sentence(f"{what} is {word}"), "A finite number is expected.", remedy)
    first = index(np.argwhere(mask)[0])
    count = int(mask.sum())
    where = f"first at index {first}" if count > 1 else f"at index {first}"
    return Diagnosis(
        sentence(f"{what} is {word} in {count} of {mask.size} elements, {where}"),
        "Finite numbers are expected there.",
        remedy,
    )


def _lost(got: Array, expected: Array, what: str) -> Diagnosis | None:
    """The reference is not finite here, on purpose, and the student's is, or of the other sign."""
    with np.errstate(all="ignore"):
        kept = np.isfinite(expected) | (got == expected) | (np.isnan(got) & np.isnan(expected))
    if kept.all():
        return None
    return Diagnosis(
        sentence(f"{what} is wrong where the right answer is not a finite number"),
        "This test expects infinity or NaN in some places.",
        "Think through the limits of the formula: what should come out there?",
    )
