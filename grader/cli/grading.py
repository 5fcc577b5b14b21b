"""Grading: one notebook or many, and again where the course has changed."""

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
from grader.cli.gradebook import AssignmentName, GradebookOption, gradebook_place

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.batch.jobs import Handed
    from grader.cli.class_files import ClassFiles
    from grader.course import Assignment
    from grader.records import SubmissionResult
    from grader.report.profile import Profile


class Isolation(enum.StrEnum):
    """What a submission shares with the one before it."""

    FORK = "fork"
    CONTAINER = "container"


IsolationOption = Annotated[
    Isolation, typer.Option(help="fork: one warm container; container: a fresh one each.")
]
# Unlike the commands that read one, `grade` keeps nothing where none is named.
KeptInOption = Annotated[
    str | None,
    typer.Option(
        "--gradebook",
        metavar="FILE|URL",
        envvar="GRADER_GRADEBOOK",
        help="Where results are kept: a file, or postgresql://USER@HOST/NAME.",
    ),
]
WorkersOption = Annotated[
    int | None,
    typer.Option(min=1, help="Submissions at a time; by default as cores and memory allow."),
]
ExecutorOption = Annotated[
    str | None,
    typer.Option(metavar="URL", help="dask://HOST:PORT or dask://local?workers=2."),
]
YesOption = Annotated[bool, typer.Option("--yes", help="Keep the new results without asking.")]


@app.command(
    epilog="Examples: grader grade submissions/ --assignment layers --feedback out/   |   "
    "grader grade submissions/ --assignment layers --gradebook gradebook.db"
)
def grade(
    paths: Annotated[
        list[Path],
        typer.Argument(metavar="PATH...", help="Notebooks, folders of them, downloaded archives."),
    ],
    assignment: Annotated[str, typer.Option("--assignment", "-a", help="Its name.")],
    json_file: Annotated[
        Path | None, typer.Option("--json", metavar="FILE", help="Write the results as JSON.")
    ] = None,
    gradebook: KeptInOption = None,
    feedback: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Write a feedback page per student.")
    ] = None,
    roster: Annotated[
        Path | None, typer.Option(metavar="FILE", help="The class list: a CSV, or an LMS's export.")
    ] = None,
    workers: WorkersOption = None,
    executor: ExecutorOption = None,
    regrade_too: Annotated[
        bool,
        typer.Option("--regrade", help="Then grade again what a change of the course touches."),
    ] = False,
    yes: YesOption = False,
    show_times: Annotated[
        bool, typer.Option("--profile", help="Then show which steps, tests and cells are slow.")
    ] = False,
    sandbox: SandboxOption = Sandbox.DOCKER,
    isolation: IsolationOption = Isolation.FORK,
    course: CourseOption = Path(),
) -> None:
    """Grade notebooks: one file, a folder of them, a folder per student, or a download."""
    from grader.errors import UsageError
    from grader.report.profile import Profile

    if regrade_too and gradebook is None:
        raise UsageError("--regrade compares with kept results; name them with --gradebook.")
    from grader.cli.class_files import class_files

    task = load(assignment, course)
    for folder in (feedback, json_file.parent if json_file else None):
        can_write(folder)
    profile = Profile() if show_times else None
    with class_files(paths, task, roster) as files:
        if _is_one(files) and gradebook is executor is None:
            (handed,) = files.handed
            code = _grade_one(task, handed, sandbox, isolation, json_file, feedback, profile)
            raise typer.Exit(code)
        from grader.cli.batches import Workers, grade_many
        from grader.cli.regrading import regrade_kept

        where = Workers(sandbox.value, isolation.value, workers, executor)
        code = grade_many(task, files, where, gradebook, json_file, feedback, profile)
    if regrade_too and gradebook and code not in {MACHINE, INTERRUPTED}:
        code = max(code, regrade_kept(task, where, gradebook, None, yes=yes))
    raise typer.Exit(code)


@app.command(epilog="Example: grader regrade layers --question conv2d")
def regrade(
    assignment: AssignmentName,
    questions: Annotated[
        list[str] | None,
        typer.Option("--question", metavar="NAME", help="Only this question; may be repeated."),
    ] = None,
    yes: YesOption = False,
    gradebook: GradebookOption = None,
    workers: WorkersOption = None,
    executor: ExecutorOption = None,
    sandbox: SandboxOption = Sandbox.DOCKER,
    isolation: IsolationOption = Isolation.FORK,
    course: CourseOption = Path(),
) -> None:
    """Grade again what a changed course touches, and show before and after first."""
    from grader.cli.batches import Workers
    from grader.cli.regrading import regrade_kept

    task = load(assignment, course)
    for question in questions or ():
        task.question(question)
    where = Workers(sandbox.value, isolation.value, workers, executor)
    place = gradebook_place(gradebook, course)
    raise typer.Exit(regrade_kept(task, where, place, questions, yes=yes))


def exit_code(results: Sequence[SubmissionResult]) -> int:
    """0 all graded, 1 some need a person, 2 no file could be read, 4 this machine failed some."""
    from grader.records import Status

    if any(result.status is Status.GRADER_ERROR for result in results):
        return MACHINE
    if all("unreadable" in result.flags for result in results):
        return BAD_FILE
    return NEEDS_A_PERSON if any(r.status is not Status.GRADED for r in results) else 0


def _is_one(files: ClassFiles) -> bool:
    return len(files.handed) == 1 and not files.handed[0].problem and not files.unmatched


def _grade_one(
    task: Assignment,
    handed: Handed,
    sandbox: Sandbox,
    isolation: Isolation,
    json_file: Path | None,
    feedback: Path | None,
    profile: Profile | None,
) -> int:
    """One file, in this process: its result is on the screen before a worker would have begun."""
    from grader.pipeline import grade as grade_file
    from grader.pipeline import open_grading
    from grader.report import document, terminal
    from grader.report.feedback import write_feedback

    with open_grading(task, sandbox.value, isolation.value, announce) as grading:
        for sentence in grading.box.missing_protection:
            announce(sentence)
        with terminal.busy(f"Grading {handed.shown}"):
            result = grade_file(handed.path, handed.shown, grading)
        image = grading.box.image_id
    if json_file:
        document.write_json(json_file, document.document(task.name, image, [result]))
    terminal.show(task, [result])
    if profile:
        profile.add(result)
        terminal.show_profile(task, profile)
    if feedback:
        index = write_feedback(feedback, task, [result])
        typer.echo(f"Feedback pages: {index}")
    return exit_code([result])
