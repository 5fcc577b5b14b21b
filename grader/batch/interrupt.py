"""Ctrl-C or SIGTERM: once to stop after what is running, twice to stop at once."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

Announce = Callable[[str], None]
SIGNALS = (signal.SIGINT, signal.SIGTERM)  # a service manager sends the second


class Stop:
    """Whether somebody wants to stop."""

    def __init__(self, announce: Announce) -> None:
        self._announce = announce
        self.wanted = False

    def __call__(self) -> bool:
        """Whether nothing more is to be begun."""
        return self.wanted

    def ask(self, _signal: int, _frame: FrameType | None) -> None:
        """What Ctrl-C and SIGTERM do."""
        if self.wanted:
            raise KeyboardInterrupt
        self.wanted = True
        self._announce("Interrupted: finishing what is running. Once more stops at once.")


@contextmanager
def stop_on_interrupt(announce: Announce) -> Iterator[Stop]:
    """While it is open, the first Ctrl-C or SIGTERM only asks to stop."""
    stop = Stop(announce)
    before = {number: signal.signal(number, stop.ask) for number in SIGNALS}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
