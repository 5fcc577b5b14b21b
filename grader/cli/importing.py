"""Assignments of other graders: what can be translated, and the list of what a person decides."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from grader.cli.app import NEEDS_A_PERSON, CourseOption, app

import_app = typer.Typer(
    no_args_is_help=True, help="Make an assignment from a notebook of nbgrader's or otter's."
)
app.add_typer(import_app, name="import")

SourceArgument = Annotated[Path, typer.Argument(metavar="SOURCE.ipynb")]
NameOption = Annotated[
    str, typer.Option("--name", help="Of the new assignment; by default after the file.")
]


@import_app.command(
    "nbgrader", epilog="Example: grader import nbgrader source/ps1/problem1.ipynb --name problem1"
)
def import_nbgrader(
    source: SourceArgument, name: NameOption = "", course: CourseOption = Path()
) -> None:
    """Import the source version of a notebook, from nbgrader's source/ folder."""
    _import(source, "nbgrader", name, course)


@import_app.command("otter", epilog="Example: grader import otter lab01.ipynb --name lab01")
def import_otter(
    source: SourceArgument, name: NameOption = "", course: CourseOption = Path()
) -> None:
    """Import the notebook that `otter assign` reads."""
    _import(source, "otter", name, course)


def _import(source: Path, grader: str, name: str, course: Path) -> None:
    from grader.authoring.bridge import import_notebook
    from grader.authoring.bridge.listing import lines
    from grader.course import find_course

    made = import_notebook(source, grader, find_course(course), name)
    typer.echo(
        f"Wrote {made.folder}: {made.questions} questions ({made.written} written), "
        f"{made.hidden_tests} hidden tests from {made.test_cells} test cells."
    )
    for line in lines(made.decisions):
        typer.echo(line)
    if made.decisions:
        typer.echo(f"The list, with the code: {made.folder / 'DECISIONS.md'}")
    typer.echo(f"Next: grader release {made.folder.name} && grader verify {made.folder.name}")
    if made.must:
        raise typer.Exit(NEEDS_A_PERSON)
