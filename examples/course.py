"""Grade the whole course in Docker: of each assignment the solution and the untouched notebook.

    python examples/course.py

The solution gets every point that tests can give, the untouched notebook none; written answers
wait for a person. Feedback pages are in out/course/.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from rich.console import Console
from rich.table import Table

from grader.batch.side_by_side import side_by_side
from grader.course import Assignment, assignment_names, load_assignment
from grader.errors import GraderError
from grader.pipeline import grade, open_grading
from grader.records import SubmissionResult
from grader.report.feedback import write_feedback

ROOT = Path(__file__).parent.parent
OUT = ROOT / "out" / "course"
COLUMNS = ("name", "questions", "by tests", "solution", "untouched", "by a person", "seconds")


def main() -> int:
    """Grade, show a row an assignment, and fail where a solution or a stub gets other points."""
    table = Table(*COLUMNS, title="The course, graded")
    as_expected = True
    assignments = [load_assignment(name, ROOT) for name in assignment_names(ROOT)]
    for assignment, (solution, untouched) in zip(
        assignments, all_results(assignments), strict=True
    ):
        name = assignment.name
        write_feedback(OUT / name, assignment, [solution, untouched])
        by_tests = sum(q.points for q in assignment.questions if not q.written)
        by_person = assignment.max_score - by_tests
        got = [points(result) for result in (solution, untouched)]
        as_expected &= got == [by_tests, 0]
        table.add_row(
            *(name, str(len(assignment.questions)), f"{by_tests:g}"),
            *(f"{each:g}" for each in got),
            *(f"{by_person:g}", f"{solution.seconds:.1f}"),
        )
    Console().print(table)
    Console().print(f"Feedback pages: {OUT.relative_to(ROOT)}/NAME/index.html", soft_wrap=True)
    return 0 if as_expected else 1


def all_results(assignments: list[Assignment]) -> list[tuple[SubmissionResult, SubmissionResult]]:
    """The results of each assignment, two at a time: much of it is waiting for boxes."""
    return list(side_by_side(results, assignments, min(2, os.cpu_count() or 1)))


def results(assignment: Assignment) -> tuple[SubmissionResult, SubmissionResult]:
    """The results of the solution and of the untouched notebook."""
    console = Console(stderr=True)

    def announce(sentence: str) -> None:
        console.print(sentence, soft_wrap=True)

    announce(f"Grading {assignment.name} ...")
    with open_grading(assignment, announce=announce) as grading:
        solution = grade(assignment.source, "solution", grading)
        return solution, grade(assignment.released, "untouched", grading)


def points(result: SubmissionResult) -> float:
    """What the hidden tests gave."""
    return sum(question.score or 0.0 for question in result.questions)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except GraderError as error:
        sys.exit(f"course.py: {error}")
