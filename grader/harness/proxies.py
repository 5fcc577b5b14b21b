"""`student` and `reference` as hidden tests see them: attributes are functions in a box."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Protocol

import numpy as np

from grader.compare.wording import kind_of
from grader.errors import CourseError
from grader.harness.arguments import advance_generators, answered
from grader.harness.outcome import (
    Mismatch,
    ReferenceFailed,
)
from grader.inside import wire
from grader.records import Diagnosis, Ending, Raised, Reply

# What `student.vjp` and its like mean: operations of ours on objects and functions of the box.
OPERATIONS = frozenset(("call", "read", "take", "vjp", "model_of", "count_parameters"))
# What a test reads of an array. An object could answer for one without holding any number, with
# every mean and every shape that is asked for.
OF_ARRAYS = frozenset(name for name in dir(np.ndarray) if not name.startswith("_"))


class Target(Protocol):
    """Anything that answers calls by name: a session of a box, a memo of one, a fake."""

    def call(
        self, function: str, args: tuple[Any, ...] = ..., kwargs: Mapping[str, Any] = ...
    ) -> Reply:
        """Call the function of that name with these arguments, by value."""
        ...


class RemoteFunction:
    """One function in a box. A call sends the arguments in by value and returns the answer."""

    def __init__(self, name: str, proxy: Proxy, subject: str = "") -> None:
        self.name = name
        self.proxy = proxy
        self._subject = subject
        self.about = subject or name  # the function of the notebook that the last call was about

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self.value(self.reply(*args, **kwargs))

    def reply(self, *args: Any, **kwargs: Any) -> Reply:
        """Call, and return how it went: a student's failure is a value here."""
        failures: list[BaseException] = []
        given = sent((args, kwargs), self.proxy, failures)
        self.about = self.subject(args, kwargs)
        reply = self.proxy.ask(self.name, self.about, *given)
        if failures:  # of the test itself, in a function that the box has called
            raise failures[0]
        advance_generators(reply, args, kwargs)
        return replace(reply, value=received(reply.value, self.proxy, self.about))

    def value(self, reply: Reply, wanted: str = "") -> Any:
        """The value of a reply; what failed instead fails the test.

        `wanted` is the name of the exception that would have been right in the place of a value.
        """
        if reply.ending is Ending.FINISHED:
            return reply.value
        return self.proxy.refuse(self, reply, wanted)

    def subject(self, args: tuple[Any, ...] = (), kwargs: Mapping[str, Any] | None = None) -> str:
        """The function of the notebook that a call is about: a student knows no probe."""
        if self._subject or "." not in self.name:
            return self._subject or self.name
        for value in (*args, *(kwargs or {}).values()):
            if isinstance(value, Handle) or (
                isinstance(value, RemoteFunction) and value.proxy is self.proxy
            ):
                return value.subject()
        return "your code"


class Handle:
    """An object that stays in its box: a layer, a model, an optimizer, a generator, a function.

    It can be called, and its attributes read: `layer(x)`, `layer.count_params()`, `model.name`.
    A read and a call return data, or another handle. It lives as long as the test.
    """

    def __init__(self, handle: wire.Handle, proxy: Proxy, subject: str) -> None:
        self._handle = handle
        self._proxy = proxy
        self._of = subject

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self.operate("call", *args, **kwargs)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        if name in OF_ARRAYS:
            raise Mismatch(no_data(self._of, self._handle))
        return self.operate("read", name)

    def __repr__(self) -> str:
        return f"<{self._handle.type_name} of {self._of}>"

    def operate(self, operation: str, *args: Any, **kwargs: Any) -> Any:
        """Call `grader.<operation>` in the box, with the object as its first argument."""
        return RemoteFunction(f"grader.{operation}", self._proxy, self._of)(self, *args, **kwargs)

    def subject(self) -> str:
        """The function of the notebook that it came from."""
        return self._of

    def sent_to(self, proxy: Proxy) -> wire.Handle:
        """What stands for it among the arguments of a call."""
        if proxy is not self._proxy:
            if self._proxy.of_student:  # an object in the place of data, most likely
                raise Mismatch(no_data(self._of, self._handle))
            raise CourseError(
                f"A hidden test hands an object of one box ({self!r}) to another. Objects stay "
                "where they are: make one in each box."
            )
        return self._handle

    @property
    def type_name(self) -> str:
        """The name of its class, as the box says."""
        return self._handle.type_name


class Room:
    """`student.probes`: attributes are functions of the course's own code in the box."""

    def __init__(self, name: str, proxy: Proxy) -> None:
        self._name = name
        self._proxy = proxy

    def __getattr__(self, name: str) -> RemoteFunction:
        if name.startswith("_"):
            raise AttributeError(name)
        return RemoteFunction(f"{self._name}.{name}", self._proxy)


class Proxy:
    """Attributes are functions of the target."""

    of_student = False

    def __init__(self, target: Target) -> None:
        self.target = target

    def __getattr__(self, name: str) -> RemoteFunction:
        if name.startswith("_"):
            raise AttributeError(name)
        return RemoteFunction(f"grader.{name}" if name in OPERATIONS else name, self)

    @property
    def probes(self) -> Room:
        """The functions of `probes.py`, in the target's box."""
        return Room("probes", self)

    def ask(
        self,
        function: str,
        subject: str,  # noqa: ARG002  (what a student is told)
        args: tuple[Any, ...],
        kwargs: Mapping[str, Any],
    ) -> Reply:
        """Hand one call to the target."""
        return self.target.call(function, args, kwargs)

    def refuse(
        self,
        function: RemoteFunction,
        reply: Reply,
        wanted: str,  # noqa: ARG002  (what a student is told)
    ) -> Any:
        """Raise what a reply without a value means."""
        raised = reply.raised or Raised(f"nothing, but ended {reply.ending.value}")
        raise ReferenceFailed(
            f"The reference's {function.name} raised {raised.type}: {raised.message}. Hidden tests "
            "may call it only with arguments that it accepts; mend the test or the solution."
        )


def sent(value: Any, proxy: Proxy, failures: list[BaseException]) -> Any:
    """Arguments of a test as they travel: objects by number, functions by name.

    Args:
        value: the arguments.
        proxy: where they go.
        failures: gets what a function of the test raised that is no answer to a student's call.
    """
    count = 0

    def callback(answer: Any) -> wire.Callback:
        nonlocal count
        count += 1
        return wire.Callback(f"#{count}", answer)

    def send(value: Any) -> Any:
        if isinstance(value, Handle):
            return value.sent_to(proxy)
        if isinstance(value, RemoteFunction):
            everywhere = "." in value.name  # probes and operations are the same in every box
            own = value.proxy is proxy or everywhere
            return wire.Named(value.name) if own else callback(_stand_in(value))
        if isinstance(value, dict):
            return {key: send(item) for key, item in value.items()}
        if isinstance(value, list | tuple):
            return type(value)(map(send, value))
        return callback(answered(value, failures)) if callable(value) else value

    return send(value)


def received(value: Any, proxy: Proxy, subject: str) -> Any:
    """What came back, with objects in the place of their numbers."""
    if isinstance(value, wire.Handle):
        return Handle(value, proxy, subject)
    if isinstance(value, dict):
        return {key: received(item, proxy, subject) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(received(item, proxy, subject) for item in value)
    return value


def _stand_in(function: RemoteFunction) -> Any:
    """The reference's function in a student's box: it is answered by the reference's."""
    if function.proxy.of_student:
        raise CourseError(
            f"A hidden test hands the student's {function.name} to the reference, which must not "
            "depend on it."
        )
    target: Any = function.proxy.target
    answer = getattr(target, "answer", target.call)
    return lambda args, kwargs: answer(function.name, args, kwargs)


def no_data(function: str, handle: wire.Handle) -> Diagnosis:
    """An object where a test works with numbers."""
    return Diagnosis(
        f"{function} returned {kind_of(handle)}.",
        "The tests work with the numbers in it: an array, a number, or a tuple of them.",
    )
