"""How an assignment (`grader verify`) or this machine (`grader doctor`) stands, line by line."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol

from rich.console import Console

from grader.report.console import has_unicode, indented, make_console, print_line

_OFFENDER_LIMIT = 20


class Check(Protocol):
    """One thing of this machine that was looked at."""

    @property
    def name(self) -> str: ...
    @property
    def ok(self) -> bool: ...
    @property
    def found(self) -> str: ...
    @property
    def remedy(self) -> str: ...


class Verification(Protocol):
    """What the tests of the tests found: counts first, then the offenders."""

    @property
    def name(self) -> str: ...
    @property
    def ok(self) -> bool: ...
    @property
    def questions(self) -> int: ...
    @property
    def hidden_tests(self) -> int: ...
    @property
    def misconceptions(self) -> int: ...
    @property
    def caught(self) -> int: ...
    @property
    def named(self) -> int: ...
    @property
    def alternatives(self) -> int: ...
    @property
    def alternatives_full(self) -> int: ...
    @property
    def repetitions(self) -> int: ...
    @property
    def identical(self) -> int: ...
    @property
    def reference_fails(self) -> tuple[str, ...]: ...
    @property
    def stub_passes(self) -> tuple[str, ...]: ...
    @property
    def not_caught(self) -> tuple[str, ...]: ...
    @property
    def not_named(self) -> tuple[str, ...]: ...
    @property
    def named_wrongly(self) -> tuple[str, ...]: ...
    @property
    def leaks(self) -> tuple[str, ...]: ...
    @property
    def indistinguishable(self) -> tuple[str, ...]: ...
    @property
    def alternatives_not_full(self) -> tuple[str, ...]: ...
    @property
    def unfailable(self) -> tuple[str, ...]: ...
    @property
    def failed_by_the_stub_only(self) -> tuple[str, ...]: ...


def show_checks(checks: Iterable[Check], console: Console | None = None) -> None:
    """One line for each check, and the remedy where something is missing."""
    console = console or make_console()
    for check in checks:
        _judged(console, check.name, check.found, ok=check.ok)
        if check.remedy and not check.ok:
            indented(console, check.remedy, "", 4)


def show_verification(found: Verification, console: Console | None = None) -> None:
    """What holds for an assignment, and by name what does not."""
    console = console or make_console()
    size = f"{found.questions} questions, {found.hidden_tests} hidden tests"
    print_line(console, (found.name, "bold"), (f"  {size}", "dim"))
    for name, sentence, offenders in _findings(found):
        _judged(console, name, sentence, ok=not offenders)
        for offender in offenders[:_OFFENDER_LIMIT]:
            indented(console, offender, "", 4)
        if len(offenders) > _OFFENDER_LIMIT:
            indented(console, f"and {len(offenders) - _OFFENDER_LIMIT} more (see --json)", "dim", 4)
    for sentence in _remarks(found):
        indented(console, sentence, "dim", 2)
    verdict = ("may be given to a class.", "green") if found.ok else ("is not ready.", "red")
    print_line(console, (f"{found.name} {verdict[0]}", f"bold {verdict[1]}"))


def _findings(found: Verification) -> Iterable[tuple[str, str, Sequence[str]]]:
    mistakes, others = found.misconceptions, found.alternatives
    different = found.repetitions - found.identical
    unlike = (f"{different} of them differ from the first.",) if different else ()
    caught = f"{found.caught} of {mistakes} lose points"
    named = f"{found.named} of {mistakes} are named by their own name"
    full = f"{found.alternatives_full} of {others} have full marks"
    same = f"{found.identical} of {found.repetitions} are identical"
    yield "reference", "has full marks", found.reference_fails
    yield "untouched release", "has no points", found.stub_passes
    yield "known mistakes", caught, found.not_caught
    yield "their names", named, (*found.not_named, *found.named_wrongly)
    yield "other questions", "a mistake costs its own question only", found.leaks
    yield "alternatives", full, found.alternatives_not_full
    yield "repetitions", same, unlike
    yield "hidden tests", "each can be failed by something", found.unfailable


def _remarks(found: Verification) -> Iterable[str]:
    """What is no fault but worth knowing."""
    if found.indistinguishable:
        yield f"No hidden test tells these apart: {'; '.join(found.indistinguishable)}."
    if found.failed_by_the_stub_only:
        yield f"No known mistake fails: {', '.join(found.failed_by_the_stub_only)}."


def _judged(console: Console, name: str, sentence: str, *, ok: bool) -> None:
    good, bad = ("✓", "✗") if has_unicode(console) else ("+", "x")
    mark, style = (good, "green") if ok else (bad, "red")
    print_line(
        console, (f"{mark} ", style), (f"{name:<18} ", "bold"), (sentence, "" if ok else style)
    )
