"""`grader grade --profile`: where the time of a class went, and which tests and cells took it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from statistics import median

from rich.console import Console
from rich.table import Table

from grader.course import Assignment
from grader.records import SubmissionResult
from grader.report.console import print_line
from grader.report.text import one_line
from grader.steps import Step

MEANING = {
    Step.READ: "reading the notebook and putting it together with the course's cells",
    Step.FORK: "getting fresh processes in a box; of the first one the box as well",
    Step.CELLS: "running the cells",
    Step.TESTS: "hidden tests on the host: making inputs, comparing, explaining",
    Step.CALLS: "calls of the student's functions",
    Step.REFERENCE: "answers of the reference that were not known yet",
    Step.NAMES: "naming known mistakes; recording them, if that was not done yet",
    Step.WIPE: "ending the processes, wiping, looking",
}
SLOWEST = 5


class Profile:
    """What is kept of each result: a few numbers by step, by hidden test and by cell."""

    def __init__(self) -> None:
        self._steps: dict[Step, list[float]] = {step: [] for step in Step}
        self._tests: defaultdict[str, list[float]] = defaultdict(list)
        self._cells: defaultdict[str, list[float]] = defaultdict(list)
        self._count = 0

    def add(self, result: SubmissionResult) -> None:
        """One submission more; one that was not run has no steps and does not count."""
        if not result.steps:
            return
        self._count += 1
        for step in Step:
            self._steps[step].append(result.steps.get(step, 0.0))
        for question in result.questions:
            for test in question.tests:
                self._tests[test.name].append(test.seconds)
        if result.program and result.execution:
            runs = zip(result.program.cells, result.execution.cells, strict=True)
            for number, (cell, run) in enumerate(runs, start=1):
                self._cells[f"{number}: {cell.question or 'a cell of the course'}"].append(
                    run.seconds
                )

    def show(self, console: Console, assignment: Assignment) -> None:
        """The tables."""
        if not self._count:
            print_line(console, ("Nothing was run, so there is no time to show.", ""))
            return
        console.print(self._table(assignment))
        _show_slowest(console, "hidden tests, with their calls", self._tests)
        _show_slowest(console, "cells", self._cells)

    def _table(self, assignment: Assignment) -> Table:
        whole = sum(map(sum, self._steps.values())) or 1.0
        many = "" if self._count == 1 else f", median of {self._count}"
        table = Table(title=f"Where the time of {assignment.name} goes", title_justify="left")
        table.add_column("step")
        table.add_column(f"seconds{many}", justify="right")
        table.add_column("share", justify="right")
        table.add_column("what it is")
        for step, seconds in self._steps.items():
            share = sum(seconds) / whole
            table.add_row(step, f"{median(seconds):.3f}", f"{share:.0%}", MEANING[step])
        return table


def _show_slowest(console: Console, what: str, times: Mapping[str, list[float]]) -> None:
    if not times:
        return
    slowest = sorted(times, key=lambda name: -median(times[name]))[:SLOWEST]
    print_line(console, (f"The slowest {what}:", "bold"))
    for name in slowest:
        print_line(console, (f"  {median(times[name]):7.3f} s  {one_line(name, 100)}", ""))
