"""What a case of the fault corpus is: data, and a function that does the fault.

A case has a number of the catalogue, a sentence on what is injected, one on what is promised, one
on what keeps the promise, and variants. A case that other tests hold already names them, and one
that needs what the grader does not have says so.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from tests.faults.school import School

Kind = Literal["sqlite", "postgresql"]
Sandbox = Literal["local", "docker"]


@dataclass(frozen=True)
class Fault:
    """One fault, done to a run of the class `tiny`; after it the next ordinary run makes all well.

    Args:
        play: does it, and returns how many times; None is once.
        book: where the gradebook is kept.
        sandbox: `docker` runs on an engine of the test's own, which may be killed.
        edits: the course is changed on the way, so that the results are those of another course.
    """

    play: Callable[[School], int | None]
    book: Kind = "sqlite"
    sandbox: Sandbox = "local"
    edits: bool = False


@dataclass(frozen=True)
class Case:
    """One number of the catalogue.

    Args:
        number: X and two digits.
        injected: what goes wrong, in a sentence.
        promised: what holds nevertheless, in a sentence.
        kept_by: what keeps the promise, in a sentence.
        variants: the fault in its forms, by a short name.
        quick: the variants that run with all tests, and not with `make faults` alone.
        held_by: tests elsewhere that hold the case, or the rest of it.
        not_applicable: what the grader does not have, so that there is nothing to break.
    """

    number: str
    injected: str
    promised: str
    kept_by: str
    variants: Mapping[str, Fault] = field(default_factory=dict)
    quick: tuple[str, ...] = ()
    held_by: tuple[str, ...] = ()
    not_applicable: str = ""
