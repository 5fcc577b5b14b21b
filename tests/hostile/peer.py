"""A zygote that lies: it plays a script on the host's pipes, byte by byte.

Run as `python peer.py SCRIPT`, with the standard library alone, so that it starts in no time. It
answers `fork`, `close`, the cells and each call with the script's steps; where the script has
none, as a zygote does. In what it says 32 times `N` is the nonce of the call at hand, and 32 times
`P` that of the call before.
"""

from __future__ import annotations

import json
import re
import struct
import sys
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

HEAD = struct.Struct("<BI")
CONTROL, CALLS, DRIVER = range(3)
USUAL = {
    "fork": {"event": "forked"},
    "close": {"event": "closed", "reasons": [], "processes": 2, "memory": False},
}


class Peer:
    """What plays the script, and where it is in it."""

    def __init__(self, script: dict[str, Any]) -> None:
        self._script = script
        self._turns = {"cells": 0, "calls": 0}
        self._nonces = [b"0" * 32, b"0" * 32]

    def serve(self) -> None:
        """Until the host goes away."""
        self._play(self._script["ready"] or [told({"event": "ready"})])
        while header := sys.stdin.buffer.read(HEAD.size):
            channel, size = HEAD.unpack(header)
            self._hear(channel, sys.stdin.buffer.read(size))

    def _hear(self, channel: int, data: bytes) -> None:
        if channel == CONTROL:
            asked = json.loads(data)["do"]
            if asked in USUAL:
                self._play(self._script[asked] or [told(USUAL[asked])])
        elif channel == DRIVER:
            self._play(self._turn("cells"))
        elif nonce := re.search(rb"nonce([0-9a-f]{32})", data):
            self._nonces = [self._nonces[1], nonce[1]]
            self._play(self._turn("calls"))
        else:
            self._play(self._script["answers"])

    def _turn(self, name: str) -> list[Any]:
        """The steps of this turn; those of the last one again when there are no more."""
        turns = self._script[name]
        self._turns[name] += 1
        return turns[min(self._turns[name], len(turns)) - 1] if turns else []

    def _play(self, steps: Iterable[Any]) -> None:
        for name, *arguments in steps:
            getattr(self, f"_step_{name}")(*arguments)
            sys.stdout.buffer.flush()

    def _step_say(self, channel: int, text: str, piece: int = 60_000) -> None:
        data = self._filled(text)
        for start in range(0, len(data), piece):
            part = data[start : start + piece]
            sys.stdout.buffer.write(HEAD.pack(channel, len(part)) + part)

    def _step_drip(self, channel: int, text: str, pause: float) -> None:
        for byte in self._filled(text):
            sys.stdout.buffer.write(HEAD.pack(channel, 1) + bytes([byte]))
            sys.stdout.buffer.flush()
            time.sleep(pause)

    def _step_flood(self, channel: int, text: str, times: int) -> None:
        for _ in range(times):
            self._step_say(channel, text)

    def _step_raw(self, text: str) -> None:
        sys.stdout.buffer.write(self._filled(text))

    def _step_wait(self, seconds: float) -> None:
        time.sleep(seconds)

    def _step_end(self) -> None:
        sys.stdout.buffer.flush()
        sys.exit()

    def _filled(self, text: str) -> bytes:
        before, now = self._nonces
        return bytes.fromhex(text).replace(b"N" * 32, now).replace(b"P" * 32, before)


def told(event: dict[str, Any]) -> list[Any]:
    """The step that says something as the zygote itself."""
    return ["say", CONTROL, json.dumps(event).encode().hex()]


if __name__ == "__main__":
    try:
        Peer(json.loads(Path(sys.argv[1]).read_text())).serve()
    except BrokenPipeError:
        sys.stderr.close()
