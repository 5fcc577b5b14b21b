"""The class table, and one submission in detail."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len, set_cell_size
from rich.console import Console

from grader.course import Assignment
from grader.records import QuestionResult, Status, SubmissionResult
from grader.report.console import flow, has_unicode, indented, print_line
from grader.report.text import one_line
from grader.report.view import (
    Failure,
    State,
    failures,
    person_needed,
    person_reasons,
    stands_out,
    state,
    states,
    summary,
)
from grader.scores import points

# A mark, its stand-in where the terminal has no Unicode, and its colour.
MARKS = {
    State.FULL: ("✓", "+", "green"),
    State.PARTIAL: ("◐", "~", "yellow"),
    State.WRONG: ("✗", "x", "red"),
    State.UNTOUCHED: ("·", ".", "dim"),
    State.PERSON: ("?", "?", "blue"),
    State.ERROR: ("!", "!", "magenta"),
}
STATUS_WORDS = {
    Status.GRADED: ("graded", "green"),
    Status.NEEDS_ATTENTION: ("needs a person", "blue"),
    Status.GRADER_ERROR: ("our error", "magenta"),
}
_BAR_WIDTH = 14
_NAME_WIDTH = 22


def print_class(
    console: Console, assignment: Assignment, results: Sequence[SubmissionResult]
) -> None:
    """The class table, who waits for a person, and the class in one line."""
    width = min(max([7, *(cell_len(one_line(r.student, 80)) for r in results)]), _NAME_WIDTH)
    marks = max(len(assignment.questions), len("questions"))
    print_line(console, (_header(width, marks), "dim"))
    for result in results:
        print_line(console, *_row(console, result, width, marks))
        for reason in _short_reasons(result):
            indented(console, reason, "dim" if result.status is Status.GRADED else "blue")
    print_line(console)
    _legend(console, assignment, results)
    _print_waiting(console, results)
    print_line(console)
    print_line(console, (f"{assignment.name}: {summary(results)}", "bold"))


def print_submission(console: Console, assignment: Assignment, result: SubmissionResult) -> None:
    """One submission: points of each question, and each failure with what to try."""
    word, colour = STATUS_WORDS[result.status]
    score = f"{points(result.score)} of {points(result.max_score)}"
    print_line(console, (one_line(result.student, 80), "bold"), (f"  {assignment.title}", ""))
    print_line(
        console, (score, "bold"), ("  ", ""), (word, colour), (f"  {result.seconds:.1f} s", "dim")
    )
    for note in result.notes[:20]:
        indented(console, note, "", 2)
    for question in result.questions:
        _print_question(console, question, result)
    if result.status is not Status.GRADED:
        _print_waiting(console, [result])


def _print_question(console: Console, question: QuestionResult, result: SubmissionResult) -> None:
    where = state(question, result.untouched)
    score = f"{points(question.score)}/{points(question.max_score)}"
    print_line(console)
    print_line(
        console,
        (f"{_mark(console, where)} ", MARKS[where][2]),
        (f"{question.name}  {score}", "bold"),
        (f"  {where}", MARKS[where][2]),
    )
    if question.note:
        indented(console, question.note, "", 2)
    for failure in () if where is State.UNTOUCHED else failures(question.tests):
        _print_failure(console, failure)


def _print_failure(console: Console, failure: Failure) -> None:
    titles = one_line(failure.titles[0])
    count = f"  ({failure.count} tests, one reason)" if failure.count > 1 else ""
    indented(console, f"{titles}{count}", "bold", 2)
    if failure.mistake:
        indented(console, f"known mistake: {failure.mistake}", "yellow", 4)
    diagnosis = failure.diagnosis
    for word, sentence in (
        ("happened", diagnosis.happened),
        ("expected", diagnosis.expected),
        ("try", diagnosis.try_),
    ):
        if sentence:
            indented(console, f"{word + ':':<9} {one_line(sentence, 600)}", "", 4, hanging=10)


def _header(width: int, marks: int) -> str:
    head = f"{'student':<{width}}  {'score':>13}  {'':{_BAR_WIDTH}}  {'questions':<{marks}}"
    return f"{head}  {'seconds':>7}"


def _row(
    console: Console, result: SubmissionResult, width: int, marks: int
) -> tuple[tuple[str, str], ...]:
    drawn = [(_mark(console, where), MARKS[where][2]) for where in states(result)]
    word, colour = STATUS_WORDS[result.status]
    final = result.status is Status.GRADED
    return (
        (set_cell_size(one_line(result.student, 80), width), "bold"),
        (f"  {points(result.score):>6} / {points(result.max_score):<4}  ", "" if final else colour),
        _bar(console, result) if final else (f"{word:<{_BAR_WIDTH}}", colour),
        ("  ", ""),
        *drawn,
        (" " * (marks - len(drawn)), ""),
        (f"  {result.seconds:>7.1f}", "dim"),
    )


def _bar(console: Console, result: SubmissionResult) -> tuple[str, str]:
    share = (result.score or 0.0) / result.max_score if result.max_score else 0.0
    filled = round(min(max(share, 0.0), 1.0) * _BAR_WIDTH)
    full, empty = ("█", "░") if has_unicode(console) else ("#", "-")
    return full * filled + empty * (_BAR_WIDTH - filled), "green" if share >= 1 else "cyan"


def _short_reasons(result: SubmissionResult) -> tuple[str, ...]:
    """The first reason and the flags: the rest stands on the feedback page."""
    reasons = [one_line(reason, 150) for reason in stands_out(result)]
    more = f" (and {len(reasons) - 1} more)" if len(reasons) > 1 else ""
    first = (reasons[0] + more,) if reasons else ()
    flags = (f"flags: {one_line(', '.join(result.flags), 150)}",) if result.flags else ()
    return (*first, *flags)


def _legend(console: Console, assignment: Assignment, results: Sequence[SubmissionResult]) -> None:
    names = [f"{n} {question.name}" for n, question in enumerate(assignment.questions, 1)]
    met = {where for result in results for where in states(result)}
    words = [f"{_mark(console, where)} {where}" for where in MARKS if where in met]
    for items in (names, words):
        for line in flow(items, console.width):
            print_line(console, (line, "dim"))


def _print_waiting(console: Console, results: Sequence[SubmissionResult]) -> None:
    waiting = person_needed(results)
    if not waiting:
        return
    print_line(console)
    print_line(console, ("Needs a person (nothing open counts as zero):", "bold"))
    for result in waiting:
        indented(console, one_line(result.student, 80), "bold", 2)
        for reason in person_reasons(result):
            indented(console, one_line(reason, 300), "", 4)


def _mark(console: Console, where: State) -> str:
    mark, stand_in, _ = MARKS[where]
    return mark if has_unicode(console) else stand_in
