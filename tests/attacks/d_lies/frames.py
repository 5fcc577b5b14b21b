"""Messages of the wire as a lying box would send them; no box is needed."""

from __future__ import annotations

import json
import struct
from pathlib import Path

import pytest

from grader.inside import wire
from tests.attacks.case import Host, Verdict


def refused(*frames: bytes) -> Host:
    """A message of these frames is a protocol error, whatever it claims."""

    def check(_: Path) -> None:
        reader = wire.Reader()
        reader.feed(struct.pack(f"<I{len(frames)}Q", len(frames), *map(len, frames)))
        for frame in frames:
            reader.feed(frame)
        with pytest.raises(wire.ProtocolError):
            reader.next()

    return Host(check, verdict=Verdict.PROTO)


def tree(**value: object) -> bytes:
    """A header with one value."""
    return json.dumps(value).encode()
