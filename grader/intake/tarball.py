"""A stream that refuses to become larger than allowed: tar trusts the sizes that it reads."""

from __future__ import annotations

import gzip
import io
from typing import IO


class TooMuch(Exception):  # noqa: N818  (it is no error of ours: the caller makes it a sentence)
    """More bytes would come out of an archive than may."""


class BoundedStream(io.RawIOBase):
    """What `tarfile` reads from: seekable forward, at most `total` bytes, `single` at once.

    A header of tar can ask for any number of bytes at once, and in a gzip stream they cost nothing.
    """

    def __init__(self, stream: IO[bytes] | gzip.GzipFile, total: int, single: int) -> None:
        self._stream = stream
        self._total = total
        self._single = single

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def read(self, size: int = -1, /) -> bytes:
        if not 0 <= size <= self._single or self.tell() + size > self._total + self._single:
            raise TooMuch
        return self._stream.read(size)

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        if whence != io.SEEK_SET or offset > self._total:
            raise TooMuch
        return self._stream.seek(offset)

    def tell(self) -> int:
        return self._stream.tell()
