"""A class of a thousand, graded by two workers: is every row right, how fast, in how much memory?

    python benchmarks/class_of_1000.py [--size 1000] [--workers 2] [--sandbox docker] [--keep DIR]

The class is made by `layers_class.py`, each submission with its true score. `grader grade` grades
it into a gradebook, as an instructor would; meanwhile the memory of its processes and of its
containers is read, by how many results there are. The figures go to benchmarks/results/class.json,
the plot beside them.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import psutil
from layers_class import COURSE, Kind, assignment, make_class

from grader.pipeline import grade as grade_file
from grader.pipeline import open_grading

RESULTS = Path(__file__).parent / "results"
PAUSE = 1.0
MARKS = (10, 100, 1000)


def truth(known: dict[str, Kind], folder: Path, sandbox: Any) -> dict[str, tuple[Any, str]]:
    """What each student must get: by construction, or by a run of one such file alone."""
    alone: dict[str, Kind] = {}
    with open_grading(assignment(), sandbox) as grading:
        for student, kind in known.items():
            if kind.status == "graded" and kind.score is None and kind.name not in alone:
                result = grade_file(folder / f"{student}.ipynb", student, grading)
                alone[kind.name] = replace(kind, score=result.score, status=str(result.status))
    found = {student: alone.get(kind.name, kind) for student, kind in known.items()}
    return {student: (kind.score, kind.status) for student, kind in found.items()}


def run(folder: Path, workers: int, sandbox: str) -> tuple[list[dict[str, float]], float, int]:
    """Grade the class; samples of time, results and memory, seconds in all, the exit code."""
    book = folder.parent / "book.sqlite"
    options = ("--workers", str(workers), "--sandbox", sandbox, "--gradebook", str(book))
    process = subprocess.Popen(
        [sys.executable, "-m", "grader.cli", "grade", str(folder), "-a", "layers", *options],
        cwd=COURSE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    started, samples = time.monotonic(), []
    while process.poll() is None:
        samples.append(sample(process, book, time.monotonic() - started))
        time.sleep(PAUSE)
    return samples, time.monotonic() - started, process.returncode


def sample(process: subprocess.Popen[bytes], book: Path, seconds: float) -> dict[str, float]:
    """How far it is, and the memory of its processes and containers in MB."""
    host, names = 0, set()
    try:
        parent = psutil.Process(process.pid)
        for one in (parent, *parent.children(recursive=True)):
            host += one.memory_info().rss
            words = one.cmdline()
            names |= {words[words.index("--name") + 1]} if "--name" in words else set()
    except psutil.NoSuchProcess:
        pass
    return {
        "seconds": seconds,
        "results": count(book),
        "host_mb": host / 1e6,
        "containers_mb": containers(names),
    }


def count(book: Path) -> int:
    """How many results are kept."""
    try:
        with closing(sqlite3.connect(f"file:{book}?mode=ro", uri=True, timeout=5)) as database:
            return int(database.execute("SELECT count(*) FROM attempts").fetchone()[0])
    except sqlite3.OperationalError:
        return 0


def containers(names: set[str]) -> float:
    """The memory of these containers together, in MB."""
    form = "{{.Name}}\t{{.MemUsage}}"
    asked = subprocess.run(
        ["docker", "stats", "--no-stream", "--format", form],
        capture_output=True,
        text=True,
        check=False,
    )
    rows = [line.split("\t") for line in asked.stdout.splitlines() if "\t" in line]
    return sum(_mb(usage.split("/")[0].strip()) for name, usage in rows if name in names)


def _mb(text: str) -> float:
    for unit, size in (("GiB", 1073.7), ("MiB", 1.0486), ("KiB", 0.001), ("B", 1e-6)):
        if text.endswith(unit):
            return float(text.removesuffix(unit)) * size
    return 0.0


def wrong_rows(book: Path, true: dict[str, tuple[Any, str]]) -> list[str]:
    """Every student whose row is not the true one, or who has not exactly one."""
    with closing(sqlite3.connect(book)) as database:
        rows = list(database.execute("SELECT student, score, status FROM attempts"))
    counted = Counter(student for student, _, _ in rows)
    got = {student: (score, status) for student, score, status in rows}
    return [
        f"{student}: {got.get(student)}, expected {true[student]}, rows: {counted[student]}"
        for student in true
        if counted[student] != 1 or not _same(got[student], true[student])
    ]


def _same(got: tuple[Any, str], true: tuple[Any, str]) -> bool:
    known = None not in (got[0], true[0])
    equal = abs(got[0] - true[0]) < 1e-3 if known else got[0] is true[0]
    return equal and got[1] == true[1]


def figures(samples: list[dict[str, float]], size: int) -> dict[str, Any]:
    """Rate, linearity and memory by how many results there were."""
    times = np.array([one["seconds"] for one in samples])
    counts = np.array([one["results"] for one in samples])
    busy = (counts > 0) & (counts < size)
    fit = np.polyfit(times[busy], counts[busy], 1) if busy.sum() > 2 else (0.0, 0.0)
    rest = counts[busy] - np.polyval(fit, times[busy])
    spread = counts[busy].var() if busy.any() else 0.0
    memory = {}
    for mark in MARKS:
        near = [one for one in samples if 0.9 * mark <= one["results"] <= max(mark, 1.1 * mark)]
        if mark <= size and near:
            memory[mark] = {
                name: round(max(one[name] for one in near)) for name in ("host_mb", "containers_mb")
            }
    return {
        "rate_per_second": round(float(fit[0]), 3),
        "linear_r2": round(1 - float(rest.var() / spread), 5) if spread else None,
        "memory_mb_at": memory,
    }


def plot(samples: list[dict[str, float]], path: Path) -> None:
    """Results and memory over time."""
    import matplotlib as mpl

    mpl.use("Agg")
    import matplotlib.pyplot as plt

    seconds = [one["seconds"] for one in samples]
    figure, (above, below) = plt.subplots(2, 1, sharex=True, figsize=(8, 6), layout="constrained")
    above.plot(seconds, [one["results"] for one in samples])
    above.set(ylabel="results", title="Two workers grade a class: results grow in a line")
    for name, label in (("host_mb", "processes"), ("containers_mb", "containers")):
        below.plot(seconds, [one[name] for one in samples], label=label)
    below.set(xlabel="seconds", ylabel="memory in MB", title="Memory stays where it is", ylim=0)
    below.legend()
    figure.savefig(path, dpi=120)


def main() -> None:
    """Make the class, grade it, print what was found and keep the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=1000)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--sandbox", choices=("docker", "local"), default="docker")
    parser.add_argument("--keep", type=Path, help="where the class and its gradebook stay")
    parser.add_argument("--output", type=Path, default=RESULTS / "class.json")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        place = options.keep or Path(scratch)
        known = make_class(place / "class", options.size)
        print(f"{options.size} submissions of {len({k.name for k in known.values()})} kinds")
        true = truth(known, place / "class", options.sandbox)
        samples, seconds, code = run(place / "class", options.workers, options.sandbox)
        wrong = wrong_rows(place / "book.sqlite", true)
    found = figures(samples, options.size)
    print(f"wrong rows: {len(wrong)}", *wrong[:20], sep="\n")
    print(f"exit code {code}, {seconds:.0f} s, {found}")
    document = {
        "date": datetime.now(UTC).date().isoformat(),
        "machine": f"{os.cpu_count()} cores, {platform.system()} {platform.machine()}",
        "size": options.size,
        "workers": options.workers,
        "sandbox": options.sandbox,
        "kinds": len({kind.name for kind in known.values()}),
        "seconds": round(seconds, 1),
        "wrong": wrong,
        **found,
        "samples": samples,
    }
    options.output.parent.mkdir(parents=True, exist_ok=True)
    options.output.write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")
    plot(samples, options.output.with_suffix(".png"))
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
