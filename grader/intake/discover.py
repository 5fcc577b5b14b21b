"""Which files are submissions, and whose: a file, a folder, a folder for each student.

Nothing here follows a symbolic link inside a folder or opens a file. What is named `.ipynb` but
is no file is listed all the same, so that reading it gives a row that says so.
"""

from __future__ import annotations

import itertools
import os
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from grader.errors import UsageError

MAX_NAME = 100
MAX_LEVELS = 8
_NUMBER = re.compile(r"(\d+)")
_HIDDEN = frozenset({"__MACOSX", "node_modules"})


def find_submissions(
    paths: Iterable[Path], assignment: str | None = None
) -> list[tuple[str, Path]]:
    """Every submission under the paths with the name of its student, in natural order.

    Where a folder holds several assignments of nbgrader's `STUDENT/ASSIGNMENT/NAME.ipynb`,
    `assignment` picks one.
    """
    named = [found for path in paths for found in _under(path, assignment)]
    unique: dict[Path, str] = {}
    for student, path in named:
        unique.setdefault(path, student)
    ordered = sorted(unique, key=lambda path: (_natural(unique[path]), _natural(str(path))))
    return list(zip(_distinct([unique[path] for path in ordered]), ordered, strict=True))


def display_name(text: str, length: int = MAX_NAME) -> str:
    """A name that can be shown anywhere: no control characters, no change of direction."""
    shown = "".join(
        " " if char.isspace() else char
        for char in unicodedata.normalize("NFC", text)
        if char.isspace() or not unicodedata.category(char).startswith("C")
    )
    return " ".join(shown.split())[:length].rstrip() or "unnamed"


def _under(path: Path, assignment: str | None) -> list[tuple[str, Path]]:
    shown = display_name(str(path), 500)
    if not os.path.lexists(path):
        raise UsageError(f"{shown} does not exist: expected a notebook or a folder of notebooks.")
    if not path.is_dir():
        return [(_student_of_file(path), path)]
    files = _of_assignment(list(_notebooks(path)), assignment)
    if not files:
        raise UsageError(
            f"{shown} holds no notebook: expected files named *.ipynb in it or in a folder for "
            "each student."
        )
    return _named(files, path)


def _notebooks(folder: Path, level: int = 0) -> Iterator[Path]:
    try:
        with os.scandir(folder) as found:
            entries = sorted(found, key=lambda entry: _natural(entry.name))
    except OSError:
        yield folder  # reading it gives the reason
        return
    for entry in entries:
        if entry.name.startswith(".") or entry.name in _HIDDEN:
            continue
        if entry.name.lower().endswith(".ipynb"):
            yield folder / entry.name
        elif entry.is_dir(follow_symlinks=False) and level < MAX_LEVELS:
            yield from _notebooks(folder / entry.name, level + 1)


def _of_assignment(files: Sequence[Path], assignment: str | None) -> Sequence[Path]:
    chosen = [path for path in files if assignment and path.parent.name == assignment]
    others = {path.parent.name for path in files} - {assignment}
    return chosen if chosen and others else files


def _student_of_file(path: Path) -> str:
    """A file given by itself is named by its stem, in nbgrader's tree by its student's folder."""
    parts = path.parts
    in_tree = len(parts) > 3 and parts[-4] == "submitted"  # noqa: PLR2004
    return display_name(parts[-3] if in_tree else path.stem)


def _named(files: Sequence[Path], folder: Path) -> list[tuple[str, Path]]:
    inner = [path.relative_to(folder).parts for path in files]
    shared = _shared_levels([parts[:-1] for parts in inner if len(parts) > 1])
    deeper = [parts[shared:] for parts in inner if len(parts) > shared + 1]
    by_folder = _is_by_folder(deeper)
    return [
        (display_name(parts[shared] if by_folder and len(parts) > shared + 1 else path.stem), path)
        for parts, path in zip(inner, files, strict=True)
    ]


def _shared_levels(folders: Sequence[tuple[str, ...]]) -> int:
    """How many folders all files have in common; where all are in one folder, it is a student's."""
    levels = list(zip(*folders, strict=False))
    different = [level for level, names in enumerate(levels) if len(set(names)) > 1]
    return different[0] if different else 0


def _is_by_folder(inner: Sequence[tuple[str, ...]]) -> bool:
    """Whether folders are students: files of one name in several, or one file in each."""
    in_folders = Counter(parts[0] for parts in inner)
    stems = Counter(name for _, name in {(parts[0], parts[-1]) for parts in inner})
    return any(count > 1 for count in stems.values()) or set(in_folders.values()) == {1}


def _distinct(names: Sequence[str]) -> Iterator[str]:
    """The names, a later one of the same name with a number behind it."""
    taken = set(names)
    seen: set[str] = set()
    for name in names:
        numbers = itertools.count(2)
        chosen = name
        while chosen in seen or (chosen != name and chosen in taken):
            chosen = f"{name} ({next(numbers)})"
        seen.add(chosen)
        yield chosen


def _natural(text: str) -> list[tuple[int, int, str]]:
    """A key that sorts 2 before 10."""
    return [
        (0, int(part), "")
        if part.isdecimal() and part.isascii() and len(part) < 20  # noqa: PLR2004
        else (1, 0, part.casefold())
        for part in _NUMBER.split(text)
    ]
