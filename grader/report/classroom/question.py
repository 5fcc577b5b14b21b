"""One question's page, as values: how the class did, and its wrong answers by what they did."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from grader.course import Question
from grader.report.classroom.clusters import Cluster
from grader.report.classroom.material import Classroom
from grader.report.classroom.overview import TONE_WORDS, TONES, QuestionRow, words
from grader.report.view import Failure
from grader.scores import points

NAMES = 30  # students of one mistake that are shown at once


@dataclass(frozen=True)
class ClusterView:
    """A mistake with who made it."""

    name: str
    count: int
    percent: float
    failed: str
    lost: str
    failures: tuple[Failure, ...]
    students: tuple[tuple[str, str], ...]
    more: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class TestRow:
    """How often one hidden test failed."""

    name: str
    title: str
    failed: int
    tried: int


@dataclass(frozen=True)
class QuestionPage:
    """One question."""

    row: QuestionRow
    max_score: float
    scores: tuple[float, ...]
    tones: tuple[tuple[str, str, int], ...]
    clusters: tuple[ClusterView, ...]
    alone: tuple[ClusterView, ...]
    tests: tuple[TestRow, ...]


def question_page(
    room: Classroom, asked: Question, row: QuestionRow, found: Sequence[Cluster]
) -> QuestionPage:
    """Everything that the page of a question says."""
    views = [_view(room, one) for one in found]
    scores = (own.score for g in room.grades for own in g.questions if own.name == asked.name)
    return QuestionPage(
        row=row,
        max_score=asked.points,
        scores=tuple(score for score in scores if score is not None),
        tones=tuple(
            (name, TONE_WORDS[name], count)
            for name, count in zip(TONES, row.counts, strict=True)
            if count
        ),
        clusters=tuple(view for view in views if view.count > 1),
        alone=tuple(view for view in views if view.count == 1),
        tests=_tests(room, asked.name),
    )


def _view(room: Classroom, one: Cluster) -> ClusterView:
    who = tuple((room.names[key], f"../students/{room.pages[key]}") for key in one.students)
    return ClusterView(
        name=words(one.name),
        count=len(who),
        percent=round(100 * len(who) / max(1, room.answered), 1),
        failed=f"{one.failed} of {one.tests} tests",
        lost=points(one.lost),
        failures=one.failures[:3],
        students=who[:NAMES],
        more=who[NAMES:],
    )


def _tests(room: Classroom, question: str) -> tuple[TestRow, ...]:
    rows: dict[str, TestRow] = {}
    for grade in room.grades:
        for own in grade.attempt.result.questions if grade.attempt else ():
            for test in own.tests if own.name == question else ():
                old = rows.get(test.name) or TestRow(test.name, test.title, 0, 0)
                failed = old.failed + (test.passed is False and not test.with_reference)
                tried = old.tried + (test.passed is not None)
                rows[test.name] = TestRow(test.name, test.title, failed, tried)
    return tuple(sorted(rows.values(), key=lambda row: (-row.failed, row.name)))
