"""How a hidden test can end other than by passing, and what it saw on the way."""

from __future__ import annotations

from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from grader.compare.wording import kind_of
from grader.errors import DoubtfulError
from grader.records import Diagnosis, Observation


class Mismatch(AssertionError):  # noqa: N818  (it is the answer that errs)
    """The student's answer is wrong; the diagnosis says how."""

    def __init__(self, diagnosis: Diagnosis) -> None:
        super().__init__(" ".join((diagnosis.happened, diagnosis.expected, diagnosis.try_)).strip())
        self.diagnosis = diagnosis


class NotTried(Exception):  # noqa: N818  (not an error: nobody did anything wrong)
    """The test could not be tried, because the submission's time was used up before."""


class ReferenceFailed(DoubtfulError):  # noqa: N818
    """The reference gave no answer: the course is wrong, unless a student's value was sent in."""


# Arrays with more elements are shown by their shape, other values cut after this many letters.
FEW, LETTERS = 12, 120
MOST_KEPT = 8 << 20  # bytes of what one test has seen


@dataclass(frozen=True)
class Call:
    """A call as a student would write it, large arrays by their shape."""

    function: str
    args: tuple[Any, ...]
    kwargs: Mapping[str, Any]

    def __str__(self) -> str:
        named = (f"{name}={_short(value)}" for name, value in self.kwargs.items())
        return f"{self.function}({', '.join((*map(_short, self.args), *named))})"


@dataclass
class Watch:
    """What one run of one hidden test has seen of the student's answer so far."""

    observations: list[Observation] = field(default_factory=list)
    returned: str = ""  # what the last function that answered gave, in words
    called: Call | None = None  # the last call, for tests that reveal it
    _kept: int = 0

    def observe(self, label: str, value: Any, tolerance: float | None = None) -> None:
        """Note one thing that the test saw; of what is too much to keep, what sort of value it is.

        It is kept until the whole submission is graded, and beside those of a class.
        """
        self._kept += size_of(value)
        seen = value if self._kept <= MOST_KEPT else kind_of(value)
        self.observations.append(Observation(label, seen, tolerance))


# The watch of the test that runs now. Assertions reach it here, so that a hidden test need not
# hand it about.
current_watch: ContextVar[Watch | None] = ContextVar("current_watch", default=None)


def observe(label: str, value: Any, tolerance: float | None = None) -> None:
    """Note something that the running test computed from the student's answer."""
    if (watch := current_watch.get()) is not None:
        watch.observe(label, value, tolerance)


def size_of(value: Any) -> int:
    """About how many bytes a value of the wire takes."""
    if isinstance(value, np.ndarray):
        return value.nbytes
    if isinstance(value, str):
        return len(value)
    if isinstance(value, Mapping):
        return sum(map(size_of, value.values()))
    return sum(map(size_of, value)) if isinstance(value, list | tuple) else 1


def _short(value: Any) -> str:
    if isinstance(value, np.random.Generator):
        return "rng"
    if isinstance(value, np.ndarray) and value.size > FEW:
        return f"<{kind_of(value).removeprefix('an ')}>"
    text = np.array_repr(value, precision=4) if isinstance(value, np.ndarray) else repr(value)
    return " ".join(text.split())[:LETTERS]
