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
    it comes from says, None where it says nothing. `others` are those who handed it in together
    with the one of `claim`. Where there is no notebook to grade, `problem` says why in a sentence,
    and `path` may not exist.
    """

    path: Path
    claim: Claim
    origin: str
    attempt: int = 1
    submitted_at: datetime | None = None
    late: timedelta | bool | None = None
    others: tuple[Claim, ...] = ()
    problem: str = ""


@dataclass(frozen=True)
class SetAside:
    """A file that is not graded, and the reason. `claim` says whose it seems to be."""

    origin: str
    reason: str
    claim: Claim | None = None


@dataclass(frozen=True)
class Handins:
    """All that was found: what to grade, what was set aside, and what an instructor should know."""

    found: tuple[Handin, ...] = ()
    aside: tuple[SetAside, ...] = ()
    notes: tuple[str, ...] = ()
