"""What every layout does in the end: of all files of one author, which are hand-ins."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from grader.intake.entries import Entry, is_notebook
from grader.intake.handin import Handin, Handins, SetAside
from grader.roster import Claim, display_name
from grader.roster.names import fold, natural

NO_NOTEBOOK = "It is no notebook (.ipynb)."


@dataclass(frozen=True)
class Piece:
    """One file and what the layout says of it. `file` is its own name, `order` its time's stand-in.

    `attempt` is the number of the attempt where the system counts.
    """

    entry: Entry
    claim: Claim
    file: str
    order: int = 0
    attempt: int = 1
    submitted_at: datetime | None = None
    late: bool | None = None
    others: tuple[Claim, ...] = ()

    @property
    def is_notebook(self) -> bool:
        return is_notebook(self.file)

    def handin(self, number: int, problem: str = "") -> Handin:
        entry = self.entry
        return Handin(
            path=entry.path or Path(display_name(self.file)),
            claim=self.claim,
            origin=entry.origin,
            attempt=number,
            submitted_at=self.submitted_at,
            late=self.late,
            others=self.others,
            problem=problem or entry.problem,
        )

    def aside(self, reason: str) -> SetAside:
        return SetAside(self.entry.origin, self.entry.problem or reason, self.claim)


def gather(
    pieces: Iterable[Piece], assignment: str | None, *, each_is_a_handin: bool = True
) -> Handins:
    """The hand-ins among the files. Where `each_is_a_handin`, an author has one in any case."""
    by_author: defaultdict[object, list[Piece]] = defaultdict(list)
    for piece in pieces:
        by_author[identity(piece.claim)].append(piece)
    found: list[Handin] = []
    aside: list[SetAside] = []
    for own in by_author.values():
        handins, left = _of_one(own, assignment, each_is_a_handin=each_is_a_handin)
        found += handins
        aside += left
    return Handins(tuple(found), tuple(aside))


def identity(claim: Claim) -> object:
    """What two claims have in common if they are the same."""
    return claim.name, frozenset(claim.ids.items())


def _of_one(
    own: Sequence[Piece], assignment: str | None, *, each_is_a_handin: bool
) -> tuple[list[Handin], list[SetAside]]:
    notebooks = sorted(
        (piece for piece in own if piece.is_notebook),
        key=lambda piece: in_order(piece.submitted_at, piece.order, piece.file),
    )
    others = [piece for piece in own if not piece.is_notebook]
    if not notebooks:
        return _without_notebook(others, each_is_a_handin=each_is_a_handin)
    chosen = _of_assignment(notebooks, assignment)
    reason = f"Its author handed in another notebook that is named after {assignment}."
    aside = [piece.aside(reason) for piece in notebooks if piece not in chosen]
    aside += [piece.aside(NO_NOTEBOOK) for piece in others]
    numbers = range(1, len(chosen) + 1)
    return [p.handin(max(n, p.attempt)) for n, p in zip(numbers, chosen, strict=True)], aside


def _without_notebook(
    others: Sequence[Piece], *, each_is_a_handin: bool
) -> tuple[list[Handin], list[SetAside]]:
    """An author who handed in no notebook has a row that says so; nobody takes it for nothing."""
    broken = [piece for piece in others if piece.entry.problem]
    if not broken and not each_is_a_handin:
        return [], [piece.aside(NO_NOTEBOOK) for piece in others]
    first = (broken or list(others))[0]
    files = ", ".join(display_name(piece.file, 60) for piece in others[:3])
    problem = first.entry.problem or f"No notebook (.ipynb) was handed in, but {files}."
    left = [piece.aside(NO_NOTEBOOK) for piece in others if piece is not first]
    return [first.handin(first.attempt, problem)], left


def _of_assignment(notebooks: Sequence[Piece], assignment: str | None) -> Sequence[Piece]:
    """Those named after the assignment, where some are and others are not."""
    if len(notebooks) == 1 or not assignment:
        return notebooks
    return [
        piece for piece in notebooks if fold(piece.file).startswith(fold(assignment))
    ] or notebooks


def in_order(
    moment: datetime | None, number: int, name: str
) -> tuple[bool, float, int, list[tuple[int, int, str]]]:
    """By time where it is known, else by what grows with time, else by name."""
    return moment is not None, moment.timestamp() if moment else 0.0, number, natural(name)
