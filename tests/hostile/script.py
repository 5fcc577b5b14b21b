"""What a hostile peer is told to say, as a value that can be written down and played again."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO, Any

from grader.sandbox.box import Size, Started

PEER = Path(__file__).with_name("peer.py")
NONCE, BEFORE = b"N" * 32, b"P" * 32
Step = list[Any]


def say(channel: int, data: bytes, piece: int = 60_000) -> Step:
    """Bytes on a channel, in frames of at most this size."""
    return ["say", channel, data.hex(), piece]


@dataclass(frozen=True)
class Script:
    """The steps at each turn; an empty one is what an honest zygote does.

    Args:
        ready: as the process starts.
        fork: when the host asks for a submission's processes.
        close: when it asks to end them.
        cells: for each time that cells are to be run.
        calls: for each call of a function.
        answers: whenever the host has answered a question of the box.
    """

    ready: list[Step] = field(default_factory=list)
    fork: list[Step] = field(default_factory=list)
    close: list[Step] = field(default_factory=list)
    cells: list[list[Step]] = field(default_factory=list)
    calls: list[list[Step]] = field(default_factory=list)
    answers: list[Step] = field(default_factory=list)

    @property
    def messages(self) -> int:
        """How many steps there are, floods counted in full."""
        steps = [*self.ready, *self.fork, *self.close, *self.answers]
        steps += [step for turn in (*self.cells, *self.calls) for step in turn]
        return sum(step[3] if step[0] == "flood" else 1 for step in steps)

    def knows_the_nonce(self) -> bool:
        """Whether any step says the nonce of the call at hand."""
        return NONCE.hex() in self.dumps()

    def dumps(self) -> str:
        """The script as JSON."""
        return json.dumps(asdict(self))

    @classmethod
    def loads(cls, text: str) -> Script:
        """The script that `dumps` gave."""
        return cls(**json.loads(text))


class HostileLauncher:
    """Starts peers that play a script, in the place of containers."""

    image_id = "hostile"
    missing_protection = ()

    def __init__(self, script: Script) -> None:
        self.started = 0
        self._file = tempfile.NamedTemporaryFile("w")  # noqa: SIM115  (until `close`)
        self._file.write(script.dumps())
        self._file.flush()

    def start(self, _size: Size, errors: IO[bytes]) -> Started:
        """Start one, without what makes Python slow to start."""
        self.started += 1
        return Started(
            subprocess.Popen(
                [sys.executable, "-S", "-E", str(PEER), self._file.name],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
            )
        )

    def missing_walls(self, _size: Size, _facts: Mapping[str, Any]) -> list[str]:
        """None were promised."""
        return []

    def ran_out_of_memory(self, _process: subprocess.Popen[bytes]) -> bool:
        """Whatever the peer has done to itself, it was not that."""
        return False

    def stop(self, process: subprocess.Popen[bytes], *, ready: bool) -> None:
        """End it."""
        process.kill()
        process.wait()

    def close(self) -> None:
        """Forget the script."""
        self._file.close()
