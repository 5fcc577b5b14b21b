"""The engine is used as it is, set up where that is possible, or explained in one sentence.

`docker` on the PATH is a small program of ours here: these tests need no engine and touch none.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from grader.errors import MachineError
from grader.sandbox import engine

Program = Callable[[str], None]
CANNOT_CONNECT = (
    "echo 'Cannot connect to the Docker daemon at unix:///var/run/docker.sock.' >&2; exit 1"
)
DENIED = "echo 'permission denied while trying to connect to the Docker API' >&2; exit 1"


@pytest.fixture
def docker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Program:
    """Put a program called `docker` on the PATH, the only one there but the shell's own."""

    def write(script: str) -> None:
        program = tmp_path / "bin" / "docker"
        program.write_text(f"#!/bin/sh\n{script}\n")
        program.chmod(0o755)

    (tmp_path / "bin").mkdir()
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.delenv("DOCKER_HOST", raising=False)
    return write


def test_an_engine_that_answers_is_used_as_it_is(docker: Program) -> None:
    """Nothing is announced, installed or started where an engine answers."""
    docker("echo 28.0.1")
    said: list[str] = []

    engine.ensure_engine(said.append)

    assert said == []


@pytest.mark.parametrize(
    ("script", "sentence"),
    [
        (None, "A Docker engine is missing"),
        (CANNOT_CONNECT, "Start it"),
        (DENIED, "Run the same as root"),
    ],
    ids=["no program", "not running", "no permission"],
)
def test_what_is_missing_is_said_with_its_remedy(
    docker: Program, script: str | None, sentence: str
) -> None:
    """Where the grader cannot install (here: no apt-get), one sentence says what to do."""
    if script:
        docker(script)

    with pytest.raises(MachineError, match=sentence) as raised:
        engine.ensure_engine(pytest.fail)

    assert raised.value.exit_code == 4


def test_a_chosen_remote_engine_is_never_replaced(
    docker: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody's DOCKER_HOST that does not answer is an error, not a reason to install."""
    docker(CANNOT_CONNECT)
    monkeypatch.setenv("DOCKER_HOST", "tcp://graders.example:2376")

    with pytest.raises(MachineError, match=r"DOCKER_HOST=tcp://graders\.example:2376.*unset"):
        engine.ensure_engine(pytest.fail)


def test_an_engine_that_hangs_is_given_up(docker: Program) -> None:
    """A daemon that accepts and never answers must not hang the grader."""
    docker("while :; do :; done")

    with pytest.raises(MachineError, match=r"`docker version` gave no answer within 0 s"):
        engine.run_docker(["version"], seconds=0.2)


def test_a_failed_command_says_the_last_line(docker: Program) -> None:
    """Docker's complaint stands at the end of what it prints."""
    docker("echo one >&2; echo 'pull access denied' >&2; echo >&2; exit 125")

    with pytest.raises(MachineError, match=r"^`docker pull` failed: pull access denied$"):
        engine.run_docker(["pull", "x"])


def test_a_full_disk_is_named_with_the_remedy(docker: Program, tmp_path: Path) -> None:
    """`no space left on device`, wherever in a build's log, becomes one sentence."""
    docker("echo 'write /var/lib/docker/x: no space left on device'; echo 'exit 1'; exit 1")

    with (
        (tmp_path / "log").open("wb") as log,
        pytest.raises(MachineError, match=r"disk of the Docker engine is full.*prune"),
    ):
        engine.run_docker(["build", "."], log=log)


def test_pid_files_of_the_dead_are_removed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A pid file whose number belongs to nobody, or to another program, would stop the engine."""
    files = [tmp_path / name for name in ("gone", "foreign", "ours", "empty")]
    for file, content in zip(files, ("999999999", "1", str(os.getpid()), ""), strict=True):
        file.write_text(content)
    ours = Path("/proc/self/comm").read_text().strip()
    monkeypatch.setattr(
        engine, "PID_FILES", [("dockerd", file) for file in files[:2]] + [(ours, files[2])]
    )

    engine.remove_stale_pid_files()

    assert [file.exists() for file in files[:3]] == [False, False, True]


def test_two_processes_take_turns(tmp_path: Path) -> None:
    """The second one says what it waits for, and goes on when the first is done."""
    said: list[str] = []
    entered = threading.Event()

    def second() -> None:
        with engine.only_one(tmp_path / "lock", said.append, "is building an image"):
            entered.set()

    with engine.only_one(tmp_path / "lock", pytest.fail, "is building an image"):
        waiter = threading.Thread(target=second)
        waiter.start()
        assert not entered.wait(0.1)
    waiter.join(5)

    assert entered.is_set()
    assert said == ["Another process is building an image; waiting for it ..."]
