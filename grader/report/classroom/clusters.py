"""Wrong answers by what they did: who observed the same made the same mistake, named or not.

Two answers are wrong alike when the same tests failed and saw the same. So an instructor finds
the common mistake of this year that nobody has written down yet.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from grader.gradebook.grades import FinalGrade
from grader.records import TestResult
from grader.report.classroom.material import answer, is_untouched
from grader.report.view import Failure, failures

Mistake = frozenset[tuple[str, str]]


@dataclass(frozen=True)
class Cluster:
    """Students whose answers to one question are wrong alike. `name` is "" where none is known."""

    question: str
    name: str
    students: tuple[str, ...]
    failures: tuple[Failure, ...]
    failed: int
    tests: int
    lost: float

    @property
    def happened(self) -> str:
        """What happened, as one of them was told."""
        return self.failures[0].diagnosis.happened if self.failures else ""


def clusters(question: str, grades: Iterable[FinalGrade]) -> tuple[Cluster, ...]:
    """The mistakes of a class in one question, most frequent first."""
    alike: dict[Mistake, list[FinalGrade]] = {}
    for grade in grades:
        if not is_untouched(grade, question) and (mistake := _mistake(grade, question)):
            alike.setdefault(mistake, []).append(grade)
    found = [_cluster(question, group) for group in alike.values()]
    return tuple(sorted(found, key=lambda one: (-len(one.students), one.name, one.happened)))


def _mistake(grade: FinalGrade, question: str) -> Mistake:
    return frozenset((test.name, _observed(test)) for test in _failed(_tests(grade, question)))


def _observed(test: TestResult) -> str:
    """The fingerprint; where an old result has none, the words come nearest to it."""
    return test.observed or (test.diagnosis.happened if test.diagnosis else "")


def _cluster(question: str, group: Sequence[FinalGrade]) -> Cluster:
    tests = _tests(group[0], question)
    failed = _failed(tests)
    return Cluster(
        question=question,
        name=_name(failed),
        students=tuple(grade.student.key for grade in group),
        failures=failures(failed),
        failed=len(failed),
        tests=len(tests),
        lost=sum(test.max_score - test.score for test in failed),
    )


def _name(failed: Sequence[TestResult]) -> str:
    """The known mistake that most of the failed tests saw."""
    said = (test.diagnosis for test in failed if test.diagnosis)
    names = Counter(one.misconception for one in said if one.misconception)
    return names.most_common(1)[0][0] if names else ""


def _tests(grade: FinalGrade, question: str) -> tuple[TestResult, ...]:
    found = answer(grade, question)
    return found.tests if found else ()


def _failed(tests: Sequence[TestResult]) -> tuple[TestResult, ...]:
    return tuple(test for test in tests if test.passed is False and not test.with_reference)
