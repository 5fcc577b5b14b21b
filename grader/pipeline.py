"""READ FIRST: the way of a submission, one named step per line, in `grade`.

A submission is read, repaired and put together with the locked cells of the course; its cells run
in a box; hidden tests on the host ask that box and the reference for answers and compare them;
what failed is explained. Nothing that decides the score is ever inside the student's box.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

from grader import misconceptions
from grader.course import Assignment
from grader.errors import CourseError, MachineError, SubmissionError, UnsafeError
from grader.harness.memo import MemoizedReference
from grader.harness.run import follow_through, run_tests
from grader.harness.weights import Again
from grader.intake import assemble, read_submission
from grader.notebook import solution_program
from grader.records import (
    Program,
    Submission,
    SubmissionResult,
    TestResult,
)
from grader.rows import not_graded, summarise, unread
from grader.sandbox import Box, Session, open_box
from grader.sandbox.image import ensure_image
from grader.settings import Limits, cache_folder, code_digest
from grader.steps import Step, measured, step

Announce = Callable[[str], None]

# The course's own code may take longer than a student's: it starts cold and records in bulk.
REFERENCE_PATIENCE = 10.0
REFERENCE_MEMORY = 2
REFERENCE_SECONDS = 36_000.0  # one session may serve a whole class


@dataclass
class Grading:
    """What all submissions of one run share: the assignment, a warm box, the reference."""

    assignment: Assignment
    release: Mapping[str, Any]
    box: Box
    reference: MemoizedReference[Session]
    recordings_folder: Path
    announce: Announce
    _recordings: dict[str, misconceptions.Recordings] = field(default_factory=dict, repr=False)

    def recordings(self, questions: Sequence[str]) -> misconceptions.Recordings:
        """What the hidden tests observe of these questions' known mistakes: recorded once, kept."""
        for question in questions:
            if question not in self._recordings:
                self._recordings[question] = self._load_or_record(question)
        return tuple(known for question in questions for known in self._recordings[question])

    def _load_or_record(self, question: str) -> misconceptions.Recordings:
        if self.assignment.question(question).written:
            return ()
        path = self.recordings_folder / f"{question}.npz"
        kept = misconceptions.load(path)
        if kept is not None:
            return kept
        self.announce(f"Recording the known mistakes of {question}, once (a few seconds) ...")
        with self.reference.fresh() as session:
            recorded = misconceptions.record(
                self.assignment, session, run_tests, self.reference, question=question
            )
        misconceptions.save(recorded, path)
        return recorded


def grade(
    path: Path, student: str, grading: Grading, again: Again | None = None
) -> SubmissionResult:
    """Grade one file. A bad file or a broken machine is a row of its own, never an exception.

    Raises:
        UnsafeError: student code would not be held back as promised, so none is run.
    """
    started = time.monotonic()
    with measured() as steps:
        result = _grade(path, student, grading, again)
    return replace(result, seconds=time.monotonic() - started, steps=steps)


def _grade(path: Path, student: str, grading: Grading, again: Again | None) -> SubmissionResult:
    try:
        with step(Step.READ):
            submission = read_submission(path, student)
            program = assemble(grading.release, submission, grading.assignment)
    except SubmissionError as error:
        return unread(path, student, str(error), grading.assignment)
    try:
        return _grade_program(submission, program, grading, again)
    except UnsafeError:
        raise
    except MachineError as error:
        return not_graded(submission, program, str(error), grading.assignment)


def _grade_program(
    submission: Submission, program: Program, grading: Grading, again: Again | None
) -> SubmissionResult:
    assignment, reference = grading.assignment, grading.reference
    questions = again.questions if again else None
    with grading.box.session(program, assignment.limits) as session:
        with step(Step.TESTS):
            tests = run_tests(assignment, session, reference, questions=questions)
            tests = (*again.kept(assignment), *tests) if again else tests
            tests = follow_through(assignment, tests, session, reference, questions=questions)
        execution = session.execution
    with step(Step.NAMES):
        tests = _with_names(tests, program, grading)
    result = summarise(submission, program, tests, assignment, session.flags)
    return replace(result, execution=execution)


def _with_names(
    tests: tuple[TestResult, ...], program: Program, grading: Grading
) -> tuple[TestResult, ...]:
    """Name the known mistake behind each failed test, where there is one."""
    wrong = {test.question for test in tests if test.passed is False} - set(program.untouched)
    return misconceptions.name_mistakes(tests, grading.recordings(sorted(wrong)))


@contextmanager
def open_grading(
    assignment: Assignment,
    sandbox: Literal["docker", "local"] = "docker",
    isolation: Literal["fork", "container"] = "fork",
    announce: Announce = lambda _: None,
) -> Iterator[Grading]:
    """Everything that the submissions of one run share, closed at the end whatever happens."""
    release = released_notebook(assignment)
    with ExitStack() as stack:
        box = stack.enter_context(
            open_box(
                sandbox,
                assignment.runtime,
                isolation=isolation,
                limits=assignment.limits,
                announce=announce,
            )
        )
        limits = reference_limits(assignment.limits)

        boxes: list[Box] = []

        def reference_session() -> Session:
            # A box of its own, opened only when an answer is not yet known.
            if not (free := [own for own in boxes if not own.in_use]):
                own = open_box(sandbox, assignment.runtime, limits=limits, announce=announce)
                free = [stack.enter_context(own)]
                boxes.append(own)
            return stack.enter_context(free[0].session(solution_program(assignment), limits))

        folder = cache_folder() / assignment.name
        image = box.image_id.removeprefix("sha256:")
        key = f"{assignment.digest()[:16]}-{image[:16]}-{code_digest()[:8]}"
        reference = stack.enter_context(
            MemoizedReference(folder / "reference.sqlite", key, reference_session)
        )
        yield Grading(
            assignment=assignment,
            release=release,
            box=box,
            reference=reference,
            recordings_folder=folder / f"mistakes-{key}",
            announce=announce,
        )


def ensure_images(assignments: Iterable[Assignment], announce: Announce) -> None:
    """Build what these assignments run in, where it is not there."""
    for runtime in sorted({assignment.runtime for assignment in assignments}):
        ensure_image(runtime, announce)


def released_notebook(assignment: Assignment) -> Mapping[str, Any]:
    """The student's notebook as released; `CourseError` when it was not."""
    try:
        notebook: Mapping[str, Any] = json.loads(assignment.released.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise CourseError(
            f"{assignment.released} cannot be read; make it with: grader release {assignment.name}"
        ) from error
    return notebook


def reference_limits(limits: Limits) -> Limits:
    """The student's limits with more patience, since the course's own code decides nothing here."""
    return limits.model_copy(
        update={
            "cell_seconds": limits.cell_seconds * REFERENCE_PATIENCE,
            "call_seconds": limits.call_seconds * REFERENCE_PATIENCE,
            "total_seconds": REFERENCE_SECONDS,
            "memory_mb": limits.memory_mb * REFERENCE_MEMORY,
        }
    )
