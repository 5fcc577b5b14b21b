"""Seconds for which this process has run: what a student's time is measured in.

The system's clock goes on while the grader is stopped (SIGSTOP, a frozen virtual machine, a machine
without a moment for it). A call that was under way would be found to be late, though its answer
waits in the pipe or its kernel was stopped as well. So every wait is cut into short ones, and what
one of them took longer than it should have does not count.
"""

from __future__ import annotations

import selectors
import time

SLICE = 0.5
PAUSE = 1.0  # what a machine under load may add to a slice, and no more

_paused = 0.0


def now() -> float:
    """The time on this clock, from any moment on."""
    return time.monotonic() - _paused


def ready(selector: selectors.BaseSelector, seconds: float) -> list[selectors.SelectorKey]:
    """What is ready within these seconds; nothing when they are over."""
    deadline = now() + seconds
    while True:
        left = max(0.0, min(deadline - now(), SLICE))
        found = _slice(selector, left)
        if found or now() >= deadline:
            return found


def _slice(selector: selectors.BaseSelector, seconds: float) -> list[selectors.SelectorKey]:
    global _paused  # noqa: PLW0603  (a clock is one for the whole process, as the system's is)
    begun = time.monotonic()
    found = [key for key, _ in selector.select(seconds)]
    excess = time.monotonic() - begun - seconds
    if excess > PAUSE:
        _paused += excess
    return found
