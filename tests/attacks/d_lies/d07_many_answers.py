"""D07: it returns the right answer among others."""

from __future__ import annotations

from tests.attacks.case import Case
from tests.attacks.d_lies.answers import returning

CASE = Case(
    number="D07",
    tries="Returns the right answer among others.",
    stopped_by="Arity and kind must be the reference's.",
    variants={
        "a-tuple-of-guesses": returning("(right, right + 1, right * 2)"),
        "a-list-of-one": returning("[right]"),
        "a-dict": returning("{'guess': right}"),
        "a-generator": returning("(guess for guess in (right, right + 1))"),
        "one-axis-more": returning("right[None]"),
    },
)
