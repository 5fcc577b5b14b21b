"""What a case of the attack corpus is: data, and nothing else.

A case has a number of the catalogue, a sentence on what it tries, one on what stops it, and
variants. A variant is a hostile notebook, a hostile file, or a check of one function of the host.
A case that another test holds already names that test, and one that attacks what the grader does
not have says so.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from grader.records import Ending

MOST_SECONDS = 10.0


class Verdict(enum.StrEnum):
    """What an attack ends in."""

    ZERO = "ZERO"  # the attacked question gets nothing, every other one what it deserves
    TIME = "TIME"  # out of time: in an answer this question is lost, in another cell nothing
    MEM = "MEM"  # out of memory, likewise
    PROTO = "PROTO"  # what came back is no data, likewise
    REJECT = "REJECT"  # the file is refused with a sentence before anything runs
    OK = "OK"  # void: the honest score is kept


# Answers of the question that is attacked; `layers` is the assignment.
WRONG = """\
def linear(x, w, b):
    return np.zeros((1, 1))


def linear_backward(dout, x, w):
    return np.zeros((1, 1))
"""
RIGHT = "right"  # the solution's, where the verdict alone would take the wrong one


@dataclass(frozen=True)
class Notebook:
    """A notebook of `layers` with full marks but for what is hostile in it.

    Where a cell prints `FOUND [...]`, the list must be empty: what the attack could see or do.

    Args:
        verdict: what it ends in.
        cells: hostile cells, which run before all answers.
        answer: the answer of `linear`; None is `WRONG` for ZERO and the right one otherwise.
        loses: the questions that lose points; None is `linear` where an answer is hostile.
        more: whether other questions may be lost as well, since their process was spoilt.
        ends: how the hostile cells end, one for all or one for each; None where it may vary.
        flags: what must be flagged.
        may: what may be flagged besides; any other flag fails the case.
        heir: a cell of the next submission, which looks for what this one left.
        edit: changes the notebook as a file: returns a notebook, or the bytes of one.
        limits: other limits of the assignment.
        runtime: `keras` attacks an assignment with TensorFlow.
    """

    verdict: Verdict
    cells: str | tuple[str, ...] = ()
    answer: str | None = None
    loses: tuple[str, ...] | None = None
    more: bool = False
    ends: Ending | tuple[Ending, ...] | None = Ending.FINISHED
    flags: tuple[str, ...] = ()
    may: tuple[str, ...] = ()
    heir: str = ""
    edit: Callable[[dict[str, Any]], dict[str, Any] | bytes] | None = None
    limits: Mapping[str, float] = field(default_factory=dict)
    runtime: Literal["numpy", "keras"] = "numpy"


@dataclass(frozen=True)
class File:
    """A file that is handed in and never runs: its sentence must hold these words."""

    make: Callable[[Path], None]
    says: str
    seconds: float = MOST_SECONDS
    verdict: Verdict = Verdict.REJECT


@dataclass(frozen=True)
class Host:
    """A check of real functions of the host; it gets an empty folder."""

    check: Callable[[Path], None]
    seconds: float = MOST_SECONDS
    verdict: Verdict = Verdict.OK


@dataclass(frozen=True)
class Script:
    """An attack that needs more than one submission; it gets the room with its warm boxes."""

    play: Callable[[Any], None]
    verdict: Verdict = Verdict.OK


Variant = Notebook | File | Host | Script


@dataclass(frozen=True)
class Case:
    """One number of the catalogue.

    Args:
        number: a letter for the group and two digits.
        tries: what the attack tries, in a sentence.
        stopped_by: what stops it, in a sentence.
        variants: the attack in its forms, by a short name.
        quick: the variants in boxes that run with all tests, and not with `make attacks` alone.
        held_by: tests elsewhere that hold the case, or the rest of it.
        not_applicable: why there is nothing to attack.
        broken: why variants of these names are known to fail.
    """

    number: str
    tries: str
    stopped_by: str
    variants: Mapping[str, Variant] = field(default_factory=dict)
    quick: tuple[str, ...] = ()
    held_by: tuple[str, ...] = ()
    not_applicable: str = ""
    broken: Mapping[str, str] = field(default_factory=dict)
