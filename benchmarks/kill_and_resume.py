"""kill -9 at random moments of a class's grading, and resume: is the gradebook as if undisturbed?

    python benchmarks/kill_and_resume.py [--kills 30] [--size 60] [--postgresql URL]

A class of `layers` is graded once undisturbed. Then again into an empty gradebook, where the
command is killed again and again at random moments, and started anew, until it has been killed so
often; where it ends before that, the next round begins with an empty gradebook. Every round's
gradebook must hold what the undisturbed one does, each result once. A database that is named with
--postgresql is EMPTIED before each round.
"""

from __future__ import annotations

import argparse
import random
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from layers_class import COURSE, make_class

from tests.faults.books import Rows, empty, rows, twice


@dataclass
class Round:
    """One gradebook from empty to whole. `kept` is how many results there were at each kill."""

    kills: int
    kept: list[int]
    rows: int = 0
    different: int = 0
    twice: int = 0


def begin(folder: Path, book: str, options: argparse.Namespace) -> subprocess.Popen[bytes]:
    """Start grading."""
    more = ("--workers", str(options.workers), "--sandbox", options.sandbox, "--gradebook", book)
    return subprocess.Popen(
        [sys.executable, "-m", "grader.cli", "grade", str(folder), "-a", "layers", *more],
        cwd=COURSE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def one_round(
    folder: Path, book: str, options: argparse.Namespace, kills: int, span: float
) -> Round:
    """Kill at random moments, at most so often, until the class is graded."""
    done = Round(0, [])
    while True:
        process = begin(folder, book, options)
        if done.kills < kills:
            try:
                process.wait(random.uniform(0.5, 0.8 * span))
            except subprocess.TimeoutExpired:
                process.kill()
                done.kills += 1
                process.wait()
                done.kept.append(sum(map(len, rows(book, "layers").values())))
                continue
        process.wait()
        return done


def compare(done: Round, book: str, undisturbed: Rows) -> None:
    """Count what is not as in the undisturbed gradebook."""
    found = rows(book, "layers")
    done.rows = sum(map(len, found.values()))
    done.twice = twice(found)
    done.different = sum(found.get(student) != undisturbed[student] for student in undisturbed)
    done.different += len(found.keys() - undisturbed.keys())


def main() -> None:
    """Grade undisturbed, then disturbed, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=30)
    parser.add_argument("--size", type=int, default=60)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--sandbox", choices=("docker", "local"), default="docker")
    parser.add_argument("--postgresql", metavar="URL")
    options = parser.parse_args()
    failed = False
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "class"
        make_class(folder, options.size)
        reference = str(Path(scratch) / "undisturbed.sqlite")
        started = time.monotonic()
        begin(folder, reference, options).wait()
        span = time.monotonic() - started
        undisturbed = rows(reference, "layers")
        print(f"undisturbed: {len(undisturbed)} rows in {span:.0f} s")
        print(
            f"{'gradebook':<12}{'kills':>6}{'rows':>6}{'different':>10}{'twice':>7}  kept at kills"
        )
        for name in ("SQLite", *(["PostgreSQL"] if options.postgresql else [])):
            kills = 0
            while kills < options.kills:
                book = str(Path(scratch) / f"{kills}.sqlite")
                if name == "PostgreSQL":
                    book = options.postgresql
                    empty(book)
                done = one_round(folder, book, options, options.kills - kills, span)
                compare(done, book, undisturbed)
                kills += done.kills
                failed |= bool(done.different or done.twice)
                counts = f"{done.kills:>6}{done.rows:>6}{done.different:>10}{done.twice:>7}"
                print(f"{name:<12}{counts}  {done.kept}", flush=True)
    sys.exit(failed)


if __name__ == "__main__":
    main()
