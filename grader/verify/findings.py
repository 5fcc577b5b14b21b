"""What the trials of an assignment show: numbers, and by name whatever is not as it should be."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import asdict, dataclass
from typing import Any

from grader.course import Assignment
from grader.harness.run import followed
from grader.misconceptions import indistinguishable
from grader.records import Diagnosis, TestResult
from grader.verify.trials import Tests, Trials, Tried

# Of the known mistakes, this share at least must be named in the feedback.
NAMED_SHARE = 0.95


@dataclass(frozen=True)
class Verification:
    """The outcome of `grader verify` for one assignment: counts first, then the offenders."""

    name: str
    questions: int
    hidden_tests: int
    misconceptions: int
    caught: int
    named: int
    leaks_to_other_questions: int
    alternatives: int
    alternatives_full: int
    repetitions: int
    identical: int
    unfailable_tests: int
    reference_fails: tuple[str, ...] = ()
    stub_passes: tuple[str, ...] = ()
    not_caught: tuple[str, ...] = ()
    not_named: tuple[str, ...] = ()
    named_wrongly: tuple[str, ...] = ()
    leaks: tuple[str, ...] = ()
    indistinguishable: tuple[str, ...] = ()
    alternatives_not_full: tuple[str, ...] = ()
    unfailable: tuple[str, ...] = ()
    failed_by_the_stub_only: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether the assignment may be given to a class."""
        faults = (
            *(*self.reference_fails, *self.stub_passes, *self.not_caught, *self.named_wrongly),
            *(*self.leaks, *self.alternatives_not_full, *self.unfailable),
        )
        enough_named = self.named >= NAMED_SHARE * self.misconceptions
        return not faults and enough_named and self.identical == self.repetitions

    def as_json(self) -> dict[str, Any]:
        """The same as plain data, for `grader verify --json`."""
        return {**asdict(self), "ok": self.ok}


def findings(assignment: Assignment, trials: Trials) -> Verification:
    """Count what the trials show."""
    mistakes, alternatives = trials.mistakes, trials.alternatives
    not_caught = tuple(tried.key for tried in mistakes if not tried.failed(own=True))
    not_named = tuple(tried.key for tried in mistakes if tried.key not in tried.names())
    leaks = {tried.key: _leaks(assignment, tried) for tried in mistakes}
    not_full = {tried.key: _failures(tried.tests) for tried in alternatives}
    by_mistakes = {test.name for tried in mistakes for test in tried.failed(own=True)}
    by_stub = {test.name for test in trials.stub if not test.passed}
    unfailable = _outside(trials.reference, by_mistakes | by_stub)
    return Verification(
        name=assignment.name,
        questions=len(trials.questions),
        hidden_tests=len(trials.reference),
        misconceptions=len(mistakes),
        caught=len(mistakes) - len(not_caught),
        named=len(mistakes) - len(not_named),
        leaks_to_other_questions=sum(map(bool, leaks.values())),
        alternatives=len(alternatives),
        alternatives_full=len(alternatives) - sum(map(bool, not_full.values())),
        repetitions=len(trials.repeated),
        identical=_identical(trials.repeated),
        unfailable_tests=len(unfailable),
        reference_fails=tuple(_failures(trials.reference)),
        stub_passes=tuple(test.name for test in trials.stub if test.passed),
        not_caught=not_caught,
        not_named=not_named,
        named_wrongly=tuple(_named_wrongly(assignment, mistakes)),
        leaks=tuple(_lines(leaks)),
        indistinguishable=tuple(" = ".join(pair) for pair in indistinguishable(trials.recordings)),
        alternatives_not_full=tuple(_lines(not_full)),
        unfailable=unfailable,
        failed_by_the_stub_only=_outside(trials.reference, by_mistakes | set(unfailable)),
    )


def _leaks(assignment: Assignment, tried: Tried) -> list[str]:
    """What a mistake breaks elsewhere, but for questions that say they build on its own."""
    return _failures(
        test
        for test in tried.failed(own=False)
        if tried.variant.question not in followed(assignment, test.question)
    )


def _failures(tests: Iterable[TestResult]) -> list[str]:
    return [f"{test.name}: {_reason(test)}" for test in tests if not test.passed]


def _reason(test: TestResult) -> str:
    return test.diagnosis.happened if test.diagnosis else "could not be tried"


def _named_wrongly(assignment: Assignment, mistakes: Iterable[Tried]) -> Iterator[str]:
    """Another name than its own; in a question that follows it, grading tries the reference's."""
    for tried in mistakes:
        for name in sorted(tried.names() - {tried.key}):
            question = name.partition(".")[0]
            if tried.variant.question not in followed(assignment, question):
                yield f"{tried.key} is called {name}"


def _lines(found: dict[str, list[str]]) -> Iterator[str]:
    return (f"{key}: {line}" for key, lines in found.items() for line in lines)


def _outside(tests: Tests, names: Collection[str]) -> tuple[str, ...]:
    return tuple(test.name for test in tests if test.name not in names)


def _identical(repeated: tuple[Tests, ...]) -> int:
    """How many repetitions are as the first, in all that a student or an instructor sees."""
    seen = [[_seen(test) for test in tests] for tests in repeated]
    return sum(one == seen[0] for one in seen)


def _seen(test: TestResult) -> tuple[str, bool | None, float, Diagnosis | None]:
    return test.name, test.passed, test.score, test.diagnosis
