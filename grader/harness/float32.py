"""What float32 allows, measured from the reference itself (COURSE §0).

Two right networks round differently. How much, is what the reference in float32 differs from
itself in float64: the bound on |got - expected| is max(2e-5 * scale, 20 * max|ref32 - ref64|).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from grader.compare.closeness import FLOAT32, SCALE_FLOOR, close
from grader.compare.explain import explain
from grader.harness.outcome import Mismatch
from grader.records import Diagnosis

ROUNDINGS = 20
# Where the reference cannot run in float64: ten times the usual bound. A ResNet-50 in float32 was
# measured 1e-6 of its scale away from float64, which makes 2e-5 for 20 roundings.
UNMEASURED = 10 * FLOAT32


class Bounds:
    """The reference's results, and within what they are known.

    Args:
        result: What `forward` gave for the reference.
        exact: What `precise` gave: the same in float64, or a "way" that says why not.
        cotangent: What the outputs were multiplied with for the gradients.
    """

    def __init__(self, result: Mapping[str, Any], exact: Mapping[str, Any], cotangent: Any) -> None:
        self._result = result
        self._exact = exact
        self.cotangent = cotangent

    def places(self, kind: str) -> list[int]:
        """The places at which the reference has a value of this kind."""
        return [place for place, each in enumerate(self._result[kind]) if each is not None]

    def bound(self, kind: str, place: int) -> float:
        """The largest difference that is rounding."""
        expected = self._result[kind][place]
        scale = max(float(np.abs(expected).max(initial=0.0)), SCALE_FLOOR)
        if kind == "statistics":  # one average: nothing adds up
            return FLOAT32 * scale
        exact = self._exact.get(kind) or []
        if len(exact) <= place or exact[place] is None:
            return UNMEASURED * scale
        with np.errstate(all="ignore"):
            error = float(np.abs(expected - exact[place]).max(initial=0.0))
        return max(FLOAT32 * scale, ROUNDINGS * error if np.isfinite(error) else 0.0)

    def agree(self, kind: str, values: Sequence[Any]) -> bool:
        """Whether all values of a kind are the reference's."""
        return len(values) == len(self._result[kind]) and self._wrong(kind, values) is None

    def check(self, kind: str, place: int, value: Any, what: str) -> None:
        """Fail with a diagnosis unless the value is the reference's."""
        expected, bound = self._result[kind][place], self.bound(kind, place)
        if not close(value, expected, tolerance=bound):
            raise Mismatch(explain(value, expected, what=what, tolerance=bound))

    def explain(self, kind: str, values: Sequence[Any]) -> Diagnosis:
        """Why the values of a kind are wrong."""
        expected = self._result[kind]
        place = self._wrong(kind, values) if len(values) == len(expected) else None
        if place is None:
            return Diagnosis(
                f"Your network has {len(values)} outputs.", f"{len(expected)} are expected."
            )
        what = "the output" if len(expected) == 1 else f"output {place + 1}"
        return explain(values[place], expected[place], what=what, tolerance=self.bound(kind, place))

    def _wrong(self, kind: str, values: Sequence[Any]) -> int | None:
        pairs = enumerate(zip(values, self._result[kind], strict=True))
        wrong = (n for n, pair in pairs if not close(*pair, tolerance=self.bound(kind, n)))
        return next(wrong, None)
