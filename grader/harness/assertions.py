"""What hidden tests assert of a student's functions; each failure carries its diagnosis."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, NoReturn

import numpy as np

from grader.compare.closeness import as_array, close
from grader.compare.explain import explain
from grader.compare.wording import kind_of, number, sentence
from grader.harness.arguments import copy_generators
from grader.harness.outcome import Mismatch, observe
from grader.harness.proxies import RemoteFunction
from grader.records import Diagnosis, Ending

__all__ = [
    "assert_close",
    "assert_matches",
    "assert_raises",
    "assert_shape",
    "assert_statistic",
    "assert_untouched",
    "fail",
    "observe",
]


def fail(happened: str, expected: str = "", try_: str = "") -> NoReturn:
    """Fail the test with a diagnosis in the course's own words."""
    raise Mismatch(Diagnosis(happened, expected, try_))


def assert_matches(
    got: RemoteFunction, expected: RemoteFunction, *args: Any, **kwargs: Any
) -> None:
    """Both functions return the same for these arguments, up to rounding."""
    own_args = copy_generators(args)
    own_kwargs = dict(zip(kwargs, copy_generators(tuple(kwargs.values())), strict=True))
    value = got(*args, **kwargs)
    _compare(value, expected(*own_args, **own_kwargs), inputs=(*args, *kwargs.values()))


def assert_close(got_value: Any, expected_value: Any, what: str = "the output") -> None:
    """A value of the student's equals one that the test has computed, up to rounding."""
    _compare(got_value, expected_value, what=what)


def assert_shape(got_value: Any, shape: Sequence[int], what: str = "the output") -> None:
    """An array of the student's has this shape."""
    if as_array(got_value) is None or np.shape(got_value) != tuple(shape):
        raise Mismatch(explain(got_value, np.zeros(shape), what=what))


def assert_statistic(got: float, expected: float, bound: float, what: str) -> None:
    """A statistic of the student's random output lies within `bound` of its expectation."""
    value = _as_float(got)
    observe(what, value, tolerance=bound)
    shown = number(value) if math.isfinite(value) else str(value)
    if not abs(value - expected) <= bound:
        fail(
            sentence(f"{what} is {shown}"),
            f"{number(expected)}, within {number(bound)}.",
            "The bound is so wide that chance alone crosses it less than once in 10^9 runs.",
        )


def assert_raises(
    fn: RemoteFunction, exception: type[Exception], *args: Any, **kwargs: Any
) -> None:
    """The call raises this exception (for a call that no answer is right for)."""
    reply = fn.reply(*args, **kwargs)
    if reply.ending is Ending.FINISHED:
        fail(
            f"{fn.name} returned {kind_of(reply.value)} for arguments that no answer is right for.",
            f"{fn.name} raises {exception.__name__}.",
            f"Check the arguments first and raise {exception.__name__} with a sentence.",
        )
    if reply.raised is None or reply.raised.type != exception.__name__:
        fn.value(reply, wanted=exception.__name__)


def assert_untouched(fn: RemoteFunction, *args: Any, **kwargs: Any) -> None:
    """The call leaves its arguments as they were."""
    reply = fn.reply(*args, **kwargs)
    fn.value(reply)
    observe(f"{fn.name} changed", tuple(sorted(reply.changed)))
    if reply.changed:
        which = ", ".join(_argument(name) for name in sorted(reply.changed))
        fail(
            f"{fn.name} changed {which} in place.",
            "The arguments are the caller's and stay as they were.",
            "Make a copy first (x = x.copy()), or write x = x + y instead of x += y.",
        )


def _compare(
    got: Any, expected: Any, *, inputs: Sequence[Any] = (), what: str = "the output"
) -> None:
    if not close(got, expected):
        raise Mismatch(explain(got, expected, inputs=inputs, what=what))


def _as_float(value: Any) -> float:
    array = as_array(value)
    if array is None or array.shape != () or array.dtype.kind == "c":
        return math.nan
    return float(array)


def _argument(name: str) -> str:
    return f"argument {int(name) + 1}" if name.isdigit() else name
