"""`pytest solutions/NAME`, run by an instructor: the solution is graded against itself.

The student's place and the reference's are two boxes, as when a submission is graded, so a test
that passes here passes there. Boxes open when the first hidden test asks for them.
"""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import pytest

from grader.course import Assignment, find_course, load_assignment
from grader.errors import GraderError
from grader.harness.collected import arranged
from grader.harness.fixtures import Bench, Fixtures
from grader.harness.memo import MemoizedReference

if TYPE_CHECKING:
    from grader.sandbox import Session


class Alone(Fixtures):
    """A pytest plugin: the fixtures of hidden tests, with the solution in the student's place."""

    def __init__(self, sandbox: Literal["docker", "local"]) -> None:
        super().__init__(self._bench)
        self._sandbox = sandbox
        self._assignments: dict[Path, Assignment] = {}
        self._benches: dict[Path, Bench] = {}
        self._fault: GraderError | None = None
        self._open = ExitStack()

    def add(self, file: Path) -> None:
        """Serve this hidden test file too."""
        try:
            course = find_course(file.parent)
            self._assignments[file] = load_assignment(file.parent.name, course)
        except GraderError as error:
            self._fault = self._fault or error

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        if self._fault is not None:
            raise pytest.UsageError(str(self._fault)) from self._fault
        others = [item for item in items if item.path not in self._assignments]
        try:
            hidden = [
                item
                for file, assignment in self._assignments.items()
                for _, item in arranged((i for i in items if i.path == file), assignment)
            ]
        except GraderError as error:
            raise pytest.UsageError(str(error)) from error
        items[:] = [*others, *hidden]

    def pytest_unconfigure(self) -> None:
        self._open.close()

    def _bench(self, file: Path) -> Bench:
        if file not in self._benches:
            self._benches[file] = self._opened(self._assignments[file])
        return self._benches[file]

    def _opened(self, assignment: Assignment) -> Bench:
        student = self._session(assignment)
        reference = MemoizedReference(None, "", lambda: self._session(assignment))
        return Bench(assignment, student, self._open.enter_context(reference))

    def _session(self, assignment: Assignment) -> Session:
        from grader.notebook import solution_program  # noqa: PLC0415  (collecting needs no box)
        from grader.sandbox import open_box  # noqa: PLC0415

        box = self._open.enter_context(
            open_box(self._sandbox, assignment.runtime, limits=assignment.limits)
        )
        session = box.session(solution_program(assignment), assignment.limits)
        return self._open.enter_context(session)
