"""Ctrl-C ends a run cleanly: what was graded is kept, and the exit code says so."""

from __future__ import annotations

import json
import signal
import subprocess
import sys

import pytest


@pytest.mark.docker
def test_what_was_graded_before_an_interrupt_is_kept(root, tmp_path):
    """An interrupted run exits with 130, without a traceback, and writes the rows it has."""
    process = subprocess.Popen(
        [sys.executable, "-m", "grader.cli", "grade", "examples/layers", "-a", "layers",
         "--json", str(tmp_path / "out.json")],
        cwd=root,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )  # fmt: skip
    assert process.stderr is not None
    told = ""
    while "Grading 1/9" not in told:
        line = process.stderr.readline()
        assert line, told
        told += line
    process.send_signal(signal.SIGINT)
    shown, rest = process.communicate(timeout=60)

    rows = json.loads((tmp_path / "out.json").read_text())["submissions"]
    assert process.returncode == 130
    assert "Traceback" not in shown + told + rest
    assert "Interrupted" in rest
    assert 1 <= len(rows) < 9
