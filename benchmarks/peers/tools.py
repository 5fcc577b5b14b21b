"""The assignment in each tool's own format, and how each grades one submission of it.

nbgrader and otter-grader run as their manuals say, without a container: nbgrader has none, and
otter's `otter run` is its way without Docker. Each case has a fresh copy of the course, so that
what an attack breaks is broken for itself alone.
"""

from __future__ import annotations

import json
import shutil
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_raw_cell

from benchmarks.peers.attacks import HIDDEN, RIGHT
from benchmarks.peers.running import run, set_up

TEST = f"""\
name = "{HIDDEN}"
x = np.linspace(-3, 3, 13)
expected = np.linspace(-6, 6, 13)
np.testing.assert_allclose(scale(x), expected)"""
CONFIG = (
    "c = get_config()\nc.CourseDirectory.course_id = 'peers'\nc.ExecutePreprocessor.timeout = 10\n"
)
SCORE = (
    "from nbgrader.api import Gradebook\n"
    "with Gradebook('sqlite:///gradebook.db') as g:\n"
    "    s = g.find_submission('hw', 'ada')\n"
    "    print('SCORE', s.score, s.needs_manual_grade)\n"
)
SETTINGS = """\
title = "Scale"
runtime = "numpy"

[limits]
cell_seconds = 10
call_seconds = 5

[[questions]]
name = "scale"
title = "Twice as much"
points = 10
"""
CASES = """\
import numpy as np

from grader.cases import Case

cases = [Case("scale", "twice as much", "scale", (np.arange(3.0),))]
"""
HIDDEN_TEST = f'''\
"""{HIDDEN}"""
import numpy as np
import pytest

from grader.harness import assert_matches


@pytest.mark.question("scale")
def test_values(student, reference):
    """The output is twice the input."""
    assert_matches(student.scale, reference.scale, np.linspace(-3, 3, 13))
'''


@dataclass(frozen=True)
class Graded:
    """What a tool made of one submission: points (None: no score), and all that it wrote."""

    points: float | None
    seconds: float
    said: str
    artefacts: str


Grade = Callable[[Path, str], Graded]


def nbgrader(python: Path, folder: Path) -> Grade:
    """Use nbgrader with a hidden test cell, `generate_assignment` and `autograde`."""
    course = folder / "course"
    (course / "source/hw").mkdir(parents=True)
    (course / "nbgrader_config.py").write_text(CONFIG)

    def cell(source: str, grade_id: str, **more: Any) -> Any:
        flags = {"grade": False, "solution": False, "locked": False, "schema_version": 3, **more}
        return new_code_cell(source, metadata={"nbgrader": {"grade_id": grade_id, **flags}})

    cells = [
        new_code_cell("import numpy as np"),
        cell(f"### BEGIN SOLUTION\n{RIGHT}\n### END SOLUTION", "answer", solution=True),
        cell(
            f"### BEGIN HIDDEN TESTS\n{TEST}\n### END HIDDEN TESTS",
            "test",
            grade=True,
            locked=True,
            points=10,
        ),
    ]
    _write(course / "source/hw/hw.ipynb", new_notebook(cells=cells, metadata=_kernel()))
    set_up([python, "-m", "nbgrader", "generate_assignment", "hw"], course)

    def grade(place: Path, answer: str) -> Graded:
        copy = place / "course"
        shutil.copytree(course, copy)
        _answer(copy / "release/hw/hw.ipynb", copy / "submitted/ada/hw/hw.ipynb", answer)
        said, seconds = run([python, "-m", "nbgrader", "autograde", "hw"], copy)
        time.sleep(2)  # what still writes, writes now
        score, _ = run([python, "-c", SCORE], copy)
        words = score.rsplit("SCORE", 1)[-1].split()
        known = "SCORE" in score and words[1] == "False"
        written = _texts(copy)
        return Graded(float(words[0]) if known else None, seconds, said, written)

    return grade


def otter(python: Path, folder: Path) -> Grade:
    """Use otter-grader with `otter assign` and `otter run`, which grades without a container."""
    course = folder / "course"
    course.mkdir()
    cells = [
        new_raw_cell("# ASSIGNMENT CONFIG\nrun_tests: false\nrequirements: []"),
        new_code_cell("import numpy as np"),
        new_raw_cell("# BEGIN QUESTION\nname: scale\npoints: 10"),
        new_raw_cell("# BEGIN SOLUTION"),
        new_code_cell(f"# BEGIN SOLUTION NO PROMPT\n{RIGHT}\n# END SOLUTION"),
        new_raw_cell("# END SOLUTION"),
        new_raw_cell("# BEGIN TESTS"),
        new_code_cell(f"# HIDDEN\n{TEST}"),
        new_raw_cell("# END TESTS"),
        new_raw_cell("# END QUESTION"),
    ]
    _write(course / "hw.ipynb", new_notebook(cells=cells, metadata=_kernel()))
    set_up([python, "-m", "otter", "assign", "hw.ipynb", "dist", "--no-pdfs"], course)
    (config,) = (course / "dist/autograder").glob("*.zip")

    def grade(place: Path, answer: str) -> Graded:
        copy = place / "course"
        copy.mkdir(parents=True)
        shutil.copy(config, copy / "autograder.zip")
        _answer(course / "dist/student/hw.ipynb", copy / "hw.ipynb", answer)
        command = [python, "-m", "otter", "run", "-a", "autograder.zip", "hw.ipynb"]
        said, seconds = run(command, copy)
        time.sleep(2)
        return Graded(_otter_points(copy / "results.json"), seconds, said, _texts(copy))

    return grade


def _otter_points(results: Path) -> float | None:
    try:
        found = json.loads(results.read_text())
        return float(sum(test.get("score", 0) for test in found["tests"] if test.get("max_score")))
    except (OSError, ValueError, KeyError):
        return None


def ours(folder: Path) -> Grade:
    """This project: hidden tests on the host, the notebook in a container."""
    course = folder / "course"
    private = course / "solutions/scale"
    private.mkdir(parents=True)
    (private / "assignment.toml").write_text(SETTINGS)
    (private / "cases.py").write_text(CASES)
    (private / "test_scale.py").write_text(HIDDEN_TEST)
    body = RIGHT.partition("\n")[2]
    solution = f"def scale(x):\n    # BEGIN SOLUTION\n{body}\n    # END SOLUTION"
    role = {"grader": {"role": "answer", "question": "scale"}}
    cells = [
        new_markdown_cell("# Scale"),
        new_code_cell("import numpy as np", metadata={"grader": {"role": "given"}}),
        new_code_cell(solution, metadata=role),
    ]
    _write(private / "scale.ipynb", new_notebook(cells=cells, metadata=_kernel()))
    grader = [sys.executable, "-m", "grader.cli"]
    set_up([*grader, "release", "scale"], course)

    def grade(place: Path, answer: str) -> Graded:
        copy = place / "course"
        shutil.copytree(course, copy)
        _answer(copy / "assignments/scale/scale.ipynb", copy / "in/ada.ipynb", answer)
        command = [*grader, "grade", "in/ada.ipynb", "--assignment", "scale"]
        said, seconds = run([*command, "--json", "out.json", "--feedback", "feedback"], copy)
        time.sleep(2)
        results = copy / "out.json"
        row = json.loads(results.read_text())["submissions"][0] if results.exists() else {}
        return Graded(row.get("score"), seconds, said, _texts(copy))

    return grade


def _kernel() -> dict[str, Any]:
    return {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}


def _write(path: Path, notebook: Any) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(notebook, path)


def _answer(released: Path, submitted: Path, answer: str) -> None:
    """Hand the released notebook in, with this in the cell of the answer."""
    notebook = nbformat.read(released, as_version=4)
    at = next(i for i, cell in enumerate(notebook.cells) if _is_answer(cell))
    notebook.cells[at].source = answer
    _write(submitted, notebook)


def _is_answer(cell: Any) -> bool:
    solution = cell.metadata.get("nbgrader", {}).get("solution")
    tagged = "otter_answer_cell" in cell.metadata.get("tags", [])
    return bool(cell.cell_type == "code" and (solution or tagged))


def _texts(folder: Path) -> str:
    """All text that a tool has written: what a student may be shown, or an attack has kept."""
    files = (path for path in folder.rglob("*") if path.suffix in {".ipynb", ".json", ".html"})
    return "\n".join(path.read_text(errors="replace") for path in files)
