"""`grader release`: make `assignments/NAME/` from `solutions/NAME/`, or find where it is stale."""

from __future__ import annotations

import runpy
from collections.abc import Callable, Sequence
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Literal

from grader.authoring.alike import alike
from grader.batch.side_by_side import side_by_side
from grader.cases import Case, freeze, public_answers
from grader.course import Assignment
from grader.errors import CourseError, MachineError
from grader.misconceptions.recordings import WithVariant, load_file
from grader.notebook import check_release, solution_program, write_release
from grader.pipeline import ensure_images, reference_limits
from grader.sandbox import open_box

Announce = Callable[[str], None]
Sandbox = Literal["docker", "local"]


def publish(assignment: Assignment, sandbox: Sandbox, announce: Announce) -> tuple[Path, ...]:
    """Write the student's notebook and the public check cases; return what was written."""
    cases = public_cases(assignment, sandbox, announce)
    notebook = write_release(assignment)
    try:
        assignment.released_cases.write_bytes(cases)
    except OSError as error:
        raise MachineError(
            f"{assignment.released_cases} cannot be written: {error.strerror}."
        ) from error
    return notebook, assignment.released_cases


def check_all(
    assignments: Sequence[Assignment], sandbox: Sandbox, announce: Announce, workers: int
) -> tuple[str, ...]:
    """One sentence for each thing in `assignments/` that is stale; `workers` at a time."""
    if sandbox == "docker":  # once, before several would build the same
        ensure_images(assignments, announce)
    work = partial(check_published, sandbox=sandbox, announce=announce)
    return tuple(chain.from_iterable(side_by_side(work, assignments, workers)))


def check_published(
    assignment: Assignment, sandbox: Sandbox, announce: Announce
) -> tuple[str, ...]:
    """One sentence for each thing in `assignments/NAME/` that is not what `publish` would write."""
    path = assignment.released_cases
    stale = check_release(assignment)
    if path.is_file() and alike(path.read_bytes(), public_cases(assignment, sandbox, announce)):
        return stale
    return (
        *stale,
        f"{path} is not what solutions/{assignment.name} makes; "
        f"write it again with: grader release {assignment.name}",
    )


def public_cases(assignment: Assignment, sandbox: Sandbox, announce: Announce) -> bytes:
    """The public check cases, with the reference's answers and those of the known mistakes.

    Only what each mistake returns for these public inputs is kept, as numbers; no code.
    """
    cases = _cases(assignment)
    limits = reference_limits(assignment.limits)
    with (
        open_box(sandbox, assignment.runtime, limits=limits, announce=announce) as box,
        box.session(solution_program(assignment), limits) as session,
    ):
        # Seeded, so that a network that starts at random starts the same each time.
        answers = public_answers(cases, session.begin(0))
        mistakes = {
            variant: public_answers(
                [case for case in cases if case.question == variant.question],
                WithVariant(session, variant).begin(0),
            )
            for variant in load_file(session, assignment.misconceptions, assignment)
        }
    return freeze(cases, answers, mistakes)


def _cases(assignment: Assignment) -> list[Case]:
    try:
        cases: list[Case] = runpy.run_path(str(assignment.cases))["cases"]
    except Exception as error:
        raise CourseError(
            f"{assignment.cases} cannot be used ({type(error).__name__}: {error}); "
            "it must define cases = [Case(...), ...]."
        ) from error
    return cases
