"""The tests of the tests: what an assignment promises, shown in the boxes that grade.

The reference gets full marks, the untouched release none, every known mistake loses points on its
own question only and is named, every alternative gets full marks, repetitions are identical, and
no hidden test is one that nothing can fail.
"""

from collections.abc import Callable, Collection
from typing import Literal

from grader.course import Assignment
from grader.pipeline import open_grading
from grader.verify.findings import Verification, findings
from grader.verify.trials import run_trials

__all__ = ["Verification", "verify"]


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
