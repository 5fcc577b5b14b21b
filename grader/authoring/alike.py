"""Whether two files of public cases say the same, on whatever machine each was made."""

from __future__ import annotations

import io
import json
import re
from typing import Any

import numpy as np
import numpy.typing as npt

from grader.cases import UNREADABLE

_SAME = 1e-3  # far above the rounding of float32, far below any mistake
_COUNTERS = re.compile(r"_\d+")  # of layers


def alike(one: bytes, other: bytes) -> bool:
    """Whether the texts are the same, and the numbers equal up to rounding.

    Keras computes in float32, whose last digits differ from one processor to another. The words of
    an exception name layers by numbers, places in our own code, and how much memory was left.
    """
    if one == other:
        return True
    try:
        with np.load(io.BytesIO(one)) as ours, np.load(io.BytesIO(other)) as theirs:
            said, again = (_without_words(json.loads(str(f["index"]))) for f in (ours, theirs))
            names = [name for name in ours.files if name != "index"]
            return (
                said == again
                and set(ours.files) == set(theirs.files)
                and all(_alike(ours[name], theirs[name]) for name in names)
            )
    except UNREADABLE:
        return False


def _without_words(tree: Any) -> Any:
    """The index with each exception's class alone, and no numbers in the names of layers."""
    match tree:
        case {"raised": [kind, *_]}:
            return {"raised": kind}
        case dict():
            return {name: _without_words(each) for name, each in tree.items()}
        case list():
            return [_without_words(each) for each in tree]
        case str():
            return _COUNTERS.sub("", tree)
    return tree


def _alike(one: npt.NDArray[Any], other: npt.NDArray[Any]) -> bool:
    if one.shape != other.shape or one.dtype != other.dtype:
        return False
    if one.dtype.kind not in "fc":
        return np.array_equal(one, other)
    finite = np.abs(one[np.isfinite(one)])
    scale = float(finite.max(initial=0.0))
    return np.allclose(one, other, rtol=_SAME, atol=_SAME * scale, equal_nan=True)
