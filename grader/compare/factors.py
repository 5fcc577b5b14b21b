"""Right up to a constant factor, offset, sign or rounding that is the same everywhere."""

from __future__ import annotations

import math

import numpy as np

from grader.compare.causes import factor_cause
from grader.compare.pair import Pair, Rule, distinct
from grader.compare.wording import number, ordinal, sentence
from grader.records import Diagnosis

_CLEAR = 1e-6  # relative: what we call different from 1 or from 0
_EVIDENCE = 2  # distinct values that a claim about all of them needs


def never_filled(pair: Pair) -> Diagnosis | None:
    """All zeros."""
    if not pair.got.size or pair.got.any() or not pair.expected.any():
        return None
    return Diagnosis(
        sentence(f"{pair.what} is 0 everywhere" if pair.got.ndim else f"{pair.what} is 0"),
        "Other values than 0 are expected.",
        "Is the result written into the array that you return?",
    )


def returned_input(pair: Pair) -> Diagnosis | None:
    """One of the inputs came back as it was."""
    for place, each in enumerate(pair.inputs):
        if each.shape == pair.got.shape and distinct(each) >= _EVIDENCE and pair.explains(each):
            return Diagnosis(
                sentence(f"{pair.what} is the {ordinal(place + 1)} input, unchanged"),
                "A new value, computed from the inputs, is expected.",
                "Is the result of the computation what you return?",
            )
    return None


def cut_at_zero(pair: Pair) -> Diagnosis | None:
    """Negative values became 0, as when a maximum starts from 0."""
    expected = pair.reals[1]
    negative = expected[expected < 0]
    if negative.size == expected.size or distinct(negative) < _EVIDENCE:
        return None
    if not pair.explains(np.maximum(expected, 0.0)):
        return None
    return Diagnosis(
        sentence(f"{pair.what} is 0 wherever it should be negative"),
        "All other values are right.",
        "Does a maximum start from 0 instead of -infinity, or is something clipped at 0?",
    )


def opposite_sign(pair: Pair) -> Diagnosis | None:
    """Every value has the wrong sign."""
    expected = pair.reals[1]
    if not pair.explains(-expected) or distinct(expected[expected != 0]) < _EVIDENCE:
        return None
    return Diagnosis(
        sentence(f"{pair.what} has the wrong sign everywhere"),
        "The sizes are right.",
        "Is a minus missing, or a difference taken the wrong way round?",
    )


def constant_factor(pair: Pair) -> Diagnosis | None:
    """Every value is the same number of times too large."""
    factor = _factor(pair)
    if factor is None:
        return None
    return Diagnosis(
        sentence(f"{pair.what} is {_times(factor)} everywhere"),
        "Up to this factor all values are right.",
        factor_cause(factor, pair),
    )


def constant_offset(pair: Pair) -> Diagnosis | None:
    """Every value is too large by the same number."""
    got, expected = pair.reals
    if pair.got.size < _EVIDENCE or distinct(expected) < _EVIDENCE:
        return None
    offset = float(np.median(got - expected))
    if not offset or not pair.explains(expected + offset):
        return None
    way = "large" if offset > 0 else "small"
    return Diagnosis(
        sentence(f"{pair.what} is too {way} by the same number everywhere ({number(abs(offset))})"),
        "Up to this constant all values are right.",
        "Which term is added to every element (a small one may be eps): is one missing, or "
        "added twice?",
    )


def rounded(pair: Pair) -> Diagnosis | None:
    """The digits after the point are cut off."""
    got, expected = pair.reals
    if pair.got.dtype.kind != "f" or distinct(got) < _EVIDENCE:
        return None
    for rounding, name in (
        (np.trunc, "cut off"),
        (np.floor, "rounded down"),
        (np.round, "rounded"),
    ):
        if np.array_equal(got, rounding(expected)):
            return Diagnosis(
                sentence(f"{pair.what} holds whole numbers: the right values, {name}"),
                "The digits after the point are expected too.",
                "Is an array of integers (`dtype=int`) filled on the way, or `//` used for `/`?",
            )
    return None


FACTOR_RULES: tuple[Rule, ...] = (
    never_filled,
    returned_input,
    cut_at_zero,
    opposite_sign,
    constant_factor,
    constant_offset,
    rounded,
)


def _factor(pair: Pair) -> float | None:
    got, expected = pair.reals
    norm = float((expected**2).sum())
    if not 0 < norm < math.inf or distinct(expected[expected != 0]) < _EVIDENCE:
        return None
    factor = float((got * expected).sum()) / norm
    if not math.isfinite(factor) or abs(factor) < _CLEAR or not pair.explains(factor * expected):
        return None
    return factor


def _times(factor: float) -> str:
    sign = " and of the wrong sign" if factor < 0 else ""
    size = abs(factor)
    if size >= 1:
        return f"{number(size)} times as large as it should be{sign}"
    whole = math.isclose(1 / size, round(1 / size), rel_tol=_CLEAR)
    part = f"1/{round(1 / size)} of" if whole else f"{number(size)} times"
    return f"{part} what it should be{sign}"
