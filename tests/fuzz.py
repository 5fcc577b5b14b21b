"""Hostile peers and files against the host for as long as wanted: `python tests/fuzz.py --help`.

The same seed gives the same trials in the same order. What breaks something is written to a file
that `--replay` plays again.
"""

from __future__ import annotations

import argparse
import resource
import sys
import time
import traceback
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from tests.hostile.bytes_read import (  # noqa: E402
    hostile_file,
    hostile_message,
    read_file,
    read_message,
)
from tests.hostile.mutating import hostile_script  # noqa: E402
from tests.hostile.script import Script  # noqa: E402
from tests.hostile.trial import hurried, play  # noqa: E402

MOST_MEMORY = 6 << 30  # of this process, so that a hole ends it and not the machine
REPORT_SECONDS = 60.0
# A peer is a process that takes its time; meanwhile many messages and files can be read.
MESSAGES, FILES = 60, 20
KEPT = 3  # trials that are kept of each finding
PLAYERS = {
    "script": lambda data: play(Script.loads(data.decode())),
    "message": read_message,
    "file": read_file,
}


@dataclass
class Tally:
    """What was tried so far, and what came of it."""

    started: float = field(default_factory=time.monotonic)
    trials: Counter[str] = field(default_factory=Counter)
    outcomes: Counter[str] = field(default_factory=Counter)
    findings: Counter[str] = field(default_factory=Counter)
    messages: int = 0

    def tell(self) -> None:
        """One line."""
        minutes = (time.monotonic() - self.started) / 60
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10
        tried = ", ".join(f"{count} {kind}s" for kind, count in self.trials.items())
        hangs = sum(count for place, count in self.findings.items() if "hangs" in place)
        print(  # noqa: T201
            f"{minutes:.1f} min: {tried} ({self.messages} messages sent), "
            f"{len(self.outcomes)} distinct outcomes, {self.findings.total() - hangs} crashes and "
            f"{hangs} hangs at {len(self.findings)} places, peak {peak} MiB",
            flush=True,
        )


def main() -> None:
    """Fuzz, or replay one trial."""
    options = _options()
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    with hurried():
        if options.replay:
            kind = options.replay.suffix.removeprefix(".")
            print(PLAYERS[kind](options.replay.read_bytes()))  # noqa: T201
        elif fuzz(options).findings:
            sys.exit(1)


def fuzz(options: argparse.Namespace) -> Tally:
    """Run trials until the time is up."""
    tally, told = Tally(), time.monotonic()
    number = 0
    while time.monotonic() < tally.started + 60 * options.minutes:
        for kind, data in _trials(Random(f"{options.seed} {number}")):
            _try(tally, kind, data, options.out / f"{options.seed}-{number}.{kind}")
        number += 1
        if time.monotonic() > told + REPORT_SECONDS:
            told = time.monotonic()
            tally.tell()
    for came, count in tally.outcomes.most_common():
        print(f"{count:8} {came}")  # noqa: T201
    tally.tell()
    return tally


def _trials(random: Random) -> Iterator[tuple[str, bytes]]:
    yield "script", hostile_script(random).dumps().encode()
    for _ in range(MESSAGES):
        yield "message", hostile_message(random)
    for _ in range(FILES):
        yield "file", hostile_file(random)


def _try(tally: Tally, kind: str, data: bytes, path: Path) -> None:
    tally.trials[kind] += 1
    tally.messages += Script.loads(data.decode()).messages if kind == "script" else 1
    try:
        tally.outcomes[PLAYERS[kind](data)] += 1
    except Exception as error:  # noqa: BLE001  (it is the finding)
        tally.outcomes[f"{kind} BROKEN {type(error).__name__}"] += 1
        place = f"{type(error).__name__} {str(error)[:60]} at {_place(error)}"
        tally.findings[place] += 1
        if tally.findings[place] <= KEPT:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
            print(f"{path}: {place}", flush=True)  # noqa: T201


def _place(error: BaseException) -> str:
    """The innermost line of the product."""
    frames = traceback.extract_tb(error.__traceback__)
    last = next((f for f in reversed(frames) if "/grader/" in f.filename), frames[-1])
    return f"{Path(last.filename).name}:{last.lineno}"


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, default=Path("out/fuzz"), help="where trials are kept")
    parser.add_argument("--replay", type=Path, help="a trial that was kept")
    return parser.parse_args()


if __name__ == "__main__":
    main()
