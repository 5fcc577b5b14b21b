"""A folder of notebooks, each named after its student: `ada.ipynb`, `alan.ipynb`."""

from __future__ import annotations

from collections.abc import Sequence

from grader.intake.entries import Entry, stem
from grader.intake.handin import Handins
from grader.intake.layouts.pieces import NO_NOTEBOOK, Piece
from grader.roster import Claim, display_name


def recognises(entries: Sequence[Entry]) -> bool:
    """Whatever no other layout has recognised."""
    del entries
    return True


def read(entries: Sequence[Entry], assignment: str | None) -> Handins:
    """A hand-in per notebook; two files are two hand-ins, though they have one name."""
    del assignment  # the files are named after students
    pieces = [Piece(entry, Claim(display_name(stem(entry.name))), entry.name) for entry in entries]
    work = [piece for piece in pieces if piece.is_notebook or piece.entry.problem]
    rest = [piece for piece in pieces if not piece.is_notebook and not piece.entry.problem]
    return Handins(
        tuple(piece.handin(1) for piece in work), tuple(piece.aside(NO_NOTEBOOK) for piece in rest)
    )
