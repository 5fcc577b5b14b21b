"""A file is there whole or as it was, whoever is killed while writing it."""

from __future__ import annotations

import subprocess
import sys

from grader.report.files import replace_file, write_atomically

WRITE = """\
import sys
from pathlib import Path
from grader.report.files import replace_file
for number in range(200):
    replace_file(Path(sys.argv[1]), sys.argv[2].encode() * 100_000)
"""
# What a killed writer leaves: found by halting one, not by knowing the name.
HALT = """\
import os, sys
from pathlib import Path
from grader.report.files import replace_file
Path.replace = lambda *_: os._exit(9)
replace_file(Path(sys.argv[1]), b"half of it")
"""


def test_what_a_killed_writer_left_is_gone_with_the_next(tmp_path):
    """The half file beside it is neither kept nor taken for the whole one."""
    path = tmp_path / "page.html"
    killed = subprocess.run([sys.executable, "-c", HALT, path], check=False)
    left = [*tmp_path.iterdir()]

    write_atomically(path, "whole")

    assert killed.returncode == 9
    assert len(left) == 1
    assert [*tmp_path.iterdir()] == [path]
    assert path.read_text() == "whole"


def test_two_writers_at_once_leave_the_file_of_one_of_them(tmp_path):
    """Neither moves what the other has half written."""
    path = tmp_path / "page.html"
    writers = [subprocess.Popen([sys.executable, "-c", WRITE, path, word]) for word in "ab"]
    codes = [writer.wait() for writer in writers]

    assert codes == [0, 0]
    assert [*tmp_path.iterdir()] == [path]
    assert path.read_bytes() in {b"a" * 100_000, b"b" * 100_000}


def test_a_link_in_the_place_of_the_half_file_is_not_followed(tmp_path):
    """Nor is another file that has a second name there written to."""
    path, victim = tmp_path / "page.html", tmp_path / "victim"
    victim.write_text("")
    partial = tmp_path / ".page.html.partial"
    for plant in (partial.symlink_to, partial.hardlink_to):
        plant(victim)
        replace_file(path, b"whole")

        assert path.read_bytes() == b"whole"
        assert victim.read_text() == ""
        assert not partial.exists()
