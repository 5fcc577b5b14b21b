"""Two arrays of one shape and kind that should be equal: what every rule on values looks at."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from grader.compare.closeness import Array, right_elements
from grader.records import Diagnosis


@dataclass(frozen=True)
class Pair:
    """What came out and what should have; `inputs` only for their shapes and for equality."""

    got: Array
    expected: Array
    inputs: tuple[Array, ...] = ()
    what: str = "the output"
    tolerance: float | None = None

    @cached_property
    def right(self) -> NDArray[np.bool_]:
        """Which elements are right."""
        return right_elements(self.got, self.expected, self.tolerance)

    @property
    def wrong(self) -> NDArray[np.bool_]:
        """Which elements are wrong."""
        return ~self.right

    @cached_property
    def reals(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Both as float64, for arithmetic that neither overflows nor wraps around."""
        return self.got.astype(np.float64), self.expected.astype(np.float64)

    @property
    def comparable(self) -> bool:
        """Whether arithmetic on both makes sense: real or integer numbers, all finite."""
        if self.got.dtype.kind not in "iuf" or self.expected.dtype.kind not in "iuf":
            return False
        return bool(np.isfinite(self.got).all() and np.isfinite(self.expected).all())

    def explains(self, candidate: Array) -> bool:
        """Whether the student's values are those of `candidate`, made from the expected ones."""
        if candidate.shape != self.got.shape:
            return False
        return bool(right_elements(self.got.astype(np.float64), candidate).all())


Rule = Callable[[Pair], Diagnosis | None]


def distinct(values: Array) -> int:
    """How many clearly different numbers are in an array, counted up to 3."""
    found: list[float] = []
    flat = np.asarray(values, dtype=np.float64).ravel()
    scale = float(np.abs(flat).max(initial=0.0))
    while flat.size and len(found) < 3:  # noqa: PLR2004
        found.append(float(flat[0]))
        flat = flat[np.abs(flat - flat[0]) > 1e-6 * scale]
    return len(found)
