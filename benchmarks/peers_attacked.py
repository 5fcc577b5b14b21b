"""The same hostile notebooks through nbgrader, otter-grader and this project, side by side.

    python benchmarks/peers_attacked.py [--only NAME ...] [--tools NAME ...] [--output FILE]

Each tool gets the same small question in its own format, with one hidden test of 10 points, and
is run as its manual says (`benchmarks/peers/tools.py`). nbgrader and otter-grader are installed
into environments of their own in the grader's cache; they run without a container, which for otter
is not its default. What they are not made to hold, such as a file of the machine, is shown as a
fact and not as a fault. Writes benchmarks/results/peers_attacked.json and a Markdown table.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import secrets
import signal
import sys
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))

from benchmarks.peers import running, tools
from benchmarks.peers.attacks import ATTACKS, HIDDEN
from grader import __version__
from grader.settings import cache_folder

RESULTS = Path(__file__).parent / "results" / "peers_attacked.json"
LEFT_BEHIND = b"zq7-left-behind"
TOOLS = ("nbgrader", "otter-grader", "keras-grader")


def graders(names: list[str], folder: Path) -> Iterator[tuple[str, str, tools.Grade]]:
    """Each tool with its version and how it grades."""
    made = cache_folder() / "peers"
    for name in names:
        place = folder / name
        place.mkdir()
        if name == "keras-grader":
            yield name, __version__, tools.ours(place)
            continue
        # The kernel that both start is this environment's own, by the name python3.
        python = running.environment(made / name, name, "ipykernel", "numpy")
        os.environ["PATH"] = f"{python.parent}{os.pathsep}{os.environ['PATH']}"
        make = tools.nbgrader if name == "nbgrader" else tools.otter
        yield name, running.version(python, name), make(python, place)


def attack(grade: tools.Grade, answer: str, folder: Path, deserved: float) -> dict[str, Any]:
    """What one submission got, and what it could reach."""
    secret = secrets.token_hex(16)
    path = folder / "secret"
    path.write_text(secret)
    path.chmod(0o600)
    graded = grade(
        folder / "run",
        answer.replace("SECRET_PATH", str(path)).replace("COURSE_PATH", str(folder / "run")),
    )
    leaked = folder / "run" / "leaked.json"
    told = graded.artefacts + (leaked.read_text() if leaked.exists() else "")
    return {
        "points": graded.points,
        "deserved": deserved,
        "seconds": round(graded.seconds, 1),
        "hidden_test_read": f"LEAKED {HIDDEN}" in told,
        "host_file_read": f"LEAKED {secret}" in told,
        "process_left": _end_what_is_left(),
        "said": graded.said.strip().splitlines()[-1:],
    }


def _end_what_is_left() -> bool:
    found = False
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if LEFT_BEHIND in (process / "cmdline").read_bytes():
                os.kill(int(process.name), signal.SIGKILL)
                found = True
    return found


def table(results: dict[str, Any]) -> str:
    """Points out of 10 for each attack and tool; bold where they are not what was deserved."""
    names = [name for name in TOOLS if name in results["tools"]]
    heads = [f"{name} {results['tools'][name]['version']}" for name in names]
    lines = ["| the submission | deserves | " + " | ".join(heads) + " |"]
    lines.append("|---" * (len(names) + 2) + "|")
    for case, (does, _, deserved) in ATTACKS.items():
        rows = [results["tools"][name]["cases"].get(case) for name in names]
        if all(rows):
            cells = " | ".join(_cell(case, row) for row in rows if row)
            lines.append(f"| {does} | {deserved:g} | {cells} |")
    return "\n".join(lines)


def _cell(case: str, row: dict[str, Any]) -> str:
    points, deserved = row["points"], row["deserved"]
    shown = "no score" if points is None else f"{points:g}"
    shown = shown if points in {deserved, None} else f"**{shown}**"
    reached = {
        "reads tests": (row["hidden_test_read"], "read"),
        "reads host": (row["host_file_read"], "read"),
        "stays": (row["process_left"], "it lives on"),
    }.get(case)
    return shown if reached is None or not reached[0] else f"{shown}, **{reached[1]}**"


def settings() -> dict[str, Any]:
    """Under what each tool ran."""
    return {
        "nbgrader": "autograde, ExecutePreprocessor.timeout = 10, hidden test cell",
        "otter-grader": "assign and run (no container), hidden test case",
        "keras-grader": "grade --sandbox docker, cell_seconds = 10, call_seconds = 5",
        "outer_limit_seconds": running.SECONDS,
    }


def main() -> None:
    """Run all and write what came of it; a part of it replaces that part of the results."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", nargs="*", choices=list(ATTACKS), default=list(ATTACKS))
    parser.add_argument("--tools", nargs="*", choices=TOOLS, default=list(TOOLS))
    parser.add_argument("--output", type=Path, default=RESULTS)
    options = parser.parse_args()
    kept = json.loads(options.output.read_text())["tools"] if options.output.exists() else {}
    results: dict[str, Any] = {
        "date": datetime.now(UTC).date().isoformat(),
        "python": platform.python_version(),
        "settings": settings(),
        "tools": kept,
    }
    with tempfile.TemporaryDirectory(prefix="grader-peers-", ignore_cleanup_errors=True) as folder:
        for name, version, grade in graders(options.tools, Path(folder)):
            if kept.get(name, {}).get("version") != version:
                kept[name] = {"version": version, "cases": {}}
            for case in options.only:
                _, answer, deserved = ATTACKS[case]
                place = Path(folder, name, "case", case.replace(" ", "_"))
                place.mkdir(parents=True)
                row = attack(grade, answer, place, deserved)
                print(f"{name:<13} {case:<12} {row}", flush=True)
                kept[name]["cases"][case] = row
                options.output.write_text(json.dumps(results, indent=1) + "\n")
    print(table(results))


if __name__ == "__main__":
    main()
