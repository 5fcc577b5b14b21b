"""nbgrader's source notebooks: the cell's metadata says what it is, the markers what is hidden."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from grader.authoring.bridge import remarks
from grader.authoring.bridge.draft import Decision, Draft, DraftQuestion, GradedCell, Part
from grader.authoring.bridge.naming import Names, first_heading, heading
from grader.authoring.bridge.nbgrader_cells import (
    Group,
    Kind,
    groups_of,
    is_generic,
    kind_of,
    name_of,
)
from grader.authoring.bridge.reading import SourceCell, SourceNotebook
from grader.authoring.bridge.regions import cut_regions
from grader.authoring.bridge.stubs import has_solution, remark
from grader.authoring.bridge.written import as_prose, prose, without_mark_scheme
from grader.errors import UsageError
from grader.notebook.cells import SKIP_EXECUTION
from grader.notebook.code import parse

_BEGIN_HIDDEN = re.compile(r".*BEGIN HIDDEN TESTS")
_END_HIDDEN = re.compile(r".*END HIDDEN TESTS")
_AUTOTEST = re.compile(r"^[^\n]*###[ \t]*(?:HASHED[ \t]+)?AUTOTEST[^\n]*\n?", re.MULTILINE)
_STUB = re.compile(r"raise NotImplementedError|YOUR CODE HERE|YOUR ANSWER HERE")


def from_nbgrader(notebook: SourceNotebook) -> Draft:
    """The draft of an assignment from nbgrader's source version of a notebook."""
    kinds = {cell.number: kind_of(cell) for cell in notebook.cells}
    _check_is_source(notebook, kinds)
    groups = list(groups_of(notebook.cells, kinds))
    names, decisions = Names(), list[Decision]()
    for group in groups:
        group.name = names.new(name_of(group, kinds))
    owners = {cell.number: group.name for group in groups for cell in group.answers}
    written = {
        cell.number: names.new(_written_name(cell, kinds[cell.number], notebook.cells))
        for cell in notebook.cells
        if kinds[cell.number].role in {"manual", "task"}
    }
    parts: list[Part] = []
    for cell in notebook.cells:
        parts += _parts(cell, kinds[cell.number], owners, written, decisions)
    questions = [_question(group, notebook.cells, kinds, decisions) for group in groups]
    questions += [
        _written(cell, kinds[cell.number], name, notebook.cells, decisions)
        for cell in notebook.cells
        if (name := written.get(cell.number))
    ]
    decisions += _lost_tests(notebook.cells, kinds, groups)
    return Draft(
        title=first_heading(notebook),
        parts=tuple(parts),
        questions=tuple(sorted(questions, key=_order(parts))),
        decisions=tuple(decisions),
    )


def _order(parts: Sequence[Part]) -> Any:
    """Questions in the order of the notebook."""
    first = {part.question: place for place, part in reversed(list(enumerate(parts)))}
    return lambda question: first.get(question.name, len(parts))


def _check_is_source(notebook: SourceNotebook, kinds: Mapping[int, Kind]) -> None:
    roles = {kind.role for kind in kinds.values()}
    if not roles & {"answer", "tests", "manual", "task"}:
        raise UsageError(
            f"{notebook.name} has no cell that nbgrader would grade, expected cells with its "
            "metadata. For a notebook of otter use: grader import otter"
        )
    answers = [cell for cell in notebook.cells if kinds[cell.number].role == "answer"]
    if answers and all(
        _STUB.search(cell.source) and not has_solution(cell.source) for cell in answers
    ):
        raise UsageError(
            f"{notebook.name} holds no solutions: it is what nbgrader released. Import the source "
            "version, from the course's source/ folder."
        )


def _written_name(cell: SourceCell, kind: Kind, cells: Sequence[SourceCell]) -> str:
    return kind.grade_id if not is_generic(kind.grade_id) else _title(cells, cell.number, "written")


def _title(cells: Sequence[SourceCell], number: int, otherwise: str) -> str:
    before = [cell.source for cell in cells if cell.number <= number and cell.kind == "markdown"]
    return heading(before[-3:], otherwise)


def _parts(
    cell: SourceCell,
    kind: Kind,
    owners: Mapping[int, str],
    written: Mapping[int, str],
    decisions: list[Decision],
) -> Iterator[Part]:
    question = owners.get(cell.number)
    if kind.role == "answer" and question:
        source, shown = remark(cell.source)
        if shown:
            decisions.append(remarks.shown(cell.number, question))
        yield Part(cell.number, "code", source, "answer", question)
    elif kind.role in {"manual", "task"}:
        yield from _manual_parts(cell, kind, written[cell.number])
    elif kind.role == "tests":
        visible = _AUTOTEST.sub("", cut_regions(cell.source, _BEGIN_HIDDEN, _END_HIDDEN)[0]).strip(
            "\n"
        )
        tree = parse(visible)
        if visible.strip() and (tree is None or tree.body):
            yield Part(cell.number, "code", visible, tags=(SKIP_EXECUTION,))
    elif cell.kind == "markdown" and has_solution(cell.source):
        yield from _ungraded_prose(cell, decisions)
    else:
        yield Part(cell.number, cell.kind, cell.source, attachments=cell.attachments)


def _manual_parts(cell: SourceCell, kind: Kind, question: str) -> Iterator[Part]:
    if kind.role == "task":
        text, _ = without_mark_scheme(cell.source)
        yield Part(cell.number, "markdown", text, attachments=cell.attachments)
        yield Part(cell.number, "markdown", prose(""), "written", question)
    elif cell.is_code:
        yield Part(cell.number, "markdown", as_prose(cell.source), "written", question)
    else:
        text, _ = without_mark_scheme(cell.source)
        yield Part(cell.number, "markdown", prose(text), "written", question, (), cell.attachments)


def _ungraded_prose(cell: SourceCell, decisions: list[Decision]) -> Iterator[Part]:
    decisions.append(
        Decision(
            cell.number,
            "This text holds a solution and has no points; it was left out.",
            "Make it a written question with points, or write the visible part again.",
            cell.source,
        )
    )
    yield from ()


def _question(
    group: Group, cells: Sequence[SourceCell], kinds: Mapping[int, Kind], decisions: list[Decision]
) -> DraftQuestion:
    tests = tuple(
        GradedCell(cell.number, kinds[cell.number].grade_id, cell.source, kinds[cell.number].points)
        for cell in group.tests
    )
    points = sum(test.points for test in tests)
    first = group.answers[0].number
    if not tests:
        decisions.append(remarks.untested(first, group.name))
    elif not points:
        decisions.append(remarks.without_points(tests[0].number, group.name))
        tests = tuple(GradedCell(each.number, each.name, each.source, 1.0) for each in tests)
    else:
        decisions += [remarks.idle(test, group.name) for test in tests if not test.points]
    return DraftQuestion(
        group.name,
        _title(cells, first, group.name),
        points or float(len(tests)) or 1.0,
        tests=tests,
    )


def _written(
    cell: SourceCell,
    kind: Kind,
    name: str,
    cells: Sequence[SourceCell],
    decisions: list[Decision],
) -> DraftQuestion:
    _, scheme = without_mark_scheme(cell.source)
    if kind.role == "manual" and cell.is_code:
        decisions.append(remarks.code_by_hand(cell, name, cells))
    if not kind.points:
        decisions.append(remarks.without_points(cell.number, name))
    return DraftQuestion(
        name,
        _title(cells, cell.number, name),
        kind.points or 1.0,
        written=True,
        rubric=scheme or cell.source,
    )


def _lost_tests(
    cells: Sequence[SourceCell], kinds: Mapping[int, Kind], groups: Sequence[Group]
) -> Iterator[Decision]:
    kept = {cell.number for group in groups for cell in group.tests}
    for cell in cells:
        if kinds[cell.number].role == "tests" and cell.number not in kept:
            yield Decision(
                cell.number,
                f"No answer stands before this test cell ({kinds[cell.number].points:g} points).",
                "Write it as a hidden test of the question it belongs to.",
                cell.source,
            )
