"""What a public check looks at: the values, or for random functions what stays true of any draw."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from grader.compare.closeness import Array, as_array


@dataclass(frozen=True)
class Calls:
    """The results of calling a function several times with the same arguments.

    `changed` names the arguments that any of the calls modified in place.
    """

    results: tuple[Any, ...]
    args: tuple[Any, ...]
    changed: tuple[str, ...] = ()


@dataclass(frozen=True)
class View:
    """A way to look at calls; `one_stream`: they share a generator instead of starting it anew.

    `of_network`: the object that the function makes is looked at where it is, by `public_view` of
    `grader.inside.networks`; numbers come back.
    """

    look: Callable[[Calls], Any]
    calls: int = 1
    one_stream: bool = False
    of_mask: bool = True
    of_network: bool = False


def values(calls: Calls) -> Any:
    """What the function returned."""
    return calls.results[0]


def dtype(calls: Calls) -> str:
    """The dtype of the result."""
    return str(np.asarray(calls.results[0]).dtype)


def inputs_untouched(calls: Calls) -> bool:
    """Whether no argument was modified in place."""
    return not calls.changed


def share_kept(calls: Calls) -> float:
    """The share of the non-zero inputs whose output is not 0."""
    return float(_mask(calls, 0)[_reals(calls.args[0]) != 0].mean())


def scale_of_kept(calls: Calls) -> tuple[float, float]:
    """The smallest and the largest ratio of output to input where something was kept."""
    x, out = _reals(calls.args[0]), _reals(calls.results[0])
    kept = (x != 0) & (out != 0)
    ratios = out[kept] / x[kept]
    return (float(ratios.min()), float(ratios.max())) if ratios.size else (0.0, 0.0)


def mean_ratio(calls: Calls) -> float:
    """The mean of the output divided by the mean of the input."""
    return float(_reals(calls.results[0]).mean() / _reals(calls.args[0]).mean())


def same_mask_twice(calls: Calls) -> bool:
    """Whether two calls from the same state of the generator drop the same places."""
    return bool((_mask(calls, 0) == _mask(calls, 1)).all())


def fresh_mask(calls: Calls) -> bool:
    """Whether a second call with the same generator drops other places."""
    return not bool((_mask(calls, 0) == _mask(calls, 1)).all())


def mask_per_example(calls: Calls) -> bool:
    """Whether the examples of a batch drop different places."""
    mask = _mask(calls, 0)
    return not bool((mask == mask[:1]).all())


def mask_per_unit(calls: Calls) -> bool:
    """Whether the places of one example are dropped one by one."""
    mask = _mask(calls, 0)
    rows = mask.reshape(len(mask), -1)
    return not bool((rows == rows[:, :1]).all())


VIEWS: Mapping[str, View] = {
    "values": View(values, of_mask=False),
    "dtype": View(dtype, of_mask=False),
    "inputs_untouched": View(inputs_untouched, of_mask=False),
    "network": View(values, of_mask=False, of_network=True),
    "model": View(values, of_mask=False, of_network=True),
    "layer": View(values, of_mask=False, of_network=True),
    "parameters": View(values, of_mask=False, of_network=True),
    "share_kept": View(share_kept),
    "scale_of_kept": View(scale_of_kept),
    "mean_ratio": View(mean_ratio),
    "same_mask_twice": View(same_mask_twice, calls=2),
    "fresh_mask": View(fresh_mask, calls=2, one_stream=True),
    "mask_per_example": View(mask_per_example),
    "mask_per_unit": View(mask_per_unit),
}

# How a check says what it saw: "the share of values that are kept is too large, by 0.3".
NAMES: Mapping[str, str] = {
    "values": "the output",
    "dtype": "the dtype of the output",
    "inputs_untouched": "whether the inputs stay untouched",
    "network": "the network",
    "model": "the model",
    "layer": "the layer",
    "parameters": "the number of parameters",
    "share_kept": "the share of values that are kept",
    "scale_of_kept": "the factor on the kept values (smallest, largest)",
    "mean_ratio": "the mean of the output against that of the input",
    "same_mask_twice": "whether the same state of `rng` gives the same mask",
    "fresh_mask": "whether a second call draws a fresh mask",
    "mask_per_example": "whether each example has a mask of its own",
    "mask_per_unit": "whether each value is dropped by itself",
}


def observed(view: str, calls: Calls) -> Any:
    """What a view sees; a result that is no array of the input's shape is seen as it is."""
    chosen = VIEWS[view]
    if chosen.of_mask and not is_viewable(calls):
        return calls.results[0]
    with np.errstate(all="ignore"):
        return chosen.look(calls)


def is_viewable(calls: Calls) -> bool:
    """Whether every result is an array of real numbers in the shape of the first argument."""
    x = as_array(calls.args[0]) if calls.args else None
    results = [as_array(result) for result in calls.results]
    return x is not None and all(
        each is not None and each.shape == x.shape and each.dtype.kind in "fiu" for each in results
    )


def _mask(calls: Calls, number: int) -> Array:
    return np.asarray(_reals(calls.results[number]) != 0)


def _reals(value: Any) -> Array:
    return np.asarray(value, dtype=np.float64)
