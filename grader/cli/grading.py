"""Grading: one notebook or many."""

from __future__ import annotations

import enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from grader.cli.app import (
    BAD_FILE,
    INTERRUPTED,
    MACHINE,
    NEEDS_A_PERSON,
    CourseOption,
    Sandbox,
    SandboxOption,
    announce,
    app,
    can_write,
    load,
)

if TYPE_CHECKING:
    from grader.course import Assignment
    from grader.records import SubmissionResult


class Isolation(enum.StrEnum):
    """What a submission shares with the one before it."""

    FORK = "fork"
    CONTAINER = "container"


@app.command(
    epilog="Examples: grader grade submissions/ --assignment layers --feedback out/   |   "
    "grader grade ada.ipynb --assignment layers --json result.json"
)
def grade(
    paths: Annotated[
        list[Path], typer.Argument(metavar="PATH...", help="Notebooks, or folders of them.")
    ],
    assignment: Annotated[str, typer.Option("--assignment", "-a", help="Its name.")],
    json_file: Annotated[
        Path | None, typer.Option("--json", metavar="FILE", help="Write the results as JSON.")
    ] = None,
    feedback: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Write a feedback page per student.")
    ] = None,
    sandbox: SandboxOption = Sandbox.DOCKER,
    isolation: Annotated[
        Isolation, typer.Option(help="fork: one warm container; container: a fresh one each.")
    ] = Isolation.FORK,
    course: CourseOption = Path(),
) -> None:
    """Grade notebooks: one file, a folder of them, or a folder per student."""
    from grader.intake import find_submissions
    from grader.pipeline import grade as grade_one
    from grader.pipeline import open_grading
    from grader.report import terminal

    task = load(assignment, course)
    submissions = find_submissions(paths, task.name)
    for folder in (feedback, json_file.parent if json_file else None):
        can_write(folder)
    interrupted = False
    with open_grading(task, sandbox.value, isolation.value, announce) as grading:
        for sentence in grading.box.missing_protection:
            announce(sentence)
        results: list[SubmissionResult] = []
        try:
            for student, path in terminal.progress(submissions, "Grading"):
                results.append(grade_one(path, student, grading))
        except KeyboardInterrupt:
            interrupted = True
        image = grading.box.image_id
    _show(task, image, results, json_file, feedback)
    if interrupted:
        left = len(submissions) - len(results)
        announce(f"Interrupted: {left} of {len(submissions)} submissions were not graded.")
    raise typer.Exit(INTERRUPTED if interrupted else exit_code(results))


def exit_code(results: list[SubmissionResult]) -> int:
    """0 all graded, 1 some need a person, 2 no file could be read, 4 this machine failed some."""
    from grader.records import Status

    if any(result.status is Status.GRADER_ERROR for result in results):
        return MACHINE
    if all("unreadable" in result.flags for result in results):
        return BAD_FILE
    return NEEDS_A_PERSON if any(r.status is not Status.GRADED for r in results) else 0


def _show(
    task: Assignment,
    image: str,
    results: list[SubmissionResult],
    json_file: Path | None,
    feedback: Path | None,
) -> None:
    from grader.report import document, terminal
    from grader.report.feedback import write_feedback

    if json_file:
        document.write_json(json_file, document.document(task.name, image, results))
    terminal.show(task, results)
    if feedback:
        index = write_feedback(feedback, task, results)
        typer.echo(f"Feedback pages: {index}")
