"""`student` and `reference` as hidden tests see them: attributes are functions in a box."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Protocol

from grader.compare import explain_failure
from grader.compare.wording import kind_of
from grader.errors import CourseError
from grader.harness.arguments import advance_generators, answered, generators, observed
from grader.harness.outcome import (
    Call,
    Mismatch,
    NotTried,
    ReferenceFailed,
    Watch,
)
from grader.inside import wire
from grader.records import Diagnosis, Ending, Raised, Reply

# What `student.vjp` and its like mean: operations of ours on objects and functions of the box.
OPERATIONS = frozenset(("call", "read", "take", "vjp", "model_of", "count_parameters"))
# Descriptions and raw results, which depend on how a network is written: what asks for them says
# itself what it saw.
UNSEEN = frozenset(("grader.structure", "grader.forward", "grader.parts", "grader.assign"))
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


class Student(Proxy):
    """The student's functions. Each answer is observed; a call without one fails the test."""

    def __init__(self, target: Target, watch: Watch, hangs: Counter[str]) -> None:
        super().__init__(target)
        self._watch = watch
        self._hangs = hangs

    def ask(
        self, function: str, subject: str, args: tuple[Any, ...], kwargs: Mapping[str, Any]
    ) -> Reply:
        if self._hangs[subject] >= PATIENCE:
            raise Mismatch(_hung(subject))
        self._watch.called = Call(subject, args, kwargs)
        reply = self.target.call(function, args, kwargs)
        if reply.ending is Ending.SKIPPED:
            raise NotTried
        self._hangs[subject] += reply.ending is Ending.OUT_OF_TIME
        self._note(function, subject, reply, drew=any(generators(args, kwargs)))
        return reply

    def refuse(self, function: RemoteFunction, reply: Reply, wanted: str) -> Any:
        program = getattr(self.target, "program", None)
        execution = getattr(self.target, "execution", None)
        raise Mismatch(explain_failure(reply, function.about, program, execution, wanted))

    def _note(self, function: str, subject: str, reply: Reply, *, drew: bool) -> None:
        if reply.ending is Ending.FINISHED:
            self._watch.returned = f"{subject} returned {kind_of(reply.value)}"
        unseen = function in UNSEEN and reply.ending is Ending.FINISHED
        # Another order of random draws is legitimate; an exception is what it is.
        if not unseen and (not drew or reply.ending is not Ending.FINISHED):
            self._watch.observe(function, observed(reply))


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
    if isinstance(function.proxy, Student):
        raise CourseError(
            f"A hidden test hands the student's {function.name} to the reference, which must not "
            "depend on it."
        )
    target: Any = function.proxy.target
    answer = getattr(target, "answer", target.call)
    return lambda args, kwargs: answer(function.name, args, kwargs)


def _hung(function: str) -> Diagnosis:
    return Diagnosis(
        happened=f"{function} did not return in time in {PATIENCE} earlier tests, "
        "so it was not called again.",
        expected=f"{function} returns within the time limit.",
        try_="Look for a loop that never ends.",
    )
