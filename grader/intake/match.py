"""Which cell of the student is which cell of the release.

What a cell's metadata says is only a first guess: editors drop it, copying doubles it, and a
student can write anything there. So cells are matched by question, by id, by text, by the
functions they define, and at last by the place where they stand.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from grader.course import Assignment
from grader.notebook.cells import NotebookCell

SIMILAR = 0.5  # of the lines of an edited course cell, to know it again without its id


@dataclass
class Matching:
    """`origin` leads from the number of a student's cell to the cell of the release it is."""

    student: Sequence[NotebookCell]
    assignment: Assignment
    origin: dict[int, NotebookCell] = field(default_factory=dict)
    by_function: list[str] = field(default_factory=list)
    by_place: list[str] = field(default_factory=list)

    def matched(self, cell: NotebookCell) -> bool:
        """Whether a student's cell is one of the release's."""
        return cell.number in self.origin

    def found(self, original: NotebookCell) -> bool:
        """Whether a cell of the release was found among the student's."""
        return any(other is original for other in self.origin.values())

    def first(self, original: NotebookCell) -> NotebookCell | None:
        """The student's cell that stands for one of the release; copies of it come later."""
        return self._firsts.get(original.number)

    def is_stub(self, cell: NotebookCell) -> bool:
        """Whether an answer is still as it was released."""
        original = self.origin.get(cell.number)
        return original is not None and original.role == "answer" and cell.key == original.key

    def is_spare(self, cell: NotebookCell) -> bool:
        """Whether it is a stub of which a filled cell defines everything: it would undo that."""
        return self.is_stub(cell) and cell.defines <= self._filled

    @cached_property
    def _firsts(self) -> dict[int, NotebookCell]:
        numbered = reversed([cell for cell in self.student if self.matched(cell)])
        return {self.origin[cell.number].number: cell for cell in numbered}

    @cached_property
    def _filled(self) -> frozenset[str]:
        own = (
            cell
            for cell in self.student
            if cell.is_code and not self.is_stub(cell) and not self._is_course(cell)
        )
        return frozenset(name for cell in own for name in cell.defines)

    def _is_course(self, cell: NotebookCell) -> bool:
        return self.matched(cell) and self.origin[cell.number].is_locked


def match(
    release: Sequence[NotebookCell], student: Sequence[NotebookCell], assignment: Assignment
) -> Matching:
    """Match every cell of the student that is one of the release's; the rest is the student's."""
    matching = Matching(student, assignment)
    answers = [cell for cell in release if cell.role == "answer"]
    asked = {cell.number: _asked(cell, assignment) for cell in answers}
    _by_question(matching, answers, student, asked)
    _by_id(matching, release, student)
    _by_text(matching, release, student)
    _by_function(matching, answers, student, asked)
    _by_likeness(matching, release, student)
    _by_place(matching, answers, student)
    return matching


def _asked(answer: NotebookCell, assignment: Assignment) -> frozenset[str]:
    """The functions that a question expects of one of its answer cells."""
    functions = assignment.question(str(answer.question)).functions
    return answer.defines & frozenset(functions)


def _free(matching: Matching, student: Sequence[NotebookCell]) -> Iterator[NotebookCell]:
    return (cell for cell in student if cell.is_code and not matching.matched(cell))


def _by_question(
    matching: Matching,
    answers: Sequence[NotebookCell],
    student: Sequence[NotebookCell],
    asked: dict[int, frozenset[str]],
) -> None:
    """A copy of an answer that defines nothing asked for is scratch work, unless it is all."""
    for answer in answers:
        siblings = [other for other in answers if other.question == answer.question]
        claims = [
            cell
            for cell in _free(matching, student)
            if cell.role == "answer" and cell.question == answer.question
        ]
        if len(siblings) > 1:
            claims = [cell for cell in claims if _belongs(cell, answer, siblings, asked)]
        defining = [cell for cell in claims if cell.defines & asked[answer.number]]
        same_id = [cell for cell in claims if cell.id == answer.id]
        for cell in defining or same_id or claims[:1]:
            matching.origin[cell.number] = answer


def _belongs(
    cell: NotebookCell,
    answer: NotebookCell,
    siblings: Sequence[NotebookCell],
    asked: dict[int, frozenset[str]],
) -> bool:
    """Which of a question's several answer cells one is: by what it defines, else by its id."""
    names = cell.defines
    defined = [other for other in siblings if names & asked[other.number]]
    return answer is defined[0] if defined else cell.id == answer.id


def _by_id(
    matching: Matching, release: Sequence[NotebookCell], student: Sequence[NotebookCell]
) -> None:
    known = {(cell.id, cell.kind): cell for cell in release}
    for cell in student:
        original = known.get((cell.id, cell.kind))
        if original is None or matching.matched(cell):
            continue
        # Another cell already answers: this one was emptied or used for something else.
        if original.role != "answer" or not matching.found(original):
            matching.origin[cell.number] = original


def _by_text(
    matching: Matching, release: Sequence[NotebookCell], student: Sequence[NotebookCell]
) -> None:
    """Copies too: a second copy of a course cell is still the course's."""
    known = {cell.key: cell for cell in reversed(release) if cell.source.strip()}
    for cell in student:
        if matching.matched(cell):
            continue
        original = known.get(cell.key)
        if original is not None:
            matching.origin[cell.number] = original


def _by_function(
    matching: Matching,
    answers: Sequence[NotebookCell],
    student: Sequence[NotebookCell],
    asked: dict[int, frozenset[str]],
) -> None:
    for answer in answers:
        if any(_answers(matching, cell, answer, asked) for cell in student):
            continue
        for cell in list(_free(matching, student)):
            if cell.defines & asked[answer.number]:
                matching.origin[cell.number] = answer
                matching.by_function.append(str(answer.question))


def _answers(
    matching: Matching,
    cell: NotebookCell,
    answer: NotebookCell,
    asked: dict[int, frozenset[str]],
) -> bool:
    """Whether a cell is this answer and still defines something of what was asked."""
    is_it = matching.origin.get(cell.number) is answer
    return is_it and bool(cell.defines & asked[answer.number])


def _by_likeness(
    matching: Matching, release: Sequence[NotebookCell], student: Sequence[NotebookCell]
) -> None:
    """Course cells that were edited and have lost their id."""
    lost = defaultdict(list)
    for original in release:
        if original.is_code and original.is_locked and not matching.found(original):
            lost[original.role, original.question].append(original)
    for cell in list(_free(matching, student)):
        candidates = lost[cell.role, cell.question]
        likest = max(candidates, key=lambda other: _likeness(cell, other), default=None)
        if likest is not None and _likeness(cell, likest) >= SIMILAR:
            matching.origin[cell.number] = likest
            candidates.remove(likest)


def _likeness(one: NotebookCell, other: NotebookCell) -> float:
    lines = {line.strip() for line in one.source.splitlines()} - {""}
    others = {line.strip() for line in other.source.splitlines()} - {""}
    return len(lines & others) / max(1, len(lines | others))


def _by_place(
    matching: Matching,
    answers: Sequence[NotebookCell],
    student: Sequence[NotebookCell],
) -> None:
    """The only unknown cell between the neighbours of an answer that was not found."""
    for answer in answers:
        if matching.found(answer):
            continue
        before = [number for number, cell in matching.origin.items() if cell.number < answer.number]
        after = [number for number, cell in matching.origin.items() if cell.number > answer.number]
        first, last = max(before, default=0), min(after, default=len(student) + 1)
        between = [cell for cell in _free(matching, student) if first < cell.number < last]
        if len(between) == 1 and (before or after):
            matching.origin[between[0].number] = answer
            matching.by_place.append(str(answer.question))
