"""The one notebook of a submission that a platform laid out as a folder of any files."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from grader.errors import SubmissionError
from grader.intake.discover import display_name
from grader.intake.entries import is_notebook

MOST_FILES = 20_000
MOST_LEVELS = 8


def one_notebook(place: Path, assignment: str, leave_out: tuple[Path, ...] = ()) -> Path:
    """The notebook to grade; `SubmissionError` with one sentence where it is not clear which.

    The file with the assignment's name wins over others. Links are not followed, and nothing in
    `leave_out` (the course, lying beside the submission) is looked at.
    """
    expected = f"{assignment}.ipynb"
    found = [place] if place.is_file() else list(_notebooks(place, _real(leave_out)))
    named = [path for path in found if path.name == expected]
    chosen = named if len(named) == 1 else found
    if len(chosen) == 1:
        return chosen[0]
    if not chosen:
        raise SubmissionError(f"No notebook was handed in: expected one named {expected}.")
    shown = ", ".join(display_name(path.name, 60) for path in chosen[:3])
    more = ", ..." if len(chosen) > 3 else ""  # noqa: PLR2004
    raise SubmissionError(
        f"{len(chosen)} notebooks were handed in ({shown}{more}): hand in just one, {expected}."
    )


def _notebooks(folder: Path, leave_out: frozenset[str]) -> Iterator[Path]:
    seen = 0
    for root, folders, files in os.walk(folder, followlinks=False):
        level = len(Path(root).relative_to(folder).parts)
        folders[:] = sorted(
            name
            for name in folders
            if not name.startswith((".", "__")) and level < MOST_LEVELS
            if str(Path(root, name).resolve()) not in leave_out
        )
        seen += len(files) + len(folders)
        if seen > MOST_FILES:
            raise SubmissionError(
                f"More than {MOST_FILES} files were handed in: hand in the notebook alone."
            )
        for name in sorted(files):
            path = Path(root, name)
            if is_notebook(name) and name[0] != "." and not path.is_symlink():
                yield path


def _real(paths: tuple[Path, ...]) -> frozenset[str]:
    return frozenset(str(path.resolve()) for path in paths)
