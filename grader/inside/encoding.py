"""Values to frames: one JSON header, and a buffer for each array and text."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import numpy as np

from grader.inside.bounds import (
    DTYPES,
    MAX_DEPTH,
    MAX_DIGITS,
    MAX_FRAMES,
    MAX_HEADER,
    MAX_NAME,
    MAX_TOTAL,
    Callback,
    Handle,
    Named,
    Network,
    Opaque,
    ProtocolError,
    Symbol,
)

# Held here, so that in the box a student's `np.asarray = ...` changes nothing of ours.
_view = np.asarray


def encode(value: Any) -> list[bytes]:
    """The frames of a value.

    None, bool, int, float, str, lists, tuples, dicts with scalar keys, numeric arrays and
    `numpy.random.Generator` (PCG64) travel by value; what stays on its side by its number or name;
    anything else as an `Opaque`.

    Raises:
        ProtocolError: it is too deep or too large.
    """
    buffers: list[bytes] = []
    tree = _tree(value, buffers, 0)
    header = json.dumps(tree, allow_nan=False, separators=(",", ":")).encode("ascii")
    if len(header) > MAX_HEADER or sum(map(len, buffers)) > MAX_TOTAL:
        raise ProtocolError("the value is too large")
    if len(buffers) >= MAX_FRAMES:
        raise ProtocolError("the value holds too many arrays")
    return [header, *buffers]


def _tree(value: Any, buffers: list[bytes], depth: int) -> Any:
    if depth > MAX_DEPTH:
        raise ProtocolError("the value is nested too deep")
    kind = type(value)
    if value is None or kind is bool:
        return value
    if kind in _WRITERS:
        return _WRITERS[kind](value, buffers, depth)
    if isinstance(value, np.ndarray):
        return _array(value, buffers, depth)
    if isinstance(value, np.generic):
        return {"scalar": _array(_view(value), buffers, depth)}
    if isinstance(value, np.random.Generator):
        return _generator(value)
    return {"object": kind.__name__[:MAX_NAME]}


def _integer(value: int, _: list[bytes], __: int) -> Any:
    if value.bit_length() > MAX_DIGITS * 3:
        raise ProtocolError("an integer has too many digits")
    return {"int": str(value)}


def _text(value: str, buffers: list[bytes], _: int) -> Any:
    # Text is a frame of its own, so that the header stays small and pure ASCII.
    buffers.append(value.encode("utf-8", "replace"))
    return {"str": len(buffers)}


def _mapping(value: dict[Any, Any], buffers: list[bytes], depth: int) -> Any:
    pairs = [
        [_tree(key, buffers, depth + 1), _tree(item, buffers, depth + 1)]
        for key, item in value.items()
    ]
    return {"dict": pairs}


def _array(value: np.ndarray[Any, Any], buffers: list[bytes], _: int) -> Any:
    array = _view(value)
    dtype = array.dtype.newbyteorder("<").str.replace(">", "<")
    if dtype not in DTYPES:
        return {"object": f"ndarray of {array.dtype.name}"[:MAX_NAME]}
    if array.nbytes > MAX_TOTAL:
        raise ProtocolError("an array is too large")
    buffers.append(array.astype(dtype, copy=False).tobytes("C"))
    tree: dict[str, Any] = {"array": [dtype, list(array.shape), len(buffers)]}
    if not array.flags.writeable:
        tree["read_only"] = True
    if not array.flags.c_contiguous:
        tree["strided"] = True
    return tree


def _generator(value: np.random.Generator) -> Any:
    state = value.bit_generator.state
    if state.get("bit_generator") != "PCG64":
        return {"object": "Generator"}
    inner = state["state"]
    return {
        "generator": [
            str(int(inner["state"])),
            str(int(inner["inc"])),
            int(state["has_uint32"]),
            int(state["uinteger"]),
        ]
    }


_WRITERS: dict[type, Callable[[Any, list[bytes], int], Any]] = {
    int: _integer,
    float: lambda value, _, __: {"float": float(value).hex()},
    complex: lambda value, _, __: {"complex": [value.real.hex(), value.imag.hex()]},
    str: _text,
    list: lambda value, b, d: {"list": [_tree(item, b, d + 1) for item in value]},
    tuple: lambda value, b, d: {"tuple": [_tree(item, b, d + 1) for item in value]},
    dict: _mapping,
    Opaque: lambda value, _, __: {"object": value.type_name[:MAX_NAME]},
    Handle: lambda value, _, __: {"handle": [value.number, value.type_name[:MAX_NAME]]},
    Named: lambda value, _, __: {"name": value.name},
    Callback: lambda value, _, __: {"callback": value.name},
    Symbol: lambda value, _, __: {"symbol": [list(value.shape), value.dtype]},
    Network: lambda value, b, d: {"network": _text(value.config, b, d)["str"]},
}
