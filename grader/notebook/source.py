"""The solution notebook as its author wrote it, checked against `assignment.toml`."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from grader.errors import CourseError
from grader.notebook.cells import (
    ROLES,
    SKIP_EXECUTION,
    SOLUTION_ONLY,
    NotebookCell,
    read_cells,
)
from grader.notebook.markers import has_markers


class QuestionSettings(Protocol):
    """What this room needs to know of a question."""

    @property
    def name(self) -> str: ...
    @property
    def points(self) -> float: ...
    @property
    def functions(self) -> tuple[str, ...]: ...
    @property
    def written(self) -> bool: ...


class AssignmentFiles(Protocol):
    """What this room needs to know of an assignment; `grader.course.Assignment` is one."""

    @property
    def name(self) -> str: ...
    @property
    def policy(self) -> str: ...
    @property
    def source(self) -> Path: ...
    @property
    def released(self) -> Path: ...
    @property
    def questions(self) -> Sequence[QuestionSettings]: ...
    def probes_source(self) -> str: ...


def read_source(assignment: AssignmentFiles) -> tuple[NotebookCell, ...]:
    """The cells of the solution notebook, each with its role; `CourseError` if they cannot be."""
    path = assignment.source
    try:
        notebook = json.loads(path.read_text(encoding="utf-8-sig"))
        if notebook["nbformat"] != 4:  # noqa: PLR2004
            raise CourseError(f"{path.name} is in notebook format {notebook['nbformat']}, not 4.")
        cells = read_cells(notebook)
    except FileNotFoundError as error:
        raise CourseError(f"{path} is missing: it is what the assignment is made from.") from error
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise CourseError(f"{path} cannot be read as a notebook: {error!r}.") from error
    cells = tuple(_with_role(cell) for cell in cells)
    _check(cells, assignment)
    return cells


def place(assignment: AssignmentFiles, cell: NotebookCell) -> str:
    """Where a cell stands, for a sentence to the author."""
    label = f" ({cell.question})" if cell.question else ""
    return f"{assignment.source.name}, cell {cell.number}{label}"


def _with_role(cell: NotebookCell) -> NotebookCell:
    """Cells without a role are the course's own, and so are given."""
    if cell.role and SOLUTION_ONLY not in cell.tags:
        return cell
    return replace(cell, role="given")


def _check(cells: Sequence[NotebookCell], assignment: AssignmentFiles) -> None:
    for cell in cells:
        if reason := _fault(cell, assignment):
            raise CourseError(f"{place(assignment, cell)}: {reason}")
    for question in assignment.questions:
        _check_question(question, cells, assignment)


def _fault(cell: NotebookCell, assignment: AssignmentFiles) -> str | None:
    known = {question.name: question for question in assignment.questions}
    if cell.role not in ROLES:
        return f"the role {cell.role!r} is unknown; expected one of {', '.join(sorted(ROLES))}."
    if cell.role != "given" and cell.question not in known:
        return f"the question {cell.question!r} does not stand in assignment.toml."
    if cell.role not in {"answer", "written"}:
        marked = has_markers(cell.source) and SOLUTION_ONLY not in cell.tags
        return "solution markers in a cell that is no answer; give it a role." if marked else None
    return _answer_fault(cell, written=known[str(cell.question)].written)


def _answer_fault(cell: NotebookCell, *, written: bool) -> str | None:
    if written != (cell.role == "written"):
        return f"a cell of role {cell.role!r}, but assignment.toml says written = {written}."
    if cell.is_code == written:
        return f"an answer of role {cell.role!r} cannot be a {cell.kind} cell."
    if SKIP_EXECUTION in cell.tags:
        return f"an answer cannot be tagged {SKIP_EXECUTION}: it would never be graded."
    if not has_markers(cell.source):
        return "an answer without # BEGIN SOLUTION: it would be released as it stands."
    return None


def _check_question(
    question: QuestionSettings, cells: Sequence[NotebookCell], assignment: AssignmentFiles
) -> None:
    answers = [
        cell
        for cell in cells
        if cell.question == question.name and cell.role in {"answer", "written"}
    ]
    if not answers:
        raise CourseError(
            f"{assignment.source.name} has no answer cell for the question {question.name!r} of "
            "assignment.toml."
        )
    defined = {name for cell in answers for name in cell.defines}
    if absent := [name for name in question.functions if name not in defined]:
        raise CourseError(
            f"{place(assignment, answers[0])}: the answer does not define {absent[0]}, which "
            "assignment.toml lists among its functions."
        )
