"""A submission's row: its tests added up, or why there is no score. Never a zero for our fault."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from grader.compare.wording import listing
from grader.course import Assignment, Question
from grader.intake import display_name
from grader.records import (
    SUSPICIOUS,
    Program,
    QuestionResult,
    Status,
    Submission,
    SubmissionResult,
    TestResult,
)
from grader.scores import rounded


def summarise(
    submission: Submission,
    program: Program,
    tests: tuple[TestResult, ...],
    assignment: Assignment,
    seen: tuple[str, ...] = (),
) -> SubmissionResult:
    """Add the tests up: points per question, and whether a person must look.

    `seen` are flags of what happened while it ran.
    """
    questions = tuple(
        _question_result(
            question, tuple(test for test in tests if test.question == question.name), program
        )
        for question in assignment.questions
    )
    flags = unique(submission.flags, program.flags, seen)
    scores = [question.score for question in questions]
    open_questions = any(question.status is not Status.GRADED for question in questions)
    return SubmissionResult(
        student=submission.student,
        file=display_name(submission.path.name),
        sha256=submission.sha256,
        status=(
            Status.NEEDS_ATTENTION if open_questions or SUSPICIOUS & set(flags) else Status.GRADED
        ),
        score=None if None in scores else rounded(sum(score for score in scores if score)),
        max_score=assignment.max_score,
        questions=questions,
        flags=flags,
        notes=unique(submission.repairs, program.repairs),
        untouched=program.untouched,
        program=program,
    )


def _question_result(
    question: Question, tests: tuple[TestResult, ...], program: Program
) -> QuestionResult:
    note = ""
    if question.written:
        note = "A written answer: a person grades it."
    elif question.name in program.missing:
        note = (
            f"No cell of the notebook defines {' or '.join(question.functions)}; "
            "a person must look whether the answer was lost."
        )
    elif any(test.passed is None for test in tests):
        note = "Not every test could be tried within the time of one submission."
    status = Status.NEEDS_ATTENTION if note else Status.GRADED
    score = None if note else rounded(sum(test.score for test in tests))
    if question.name in program.untouched:
        note = "Not yet filled."
    elif any(test.with_reference for test in tests):
        earlier = listing(question.follows, "or")  # whichever of them was wrong
        note = f"Passed with the reference's {earlier} in place of yours: a mistake costs once."
    return QuestionResult(
        question.name, question.title, status, score, question.points, tests, note
    )


def unread(path: Path, student: str, reason: str, assignment: Assignment) -> SubmissionResult:
    """The row of a file that is no notebook of this assignment."""
    return replace(
        _unscored(path, student, reason, assignment),
        status=Status.NEEDS_ATTENTION,
        flags=("unreadable",),
    )


def not_graded(
    submission: Submission, program: Program, reason: str, assignment: Assignment
) -> SubmissionResult:
    """The row of a submission that our own machine failed."""
    row = _unscored(submission.path, submission.student, reason, assignment)
    return replace(
        row,
        sha256=submission.sha256,
        flags=submission.flags,
        notes=(*submission.repairs, *row.notes),
        program=program,
    )


def lost(path: Path, student: str, reason: str, assignment: Assignment) -> SubmissionResult:
    """The row of a submission whose worker died."""
    return _unscored(path, student, reason, assignment)


def _unscored(path: Path, student: str, reason: str, assignment: Assignment) -> SubmissionResult:
    return SubmissionResult(
        student=student,
        file=display_name(path.name),
        sha256="",
        status=Status.GRADER_ERROR,
        score=None,
        max_score=assignment.max_score,
        notes=(reason,),
    )


def unique(*groups: tuple[str, ...]) -> tuple[str, ...]:
    """Words in their order, each once."""
    return tuple(dict.fromkeys(word for group in groups for word in group))
