"""How values are put into words without showing what is in them: shapes, types, counts, places."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from grader.compare.closeness import as_array

# A class name comes from the box and may spell out a hidden input: only names we know are shown.
KNOWN_TYPES = frozenset((
    "NoneType", "bool", "int", "float", "complex", "str", "bytes", "list", "tuple", "dict", "set",
    "frozenset", "range", "generator", "function", "builtin_function_or_method", "method", "type",
    "module", "slice", "map", "filter", "zip", "enumerate", "object", "partial", "dict_keys",
    "dict_values", "dict_items", "Fraction", "Decimal",
    "ndarray", "matrix", "MaskedArray", "Generator", "RandomState", "DataFrame", "Series",
    "Tensor", "EagerTensor", "SymbolicTensor", "KerasTensor", "Variable", "ResourceVariable",
    "Functional", "Sequential", "Model", "Layer",
))  # fmt: skip
OBJECTS = "array of objects"
_ORDINALS = ("1st", "2nd", "3rd")
_MOST_AXES = 8
_EXACT = 100_000


def ordinal(number: int) -> str:
    """1 -> 1st, 4 -> 4th."""
    return _ORDINALS[number - 1] if 1 <= number <= len(_ORDINALS) else f"{number}th"


def type_name(value: Any) -> str:
    """The name of a value's type where it is one that we know, else `a class of your own`."""
    stays = type(value).__name__ in {"Opaque", "Handle"}  # an object that is no data
    name = getattr(value, "type_name", None) if stays else None
    name = str(name if name is not None else type(value).__name__).rpartition(".")[2]
    if stays and name.startswith("ndarray of "):  # of a dtype that holds no numbers
        return OBJECTS if name.endswith("object") else "array of no numbers"
    return name if name in KNOWN_TYPES else "a class of your own"


def kind_of(value: Any) -> str:
    """What sort of value it is: `None`, `a float`, `a tuple of 3`, `an array of shape (2, 3)`."""
    if value is None:
        return "None"
    if isinstance(value, list | tuple | Mapping):
        kind = "dict" if isinstance(value, Mapping) else type(value).__name__
        return f"a {kind if kind in KNOWN_TYPES else 'tuple'} of {len(value)}"
    array = as_array(value)
    if array is None:
        objects = type(value) is np.ndarray
        return "an array of objects" if objects else _with_article(type_name(value))
    if array.ndim == 0:
        return number_kind(array.dtype)
    return f"an array of shape {shape(array.shape)}"


def number_kind(dtype: Any) -> str:
    """What one element of a dtype is called."""
    kinds = {"b": "a bool", "i": "an integer", "u": "an integer", "c": "a complex number"}
    return kinds.get(np.dtype(dtype).kind, "a real number")


def shape(sizes: Sequence[int]) -> str:
    """A shape as Python writes it; one with absurdly many axes only by their number."""
    if len(sizes) > _MOST_AXES:
        return f"of {len(sizes)} axes"
    return str(tuple(_size(int(size)) for size in sizes))


def _size(size: int) -> int:
    """A length of an axis; to two digits where it is so large that it may spell something out."""
    step = 10 ** max(0, len(str(size)) - 2)
    return size if size < _EXACT else size // step * step


def index(place: Sequence[Any]) -> str:
    """An index as Python writes it: [0, 3, 1]."""
    return str([int(part) for part in place])


def number(value: float) -> str:
    """A ratio, to three digits."""
    return _digits(value, 3)


def rough(value: float) -> str:
    """An error to two digits: enough to judge it, too little to reconstruct the answer."""
    return _digits(value, 2)


def share(wrong: int, total: int) -> str:
    """`3 of 20 elements are wrong (15 %)`."""
    if wrong == total:
        return f"all {total} elements are wrong" if total > 1 else "it is wrong"
    percent = 100 * wrong / total
    shown = f"{percent:.0f}" if percent >= 1 else "under 1"
    return f"{wrong} of {total} elements are wrong ({shown} %)"


def axis_name(axis: int, ndim: int) -> str:
    """`axis 1`, or `the last axis` where that is clearer."""
    return "the last axis" if axis == ndim - 1 and ndim > 1 else f"axis {axis}"


def listing(words: Sequence[str], word: str = "and") -> str:
    """`a`, `a and b`, `a, b and c`."""
    if len(words) < 2:  # noqa: PLR2004
        return "".join(words)
    return f"{', '.join(words[:-1])} {word} {words[-1]}"


def sentence(text: str) -> str:
    """The text with a capital and a full stop."""
    text = text[:1].upper() + text[1:]
    return text if not text or text[-1] in ".?!" else text + "."


def _digits(value: float, digits: int) -> str:
    if not math.isfinite(value):
        return "infinity"
    short = f"{value:.{digits}g}"
    if "e+" in short and abs(value) < 1e6:  # noqa: PLR2004
        return f"{float(short):.0f}"
    return re.sub(r"e([+-])0*(\d)", r"e\1\2", short)


def _with_article(name: str) -> str:
    if name.startswith("a class"):
        return f"an object of {name}"
    return f"an {name}" if name[0] in "aeiouAEIO" else f"a {name}"
