"""The final grades of one assignment from an open gradebook and the course's own rules."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

from grader.course import Assignment, Outline, assignment_names, load_assignment, load_outline
from grader.gradebook.final import final_grades
from grader.gradebook.grades import FinalGrade
from grader.gradebook.rules import Rules, check_names, load_rules
from grader.gradebook.store import Gradebook

_NEVER = datetime.max.replace(tzinfo=UTC)


def grades_of(
    gradebook: Gradebook, assignment: Assignment, course: Path, student: str | None = None
) -> tuple[FinalGrade, ...]:
    """One grade per student, or that of one student.

    Free late days go first to the assignments that were due before this one.
    """
    outline = load_outline(course)
    check_names(outline, assignment_names(course))
    rules = load_rules(outline, assignment)
    used: Counter[str] = Counter()
    if rules.free_late_days:
        for earlier in _due_before(assignment, rules, outline, course):
            earlier_rules = load_rules(outline, earlier)
            for grade in _grades(gradebook, earlier, earlier_rules, used, student):
                used[grade.student.key] += grade.free_days
    return _grades(gradebook, assignment, rules, used, student)


def strangers_of(gradebook: Gradebook, assignment: Assignment, course: Path) -> tuple[str, ...]:
    """Whom the course's rules name although the roster, where there is one, does not."""
    students = gradebook.students()
    return load_rules(load_outline(course), assignment).strangers(students) if students else ()


def _grades(
    gradebook: Gradebook,
    assignment: Assignment,
    rules: Rules,
    used: Counter[str],
    student: str | None,
) -> tuple[FinalGrade, ...]:
    grades = final_grades(
        assignment,
        rules,
        gradebook.students(),
        gradebook.current(assignment.name, student),
        gradebook.decisions(assignment.name),
        free_days_used=used,
    )
    return tuple(grade for grade in grades if student in {None, grade.student.key})


def _due_before(
    assignment: Assignment, rules: Rules, outline: Outline, course: Path
) -> list[Assignment]:
    """The assignments that come first to a student's free days: by due date, then by name."""
    place = (rules.due or _NEVER, assignment.name)
    others = [
        load_assignment(name, course)
        for name in assignment_names(course)
        if name != assignment.name
    ]
    dated = [((load_rules(outline, one).due or _NEVER, one.name), one) for one in others]
    return [one for when, one in sorted(dated, key=lambda pair: pair[0]) if when < place]
