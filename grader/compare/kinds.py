"""Wrong kind of value: None, another type, another number of outputs, another dtype."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from grader.compare.closeness import KINDS, Array, as_array, close, same_kind
from grader.compare.wording import OBJECTS, kind_of, number_kind, sentence, type_name
from grader.records import Diagnosis


def returned_none(got: Any, expected: Any, what: str) -> Diagnosis | None:
    """A function without `return` gives None."""
    if got is not None or expected is None:
        return None
    return Diagnosis(
        sentence(f"{what} is None"),
        sentence(f"{kind_of(expected)} is expected"),
        "Does every path through your function end with `return ...`? "
        "A function without it gives None.",
    )


def wrong_type(got: Any, expected: Any, what: str) -> Diagnosis | None:
    """Not the sort of value that is meant: a list for an array, a tuple for one value."""
    if _same_sort(got, expected):
        return None
    return Diagnosis(
        sentence(f"{what} is {kind_of(got)}"),
        sentence(f"{kind_of(expected)} is expected"),
        _type_remedy(got, expected),
    )


def wrong_arity(got: Any, expected: Any, what: str) -> Diagnosis | None:
    """A tuple of another length, a dict with other keys."""
    if isinstance(expected, Mapping):
        if isinstance(got, Mapping) and got.keys() != expected.keys():
            return _wrong_keys(got, expected, what)
        return None
    if not isinstance(expected, list | tuple) or len(got) == len(expected):
        return None
    return Diagnosis(
        sentence(f"{what} has {_parts(len(got))}"),
        sentence(f"exactly {_parts(len(expected))} are expected"),
        "Look at the `return` line: are all outputs there, in the order of the docstring?",
    )


def wrong_dtype(got: Array, expected: Array, what: str) -> Diagnosis | None:
    """Integers where reals are meant, reals where integers are meant, bools, complex numbers."""
    if same_kind(got, expected):
        return None
    return Diagnosis(
        sentence(f"{what} {'holds' if got.ndim else 'is'} {_numbers(got)}"),
        sentence(f"{_numbers(expected)} {'are' if expected.ndim else 'is'} expected"),
        _dtype_remedy(KINDS[got.dtype.kind], KINDS[expected.dtype.kind], got),
    )


def half_precision(got: Array, expected: Array, what: str) -> Diagnosis | None:
    """float16 keeps three digits, too few to compare with float64."""
    half = got.dtype == np.float16 and expected.dtype != np.float16
    if not half:
        return None
    return Diagnosis(
        sentence(f"{what} has dtype float16, which keeps three digits only"),
        f"The reference computes in {expected.dtype.name}.",
        "Where does the float16 come from? Leave the dtype of the inputs as it is.",
    )


def _same_sort(got: Any, expected: Any) -> bool:
    if isinstance(expected, list | tuple):
        return isinstance(got, list | tuple)
    if isinstance(expected, Mapping):
        return isinstance(got, Mapping)
    if type(expected) is str or expected is None:
        return type(got) is type(expected)
    return _is_numeric(got)


def _is_numeric(value: Any) -> bool:
    return type(value) is int or as_array(value) is not None


def _type_remedy(got: Any, expected: Any) -> str:
    if isinstance(expected, Mapping):
        return "Return a dict, with the keys that the docstring shows."
    if isinstance(got, list | tuple) and len(got) == 1 and close(got[0], expected):
        return "A comma at the end of the `return` line makes a tuple of one. Remove it."
    if isinstance(got, list | tuple):
        if any(as_array(part) is not None and as_array(part).ndim for part in got):  # type: ignore[union-attr]
            return "Return one array only, or join the pieces with `np.stack`."
        return "Turn it into an array with `np.array(...)`."
    if isinstance(got, Mapping) or got is None:
        return "Look at the `return` line and at the docstring: what should come back?"
    return _object_remedy(got, expected)


def _object_remedy(got: Any, expected: Any) -> str:
    remedies = {
        OBJECTS: "An array of objects arises from rows of unequal length: check their shapes.",
        "Sequential": "A model was returned, without calling it on the input. Add `(x)`.",
        "Functional": "A model was returned, without calling it on the input. Add `(x)`.",
        "KerasTensor": "A symbolic tensor has no values: make the model first, then call it.",
        "generator": "Parentheses around `... for ...` make a generator: use square brackets.",
        "function": "Was the function itself returned, without calling it? Add `()`.",
        "method": "Was the method itself returned, without calling it? Add `()`.",
        "matrix": "`np.matrix` behaves unlike an array: use `np.array`.",
        "set": "A set is neither a number nor in order: its length is `len(...)`.",
        "str": "Return the value itself, not a text of it.",
    }
    if isinstance(expected, list | tuple):
        return f"Return the outputs as one tuple: `return {', '.join('abcdef'[: len(expected)])}`."
    name = OBJECTS if isinstance(got, np.ndarray) else type_name(got)
    return remedies.get(name, "Return a NumPy array (or a plain number) of values.")


def _wrong_keys(got: Mapping[Any, Any], expected: Mapping[Any, Any], what: str) -> Diagnosis:
    missing = sorted(str(key) for key in expected if key not in got)
    surplus = sum(key not in expected for key in got)
    lacks = [f"lacks the key {missing[0]!r}"] if missing else []
    extra = [f"has {surplus} key{'s' * (surplus > 1)} too many"] if surplus else []
    return Diagnosis(
        sentence(f"{what} {' and '.join(lacks + extra)}"),
        f"A dict with {len(expected)} keys is expected.",
        "Compare the keys with those in the docstring.",
    )


def _parts(count: int) -> str:
    return f"{count} part{'s' * (count != 1)}"


def _numbers(array: Array) -> str:
    if array.ndim == 0:
        return number_kind(array.dtype)
    return {
        "bool": "bools",
        "int": "integers",
        "float": "real numbers",
        "complex": "complex numbers",
    }[KINDS[array.dtype.kind]] + f" (dtype {array.dtype.name})"


def _dtype_remedy(got: str, expected: str, array: Array) -> str:
    if expected == "float" and got == "int":
        return (
            "Integers cut off everything after the point. Is the output made with `dtype=int`, "
            "or from integer inputs? `np.zeros(shape)` makes floats."
        )
    if expected == "int" and got == "float":
        whole = bool(np.isfinite(array).all() and (array == np.round(array)).all())
        return (
            "The value is whole but its type is float: divide with `//` instead of `/`."
            if whole
            else "Sizes and counts are whole numbers: divide with `//`, which drops the rest."
        )
    if got == "bool":
        return "A comparison gives True and False: was it meant to select or to multiply?"
    if got == "complex":
        return "Take the real part (`.real`), for instance after a Fourier transform."
    return f"Return values of type {expected}."
