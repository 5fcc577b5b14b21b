"""How often similarity finds a copy, and how often it accuses the honest, on made-up classes.

    python benchmarks/similarity.py [--sizes 30 100 300 1000] [--output FILE]

Each class is written alone, from the reference and the alternatives of `layers`, every student
with a hand of their own (`tests/synthetic/answers.py`). Then some take another's work and disguise
it, in each way that is listed. What stands beside a time is that of this machine alone.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from pathlib import Path

from grader.course import find_course, load_assignment
from grader.pipeline import released_notebook
from grader.report.classroom.alike import released_code
from grader.similarity import Likeness, Work, find_pairs
from tests.synthetic.answers import DISGUISES, Disguise, copy_of, honest_class

COPIES = 20


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--sizes", type=int, nargs="*", default=[30, 100, 300, 1000])
    parser.add_argument("--output", type=Path)
    options = parser.parse_args()
    root = find_course(Path(__file__).parent)
    released = released_code(released_notebook(load_assignment("layers", root)))
    rows = [row for size in options.sizes for row in of_class(size, released)]
    if options.output:
        options.output.write_text(json.dumps(rows, indent=1) + "\n")


def of_class(size: int, released: tuple[str, ...]) -> list[dict[str, object]]:
    """An honest class, then the same with copiers."""
    works = honest_class(size, seed=size)
    started = time.perf_counter()
    honest = find_pairs(works, released)
    seconds = round(time.perf_counter() - started, 1)
    rows: list[dict[str, object]] = [
        {"class": size, "disguise": "nobody copies", "false": honest.found, "seconds": seconds}
    ]
    rows += [_with_copies(works, disguise, released) for disguise in DISGUISES]
    for row in rows:
        print("  ".join(f"{name} {value}" for name, value in row.items()), flush=True)
    return rows


def _with_copies(
    works: list[Work], disguise: Disguise, released: tuple[str, ...]
) -> dict[str, object]:
    """The first half of the pairs gives, the second takes."""
    chance = random.Random(disguise.name)
    made, wanted = list(works), set()
    for n in range(min(COPIES, len(works) // 5)):
        own = made[2 * n + 1]
        made[2 * n + 1] = copy_of(works[2 * n], own, own.key, disguise, chance)
        wanted.add((works[2 * n].key, own.key))
    found = _keys(find_pairs(made, released))
    return {
        "class": len(works),
        "disguise": disguise.name,
        "copies": len(wanted),
        "found": len(wanted & found),
        "false": len(found - wanted),
    }


def _keys(likeness: Likeness) -> set[tuple[str, str]]:
    return {(pair.left.key, pair.right.key) for pair in likeness.pairs}


if __name__ == "__main__":
    main()
