"""The tests of the tests: what an assignment promises, shown in the boxes that grade.

The reference gets full marks, the untouched release none, every known mistake loses points on its
own question only and is named, every alternative gets full marks, repetitions are identical, and
no hidden test is one that nothing can fail.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from functools import partial
from typing import Literal

from grader.batch.side_by_side import side_by_side
from grader.course import Assignment
from grader.pipeline import ensure_images, open_grading
from grader.verify.findings import Verification, findings
from grader.verify.trials import run_trials

__all__ = ["Verification", "verify", "verify_all"]


def verify_all(
    assignments: Sequence[Assignment],
    sandbox: Literal["docker", "local"] = "docker",
    *,
    workers: int = 1,
    repetitions: int = 20,
    questions: Collection[str] | None = None,
    announce: Callable[[str], None] = lambda _: None,
) -> Iterator[Verification]:
    """Verify several assignments, `workers` at a time; in their order, each as soon as it is there.

    Each has a process and boxes of its own; `announce` must be a function of a module.
    """
    work = partial(
        verify, sandbox=sandbox, repetitions=repetitions, questions=questions, announce=announce
    )
    if sandbox == "docker":  # once, before several would build the same
        ensure_images(assignments, announce)
    yield from side_by_side(work, assignments, workers)


def verify(
    assignment: Assignment,
    sandbox: Literal["docker", "local"] = "docker",
    *,
    repetitions: int = 20,
    questions: Collection[str] | None = None,
    announce: Callable[[str], None] = lambda _: None,
) -> Verification:
    """Show what an assignment promises, or some of its questions.

    `announce` gets a sentence before each long step.
    """
    for question in questions or ():
        assignment.question(question)
    with open_grading(assignment, sandbox, announce=announce) as grading:
        trials = run_trials(grading, repetitions, questions)
    return findings(assignment, trials)
