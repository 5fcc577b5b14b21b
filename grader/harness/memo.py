"""The reference's answers, computed once for a whole class and kept on disk.

A call with data alone has one answer. What a call on an object gives depends on all that happened
to the objects of its test before, so those calls are kept under the whole sequence: the journal
of the test. Where an answer is missing, the objects are made again by calling the sequence anew.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Generic, Self, TypeVar

from grader.errors import CourseError
from grader.harness.proxies import Target
from grader.harness.store import Store
from grader.inside.wire import (
    Callback,
    Handle,
    Named,
    Network,
    ProtocolError,
    Reader,
    Symbol,
    leaves,
    pack,
)
from grader.records import Ending, Raised, Reply

T = TypeVar("T", bound=Target)
MOST_GIVEN = 500
Entry = tuple[str, tuple[Any, ...], dict[str, Any]]


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
            return _plain(self.session.call(function, args, named))

        return _reply(self._remembered(("call", function, args, named), ask))

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
            return _reply(known)
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
        if _lasting(value):
            self._store.put(key, pack(value))

    def known(self, key: bytes) -> Any:
        """The answer under a key; None where there is none."""
        kept = self._store.get(key)
        return None if kept is None else _unpacked(kept)

    def _remembered(self, parts: tuple[Any, ...], compute: Callable[[], Any]) -> Any:
        key = self.key_of(parts)
        if (found := self.known(key)) is not None:
            return found
        value = compute()
        self.keep(key, value)
        return value


class Journal:
    """The reference's side of one test: a target whose objects live as long as it does."""

    def __init__(self, memo: MemoizedReference[Any], seed: int) -> None:
        self._memo = memo
        self._seed = seed
        self._entries: list[Entry] = []  # the calls so far that have to do with objects
        self._past = memo.key_of(("journal", seed))
        self._live: Any = None
        self._lived = 0  # how many of them the live session has seen

    def call(
        self, function: str, args: tuple[Any, ...] = (), kwargs: Mapping[str, Any] | None = None
    ) -> Reply:
        """The reference's reply to a call."""
        entry: Entry = (function, args, dict(kwargs or {}))
        if any(isinstance(part, Callback) for part in leaves(entry)):
            return self._ask(entry)  # what the host's function does is not known before
        if _mentions_object(entry):
            return self._on_objects(entry)
        # Most calls are with data alone: one look is enough for them.
        key = self._memo.key_of(("call", *entry))
        if (known := self._memo.known(key)) is not None:
            return _reply(known)
        return self._on_objects(entry, key)

    def _on_objects(self, entry: Entry, of_data: bytes | None = None) -> Reply:
        """A reply that may have to do with objects; where it has not, it is kept as `of_data`."""
        key = self._memo.key_of(("journal", self._past.hex(), *entry))
        known = self._memo.known(key)
        reply = self._ask(entry) if known is None else _reply(known)
        apart = of_data is not None and not _mentions_object(reply.value)
        if known is None:
            self._memo.keep(of_data if of_data and apart else key, _plain(reply))
        if not apart:
            self._entries.append(entry)
            self._past = key
        return reply

    def answer(self, function: str, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Reply:
        """A reply to a student's code, which has no part in the test."""
        return self._memo.answer(function, args, kwargs)

    def remember(self, what: str, parts: tuple[Any, ...], compute: Callable[[Target], Any]) -> Any:
        """A value computed from many answers, kept as a whole."""
        return self._memo.remember(what, parts, compute)

    def _ask(self, entry: Entry) -> Reply:
        """Ask the live session, once it holds the objects that this test has made so far."""
        if self._live is None:
            session = self._memo.session
            self._live = session.begin(self._seed) if hasattr(session, "begin") else session
        for index, earlier in enumerate(self._entries[self._lived :], self._lived):
            self._tell(index, earlier)
        self._lived = len(self._entries)
        reply = self._tell(self._lived, entry)
        if _mentions_object((entry, reply.value)):
            self._lived += 1  # `call` appends it
        return reply

    def _tell(self, index: int, entry: Entry) -> Reply:
        """Call; the place in the sequence decides the seed, so that it is the same each time."""
        call_at = getattr(self._live, "call_at", None)
        reply: Reply = call_at(index, *entry) if call_at else self._live.call(*entry)
        return reply


def _mentions_object(value: Any) -> bool:
    return any(isinstance(part, Handle) for part in leaves(value))


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


def _lasting(value: Any) -> bool:
    """Whether it would be so again: a call that ran out of time might not, on an idle machine."""
    return not isinstance(value, dict) or value["ending"] in (Ending.FINISHED, Ending.RAISED)


def _unpacked(packed: bytes) -> Any:
    """The value; None where the bytes are of another version of the grader."""
    reader = Reader()
    reader.feed(packed)
    try:
        return reader.next()
    except ProtocolError:
        return None


def _plain(reply: Reply) -> dict[str, Any]:
    raised = reply.raised
    return {
        "ending": reply.ending.value,
        "value": reply.value,
        "raised": raised and [raised.type, raised.message, raised.cell, raised.line],
        "changed": list(reply.changed),
        "generators": json.dumps({name: dict(state) for name, state in reply.generators.items()}),
    }


def _reply(plain: Mapping[str, Any]) -> Reply:
    return Reply(
        Ending(plain["ending"]),
        plain["value"],
        raised=Raised(*plain["raised"]) if plain["raised"] else None,
        changed=tuple(plain["changed"]),
        generators=json.loads(plain["generators"]),
    )
