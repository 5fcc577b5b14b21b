"""Seconds of one submission of each assignment when warm, and where they go.

    python benchmarks/course_times.py [--repetitions 20] [--output FILE] [NAME...]

The submission is the solution, so every hidden test runs to its end. The parts:

- cells: a fork, a kernel and the notebook's cells
- calls: what the hidden tests ask of the submission, in the box and on the way there
- rest: reading the file, pytest, the reference's answers (memoised), comparing, cleaning up
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from grader.course import assignment_names, find_course, load_assignment
from grader.pipeline import grade, open_grading
from grader.sandbox.session import Session

COURSE = find_course(Path(__file__).parent)
PARTS = ("warm", "cells", "calls", "rest")
# COURSE-wide goals in seconds: numpy 0.7; keras 1, with the two large networks 1.5.
GOALS = defaultdict(lambda: 1.0, layers=0.7, activations=0.7, augmentation=0.7, vgg=1.5, resnet=1.5)


@contextmanager
def timed_calls() -> Iterator[list[float]]:
    """The seconds of every call of a session, within."""
    seconds: list[float] = []
    original = Session.call

    def call(self: Session, *args: Any, **kwargs: Any) -> Any:
        started = time.perf_counter()
        try:
            return original(self, *args, **kwargs)
        finally:
            seconds.append(time.perf_counter() - started)

    Session.call = call  # type: ignore[method-assign]
    try:
        yield seconds
    finally:
        Session.call = original  # type: ignore[method-assign]


def measure(name: str, repetitions: int) -> dict[str, Any]:
    """The parts of each repetition, after two that are not counted."""
    assignment = load_assignment(name, COURSE)
    found: dict[str, list[float]] = {part: [] for part in PARTS}
    count = 0
    with open_grading(assignment) as grading, timed_calls() as calls:
        for repetition in range(-2, repetitions):
            calls.clear()
            started = time.perf_counter()
            result = grade(assignment.source, name, grading)
            seconds = time.perf_counter() - started
            if repetition < 0:
                continue
            assert result.execution is not None
            parts = (seconds, result.execution.seconds, sum(calls))
            rest = parts[0] - parts[1] - parts[2]
            for part, value in zip(PARTS, (*parts, rest), strict=True):
                found[part].append(round(value, 4))
            count = len(calls)
    return {**found, "number_of_calls": count}


def main() -> None:
    """Measure, print a table, and keep the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repetitions", type=int, default=20)
    parser.add_argument("--output", type=Path, default=None)
    parser.add_argument("names", nargs="*")
    options = parser.parse_args()
    print(f"{'':<16}" + "".join(f"{part:>8}" for part in (*PARTS, "goal", "#calls")))
    results = {}
    for name in options.names or assignment_names(COURSE):
        results[name] = found = measure(name, options.repetitions)
        medians = "".join(f"{statistics.median(found[part]):>8.3f}" for part in PARTS)
        print(f"{name:<16}{medians}{GOALS[name]:>8.1f}{found['number_of_calls']:>8}", flush=True)
    if options.output:
        options.output.parent.mkdir(parents=True, exist_ok=True)
        document = {
            "date": datetime.now(UTC).date().isoformat(),
            "machine": f"{os.cpu_count()} cores, {platform.system()} {platform.machine()}",
            "assignments": results,
        }
        options.output.write_text(json.dumps(document, indent=1) + "\n")


if __name__ == "__main__":
    main()
