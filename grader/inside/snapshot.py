"""Values of a student's code as plain data, taken once, in the student's own process.

The host checks everything again: what a class does here to look like something else can cost its
author an answer, and nothing more.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Any

import numpy as np

from grader.inside import wire

MAX_PARTS = 100_000
# Held here, so that a student's `np.array = ...` changes nothing of ours.
_copy, _view = np.array, np.asarray


def plain(value: Any) -> Any:
    """The value as the wire can carry it: copies of arrays, plain containers, else `Opaque`.

    Raises:
        wire.ProtocolError: it has too many parts.
    """
    return _Snapshot().take(value, 0)


class _Snapshot:
    """One pass over a value, with a bound on its depth and on the number of its parts."""

    def __init__(self) -> None:
        self._left = MAX_PARTS

    def take(self, value: Any, depth: int) -> Any:
        kind = type(value)
        self._left -= 1
        if self._left < 0 or depth > wire.MAX_DEPTH:
            raise wire.ProtocolError("a value has too many parts, or refers to itself")
        if value is None or kind in {bool, int, float, complex, str, wire.Opaque}:
            return value
        if isinstance(value, np.ndarray | np.generic):
            return _array(value)
        if isinstance(value, np.random.Generator):
            return value
        return self._container(value, depth)

    def _container(self, value: Any, depth: int) -> Any:
        if isinstance(value, dict):
            return self._mapping(value, depth)
        if isinstance(value, tuple):
            return tuple([self.take(item, depth + 1) for item in value])
        if isinstance(value, list):
            return [self.take(item, depth + 1) for item in value]
        return _tensor(value)

    def _mapping(self, value: dict[Any, Any], depth: int) -> Any:
        if not all(isinstance(key, str | int | float | bool | None) for key in value):
            return wire.Opaque(type(value).__name__[:80])
        return {_key(key): self.take(item, depth + 1) for key, item in value.items()}


def _array(value: Any) -> Any:
    if isinstance(value, np.generic):
        return value
    if isinstance(value, np.ma.MaskedArray):
        return wire.Opaque("MaskedArray")
    return _copy(value, copy=True, order="C", subok=False)


def _key(key: Any) -> Any:
    """A scalar key as exactly one of Python's own types."""
    if key is None or type(key) in {str, int, float, bool}:
        return key
    return next(kind(key) for kind in (str, int, float) if isinstance(key, kind))


def _tensor(value: Any) -> Any:
    """A tensor of a library that is loaded here, as an array; anything else by its type's name."""
    tensorflow, keras = sys.modules.get("tensorflow"), sys.modules.get("keras")
    kinds: tuple[type, ...] = ()
    if tensorflow is not None:
        kinds += (tensorflow.Tensor, tensorflow.Variable)
    if keras is not None:
        kinds += (keras.Variable,)
    if kinds and isinstance(value, kinds):
        return _copy(value, copy=True)
    return wire.Opaque(type(value).__name__[:80])


def same(left: Any, right: Any) -> bool:
    """Whether two snapshots are identical, NaN included."""
    if type(left) is not type(right):
        return False
    if isinstance(left, np.ndarray | np.generic):
        return _same_array(_view(left), _view(right))
    if isinstance(left, Mapping):
        return list(left) == list(right) and all(same(left[key], right[key]) for key in left)
    if isinstance(left, list | tuple):
        return len(left) == len(right) and all(map(same, left, right))
    # A generator is meant to move on; its new state is returned anyway.
    return isinstance(left, np.random.Generator) or left is right or bool(left == right)


def _same_array(left: np.ndarray[Any, Any], right: np.ndarray[Any, Any]) -> bool:
    return (
        left.dtype == right.dtype
        and left.shape == right.shape
        and left.tobytes() == right.tobytes()
    )
