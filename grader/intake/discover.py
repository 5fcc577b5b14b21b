"""Which files are hand-ins, and whose: a notebook, a folder of any known layout, an archive."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from grader.errors import SubmissionError, UsageError
from grader.intake.archives import CLASS, MB, STUDENT, Limits, unpack
from grader.intake.entries import Entry, entries_of, is_archive, stem
from grader.intake.handin import Handin, Handins
from grader.intake.layouts import read_layout
from grader.roster import Claim, display_name
from grader.roster.names import fold, natural
from grader.scratch import scratch_folder

__all__ = ["display_name", "find_handins"]


@contextmanager
def find_handins(
    paths: Iterable[Path], assignment: str | None = None, *, limits: Limits = CLASS
) -> Iterator[Handins]:
    """Everything that was handed in under the paths, unpacked for as long as the context lasts.

    Where a folder holds several assignments of nbgrader's `STUDENT/ASSIGNMENT/NAME.ipynb`,
    `assignment` picks one; where a student handed in several notebooks, those named after it.
    """
    with scratch_folder("class") as folder:
        yield _collect(paths, assignment, folder, limits)


def _collect(
    paths: Iterable[Path],
    assignment: str | None,
    scratch: Path,
    limits: Limits,
) -> Handins:
    each = [
        _under(path, assignment, scratch / str(number), limits) for number, path in enumerate(paths)
    ]
    unique: dict[object, Handin] = {}
    for handin in (handin for handins in each for handin in handins.found):
        unique.setdefault(handin.origin if handin.problem else handin.path, handin)
    ordered = sorted(unique.values(), key=lambda h: (natural(h.claim.name), natural(h.origin)))
    return Handins(
        tuple(ordered),
        tuple(aside for handins in each for aside in handins.aside),
        tuple(dict.fromkeys(note for handins in each for note in handins.notes)),
    )


def _under(path: Path, assignment: str | None, scratch: Path, limits: Limits) -> Handins:
    shown = display_name(str(path), 500)
    if not os.path.lexists(path):
        raise UsageError(
            f"{shown} does not exist: expected a notebook or a folder or archive of notebooks."
        )
    if path.is_dir():
        entries = [_below(path, entry) for entry in entries_of(path)]
    elif is_archive(path.name) and path.is_file():
        entries = list(unpack(path, scratch, path.name, limits))
    else:
        return Handins((Handin(path, Claim(_student_of_file(path)), str(path)),))
    handins = read_layout(_opened(entries, scratch, limits), assignment)
    if not handins.found:
        raise UsageError(
            f"{shown} holds no notebook: expected files named *.ipynb in it or in a folder for "
            "each student."
        )
    return handins if path.is_dir() else _named_after_archive(handins, path, assignment)


def _below(folder: Path, entry: Entry) -> Entry:
    """Nbgrader's tree is known by the name of its root, which may be the folder itself."""
    if folder.absolute().name == "submitted":
        return replace(entry, parts=("submitted", *entry.parts))
    return entry


def _opened(entries: Sequence[Entry], scratch: Path, limits: Limits) -> list[Entry]:
    """The entries with what students packed into archives of their own: one level, no more.

    Together they may fill what one class may.
    """
    opened: list[Entry] = []
    left = limits.total_mb * MB
    for number, entry in enumerate(entries):
        if is_archive(entry.name) and entry.path and not entry.problem:
            own = replace(STUDENT, total_mb=max(0, min(STUDENT.total_mb, left // MB)))
            members = _inside(entry, scratch / f"inside-{number}", own)
            left -= sum(
                each.path.stat().st_size for each in members if each.packed_in and each.path
            )
            opened += members
        else:
            opened.append(entry)
    return opened


def _inside(entry: Entry, scratch: Path, limits: Limits) -> list[Entry]:
    assert entry.path is not None
    try:
        members = unpack(entry.path, scratch, entry.origin, limits)
    except SubmissionError as error:
        return [replace(entry, problem=str(error))]
    if not members:
        return [replace(entry, problem=f"{display_name(entry.origin, 300)} is empty.")]
    outer = (*entry.parts[:-1], stem(entry.name))
    return [replace(each, parts=(*outer, *each.parts), packed_in=entry.name) for each in members]


def _named_after_archive(handins: Handins, path: Path, assignment: str | None) -> Handins:
    """`ada.zip` with `layers.ipynb` in it is Ada's: the notebook's own name says nothing."""
    if len(handins.found) != 1 or assignment is None:
        return handins
    (handin,) = handins.found
    if handin.claim.ids or fold(handin.claim.name) != fold(assignment):
        return handins
    return replace(handins, found=(replace(handin, claim=Claim(display_name(stem(path.name)))),))


def _student_of_file(path: Path) -> str:
    """A file given by itself is named by its stem, in nbgrader's tree by its student's folder."""
    parts = path.parts
    in_tree = len(parts) > 3 and parts[-4] == "submitted"  # noqa: PLR2004
    return display_name(parts[-3] if in_tree else path.stem)
