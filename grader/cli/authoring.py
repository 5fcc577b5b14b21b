"""Writing a course: new assignments, their release, the tests of the tests."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from grader.cli.app import (
    COURSE,
    CourseOption,
    Sandbox,
    SandboxOption,
    announce,
    app,
    can_write,
    load,
    names_or_all,
)

# Each verifies in two boxes of up to 2 GB.
MOST_WORKERS = 4


@app.command(epilog="Example: grader verify layers --json verify.json")
def verify(
    names: Annotated[list[str] | None, typer.Argument(metavar="[NAME...]")] = None,
    json_file: Annotated[
        Path | None, typer.Option("--json", metavar="FILE", help="Write the numbers as JSON.")
    ] = None,
    repetitions: Annotated[int, typer.Option(min=1, help="Runs that must be identical.")] = 20,
    questions: Annotated[
        list[str] | None,
        typer.Option("--question", metavar="NAME", help="Only this question; may be repeated."),
    ] = None,
    workers: Annotated[
        int | None, typer.Option(min=1, help="Assignments at a time; by default one per core.")
    ] = None,
    sandbox: SandboxOption = Sandbox.DOCKER,
    course: CourseOption = Path(),
) -> None:
    """Test the tests: reference, stub, known mistakes, alternatives, repetitions."""
    from grader.report import terminal
    from grader.report.document import write_json
    from grader.verify import verify_all

    reports = []
    for report in verify_all(
        [load(name, course) for name in names_or_all(names, course)],
        sandbox.value,
        workers=workers or _workers(),
        repetitions=repetitions,
        questions=questions,
        announce=announce,
    ):
        terminal.show_verification(report)
        reports.append(report)
    if json_file:
        can_write(json_file.parent)
        write_json(json_file, {"assignments": [report.as_json() for report in reports]})
    if not all(report.ok for report in reports):
        raise typer.Exit(COURSE)


@app.command(epilog="Example: grader release layers --check")
def release(
    names: Annotated[list[str] | None, typer.Argument(metavar="[NAME...]")] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; fail where assignments/ is stale.")
    ] = False,
    sandbox: SandboxOption = Sandbox.DOCKER,
    course: CourseOption = Path(),
) -> None:
    """Write assignments/NAME from solutions/NAME: the stubs and the public check cases."""
    from grader.authoring.publish import check_all, publish

    tasks = [load(name, course) for name in names_or_all(names, course)]
    if not check:
        for task in tasks:
            for path in publish(task, sandbox.value, announce):
                typer.echo(f"Wrote {path}")
        return
    stale = check_all(tasks, sandbox.value, announce, _workers())
    for sentence in stale:
        typer.echo(sentence, err=True)
    if stale:
        raise typer.Exit(COURSE)
    typer.echo("assignments/ is what solutions/ makes.")


@app.command(epilog="Example: grader syllabus > docs/course.md")
def syllabus(course: CourseOption = Path()) -> None:
    """Print the course on one page: its assignments, their goals, what each question covers."""
    from grader.authoring.syllabus import syllabus as page
    from grader.course import find_course

    typer.echo(page(find_course(course)), nl=False)


@app.command(epilog="Example: grader new pooling && grader verify pooling")
def new(name: str, course: CourseOption = Path()) -> None:
    """Start an assignment: a small one that verifies as it stands, for you to change."""
    from grader.authoring.new import new_assignment
    from grader.course import find_course

    folder = new_assignment(name, find_course(course))
    typer.echo(f"Wrote {folder}. Next: grader release {name} && grader verify {name}")


def _workers() -> int:
    return min(os.cpu_count() or 1, MOST_WORKERS)
