"""One life of a submission's processes in the box: what the host tells them, and what they say.

Everything that arrives on the channels of kernel and driver was written by student code or may
have been. It is decoded strictly, and what is not of the agreed form becomes `Garbled`.
"""

from __future__ import annotations

import signal
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from grader.errors import MachineError
from grader.inside import relay, wire
from grader.sandbox import clock
from grader.sandbox.stream import FOREIGN, GoneError, Stream
from grader.settings import Limits

Part = Literal["kernel", "driver"]
CHANNELS: dict[int, Part] = {relay.CALLS: "kernel", relay.DRIVER: "driver"}
ANSWER_SECONDS = 30.0
# For so long after a deadline what has arrived is still looked at, and so many messages that
# nobody asked for are put up with: a process that never stops talking must not stop the clock.
LATE_SECONDS = 1.0
MAX_STRAYS = 100
MEGABYTE = 1_000_000


@dataclass(frozen=True)
class Said:
    """A message of one of the two processes, as plain data."""

    part: Part
    message: dict[str, Any]


@dataclass(frozen=True)
class Garbled:
    """Bytes of one of the two processes that are no message."""

    part: Part


@dataclass(frozen=True)
class Died:
    """One of the two processes has ended, by itself or by the system's hand."""

    part: Part
    status: int
    memory: bool


@dataclass(frozen=True)
class Closed:
    """How the box was found after a submission: `reasons` why it is not clean."""

    reasons: tuple[str, ...]
    processes: int
    memory: bool


Event = Said | Garbled | Died


class Fork:
    """A kernel and a driver that the zygote has made for one submission.

    Args:
        stream: the way to the zygote.
        limits: what its processes may use.
        extras: names of `grader.inside.extras.EXTRAS` that the zygote imports before.
        ran_out: whether the box, which has ended, had used up its memory.
    """

    def __init__(
        self,
        stream: Stream,
        limits: Limits,
        extras: Sequence[str] = (),
        ran_out: Callable[[], bool] = lambda: False,
    ) -> None:
        self._stream = stream
        self._ran_out = ran_out
        self._gone = False
        self._readers = {channel: wire.Reader() for channel in CHANNELS}
        stream.tell(
            do="fork",
            data=limits.memory_mb * MEGABYTE,
            file=limits.disk_mb * MEGABYTE,
            processes=limits.processes,
            extras=list(extras),
        )
        self._answer("forked")

    def run(self, cells: list[str], indexes: list[int], output: int) -> None:
        """Ask the driver to run these cells of a program."""
        self._send(relay.DRIVER, {"cells": cells, "indexes": indexes, "output": output})

    def ask(self, request: dict[str, Any]) -> None:
        """Send a request to the kernel's bridge."""
        self._send(relay.CALLS, request)

    def interrupt(self) -> None:
        """Press Ctrl-C in the kernel."""
        self._stream.tell(do="interrupt")

    def next(self, seconds: float) -> Event | None:
        """The next thing that happens; None when nothing does in this time."""
        deadline = clock.now() + max(0.0, seconds)
        while True:
            if event := self._whole():
                return event
            left = deadline - clock.now()
            if left < -LATE_SECONDS:
                return None
            try:
                frame = self._stream.receive(left)
            except GoneError as error:
                return self._filled(error)
            if frame is None:
                return None
            channel, payload = frame
            if channel in self._readers:
                self._readers[channel].feed(payload)
            elif event := self._ended(_control(payload)):
                return event

    def close(self) -> Closed:
        """End the processes, wipe what they left, and have the zygote look."""
        if self._gone:
            return Closed(("the box has ended",), 0, memory=True)
        self._stream.tell(do="close")
        match self._answer("closed"):
            case {"reasons": list(reasons), "processes": int(count), "memory": bool(memory)}:
                return Closed(tuple(map(str, reasons)), count, memory)
        raise MachineError(FOREIGN)

    def _filled(self, error: GoneError) -> Died:
        """Where memory ran out and the zygote was the largest left, it was still the kernel's."""
        if not self._ran_out():
            raise error
        self._gone = True
        return Died("kernel", -signal.SIGKILL, memory=True)

    def _send(self, channel: int, message: dict[str, Any]) -> None:
        self._stream.send(channel, wire.pack(message))

    def _whole(self) -> Event | None:
        for channel, reader in self._readers.items():
            try:
                message = reader.next()
            except wire.ProtocolError:
                # What follows cannot be told apart from garbage either.
                self._readers[channel] = wire.Reader()
                return Garbled(CHANNELS[channel])
            if message is not None:
                part = CHANNELS[channel]
                return Said(part, message) if isinstance(message, dict) else Garbled(part)
        return None

    @staticmethod
    def _ended(facts: dict[str, Any]) -> Died | None:
        match facts:
            case {
                "event": "exit",
                "part": "kernel" | "driver" as part,
                "status": int(status),
                "memory": bool(memory),
            }:
                return Died(part, status, memory)
        return None

    def _answer(self, event: str) -> dict[str, Any]:
        return answer(self._stream, event, ANSWER_SECONDS)


def answer(stream: Stream, event: str, seconds: float) -> dict[str, Any]:
    """The zygote's own answer; whatever else is on its way before it no longer matters."""
    deadline = clock.now() + seconds
    while (left := deadline - clock.now()) > 0:
        frame = stream.receive(left)
        if frame is not None and frame[0] == relay.CONTROL:
            facts = _control(frame[1])
            if facts.get("event") == event:
                return facts
    raise MachineError(
        f"The box gave no answer within {seconds:.0f} s. Run the same again, or with more memory."
    )


def _control(payload: bytes) -> dict[str, Any]:
    try:
        facts = wire.strict_json(payload)
    except wire.ProtocolError as error:
        raise MachineError(FOREIGN) from error
    if not isinstance(facts, dict):
        raise MachineError(FOREIGN)
    return facts
