"""What all tests share: the course of this repository, the command, and who needs what."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.postgres import Server, find_binaries

ROOT = Path(__file__).parent.parent

# jsonschema and nbformat would build a grammar of IRIs with it at their first import, which takes
# each worker two seconds; no schema here has an IRI.
sys.modules["rfc3987_syntax"] = None  # type: ignore[assignment]


def docker_answers() -> bool:
    """Whether a Docker engine answers on this machine."""
    if shutil.which("docker") is None:
        return False
    asked = subprocess.run(["docker", "info"], capture_output=True, check=False)
    return asked.returncode == 0


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip what this machine cannot run, but never in CI: there it must fail."""
    if os.environ.get("CI"):
        return
    needs_docker = [item for item in items if item.get_closest_marker("docker")]
    if needs_docker and not docker_answers():
        for item in needs_docker:
            item.add_marker(
                pytest.mark.skip(reason="no Docker engine answers (make test starts one)")
            )


@pytest.fixture(scope="session")
def root() -> Path:
    """The repository."""
    return ROOT


def copy_of_course(target: Path) -> Path:
    """Copy what a course is made of into a new folder."""
    for folder in ("solutions", "assignments", "examples"):
        shutil.copytree(ROOT / folder, target / folder)
    return target


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """A scratch copy of the course, to be damaged at will."""
    return copy_of_course(tmp_path / "course")


@pytest.fixture
def grader() -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run the command as a user does, in a process of its own."""

    def run(
        *args: object, cwd: Path = ROOT, **environment: str
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "grader.cli", *map(str, args)],
            cwd=cwd,
            env={**os.environ, "COLUMNS": "100", **environment},
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )

    return run


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """A PostgreSQL server that ends with the tests."""
    binaries = find_binaries()
    if binaries is None:
        missing = "no PostgreSQL server is installed (make test installs one)"
        if os.environ.get("CI"):
            pytest.fail(missing)
        pytest.skip(missing)
    server = Server(binaries)
    yield server
    server.remove()


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where a new gradebook may be made: a file, or a database of a real server."""
    if request.param == "sqlite":
        return str(tmp_path / "gradebook.db")
    address: str = request.getfixturevalue("postgres").database()
    return address
