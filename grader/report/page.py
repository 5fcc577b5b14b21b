"""What one feedback page shows, as values: the template only sets it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from grader.course import Assignment
from grader.records import QuestionResult, Status, SubmissionResult
from grader.report.code import CodeCells, CodeView
from grader.report.text import one_line
from grader.report.view import Failure, State, failures, state
from grader.scores import points

FAILURE_LIMIT = 4  # reasons shown at once; the others fold away


@dataclass(frozen=True)
class Bar:
    """A question's part of the score bar, in thousandths of it: where, how wide, how far filled."""

    start: float
    width: float
    filled: float


@dataclass(frozen=True)
class QuestionView:
    """One question of the page."""

    name: str
    title: str
    state: State
    score: str
    max_score: str
    bar: Bar
    note: str
    note_is_good: bool
    failures: tuple[Failure, ...]
    more: tuple[Failure, ...]
    passed: tuple[str, ...]
    tests: str
    cells: tuple[CodeView, ...]


@dataclass(frozen=True)
class PageView:
    """One student's page."""

    title: str
    student: str
    file: str
    score: str
    max_score: str
    waiting: str
    is_open: bool
    is_our_fault: bool
    lead: str
    notes: tuple[str, ...]
    questions: tuple[QuestionView, ...]
    others: tuple[CodeView, ...]


def page_view(assignment: Assignment, result: SubmissionResult) -> PageView:
    """Everything that the page of a submission says."""
    code = CodeCells(assignment.limits, result)
    questions = tuple(
        _question(question, bar, result, code)
        for question, bar in zip(result.questions, _bars(result), strict=True)
    )
    earned = sum(question.score or 0.0 for question in result.questions)
    waiting = sum(q.max_score for q in result.questions if q.score is None)
    return PageView(
        title=assignment.title,
        student=one_line(result.student, 120),
        file=one_line(result.file, 120),
        score=points(earned if result.score is None else result.score),
        max_score=points(result.max_score),
        waiting=points(waiting if result.questions else result.max_score),
        is_open=result.status is not Status.GRADED,
        is_our_fault=result.status is Status.GRADER_ERROR,
        lead=_lead(questions),
        notes=tuple(one_line(note, 600) for note in _notes(result)),
        questions=questions,
        others=code.others(),
    )


def _notes(result: SubmissionResult) -> tuple[str, ...]:
    """What was repaired; what our own machine lacked is for its operator, not for the student."""
    notes = result.notes[:-1] if result.status is Status.GRADER_ERROR else result.notes
    return notes[:20]


def _bars(result: SubmissionResult) -> tuple[Bar, ...]:
    total = sum(question.max_score for question in result.questions) or 1.0
    ends = accumulate(question.max_score for question in result.questions)
    return tuple(
        Bar(
            start=round(1000 * (end - question.max_score) / total, 1),
            width=round(1000 * question.max_score / total, 1),
            filled=round(1000 * min(max(question.score or 0, 0), question.max_score) / total, 1),
        )
        for question, end in zip(result.questions, ends, strict=True)
    )


def _question(
    question: QuestionResult, bar: Bar, result: SubmissionResult, code: CodeCells
) -> QuestionView:
    where = state(question, result.untouched)
    found = () if where is State.UNTOUCHED else failures(question.tests)
    passed = [test for test in question.tests if test.passed]
    return QuestionView(
        name=question.name,
        title=one_line(question.title, 200),
        state=where,
        score=points(question.score),
        max_score=points(question.max_score),
        bar=bar,
        note=one_line(question.note, 600),
        note_is_good=any(test.with_reference for test in passed),
        failures=found[:FAILURE_LIMIT],
        more=found[FAILURE_LIMIT:],
        passed=_works(question),
        tests=f"{len(passed)} of {len(question.tests)} tests passed" if question.tests else "",
        cells=code.of(question),
    )


def _works(question: QuestionResult) -> tuple[str, ...]:
    """The sentences that hold in every case that was tried."""
    broken = {one_line(test.title) for test in question.tests if not test.passed}
    titles = dict.fromkeys(one_line(test.title) for test in question.tests)
    return tuple(title for title in titles if title not in broken)


def _lead(questions: Sequence[QuestionView]) -> str:
    """The sentence under the score: what is done, where to look first."""
    if not questions:
        return ""
    full = sum(question.state is State.FULL for question in questions)
    if full == len(questions):
        return "Every question has full points. Well done."
    text = f"{full} of {len(questions)} questions have full points."
    worth_a_look = (State.PARTIAL, State.WRONG)
    first = next((q.title for q in questions if q.state in worth_a_look), "")
    return f"{text} Look at “{first}” first." if first else text
