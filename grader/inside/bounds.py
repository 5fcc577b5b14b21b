"""What may travel over the wire, and how much of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

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


FUNCTION = "function "  # how the type of an Opaque begins that stands for one of the program's own


@dataclass(frozen=True)
class Handle:
    """An object that stays in the box, by its number among those of the running test."""

    number: int
    type_name: str = "object"


@dataclass(frozen=True)
class Named:
    """A function of the box as an argument: `conv2d`, or `probes.tanh` of the course."""

    name: str


@dataclass(frozen=True)
class Callback:
    """A function of the host as an argument. Only its name travels; calls of it come out."""

    name: str
    answer: Callable[..., Any] | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True)
class Symbol:
    """A symbolic tensor, which has a shape (None: any) and a dtype, and no values."""

    shape: tuple[int | None, ...]
    dtype: str = "float32"


@dataclass(frozen=True)
class Network:
    """A part of a Keras network as its configuration in JSON, to be applied to symbolic tensors."""

    config: str
