"""When nothing simpler explains it: how far, where, and how many elements are wrong."""

from __future__ import annotations

import numpy as np

from grader.compare.closeness import Array
from grader.compare.pair import Pair
from grader.compare.wording import index, number_kind, rough, sentence, share
from grader.records import Diagnosis

_SMALL = 1e-2  # relative: a rounding, an eps, a ddof rather than another formula


def distance(pair: Pair) -> Diagnosis:
    """The largest absolute and relative error, its index, the share of wrong elements."""
    if pair.got.size == 0 or not pair.wrong.any():
        return Diagnosis(sentence(f"{pair.what} is not quite what it should be"))
    if pair.got.dtype.kind == "b" and pair.expected.dtype.kind == "b":
        return _bools(pair)
    if pair.got.ndim == 0:
        return _one_number(pair)
    return _many(pair)


def _many(pair: Pair) -> Diagnosis:
    errors, place, relative = _largest(pair)
    wrong = int(pair.wrong.sum())
    happened = (
        f"{pair.what} has the right shape, but {share(wrong, pair.got.size)}. The largest error "
        f"is {rough(float(errors[place]))}{_relative(relative)}, at index {index(place)}"
    )
    return Diagnosis(sentence(happened), _expected(pair), _remedy(pair, relative))


def _one_number(pair: Pair) -> Diagnosis:
    errors, place, relative = _largest(pair)
    way = "large" if pair.got > pair.expected else "small"
    happened = f"{pair.what} is too {way}, by {rough(float(errors[place]))}{_relative(relative)}"
    remedy = _difference(pair) or _remedy(pair, relative)
    other = "smaller" if pair.got > pair.expected else "larger"
    return Diagnosis(sentence(happened), f"A {other} {_bare(pair)}.", remedy)


def _difference(pair: Pair) -> str:
    """A count that is off by one of the counts that the function was given."""
    if pair.got.dtype.kind not in "iu":
        return ""
    step = abs(int(pair.got) - int(pair.expected))
    for place, each in enumerate(pair.inputs, 1):
        if each.ndim == 0 and each.dtype.kind in "iu" and step > 1 and int(each) == step:
            return f"The difference is input {place}: is it left out, or counted twice?"
    return ""


def _bools(pair: Pair) -> Diagnosis:
    if pair.got.ndim == 0:
        return Diagnosis(
            sentence(f"{pair.what} is {bool(pair.got)}"), "The opposite is expected.", _TRY
        )
    wrong = int(pair.wrong.sum())
    first = index(np.argwhere(pair.wrong)[0])
    return Diagnosis(
        sentence(f"{pair.what}: {share(wrong, pair.got.size)}, first at index {first}"),
        "Bools that agree everywhere are expected.",
        _TRY,
    )


_TRY = "Work through the smallest example by hand and compare each step."


def _largest(pair: Pair) -> tuple[Array, tuple[int, ...], float]:
    complex_ = "c" in (pair.got.dtype.kind, pair.expected.dtype.kind)
    width = np.complex128 if complex_ else np.float64
    with np.errstate(all="ignore"):
        expected = pair.expected.astype(width)
        errors = np.abs(pair.got.astype(width) - expected)
        errors = np.where(pair.wrong & ~np.isnan(errors), errors, np.where(pair.wrong, np.inf, 0.0))
        place = tuple(int(part) for part in np.unravel_index(int(errors.argmax()), errors.shape))
        size = float(np.abs(expected[place]))
        relative = float(errors[place]) / size if size else float("inf")
    return errors, place, relative


def _relative(relative: float) -> str:
    if not np.isfinite(relative):
        return ""
    return f" (relative {rough(relative)})"


def _expected(pair: Pair) -> str:
    right = int(pair.right.sum())
    if 0 < right < pair.got.size:
        return f"The other {right} elements are right." if right > 1 else "One element is right."
    return "Other values are expected."


def _remedy(pair: Pair, relative: float) -> str:
    if pair.expected.dtype.kind == "f" and relative < _SMALL:
        return "It is nearly right: look at eps, at what is averaged over, and at n against n - 1."
    return _TRY


def _bare(pair: Pair) -> str:
    return number_kind(pair.expected.dtype).partition(" ")[2]
