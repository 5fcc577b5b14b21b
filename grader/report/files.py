"""Writing a result so that a reader finds the old file or the whole new one, never half of it."""

from __future__ import annotations

import fcntl
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from grader.errors import GraderError, MachineError, UsageError


def write_atomically(path: Path, text: str, *, durable: bool = False) -> None:
    """Write beside `path`, then rename. `durable` waits until the disk has it.

    A device or a pipe (`/dev/stdout`) cannot be replaced and is written to directly.
    """
    try:
        path = path.resolve()
        if path.is_dir():
            raise UsageError(
                f"{path} is a folder, but the results go into a file. Name a file in it."
            )
        if path.exists() and not path.is_file():
            path.write_text(text, encoding="utf-8")
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        replace_file(path, text.encode("utf-8"), durable=durable)
    except OSError as error:
        raise _sentence(path, error) from error


def make_folder(path: Path) -> None:
    """The folder, with its parents, or a sentence that says why there is none."""
    try:
        path.mkdir(parents=True, exist_ok=True)
    except (FileExistsError, NotADirectoryError) as error:
        raise UsageError(
            f"{path} is not a folder and cannot become one. Name another place for the pages."
        ) from error
    except OSError as error:
        raise _sentence(path, error) from error


def replace_file(
    path: Path, content: bytes, *, durable: bool = False, private: bool = False
) -> None:
    """Write beside `path`, then rename over it; a link in its place is replaced, not followed.

    Args:
        path: of the file.
        content: what it holds afterwards.
        durable: wait until the disk has it.
        private: let nobody but its owner read it.
    """
    partial = path.with_name(f".{path.name[:80]}.partial")
    with _alone(partial, 0o600 if private else 0o666) as file:
        file.write(content)
        file.flush()
        if durable:
            os.fsync(file.fileno())
        partial.replace(path)
    if durable:
        _sync_folder(path.parent)


@contextmanager
def _alone(partial: Path, mode: int) -> Iterator[IO[bytes]]:
    """A new file of that name, for this process alone.

    The name is the same in every run, so that what a killed one has left is removed by the next;
    and a lock, which ends with its process, keeps two that run at once apart.
    """
    while True:
        if partial.is_symlink():
            partial.unlink()
        flags = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_NONBLOCK
        with os.fdopen(os.open(partial, flags, mode), "wb") as file:
            with suppress(OSError):  # some network file systems have no locks
                fcntl.flock(file, fcntl.LOCK_EX)
            if not _is_at(partial, file):  # another process had it, and is done
                continue
            if not _is_new(file):
                partial.unlink()
                continue
            try:
                yield file
            finally:
                if _is_at(partial, file):
                    partial.unlink()
            return


def _is_at(path: Path, file: IO[bytes]) -> bool:
    try:
        return os.path.samestat(path.lstat(), os.fstat(file.fileno()))
    except FileNotFoundError:
        return False


def _is_new(file: IO[bytes]) -> bool:
    """Whether it is a file that nobody has written to, not one that was left or planted."""
    about = os.fstat(file.fileno())
    ours = stat.S_ISREG(about.st_mode) and about.st_uid == os.geteuid()
    return ours and about.st_size == 0 and about.st_nlink == 1


def _sync_folder(folder: Path) -> None:
    """Make the rename itself survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _sentence(path: Path, error: OSError) -> GraderError:
    reason = error.strerror or type(error).__name__
    return MachineError(
        f"{path} could not be written: {reason}. Nothing half-written was left; "
        "free some space or name a place that can be written to, and run the command again."
    )
