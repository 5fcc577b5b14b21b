"""What a group of tests shares is set up once: the group stays in one worker."""

from __future__ import annotations

import subprocess
import sys

SIX_TESTS = """\
import os
from pathlib import Path

import pytest


@pytest.mark.xdist_group("one")
@pytest.mark.parametrize("number", range(6))
def test_of_a_group(number):
    Path(f"{number}-{os.environ['PYTEST_XDIST_WORKER']}").touch()
"""


def test_a_group_runs_in_one_worker(tmp_path):
    """As `make test` starts pytest; pytest and pytest-xdist have to fit for it."""
    (tmp_path / "test_group.py").write_text(SIX_TESTS)
    command = [sys.executable, "-m", "pytest", "-q", "-n", "2", "--dist", "loadgroup"]

    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)

    workers = [path.name.partition("-")[2] for path in tmp_path.glob("?-*")]
    assert len(workers) == 6
    assert len(set(workers)) == 1
