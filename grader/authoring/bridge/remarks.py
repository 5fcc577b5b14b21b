"""What both formats have to say to a person, in one place."""

from __future__ import annotations

import re
from collections.abc import Sequence

from grader.authoring.bridge.draft import Decision, GradedCell
from grader.authoring.bridge.reading import SourceCell
from grader.notebook.code import defined_names


def shown(number: int, question: str) -> Decision:
    """A signature that was part of the solution is part of the question now."""
    return Decision(
        number,
        "The signatures and docstrings of this answer were hidden; now the student sees them.",
        "Nothing, unless they were part of the question.",
        question=question,
        must=False,
    )


def untested(number: int, question: str) -> Decision:
    """An answer that nothing graded."""
    return Decision(
        number,
        "This answer has no test cell and no points.",
        "Write a hidden test for it (it has 1 point now), or delete the question and its cell.",
        question=question,
    )


def without_points(number: int, question: str) -> Decision:
    """Tests that were worth nothing."""
    return Decision(
        number,
        "The tests of this question have no points; each has 1 now.",
        "Set the points in assignment.toml.",
        question=question,
    )


def idle(test: GradedCell, question: str) -> Decision:
    """A test cell that is no hidden test."""
    return Decision(
        test.number,
        "This test cell has 0 points; it is no hidden test, and stays in the notebook as it was.",
        "Nothing, unless it should count.",
        question=question,
        must=False,
    )


def code_by_hand(cell: SourceCell, question: str, cells: Sequence[SourceCell]) -> Decision:
    """Code that a person graded is prose here: it is shown to whoever grades, and never run."""
    later = " ".join(each.source for each in cells if each.is_code and each.number > cell.number)
    words = set(re.findall(r"[A-Za-z_]\w*", later))
    names = ", ".join(sorted(defined_names(cell.source) & words)[:8])
    used = f" Later cells do not find what it defines ({names})." if names else ""
    return Decision(
        cell.number,
        "Code that was graded by hand is a written answer now: it is read and not run." + used,
        "Leave it so, or make it an answer with a hidden test.",
        cell.source,
        question,
        must=bool(names),
    )
