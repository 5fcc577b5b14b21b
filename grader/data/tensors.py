"""Reads a PyTorch state dict without PyTorch, and without running anything that the file names.

Theory of operation. The file (the format of before version 1.6) is five pickles in a row: a magic
number, a version, facts about the machine, the state dict, and the keys of the storages; then come
the storages themselves, each a count of 8 bytes and raw little-endian numbers. A pickle is a small
program, and in it `find_class` is the only door to the outside. Ours opens to four names, each
answered by a class of this module that holds data; every other name is refused.
"""

from __future__ import annotations

import io
import math
import pickle
import struct
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Tensors = dict[str, NDArray[Any]]

MAGIC = 0x1950A86A20F9469CFC6C
VERSION = 1001
DTYPES = {"FloatStorage": "<f4", "LongStorage": "<i8"}
MOST_NUMBERS = 50_000_000  # of a storage or a tensor; the largest here has 1.3 million
BROKEN = (
    pickle.UnpicklingError,
    struct.error,
    EOFError,
    AttributeError,
    LookupError,
    TypeError,
    ValueError,
    MemoryError,
    OverflowError,
)


class _Names(dict[str, Any]):
    """Stands for `collections.OrderedDict`; the attributes that PyTorch adds are dropped."""

    def __setstate__(self, state: object) -> None:
        pass


@dataclass(frozen=True)
class _Storage:
    """The numbers that tensors are windows of, known by a key until they are read."""

    key: str
    dtype: str
    size: int


@dataclass(frozen=True)
class _Tensor:
    """A window of a storage."""

    storage: _Storage
    offset: int
    shape: tuple[int, ...]
    strides: tuple[int, ...]


def _tensor(storage: _Storage, offset: int, shape: Any, strides: Any, *_: Any) -> _Tensor:
    return _Tensor(storage, offset, tuple(shape), tuple(strides))


class _Reader(pickle.Unpickler):
    """An unpickler that knows the four names of a state dict and no other."""

    def find_class(self, module: str, name: str) -> Any:
        if module == "torch" and name in DTYPES:
            return DTYPES[name]
        known = {"collections.OrderedDict": _Names, "torch._utils._rebuild_tensor_v2": _tensor}
        try:
            return known[f"{module}.{name}"]
        except KeyError:
            raise pickle.UnpicklingError(f"a state dict has no {module}.{name}") from None

    def persistent_load(self, pid: Any) -> _Storage:
        kind, dtype, key, _, size, view = pid
        if kind != "storage" or dtype not in DTYPES.values() or view is not None:
            raise pickle.UnpicklingError("a state dict of another kind")
        return _Storage(key, dtype, size)


def read_tensors(content: bytes) -> Tensors:
    """The arrays of a state dict by their names; `ValueError` with a sentence if it is none."""
    try:
        return _tensors(io.BytesIO(content))
    except BROKEN as error:
        raise ValueError(f"This is no file of weights that can be read: {error}.") from error


def _tensors(file: io.BytesIO) -> Tensors:
    magic, version, machine, named, keys = (_Reader(file).load() for _ in range(5))
    if (magic, version, machine["little_endian"]) != (MAGIC, VERSION, True):
        raise ValueError("it has another magic number, version or byte order")
    sizes = {tensor.storage.key: tensor.storage for tensor in named.values()}
    storages = {key: _numbers(file, sizes[key]) for key in keys}
    return {name: _window(storages[tensor.storage.key], tensor) for name, tensor in named.items()}


def _numbers(file: io.BytesIO, storage: _Storage) -> NDArray[Any]:
    (count,) = struct.unpack("<q", file.read(8))
    if count != storage.size or not 0 <= count <= MOST_NUMBERS:
        raise ValueError("the numbers are not as many as the file says")
    content = file.read(count * np.dtype(storage.dtype).itemsize)
    return np.frombuffer(content, storage.dtype, count)


def _window(numbers: NDArray[Any], tensor: _Tensor) -> NDArray[Any]:
    """A copy of the tensor's numbers: all within the storage, whatever the strides say."""
    if math.prod(tensor.shape) > MOST_NUMBERS:
        raise ValueError("a tensor is larger than any of this course")
    index = np.asarray(tensor.offset)
    for side, stride in zip(tensor.shape, tensor.strides, strict=True):
        index = np.add.outer(index, np.arange(side) * stride)
    if index.size and index.min() < 0:
        raise ValueError("a tensor reaches out of its numbers")
    return np.asarray(numbers[index])
