"""The host's end of the framed stream to one zygote, over the pipes of one process."""

from __future__ import annotations

import contextlib
import json
import os
import selectors
import subprocess
from collections import deque
from typing import IO, Any

from grader.errors import MachineError
from grader.inside import relay
from grader.sandbox import clock

MAX_CONTROL = 1 << 16
READ_SIZE = 1 << 18
STALL_SECONDS = 30.0
GONE = (
    "The box ended in the middle of its work{why}. Run the same again; "
    "`grader doctor` tells what this machine lacks."
)


class Stream:
    """Frames to and from a zygote. A stream that ends or makes no sense is a `MachineError`."""

    def __init__(self, process: subprocess.Popen[bytes], errors: IO[bytes] | None = None) -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        self.process = process
        self._errors = errors
        self._in, self._out = process.stdout.fileno(), process.stdin.fileno()
        os.set_blocking(self._in, False)
        os.set_blocking(self._out, False)
        self._data = bytearray()
        self._frames: deque[tuple[int, bytes]] = deque()
        self._reading, self._both = selectors.DefaultSelector(), selectors.DefaultSelector()
        self._reading.register(self._in, selectors.EVENT_READ)
        self._both.register(self._in, selectors.EVENT_READ)
        self._both.register(self._out, selectors.EVENT_WRITE)

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
            if not clock.ready(self._reading, deadline - clock.now()):
                return None
            self._read()
        return self._frames.popleft()

    def close(self) -> None:
        """Let go of the pipes: the zygote sees the end of its input, and ends."""
        for selector in (self._reading, self._both):
            selector.close()
        for pipe in (self.process.stdin, self.process.stdout, self._errors):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()

    def _write(self, data: bytes) -> None:
        rest = memoryview(data)
        while rest:
            ready = {key.fd for key in clock.ready(self._both, STALL_SECONDS)}
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
        if not data:
            raise self._gone()
        self._data += data
        self._split()

    def _split(self) -> None:
        start = 0
        while len(self._data) - start >= relay.HEADER.size:
            channel, size = relay.HEADER.unpack_from(self._data, start)
            if channel > relay.DRIVER or size > relay.MAX_CHUNK:
                raise MachineError("The box speaks another language than this grader.")
            end = start + relay.HEADER.size + size
            if end > len(self._data):
                break
            self._frames.append((channel, bytes(self._data[start + relay.HEADER.size : end])))
            start = end
        del self._data[:start]

    def _gone(self) -> MachineError:
        """Why the process ended, in its own last words."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(5)
        words = ""
        if self._errors is not None and not self._errors.closed:
            self._errors.seek(0)
            lines = self._errors.read()[-4000:].decode(errors="replace").strip().splitlines()
            words = f": {lines[-1]}" if lines else ""
        return MachineError(GONE.format(why=words))
