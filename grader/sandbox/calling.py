"""One call on its way: what is sent, how long is waited, and what each thing that happens means."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from grader.errors import DoubtfulError
from grader.inside import wire
from grader.records import Ending, Raised, Reply
from grader.sandbox import clock, replies
from grader.sandbox.fork import MAX_STRAYS, Died, Event, Fork, Garbled, Said

GRACE_SECONDS = 1.0
MAX_QUESTIONS_BACK = 10_000
Answer = Callable[[tuple[Any, ...], Mapping[str, Any]], Reply]


@dataclass(frozen=True)
class Outcome:
    """How a call went: its reply, whether the kernel is lost, and words about what was seen."""

    reply: Reply
    lost: bool = False
    flags: tuple[str, ...] = ()


@dataclass
class Call:
    """A call of one function; `run` sends it and waits for its outcome."""

    fork: Fork
    function: str
    args: tuple[Any, ...]
    kwargs: Mapping[str, Any]
    variant: str | None
    answers: Mapping[str, Answer]
    space: int = 0
    seed: int | None = None
    _nonce: str = field(default_factory=lambda: secrets.token_hex(16))
    _started: float = 0.0
    _deadline: float = 0.0
    _last: float = 0.0
    _interrupted: bool = False
    _strays: int = 0
    _asked: int = 0

    def run(self, seconds: float, total: float) -> Outcome:
        """Send the call and judge what happens until it is settled.

        Args:
            seconds: how long the student's own code may take.
            total: how long it may take with all that is answered here.
        """
        self._started = clock.now()
        self._deadline = self._started + seconds
        self._last = self._started + total
        self._send()
        while True:
            outcome = self._judge(self.fork.next(self._deadline - clock.now()))
            if outcome is not None:
                return outcome

    @property
    def _named(self) -> dict[str, Any]:
        return named(self.args, self.kwargs)

    @property
    def _seconds(self) -> float:
        return clock.now() - self._started

    def _send(self) -> None:
        request: dict[str, Any] = {
            "function": self.function,
            "args": self.args,
            "kwargs": dict(self.kwargs),
        }
        request |= {"variant": self.variant, "space": self.space, "seed": self.seed}
        try:
            self.fork.ask({"do": "call", "nonce": self._nonce, **request})
        except wire.ProtocolError as error:
            raise DoubtfulError(
                f"A test calls {self.function} with arguments that cannot be sent: {error}."
            ) from error

    def _judge(self, event: Event | None) -> Outcome | None:
        """What an event means for the call; None while it goes on."""
        match event:
            case None:
                return self._late()
            case Died(part="kernel", memory=memory):
                return self._died(Ending.OUT_OF_MEMORY if memory else Ending.EXITED)
            case Garbled(part="kernel"):
                return self._garbled()
            case Said(part="kernel", message=message):
                return self._said(message)
            case Said() | Garbled():
                return self._stray()
            case _:
                return None

    def _late(self) -> Outcome | None:
        """Interrupt once; who does not react within a second is ended."""
        if self._interrupted:
            return Outcome(Reply(Ending.OUT_OF_TIME, seconds=self._seconds), lost=True)
        self.fork.interrupt()
        self._interrupted = True
        self._deadline = clock.now() + GRACE_SECONDS
        return None

    def _died(self, ending: Ending) -> Outcome:
        flags = ("out_of_memory",) if ending is Ending.OUT_OF_MEMORY else ()
        ending = Ending.OUT_OF_TIME if self._interrupted else ending
        return Outcome(Reply(ending, seconds=self._seconds), lost=True, flags=flags)

    def _garbled(self) -> Outcome:
        reply = Reply(Ending.PROTOCOL, seconds=self._seconds)
        return Outcome(reply, lost=True, flags=("protocol",))

    def _said(self, message: dict[str, Any]) -> Outcome | None:
        if not replies.answers(message, self._nonce):
            return self._stray()
        if "ask" in message:
            # Questions that wait in the channel do not stop the clock.
            late = self._interrupted or clock.now() >= self._deadline
            return self._late() if late else self._answer(message)
        if self._interrupted:
            return self._done(Reply(Ending.OUT_OF_TIME, seconds=self._seconds))
        try:
            return self._done(replies.reply(message, self._named, self._seconds))
        except (wire.ProtocolError, KeyError, TypeError):
            return self._garbled()

    def _stray(self) -> Outcome | None:
        self._strays += 1
        return self._garbled() if self._strays > MAX_STRAYS else None

    def _done(self, reply: Reply) -> Outcome:
        return Outcome(reply, flags=("forged_reply",) if self._strays else ())

    def _answer(self, message: dict[str, Any]) -> Outcome | None:
        """The program calls a function that is answered here; its time is not the student's."""
        started = clock.now()
        self._asked += 1
        answer = self.answers.get(str(message["ask"]))
        args, kwargs = message.get("args"), message.get("kwargs")
        if answer is None or not isinstance(args, tuple) or not isinstance(kwargs, dict):
            return self._garbled()
        if self._asked > MAX_QUESTIONS_BACK:
            return self._garbled()
        try:
            self.fork.ask(_back(answer(args, kwargs), args, kwargs))
        except wire.ProtocolError:  # too large to be sent: the student's code has asked for it
            return self._garbled()
        self._deadline = min(self._deadline + clock.now() - started, self._last)
        return None


def named(args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> dict[str, Any]:
    """All arguments by the names that a reply knows them by: "0", "1", ..., and keywords."""
    return {**{str(index): value for index, value in enumerate(args)}, **kwargs}


def _back(given: Reply, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> dict[str, Any]:
    """An answer of the host's as the bridge takes it."""
    states = [
        wire.generator_from(given.generators[name])
        for name, value in named(args, kwargs).items()
        if isinstance(value, np.random.Generator) and name in given.generators
    ]
    if given.ending is Ending.FINISHED:
        return {"finished": True, "value": given.value, "generators": states}
    raised = given.raised or Raised(given.ending.value)
    return {"finished": False, "type": raised.type, "value": raised.message, "generators": states}


def callbacks(value: Any) -> Iterator[tuple[str, Answer]]:
    """The functions of the host among the arguments of a call, by the names they travel under."""
    for leaf in wire.leaves(value):
        if isinstance(leaf, wire.Callback) and leaf.answer is not None:
            yield leaf.name, leaf.answer
