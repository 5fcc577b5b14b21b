"""The host's end of the framed stream to one zygote, over a process's pipes or a socket."""

from __future__ import annotations

import contextlib
import json
import os
import selectors
import socket
import subprocess
from collections import deque
from typing import IO, Any

from grader.errors import MachineError
from grader.inside import relay
from grader.sandbox import clock
from grader.sandbox.door import Door

MAX_CONTROL = 1 << 16
READ_SIZE = 1 << 18
STALL_SECONDS = 30.0
# What may wait here while we write; a message has at most 65 MiB.
MOST_WAITING = 128 << 20
FOREIGN = "The box speaks another language than this grader."
GONE = (
    "The box ended in the middle of its work{why}. Run the same again; "
    "`grader doctor` tells what this machine lacks."
)


class GoneError(MachineError):
    """The process with the zygote has ended."""


class Stream:
    """Frames to and from a zygote. A stream that ends or makes no sense is a `MachineError`.

    The zygote chooses the way: the first who speaks, the pipe or a visitor at the door, is it.
    """

    def __init__(
        self,
        process: subprocess.Popen[bytes],
        errors: IO[bytes] | None = None,
        door: Door | None = None,
    ) -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        self.process = process
        self._errors = errors
        self._door = door
        self._ways: tuple[socket.socket, ...] = ()
        self._data = bytearray()
        self._frames: deque[tuple[int, bytes]] = deque()
        self._waiting = 0
        self._reading, self._writing, self._both = (selectors.DefaultSelector() for _ in range(3))
        self._use(process.stdout.fileno(), process.stdin.fileno())
        if door is not None:
            self._reading.register(door, selectors.EVENT_READ)

    def tell(self, **request: Any) -> None:
        """Send a request to the zygote itself."""
        self.send(relay.CONTROL, json.dumps(request).encode())

    def send(self, channel: int, data: bytes) -> None:
        """Send bytes on a channel, and keep what arrives meanwhile."""
        rest = memoryview(data)
        while rest:
            chunk, rest = rest[: relay.MAX_CHUNK], rest[relay.MAX_CHUNK :]
            self._write(relay.HEADER.pack(channel, len(chunk)) + chunk)

    def receive(self, seconds: float) -> tuple[int, bytes] | None:
        """The next frame; None when none arrives in this time."""
        deadline = clock.now() + seconds
        while not self._frames:
            ready = clock.ready(self._reading, deadline - clock.now())
            if not ready:
                return None
            if any(key.fileobj is self._door for key in ready):
                self._let_in()
            self._read()
        channel, payload = self._frames.popleft()
        self._waiting -= len(payload)
        return channel, payload

    def close(self) -> None:
        """Let go of the pipes: the zygote sees the end of its input, and ends."""
        for selector in (self._reading, self._writing, self._both):
            selector.close()
        for way in (*self._ways, self.process.stdin, self.process.stdout, self._errors):
            if way is not None:
                with contextlib.suppress(OSError):
                    way.close()

    def _use(self, read: int, write: int) -> None:
        for selector in (self._reading, self._writing, self._both):
            for fd in list(selector.get_map()):
                selector.unregister(fd)
        self._in, self._out = read, write
        for selector in (self._reading, self._both):
            selector.register(read, selectors.EVENT_READ)
        for selector in (self._writing, self._both):
            selector.register(write, selectors.EVENT_WRITE)
        os.set_blocking(read, False)
        os.set_blocking(write, False)

    def _let_in(self) -> None:
        """From here on the zygote is heard at the door alone."""
        assert self._door is not None
        visitor, self._door = self._door.accept(), None
        self._ways = (visitor, visitor.dup())  # one to read and one to write, as with pipes
        self._use(*(way.fileno() for way in self._ways))

    def _write(self, data: bytes) -> None:
        rest = memoryview(data)
        while rest:
            # Who floods us while we write waits, and fills no memory of ours.
            selector = self._both if self._waiting < MOST_WAITING else self._writing
            ready = {key.fd for key in clock.ready(selector, STALL_SECONDS)}
            if not ready:
                raise MachineError("The box does not answer. Run the same again.")
            if self._in in ready:
                self._read()
            if self._out in ready:
                try:
                    rest = rest[os.write(self._out, rest) :]
                except BlockingIOError:
                    continue
                except OSError as error:
                    raise self._gone() from error

    def _read(self) -> None:
        try:
            data = os.read(self._in, READ_SIZE)
        except BlockingIOError:
            return
        except ConnectionResetError:
            data = b""
        if not data:
            raise self._gone()
        self._data += data
        self._split()

    def _split(self) -> None:
        start = 0
        while len(self._data) - start >= relay.HEADER.size:
            channel, size = relay.HEADER.unpack_from(self._data, start)
            if channel > relay.DRIVER or size > relay.MAX_CHUNK:
                raise MachineError(FOREIGN)
            end = start + relay.HEADER.size + size
            if end > len(self._data):
                break
            self._frames.append((channel, bytes(self._data[start + relay.HEADER.size : end])))
            self._waiting += size
            start = end
        del self._data[:start]

    def _gone(self) -> GoneError:
        """Why the process ended, in its own last words."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(5)
        words = ""
        if self._errors is not None and not self._errors.closed:
            self._errors.seek(0)
            lines = self._errors.read()[-4000:].decode(errors="replace").strip().splitlines()
            words = f": {lines[-1]}" if lines else ""
        return GoneError(GONE.format(why=words))
