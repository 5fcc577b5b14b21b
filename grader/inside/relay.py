"""The stream between host and zygote: short frames on numbered channels, through wiped memory.

A frame is `<B channel><I length>` and its payload. The zygote understands the control channel
alone; what passes on the others (a submission's code, hidden inputs, answers) it moves between
file descriptors inside buffers that are zeroed in every fork, so that no later submission finds
an earlier one's bytes in the memory it inherits.
"""

from __future__ import annotations

import mmap
import os
import struct

CONTROL, CALLS, DRIVER = 0, 1, 2
HEADER = struct.Struct("<BI")
MAX_CHUNK = 1 << 16
WIPE_ON_FORK = 18  # MADV_WIPEONFORK of linux/mman.h, not in Python 3.11's mmap


class Buffer:
    """Bytes on their way, in memory of a fixed size that a fork sees as zeros."""

    def __init__(self, size: int) -> None:
        self._memory = mmap.mmap(-1, size, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
        self._memory.madvise(WIPE_ON_FORK)
        self._view = memoryview(self._memory)
        self._start = self._end = 0

    def __len__(self) -> int:
        return self._end - self._start

    @property
    def room(self) -> int:
        """How many bytes still fit."""
        return len(self._view) - len(self)

    def peek(self, size: int) -> memoryview:
        """The first bytes, still in the buffer."""
        return self._view[self._start : min(self._start + size, self._end)]

    def drop(self, size: int) -> None:
        """Forget the first bytes."""
        self._start += size
        if self._start == self._end:
            self._start = self._end = 0

    def put(self, data: bytes | memoryview) -> None:
        """Append bytes; the caller has looked at `room`."""
        self._make_way(len(data))
        self._view[self._end : self._end + len(data)] = data
        self._end += len(data)

    def fill(self, fd: int, limit: int) -> int:
        """Append what can be read at once; how much that was, 0 at the end of the stream."""
        limit = min(limit, self.room)
        self._make_way(limit)
        count = os.readv(fd, [self._view[self._end : self._end + limit]])
        self._end += count
        return count

    def fill_frame(self, channel: int, fd: int) -> int:
        """Append one frame with what can be read at once."""
        limit = min(MAX_CHUNK, self.room - HEADER.size)
        self._make_way(limit + HEADER.size)
        body = self._end + HEADER.size
        count = os.readv(fd, [self._view[body : body + limit]])
        if count:
            HEADER.pack_into(self._view, self._end, channel, count)
            self._end = body + count
        return count

    def flush(self, fd: int) -> None:
        """Write what the reader takes at once."""
        self.drop(os.write(fd, self.peek(1 << 20)))

    def clear(self) -> None:
        """Forget everything, and give the memory back."""
        self._start = self._end = 0
        self._memory.madvise(mmap.MADV_DONTNEED)

    def _make_way(self, size: int) -> None:
        if self._end + size > len(self._view):
            held = len(self)
            # A memoryview's slice assignment within one buffer moves like memmove.
            self._view[:held] = self._view[self._start : self._end]
            self._start, self._end = 0, held
        if self._end + size > len(self._view):
            raise BufferError("a buffer of the relay is full")
