"""Wiping a folder that somebody filled in order to resist."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from grader.inside import cleaning
from grader.inside.cleaning import wipe
from grader.inside.confine import become, status_field
from grader.sandbox.local_box import first_user


def test_nothing_resists_being_wiped(tmp_path):
    """Deep trees, odd names, closed folders, links and pipes go, and nothing outside does."""
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "kept").touch()
    top = tmp_path / "top"
    top.mkdir()
    here = Path.cwd()
    os.chdir(top)
    for _ in range(3000):
        Path("d").mkdir()
        os.chdir("d")
    os.chdir(here)
    for name in (b"-rf", b"new\nline", b"\xff\xfe", b"x" * 255):
        (top / os.fsdecode(name)).touch()
    (top / "shut").mkdir()
    (top / "shut" / "inner").mkdir()
    (top / "shut").chmod(0)
    (top / "link").symlink_to(outside)
    os.mkfifo(top / "pipe")

    wipe(str(top))

    assert list(top.iterdir()) == []
    assert (outside / "kept").exists()


def test_nobody_can_take_the_names_that_wiping_needs(tmp_path):
    """Folders are moved while they are emptied, to names that could not be foreseen."""
    (tmp_path / "home" / "d" / "e").mkdir(parents=True)
    for number in range(9):
        (tmp_path / f".wiped-{os.getpid()}-{number}").touch()

    wipe(str(tmp_path))

    assert list(tmp_path.iterdir()) == []


def test_only_the_owners_files_are_wiped(tmp_path):
    """In a shared folder, what belongs to others stays."""
    (tmp_path / "mine").touch()

    wipe(str(tmp_path), owner=os.getuid() + 1)

    assert [path.name for path in tmp_path.iterdir()] == ["mine"]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a process another uid")
def test_nobody_can_signal_who_comes_to_end_him(tmp_path):
    """The helper's real and saved uid are one that the submission does not have."""
    user = first_user()
    ended = cleaning.fork(lambda: become(user, 0))  # not reaped: the helper waits for it
    helper = cleaning.fork(lambda: cleaning.sweep_as(user, [str(tmp_path)]))
    try:
        deadline = time.monotonic() + 5
        while (ids := status_field(str(helper), "Uid").split())[1] != str(user):
            assert time.monotonic() < deadline
        # Who sends a signal must have the real or the saved uid of who gets it.
        assert str(user) not in {ids[0], ids[2]}
    finally:
        os.waitpid(ended, 0)
        os.waitpid(helper, 0)
