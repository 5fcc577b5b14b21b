"""What `grader verify` runs: the reference, the stub and every variant, as if a student's."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from grader.harness.run import run_tests
from grader.misconceptions import Recordings, key_of, name_mistakes
from grader.misconceptions.recordings import WithVariant, load_file
from grader.notebook import solution_program
from grader.pipeline import Grading, grade, reference_limits
from grader.records import TestResult, Variant
from grader.sandbox import Session

Tests = tuple[TestResult, ...]


@dataclass(frozen=True)
class Tried:
    """A variant in a student's place, on all questions, with its mistakes named."""

    variant: Variant
    tests: Tests

    @property
    def key(self) -> str:
        """The variant with its question."""
        return key_of(self.variant)

    def failed(self, *, own: bool) -> Tests:
        """The tests of its own question, or of the others, that it did not pass."""
        return tuple(
            test
            for test in self.tests
            if not test.passed and (test.question == self.variant.question) is own
        )

    def names(self) -> set[str]:
        """The known mistakes that its feedback names, with their questions."""
        return {
            f"{test.question}.{test.diagnosis.misconception}"
            for test in self.tests
            if test.diagnosis and test.diagnosis.misconception
        }


@dataclass(frozen=True)
class Trials:
    """All that was run for one assignment."""

    reference: Tests
    stub: Tests
    recordings: Recordings
    mistakes: tuple[Tried, ...]
    alternatives: tuple[Tried, ...]
    repeated: tuple[Tests, ...]


def run_trials(grading: Grading, repetitions: int) -> Trials:
    """Run everything, in the boxes that grade; each long step is announced."""
    name, announce = grading.assignment.name, grading.announce
    announce(f"{name}: the reference and the untouched release ...")
    reference, stub = _solution(grading), _release(grading)
    recordings = _recordings(grading)
    announce(f"{name}: {len(recordings)} known mistakes on all questions ...")
    mistakes = _variants(grading, grading.assignment.misconceptions)
    announce(f"{name}: the alternatives ...")
    alternatives = _variants(grading, grading.assignment.alternatives)
    announce(f"{name}: {repetitions} repetitions ...")
    failing = next((tried.variant for tried in mistakes if tried.failed(own=True)), None)
    repeated = tuple(_repetition(grading, failing) for _ in range(repetitions))
    return Trials(reference, stub, recordings, mistakes, alternatives, repeated)


def _solution(grading: Grading) -> Tests:
    """The reference under the limits of a student."""
    program, limits = solution_program(grading.assignment), grading.assignment.limits
    with grading.box.session(program, limits) as session:
        return run_tests(grading.assignment, session, grading.reference)


def _release(grading: Grading) -> Tests:
    """The untouched release, by the way of any submission."""
    result = grade(grading.assignment.released, "release", grading)
    return tuple(test for question in result.questions for test in question.tests)


def _variants(grading: Grading, path: Path) -> tuple[Tried, ...]:
    """Every variant of a file, in a box where students' code runs."""
    with _patient_session(grading) as session:
        variants = load_file(session, path, grading.assignment)
        return tuple(Tried(variant, _try(grading, session, variant)) for variant in variants)


def _try(grading: Grading, session: Session, variant: Variant) -> Tests:
    tests = run_tests(grading.assignment, WithVariant(session, variant), grading.reference)
    return name_mistakes(tests, _recordings(grading))


def _repetition(grading: Grading, failing: Variant | None) -> Tests:
    """The reference and one known mistake once more, in a fresh session."""
    assignment, reference = grading.assignment, grading.reference
    with _patient_session(grading) as session:
        right = run_tests(assignment, session, reference)
        if failing is None:
            return right
        load_file(session, assignment.misconceptions, assignment)
        target, questions = WithVariant(session, failing), (failing.question,)
        wrong = run_tests(assignment, target, reference, questions=questions)
    return (*right, *name_mistakes(wrong, _recordings(grading)))


def _recordings(grading: Grading) -> Recordings:
    return grading.recordings([question.name for question in grading.assignment.questions])


def _patient_session(grading: Grading) -> Session:
    limits = reference_limits(grading.assignment.limits)
    return grading.box.session(solution_program(grading.assignment), limits)
