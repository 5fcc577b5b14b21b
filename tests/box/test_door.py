"""A container's zygote comes to the host's door: alone and before any student's code."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest

from grader.sandbox import docker_box
from grader.sandbox.door import Door
from tests.box.conftest import QUICK, opened, program

pytestmark = pytest.mark.docker
LOOK = """
import os, socket
def look():
    with socket.socket(socket.AF_UNIX) as way:
        try:
            way.connect("/host/zygote")
        except OSError as error:
            return type(error).__name__, os.listdir("/host"), os.access("/host", os.W_OK)
    return "connected", os.listdir("/host"), True
"""


@pytest.fixture
def doors(monkeypatch: pytest.MonkeyPatch) -> list[Door]:
    """Every door that is made meanwhile."""
    made: list[Door] = []
    original = Door.__init__

    def noted(door: Door) -> None:
        original(door)
        made.append(door)

    monkeypatch.setattr(Door, "__init__", noted)
    return made


def test_the_zygote_alone_comes_in_and_the_door_is_gone_for_the_student(doors: list[Door]) -> None:
    """The session runs over the door; what the student finds behind it is nothing."""
    with opened("docker") as box, box.session(program(LOOK), QUICK) as session:
        seen = session.call("look").value

        assert seen == ("FileNotFoundError", [], False)
        assert box._stream is not None
        assert len(box._stream._ways) == 2
        assert not doors[-1].folder.exists()
    assert not any(door.folder.exists() for door in doors)


def test_a_zygote_that_cannot_reach_the_door_speaks_over_the_pipes(
    doors: list[Door], monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on an engine in a virtual machine, where a socket is mounted and leads nowhere."""
    original = Door.__init__

    def deaf(door: Door) -> None:
        original(door)
        (door.folder / "zygote").unlink()

    monkeypatch.setattr(Door, "__init__", deaf)
    monkeypatch.setattr(Door, "accept", lambda _: pytest.fail("somebody came"))
    with opened("docker") as box, box.session(program(LOOK), QUICK) as session:
        assert session.call("look").value == ("FileNotFoundError", [], False)

    assert not any(door.folder.exists() for door in doors)


def test_who_waits_at_the_door_of_a_box_that_is_closed_goes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A box that is replaced before it was ready ends by itself, and is not waited for."""
    asked: list[list[str]] = []
    monkeypatch.setattr(docker_box, "run_docker", asked.append)  # `docker rm` comes too early

    opened("docker").close()

    assert [command[0] for command in asked] == ["rm"]


def test_where_no_door_can_be_made_the_pipes_do(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The name of a socket has at most 107 bytes; a folder for temporary files can have more."""
    long = tmp_path / ("x" * 120)
    long.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(long))
    with opened("docker") as box, box.session(program(LOOK), QUICK) as session:
        assert session.call("look").raised.message.endswith("No such file or directory: '/host'")

    assert list(long.iterdir()) == []
