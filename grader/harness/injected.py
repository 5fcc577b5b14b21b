"""One run of pytest in this process, silent, with everything about it decided here.

The settings of a course's folder, of the user and of the environment have no say, and nothing of
the run stays behind: the next submission meets the same hidden tests, freshly imported.
"""

from __future__ import annotations

import os
import sys
import traceback
import warnings
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from grader.course import Assignment
from grader.errors import CourseError, DoubtfulError, GraderError
from grader.harness.collected import HiddenTest, arranged, check_complete, name_of
from grader.harness.fixtures import WATCH, Bench, Fixtures
from grader.harness.marks import MARKS
from grader.harness.outcome import Watch
from grader.harness.verdict import course_error

# What a run without a terminal, a cache, logs and reports has no use for; each costs milliseconds.
UNUSED = (
    "cacheprovider",
    "debugging",
    "doctest",
    "faulthandler",
    "junitxml",
    "logging",
    "pastebin",
    "setuponly",
    "setupplan",
    "stepwise",
    "terminal",
    "threadexception",
    "unittest",
    "unraisableexception",
    "warnings",
)
OUTER = ("PYTEST_ADDOPTS", "PYTEST_PLUGINS", "PYTEST_CURRENT_TEST")


@dataclass
class Ended:
    """One hidden test that has run: what it saw, and the first exception on its way, if any."""

    test: HiddenTest
    watch: Watch
    error: BaseException | None = None
    seconds: float = 0.0


@dataclass
class Conductor:
    """A pytest plugin: chooses what runs, keeps how it ended, and shows nothing."""

    assignment: Assignment
    questions: Collection[str] | None = None
    names: Collection[str] | None = None
    tests: list[HiddenTest] = field(default_factory=list)
    ended: dict[str, Ended] = field(default_factory=dict)
    fault: BaseException | None = None
    _chosen: dict[str, HiddenTest] = field(default_factory=dict)

    @pytest.hookimpl
    def pytest_configure(self, config: pytest.Config) -> None:
        for mark in MARKS:
            config.addinivalue_line("markers", mark)

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        try:
            pairs = list(arranged(items, self.assignment))
            check_complete((test for test, _ in pairs), self.assignment)
        except CourseError as error:
            self.fault, pairs = self.fault or error, []
        self.tests = [test for test, _ in pairs]
        self._chosen = {test.name: test for test in self.tests if self._wanted(test)}
        items[:] = [item for test, item in pairs if test.name in self._chosen]

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> pytest.TestReport:
        name, error = name_of(item), call.excinfo.value if call.excinfo else None
        ended = self.ended.setdefault(name, Ended(self._chosen[name], item.stash[WATCH]))
        ended.error = ended.error or error
        _let_go(error)
        ended.seconds += call.duration
        if isinstance(error, GraderError) and not isinstance(error, DoubtfulError):
            self.fault = self.fault or error
            item.session.shouldstop = "the machine or the course is at fault"
        outcome = "failed" if error else "passed"
        return pytest.TestReport(item.nodeid, item.location, {}, outcome, None, call.when)  # type: ignore[arg-type]

    @pytest.hookimpl
    def pytest_exception_interact(self, node: Any, call: pytest.CallInfo[Any]) -> None:
        if isinstance(node, pytest.Collector) and call.excinfo:
            where = f"The hidden tests of {self.assignment.name} cannot be imported"
            self.fault = self.fault or course_error(
                call.excinfo.value, where, self.assignment.tests
            )

    @pytest.hookimpl
    def pytest_keyboard_interrupt(self, excinfo: pytest.ExceptionInfo[BaseException]) -> None:
        if not isinstance(excinfo.value, pytest.Session.Interrupted | pytest.exit.Exception):
            self.fault = excinfo.value

    @pytest.hookimpl
    def pytest_internalerror(self, excinfo: pytest.ExceptionInfo[BaseException]) -> bool:
        self.fault = self.fault or excinfo.value
        return True  # nothing is printed: it is raised again

    def _wanted(self, test: HiddenTest) -> bool:
        return (self.questions is None or test.question in self.questions) and (
            self.names is None or test.name in self.names
        )

    def finish(self) -> None:
        """Raise what stood in the way of the run, if anything did."""
        if self.fault is not None:
            raise self.fault
        if missing := [name for name in self._chosen if name not in self.ended]:
            raise CourseError(
                f"The hidden tests of {self.assignment.name} stopped before {missing[0]}, expected "
                "all to run: a test must not call pytest.exit."
            )


def conduct(
    bench: Bench,
    *,
    questions: Collection[str] | None = None,
    names: Collection[str] | None = None,
) -> Conductor:
    """Run the hidden tests of these questions or names, or all of them."""
    assignment = bench.assignment
    if not assignment.tests.is_file():
        raise CourseError(f"{assignment.tests} is missing: the hidden tests of {assignment.name}.")
    conductor = Conductor(assignment, questions, names)
    file = assignment.tests.resolve()
    with _nothing_outer(), _modules_of(file.parent), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a student's infinities overflow in the test's arithmetic
        pytest.main(_arguments(file), plugins=[conductor, Fixtures(lambda _: bench)])
    conductor.finish()
    return conductor


def _let_go(error: BaseException | None) -> None:
    """Keep the lines of a traceback, and not what its variables held: all answers of a test."""
    while error is not None:
        traceback.clear_frames(error.__traceback__)
        for frame, _line in traceback.walk_tb(error.__traceback__):
            # Until Python 3.12 a frame whose variables were looked at has a copy, renewed by this.
            frame.f_locals  # noqa: B018
        error = error.__cause__ or error.__context__


def _arguments(file: Path) -> list[str]:
    return [
        str(file),
        f"--rootdir={file.parent}",
        f"--confcutdir={file.parent}",
        f"--config-file={os.devnull}",
        "--disable-plugin-autoload",
        "--import-mode=importlib",
        "--assert=plain",  # messages of rewritten assertions show hidden values
        "--capture=no",
        *(f"-pno:{plugin}" for plugin in UNUSED),
    ]


@contextmanager
def _nothing_outer() -> Iterator[None]:
    """The environment of an outer pytest, such as the one that runs our own tests, stays out."""
    kept = {name: os.environ.pop(name) for name in OUTER if name in os.environ}
    try:
        yield
    finally:
        os.environ.update(kept)


@contextmanager
def _modules_of(folder: Path) -> Iterator[None]:
    """Forget afterwards what was imported from there: each run imports the tests afresh."""
    before = set(sys.modules)
    try:
        yield
    finally:
        for name in set(sys.modules) - before:
            file = getattr(sys.modules[name], "__file__", None)
            if file is not None and Path(file).is_relative_to(folder):
                del sys.modules[name]
