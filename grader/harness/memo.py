"""The reference's answers, computed once for a whole class and kept on disk."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Generic, Self, TypeVar

from grader.harness.proxies import Target
from grader.harness.store import Store
from grader.inside.wire import ProtocolError, Reader, pack
from grader.records import Ending, Raised, Reply

T = TypeVar("T", bound=Target)


class MemoizedReference(Generic[T]):
    """A target that asks its session only for what was never asked before.

    Args:
        path: The file of answers; None keeps them in memory.
        key: What the answers depend on beside the call: the solution's hash and the image's.
        open_session: Opens the reference's session, at the first answer that is not known. The
            session stays the caller's, to be closed by it.
    """

    def __init__(self, path: Path | None, key: str, open_session: Callable[[], T]) -> None:
        self._store = Store(path)
        self._key = key
        self._open_session = open_session
        self._session: T | None = None

    @property
    def session(self) -> T:
        """The session that computes what is not known yet."""
        if self._session is None:
            self._session = self._open_session()
        return self._session

    def call(
        self, function: str, args: tuple[Any, ...] = (), kwargs: Mapping[str, Any] | None = None
    ) -> Reply:
        """The reference's reply to a call."""
        named = dict(kwargs or {})

        def ask() -> dict[str, Any]:
            return _plain(self.session.call(function, args, named))

        return _reply(self._remembered(("call", function, args, named), ask))

    def answer(self, function: str, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Reply:
        """A reply that is not kept: a student's code chose the arguments, and could fill a disk."""
        known = self._known(self._key_of(("call", function, args, dict(kwargs))))
        return self.session.call(function, args, kwargs) if known is None else _reply(known)

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

    def _remembered(self, parts: tuple[Any, ...], compute: Callable[[], Any]) -> Any:
        key = self._key_of(parts)
        if (found := self._known(key)) is not None:
            return found
        value = compute()
        if _lasting(value):
            self._store.put(key, pack(value))
        return value

    def _key_of(self, parts: tuple[Any, ...]) -> bytes:
        return hashlib.sha256(pack((self._key, *parts))).digest()

    def _known(self, key: bytes) -> Any:
        kept = self._store.get(key)
        return None if kept is None else _unpacked(kept)


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
