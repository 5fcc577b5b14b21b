"""The table of all students, and one student's page, as values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from grader.gradebook.decisions import Decision
from grader.gradebook.grades import Attempt, FinalGrade, QuestionGrade
from grader.report.classroom.material import (
    STATE_TONES,
    STATE_WORDS,
    Classroom,
    answer,
    student_name,
    tone,
)
from grader.report.classroom.overview import TONE_WORDS
from grader.report.classroom.waiting import settling
from grader.report.text import one_line
from grader.report.view import Failure, failures
from grader.scores import points


@dataclass(frozen=True)
class Mark:
    """A question's score in one cell of the table."""

    score: str
    value: float
    tone: str
    words: str


@dataclass(frozen=True)
class StudentRow:
    """One student in the table. `value` is what its score sorts by, -1 where it is not known."""

    name: str
    key: str
    page: str
    section: str
    score: str
    value: float
    state: str
    tone: str
    marks: tuple[Mark, ...]
    attempts: int
    late: str
    late_hours: float


@dataclass(frozen=True)
class AttemptRow:
    """One grading of one handed-in file."""

    number: int
    submitted: str
    graded: str
    score: str
    state: str
    late: str
    file: str
    origin: str
    flags: str
    seconds: str
    counts: bool


@dataclass(frozen=True)
class DecisionRow:
    """What a person decided."""

    at: str
    who: str
    what: str
    question: str
    score: str
    comment: str


@dataclass(frozen=True)
class AnswerView:
    """One question of a student."""

    title: str
    score: str
    max_score: str
    tone: str
    state: str
    by: str
    comment: str
    note: str
    counts: bool
    failures: tuple[Failure, ...]
    passed: tuple[tuple[str, int], ...]
    tests: str


@dataclass(frozen=True)
class StudentPage:
    """One student."""

    row: StudentRow
    max_score: str
    raw: str
    email: str
    group: str
    comment: str
    reasons: tuple[str, ...]
    commands: tuple[str, ...]
    notes: tuple[str, ...]
    attempts: tuple[AttemptRow, ...]
    decisions: tuple[DecisionRow, ...]
    answers: tuple[AnswerView, ...]


def student_rows(room: Classroom) -> tuple[StudentRow, ...]:
    """The table, in the order of the roster."""
    return tuple(_row(room, grade) for grade in room.grades)


def _row(room: Classroom, grade: FinalGrade) -> StudentRow:
    own = {question.name: question for question in grade.questions}
    late = max(grade.late or timedelta(), timedelta())
    return StudentRow(
        name=student_name(grade),
        key=one_line(grade.student.key, 80),
        page=f"students/{room.pages[grade.student.key]}",
        section=one_line(grade.student.section, 40),
        score=points(grade.score),
        value=-1.0 if grade.score is None else grade.score,
        state=STATE_WORDS[grade.state],
        tone=STATE_TONES[grade.state],
        marks=tuple(_mark(grade, own.get(asked.name)) for asked in room.assignment.questions),
        attempts=grade.attempts,
        late=lateness(grade.late),
        late_hours=round(late.total_seconds() / 3600, 2),
    )


def _mark(grade: FinalGrade, question: QuestionGrade | None) -> Mark:
    if question is None or grade.attempt is None:
        return Mark("", -2.0, "none", "no answer")
    where = tone(grade, question)
    value = -1.0 if question.score is None else question.score
    return Mark(points(question.score), value, where, TONE_WORDS[where])


def student_page(room: Classroom, grade: FinalGrade) -> StudentPage:
    """Everything that the page of a student says."""
    key = grade.student.key
    result = grade.attempt.result if grade.attempt else None
    return StudentPage(
        row=_row(room, grade),
        max_score=points(grade.max_score),
        raw=points(grade.raw) if grade.raw is not None and grade.raw != grade.score else "",
        email=one_line(grade.student.email, 120),
        group=one_line(grade.student.group, 80),
        comment=one_line(grade.comment, 2000),
        reasons=tuple(one_line(reason, 600) for reason in grade.reasons),
        commands=settling(room.assignment, grade) if STATE_TONES[grade.state] in _OPEN else (),
        notes=tuple(one_line(note, 600) for note in result.notes[:20]) if result else (),
        attempts=tuple(_attempt(one, grade) for one in room.attempts.get(key, ())),
        decisions=tuple(_decision(one) for one in room.decisions.get(key, ())),
        answers=tuple(_answer(grade, question) for question in grade.questions),
    )


_OPEN = frozenset({"person", "error"})


def _attempt(attempt: Attempt, grade: FinalGrade) -> AttemptRow:
    result = attempt.result
    return AttemptRow(
        number=attempt.number,
        submitted=moment(attempt.submitted_at),
        graded=moment(attempt.graded_at),
        score=f"{points(result.score)} of {points(result.max_score)}",
        state=result.status.value.replace("_", " "),
        late=lateness(attempt.late),
        file=one_line(result.file, 120),
        origin=one_line(attempt.origin, 200),
        flags=one_line(", ".join(result.flags), 120),
        seconds=f"{result.seconds:.1f}",
        counts=attempt == grade.attempt,
    )


def _decision(decision: Decision) -> DecisionRow:
    rubric = ", ".join(f"{name} {points(score)}" for name, score in decision.rubric.items())
    return DecisionRow(
        at=moment(decision.at),
        who=one_line(decision.who, 80),
        what=decision.kind.value,
        question=one_line(decision.question or "the whole", 80),
        score=points(decision.score) if decision.score is not None else "",
        comment=one_line(" ".join(filter(None, (decision.comment, rubric))), 600),
    )


def _answer(grade: FinalGrade, question: QuestionGrade) -> AnswerView:
    found = answer(grade, question.name)
    where = tone(grade, question)
    tests = found.tests if found else ()
    passed = [test.title for test in tests if test.passed]
    return AnswerView(
        title=one_line(question.title, 200),
        score=points(question.score),
        max_score=points(question.max_score),
        tone=where,
        state=TONE_WORDS[where],
        by="" if question.by == "tests" else one_line(question.by, 80),
        comment=one_line(question.comment, 2000),
        note=one_line(found.note, 600) if found else "",
        counts=question.counts,
        failures=() if where == "untouched" else failures(tests),
        passed=tuple((one_line(title), passed.count(title)) for title in dict.fromkeys(passed)),
        tests=f"{len(passed)} of {len(tests)} tests passed" if tests else "",
    )


def moment(at: datetime | None) -> str:
    """A time as people write it, with its zone."""
    return f"{at:%Y-%m-%d %H:%M} {at:%Z}".strip() if at else "–"


def lateness(late: timedelta | None) -> str:
    """How late: `2 d 3 h`; nothing where it was in time or nobody knows."""
    minutes = int(late.total_seconds() // 60) if late else 0
    if minutes <= 0:
        return ""
    days, hours, rest = minutes // 1440, minutes // 60 % 24, minutes % 60
    parts = [(days, "d"), (hours, "h"), (rest, "min")]
    return " ".join(f"{number} {unit}" for number, unit in parts if number)
