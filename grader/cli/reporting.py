"""What the gradebook says of a class: pages for its instructors."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from grader.cli.app import CourseOption, announce, app, can_write, load
from grader.cli.gradebook import AssignmentName, GradebookOption, gradebook_place

if TYPE_CHECKING:
    from grader.course import Assignment
    from grader.gradebook.store import Gradebook
    from grader.report.classroom.alike import Compared
    from grader.report.classroom.material import Classroom


@app.command(epilog="Example: grader report layers --output out/report --similarity")
def report(
    assignment: AssignmentName,
    gradebook: GradebookOption = None,
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="DIR", help="Where the pages go.")
    ] = Path("report"),
    similarity: Annotated[
        bool, typer.Option("--similarity", help="Also look for submissions that are alike.")
    ] = False,
    course: CourseOption = Path(),
) -> None:
    """Write pages on a class: overview, questions, who needs a person, each student."""
    task = load(assignment, course)
    can_write(output)
    from grader.gradebook.standing import grades_of
    from grader.gradebook.store import open_gradebook
    from grader.report.classroom.material import classroom
    from grader.report.classroom.site import write_site

    with open_gradebook(gradebook_place(gradebook, course), create=False) as book:
        grades = grades_of(book, task, task.course)
        room = classroom(task, grades, book.attempts(task.name), book.decisions(task.name))
        compared = _compared(task, book, room) if similarity else None
    announce(f"Writing the pages of {len(room.grades)} students ...")
    typer.echo(f"Report: {write_site(output, room, compared)}")


def _compared(task: Assignment, book: Gradebook, room: Classroom) -> Compared:
    from grader.pipeline import released_notebook
    from grader.report.classroom.alike import Compared, released_code, works
    from grader.similarity import find_pairs

    announce("Looking for submissions that are alike ...")
    release = released_notebook(task)
    found, without = works(room.grades, book.notebook, release, task)
    return Compared(find_pairs(found, released_code(release)), tuple(without))
