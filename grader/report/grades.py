"""The final grades of a class on a terminal: a row per student, and what moved each score."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from rich.cells import cell_len, set_cell_size
from rich.console import Console

from grader.gradebook.grades import FinalGrade, State
from grader.report.console import indented, make_console, print_line
from grader.report.text import one_line
from grader.scores import points

WORDS = {
    State.GRADED: ("graded", "green"),
    State.NEEDS_ATTENTION: ("needs a person", "blue"),
    State.GRADER_ERROR: ("our error", "magenta"),
    State.MISSING: ("missing", "dim"),
    State.EXCUSED: ("excused", "dim"),
}
_NAME_WIDTH = 30


def show_grades(
    assignment: str, grades: Sequence[FinalGrade], console: Console | None = None
) -> None:
    """One row per student with its reasons, then how many stand where."""
    console = console or make_console()
    width = min(max([7, *(cell_len(_name(grade)) for grade in grades)]), _NAME_WIDTH)
    print_line(console, (f"{'student':<{width}}  {'score':>13}", "dim"))
    for grade in grades:
        _print_row(console, grade, width)
    print_line(console)
    print_line(console, (f"{assignment}: {_counts(grades)}", "bold"))


def _print_row(console: Console, grade: FinalGrade, width: int) -> None:
    word, colour = WORDS[grade.state]
    print_line(
        console,
        (set_cell_size(_name(grade), width), "bold"),
        (f"  {points(grade.score):>6} / {points(grade.max_score):<4}  ", ""),
        (word, colour),
    )
    for reason in grade.reasons:
        indented(console, one_line(reason, 300), "dim" if grade.state is State.GRADED else colour)
    if grade.comment:
        indented(console, f"comment: {one_line(grade.comment, 300)}", "dim")


def _name(grade: FinalGrade) -> str:
    """The key, by which commands know the student, and the name where it says more."""
    key, name = one_line(grade.student.key, 80), one_line(grade.student.name, 80)
    return f"{key} ({name})" if name and name != key else key


def _counts(grades: Sequence[FinalGrade]) -> str:
    found = Counter(grade.state for grade in grades)
    parts = [f"{found[state]} {word}" for state, (word, _) in WORDS.items() if found[state]]
    return ", ".join(parts) or "nobody is in the gradebook yet"
