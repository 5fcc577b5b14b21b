"""What results are worth: each test its share of a question's points, and old results anew."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Protocol

from grader.course import Assignment, Question
from grader.records import QuestionResult, SubmissionResult, TestResult
from grader.scores import rounded


@dataclass(frozen=True)
class Again:
    """A part of an earlier result to renew: these questions, for the course has changed."""

    earlier: SubmissionResult
    questions: frozenset[str]

    def kept(self, assignment: Assignment) -> tuple[TestResult, ...]:
        """What stays of the earlier tests, at today's points."""
        known = {question.name for question in assignment.questions} - self.questions
        tests = (test for question in self.earlier.questions for test in question.tests)
        return reweighed(assignment, (test for test in tests if test.question in known))


def reweigh(result: SubmissionResult, assignment: Assignment) -> SubmissionResult:
    """A result at today's points: nothing is run, and what is not known stays so."""
    earlier = {question.name: question for question in result.questions}
    questions = tuple(
        _reweighed(earlier[question.name], question, assignment)
        for question in assignment.questions
        if question.name in earlier
    )
    scores = [question.score for question in questions]
    known = result.score is not None and None not in scores
    score = rounded(sum(score for score in scores if score)) if known else None
    return replace(result, questions=questions, score=score, max_score=assignment.max_score)


def _reweighed(
    result: QuestionResult, question: Question, assignment: Assignment
) -> QuestionResult:
    tests = reweighed(assignment, result.tests)
    score = None if result.score is None else rounded(sum(test.score for test in tests))
    return replace(
        result, title=question.title, tests=tests, score=score, max_score=question.points
    )


def reweighed(assignment: Assignment, results: Iterable[TestResult]) -> tuple[TestResult, ...]:
    """The same results at today's points. All tests of a question must be there."""
    results = tuple(results)
    shares = shares_of(assignment, results)
    return tuple(
        replace(
            result,
            score=shares[result.name] if result.passed else 0.0,
            max_score=shares[result.name],
        )
        for result in results
    )


class Weighed(Protocol):
    """A test that has a share of its question's points."""

    @property
    def name(self) -> str: ...
    @property
    def question(self) -> str: ...
    @property
    def weight(self) -> float: ...


def shares_of(assignment: Assignment, tests: Iterable[Weighed]) -> dict[str, float]:
    """The points of each test: its weight's share of its question's."""
    tests, totals = list(tests), defaultdict[str, float](float)
    for test in tests:
        totals[test.question] += test.weight
    return {
        test.name: assignment.question(test.question).points * test.weight / totals[test.question]
        for test in tests
    }
