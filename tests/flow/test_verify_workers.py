"""Several assignments are verified side by side, and reported in their order."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import psutil

ROOT = Path(__file__).parents[2]


def grader(folder: Path, *words: str) -> str:
    """What a command prints; it must end well."""
    done = subprocess.run(
        [sys.executable, "-m", "grader.cli", *words],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), "GRADER_CACHE": str(folder / "cache")},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_two_assignments_are_verified_side_by_side(tmp_path: Path) -> None:
    """Two workers say the same as one after the other would, in the order of the course."""
    (tmp_path / "solutions").mkdir()
    for name in ("first", "second"):
        grader(tmp_path, "new", name)
        grader(tmp_path, "release", name, "--sandbox", "local")

    said = grader(
        tmp_path,
        *("verify", "--workers", "2", "--sandbox", "local", "--repetitions", "2"),
        *("--json", "verify.json"),
    )

    found = json.loads((tmp_path / "verify.json").read_text(encoding="utf-8"))["assignments"]
    assert [each["name"] for each in found] == ["first", "second"]
    assert all(each["ok"] and each["identical"] == 2 for each in found)
    assert said.index("first may be given") < said.index("second may be given")


def test_workers_end_with_the_command(tmp_path: Path) -> None:
    """Killed in the middle, it leaves no worker that goes on for nobody."""
    (tmp_path / "solutions").mkdir()
    for name in ("first", "second"):
        grader(tmp_path, "new", name)
        grader(tmp_path, "release", name, "--sandbox", "local")
    with subprocess.Popen(
        [sys.executable, "-m", "grader.cli", "verify", "--workers", "2", "--sandbox", "local"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT), "GRADER_CACHE": str(tmp_path / "cache")},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    ) as command:
        assert command.stderr
        command.stderr.readline()  # it has begun
        workers = psutil.Process(command.pid).children(recursive=True)
        command.send_signal(signal.SIGKILL)

    assert len(workers) >= 2
    _, left = psutil.wait_procs(workers, timeout=60)
    assert not left
