"""The wire format: values as one JSON header and raw buffers, strict in both directions.

Nothing is ever unpickled, evaluated or imported. A message is a list of frames: frame 0 is the
header, the others are texts and the arrays' buffers in C order, little-endian. On a stream a
message is `<I` the number of frames, `<Q` each length, then the frames. What breaks a rule is a
`ProtocolError`, never another exception.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping
from typing import Any

from grader.inside.bounds import (
    MAX_DEPTH,
    MAX_FRAMES,
    MAX_HEADER,
    MAX_TOTAL,
    Callback,
    Handle,
    Named,
    Network,
    Opaque,
    ProtocolError,
    Symbol,
)
from grader.inside.decoding import decode, strict_json
from grader.inside.encoding import encode
from grader.inside.generators import generator_from, pcg64_state

__all__ = [
    "MAX_DEPTH",
    "MAX_HEADER",
    "MAX_TOTAL",
    "Callback",
    "Handle",
    "Named",
    "Network",
    "Opaque",
    "ProtocolError",
    "Reader",
    "Symbol",
    "decode",
    "encode",
    "generator_from",
    "leaves",
    "pack",
    "pcg64_state",
    "strict_json",
]


def pack(value: Any) -> bytes:
    """One message as it goes over a stream."""
    frames = encode(value)
    lengths = struct.pack(f"<I{len(frames)}Q", len(frames), *map(len, frames))
    return lengths + b"".join(frames)


class Reader:
    """Bytes in, whole messages out; refuses what is too large before it is kept.

    Only the host names functions and sends parts of networks: `of_host` allows them.
    """

    def __init__(self, *, of_host: bool = False) -> None:
        self._data = bytearray()
        self._of_host = of_host

    def feed(self, data: bytes) -> None:
        """Take bytes as they come."""
        self._data += data

    def next(self) -> Any:
        """The next message's value, or None when it is not whole yet (a value is never None)."""
        lengths = self._lengths()
        if lengths is None:
            return None
        start = 4 + 8 * len(lengths)
        if len(self._data) < start + sum(lengths):
            return None
        frames = []
        for length in lengths:
            frames.append(bytes(self._data[start : start + length]))
            start += length
        del self._data[:start]
        value = decode(frames)
        if not self._of_host:
            _refuse_functions(value)
        return value

    def _lengths(self) -> tuple[int, ...] | None:
        if len(self._data) < 4:  # noqa: PLR2004
            return None
        (count,) = struct.unpack_from("<I", self._data)
        if not 1 <= count <= MAX_FRAMES:
            raise ProtocolError("a message has an impossible number of frames")
        if len(self._data) < 4 + 8 * count:
            return None
        lengths = struct.unpack_from(f"<{count}Q", self._data, 4)
        if lengths[0] > MAX_HEADER or sum(lengths) > MAX_HEADER + MAX_TOTAL:
            raise ProtocolError("a message is too large")
        return lengths


def _refuse_functions(value: Any) -> None:
    """What a box says is data: a name that it sent could be called in another box."""
    if any(isinstance(leaf, Named | Callback | Network) for leaf in leaves(value)):
        raise ProtocolError("a box sends a function")


def leaves(value: Any) -> Iterator[Any]:
    """What is in a value, at whatever depth, that holds nothing else."""
    if isinstance(value, Mapping):
        value = list(value.values())
    if isinstance(value, list | tuple):
        for item in value:
            yield from leaves(item)
    else:
        yield value
