"""What people decide about grades, and the grades that follow."""

from __future__ import annotations

import enum
import math
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from grader.cli.app import CourseOption, announce, app, load
from grader.errors import UsageError

if TYPE_CHECKING:
    from grader.course import Assignment
    from grader.gradebook.store import Gradebook

FILE_NAME = "gradebook.db"
GradebookOption = Annotated[
    str | None,
    typer.Option(
        "--gradebook",
        metavar="FILE|URL",
        envvar="GRADER_GRADEBOOK",
        help=f"A file, or postgresql://USER@HOST/NAME; else {FILE_NAME} in the course.",
    ),
]
AssignmentName = Annotated[str, typer.Argument(metavar="ASSIGNMENT")]
StudentKey = Annotated[
    str, typer.Argument(metavar="STUDENT", help="As `grader grades` calls them.")
]
ByOption = Annotated[str, typer.Option("--by", metavar="NAME", help="Who decides.")]
CommentOption = Annotated[str, typer.Option("--comment", help="Words for the student.")]
QuestionOption = Annotated[
    str | None, typer.Option("--question", metavar="NAME", help="Else the whole assignment.")
]


class What(enum.StrEnum):
    """What a withdrawal takes back."""

    SCORE = "score"
    COMMENT = "comment"


def gradebook_place(given: str | None, course: Path) -> str:
    """The gradebook that a command works on: the one that is named, else the course's own."""
    from grader.course import find_course

    return given or str(find_course(course) / FILE_NAME)


@app.command(epilog="Example: grader grades layers")
def grades(
    assignment: AssignmentName, gradebook: GradebookOption = None, course: CourseOption = Path()
) -> None:
    """Show the grade of each student, and what moved it."""
    from grader.gradebook.standing import grades_of, strangers_of
    from grader.gradebook.store import open_gradebook
    from grader.report.grades import show_grades

    task = load(assignment, course)
    with open_gradebook(gradebook_place(gradebook, course), create=False) as book:
        found = grades_of(book, task, task.course)
        for name in strangers_of(book, task, task.course):
            announce(f"solutions/course.toml names {name!r}, who is not on the roster.")
    show_grades(task.name, found)


@app.command(
    epilog="Examples: grader mark vgg ada why_small 7.5 --by 'Grace Hopper'   |   "
    "grader mark vgg ada why_small clear=4 true=3.5 --by 'Grace Hopper'"
)
def mark(
    assignment: AssignmentName,
    student: StudentKey,
    question: Annotated[str, typer.Argument(metavar="QUESTION")],
    score: Annotated[
        list[str], typer.Argument(metavar="SCORE...", help="Points, or CRITERION=POINTS of each.")
    ],
    by: ByOption,
    comment: CommentOption = "",
    gradebook: GradebookOption = None,
    course: CourseOption = Path(),
) -> None:
    """Give a question points by hand, where a person grades it."""
    rubric = _rubric(score)
    total = rubric if isinstance(rubric, float) else sum(rubric.values())
    with _deciding(assignment, student, question, gradebook, course) as (book, task):
        _check_score(total, question, task)
        book.mark(task.name, student, question, rubric, _who(by), comment=comment)


@app.command(
    epilog="Examples: grader override layers ada 90 --by 'Grace Hopper'   |   "
    "grader override layers ada 12 --question conv2d --by 'Grace Hopper' --comment 'Right idea.'"
)
def override(
    assignment: AssignmentName,
    student: StudentKey,
    score: Annotated[str, typer.Argument(metavar="SCORE")],
    by: ByOption,
    question: QuestionOption = None,
    comment: CommentOption = "",
    gradebook: GradebookOption = None,
    course: CourseOption = Path(),
) -> None:
    """Put a person's score in place of the tests', for one question or for the whole."""
    number = _number(score)
    with _deciding(assignment, student, question, gradebook, course) as (book, task):
        _check_score(number, question, task)
        book.override(task.name, student, question, number, _who(by), comment=comment)


@app.command(epilog="Example: grader comment layers ada 'See me on Monday.' --by 'Grace Hopper'")
def comment(
    assignment: AssignmentName,
    student: StudentKey,
    text: Annotated[str, typer.Argument(metavar="TEXT")],
    by: ByOption,
    question: QuestionOption = None,
    gradebook: GradebookOption = None,
    course: CourseOption = Path(),
) -> None:
    """Add words for the student, without a score."""
    if not text.strip():
        raise UsageError("The comment is empty. To take one back: grader withdraw --what comment")
    with _deciding(assignment, student, question, gradebook, course) as (book, task):
        book.comment(task.name, student, question, text, _who(by))


@app.command(epilog="Example: grader withdraw layers ada --question conv2d --by 'Grace Hopper'")
def withdraw(
    assignment: AssignmentName,
    student: StudentKey,
    by: ByOption,
    question: QuestionOption = None,
    what: Annotated[What, typer.Option(help="What is taken back.")] = What.SCORE,
    comment: CommentOption = "",
    gradebook: GradebookOption = None,
    course: CourseOption = Path(),
) -> None:
    """Take back a person's score or comment; that it was given stays on record."""
    from grader.gradebook.decisions import Kind

    kind = Kind.SCORE_WITHDRAWN if what is What.SCORE else Kind.COMMENT_WITHDRAWN
    with _deciding(assignment, student, question, gradebook, course) as (book, task):
        book.withdraw(task.name, student, question, _who(by), kind=kind, comment=comment)


@contextmanager
def _deciding(
    assignment: str, student: str, question: str | None, gradebook: str | None, course: Path
) -> Iterator[tuple[Gradebook, Assignment]]:
    """Check whom and what a decision is about; afterwards show what became of the grade."""
    from grader.gradebook.standing import grades_of
    from grader.gradebook.store import open_gradebook
    from grader.report.grades import show_grades

    task = load(assignment, course)
    if question is not None and question not in {one.name for one in task.questions}:
        known = ", ".join(one.name for one in task.questions)
        raise UsageError(f"{task.name} has no question {question!r}; it has {known}.")
    with open_gradebook(gradebook_place(gradebook, course), create=False) as book:
        _check_student(book, task, student)
        yield book, task
        found = grades_of(book, task, task.course, student)
    show_grades(task.name, found)


def _check_student(book: Gradebook, task: Assignment, student: str) -> None:
    import difflib

    known = {one.key for one in book.students()} | book.people(task.name)
    if student in known:
        return
    close = difflib.get_close_matches(student, known, 3)
    hint = f"Did you mean {' or '.join(map(repr, close))}?" if close else ""
    raise UsageError(
        f"{student!r} is neither on the roster nor in {book.place} with {task.name}. "
        f"{hint or f'The keys of all students: grader grades {task.name}'}"
    )


def _check_score(score: float, question: str | None, task: Assignment) -> None:
    most = task.question(question).points if question else task.max_score
    if score > most:
        raise UsageError(f"{score:g} is more than the {most:g} points of {question or task.name}.")


def _rubric(scores: list[str]) -> dict[str, float] | float:
    if len(scores) == 1 and "=" not in scores[0]:
        return _number(scores[0])
    criteria: dict[str, float] = {}
    for score in scores:
        name, equals, number = score.rpartition("=")
        if not equals or not name.strip() or name.strip() in criteria:
            raise UsageError(
                f"{score!r} cannot be used: expected one number, or CRITERION=POINTS for each "
                "criterion, each once."
            )
        criteria[name.strip()] = _number(number)
    return criteria


def _number(text: str) -> float:
    try:
        number = float(text.replace(",", "."))
    except ValueError:
        number = math.nan
    if not math.isfinite(number) or number < 0:
        raise UsageError(f"{text!r} is no score: expected a number of points, 0 or more.")
    return number


def _who(name: str) -> str:
    if not name.strip():
        raise UsageError("--by is empty: each decision is kept with the name of who took it.")
    return name.strip()
