"""A folder per student: `ada/layers.ipynb`, `alan/layers.ipynb`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from grader.intake.entries import Entry, stem
from grader.intake.handin import Handins
from grader.intake.layouts.pieces import Piece, gather
from grader.roster import Claim, display_name

_TREE = 3  # STUDENT/ASSIGNMENT/NAME


def recognises(entries: Sequence[Entry]) -> bool:
    """Folders are students where files of one name are in several, or one file in each.

    So is what one student packed into an archive.
    """
    if any(entry.packed_in and entry.is_notebook for entry in entries):
        return True
    below = [parts for parts in _below_shared(entries).values() if len(parts) > 1]
    in_folders = Counter(parts[0] for parts in below)
    names = Counter(name for _, name in {(parts[0], parts[-1]) for parts in below})
    return any(count > 1 for count in names.values()) or set(in_folders.values()) == {1}


def read(entries: Sequence[Entry], assignment: str | None) -> Handins:
    """The folder's name is the student's; a notebook beside the folders has its own name."""
    pieces = list(_pieces(entries))
    left = _of_other_assignments(pieces, assignment, _shared_levels(entries))
    found = gather([p for p in pieces if p not in left], assignment, each_is_a_handin=False)
    return replace(found, aside=(*found.aside, *(p.aside(_elsewhere(p, assignment)) for p in left)))


def _pieces(entries: Sequence[Entry]) -> Iterator[Piece]:
    shared = _shared_levels(entries)
    for entry in entries:
        parts = entry.parts[shared:] if len(entry.parts) > shared + 1 else entry.parts[-1:]
        name = parts[0] if len(parts) > 1 else stem(entry.name)
        yield Piece(entry, Claim(display_name(name)), entry.name)


def _below_shared(entries: Sequence[Entry]) -> dict[int, tuple[str, ...]]:
    shared = _shared_levels(entries)
    return {
        number: entry.parts[shared:]
        for number, entry in enumerate(entries)
        if entry.is_notebook and len(entry.parts) > shared
    }


def _shared_levels(entries: Sequence[Entry]) -> int:
    """How many folders all files have in common; where all are in one folder, it is a student's."""
    folders = {entry.parts[:-1] for entry in entries if entry.is_notebook and entry.parts[:-1]}
    levels = list(zip(*folders, strict=False))
    different = [level for level, names in enumerate(levels) if len(set(names)) > 1]
    return different[0] if different else len(levels) if len(folders) > 1 else 0


def _of_other_assignments(
    pieces: Sequence[Piece], assignment: str | None, shared: int
) -> Sequence[Piece]:
    """Where all students have a folder per assignment, what is not in that of this one."""
    work = [piece for piece in pieces if piece.is_notebook]
    if any(len(p.entry.parts) != shared + _TREE or p.entry.packed_in for p in work):
        return ()
    left = [piece for piece in work if piece.entry.parts[-2] != assignment]
    return left if len(left) < len(work) else ()


def _elsewhere(piece: Piece, assignment: str | None) -> str:
    folder = display_name(piece.entry.parts[-2], 60)
    return f"It is in the folder {folder}, while others are in {assignment}."
