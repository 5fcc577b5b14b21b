"""Containers begin and end with the box that started them, whatever ends the box."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from grader.errors import MachineError
from grader.sandbox.box import Box
from grader.sandbox.docker_box import DockerLauncher
from tests.box.conftest import QUICK, opened, program

docker = pytest.mark.docker
GOOD = "def good():\n    return 42"
HOST = """
import sys, time
from grader.sandbox import open_box
from grader.records import Cell, Program
from grader.settings import Limits
with open_box({kind!r}, "numpy") as box:
    with box.session(Program((Cell("def f():\\n    while True: pass"),)), Limits()) as session:
        launcher = box._launcher
        if {kind!r} == "docker":
            mark = launcher._run
        else:
            mark = next(iter(launcher._folders.values())).path
        print(mark, flush=True)
        session.call("f")
"""


@contextmanager
def host_of(kind: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A grader of its own, in the middle of a call; and the mark of its containers."""
    command = [sys.executable, "-c", HOST.format(kind=kind)]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as host:
        assert host.stdout is not None
        yield host, host.stdout.readline().strip()


def containers(run: str) -> list[str]:
    """The names of the containers of one launcher."""
    listed = subprocess.run(
        ["docker", "ps", "-aq", "--filter", f"label=keras-grader.run={run}"],
        capture_output=True,
        text=True,
        check=True,
    )
    return listed.stdout.split()


def gone(run: str, seconds: float = 15) -> bool:
    """Whether the launcher's containers end within this time."""
    deadline = time.monotonic() + seconds
    while containers(run):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.1)
    return True


@docker
def test_no_container_is_left_after_close():
    """A box that was closed leaves no container, running or stopped."""
    with opened("docker") as box:
        launcher = box._launcher
        assert isinstance(launcher, DockerLauncher)
        with box.session(program(GOOD), QUICK) as session:
            assert session.call("good").value == 42
            assert containers(launcher._run)

    assert containers(launcher._run) == []


@docker
def test_a_container_that_is_gone_is_the_machines_fault():
    """A container that somebody removed is a MachineError, and the next session gets a new one."""
    with opened("docker") as box:
        session = box.session(program(GOOD), QUICK)
        subprocess.run(
            ["docker", "kill", *containers(box._launcher._run)], check=True, capture_output=True
        )
        with pytest.raises(MachineError, match="box"):
            session.call("good")
        session.close()

        with box.session(program(GOOD), QUICK) as again:
            assert again.call("good").value == 42


@docker
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT, signal.SIGTERM])
def test_a_container_ends_with_the_grader(number):
    """Kill -9, Ctrl-C or a termination of the grader leave no container."""
    with host_of("docker") as (host, run):
        assert containers(run)

        os.kill(host.pid, number)
        host.wait(20)

    assert gone(run)


def test_a_local_zygote_ends_with_the_grader():
    """Neither the processes nor the folder of a local box outlive a grader that is killed."""
    with host_of("local") as (host, folder):
        zygotes = _children(host.pid)
        assert zygotes

        host.kill()
        host.wait(20)

    deadline = time.monotonic() + 15
    while any(_alive(pid) for pid in zygotes) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not any(_alive(pid) for pid in zygotes)
    assert not Path(folder).exists()


def test_a_zygote_that_ends_while_idle_is_replaced():
    """The next session notices nothing: none of its own code has run yet."""
    with opened("local") as box:
        with box.session(program(GOOD), QUICK) as session:
            assert session.call("good").value == 42
        (zygote,) = box._launcher._folders  # type: ignore[attr-defined]
        os.kill(zygote, signal.SIGKILL)

        with box.session(program(GOOD), QUICK) as again:
            assert again.call("good").value == 42


def _children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def _alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


@docker
def test_an_image_that_is_not_there_is_one_sentence():
    """What Docker says becomes a MachineError, without a traceback of ours."""
    with pytest.raises(MachineError), Box(DockerLauncher("numpy", "no-such-image:1")) as box:
        box.session(program(GOOD), QUICK)
