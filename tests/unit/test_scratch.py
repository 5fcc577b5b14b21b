"""Temporary folders: gone at the end, and after a kill -9 with the next folder that is made."""

from __future__ import annotations

import subprocess
import sys

import pytest

from grader.errors import MachineError
from grader.scratch import Scratch, scratch_folder

HOLD = """\
import sys
from grader.scratch import Scratch
print(Scratch("job").path, flush=True)
sys.stdin.read()
"""


def held_by_another(temporary) -> tuple[subprocess.Popen[str], str]:
    """A process that has a folder of its own until it ends."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD],
        env={"TMPDIR": str(temporary)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    return process, process.stdout.readline().strip()


@pytest.fixture
def temporary(tmp_path, monkeypatch):
    """TMPDIR of the test's own."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    return tmp_path


def test_a_folder_is_gone_at_the_end(temporary):
    """With all that is in it, whatever happened."""
    with scratch_folder("job") as folder:
        (folder / "file").touch()
        (folder / "deep").mkdir()

    assert [*temporary.iterdir()] == []


def test_what_a_killed_process_left_is_removed(temporary):
    """The next process that makes a folder removes it; what is still held stays."""
    killed, abandoned = held_by_another(temporary)
    living, held = held_by_another(temporary)
    (temporary / "keras-grader-file").touch()
    (temporary / "of-another-program").mkdir()
    killed.kill()
    killed.communicate()

    folder = Scratch("box")
    left = sorted(path.name for path in temporary.iterdir())
    folder.remove()
    living.communicate()

    assert abandoned.rpartition("/")[2] not in left
    assert held.rpartition("/")[2] in left
    assert {"keras-grader-file", "of-another-program", folder.path.name} < set(left)


def test_no_place_is_a_sentence(temporary, monkeypatch):
    """Where no folder can be made, it is said what to do."""
    monkeypatch.setattr("tempfile.tempdir", str(temporary / "missing"))

    with pytest.raises(MachineError, match="Set TMPDIR"):
        Scratch("job")
