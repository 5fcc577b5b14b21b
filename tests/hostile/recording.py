"""What an honest box says in the course of a trial: the seeds that hostile scripts grow from."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

from grader.inside import relay
from grader.sandbox import open_box
from grader.sandbox.stream import Stream
from grader.settings import Limits
from tests.hostile.trial import PROGRAM, asked

FILE = Path(__file__).with_name("recorded.json")


@cache
def recorded() -> dict[str, Any]:
    """The driver's bytes, and the kernel's for each call."""
    found = json.loads(FILE.read_text())
    return {
        "cells": bytes.fromhex(found["cells"]),
        "calls": [bytes.fromhex(call) for call in found["calls"]],
    }


class Tap:
    """Keeps what arrives on a stream, by channel."""

    def __init__(self) -> None:
        self.heard: dict[int, bytearray] = {}
        receive = Stream.receive

        def tapped(stream: Stream, seconds: float) -> tuple[int, bytes] | None:
            frame = receive(stream, seconds)
            if frame is not None:
                self.heard.setdefault(frame[0], bytearray()).extend(frame[1])
            return frame

        Stream.receive = tapped  # type: ignore[method-assign]

    def take(self, channel: int) -> str:
        """What came on a channel since the last time, its nonce left open."""
        heard = bytes(self.heard.pop(channel, b""))
        return re.sub(rb"(?<=nonce)[0-9a-f]{32}", b"N" * 32, heard).hex()


def record() -> None:
    """Write down what a real box says today."""
    tap = Tap()
    with open_box("local", "numpy") as box, box.session(PROGRAM, Limits()) as session:
        found: dict[str, Any] = {"cells": tap.take(relay.DRIVER), "calls": []}
        for name, args in asked():
            session.call(name, args)
            found["calls"].append(tap.take(relay.CALLS))
    FILE.write_text(json.dumps(found, indent=1) + "\n")


if __name__ == "__main__":
    record()
