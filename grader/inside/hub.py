"""Where the zygote's streams meet: the host on one side, a submission's processes on the other.

Bytes are moved between them without being looked at. Everything is polled and nothing blocks: a
process that does not read, or floods, waits for itself.
"""

from __future__ import annotations

import contextlib
import json
import select
import socket
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from grader.inside import relay

STDIN, STDOUT = 0, 1
INBOX, OUTBOX = 1 << 20, 1 << 20
TO_PART = {relay.CALLS: 80 << 20, relay.DRIVER: 16 << 20}  # a message is at most 65 MiB
ROOM = 2 * relay.MAX_CHUNK


@dataclass
class Line:
    """The way to one process of a submission."""

    channel: int
    socket: socket.socket
    open: bool = True


class Hub:
    """The buffers, and who is ready for what is in them."""

    def __init__(self) -> None:
        self._inbox = relay.Buffer(INBOX)
        self._outbox = relay.Buffer(OUTBOX)
        self._to_part = {channel: relay.Buffer(size) for channel, size in TO_PART.items()}
        self._lines: dict[int, Line] = {}

    def connect(self, channel: int, end: socket.socket) -> None:
        """Join a process to its channel."""
        end.setblocking(False)
        self._lines[channel] = Line(channel, end)

    def disconnect(self) -> None:
        """Close every way, and forget what was on it."""
        for line in self._lines.values():
            line.socket.close()
        self._lines.clear()
        for buffer in self._to_part.values():
            buffer.clear()

    def wait(self, other: int) -> tuple[bool, bool]:
        """Wait until something can go on; whether the host has spoken, and whether `other` has."""
        poller = select.poll()
        poller.register(other, select.POLLIN)
        poller.register(STDIN, select.POLLIN)
        if len(self._outbox):
            poller.register(STDOUT, select.POLLOUT)
        for line in self._lines.values():
            if line.open and (wanted := self._wanted(line)):
                poller.register(line.socket.fileno(), wanted)
        ready = {fd for fd, _ in poller.poll()}
        return STDIN in ready, other in ready

    def move(self) -> None:
        """Bring on whatever can go on at once."""
        for channel in list(self._lines):
            self.drain(channel)
        with contextlib.suppress(BlockingIOError):
            while len(self._outbox):
                self._outbox.flush(STDOUT)

    def drain(self, channel: int) -> None:
        """Exchange with one process what can be exchanged at once."""
        line = self._lines[channel]
        with contextlib.suppress(BlockingIOError):
            while len(self._to_part[channel]) and line.open:
                self._guarded(line, lambda: self._send(line))
        with contextlib.suppress(BlockingIOError):
            while self._outbox.room > ROOM and line.open:
                self._guarded(line, lambda: self._receive(line))

    def hear(self, obey: Callable[[dict[str, Any]], None]) -> bool:
        """Read from the host, pass on what is not for us, obey the rest; False when it has gone."""
        with contextlib.suppress(BlockingIOError):
            if self._inbox.fill(STDIN, relay.MAX_CHUNK) == 0:
                return False
        while len(self._inbox) >= relay.HEADER.size:
            channel, size = relay.HEADER.unpack(self._inbox.peek(relay.HEADER.size))
            if size > relay.MAX_CHUNK:
                return False
            if len(self._inbox) < relay.HEADER.size + size:
                break
            self._inbox.drop(relay.HEADER.size)
            self._deliver(channel, size, obey)
        return True

    def tell(self, event: dict[str, Any]) -> None:
        """Say something to the host."""
        data = json.dumps(event).encode()
        while self._outbox.room < len(data) + relay.HEADER.size:
            select.select([], [STDOUT], [])
            with contextlib.suppress(BlockingIOError):
                self._outbox.flush(STDOUT)
        self._outbox.put(relay.HEADER.pack(relay.CONTROL, len(data)))
        self._outbox.put(data)

    def _deliver(self, channel: int, size: int, obey: Callable[[dict[str, Any]], None]) -> None:
        payload = self._inbox.peek(size)
        request = json.loads(bytes(payload)) if channel == relay.CONTROL else None
        line = self._lines.get(channel)
        if line is not None and line.open:
            # Who asks and does not read the answers must not bring all of us down.
            line.open = size <= self._to_part[channel].room
        if line is not None and line.open:
            self._to_part[channel].put(payload)
        self._inbox.drop(size)
        if request is not None:
            obey(request)

    def _wanted(self, line: Line) -> int:
        wanted = select.POLLIN if self._outbox.room > ROOM else 0
        return wanted | (select.POLLOUT if len(self._to_part[line.channel]) else 0)

    def _send(self, line: Line) -> None:
        self._to_part[line.channel].flush(line.socket.fileno())

    def _receive(self, line: Line) -> None:
        line.open = self._outbox.fill_frame(line.channel, line.socket.fileno()) > 0

    @staticmethod
    def _guarded(line: Line, action: Callable[[], None]) -> None:
        """A process that closes its end ends the line, and nothing else."""
        try:
            action()
        except BlockingIOError:
            raise
        except OSError:
            line.open = False
