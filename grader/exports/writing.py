"""Writing an export: the old file or the whole new one, and never through a link."""

from __future__ import annotations

from pathlib import Path

from grader.errors import MachineError, UsageError
from grader.report.files import replace_file


def write_bytes(path: Path, content: bytes) -> None:
    """The file, readable by its owner alone: grades are nobody else's business."""
    try:
        if path.exists() and not path.is_file():
            _into_device(path, content)
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        replace_file(path, content, private=True)
    except OSError as error:
        raise MachineError(
            f"{path} could not be written: {error.strerror or error}. Free some space or name "
            "another place with --output, and run the command again."
        ) from error


def _into_device(path: Path, content: bytes) -> None:
    if path.is_dir():
        raise UsageError(f"{path} is a folder: name a file in it with --output.")
    path.write_bytes(content)
