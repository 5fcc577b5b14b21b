"""The reference's answers, computed once for a whole class and kept on disk.

A call with data alone has one answer. What a call on an object gives depends on all that happened
to the objects of its test before, so those calls are kept under the whole sequence: the journal
of the test. Where an answer is missing, the objects are made again by calling the sequence anew.
"""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Generic, Self, TypeVar

from grader.errors import CourseError
from grader.harness.journal import Journal
from grader.harness.kept import lasting, plain, reply_of, unpacked
from grader.harness.proxies import Target
from grader.harness.store import Store
from grader.inside.wire import (
    Named,
    Network,
    ProtocolError,
    Symbol,
    leaves,
    pack,
)
from grader.records import Ending, Reply
from grader.steps import Step, step

T = TypeVar("T", bound=Target)
MOST_GIVEN = 500


class MemoizedReference(Generic[T]):
    """A target that asks its session only for what was never asked before.

    Args:
        path: The file of answers; None keeps them in memory.
        key: What the answers depend on beside the call: the solution's hash and the image's.
        open_session: Opens a session of the reference, at the first answer that is not known,
            and another for what students' code asks. They stay the caller's, to be closed by it.
    """

    def __init__(self, path: Path | None, key: str, open_session: Callable[[], T]) -> None:
        self._store = Store(path)
        self._key = key
        self._open_session = open_session
        self._session: T | None = None
        self._answering: T | None = None
        self._given: dict[bytes, Reply] = {}

    @property
    def session(self) -> T:
        """The session that computes what is not known yet."""
        if self._session is None:
            self._session = self._open_session()
        return self._session

    def fresh(self) -> contextlib.closing[Any]:
        """A session for one use, closed at its end."""
        return contextlib.closing(self._open_session())

    def call(
        self, function: str, args: tuple[Any, ...] = (), kwargs: Mapping[str, Any] | None = None
    ) -> Reply:
        """The reference's reply to a call."""
        named = dict(kwargs or {})

        def ask() -> dict[str, Any]:
            return plain(self.session.call(function, args, named))

        return reply_of(self._remembered(("call", function, args, named), ask))

    def begin(self, seed: int) -> Journal:
        """The reference's side of one test."""
        return Journal(self, seed)

    def answer(self, function: str, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Reply:
        """A reply to a student's code, as `answer_of_reference` gives it.

        It is not kept on disk: whoever chose the arguments could fill it.
        """
        parts = ("call", function, args, dict(kwargs))
        try:
            key = self.key_of(parts)
        except ProtocolError:
            return Reply(Ending.PROTOCOL)
        if (known := self.known(key)) is not None:
            return reply_of(known)
        if key not in self._given:
            if len(self._given) >= MOST_GIVEN:
                self._given.clear()
            self._given[key] = self._answered(function, args, kwargs)
        return self._given[key]

    def _answered(self, function: str, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Reply:
        """Ask a session that has no other use: these arguments can hang or kill it."""
        if self._answering is None:
            self._answering = self._open_session()
        try:
            reply = answer_of_reference(self._answering, function, args, kwargs)
        except CourseError:  # these arguments cannot be sent on, and are no mistake of the course
            return Reply(Ending.PROTOCOL)
        if reply.ending not in (Ending.FINISHED, Ending.RAISED):
            close = getattr(self._answering, "close", None)
            self._answering = None
            if close is not None:
                close()
        return reply

    def remember(self, what: str, parts: tuple[Any, ...], compute: Callable[[Target], Any]) -> Any:
        """A value computed from many answers of the session, kept as a whole."""
        return self._remembered((what, *parts), lambda: compute(self.session))

    def close(self) -> None:
        """Let go of the file of answers."""
        self._store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def key_of(self, parts: tuple[Any, ...]) -> bytes:
        """Under which key an answer is kept."""
        return hashlib.sha256(pack((self._key, *parts))).digest()

    def keep(self, key: bytes, value: Any) -> None:
        """Keep an answer, if it would be so again."""
        if lasting(value):
            self._store.put(key, pack(value))

    def known(self, key: bytes) -> Any:
        """The answer under a key; None where there is none."""
        kept = self._store.get(key)
        return None if kept is None else unpacked(kept)

    def _remembered(self, parts: tuple[Any, ...], compute: Callable[[], Any]) -> Any:
        key = self.key_of(parts)
        if (found := self.known(key)) is not None:
            return found
        with step(Step.REFERENCE):
            value = compute()
        self.keep(key, value)
        return value


def answer_of_reference(
    session: Target, function: str, args: tuple[Any, ...], kwargs: Mapping[str, Any]
) -> Reply:
    """What the reference gives in the place of a student's function.

    Where the student's code is building a network, its symbolic tensors stay where they are: the
    reference builds its part on symbols of its own, and that part comes back as a configuration.
    """
    if not any(isinstance(part, Symbol) for part in leaves((args, dict(kwargs)))):
        return session.call(function, args, kwargs)
    reply = session.call("grader.network", (Named(function), args, dict(kwargs)))
    if reply.ending is not Ending.FINISHED or not isinstance(reply.value, str):
        return reply
    return replace(reply, value=Network(reply.value))
