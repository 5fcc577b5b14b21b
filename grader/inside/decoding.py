"""Frames to values: every size, dtype, shape and depth is checked before it is believed."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from grader.inside.bounds import (
    DTYPES,
    MAX_DEPTH,
    MAX_DIGITS,
    MAX_FRAMES,
    MAX_HEADER,
    MAX_NAME,
    MAX_RANK,
    MAX_TOTAL,
    Callback,
    Handle,
    Named,
    Network,
    Opaque,
    ProtocolError,
    Symbol,
)
from grader.inside.generators import generator_from, pcg64_state

Frames = list[bytes | None]  # None: taken
NO_BRACKETS = bytes(set(range(256)) - set(b"[]{}"))


def decode(frames: list[bytes]) -> Any:
    """The value of the frames. Arrays are fresh, writable copies unless sent as read-only.

    Raises:
        ProtocolError: the frames break a rule.
    """
    try:
        header = strict_json(frames[0])
        return _value(header, list(frames), 0)
    except ProtocolError:
        raise
    except (TypeError, ValueError, KeyError, IndexError, RecursionError, OverflowError) as error:
        raise ProtocolError(f"a malformed message ({type(error).__name__})") from error


def strict_json(data: bytes) -> Any:
    """JSON without duplicate keys, NaN, huge numbers or deep nesting."""
    if len(data) > MAX_HEADER:
        raise ProtocolError("a header is too large")
    _check_depth(data)
    try:
        return json.loads(
            data.decode("ascii"),
            object_pairs_hook=_once,
            parse_constant=_refuse,
            parse_int=_short_int,
        )
    except (ValueError, RecursionError) as error:
        raise ProtocolError("a header is not strict JSON") from error


def _check_depth(data: bytes) -> None:
    """Bound the nesting before the recursive parser sees it; brackets in strings count too."""
    depth = 0
    for byte in data.translate(None, NO_BRACKETS):
        depth += 1 if byte in b"[{" else -1
        if depth > 4 * MAX_DEPTH:
            raise ProtocolError("a header is nested too deep")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ProtocolError("a header has a key twice")
    return found


def _refuse(_: str) -> Any:
    raise ProtocolError("a header holds NaN or Infinity")


def _short_int(digits: str) -> int:
    if len(digits) > 20:  # noqa: PLR2004  (a 64-bit number)
        raise ProtocolError("a number in a header is too long")
    return int(digits)


def _value(tree: Any, frames: Frames, depth: int) -> Any:
    if depth > MAX_DEPTH:
        raise ProtocolError("the value is nested too deep")
    if tree is None or isinstance(tree, bool):
        return tree
    if not isinstance(tree, dict) or not tree:
        raise ProtocolError("a value without a kind")
    kind = next(iter(tree))
    reader = _READERS.get(kind)
    if reader is None or (kind != "array" and len(tree) != 1):
        raise ProtocolError("a value of an unknown kind")
    return reader(tree, frames, depth)


def _read_integer(tree: Any, _: Frames, __: int) -> int:
    digits = tree["int"]
    if not isinstance(digits, str) or not 0 < len(digits) <= MAX_DIGITS:
        raise ProtocolError("an integer is malformed")
    if not digits.removeprefix("-").isascii() or not digits.removeprefix("-").isdigit():
        raise ProtocolError("an integer is malformed")
    return int(digits)


def _read_float(text: Any) -> float:
    if not isinstance(text, str) or len(text) > 40:  # noqa: PLR2004  (a double in hexadecimal)
        raise ProtocolError("a float is malformed")
    return float.fromhex(text)


def _read_text(tree: Any, frames: Frames, _: int) -> str:
    return _frame(tree["str"], frames).decode("utf-8", "replace")


def _frame(index: Any, frames: Frames) -> bytes:
    """Take a frame: who could name one twice would have it copied ten thousand times."""
    frame = frames[index] if type(index) is int and 1 <= index < len(frames) else None
    if frame is None:
        raise ProtocolError("a value names a frame that is not there, or that another one has")
    frames[index] = None
    return frame


def _read_items(items: Any, frames: Frames, depth: int) -> Iterator[Any]:
    if not isinstance(items, list):
        raise ProtocolError("a sequence is malformed")
    return (_value(item, frames, depth + 1) for item in items)


def _read_dict(tree: Any, frames: Frames, depth: int) -> dict[Any, Any]:
    found = {}
    for pair in tree["dict"]:
        key, item = (_value(part, frames, depth + 1) for part in pair)
        if not isinstance(key, str | int | float | bool | None):
            raise ProtocolError("a dict has a key that is no scalar")
        found[key] = item
    return found


def _read_array(tree: Any, frames: Frames, _: int) -> np.ndarray[Any, Any]:
    if not tree.keys() <= {"array", "read_only", "strided"}:
        raise ProtocolError("an array is malformed")
    dtype, shape, index = tree["array"]
    buffer = _frame(index, frames)
    if dtype not in DTYPES or not isinstance(shape, list) or len(shape) > MAX_RANK:
        raise ProtocolError("an array has a dtype or rank that does not travel")
    if any(type(size) is not int or not 0 <= size <= MAX_TOTAL for size in shape):
        raise ProtocolError("an array has an impossible shape")
    # An axis of no entries makes the whole empty, but not what sums over it.
    if math.prod(size for size in shape if size) * np.dtype(dtype).itemsize > MAX_TOTAL:
        raise ProtocolError("an array has an impossible shape")
    if math.prod(shape) * np.dtype(dtype).itemsize != len(buffer):
        raise ProtocolError("an array's buffer does not fit its shape")
    array = np.frombuffer(buffer, dtype=dtype).reshape(shape).copy()
    if tree.get("strided"):
        array = _strided(array)
    if tree.get("read_only"):
        array.flags.writeable = False
    return array


def _strided(array: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """The same values, not contiguous: every second entry of a buffer twice as wide."""
    if array.ndim == 0 or array.size == 0:
        return array
    wide = np.zeros((*array.shape[:-1], 2 * array.shape[-1]), array.dtype)
    view = wide[..., ::2]
    view[...] = array
    return view


def _read_generator(tree: Any, _: Frames, __: int) -> np.random.Generator:
    return generator_from(pcg64_state(tree["generator"]))


def _read_object(tree: Any, _: Frames, __: int) -> Opaque:
    return Opaque(_short(tree["object"]))


def _read_handle(tree: Any, _: Frames, __: int) -> Handle:
    number, type_name = tree["handle"]
    if type(number) is not int or not 0 <= number < MAX_FRAMES:
        raise ProtocolError("a handle is malformed")
    return Handle(number, _short(type_name))


def _read_symbol(tree: Any, _: Frames, __: int) -> Symbol:
    shape, dtype = tree["symbol"]
    if not isinstance(shape, list) or len(shape) > MAX_RANK:
        raise ProtocolError("a symbolic tensor has an impossible shape")
    for size in shape:
        if size is not None and (type(size) is not int or not 0 <= size <= MAX_TOTAL):
            raise ProtocolError("a symbolic tensor has an impossible shape")
    return Symbol(tuple(shape), _short(dtype))


def _short(name: Any) -> str:
    if not isinstance(name, str) or len(name) > MAX_NAME:
        raise ProtocolError("a name is malformed")
    return name


def _read_scalar(tree: Any, frames: Frames, depth: int) -> Any:
    array = _value(tree["scalar"], frames, depth + 1)
    if isinstance(array, Opaque):
        return array
    if not isinstance(array, np.ndarray) or array.ndim != 0:
        raise ProtocolError("a scalar is malformed")
    return array[()]


_READERS: dict[str, Callable[[Any, Frames, int], Any]] = {
    "int": _read_integer,
    "float": lambda tree, _, __: _read_float(tree["float"]),
    "complex": lambda tree, _, __: complex(*map(_read_float, tree["complex"])),
    "str": _read_text,
    "list": lambda tree, f, d: list(_read_items(tree["list"], f, d)),
    "tuple": lambda tree, f, d: tuple(_read_items(tree["tuple"], f, d)),
    "dict": _read_dict,
    "array": _read_array,
    "scalar": _read_scalar,
    "generator": _read_generator,
    "object": _read_object,
    "handle": _read_handle,
    "symbol": _read_symbol,
    "name": lambda tree, _, __: Named(_short(tree["name"])),
    "callback": lambda tree, _, __: Callback(_short(tree["callback"])),
    "network": lambda tree, f, _: Network(_frame(tree["network"], f).decode("utf-8", "replace")),
}
