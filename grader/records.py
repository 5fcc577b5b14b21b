"""The frozen values that travel between the rooms of the grader, and nothing else."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


class Status(enum.StrEnum):
    """What a result is worth, beside its score. The last two are never turned into a zero."""

    GRADED = "graded"
    NEEDS_ATTENTION = "needs_attention"
    GRADER_ERROR = "grader_error"


# Flags of what a student cannot do by accident: a person looks, the honest score stands beside it.
SUSPICIOUS = frozenset({"tampered", "protocol", "forged_reply"})


class Ending(enum.StrEnum):
    """How a cell or a call ended. A student's failure is a value, never an exception of ours."""

    FINISHED = "finished"
    RAISED = "raised"
    OUT_OF_TIME = "out of time"
    OUT_OF_MEMORY = "out of memory"
    EXITED = "exited"  # the process ended: sys.exit, os._exit, a signal, a crash
    PROTOCOL = "protocol"  # what came back is not data that we accept
    SKIPPED = "skipped"  # not tried: the cell ended an earlier run, or the budget is used up


@dataclass(frozen=True)
class Submission:
    """One student's file, read, validated and repaired.

    `notebook` is plain JSON data in nbformat 4.5 form, outputs stripped. `repairs` are sentences
    for the student and the instructor, `flags` machine-readable words (`tampered`, `duplicate`).
    """

    student: str
    path: Path
    sha256: str
    notebook: Mapping[str, Any]
    repairs: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()


@dataclass(frozen=True)
class Cell:
    """One code cell to run. `role` is given (from the release), answer or extra (the student's)."""

    source: str
    role: str = "extra"
    question: str | None = None


@dataclass(frozen=True)
class Program:
    """The code cells to run, in order: locked cells of the course, answers of the student.

    `probes` is course code that is loaded after the cells, where they cannot see it. `missing`
    names the questions whose answer was found in no cell; `untouched` those whose answer is still
    the stub of the release.
    """

    cells: tuple[Cell, ...]
    probes: str = ""
    missing: tuple[str, ...] = ()
    untouched: tuple[str, ...] = ()
    repairs: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()


@dataclass(frozen=True)
class Raised:
    """An exception inside the box: class name, message, 1-based line in the cell that defines it.

    `cell` is the index into `Program.cells` of the innermost frame that is the student's own.
    Every field comes from the box: hostile text, to be shown only after `compare` has judged it.
    """

    type: str
    message: str = ""
    cell: int | None = None
    line: int | None = None


@dataclass(frozen=True)
class CellRun:
    """How one cell of a program ended and what it displayed (nbformat outputs, capped)."""

    ending: Ending
    outputs: tuple[Mapping[str, Any], ...] = ()
    raised: Raised | None = None
    seconds: float = 0.0
    truncated: bool = False


@dataclass(frozen=True)
class Execution:
    """How the cells of a program ended, one `CellRun` for each, in order."""

    cells: tuple[CellRun, ...]
    flags: tuple[str, ...] = ()
    seconds: float = 0.0


@dataclass(frozen=True)
class Reply:
    """What came back from one call of a function in a box.

    `changed` names the arguments that were modified in place ("0", "x"); `generators` holds the
    new state of each `numpy.random.Generator` argument, by the same names.
    """

    ending: Ending
    value: Any = None
    raised: Raised | None = None
    changed: tuple[str, ...] = ()
    generators: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    seconds: float = 0.0


@dataclass(frozen=True)
class Variant:
    """A wrong or another right version of an answer, as the course wrote it down."""

    name: str
    question: str
    replaces: tuple[str, ...]
    hint: str = ""


@dataclass(frozen=True)
class Diagnosis:
    """The simplest explanation of a failed test: what happened, what was expected, what to try.

    `misconception` is the name of a known mistake, where it is one.
    """

    happened: str
    expected: str = ""
    try_: str = ""
    misconception: str | None = None


@dataclass(frozen=True)
class Observation:
    """One thing a hidden test saw of the student's answer, with the width within which it counts.

    `value` is plain data (arrays, numbers, strings, containers of them) or a `Raised`;
    `tolerance` None means equal up to rounding, a number means an absolute difference.
    """

    label: str
    value: Any
    tolerance: float | None = None


@dataclass(frozen=True)
class TestResult:
    """One hidden test on one answer. `passed` None: it could not be tried.

    `observed` is a fingerprint of what a failed test saw: equal for answers that are wrong alike.
    """

    __test__ = False  # not a test class of pytest's

    name: str
    question: str
    title: str
    passed: bool | None
    weight: float = 1.0
    diagnosis: Diagnosis | None = None
    with_reference: bool = False  # passed with the reference in an earlier answer's place
    observations: tuple[Observation, ...] = ()
    observed: str = ""
    seconds: float = 0.0
    score: float = 0.0
    max_score: float = 0.0


@dataclass(frozen=True)
class QuestionResult:
    """One question: `score` None where a person must look."""

    name: str
    title: str
    status: Status
    score: float | None
    max_score: float
    tests: tuple[TestResult, ...] = ()
    note: str = ""


@dataclass(frozen=True)
class SubmissionResult:
    """One row of the class table, and all that its feedback page shows.

    `untouched` names the questions whose answer is still the stub of the release; `steps` are
    seconds by `steps.Step`, and none where nothing was run.
    """

    student: str
    file: str
    sha256: str
    status: Status
    score: float | None
    max_score: float
    questions: tuple[QuestionResult, ...] = ()
    flags: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    untouched: tuple[str, ...] = ()
    seconds: float = 0.0
    program: Program | None = None
    execution: Execution | None = None
    steps: Mapping[str, float] = field(default_factory=dict)
