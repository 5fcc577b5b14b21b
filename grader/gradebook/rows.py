"""From values to rows and back, without loss but for what a gradebook does not keep.

Not kept: the program and the execution of a result, and what its tests observed in full.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import astuple
from typing import Any

from sqlalchemy import Row

from grader.gradebook.decisions import Decision, Kind
from grader.gradebook.grades import Attempt, ResultKey
from grader.gradebook.tables import AttemptRow, DecisionRow, QuestionRow, StudentRow, TestRow
from grader.records import Diagnosis, QuestionResult, Status, SubmissionResult, TestResult
from grader.roster import Student


def attempt_row(attempt: Attempt) -> AttemptRow:
    """The rows of one attempt."""
    key, result = attempt.key, attempt.result
    return AttemptRow(
        key=digest(key),
        assignment=key.assignment,
        student=key.student,
        notebook=key.notebook,
        course=key.course,
        image=key.image,
        grader=key.grader,
        number=attempt.number,
        graded_at=attempt.graded_at,
        submitted_at=attempt.submitted_at,
        late=attempt.late,
        origin=attempt.origin,
        digests=attempt.digests,
        shown_as=result.student,
        file=result.file,
        sha256=result.sha256,
        status=str(result.status),
        score=result.score,
        max_score=result.max_score,
        flags=result.flags,
        notes=result.notes,
        untouched=result.untouched,
        seconds=result.seconds,
        questions=[_question_row(at, question) for at, question in enumerate(result.questions)],
    )


def digest(key: ResultKey) -> str:
    """One short text for all six parts of a key."""
    parts = json.dumps(astuple(key))  # ASCII whatever is in them
    return hashlib.sha256(parts.encode()).hexdigest()


def _question_row(position: int, question: QuestionResult) -> QuestionRow:
    return QuestionRow(
        position=position,
        name=question.name,
        title=question.title,
        status=str(question.status),
        score=question.score,
        max_score=question.max_score,
        note=question.note,
        tests=[_test_row(at, test) for at, test in enumerate(question.tests)],
    )


def _test_row(position: int, test: TestResult) -> TestRow:
    diagnosis = test.diagnosis or Diagnosis("")
    return TestRow(
        position=position,
        name=test.name,
        title=test.title,
        passed=test.passed,
        weight=test.weight,
        happened=test.diagnosis and test.diagnosis.happened,
        expected=diagnosis.expected,
        remedy=diagnosis.try_,
        misconception=diagnosis.misconception,
        with_reference=test.with_reference,
        observed=test.observed,
        seconds=test.seconds,
        score=test.score,
        max_score=test.max_score,
    )


def key_of(row: Row[Any]) -> ResultKey:
    """What the result of this row depended on."""
    return ResultKey(row.assignment, row.student, row.notebook, row.course, row.image, row.grader)


def attempt_of(row: Row[Any], questions: tuple[QuestionResult, ...]) -> Attempt:
    """The attempt as it was recorded."""
    return Attempt(
        key=key_of(row),
        number=row.number,
        result=SubmissionResult(
            student=row.shown_as,
            file=row.file,
            sha256=row.sha256,
            status=Status(row.status),
            score=row.score,
            max_score=row.max_score,
            questions=questions,
            flags=row.flags,
            notes=row.notes,
            untouched=row.untouched,
            seconds=row.seconds,
        ),
        graded_at=row.graded_at,
        submitted_at=row.submitted_at,
        late=row.late,
        origin=row.origin,
        digests=row.digests,
    )


def question_of(row: Row[Any], tests: tuple[TestResult, ...]) -> QuestionResult:
    """The question as it was recorded."""
    return QuestionResult(
        name=row.name,
        title=row.title,
        status=Status(row.status),
        score=row.score,
        max_score=row.max_score,
        tests=tests,
        note=row.note,
    )


def test_of(row: Row[Any]) -> TestResult:
    """The test as it was recorded; the row has the name of its question too."""
    return TestResult(
        name=row.name,
        question=row.question,
        title=row.title,
        passed=row.passed,
        weight=row.weight,
        diagnosis=_diagnosis_of(row),
        with_reference=row.with_reference,
        observed=row.observed,
        seconds=row.seconds,
        score=row.score,
        max_score=row.max_score,
    )


def _diagnosis_of(row: Row[Any]) -> Diagnosis | None:
    if row.happened is None:
        return None
    return Diagnosis(row.happened, row.expected, row.remedy, row.misconception)


def fill_student(row: StudentRow, student: Student) -> None:
    """Write what the roster now says of this student."""
    row.key = student.key
    row.name = student.name
    row.first_name = student.first_name
    row.last_name = student.last_name
    row.email = student.email
    row.section = student.section
    row.group = student.group
    row.ids = dict(student.ids)


def student_of(row: StudentRow) -> Student:
    """The student as the roster last said."""
    return Student(
        key=row.key,
        name=row.name,
        first_name=row.first_name,
        last_name=row.last_name,
        email=row.email,
        section=row.section,
        group=row.group,
        ids=row.ids,
    )


def decision_row(decision: Decision) -> DecisionRow:
    """The row of one decision."""
    return DecisionRow(
        assignment=decision.assignment,
        student=decision.student,
        question=decision.question,
        kind=str(decision.kind),
        who=decision.who,
        at=decision.at,
        score=decision.score,
        comment=decision.comment,
        rubric=dict(decision.rubric),
    )


def decision_of(row: DecisionRow) -> Decision:
    """The decision as it was recorded."""
    return Decision(
        assignment=row.assignment,
        student=row.student,
        question=row.question,
        kind=Kind(row.kind),
        who=row.who,
        at=row.at,
        score=row.score,
        comment=row.comment,
        rubric=row.rubric,
    )
