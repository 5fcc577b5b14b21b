"""What may travel over the wire, and how much of it."""

from __future__ import annotations

from dataclasses import dataclass

MAX_HEADER = 1 << 20
MAX_TOTAL = 64 << 20
MAX_FRAMES = 1 << 16
MAX_DEPTH = 32
MAX_RANK = 32
MAX_DIGITS = 400
MAX_NAME = 80
DTYPES = frozenset(
    "|b1 |i1 <i2 <i4 <i8 |u1 <u2 <u4 <u8 <f2 <f4 <f8 <c8 <c16".split()  # noqa: SIM905
)


class ProtocolError(Exception):
    """What came over the wire is not a message of ours."""


@dataclass(frozen=True)
class Opaque:
    """A value that does not travel, by the name of its type."""

    type_name: str
