"""One file that was handed in, and what its place in a download says about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from grader.roster import Claim


@dataclass(frozen=True)
class Handin:
    """A file on this machine, unpacked where it came in an archive.

    `origin` is where it was found, as its instructor knows the place ("submissions.zip:
    lovelaceada_12_345_layers.ipynb"). `submitted_at` is aware, in UTC. `late` is what the system
    it comes from says, None where it says nothing.
    """

    path: Path
    claim: Claim
    origin: str
    attempt: int = 1
    submitted_at: datetime | None = None
    late: timedelta | bool | None = None
