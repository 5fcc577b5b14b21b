"""Values of a student's code as plain data, taken once, in the student's own process.

The host checks everything again: what a class does here to look like something else can cost its
author an answer, and nothing more.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from grader.inside import wire
from grader.inside.bounds import MAX_NAME

MAX_PARTS = 100_000
PLAIN = frozenset((bool, int, float, complex, str, wire.Opaque))
Other = Callable[[Any], Any]
# Held here, so that a student's `np.array = ...` changes nothing of ours.
_copy, _view = np.array, np.asarray


def _opaque(value: Any) -> Any:
    return wire.Opaque(type(value).__name__[:MAX_NAME])


def plain(value: Any, other: Other = _opaque) -> Any:
    """The value as the wire can carry it: copies of arrays and plain containers.

    Args:
        value: anything.
        other: what stands for a value that is no data; by default its type's name.

    Raises:
        wire.ProtocolError: it has too many parts, or an array is too large.
    """
    return _Snapshot(other).take(value, 0)


class _Snapshot:
    """One pass over a value, with a bound on its depth and on the number of its parts."""

    def __init__(self, other: Other) -> None:
        self._left = MAX_PARTS
        self._other = other

    def take(self, value: Any, depth: int) -> Any:
        kind = type(value)
        self._left -= 1
        if self._left < 0 or depth > wire.MAX_DEPTH:
            raise wire.ProtocolError("a value has too many parts, or refers to itself")
        if value is None or kind in PLAIN:
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
        tensor = _tensor(value)
        return self._other(value) if tensor is None else tensor

    def _mapping(self, value: dict[Any, Any], depth: int) -> Any:
        if not all(isinstance(key, str | int | float | bool | None) for key in value):
            return _opaque(value)
        return {_key(key): self.take(item, depth + 1) for key, item in value.items()}


def _array(value: Any) -> Any:
    if isinstance(value, np.generic):
        return value
    if isinstance(value, np.ma.MaskedArray):
        return wire.Opaque("MaskedArray")
    _check_size(value)
    return _copy(value, copy=True, order="C", subok=False)


def _key(key: Any) -> Any:
    """A scalar key as exactly one of Python's own types."""
    if key is None or type(key) in {str, int, float, bool}:
        return key
    return next(kind(key) for kind in (str, int, float) if isinstance(key, kind))


def _tensor(value: Any) -> Any:
    """A tensor of a library that is loaded here, as an array; None for anything else."""
    kinds = _tensor_kinds()
    if not kinds or not isinstance(value, kinds) or is_symbolic(value):
        return None
    _check_size(value)
    return _copy(value, copy=True)


def _tensor_kinds() -> tuple[type, ...]:
    tensorflow, keras = sys.modules.get("tensorflow"), sys.modules.get("keras")
    kinds: tuple[type, ...] = ()
    if tensorflow is not None:
        kinds += (tensorflow.Tensor, tensorflow.Variable)
    if keras is not None:
        kinds += (keras.Variable,)
    return kinds


def _check_size(value: Any) -> None:
    """Refuse what is too large to travel, before it is copied."""
    width: int = getattr(value.dtype, "itemsize", None) or getattr(value.dtype, "size", 1) or 1
    if math.prod(map(int, value.shape)) * width > wire.MAX_TOTAL:
        raise wire.ProtocolError("an array is too large")


def is_symbolic(value: Any) -> bool:
    """Whether it is a tensor without values: Keras' own, or one of a traced function."""
    tensorflow, keras = sys.modules.get("tensorflow"), sys.modules.get("keras")
    if keras is not None and isinstance(value, keras.KerasTensor):
        return True
    return tensorflow is not None and tensorflow.is_symbolic_tensor(value)


def symbol(value: Any) -> wire.Symbol:
    """The shape and the dtype of a symbolic tensor."""
    shape = tuple(None if size is None else int(size) for size in value.shape)
    dtype = getattr(value.dtype, "name", value.dtype)
    return wire.Symbol(shape, str(dtype))


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
