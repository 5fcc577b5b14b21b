"""The reference's side of one test: what it answers may depend on all that came before."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from grader.harness.kept import plain, reply_of
from grader.harness.proxies import Target
from grader.inside.wire import Callback, Handle, leaves
from grader.records import Reply
from grader.steps import Step, step

if TYPE_CHECKING:
    from grader.harness.memo import MemoizedReference

Entry = tuple[str, tuple[Any, ...], dict[str, Any]]


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
            return reply_of(known)
        return self._on_objects(entry, key)

    def _on_objects(self, entry: Entry, of_data: bytes | None = None) -> Reply:
        """A reply that may have to do with objects; where it has not, it is kept as `of_data`."""
        key = self._memo.key_of(("journal", self._past.hex(), *entry))
        known = self._memo.known(key)
        if known is None:
            with step(Step.REFERENCE):
                reply = self._ask(entry)
        else:
            reply = reply_of(known)
        apart = of_data is not None and not _mentions_object(reply.value)
        if known is None:
            self._memo.keep(of_data if of_data and apart else key, plain(reply))
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
