"""`pytest solutions/NAME`, as an instructor runs it while writing hidden tests."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.docker
def test_hidden_tests_run_alone_grade_the_solution(root: Path) -> None:
    """All pass with the solution notebook in the student's place, in boxes of its own."""
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "solutions/layers"],
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )

    assert ran.returncode == 0, ran.stdout[-2000:]
