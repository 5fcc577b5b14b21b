"""Where the seconds of one `layers` submission go, measured on this machine in one run.

    python benchmarks/layers_times.py [--repetitions 20] [--output FILE]

- help: `grader --help`, a process of its own
- cold: a process of its own, image built, until the first result is on the screen
- warm: one submission after another in one process, from the file to the verdict
- floor: a bare fork that runs the same cells and makes the same calls, without sandbox or kernel
- overhead: warm minus floor, pair by pair
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import platform
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from grader.course import find_course, load_assignment
from grader.harness.run import run_tests
from grader.intake import assemble, read_submission
from grader.pipeline import Grading, grade, open_grading
from grader.records import Program, Reply

COURSE = find_course(Path(__file__).parent)
EXAMPLE = COURSE / "examples" / "layers" / "perfect.ipynb"


class Listener:
    """A target that notes every call on its way to another target."""

    def __init__(self, target: Any) -> None:
        self.target = target
        self.program = target.program
        self.calls: list[tuple[str, tuple[Any, ...], Mapping[str, Any]]] = []

    def call(
        self, function: str, args: tuple[Any, ...] = (), kwargs: Mapping[str, Any] | None = None
    ) -> Reply:
        self.calls.append((function, args, dict(kwargs or {})))
        reply: Reply = self.target.call(function, args, kwargs or {})
        return reply


def seconds(action: Callable[[], Any]) -> float:
    """Wall time of one call."""
    started = time.perf_counter()
    action()
    return time.perf_counter() - started


def run(*command: str) -> None:
    """Run a command of ours to its end, silently."""
    subprocess.run([sys.executable, "-m", "grader.cli", *command], check=True, capture_output=True)


def bare_fork(program: Program, calls: list[tuple[str, tuple[Any, ...], Any]]) -> None:
    """The floor: fork, run the cells with exec, make the calls, exit."""
    child = os.fork()
    if child == 0:
        namespace: dict[str, Any] = {}
        for cell in program.cells:
            exec(cell.source, namespace)
        for function, args, kwargs in calls:
            with contextlib.suppress(ValueError):  # what a test expects of a wrong argument
                namespace[function](*args, **kwargs)
        os._exit(0)
    os.waitpid(child, 0)


def calls_of(grading: Grading, program: Program) -> list[tuple[str, tuple[Any, ...], Any]]:
    """Every call that the hidden tests make of one submission."""
    with grading.box.session(program, grading.assignment.limits) as session:
        listener = Listener(session)
        run_tests(grading.assignment, listener, grading.reference)
    return listener.calls


def measure(repetitions: int) -> dict[str, list[float]]:
    """All figures, interleaved where they are compared."""
    assignment = load_assignment("layers", COURSE)
    times: dict[str, list[float]] = {"help": [], "cold": [], "warm": [], "floor": []}
    for _ in range(repetitions):
        times["help"].append(seconds(lambda: run("--help")))
    example = str(EXAMPLE)
    for _ in range(max(3, repetitions // 4)):
        times["cold"].append(
            seconds(lambda: run("grade", example, "-a", "layers", "--course", str(COURSE)))
        )
    with open_grading(assignment) as grading:
        submission = read_submission(EXAMPLE, "perfect")
        program = assemble(grading.release, submission, assignment)
        calls = calls_of(grading, program)
        grade(EXAMPLE, "perfect", grading)
        for _ in range(repetitions):
            times["warm"].append(seconds(lambda: grade(EXAMPLE, "perfect", grading)))
            times["floor"].append(seconds(lambda: bare_fork(program, calls)))
    times["overhead"] = [
        warm - floor for warm, floor in zip(times["warm"], times["floor"], strict=True)
    ]
    times["calls"] = [float(len(calls))]
    return times


def main() -> None:
    """Measure, print a table, and keep the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repetitions", type=int, default=20)
    parser.add_argument("--output", type=Path, default=None)
    options = parser.parse_args()
    times = measure(options.repetitions)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    goals = {"help": 0.3, "cold": 10.0, "warm": 0.7, "overhead": 0.3}
    print(f"{'':<10}{'median s':>10}{'min':>8}{'max':>8}{'goal':>8}   n")
    for name in ("help", "cold", "warm", "floor", "overhead"):
        row = times[name]
        goal = f"{goals[name]:>8}" if name in goals else " " * 8
        median = statistics.median(row)
        print(f"{name:<10}{median:>10.3f}{min(row):>8.3f}{max(row):>8.3f}{goal}   {len(row)}")
    print(f"peak resident memory of the host process: {memory:.0f} MB (goal 200)")
    print(f"calls per submission: {times['calls'][0]:.0f}")
    if options.output:
        options.output.parent.mkdir(parents=True, exist_ok=True)
        document = {
            "date": datetime.now(UTC).date().isoformat(),
            "machine": f"{os.cpu_count()} cores, {platform.system()} {platform.machine()}",
            "versions": {"python": platform.python_version(), "numpy": np.__version__},
            "seconds": times,
            "memory_mb": round(memory),
        }
        options.output.write_text(json.dumps(document, indent=1) + "\n")


if __name__ == "__main__":
    main()
