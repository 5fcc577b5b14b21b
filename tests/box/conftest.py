"""Real boxes for the tests in this folder: opened once, and the same tests for each kind."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator

import pytest

from grader.errors import MachineError
from grader.records import Cell, Program
from grader.sandbox import Box, Session, open_box
from grader.settings import Limits

QUICK = Limits(cell_seconds=2.5, call_seconds=1.5, memory_mb=400, disk_mb=8, processes=32)
KINDS = ["local", pytest.param("docker", marks=pytest.mark.docker)]


def program(*cells: str) -> Program:
    """A program of these cells."""
    return Program(tuple(Cell(source) for source in cells))


def opened(kind: str, runtime: str = "numpy", isolation: str = "fork") -> Box:
    """A box of this kind; without an engine the test is skipped, but on CI it fails."""
    try:
        return open_box(kind, runtime, isolation=isolation)
    except MachineError as error:
        if os.environ.get("CI"):
            raise
        pytest.skip(str(error))


@pytest.fixture(scope="session", params=KINDS)
def box(request: pytest.FixtureRequest) -> Iterator[Box]:
    with opened(request.param) as box:
        yield box


@pytest.fixture(scope="session")
def docker_box() -> Iterator[Box]:
    with opened("docker") as box:
        yield box


@pytest.fixture
def run(box: Box) -> Iterator[Callable[..., Session]]:
    """Run cells in the box; the session is closed at the end of the test."""
    sessions: list[Session] = []

    def run(*cells: str, limits: Limits = QUICK) -> Session:
        sessions.append(box.session(program(*cells), limits))
        return sessions[-1]

    yield run
    for session in sessions:
        session.close()
