"""The calls of one side of one hidden test, and the objects that live as long as it does."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any, Protocol

from grader.records import Reply


class Callee(Protocol):
    """A session, which takes calls."""

    def call(
        self,
        function: str,
        args: tuple[Any, ...] = ...,
        kwargs: Mapping[str, Any] | None = ...,
        *,
        variant: str | None = ...,
        space: int = ...,
        seed: int | None = ...,
    ) -> Reply:
        """Call one function."""


class Dialogue:
    """A target for one test. Each call seeds the box anew: the same test sees the same numbers."""

    def __init__(self, session: Callee, space: int, seed: int, variant: str | None = None) -> None:
        self._session = session
        self._space = space
        self._seed = seed
        self._variant = variant
        self._calls = 0

    def call(
        self, function: str, args: tuple[Any, ...] = (), kwargs: Mapping[str, Any] | None = None
    ) -> Reply:
        """Call one function."""
        self._calls += 1
        return self.call_at(self._calls - 1, function, args, kwargs)

    def call_at(
        self,
        index: int,
        function: str,
        args: tuple[Any, ...] = (),
        kwargs: Mapping[str, Any] | None = None,
    ) -> Reply:
        """Call one function as the call of that number in the test."""
        return self._session.call(
            function,
            args,
            kwargs,
            variant=self._variant,
            space=self._space,
            seed=_seed(self._seed, index),
        )

    def __getattr__(self, name: str) -> Any:
        """What a test asks of the session itself: its program, how its cells ended."""
        return getattr(self._session, name)


def _seed(test: int, index: int) -> int:
    """A seed of 32 bits for one call, as NumPy's legacy generator wants it."""
    return int.from_bytes(hashlib.sha256(f"{test} {index}".encode()).digest()[:4], "little")
