"""What a hidden test can do with objects of the box: the functions `grader.x` of a call."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable
from typing import Any

from grader.inside import networks, wire

MOST_TAKEN = 100_000
_answered = itertools.count()


def call(target: Any, *args: Any, **kwargs: Any) -> Any:
    """Call an object."""
    return target(*args, **kwargs)


def read(target: Any, name: str) -> Any:
    """An attribute of an object."""
    return getattr(target, name)


def take(iterable: Any, count: int) -> list[Any]:
    """At most `count` items of an iterable, which may be without end."""
    return list(itertools.islice(iter(iterable), min(count, MOST_TAKEN)))


def network(function: Callable[..., Any], args: Any, kwargs: Any) -> str:
    """What a function builds on symbolic tensors, as a configuration in JSON.

    Each `Symbol` among the arguments becomes an input; the network goes from these to the tensor
    that the function returns.
    """
    import keras  # noqa: PLC0415  (only in a box that has it)

    inputs: list[Any] = []

    def built(value: Any) -> Any:
        if isinstance(value, wire.Symbol):
            inputs.append(keras.Input(batch_shape=value.shape, dtype=value.dtype))
            return inputs[-1]
        if isinstance(value, list | tuple):
            return type(value)(map(built, value))
        return value

    outputs = function(*map(built, args), **{name: built(item) for name, item in kwargs.items()})
    model = keras.Model(inputs[0] if len(inputs) == 1 else inputs, outputs)
    return json.dumps(keras.saving.serialize_keras_object(model))


def with_network(value: Any, symbols: list[Any]) -> Any:
    """A network that the host sent, applied to the tensors that were sent out; else the value."""
    if not isinstance(value, wire.Network):
        return value
    import keras  # noqa: PLC0415

    config = json.loads(value.config)
    # The same answer may be used several times in a network, which wants names of their own.
    config["config"]["name"] = f"answered_{next(_answered)}"
    model = keras.saving.deserialize_keras_object(config)
    return model(symbols[0] if len(symbols) == 1 else symbols)


# By the names that a test uses: `student.take(iterable, 5)`.
OPERATIONS: dict[str, Callable[..., Any]] = {
    "call": call,
    "read": read,
    "take": take,
    "network": network,
    **{name: getattr(networks, name) for name in networks.__all__},
}


def operation(name: str) -> Callable[..., Any]:
    """The operation of that name."""
    return OPERATIONS[name]
