"""One submission, as the platforms that grade on submission show it."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from grader.course import Assignment
from grader.exports.export import known_score
from grader.gradebook.grades import FinalGrade, QuestionGrade, State
from grader.records import SUSPICIOUS, QuestionResult, Status, SubmissionResult
from grader.report.text import one_line
from grader.report.view import person_reasons

OUR_FAULT = (
    "The grader failed, which is not your fault: there is no score yet, and nothing is lost. "
    "Your instructor can run it again."
)
NOTHING = "There is no score: nothing was handed in."


@dataclass(frozen=True)
class Single:
    """What is shown of one submission. `score` is None wherever it is not final.

    `sentence` says why there is no score, or what moved it. `fault` is true where it was ours.
    `written_open` is true where all that is missing are written answers that a person grades.
    """

    student: str
    max_score: float
    score: float | None = None
    sentence: str = ""
    questions: tuple[QuestionResult, ...] = ()
    fault: bool = False
    written_open: bool = False
    seconds: float = 0.0


def nothing(assignment: Assignment, sentence: str, *, fault: bool) -> Single:
    """A submission of which there is no result: no file, several, or the grader failed."""
    return Single("", assignment.max_score, None, sentence, fault=fault)


def of_result(assignment: Assignment, result: SubmissionResult) -> Single:
    """The result of one run of the grader."""
    single = Single(
        student=result.student,
        max_score=result.max_score,
        questions=result.questions,
        seconds=result.seconds,
    )
    if result.status is Status.GRADER_ERROR:
        return replace(single, sentence=OUR_FAULT, fault=True)
    if result.status is Status.GRADED and result.score is not None and math.isfinite(result.score):
        return replace(single, score=result.score)
    return replace(
        single,
        sentence=_why_a_person(assignment, result),
        written_open=_only_written(assignment, result),
    )


def of_grade(assignment: Assignment, grade: FinalGrade) -> Single:
    """A student's final grade, with the tests of the attempt that counts."""
    result = grade.attempt.result if grade.attempt else None
    if grade.state is State.MISSING or result is None:
        single = nothing(assignment, _first(grade.reasons) or NOTHING, fault=False)
        return replace(single, student=grade.student.key, score=known_score(grade))
    single = of_result(assignment, result)
    score = known_score(grade)
    return replace(
        single,
        student=grade.student.key,
        max_score=grade.max_score,
        score=score,
        sentence=" ".join(grade.reasons) if score is not None else single.sentence,
        questions=_decided(single.questions, grade.questions),
        fault=grade.state is State.GRADER_ERROR,
        written_open=score is None and single.written_open,
    )


def _why_a_person(assignment: Assignment, result: SubmissionResult) -> str:
    if "unreadable" in result.flags and result.notes:
        return f"There is no score: {one_line(result.notes[0])}"
    if _only_written(assignment, result):
        return "There is no final score yet: a person grades the written answers."
    # Which cells were changed, and how we know, is for the instructor.
    reasons = (
        []
        if _suspicious(result)
        else [reason for reason in person_reasons(result) if not reason.startswith("Flagged:")]
    )
    why = f" {one_line(reasons[0])}" if reasons else ""
    return f"There is no score yet: a person must look at this submission first.{why}"


def _only_written(assignment: Assignment, result: SubmissionResult) -> bool:
    written = {question.name for question in assignment.questions if question.written}
    unknown = {question.name for question in result.questions if question.score is None}
    others_graded = all(
        question.status is Status.GRADED or question.name in written
        for question in result.questions
    )
    return bool(unknown) and unknown <= written and others_graded and not _suspicious(result)


def _suspicious(result: SubmissionResult) -> bool:
    return bool(SUSPICIOUS & {*result.flags})


def _decided(
    questions: tuple[QuestionResult, ...], grades: tuple[QuestionGrade, ...]
) -> tuple[QuestionResult, ...]:
    """The questions with what a person decided: the score, and no failed tests beside it."""
    decided = {grade.name: grade for grade in grades}
    return tuple(
        question if question.name not in decided else _with(question, decided[question.name])
        for question in questions
    )


def _with(question: QuestionResult, grade: QuestionGrade) -> QuestionResult:
    by_tests = grade.by == "tests"
    return replace(
        question,
        status=grade.status,
        score=grade.score,
        max_score=grade.max_score,
        tests=question.tests if by_tests else (),
        note=grade.comment or (question.note if by_tests else ""),
    )


def _first(reasons: tuple[str, ...]) -> str:
    return one_line(reasons[0]) if reasons else ""
