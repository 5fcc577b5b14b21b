"""The pages of similar pairs, as values, and the code that is compared."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

from grader.course import Assignment
from grader.errors import SubmissionError
from grader.gradebook.grades import FinalGrade
from grader.intake import assemble, read_submission
from grader.notebook.cells import read_cells
from grader.report.classroom.material import Classroom
from grader.report.text import block, one_line, plain
from grader.scratch import scratch_folder
from grader.similarity import Answer, Likeness, Pair, Passage, Work

_OWN = frozenset({"answer", "extra"})
_SOURCE = 20_000  # characters of one cell that a page shows
_NAMED = 20


@dataclass(frozen=True)
class PassageView:
    """Two cells side by side, in runs of lines that stand in both or do not."""

    title: str
    left: tuple[tuple[str, bool], ...]
    right: tuple[tuple[str, bool], ...]


@dataclass(frozen=True)
class PairView:
    """Two students whose answers are alike."""

    page: str
    left: str
    right: str
    left_page: str
    right_page: str
    percent: int
    jaccard: int
    bits: int
    where: str
    passages: tuple[PassageView, ...]


@dataclass(frozen=True)
class AlikeView:
    """All pairs."""

    summary: str
    pairs: tuple[PairView, ...]
    left_out: tuple[str, ...]


@dataclass(frozen=True)
class Compared:
    """What was compared, with who could not be, and why."""

    likeness: Likeness
    left_out: tuple[tuple[str, str], ...] = ()


def works(
    grades: Iterable[FinalGrade],
    notebook: Callable[[str], bytes | None],
    release: Mapping[str, Any],
    assignment: Assignment,
) -> tuple[list[Work], list[tuple[str, str]]]:
    """Each student's own code in the attempt that counts, and why some have none."""
    found: list[Work] = []
    without: list[tuple[str, str]] = []
    with scratch_folder("alike") as folder:
        path = folder / "submission.ipynb"
        for grade in grades:
            if grade.attempt is None:
                continue
            try:
                answers = _answers(grade, notebook, release, assignment, path)
            except SubmissionError as error:
                without.append((grade.student.key, str(error)))
            else:
                found.append(Work(grade.student.key, answers, grade.student.group))
    return found, without


def _answers(
    grade: FinalGrade,
    notebook: Callable[[str], bytes | None],
    release: Mapping[str, Any],
    assignment: Assignment,
    path: Path,
) -> tuple[Answer, ...]:
    assert grade.attempt is not None
    content = notebook(grade.attempt.result.sha256)
    if content is None:
        raise SubmissionError("the gradebook has not kept the file.")
    path.write_bytes(content)
    program = assemble(release, read_submission(path, grade.student.key), assignment)
    own = (cell for cell in program.cells if cell.role in _OWN)
    return tuple(Answer(cell.question or "", cell.source) for cell in own)


def released_code(release: Mapping[str, Any]) -> tuple[str, ...]:
    """The code that every student was given."""
    return tuple(cell.source for cell in read_cells(release) if cell.is_code)


def alike_view(room: Classroom, compared: Compared) -> AlikeView:
    """Everything that the pages of similar pairs say."""
    names = room.names
    found = compared.likeness
    pairs = f"{found.found} {'pair is' if found.found == 1 else 'pairs are'}"
    return AlikeView(
        summary=f"{pairs} more alike than the class, of {found.compared} submissions compared.",
        pairs=tuple(_pair(room, names, n, pair) for n, pair in enumerate(found.pairs, 1)),
        left_out=tuple(_left_out(names, compared)),
    )


def _left_out(names: Mapping[str, str], compared: Compared) -> Iterable[str]:
    found = compared.likeness
    if found.found > len(found.pairs):
        yield f"The {len(found.pairs)} most alike of {found.found} pairs are shown."
    if found.same_group:
        yield f"{found.same_group} pairs of students who work in one group were left out."
    if found.unread:
        some = [f"{names[key]} ({', '.join(filter(None, qs))})" for key, qs in found.unread.items()]
        yield f"Cells that are no Python were not compared: {_some(some)}."
    if compared.left_out:
        some = [f"{names[key]}: {one_line(why, 160)}" for key, why in compared.left_out]
        yield f"Not compared: {_some(some)}"


def _some(words: list[str]) -> str:
    more = f" and {len(words) - _NAMED} more" if len(words) > _NAMED else ""
    return f"{'; '.join(words[:_NAMED])}{more}"


def _pair(room: Classroom, names: Mapping[str, str], number: int, pair: Pair) -> PairView:
    titles = {question.name: question.title for question in room.assignment.questions}
    where = dict.fromkeys(titles.get(one.question, "cells of no question") for one in pair.passages)
    return PairView(
        page=f"pairs/{number:03}.html",
        left=names[pair.left.key],
        right=names[pair.right.key],
        left_page=f"students/{room.pages[pair.left.key]}",
        right_page=f"students/{room.pages[pair.right.key]}",
        percent=round(100 * pair.containment),
        jaccard=round(100 * pair.jaccard),
        bits=round(pair.bits),
        where=one_line(", ".join(where), 300),
        passages=tuple(_passage(titles, passage) for passage in pair.passages),
    )


def _passage(titles: Mapping[str, str], passage: Passage) -> PassageView:
    return PassageView(
        title=one_line(titles.get(passage.question, "Cells of no question"), 200),
        left=_runs(passage.left, passage.left_lines),
        right=_runs(passage.right, passage.right_lines),
    )


def _runs(source: str, alike: frozenset[int]) -> tuple[tuple[str, bool], ...]:
    lines = block(source, _SOURCE).split("\n") if len(source) > _SOURCE else source.split("\n")
    marked = [(plain(line) + "\n", number in alike) for number, line in enumerate(lines, 1)]
    return tuple(
        ("".join(line for line, _ in run), is_alike)
        for is_alike, run in groupby(marked, key=lambda pair: pair[1])
    )
