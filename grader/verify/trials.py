"""What `grader verify` runs: the reference, the stub and every variant, as if a student's.

A variant replaces one answer. It runs on its own question and on those that say they follow it;
that the others cannot see it is shown by a sample, the first `SAMPLED` of each question, which
runs on all of them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from grader.course import Assignment
from grader.harness.run import followed, run_tests
from grader.misconceptions import Recordings, key_of, name_mistakes
from grader.misconceptions.recordings import WithVariant, load_file
from grader.notebook import solution_program
from grader.pipeline import Grading, grade, reference_limits
from grader.records import TestResult, Variant
from grader.sandbox import Session

Tests = tuple[TestResult, ...]
SAMPLED = 2
# In one process: TensorFlow keeps something of every network, and a submission makes few. A run of
# all questions counts as many of one.
AT_A_TIME = 8
EVERYWHERE = 4


@dataclass(frozen=True)
class Tried:
    """A variant in a student's place, on what can see it, with its mistakes named."""

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

    questions: tuple[str, ...]
    reference: Tests
    stub: Tests
    recordings: Recordings
    mistakes: tuple[Tried, ...]
    alternatives: tuple[Tried, ...]
    repeated: tuple[Tests, ...]


def run_trials(
    grading: Grading, repetitions: int, questions: Collection[str] | None = None
) -> Trials:
    """Run everything, or what belongs to some questions, in the boxes that grade."""
    name, announce = grading.assignment.name, grading.announce
    chosen = tuple(questions or (question.name for question in grading.assignment.questions))
    announce(f"{name}: the reference and the untouched release ...")
    reference, stub = _solution(grading, chosen), _release(grading, chosen)
    recordings = grading.recordings(chosen)
    announce(f"{name}: {len(recordings)} known mistakes ...")
    mistakes = _variants(grading, grading.assignment.misconceptions, chosen)
    announce(f"{name}: the alternatives ...")
    alternatives = _variants(grading, grading.assignment.alternatives, chosen)
    announce(f"{name}: {repetitions} repetitions ...")
    failing = next((tried.variant for tried in mistakes if tried.failed(own=True)), None)
    repeated = tuple(_repetition(grading, failing, chosen) for _ in range(repetitions))
    return Trials(chosen, reference, stub, recordings, mistakes, alternatives, repeated)


def _solution(grading: Grading, questions: Collection[str]) -> Tests:
    """The reference under the limits of a student."""
    program, limits = solution_program(grading.assignment), grading.assignment.limits
    with grading.box.session(program, limits) as session:
        return run_tests(grading.assignment, session, grading.reference, questions=questions)


def _release(grading: Grading, questions: Collection[str]) -> Tests:
    """The untouched release, by the way of any submission."""
    result = grade(grading.assignment.released, "release", grading)
    found = tuple(test for question in result.questions for test in question.tests)
    return tuple(test for test in found if test.question in questions)


def _variants(grading: Grading, path: Path, questions: Collection[str]) -> tuple[Tried, ...]:
    """Every variant of a file, in a box where students' code runs."""
    with _patient_session(grading) as session:
        found = load_file(session, path, grading.assignment)
    seen: Counter[str] = Counter()
    planned: list[tuple[Variant, Collection[str]]] = []
    for variant in found:
        if variant.question in questions:
            seen[variant.question] += 1
            everywhere = seen[variant.question] <= SAMPLED
            touched = _touched(grading.assignment, variant) & {*questions}
            planned.append((variant, questions if everywhere else touched))
    tried = []
    for group in _groups(planned, questions):
        with _patient_session(grading) as session:
            load_file(session, path, grading.assignment)
            tried += [
                Tried(variant, _try(grading, session, variant, asked)) for variant, asked in group
            ]
    return tuple(tried)


def _groups(
    planned: Iterable[tuple[Variant, Collection[str]]], questions: Collection[str]
) -> Iterator[list[tuple[Variant, Collection[str]]]]:
    """The variants in their order, as many together as one process may run."""
    group: list[tuple[Variant, Collection[str]]] = []
    spent = 0
    for variant, asked in planned:
        cost = EVERYWHERE if len(asked) == len(questions) else 1
        if group and spent + cost > AT_A_TIME:
            yield group
            group, spent = [], 0
        group.append((variant, asked))
        spent += cost
    if group:
        yield group


def _touched(assignment: Assignment, variant: Variant) -> set[str]:
    """The questions that a variant can change: its own, and those that follow it."""
    return {
        question.name
        for question in assignment.questions
        if variant.question in {question.name, *followed(assignment, question.name)}
    }


def _try(grading: Grading, session: Session, variant: Variant, questions: Collection[str]) -> Tests:
    target = WithVariant(session, variant)
    tests = run_tests(grading.assignment, target, grading.reference, questions=questions)
    failed = {test.question for test in tests if not test.passed}
    return name_mistakes(tests, grading.recordings(sorted(failed)))


def _repetition(grading: Grading, failing: Variant | None, questions: Collection[str]) -> Tests:
    """The reference and one known mistake once more, in a fresh session."""
    assignment, reference = grading.assignment, grading.reference
    with _patient_session(grading) as session:
        right = run_tests(assignment, session, reference, questions=questions)
        if failing is None:
            return right
        load_file(session, assignment.misconceptions, assignment)
        target, own = WithVariant(session, failing), (failing.question,)
        wrong = run_tests(assignment, target, reference, questions=own)
    return (*right, *name_mistakes(wrong, grading.recordings(own)))


def _patient_session(grading: Grading) -> Session:
    limits = reference_limits(grading.assignment.limits)
    return grading.box.session(solution_program(grading.assignment), limits)
