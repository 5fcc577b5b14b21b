"""The student's cells as a page shows them: where an error arose, how a cell ended, its outputs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby, islice

from grader.records import Cell, CellRun, Ending, QuestionResult, Raised, SubmissionResult
from grader.report.outputs import Allowance, Shown, show_outputs
from grader.report.text import one_line, plain
from grader.settings import Limits

CELL_LIMIT = 8  # cells of one question
LINE_LIMIT = 240  # lines of one cell
WIDTH_LIMIT = 300  # characters of one line
_SOURCE_LIMIT = 200_000  # characters of one cell that are looked at
_QUIET = frozenset({Ending.FINISHED, Ending.SKIPPED})
_ENDINGS = {
    Ending.RAISED: "This cell stopped with an error.",
    Ending.OUT_OF_TIME: (
        "This cell was stopped: it had not ended after {0.cell_seconds:g} seconds. "
        "Look for a loop that never ends, or for work that belongs into a function."
    ),
    Ending.OUT_OF_MEMORY: (
        "This cell was stopped: it wanted more than {0.memory_mb} MB of memory. "
        "Look for an array that grows, or for one far larger than its inputs."
    ),
    Ending.EXITED: (
        "This cell ended the whole Python process (exit(), quit(), os._exit() or a crash). "
        "A notebook goes on to the next cell, so leave such calls out."
    ),
    Ending.PROTOCOL: "What this cell did to its own process could not be read as a result.",
    Ending.SKIPPED: "This cell was not run: it had ended an earlier run, or the time was used up.",
}


@dataclass(frozen=True)
class CodeView:
    """A cell's source in runs of lines, each marked or not, with what it showed."""

    heading: str
    numbers: str
    runs: tuple[tuple[str, bool], ...]
    marked: tuple[int, ...]
    ending: str
    outputs: tuple[Shown, ...]
    cut: str = ""


class CodeCells:
    """The cells of one submission, with the lines at which something was raised."""

    def __init__(self, limits: Limits, result: SubmissionResult) -> None:
        self._limits = limits
        self._cells = result.program.cells if result.program else ()
        runs = result.execution.cells if result.execution else ()
        self._runs = (*runs, *(None for _ in self._cells[len(runs) :]))
        self._allowance = Allowance()
        self._marks = _marks(result)

    def of(self, question: QuestionResult) -> tuple[CodeView, ...]:
        """The cells of an answer."""
        own = (
            self._view(index, cell, "Your code")
            for index, cell in enumerate(self._cells)
            if cell.question == question.name and cell.role != "given"
        )
        return tuple(islice(own, CELL_LIMIT))

    def others(self) -> tuple[CodeView, ...]:
        """The cells of no question that ended badly, or in which an answer raised."""
        stopped = (
            self._view(index, cell, "Your cell" if cell.role == "extra" else "A cell of the course")
            for index, (cell, run) in enumerate(zip(self._cells, self._runs, strict=False))
            if (cell.role == "given" or cell.question is None)
            and (index in self._marks or (run and run.ending not in _QUIET))
        )
        return tuple(islice(stopped, CELL_LIMIT))

    def _view(self, index: int, cell: Cell, heading: str) -> CodeView:
        run = self._runs[index]
        lines = _lines(cell.source)
        marked = {line for line in self._marks.get(index, ()) if 1 <= line <= len(lines)}
        start = _window(len(lines), marked)
        shown = lines[start : start + LINE_LIMIT]
        return CodeView(
            heading=heading,
            numbers="\n".join(str(start + n) for n in range(1, len(shown) + 1)),
            runs=_runs(shown, start, marked),
            marked=tuple(sorted(marked)),
            ending=_ending(run, index, self._limits) if run else "",
            outputs=show_outputs(run.outputs, self._allowance) if run else (),
            cut=f"{len(lines) - len(shown)} more lines are not shown."
            if len(shown) < len(lines)
            else "",
        )


def _lines(source: str) -> list[str]:
    """The lines as Python counts them, each cleaned alone so that none hides another."""
    source = source[:_SOURCE_LIMIT].replace("\r\n", "\n").replace("\r", "\n").rstrip()
    return [plain(line).replace("\n", " ").expandtabs(4) for line in source.split("\n")]


def _marks(result: SubmissionResult) -> dict[int, set[int]]:
    """By cell, the lines at which it stopped or a test's call raised: places, never messages."""
    raised = [run.raised for run in (result.execution.cells if result.execution else ())]
    raised += [
        seen.value if isinstance(seen.value, Raised) else None
        for question in result.questions
        for test in question.tests
        if test.passed is False
        for seen in test.observations
    ]
    marks: dict[int, set[int]] = {}
    for one in raised:
        if one and isinstance(one.cell, int) and isinstance(one.line, int):
            marks.setdefault(one.cell, set()).add(one.line)
    return marks


def _window(count: int, marked: set[int]) -> int:
    """The first line shown of a long cell, so that a marked one is among them."""
    if count <= LINE_LIMIT or not marked or min(marked) <= LINE_LIMIT:
        return 0
    return min(min(marked) - LINE_LIMIT // 2, count - LINE_LIMIT)


def _runs(lines: Sequence[str], start: int, marked: set[int]) -> tuple[tuple[str, bool], ...]:
    numbered = enumerate((line[:WIDTH_LIMIT] for line in lines), start + 1)
    return tuple(
        ("\n".join(line for _, line in group) + "\n", is_marked)
        for is_marked, group in groupby(numbered, key=lambda pair: pair[0] in marked)
    )


def _ending(run: CellRun, index: int, limits: Limits) -> str:
    """How a cell ended, where it did not simply finish."""
    if run.ending is Ending.RAISED and run.raised:
        here = run.raised.line and run.raised.cell == index
        where = f" at line {run.raised.line}" if here else ""
        what = one_line(f"{run.raised.type}: {run.raised.message}", 400).rstrip(": ")
        return f"This cell stopped{where} with {what}"
    sentence = _ENDINGS.get(run.ending, "Its output was long and is cut." if run.truncated else "")
    return sentence.format(limits)
