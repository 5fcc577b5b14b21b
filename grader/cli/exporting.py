"""Grades for other systems: from the gradebook, or of one submission from its results."""

from __future__ import annotations

import enum
import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from grader.cli.app import NEEDS_A_PERSON, CourseOption, announce, app, load
from grader.cli.gradebook import GradebookOption, gradebook_place
from grader.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.course import Assignment
    from grader.exports import Export, Options
    from grader.exports.single import Single
    from grader.gradebook.grades import FinalGrade
    from grader.records import SubmissionResult


class Format(enum.StrEnum):
    """What the other system reads."""

    CANVAS = "canvas"
    MOODLE = "moodle"
    MOODLE_GRADEBOOK = "moodle-gradebook"
    NBGRADER = "nbgrader"
    CSV = "csv"
    PARQUET = "parquet"
    GRADESCOPE = "gradescope"
    JUNIT = "junit"
    GITHUB = "github"
    GRADESCOPE_AUTOGRADER = "gradescope-autograder"


FILLED_IN = frozenset({Format.CANVAS, Format.MOODLE})
OF_ONE = frozenset({Format.GRADESCOPE, Format.JUNIT, Format.GITHUB})


@app.command(
    epilog="Examples: grader export canvas layers --into grades.csv --output filled.csv   |   "
    "grader export junit layers --results results.json --output junit.xml"
)
def export(
    format: Annotated[Format, typer.Argument(metavar="FORMAT", help="See docs/exports.md.")],  # noqa: A002
    assignment: Annotated[str, typer.Argument(metavar="ASSIGNMENT", help="Its name.")],
    into: Annotated[
        Path | None,
        typer.Option(metavar="CSV", help="canvas, moodle: the downloaded file to fill in."),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="parquet: a folder. By default the text is printed."),
    ] = None,
    gradebook: GradebookOption = None,
    student: Annotated[
        str | None, typer.Option(metavar="KEY", help="gradescope, junit, github: which one.")
    ] = None,
    results: Annotated[
        Path | None,
        typer.Option(metavar="JSON", help="Not the gradebook, but what `grade --json` wrote."),
    ] = None,
    column: Annotated[
        str, typer.Option(metavar="NAME", help="canvas, moodle: the column to fill in.")
    ] = "",
    scale: Annotated[
        bool, typer.Option("--scale", help="canvas, moodle: scale to the points counted there.")
    ] = False,
    course: CourseOption = Path(),
) -> None:
    """Write grades for Canvas, Moodle, Gradescope, GitHub and others. Unknown is blank, never 0."""
    from grader.exports import Options

    task = load(assignment, course)
    place = gradebook_place(gradebook, course)
    _check(format, into, output, results)
    if format is Format.GRADESCOPE_AUTOGRADER:
        from grader.exports.autograder import export as autograder

        made = autograder(task)
    elif format in OF_ONE:
        made = _of_one(format, task, _single(task, place, results, student))
    else:
        options = Options(_read(into), into.name if into else "", column, scale)
        made = _of_class(format, task, _grades(task, place), options)
    _write(made, output)
    for sentence in (*made.notes, *made.left_out):
        announce(sentence)
    if made.left_out:
        announce(f"{len(made.left_out)} of these need a person.")
        raise typer.Exit(NEEDS_A_PERSON)


def _check(
    format: Format,  # noqa: A002
    into: Path | None,
    output: Path | None,
    results: Path | None,
) -> None:
    if format in FILLED_IN and into is None:
        raise UsageError(
            f"{format} fills in a file that you download there: name it with --into FILE."
        )
    if format not in FILLED_IN and into is not None:
        raise UsageError(f"--into is for {' and '.join(sorted(FILLED_IN))}, not for {format}.")
    if format not in OF_ONE and results is not None:
        raise UsageError(f"--results is for {', '.join(sorted(OF_ONE))}, not for {format}.")
    if format in {Format.PARQUET, Format.GRADESCOPE_AUTOGRADER} and output is None:
        raise UsageError(f"{format} cannot be printed: name where it goes with --output.")


def _read(path: Path | None) -> bytes:
    if path is None:
        return b""
    try:
        return path.read_bytes()
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}.") from error


def _of_class(
    format: Format,  # noqa: A002
    task: Assignment,
    grades: Sequence[FinalGrade],
    options: Options,
) -> Export:
    from importlib import import_module

    name = {Format.CSV: "plain"}.get(format, format.replace("-", "_"))
    made: Export = import_module(f"grader.exports.{name}").export(task, grades, options)
    return made


def _of_one(format: Format, task: Assignment, single: Single) -> Export:  # noqa: A002
    from grader.exports import Export, github, gradescope, junit

    content = {
        Format.GRADESCOPE: lambda: gradescope.export(single),
        Format.JUNIT: lambda: junit.export(task, single),
        Format.GITHUB: lambda: github.export(single) + b"\n",
    }[format]()
    left = (single.sentence,) if single.score is None else ()
    return Export(content, left_out=left)


def _single(task: Assignment, gradebook: str, results: Path | None, student: str | None) -> Single:
    from grader.exports.single import of_grade, of_result

    if results is not None:
        return of_result(task, _one_result(task, results, student))
    if student is None:
        raise UsageError(
            "This format is of one submission: name its student with --student KEY, or the file "
            "of a run with --results FILE."
        )
    for grade in _grades(task, gradebook):
        if grade.student.key == student:
            return of_grade(task, grade)
    raise UsageError(f"The gradebook has no student {student!r}.")


def _one_result(task: Assignment, results: Path, student: str | None) -> SubmissionResult:
    from grader.exports.results import read_results

    name, found = read_results(results)
    if name != task.name:
        raise UsageError(f"{results} holds results of the assignment {name!r}, not {task.name!r}.")
    chosen = [result for result in found if student in {None, result.student}]
    if len(chosen) != 1:
        names = ", ".join(sorted(result.student for result in found)[:10])
        raise UsageError(
            f"{results} holds {len(chosen)} submissions"
            f"{'' if student is None else f' of {student!r}'}, expected one: name its student "
            f"with --student. There are: {names or 'none'}."
        )
    return chosen[0]


def _grades(task: Assignment, gradebook: str) -> Sequence[FinalGrade]:
    """One final grade per student, worked out by the rules of the course."""
    from grader.gradebook.standing import grades_of
    from grader.gradebook.store import open_gradebook

    with open_gradebook(gradebook, create=False) as book:
        return grades_of(book, task, task.course)


def _write(made: Export, output: Path | None) -> None:
    from grader.exports.writing import write_bytes

    if made.files and output is not None:
        for name, content in made.files.items():
            write_bytes(output / name, content)
    elif output is not None:
        write_bytes(output, made.content)
    else:
        typer.get_binary_stream("stdout").write(made.content)
    if output is not None and not os.environ.get("GITHUB_ACTIONS"):
        announce(f"Wrote {output}")
