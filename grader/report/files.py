"""Writing a result so that a reader finds the old file or the whole new one, never half of it."""

from __future__ import annotations

import os
from pathlib import Path

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
    partial = path.with_name(f".{path.name[:80]}.{os.getpid()}.partial")
    try:
        partial.unlink(missing_ok=True)
        with open(partial, "xb", opener=_private if private else None) as file:
            file.write(content)
            if durable:
                file.flush()
                os.fsync(file.fileno())
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
    if durable:
        _sync_folder(path.parent)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


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
