"""`student` and `reference` as hidden tests see them: attributes are functions in a box."""

from __future__ import annotations

import copy
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, Protocol

import numpy as np

from grader.compare import explain_failure
from grader.compare.wording import kind_of
from grader.harness.outcome import (
    Call,
    Mismatch,
    NotTried,
    ReferenceFailed,
    Watch,
)
from grader.records import Diagnosis, Ending, Raised, Reply

# A function that hung this often in a question is not called again there: it only costs time.
PATIENCE = 2


class Target(Protocol):
    """Anything that answers calls by name: a session of a box, a memo of one, a fake."""

    def call(
        self, function: str, args: tuple[Any, ...] = ..., kwargs: Mapping[str, Any] = ...
    ) -> Reply:
        """Call the function of that name with these arguments, by value."""
        ...


class RemoteFunction:
    """One function in a box. A call sends the arguments in by value and returns the answer."""

    def __init__(self, name: str, proxy: Proxy) -> None:
        self.name = name
        self.proxy = proxy

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self.value(self.reply(*args, **kwargs))

    def reply(self, *args: Any, **kwargs: Any) -> Reply:
        """Call, and return how it went: a student's failure is a value here."""
        reply = self.proxy.ask(self.name, args, kwargs)
        _advance_generators(reply, args, kwargs)
        return reply

    def value(self, reply: Reply) -> Any:
        """The value of a reply; what failed instead fails the test."""
        return reply.value if reply.ending is Ending.FINISHED else self.proxy.refuse(self, reply)


class Proxy:
    """Attributes are functions of the target."""

    def __init__(self, target: Target) -> None:
        self.target = target

    def __getattr__(self, name: str) -> RemoteFunction:
        if name.startswith("_"):
            raise AttributeError(name)
        return RemoteFunction(name, self)

    def ask(self, function: str, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Reply:
        """Hand one call to the target."""
        return self.target.call(function, args, kwargs)

    def refuse(self, function: RemoteFunction, reply: Reply) -> Any:
        """Raise what a reply without a value means."""
        raised = reply.raised or Raised(f"nothing, but ended {reply.ending.value}")
        raise ReferenceFailed(
            f"The reference's {function.name} raised {raised.type}: {raised.message}. Hidden tests "
            "may call it only with arguments that it accepts; mend the test or the solution."
        )


class Student(Proxy):
    """The student's functions. Each answer is observed; a call without one fails the test."""

    def __init__(self, target: Target, watch: Watch, hangs: Counter[str]) -> None:
        super().__init__(target)
        self._watch = watch
        self._hangs = hangs

    def ask(self, function: str, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Reply:
        if self._hangs[function] >= PATIENCE:
            raise Mismatch(_hung(function))
        self._watch.called = Call(function, args, kwargs)
        reply = self.target.call(function, args, kwargs)
        if reply.ending is Ending.SKIPPED:
            raise NotTried
        self._hangs[function] += reply.ending is Ending.OUT_OF_TIME
        self._note(function, reply, drew=any(_generators(args, kwargs)))
        return reply

    def refuse(self, function: RemoteFunction, reply: Reply) -> Any:
        program = getattr(self.target, "program", None)
        execution = getattr(self.target, "execution", None)
        raise Mismatch(explain_failure(reply, function.name, program, execution))

    def _note(self, function: str, reply: Reply, *, drew: bool) -> None:
        if reply.ending is Ending.FINISHED:
            self._watch.returned = f"{function} returned {kind_of(reply.value)}"
        if not drew:  # another order of random draws is legitimate
            self._watch.observe(function, _observed(reply))


def copy_generators(arguments: tuple[Any, ...]) -> tuple[Any, ...]:
    """The same arguments with generators of their own, so that two calls draw the same numbers."""
    return tuple(
        copy.deepcopy(value) if isinstance(value, np.random.Generator) else value
        for value in arguments
    )


def _observed(reply: Reply) -> Any:
    if reply.ending is Ending.FINISHED:
        return reply.value
    return reply.raised or Raised(reply.ending.value)


def _generators(
    args: tuple[Any, ...], kwargs: Mapping[str, Any]
) -> Iterator[tuple[str, np.random.Generator]]:
    named = [*((str(index), value) for index, value in enumerate(args)), *kwargs.items()]
    return ((name, value) for name, value in named if isinstance(value, np.random.Generator))


def _advance_generators(reply: Reply, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> None:
    """A generator travels by value; writing its new state back makes it behave as by reference."""
    for name, generator in _generators(args, kwargs):
        if name in reply.generators:
            generator.bit_generator.state = dict(reply.generators[name])


def _hung(function: str) -> Diagnosis:
    return Diagnosis(
        happened=f"{function} did not return in time in {PATIENCE} earlier tests, "
        "so it was not called again.",
        expected=f"{function} returns within the time limit.",
        try_="Look for a loop that never ends.",
    )
