"""Where the time of a submission goes: seconds by step, each second in one step alone.

A step that begins within another one stops the other's clock: the calls that a hidden test makes
are not the test's own time. Where nobody measures, a step costs nothing.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from enum import StrEnum


class Step(StrEnum):
    """What is measured, in the order in which it first happens."""

    READ = "read"
    FORK = "fork"
    CELLS = "cells"
    TESTS = "tests"
    CALLS = "calls"
    REFERENCE = "reference"
    NAMES = "names"
    WIPE = "wipe"


# Their time is their own, whatever they do in it: the reference has a box as well.
WHOLE = frozenset((Step.REFERENCE, Step.NAMES))


class Clock:
    """The steps of one submission."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._steps: list[Step] = []
        self._since = 0.0

    def enter(self, step: Step) -> None:
        """From now on the time is this step's."""
        self._charge()
        around = self._steps[-1] if self._steps else step
        self._steps.append(around if around in WHOLE else step)

    def leave(self) -> None:
        """The time is again that of the step around."""
        self._charge()
        self._steps.pop()

    def _charge(self) -> None:
        now = time.perf_counter()
        if self._steps:
            step = self._steps[-1]
            self.seconds[step] = self.seconds.get(step, 0.0) + now - self._since
        self._since = now


_clock: ContextVar[Clock | None] = ContextVar("clock of the submission", default=None)


@contextmanager
def measured() -> Iterator[dict[str, float]]:
    """Measure the steps within; the mapping holds them at the end."""
    clock = Clock()
    token = _clock.set(clock)
    try:
        yield clock.seconds
    finally:
        _clock.reset(token)


@contextmanager
def step(name: Step) -> Iterator[None]:
    """Whatever happens within is this step's, if anybody measures."""
    clock = _clock.get()
    if clock is None:
        yield
        return
    clock.enter(name)
    try:
        yield
    finally:
        clock.leave()
