"""Small notebooks in the formats of nbgrader and otter, written for these tests."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.builders import make_notebook, write_notebook

MEAN = '''\
def mean(values):
    """The mean of some numbers."""
    ### BEGIN SOLUTION
    return sum(values) / len(values)
    ### END SOLUTION'''
MEAN_TEST = '''\
"""The mean of several lists is right."""
assert mean([1, 2, 3]) == 2
### BEGIN HIDDEN TESTS
assert mean([4.0]) == 4.0
### END HIDDEN TESTS'''


def cell(kind: str, source: str, output: str | None = None, **metadata: Any) -> dict[str, Any]:
    """One cell; `output` is the text of what its last line returned."""
    made: dict[str, Any] = {"cell_type": kind, "metadata": metadata, "source": source}
    if kind == "code":
        made |= {"execution_count": None, "outputs": []}
    if output is not None:
        result = {"output_type": "execute_result", "execution_count": 1, "metadata": {}}
        made["outputs"] = [{**result, "data": {"text/plain": output}}]
    return made


def nbgrader_cell(
    source: str,
    grade_id: str,
    *,
    grade: bool = False,
    solution: bool = False,
    points: float | None = None,
    kind: str = "code",
    task: bool = False,
) -> dict[str, Any]:
    """A cell with nbgrader's metadata."""
    data: dict[str, Any] = {
        "schema_version": 3,
        "grade": grade,
        "solution": solution,
        "locked": not solution,
        "task": task,
        "grade_id": grade_id,
    }
    if points is not None:
        data["points"] = points
    return cell(kind, source, nbgrader=data)


def answer(source: str, grade_id: str = "mean") -> dict[str, Any]:
    """An autograded answer of nbgrader's."""
    return nbgrader_cell(source, grade_id, solution=True)


def graded(source: str, grade_id: str = "test_mean", points: float = 2) -> dict[str, Any]:
    """A cell of nbgrader's with tests."""
    return nbgrader_cell(source, grade_id, grade=True, points=points)


def tiny_nbgrader() -> list[dict[str, Any]]:
    """A question with tests, one in words, one in code that a person graded."""
    return [
        cell("markdown", "# Tiny"),
        cell("code", "import numpy as np"),
        cell("markdown", "## The mean"),
        answer(MEAN),
        graded(MEAN_TEST),
        cell("markdown", "## In words"),
        nbgrader_cell("Because.", "why", grade=True, solution=True, points=1, kind="markdown"),
        nbgrader_cell("plot(mean([1]))", "picture", grade=True, solution=True, points=3),
    ]


def otter_question(
    settings: str, solution: list[dict[str, Any]], tests: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    """A question between otter's raw cells."""
    return [
        cell("raw", f"# BEGIN QUESTION\n{settings}"),
        cell("raw", "# BEGIN SOLUTION"),
        *solution,
        cell("raw", "# END SOLUTION"),
        cell("raw", "# BEGIN TESTS"),
        *tests,
        cell("raw", "# END TESTS"),
        cell("raw", "# END QUESTION"),
    ]


def tiny_otter() -> list[dict[str, Any]]:
    """A variable and a function with tests, and a question in words."""
    return [
        cell("raw", "# ASSIGNMENT CONFIG\nname: tiny"),
        cell("code", "import numpy as np"),
        *otter_question(
            "name: q1\npoints: 3",
            [cell("code", "smallest = 2 # SOLUTION")],
            [cell("code", "smallest > 0", "True"), cell("code", "# HIDDEN\nsmallest", "2")],
        ),
        *otter_question(
            "name: q2",
            [cell("code", "def square(x):\n    return x * x # SOLUTION")],
            [cell("code", "square(3)", "9"), cell("code", "assert square(-2) == 4")],
        ),
        *otter_question("name: q3\nmanual: true\npoints: 2", [cell("markdown", "It is even.")], []),
    ]


def write(folder: Path, cells: list[dict[str, Any]], name: str = "tiny") -> Path:
    """The notebook as a file, in a course without assignments."""
    (folder / "solutions").mkdir(exist_ok=True)
    return write_notebook(folder / "source" / f"{name}.ipynb", make_notebook(*cells))
