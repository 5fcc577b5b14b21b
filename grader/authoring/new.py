"""`grader new`: a small assignment that verifies as it stands, to change step by step."""

from __future__ import annotations

import shutil
from pathlib import Path

from grader.course import NAME
from grader.errors import UsageError
from grader.report.text import one_line

TEMPLATE = Path(__file__).parent / "template"


def new_assignment(name: str, course: Path) -> Path:
    """Write `solutions/NAME/` from the template and return the folder.

    Raises:
        UsageError: the name is no name for an assignment, or it is taken.
    """
    folder = folder_for(name, course)
    folder.mkdir(parents=True)
    for source in sorted(path for path in TEMPLATE.iterdir() if path.is_file()):
        shutil.copyfile(source, folder / _target(source.name, name))
    return folder


def folder_for(name: str, course: Path, how: str = "") -> Path:
    """Where a new assignment goes; `UsageError`, with how to mend it, if it cannot be made."""
    if not NAME.fullmatch(name):
        raise UsageError(
            f"{one_line(name, 80)!r} cannot name an assignment: "
            f"use small letters, digits and underscores, a letter first{how}."
        )
    folder = course / "solutions" / name
    if folder.exists():
        raise UsageError(f"{folder} exists already; choose another name{how}.")
    return folder


def _target(file: str, name: str) -> str:
    return {"notebook.ipynb": f"{name}.ipynb", "test.py": f"test_{name}.py"}.get(file, file)
