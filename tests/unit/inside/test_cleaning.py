"""Wiping a folder that somebody filled in order to resist."""

from __future__ import annotations

import os
from pathlib import Path

from grader.inside.cleaning import wipe


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


def test_only_the_owners_files_are_wiped(tmp_path):
    """In a shared folder, what belongs to others stays."""
    (tmp_path / "mine").touch()

    wipe(str(tmp_path), owner=os.getuid() + 1)

    assert [path.name for path in tmp_path.iterdir()] == ["mine"]
