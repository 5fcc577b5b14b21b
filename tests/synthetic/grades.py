"""A made-up class's results: skill, common mistakes, a new one, and all that goes wrong."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from grader.course import Assignment, Question
from grader.gradebook.decisions import Decision, Kind
from grader.gradebook.final import final_grades
from grader.gradebook.grades import Attempt, ResultKey
from grader.gradebook.rules import Rules
from grader.records import Diagnosis, QuestionResult, Status, SubmissionResult, TestResult
from grader.report.classroom.material import Classroom, classroom
from grader.roster import Student
from tests.unit.report import builders

DUE = datetime(2026, 3, 2, 22, 0, tzinfo=UTC)
NAMES = (
    *("Ada Lovelace", "Alan Turing", "Emmy Noether", "Carl Friedrich Gauss", "Leonhard Euler"),
    *("Sofja Kowalewskaja", "Grace Hopper", "Srinivasa Ramanujan", "Hypatia", "George Boole"),
    *("Muhammad al-Chwarizmi", "Katherine Johnson", "Évariste Galois", "Maria Agnesi", "陳景潤"),
    *("Mary Somerville", "Claude Shannon", "Sophie Germain"),
)
TESTS = 6
KINDS = 5
NEW = Diagnosis("the last row of each window was left out.", "every value of the window once.")
RULES = Rules(due=DUE, late_penalty=10, excused=("student-0007",))


@dataclass(frozen=True)
class Slip:
    """One way to be wrong: the tests that it fails, what they see, what is said."""

    failed: tuple[int, ...]
    said: Diagnosis
    weight: float


def slips(question: Question, chance: random.Random) -> list[Slip]:
    """The mistakes that a class makes in one question, frequent ones first."""
    found = [
        Slip(
            tuple(sorted(chance.sample(range(TESTS), chance.randint(1, TESTS)))),
            Diagnosis(
                f"the values differ by a factor of {n + 2}.",
                "the same values as the reference.",
                "Look at what the sum runs over.",
                f"{question.name}_slip_{n + 1}",
            ),
            1 / (n + 1),
        )
        for n in range(KINDS)
    ]
    return [*found, Slip((1, 2, 4), NEW, 0.9)] if question.name == "conv2d" else found


def made_up_class(size: int, seed: int = 1, assignment: Assignment | None = None) -> Classroom:
    """A whole class, the same for the same seed."""
    task = assignment or builders.assignment()
    chance = random.Random(seed)
    known = {question.name: slips(question, chance) for question in task.questions}
    students = [_student(n) for n in range(size)]
    attempts = [a for s in students for a in _attempts(s, task, known, chance)]
    decisions = list(_decisions(task, attempts))
    grades = final_grades(task, RULES, students, attempts, decisions)
    return classroom(task, grades, attempts, decisions)


def _student(number: int) -> Student:
    name = NAMES[number] if number < len(NAMES) else f"Student {number:04}"
    return Student(f"student-{number:04}", name, section="AB"[number % 2])


def _attempts(
    student: Student, task: Assignment, known: dict[str, list[Slip]], chance: random.Random
) -> Iterator[Attempt]:
    skill = chance.gauss(0.7, 1.3)
    if chance.random() < 0.03:
        return
    for number in range(1, chance.choice((1, 1, 1, 2, 3)) + 1):
        result = _result(student, task, known, skill + 0.5 * (number - 1), chance)
        late = timedelta(hours=max(0.0, chance.gauss(-60, 40)))
        key = ResultKey(task.name, student.key, result.sha256, "c" * 64, "sha256:i", "0.1.0")
        handed_in = DUE + (late or timedelta(hours=-chance.expovariate(0.05)))
        graded = DUE + timedelta(days=4, minutes=number)
        yield Attempt(key, number, result, graded, handed_in, late, f"layers.zip: {student.key}")


def _result(
    student: Student,
    task: Assignment,
    known: dict[str, list[Slip]],
    skill: float,
    chance: random.Random,
) -> SubmissionResult:
    questions = tuple(_question(q, known[q.name], skill, chance) for q in task.questions)
    untouched = tuple(q.name for q in questions if q.note == "Not yet filled.")
    scores = [question.score for question in questions]
    made = SubmissionResult(
        student=student.key,
        file=f"{student.key}.ipynb",
        sha256=hashlib.sha256(repr((student.key, skill)).encode()).hexdigest(),
        status=Status.NEEDS_ATTENTION if None in scores else Status.GRADED,
        score=None if None in scores else sum(score for score in scores if score),
        max_score=task.max_score,
        questions=questions,
        untouched=untouched,
        seconds=round(chance.lognormvariate(0.2, 0.35), 2),
    )
    return _mishap(made, chance.random())


def _mishap(made: SubmissionResult, luck: float) -> SubmissionResult:
    if luck < 0.005:
        reason = "The container ended twice: the disk of this machine is full."
        return replace(made, status=Status.GRADER_ERROR, score=None, questions=(), notes=(reason,))
    if luck < 0.012:
        reason = f"{made.file} is not JSON: it ends in the middle of line 80."
        return replace(
            made,
            status=Status.NEEDS_ATTENTION,
            score=None,
            questions=(),
            notes=(reason,),
            flags=("unreadable",),
        )
    return replace(made, flags=("duplicate",)) if luck > 0.98 else made


def _question(
    asked: Question, known: list[Slip], skill: float, chance: random.Random
) -> QuestionResult:
    luck, share = chance.random(), asked.points / TESTS
    slip: Slip | None = None
    if luck > 1 / (1 + 2.718 ** -(skill + 0.6)):
        slip = chance.choices(known, [one.weight for one in known])[0]
        if chance.random() < 0.1:  # a mistake that nobody else makes
            slip = Slip((0, chance.randrange(1, TESTS)), Diagnosis(f"got {luck:.4f}."), 0)
    tests = tuple(_test(asked, n, slip, share) for n in range(TESTS))
    note, status = "", Status.GRADED
    score: float | None = round(sum(test.score for test in tests), 4)
    if luck > 0.997 and skill > 0:
        note, status, score = (
            "No cell defines it; a person must look.",
            Status.NEEDS_ATTENTION,
            None,
        )
    elif luck > 0.96 and skill < 1:
        note, score = "Not yet filled.", 0.0
        tests = tuple(
            _test(asked, n, Slip(tuple(range(TESTS)), Diagnosis("your turn"), 0), share)
            for n in range(TESTS)
        )
    return QuestionResult(asked.name, asked.title, status, score, asked.points, tests, note)


def _test(asked: Question, number: int, slip: Slip | None, share: float) -> TestResult:
    fails = slip is not None and number in slip.failed
    seen = hashlib.sha256(f"{slip.said}{number}".encode()).hexdigest() if slip and fails else ""
    return TestResult(
        name=f"test_{asked.name}_values[{number}]",
        question=asked.name,
        title=builders.PRINCIPLE,
        passed=not fails,
        diagnosis=slip.said if slip and fails else None,
        observed=seen,
        score=0.0 if fails else share,
        max_score=share,
    )


def _decisions(task: Assignment, attempts: list[Attempt]) -> Iterator[Decision]:
    question = task.questions[0]
    for attempt in attempts[5::97]:
        yield Decision(
            task.name,
            attempt.key.student,
            question.name,
            Kind.OVERRIDE,
            "C. Babbage",
            DUE + timedelta(days=6),
            question.points,
            "The idea is right; a slip of the pen.",
        )
