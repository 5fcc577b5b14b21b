"""The course on one page: its assignments, their goals, and what each question covers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from grader.course import Assignment, Outline, Unit, load_assignment, load_outline
from grader.errors import CourseError


def syllabus(course: Path) -> str:
    """The page as Markdown, from `solutions/course.toml` and each `assignment.toml`.

    Raises:
        CourseError: there is no outline.
    """
    outline = load_outline(course)
    if not outline.assignments:
        raise CourseError(
            f"{course / 'solutions' / 'course.toml'} names no assignment; it gives the course its "
            "order, titles, hours and goals."
        )
    return "\n".join(_lines(outline, course))


def _lines(outline: Outline, course: Path) -> Iterator[str]:
    hours = sum(unit.hours for unit in outline.assignments)
    yield f"# {outline.title}"
    yield ""
    yield (
        f"{len(outline.assignments)} notebooks, about {hours:g} hours in all. Each stands on its "
        "own once you have done the ones it builds on."
    )
    yield ""
    yield "| | notebook | about | hours | builds on | points |"
    yield "|---|---|---|---|---|---|"
    assignments = {unit.name: load_assignment(unit.name, course) for unit in outline.assignments}
    for number, unit in enumerate(outline.assignments, 1):
        yield _row(number, unit, assignments[unit.name])
    for number, unit in enumerate(outline.assignments, 1):
        yield ""
        yield f"## {number}  {unit.title}"
        yield ""
        yield from _unit(unit, assignments[unit.name])
        if (course / "docs" / "pictures" / f"{unit.name}.png").is_file():
            yield ""
            yield f"![A question of {unit.name}, solved](pictures/{unit.name}.png)"
    yield ""


def _row(number: int, unit: Unit, assignment: Assignment) -> str:
    notebook = f"[`{unit.name}`](../assignments/{unit.name}/{unit.name}.ipynb)"
    before = ", ".join(f"`{name}`" for name in unit.after) or "nothing"
    points = f"{assignment.max_score:g}"
    return f"| {number} | {notebook} | {unit.topic} | {unit.hours:g} | {before} | {points} |"


def _unit(unit: Unit, assignment: Assignment) -> Iterator[str]:
    if unit.goals:
        yield "Afterwards you can"
        yield ""
        for goal in unit.goals[:-1]:
            yield f"- {goal};"
        yield f"- {unit.goals[-1]}."
        yield ""
    yield "| question | of the lecture | points |"
    yield "|---|---|---|"
    for question in assignment.questions:
        points = f"{question.points:g}" + (", graded by a person" if question.written else "")
        yield f"| {question.title} | {question.topic} | {points} |"
