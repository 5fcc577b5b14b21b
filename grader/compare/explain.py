"""The simplest explanation of a wrong value: what happened, what was expected, what to try."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from grader.compare.along import ALONG_RULES
from grader.compare.closeness import Array, as_array, close
from grader.compare.distance import distance
from grader.compare.factors import FACTOR_RULES
from grader.compare.kinds import (
    half_precision,
    returned_none,
    wrong_arity,
    wrong_dtype,
    wrong_type,
)
from grader.compare.nonfinite import not_finite
from grader.compare.orders import ORDER_RULES
from grader.compare.outputs import several
from grader.compare.pair import Pair, Rule
from grader.compare.places import PLACE_RULES
from grader.compare.shapes import wrong_shape
from grader.compare.wording import sentence
from grader.records import Diagnosis

# The order of DESIGN §6. The first rule that fits speaks.
VALUE_RULES: tuple[Rule, ...] = (*FACTOR_RULES, *ORDER_RULES, *ALONG_RULES, *PLACE_RULES)


def explain(
    got: Any,
    expected: Any,
    *,
    inputs: Sequence[Any] = (),
    what: str = "the output",
    names: Sequence[str] = (),
    tolerance: float | None = None,
) -> Diagnosis:
    """Why `got` is not `expected`, in the first of the rules that fits.

    Says shapes, dtypes, ratios, places, errors and shares; never a value of the expected output
    or of the inputs, which may be hidden. `inputs` are the arguments of the call, for the lengths
    of their axes; `names` what the parts of a tuple are called, for instance `("dx", "dw", "db")`;
    `tolerance` the absolute difference within which values count as equal.
    """
    what = f"`{what}`" if what.isidentifier() else what
    for rule in (returned_none, wrong_type, wrong_arity):
        if found := rule(got, expected, what):
            return found
    arrays = tuple(array for array in map(as_array, inputs) if array is not None)
    if isinstance(expected, list | tuple | Mapping):
        return _explain_parts(
            got, expected, inputs=inputs, what=what, names=names, tolerance=tolerance
        )
    ours, theirs = as_array(expected), as_array(got)
    if ours is None or theirs is None:
        return _plain(got, expected, what)
    return explain_arrays(theirs, ours, arrays, what, tolerance)


def explain_arrays(
    got: Array, expected: Array, inputs: tuple[Array, ...], what: str, tolerance: float | None
) -> Diagnosis:
    """Why one array of numbers is not the other."""
    if found := wrong_shape(got, expected, inputs, what):
        return found
    for rule in (wrong_dtype, not_finite, half_precision):
        if found := rule(got, expected, what):
            return found
    pair = Pair(got, expected, inputs, what, tolerance)
    return _explain_values(pair)


def _explain_values(pair: Pair) -> Diagnosis:
    if not pair.comparable or not pair.wrong.any():
        return distance(pair)
    with np.errstate(all="ignore"):
        for rule in VALUE_RULES:
            if found := rule(pair):
                return found
        return distance(pair)


def _explain_parts(
    got: Any,
    expected: Any,
    *,
    inputs: Sequence[Any],
    what: str,
    names: Sequence[str],
    tolerance: float | None,
) -> Diagnosis:
    keys = list(expected) if isinstance(expected, Mapping) else range(len(expected))
    wrong = [key for key in keys if not close(got[key], expected[key], tolerance=tolerance)]

    def explain_part(key: Any, called: str) -> Diagnosis:
        return explain(got[key], expected[key], inputs=inputs, what=called, tolerance=tolerance)

    return several(got, expected, wrong, what, names=names, explain_part=explain_part)


def _plain(got: Any, expected: Any, what: str) -> Diagnosis:
    """Two whole numbers beyond 64 bits, or two strings."""
    if type(got) is int and type(expected) is int:
        return Diagnosis(sentence(f"{what} is too {'large' if got > expected else 'small'}"))
    if isinstance(got, str) and _letters(got) == _letters(expected):
        happened = f"{what} is the text that is expected, but for capital letters or spaces"
        return Diagnosis(sentence(happened), "", "Copy the text letter by letter.")
    return Diagnosis(
        sentence(f"{what} is another text than expected"),
        "",
        "Follow the smallest example by hand, and compare your text letter by letter with the "
        "notebook's.",
    )


def _letters(text: str) -> str:
    """A text without what the eye skips."""
    return " ".join(text.lower().split())
