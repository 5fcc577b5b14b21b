"""What becomes of the values of a call on their way: generators, functions of the test, objects."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np
from _pytest.outcomes import Failed

from grader.compare.wording import KNOWN_TYPES
from grader.errors import GraderError
from grader.inside import wire
from grader.records import Ending, Raised, Reply

# One network may be written as any of these, or as a class of the student's own.
NETWORKS = frozenset(("Functional", "Sequential", "Model", "Layer"))


def copy_generators(arguments: tuple[Any, ...]) -> tuple[Any, ...]:
    """The same arguments with generators of their own, so that two calls draw the same numbers."""
    return tuple(
        copy.deepcopy(value) if isinstance(value, np.random.Generator) else value
        for value in arguments
    )


def answered(function: Callable[..., Any], failures: list[BaseException]) -> Any:
    """A function of the test, as the box may call it.

    An exception of Python's own goes back to the student's code, which called it. What ends a
    test (an assertion, a failure) ends it, once the call is over.
    """

    def answer(args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Reply:
        try:
            value = function(*args, **kwargs)
        except (AssertionError, Failed, GraderError) as error:
            failures.append(error)
            return Reply(Ending.RAISED, raised=Raised("RuntimeError", "the test has failed"))
        except Exception as error:  # noqa: BLE001  (it is the student's call that raises)
            return Reply(Ending.RAISED, raised=Raised(type(error).__name__, str(error)))
        states = {
            name: generator.bit_generator.state for name, generator in generators(args, kwargs)
        }
        return Reply(Ending.FINISHED, value, generators=states)

    return answer


def observed(reply: Reply) -> Any:
    """What a test sees of a call: its value or its exception, as data."""
    if reply.ending is Ending.FINISHED:
        return without_objects(reply.value)
    return reply.raised or Raised(reply.ending.value)


def without_objects(value: Any) -> Any:
    """What is seen of an object: that it is one. Its class is the student's own choice."""
    if isinstance(value, wire.Handle):
        known = value.type_name in KNOWN_TYPES - NETWORKS
        return wire.Opaque(value.type_name if known else "object")
    if isinstance(value, dict):
        return {key: without_objects(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(map(without_objects, value))
    return value


def generators(
    args: tuple[Any, ...], kwargs: Mapping[str, Any]
) -> Iterator[tuple[str, np.random.Generator]]:
    """The generators among the arguments of a call, by the names that a reply uses."""
    named = [*((str(index), value) for index, value in enumerate(args)), *kwargs.items()]
    return ((name, value) for name, value in named if isinstance(value, np.random.Generator))


def advance_generators(reply: Reply, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> None:
    """A generator travels by value; writing its new state back makes it behave as by reference."""
    for name, generator in generators(args, kwargs):
        if name in reply.generators:
            generator.bit_generator.state = dict(reply.generators[name])
