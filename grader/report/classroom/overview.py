"""The class at a glance, as values: counts, questions, mistakes, time, flags."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from grader.course import Question
from grader.gradebook.grades import FinalGrade, QuestionGrade, State
from grader.report.classroom.clusters import Cluster
from grader.report.classroom.material import STATE_TONES, STATE_WORDS, Classroom, tone
from grader.report.text import one_line
from grader.scores import points

TONES = ("full", "partial", "wrong", "untouched", "person", "error")
TONE_WORDS = {
    "full": "full points",
    "partial": "partly right",
    "wrong": "wrong",
    "untouched": "not filled in",
    "person": "open",
    "error": "our error",
}
MISTAKES = 40
_FEW = 2  # a mistake of one student alone is on the question's page only


@dataclass(frozen=True)
class Count:
    """How many there are of something."""

    what: str
    students: int
    tone: str = ""


@dataclass(frozen=True)
class QuestionRow:
    """How a class did on one question. `counts` are students by tone, as in `TONES`."""

    name: str
    title: str
    page: str
    mean: str
    max_score: str
    percent: float | None
    full: str  # its share of the class
    counts: tuple[int, ...]
    mistakes: int


@dataclass(frozen=True)
class MistakeRow:
    """A known mistake, or wrong answers alike that have no name yet."""

    label: str
    is_named: bool
    question: str
    page: str
    students: int
    percent: float


@dataclass(frozen=True)
class Overview:
    """The first page."""

    students: int
    states: tuple[Count, ...]
    scores: tuple[float, ...]
    max_score: float
    mean: str
    median: str
    spread: str
    questions: tuple[QuestionRow, ...]
    mistakes: tuple[MistakeRow, ...]
    more_mistakes: int
    flags: tuple[Count, ...]
    seconds: tuple[float, ...]
    time: str
    late: int
    decided: int


def overview(room: Classroom, found: Mapping[str, Sequence[Cluster]]) -> Overview:
    """Everything that the first page says."""
    scores = tuple(sorted(grade.score for grade in room.grades if grade.score is not None))
    seconds = tuple(g.attempt.result.seconds for g in room.grades if g.attempt)
    mistakes = _mistakes(room, found)
    return Overview(
        students=len(room.grades),
        states=_states(room),
        scores=scores,
        max_score=max((g.max_score for g in room.grades), default=room.assignment.max_score),
        mean=points(statistics.fmean(scores)) if scores else points(None),
        median=points(statistics.median(scores)) if scores else points(None),
        spread=_middle_half(scores),
        questions=tuple(
            _question(room, asked, found.get(asked.name, ())) for asked in room.assignment.questions
        ),
        mistakes=mistakes[:MISTAKES],
        more_mistakes=max(0, len(mistakes) - MISTAKES),
        flags=_flags(room),
        seconds=seconds,
        time=_time(seconds),
        late=sum(bool(grade.late and grade.late.total_seconds() > 0) for grade in room.grades),
        decided=len(room.decisions),
    )


def _states(room: Classroom) -> tuple[Count, ...]:
    counted = Counter(grade.state for grade in room.grades)
    return tuple(
        Count(STATE_WORDS[state], counted[state], STATE_TONES[state])
        for state in State
        if counted[state]
    )


def _middle_half(scores: Sequence[float]) -> str:
    if len(scores) < 4:  # noqa: PLR2004  (quartiles of fewer say nothing)
        return ""
    low, _, high = statistics.quantiles(scores, n=4, method="inclusive")
    return f"{points(low)} to {points(high)}"


def _question(room: Classroom, asked: Question, found: Sequence[Cluster]) -> QuestionRow:
    graded = [(grade, own) for grade in room.grades if (own := _own(grade, asked.name))]
    tones = Counter(tone(grade, own) for grade, own in graded)
    scores = [own.score for _, own in graded if own.score is not None]
    mean = statistics.fmean(scores) if scores else None
    return QuestionRow(
        name=asked.name,
        title=one_line(asked.title, 120),
        page=f"questions/{asked.name}.html",
        mean=points(mean),
        max_score=points(asked.points),
        percent=None if mean is None else round(100 * mean / asked.points, 1),
        full=f"{100 * tones['full'] / len(graded):.0f} %" if graded else "–",
        counts=tuple(tones[name] for name in TONES),
        mistakes=len(found),
    )


def _own(grade: FinalGrade, question: str) -> QuestionGrade | None:
    if grade.attempt is None:
        return None
    return next((one for one in grade.questions if one.name == question), None)


def _mistakes(room: Classroom, found: Mapping[str, Sequence[Cluster]]) -> tuple[MistakeRow, ...]:
    """Known mistakes with all who made them, and unnamed ones that several students made."""
    titles = {
        question.name: one_line(question.title, 120) for question in room.assignment.questions
    }
    rows = [
        MistakeRow(
            label=label,
            is_named=is_named,
            question=titles.get(question, question),
            page=f"questions/{question}.html",
            students=students,
            percent=round(100 * students / max(1, room.answered), 1),
        )
        for question, groups in found.items()
        for label, is_named, students in _labelled(groups)
    ]
    return tuple(sorted(rows, key=lambda row: (-row.students, row.question, row.label)))


def _labelled(groups: Sequence[Cluster]) -> list[tuple[str, bool, int]]:
    named: Counter[str] = Counter()
    for group in groups:
        named[group.name] += len(group.students)
    unnamed = [
        (one_line(group.happened, 160), False, len(group.students))
        for group in groups
        if not group.name and len(group.students) >= _FEW
    ]
    known = [(words(name), True, count) for name, count in named.items() if name]
    return known + unnamed


def words(name: str) -> str:
    """The name of a mistake as words."""
    return one_line(name.replace("_", " "), 80)


def _flags(room: Classroom) -> tuple[Count, ...]:
    counted = Counter(
        flag for grade in room.grades if grade.attempt for flag in grade.attempt.result.flags
    )
    return tuple(Count(one_line(flag, 60), number) for flag, number in counted.most_common(20))


def _time(seconds: Sequence[float]) -> str:
    if not seconds:
        return ""
    middle, longest = statistics.median(seconds), max(seconds)
    return f"{middle:.1f} s for the middle submission, {longest:.1f} s for the slowest"
