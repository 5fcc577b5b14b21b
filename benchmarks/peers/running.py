"""How the tools are installed and run: each in an environment of its own, with an end to it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

SECONDS = 120  # for one submission, from outside; a tool that needs more is ended


def environment(folder: Path, *packages: str) -> Path:
    """A virtual environment with these packages, made once."""
    python = folder / "bin" / "python"
    if not (folder / "ready").exists():
        print(f"Installing {', '.join(packages)} in {folder} ...")
        subprocess.run([sys.executable, "-m", "venv", "--clear", folder], check=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", *packages], check=True)
        (folder / "ready").touch()
    return python


def version(python: Path, package: str) -> str:
    """The version of a package in an environment."""
    source = f"import importlib.metadata as m; print(m.version({package!r}))"
    return subprocess.run(
        [python, "-c", source], capture_output=True, text=True, check=True
    ).stdout.strip()


def set_up(command: list[Any], folder: Path) -> None:
    """What must work before anything is attacked."""
    done = subprocess.run(
        [*map(str, command)], cwd=folder, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(f"{command[:4]} failed:\n{done.stdout}{done.stderr}")


def run(command: list[Any], folder: Path) -> tuple[str, float]:
    """Run a tool; what it said, and its seconds. One that takes too long is ended."""
    started = time.monotonic()
    # Not a pipe: what an attack leaves behind would hold it open.
    with tempfile.TemporaryFile("w+", errors="replace") as log:
        process = subprocess.Popen(
            [*map(str, command)],
            cwd=folder,
            env={**os.environ, "PYTHONWARNINGS": "ignore"},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            process.wait(SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            log.write("\nended from outside")
        log.seek(0)
        return log.read(), time.monotonic() - started
