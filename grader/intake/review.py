"""What is to be said about a submission beside its score: what was repaired, what looks odd."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from grader.course import Assignment, Question
from grader.intake.match import Matching
from grader.notebook.cells import NotebookCell
from grader.notebook.code import aliases, fingerprint, may_define_more, uses

Origin = tuple[str | None, str | None]


@dataclass
class Review:
    """Collects sentences for the student and the instructor, and flags; never a score."""

    assignment: Assignment
    release: Sequence[NotebookCell]
    student: Sequence[NotebookCell]
    matching: Matching
    repairs: list[str] = field(default_factory=list)
    flags: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.own = [
            cell
            for cell in self.student
            if cell.is_code and not self._is_course(cell) and not self.matching.is_spare(cell)
        ]

    def look(self, claimed: Origin, released: Origin) -> None:
        """Go through everything once."""
        self._look_at_origin(claimed, released)
        self._look_at_matches()
        same_version = claimed[1] in {None, released[1]}
        for original in self.release:
            if original.is_code and original.is_locked:
                self._look_at_locked(original, same_version=same_version)
        for question in self.assignment.questions:
            self._look_at_definitions(question)
            self._look_for_forbidden(question)

    def missing(self) -> tuple[str, ...]:
        """Questions of which no cell defines anything, nor could without its being seen."""
        return tuple(
            question.name
            for question in self.assignment.questions
            if not question.written and not self._defining(question) and not self._may_hide()
        )

    def untouched(self) -> tuple[str, ...]:
        """Questions of which nothing stands but the stub of the release."""
        return tuple(
            question.name
            for question in self.assignment.questions
            if (cells := self._defining(question)) and all(map(self.matching.is_stub, cells))
        )

    def _is_course(self, cell: NotebookCell) -> bool:
        original = self.matching.origin.get(cell.number)
        return original is not None and original.is_locked

    def _defining(self, question: Question) -> list[NotebookCell]:
        functions = set(question.functions)
        return [cell for cell in self.own if cell.defines & functions]

    def _may_hide(self) -> bool:
        return any(may_define_more(cell.source) for cell in self.own)

    def _look_at_origin(self, claimed: Origin, released: Origin) -> None:
        if claimed[0] not in {None, self.assignment.name}:
            self.repairs.append(
                f"The notebook says that it is of the assignment {claimed[0]!r}; it was graded as "
                f"{self.assignment.name!r}."
            )
        elif claimed[1] not in {None, released[1]}:
            self.flags.append("other_version")
            self.repairs.append(
                "The notebook was made from another version of the assignment; the course's cells "
                "of the present version were run."
            )

    def _look_at_matches(self) -> None:
        if names := ", ".join(dict.fromkeys(self.matching.by_function)):
            self.repairs.append(
                f"Found by the functions they define, as their cells lost their labels: {names}."
            )
        if names := ", ".join(dict.fromkeys(self.matching.by_place)):
            self.repairs.append(f"Found by the place where they stand: {names}.")

    def _look_at_locked(self, original: NotebookCell, *, same_version: bool) -> None:
        cell = self.matching.first(original)
        if cell is None or not cell.source.strip():
            if original.runs_at_grading:
                self.repairs.append("A cell of the course was missing and was put back.")
            return
        if cell.key == original.key:
            return
        if original.runs_at_grading:
            self.repairs.append(
                f"Cell {cell.number} belongs to the course and was changed; the course's version "
                "was run, with the imports that were added."
            )
        # A demonstration is there to be played with, and another version is no one's edit.
        if same_version and (original.runs_at_grading or original.role == "check"):
            before = fingerprint(original.source, imports=False)
            if fingerprint(cell.source, imports=False) != before:
                self.flags.append("tampered")

    def _look_at_definitions(self, question: Question) -> None:
        filled = [c for c in self._defining(question) if not self.matching.is_stub(c)]
        for name in question.functions:
            versions = [cell for cell in filled if name in cell.defines]
            if len({cell.key for cell in versions}) > 1:
                numbers = " and ".join(str(cell.number) for cell in versions)
                self.flags.append("duplicate")
                self.repairs.append(f"{name} is defined in cells {numbers}; the last one counts.")
            elif filled and not any(name in c.defines for c in self.own) and not self._may_hide():
                self.repairs.append(f"{name} is defined in no cell.")

    def _look_for_forbidden(self, question: Question) -> None:
        if not question.forbidden:
            return
        cells = [c for c in self._defining(question) if not self.matching.is_stub(c)]
        meanings = aliases(cell.source for cell in [*self.release, *self.own] if cell.is_code)
        for name in question.forbidden:
            if any(uses(cell.source, name, meanings) for cell in cells):
                self.flags.append(f"forbidden:{name}")
                self.repairs.append(
                    f"The answer to {question.name} uses {name}, which is ruled out."
                )
