"""Gradients of a student's backward function against central differences of the reference.

Theory of operation: for every element of every differentiated input, the reference's forward
function runs twice, half a step apart in either direction, and sum(forward(...) * cotangent) is
differenced. The step is 1e-5 of the input's spread, not of its size: an input with a large offset
would otherwise be moved by more than its own variation. Hundreds of calls give one gradient, so
a memoised reference keeps the whole gradient, not the calls.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from grader.compare.explain import explain
from grader.compare.wording import kind_of
from grader.harness.assertions import assert_shape, fail
from grader.harness.outcome import Mismatch
from grader.harness.proxies import Proxy, RemoteFunction, Target

STEP = 1e-5
AGREEMENT = 1e-6
# Rounding of a sum of terms t, over a step of STEP spreads: 2e-16 * sum|t| / (1e-5 * spread), and
# a margin of five. It matters only where a gradient is truly zero.
ROUNDING = 1e-10

Array = npt.NDArray[np.float64]


def gradient_check(  # noqa: PLR0917  (the contract of hidden tests)
    backward: RemoteFunction,
    forward: RemoteFunction,
    inputs: tuple[Any, ...],
    cotangent: Any,
    backward_args: tuple[Any, ...],
    names: Sequence[str] = ("dx", "dw", "db"),
    **kwargs: Any,
) -> None:
    """The student's gradients agree with those of sum(forward(*inputs) * cotangent).

    Args:
        backward: The student's function, called with `backward_args`.
        forward: The reference's function, called with `inputs`.
        inputs: The forward function's arguments; the first `len(names)` are differentiated.
        cotangent: What the outputs are multiplied with before they are summed (the upstream).
        backward_args: The backward function's arguments.
        names: What the backward function returns, in order.
        **kwargs: Handed to both functions.
    """
    got = _by_name(backward(*backward_args, **kwargs), names, backward.name)
    for index, name in enumerate(names):
        assert_shape(got[name], np.shape(inputs[index]), what=name)
    gradients = numerical(forward, inputs, cotangent, kwargs, len(names))
    expected = dict(zip(names, gradients, strict=True))
    right = {name: _agree(got[name], expected[name]) for name in names}
    if not all(right.values()):
        # What agrees within the accuracy of a difference is no mistake to explain.
        truth = tuple(got[name] if right[name] else expected[name].value for name in names)
        _report(tuple(got.values()), truth, backward_args, tuple(names))


@dataclass(frozen=True)
class Gradient:
    """A gradient by central differences, and how far rounding may have moved it."""

    value: Array
    rounding: float


def numerical(
    forward: RemoteFunction,
    inputs: tuple[Any, ...],
    cotangent: Any,
    kwargs: Mapping[str, Any],
    count: int,
) -> tuple[Gradient, ...]:
    """The gradients of sum(forward(*inputs) * cotangent) to its first `count` inputs."""

    def compute(target: Target) -> list[list[Any]]:
        fresh = RemoteFunction(forward.name, Proxy(target))
        loss = _loss(fresh, inputs, cotangent, kwargs)
        return [list(_differences(loss, inputs, index)) for index in range(count)]

    target = forward.proxy.target
    remember = getattr(target, "remember", None)
    parts = (forward.name, inputs, cotangent, dict(kwargs), count)
    found = remember("gradient", parts, compute) if remember else compute(target)
    return tuple(Gradient(np.asarray(value), float(rounding)) for value, rounding in found)


def _loss(
    forward: RemoteFunction, inputs: tuple[Any, ...], cotangent: Any, kwargs: Mapping[str, Any]
) -> Callable[[int, Array], Array]:
    """The terms of the sum, as a function of one input with the others held."""

    def loss(index: int, value: Array) -> Array:
        moved = (*inputs[:index], value, *inputs[index + 1 :])
        return np.asarray(forward(*moved, **kwargs) * cotangent, dtype=np.float64)

    return loss


def _differences(
    loss: Callable[[int, Array], Array], inputs: tuple[Any, ...], index: int
) -> tuple[Array, float]:
    point = np.array(inputs[index], dtype=np.float64)
    spread = float(np.std(point)) or max(float(np.abs(point).max(initial=0.0)), 1.0)
    gradient = np.empty_like(point)
    for place in np.ndindex(point.shape):
        above, below = point.copy(), point.copy()
        above[place] += STEP * spread
        below[place] -= STEP * spread
        taken = above[place] - below[place]  # what rounding left of the step
        gradient[place] = (loss(index, above) - loss(index, below)).sum() / taken
    return gradient, ROUNDING * float(np.abs(loss(index, point)).sum()) / spread


def _by_name(returned: Any, names: Sequence[str], function: str) -> dict[str, Any]:
    """The gradients by name; a single one may come without a tuple around it."""
    if len(names) == 1 and not isinstance(returned, tuple | list):
        returned = (returned,)
    if not isinstance(returned, tuple | list) or len(returned) != len(names):
        fail(
            f"{function} returned {kind_of(returned)}.",
            f"{len(names)} gradients: {', '.join(names)}.",
            f"End with: return {', '.join(names)}",
        )
    return dict(zip(names, returned, strict=True))


def _agree(got: Any, gradient: Gradient) -> bool:
    values = np.asarray(got)
    if values.dtype.kind != "f":
        return False
    with np.errstate(all="ignore"):
        error = np.abs(values - gradient.value).max(initial=0.0)
        size = (np.abs(values) + np.abs(gradient.value)).max(initial=0.0)
    return bool(error <= AGREEMENT * size + gradient.rounding)


def _report(
    got: tuple[Any, ...], truth: tuple[Any, ...], inputs: tuple[Any, ...], names: tuple[str, ...]
) -> None:
    if len(names) == 1:
        raise Mismatch(explain(got[0], truth[0], inputs=inputs, what=names[0]))
    raise Mismatch(explain(got, truth, inputs=inputs, names=names))
