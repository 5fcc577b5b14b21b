"""The program to grade: locked cells from the release, everything else from the student.

The cells run in the order of the release. A cell that the student added runs after the cell that
it followed; of an answer that stands twice every version runs, and the last one counts. Nothing
that a submission says of itself can unlock a cell: only the release decides what is locked.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from grader.course import Assignment
from grader.errors import SubmissionError
from grader.intake.discover import display_name
from grader.intake.match import Matching, match
from grader.intake.review import Review
from grader.notebook.cells import NotebookCell, claimed_origin, read_cells
from grader.notebook.code import added_imports
from grader.notebook.definitions import definitions_only
from grader.records import Cell, Program, Submission


def assemble(
    release_notebook: Mapping[str, Any], submission: Submission, assignment: Assignment
) -> Program:
    """Put a submission together with the course's own cells."""
    release = read_cells(release_notebook)
    student = read_cells(submission.notebook)
    matching = match(release, student, assignment)
    _check_assignment(submission, student, matching, assignment)
    cells = tuple(_in_order(release, student, matching))
    review = Review(assignment, release, student, matching)
    review.look(claimed_origin(submission.notebook), claimed_origin(release_notebook))
    return Program(
        cells=tuple(_under_policy(cell, assignment) for cell in cells),
        probes=assignment.probes_source(),
        missing=review.missing(),
        untouched=review.untouched(),
        repairs=tuple(dict.fromkeys(review.repairs)),
        flags=tuple(dict.fromkeys(review.flags)),
    )


def written_answers(
    release_notebook: Mapping[str, Any], submission: Submission, assignment: Assignment
) -> dict[str, str | None]:
    """The prose that a person grades, by question; None where it is missing or as released."""
    release, student = read_cells(release_notebook), read_cells(submission.notebook)
    matching = match(release, student, assignment)
    answers: dict[str, str | None] = {q.name: None for q in assignment.questions if q.written}
    for cell in student:
        original = matching.origin.get(cell.number)
        if original is not None and original.question in answers and cell.key != original.key:
            answers[original.question] = cell.source
    return answers


def _check_assignment(
    submission: Submission,
    student: tuple[NotebookCell, ...],
    matching: Matching,
    assignment: Assignment,
) -> None:
    functions = {name for question in assignment.questions for name in question.functions}
    if any(cell.defines & functions for cell in student):
        return
    claimed, _ = claimed_origin(submission.notebook)
    name = display_name(submission.path.name)
    if claimed is not None and claimed != assignment.name:
        raise SubmissionError(
            f"{name} is a notebook of the assignment {claimed!r}, not of {assignment.name!r}: "
            f"submit the notebook {assignment.name}.ipynb."
        )
    if not any(cell.role in {"answer", "written"} for cell in matching.origin.values()):
        raise SubmissionError(
            f"{name} holds none of the answers of the assignment {assignment.name!r}: submit the "
            f"notebook that was made from {assignment.name}.ipynb."
        )


def _in_order(
    release: tuple[NotebookCell, ...], student: tuple[NotebookCell, ...], matching: Matching
) -> Iterator[Cell]:
    followers = _followers(student, matching)
    yield from followers[0]
    for original in release:
        mine = matching.first(original)
        if original.is_locked and original.runs_at_grading:
            yield Cell(original.source, "given", original.question)
            if mine and (imports := added_imports(mine.source, original.source)):
                yield Cell("\n".join(imports), "extra")
        elif original.role == "answer" and mine and not matching.is_spare(mine):
            yield Cell(mine.source, "answer", original.question)
        yield from followers[mine.number] if mine else ()


def _followers(
    student: tuple[NotebookCell, ...], matching: Matching
) -> defaultdict[int, list[Cell]]:
    """What the student added, by the number of the cell of the release that it followed."""
    followers: defaultdict[int, list[Cell]] = defaultdict(list)
    anchor = 0
    for cell in student:
        original = matching.origin.get(cell.number)
        if original is not None and matching.first(original) is cell:
            anchor = cell.number
        elif cell.is_code and not (original is not None and original.is_locked):
            if original is None:
                followers[anchor].append(Cell(cell.source, "extra"))
            elif not matching.is_spare(cell):
                followers[anchor].append(Cell(cell.source, "answer", original.question))
    return followers


def _under_policy(cell: Cell, assignment: Assignment) -> Cell:
    if assignment.policy == "all":
        return cell
    return replace(cell, source=definitions_only(cell.source))
