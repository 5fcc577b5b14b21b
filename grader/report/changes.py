"""What a regrade changes: before and after for each student, why, and by how much for the class."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rich.cells import cell_len, set_cell_size
from rich.console import Console

from grader.records import QuestionResult, SubmissionResult, TestResult
from grader.report.console import indented, print_line
from grader.report.text import one_line
from grader.scores import points, rounded

_NAME_WIDTH = 22
_TESTS_SHOWN = 4


@dataclass(frozen=True)
class Change:
    """One result before and after. A score is None where it is not known."""

    student: str
    number: int
    before: float | None
    after: float | None
    max_before: float
    max_after: float
    reasons: tuple[str, ...] = ()

    @property
    def by(self) -> float | None:
        """How many points more; None where either is not known."""
        if self.before is None or self.after is None:
            return None
        return rounded(self.after - self.before)

    @property
    def changed(self) -> bool:
        """Whether anything that counts is another."""
        return (self.before, self.max_before) != (self.after, self.max_after)


def change_of(
    student: str, number: int, before: SubmissionResult, after: SubmissionResult
) -> Change:
    """Compare two results of one file."""
    return Change(
        student,
        number,
        before.score,
        after.score,
        before.max_score,
        after.max_score,
        tuple(_reasons(before, after)),
    )


def print_changes(console: Console, changes: Sequence[Change]) -> None:
    """The table of those that change, and how many go up, down and nowhere."""
    moved = [change for change in changes if change.changed]
    if moved:
        width = min(max(7, *(cell_len(_name(change)) for change in moved)), _NAME_WIDTH)
        head = f"{'student':<{width}}  {'before':>10}     {'after':<10} {'by':>8}"
        print_line(console, (head, "dim"))
        for change in moved:
            _show(console, change, width)
        print_line(console)
    for sentence in distribution(changes):
        print_line(console, (sentence, "bold"))


def distribution(changes: Sequence[Change]) -> tuple[str, ...]:
    """How many go up, down and nowhere, and by how much."""
    steps = [change.by for change in changes if change.by is not None]
    up, down = [by for by in steps if by > 0], [by for by in steps if by < 0]
    unknown = sum(change.by is None and change.changed for change in changes)
    words = [f"{len(up)} up", f"{len(down)} down"]
    words += [f"{unknown} become known or unknown"] if unknown else []
    words.append(f"{len(changes) - len(up) - len(down) - unknown} the same")
    sizes = Counter(round(by, 2) for by in (*up, *down))
    by_size = ", ".join(f"{_signed(by)}: {sizes[by]}" for by in sorted(sizes, reverse=True))
    return (", ".join(words) + ".", *((f"Points by how many: {by_size}.",) if sizes else ()))


def _show(console: Console, change: Change, width: int) -> None:
    before = f"{points(change.before)}/{points(change.max_before)}"
    after = f"{points(change.after)}/{points(change.max_after)}"
    by = "–" if change.by is None else _signed(change.by)
    style = "" if not change.by else "green" if change.by > 0 else "red"
    print_line(
        console,
        (set_cell_size(_name(change), width), "bold"),
        (f"  {before:>10}  →  {after:<10} ", ""),
        (f"{by:>8}", style),
    )
    for reason in change.reasons:
        indented(console, reason, "dim")


def _name(change: Change) -> str:
    attempt = f" ({change.number})" if change.number > 1 else ""
    return one_line(change.student, 80) + attempt


def _reasons(before: SubmissionResult, after: SubmissionResult) -> Iterator[str]:
    earlier = {question.name: question for question in before.questions}
    for question in after.questions:
        old = earlier.pop(question.name, None)
        if old is None:
            yield f"{question.name}: a new question, {_score(question)}"
        elif (old.score, old.max_score) != (question.score, question.max_score):
            tests = "; ".join(_tests(old, question))
            yield f"{question.name}: {_score(old)} → {_score(question)}" + (tests and f": {tests}")
    for name, old in earlier.items():
        yield f"{name}: no question any more, was {_score(old)}"


def _tests(before: QuestionResult, after: QuestionResult) -> Iterator[str]:
    """Which tests have another verdict, a few of them by name."""
    old = {test.name: test for test in before.tests}
    new = {test.name: test for test in after.tests}
    common = old.keys() & new.keys()
    for words, names in (
        ("now passes", [n for n in new if n in common and _turned(old[n], new[n], to=True)]),
        ("now fails", [n for n in new if n in common and _turned(old[n], new[n], to=False)]),
        ("is new", [name for name in new if name not in old]),
        ("is gone", [name for name in old if name not in new]),
    ):
        if names:
            more = len(names) - _TESTS_SHOWN
            listed = ", ".join(one_line(name, 60) for name in names[:_TESTS_SHOWN])
            yield f"{listed}{f' and {more} more' if more > 0 else ''} {words}"
    if before.max_score != after.max_score:
        yield f"worth {points(after.max_score)}, was {points(before.max_score)}"


def _turned(old: TestResult, new: TestResult, *, to: bool) -> bool:
    return bool(new.passed) is to and bool(old.passed) is not to


def _score(question: QuestionResult) -> str:
    return f"{points(question.score)}/{points(question.max_score)}"


def _signed(by: float) -> str:
    return f"{'+' if by > 0 else '−' if by < 0 else ''}{points(abs(by))}"
