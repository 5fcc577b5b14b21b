"""Grading on submission: one notebook, on a platform that shows what became of it.

It runs `grader grade` as a process of its own and turns what that wrote into the platform's files.
Those exist from the first second on and say that there is no score, so that nothing that goes wrong
later can leave a zero, a stale score or a file of the student's in their place.
"""

from __future__ import annotations

import enum
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from grader.cli.app import (
    BAD_FILE,
    COURSE,
    MACHINE,
    NEEDS_A_PERSON,
    CourseOption,
    Sandbox,
    SandboxOption,
    announce,
    app,
    load,
)
from grader.errors import CourseError, GraderError, SubmissionError
from grader.scratch import scratch_folder

if TYPE_CHECKING:
    from grader.course import Assignment
    from grader.exports.single import Single

# What the platform trusts its jobs with is none of the business of a process near a student's.
_SECRETS = re.compile(
    r"TOKEN|SECRET|PASSW|CREDENTIAL|_KEY$|^(GITHUB|ACTIONS|RUNNER|CI)_", re.IGNORECASE
)


class Platform(enum.StrEnum):
    """Where the submission was handed in."""

    GITHUB = "github"
    GITLAB = "gitlab"
    GRADESCOPE = "gradescope"


@app.command(epilog="Example: grader ci gitlab submission/ --assignment layers --output out/")
def ci(
    platform: Annotated[Platform, typer.Argument(metavar="PLATFORM", help="Whose files to write.")],
    path: Annotated[Path, typer.Argument(metavar="PATH", help="The notebook, or its folder.")],
    assignment: Annotated[str, typer.Option("--assignment", "-a", help="Its name.")],
    output: Annotated[
        Path, typer.Option(metavar="DIR", help="Where results.json or junit.xml goes.")
    ],
    sandbox: SandboxOption = Sandbox.DOCKER,
    course: CourseOption = Path(),
) -> None:
    """Grade one submission and say so as GitHub, GitLab or Gradescope reads it."""
    from grader.cli.platforms import show, show_first

    task = _load(assignment, course, platform)
    show_first(platform.value, task, output)
    single, code, log = _graded(task, path, sandbox, course)
    show(platform.value, task, single, output, log)
    raise typer.Exit(code)


@app.command(epilog="Example: grader prepare layers --sandbox local")
def prepare(
    assignment: Annotated[str, typer.Argument(metavar="ASSIGNMENT", help="Its name.")],
    sandbox: SandboxOption = Sandbox.DOCKER,
    course: CourseOption = Path(),
) -> None:
    """Record the reference's answers and the known mistakes now, not at the first submission."""
    from grader.pipeline import open_grading

    task = load(assignment, course)
    with open_grading(task, sandbox.value, announce=announce) as grading:
        known = grading.recordings([question.name for question in task.questions])
    typer.echo(f"{task.name} is prepared: {len(known)} known mistakes are recorded.")


def _load(name: str, course: Path, platform: Platform) -> Assignment:
    """The assignment; where the course is broken, one that can at least say so."""
    from grader.course import NAME, Assignment

    try:
        return load(name, course)
    except GraderError as error:
        # Only Gradescope keeps its log from students, who must not read the course's files in it.
        hidden = platform is Platform.GRADESCOPE
        announce(str(error) if hidden else "The course could not be loaded.")
        if not NAME.fullmatch(name):
            raise
        return Assignment(name=name, folder=course, release_folder=course, title=name, questions=())


def _graded(
    task: Assignment, path: Path, sandbox: Sandbox, course: Path
) -> tuple[Single, int, str]:
    """What became of the submission, the exit code, and what the grader printed."""
    from grader.exports.single import OUR_FAULT, nothing
    from grader.intake.one import one_notebook

    if not task.questions:
        return nothing(task, OUR_FAULT, fault=True), COURSE, ""
    try:
        notebook = one_notebook(path, task.name, leave_out=(course,))
    except SubmissionError as error:
        return nothing(task, f"There is no score: {error}", fault=False), BAD_FILE, ""
    with scratch_folder("ci") as folder:
        results = folder / "results.json"
        done = _grade(task, notebook, sandbox, course, results)
        return *_read(task, results, done.returncode), done.stdout


def _grade(
    task: Assignment, notebook: Path, sandbox: Sandbox, course: Path, results: Path
) -> subprocess.CompletedProcess[str]:
    """The same command that a person would give, away from the student's files and variables."""
    return subprocess.run(
        [
            # -P: no module is taken from where the command runs.
            *(sys.executable, "-P", "-m", "grader.cli", "grade", str(notebook.resolve())),
            *("--assignment", task.name, "--json", str(results)),
            *("--sandbox", sandbox.value, "--course", str(course.resolve())),
        ],
        cwd=results.parent,
        env={name: value for name, value in os.environ.items() if not _SECRETS.search(name)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
        check=False,
    )


def _read(task: Assignment, results: Path, code: int) -> tuple[Single, int]:
    from grader.exports.results import read_results
    from grader.exports.single import OUR_FAULT, nothing, of_result

    try:
        if code not in {0, NEEDS_A_PERSON, BAD_FILE, MACHINE}:
            raise CourseError(f"grade ended with {code}")
        (result,) = read_results(results)[1]
    except (GraderError, ValueError):
        failed = code if code in {COURSE, MACHINE} else MACHINE
        return nothing(task, OUR_FAULT, fault=True), failed
    single = of_result(task, result)
    return single, code
