"""Values kept on disk until they are wanted: a class does not have to fit into memory."""

from __future__ import annotations

import pickle
import tempfile
from collections.abc import Iterator
from types import TracebackType
from typing import Generic, Self, TypeVar

T = TypeVar("T")


class Spool(Generic[T]):
    """Values in the order in which they were put, in a file without a name that only we have."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile()  # noqa: SIM115  (closed at our own end)
        self._count = 0

    def put(self, value: T) -> None:
        """Keep one more."""
        pickle.dump(value, self._file)
        self._count += 1

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[T]:
        """All of them again; what was put is read one at a time."""
        self._file.seek(0)
        for _ in range(self._count):
            value: T = pickle.load(self._file)  # noqa: S301  (we wrote it, and nobody else can)
            yield value

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        where: TracebackType | None,
    ) -> None:
        self._file.close()
