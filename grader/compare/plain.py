"""Values as plain JSON beside a pool of arrays: how public cases are kept in a file."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from grader.compare.closeness import Array, as_array
from grader.records import Raised

_DIGITS = 11  # of answers: what is left out is rounding that differs from machine to machine


@dataclass(frozen=True)
class Seed:
    """Stands among the arguments for `numpy.random.default_rng(value)`, made anew for each try."""

    value: int


def pack(value: Any, pool: list[Array]) -> Any:
    """Plain JSON, with arrays and reals replaced by their place in the pool."""
    if value is None or type(value) in (bool, int, str):
        return value
    if isinstance(value, list | tuple):
        kind = "list" if isinstance(value, list) else "tuple"
        return {kind: [pack(each, pool) for each in value]}
    if isinstance(value, Mapping):
        return {"dict": {str(name): pack(each, pool) for name, each in value.items()}}
    return _pack_leaf(value, pool)


def unpack(packed: Any, file: Mapping[str, Any]) -> Any:
    """The value again; arrays come from `file`."""
    if not isinstance(packed, dict):
        return packed
    ((kind, content),) = packed.items()
    if kind in ("list", "tuple"):
        parts = [unpack(each, file) for each in content]
        return parts if kind == "list" else tuple(parts)
    if kind == "dict":
        return {name: unpack(each, file) for name, each in content.items()}
    if kind in ("array", "float"):
        array = file[f"a{content}"]
        return float(array) if kind == "float" else array
    if kind == "raised":
        return Raised(*content)
    return Seed(content) if kind == "seed" else Other()


def _pack_leaf(value: Any, pool: list[Array]) -> Any:
    if isinstance(value, Seed):
        return {"seed": value.value}
    if isinstance(value, Raised):
        return {"raised": [value.type, value.message]}
    array = as_array(value)
    if array is None:  # an object that did not travel: equal to nothing
        return {"other": True}
    pool.append(np.ascontiguousarray(array).reshape(array.shape))
    return {"float" if type(value) is float else "array": len(pool) - 1}


class Other:
    """What stands in the file for a value that is no data."""


def rounded(value: Any) -> Any:
    """The value to 11 digits of its largest element: the rest differs from machine to machine."""
    if isinstance(value, list | tuple):
        return tuple(map(rounded, value)) if isinstance(value, tuple) else [*map(rounded, value)]
    if isinstance(value, Mapping):
        return {name: rounded(each) for name, each in value.items()}
    array = as_array(value)
    if array is None or array.dtype.kind != "f":
        return value
    finite = np.abs(array[np.isfinite(array)])
    scale = float(finite.max(initial=0.0))
    if not 1e-200 < scale < 1e200 or array.dtype != np.float64:  # noqa: PLR2004
        return value
    short = np.round(array, _DIGITS - math.ceil(math.log10(scale))) + 0.0  # -0.0 becomes 0.0
    return float(short) if type(value) is float else short
