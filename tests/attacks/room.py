"""The place where attacks are graded: a course full of sentinels, warm boxes, a gradebook."""

from __future__ import annotations

import ast
import contextlib
import dataclasses
import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from examples.make import read
from grader.course import Assignment, load_assignment
from grader.gradebook.grades import Attempt, ResultKey
from grader.gradebook.store import Gradebook, open_gradebook
from grader.pipeline import Grading, grade, open_grading
from grader.records import SubmissionResult
from grader.report.feedback import feedback_page
from grader.sandbox import Box
from grader.settings import Limits
from tests.attacks.catalogue import ROOT
from tests.attacks.notebooks import ASSIGNMENTS, KEPT, of_kept_questions, perfect

SENTINEL = "zq7sentinel"
NUMBER = 918273.645546
LIMITS = {
    "numpy": Limits(
        cell_seconds=3, call_seconds=1.5, total_seconds=45, memory_mb=400, disk_mb=8, processes=32
    ),
    "keras": Limits(cell_seconds=20, call_seconds=10, total_seconds=90, memory_mb=2000),
}
HIDDEN_TEST = f'''

@pytest.mark.question("linear")
def test_{SENTINEL}(student, reference):
    """The layer is right for one more input."""
    secret = "{SENTINEL}"
    x = np.full((2, 3), {NUMBER})
    assert_matches(student.linear, reference.linear, x, np.full((3, 2), {NUMBER}), np.zeros(2))
'''


@dataclass
class Room:
    """What the cases of one runtime share."""

    grading: Grading
    folder: Path
    book: Gradebook
    marks: tuple[tuple[str, float | None], ...] = ()
    count: int = 0

    @property
    def assignment(self) -> Assignment:
        """The attacked one."""
        return self.grading.assignment

    def fresh_folder(self) -> Path:
        """An empty folder for the next case."""
        self.count += 1
        folder = self.folder / f"case-{self.count}"
        folder.mkdir()
        return folder

    def grade(self, path: Path, **limits: float) -> SubmissionResult:
        """Grade one file as a run does, and record it."""
        result = grade(path, path.stem, self._limited(**limits))
        self._record(result)
        return result

    def canary(self) -> SubmissionResult:
        """The known notebook with full marks."""
        path = self.folder / "canary.ipynb"
        path.write_text(perfect(self.assignment.name), encoding="utf-8")
        return grade(path, "canary", self.grading)

    def container(self) -> str | None:
        """The name of the container that the box has at the moment."""
        return container_of(self.grading.box)

    def _limited(self, **limits: float) -> Grading:
        if not limits:
            return self.grading
        wanted = self.assignment.limits.model_copy(update=limits)
        assignment = self.assignment.model_copy(update={"limits": wanted})
        return dataclasses.replace(self.grading, assignment=assignment)

    def _record(self, result: SubmissionResult) -> None:
        key = ResultKey(self.assignment.name, f"case-{self.count}", "n", "c", "i", "g")
        self.book.record(Attempt(key, 1, result, graded_at=datetime.now(UTC)))

    def rows(self, count: int) -> list[SubmissionResult]:
        """What the gradebook has of the case of this number."""
        attempts = self.book.current(self.assignment.name, f"case-{count}")
        return [attempt.result for attempt in attempts]


@contextmanager
def open_room(runtime: str, folder: Path) -> Iterator[Room]:
    """A grading with everything planted that must not be found, and the canary's known score."""
    name, _ = ASSIGNMENTS[runtime]
    assignment = planted(name, folder / "course").model_copy(update={"limits": LIMITS[runtime]})
    with contextlib.ExitStack() as stack:
        book = stack.enter_context(open_gradebook(folder / "gradebook.db"))
        grading = stack.enter_context(open_grading(assignment))
        room = Room(grading, folder, book)
        first = room.canary()
        assert first.score == assignment.max_score, first
        # What is opened or imported once would look like a leak.
        grading.reference.answer("no_such_function", (), {})
        feedback_page(assignment, first)
        room.marks = marks(first)
        yield room


def planted(name: str, course: Path) -> Assignment:
    """A copy of the course with a sentinel in its solution and in its hidden tests."""
    for folder in ("solutions", "assignments"):
        shutil.copytree(ROOT / folder / name, course / folder / name)
    shutil.copy(ROOT / "solutions" / "course.toml", course / "solutions")
    added = {"test_layers.py": HIDDEN_TEST}
    for file in (f"test_{name}.py", "misconceptions.py"):
        path = course / "solutions" / name / file
        path.write_text(_of_kept_questions(path.read_text()) + added.get(file, ""))
    if name != "layers":  # its known mistakes are made of one another
        (course / "solutions" / name / "misconceptions.py").unlink()
    source = course / f"solutions/{name}/{name}.ipynb"
    released = course / f"assignments/{name}/{name}.ipynb"
    released.write_text(json.dumps(of_kept_questions(read(released))))
    notebook = of_kept_questions(read(source))
    for cell in notebook["cells"]:
        text = "".join(cell["source"])
        if "# BEGIN SOLUTION" in text and cell["cell_type"] == "code":
            before, _, rest = text.partition("# BEGIN SOLUTION")
            indent = before[before.rfind("\n") + 1 :]
            cell["source"] = f'{before}# BEGIN SOLUTION\n{indent}note = "{SENTINEL}"{rest}'
    source.write_text(json.dumps(notebook))
    assignment = load_assignment(name, course)
    questions = tuple(asked for asked in assignment.questions if asked.name in KEPT)
    return assignment.model_copy(update={"questions": questions})


def _of_kept_questions(source: str) -> str:
    """A file of hidden tests or known mistakes without those of the other questions."""
    tree = ast.parse(source)
    tree.body = [node for node in tree.body if _asked(node) <= KEPT]
    return ast.unparse(tree)


def _asked(node: ast.stmt) -> set[str]:
    """The questions that a function or a class is marked with."""
    decorators = getattr(node, "decorator_list", [])
    return {
        str(call.args[0].value)
        for call in decorators
        if isinstance(call, ast.Call)
        and ast.unparse(call.func).endswith(("question", "misconception"))
        and isinstance(call.args[0], ast.Constant)
    }


def marks(result: SubmissionResult) -> tuple[tuple[str, float | None], ...]:
    """The points of each question."""
    return tuple((question.name, question.score) for question in result.questions)


def container_of(box: Box) -> str | None:
    """The name of the container that a box has at the moment."""
    return next(iter(box._launcher.containers), None)  # type: ignore[attr-defined]
