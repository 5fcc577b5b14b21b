"""Writing an export: the old file or the whole new one, and never through a link."""

from __future__ import annotations

import os
from pathlib import Path

from grader.errors import MachineError, UsageError

OWN_FILE = 0o600  # grades are nobody else's business


def write_bytes(path: Path, content: bytes) -> None:
    """Write beside `path`, then rename over it; a link in its place is replaced, not followed."""
    partial = path.with_name(f".{path.name[:80]}.{os.getpid()}.partial")
    try:
        if path.exists() and not path.is_file():
            _into_device(path, content)
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        partial.unlink(missing_ok=True)
        with open(partial, "xb", opener=_private) as file:
            file.write(content)
        partial.replace(path)
    except OSError as error:
        raise MachineError(
            f"{path} could not be written: {error.strerror or error}. Free some space or name "
            "another place with --output, and run the command again."
        ) from error
    finally:
        partial.unlink(missing_ok=True)


def _into_device(path: Path, content: bytes) -> None:
    if path.is_dir():
        raise UsageError(f"{path} is a folder: name a file in it with --output.")
    path.write_bytes(content)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, OWN_FILE)
