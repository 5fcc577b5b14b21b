"""Folders for temporary files, which the next run removes where this one cannot.

Theory of operation
-------------------
A process that is killed removes nothing. So each holds a lock on its folders, which the system
lets go when it ends, however it ends; and whoever makes the first folder of its own removes those
that nobody holds. The name of a process would not do: another one, or one of another container
that shares the folder for temporary files, may have the same.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path

from grader.errors import MachineError

PREFIX = "keras-grader-"


class Scratch:
    """A folder of this process's own, held until `remove`."""

    def __init__(self, purpose: str) -> None:
        _remove_abandoned(tempfile.gettempdir())
        try:
            self.path, self._descriptor = _held(f"{PREFIX}{purpose}-")
        except OSError as error:
            raise MachineError(
                f"There is no place for temporary files: {error.strerror or error}. Set TMPDIR to "
                "a folder with free space."
            ) from error

    def remove(self) -> None:
        """Delete it with all that is in it, as far as that is possible."""
        _remove(self.path)
        os.close(self._descriptor)


@contextmanager
def scratch_folder(purpose: str) -> Iterator[Path]:
    """A folder for as long as the context lasts."""
    folder = Scratch(purpose)
    try:
        yield folder.path
    finally:
        folder.remove()


def _held(prefix: str) -> tuple[Path, int]:
    while True:
        path = Path(tempfile.mkdtemp(prefix=prefix))
        descriptor = _opened(path)
        # Between the two calls another process may have taken it for abandoned.
        if descriptor is not None:
            if path.exists():
                return path, descriptor
            os.close(descriptor)


@cache
def _remove_abandoned(place: str) -> None:
    """Remove what belongs to this user, has our name, and is held by nobody."""
    for path in Path(place).glob(f"{PREFIX}*"):
        descriptor = _opened(path)
        if descriptor is not None:
            _remove(path)
            os.close(descriptor)


def _opened(path: Path) -> int | None:
    """The folder, locked; None where it is gone, held, another user's or no folder."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    except OSError:
        return None
    try:
        if os.fstat(descriptor).st_uid == os.geteuid():
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return descriptor
    except OSError:  # held
        pass
    os.close(descriptor)
    return None


def _remove(path: Path) -> None:
    # Python 3.11 gives up on a tree that a student has made a thousand folders deep.
    with suppress(RecursionError):
        shutil.rmtree(path, ignore_errors=True)
