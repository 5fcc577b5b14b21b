"""The reference's program: the solution's cells that run at grading."""

from pathlib import Path

from grader.notebook import solution_program
from tests.builders import DOUBLE, TINY_SETTINGS, code_cell, make_assignment, tiny_solution


def test_checks_and_demonstrations_do_not_run(tmp_path: Path) -> None:
    """Given cells, answers and the course's own extra cells run, in order."""
    program = solution_program(make_assignment(tmp_path))

    assert [(cell.role, cell.question) for cell in program.cells] == [
        ("given", None),
        ("answer", "double"),
        ("answer", "shift"),
        ("given", None),
    ]
    assert program.cells[1].source == DOUBLE


def test_the_policy_definitions_leaves_out_what_does_something(tmp_path: Path) -> None:
    """Line numbers stay, so that an error still names the right line."""
    settings = 'policy = "definitions"\n' + TINY_SETTINGS
    cells = [*tiny_solution(), code_cell("print(1)\nSIZE = 3")]

    program = solution_program(make_assignment(tmp_path, cells, settings))

    assert program.cells[-1].source == "\nSIZE = 3"
