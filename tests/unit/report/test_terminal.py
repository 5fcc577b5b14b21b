"""Rules for what is printed."""

from __future__ import annotations

import io
from dataclasses import dataclass, replace
from itertools import count

import pytest
from rich.console import Console

from grader.records import Status
from grader.report import terminal
from grader.report.boundaries import show_tried
from grader.report.checks import show_checks, show_verification
from grader.report.console import make_console
from grader.report.progress import busy, time_left, watch
from grader.report.table import print_class, print_submission
from grader.selftest import Tried
from tests.unit.report import builders

HOSTILE = "\x1b]0;owned\x07[bold red]Eve[/bold red]\u202e\x1b[2J\n100 / 100\r"


def printed(show, *arguments, **settings) -> str:
    file = io.StringIO()
    console = Console(file=file, markup=False, emoji=False, highlight=False, **settings)
    show(console, builders.assignment(), *arguments)
    return file.getvalue()


def class_table(*results, **settings) -> str:
    return printed(print_class, list(results or builders.everyone()), **settings)


def test_the_table_fits_eighty_columns():
    """Nothing is wider than a plain terminal, and no line ends in blanks."""
    lines = class_table(width=80).splitlines()

    assert max(len(line) for line in lines) <= 80
    assert not [line for line in lines if line != line.rstrip()]


def test_there_is_one_row_for_each_student():
    """Whatever happened to a submission, its student has a row."""
    table = class_table(width=100)

    assert all(
        any(line.startswith(result.student) for line in table.splitlines())
        for result in builders.everyone()
    )


def test_a_pipe_gets_no_colours():
    """A file or a pager is not a terminal."""
    assert "\x1b" not in class_table()


def test_a_row_says_points_marks_and_the_first_hint():
    """The row of a student tells the mistake."""
    table = class_table(builders.mistaken(), width=100)

    assert "42 / 62" in table
    assert "✓◐✓✓✗✓" in table
    assert "The bias is added once per filter" in table
    assert "[bias_per_channel]" in table


def test_nobody_is_given_a_made_up_zero():
    """A score that waits for a person is a dash, with the reason and its place in the list."""
    table = class_table(builders.waiting(), builders.machine_failed(), width=100)

    assert table.count("– / 62") == 2
    assert "0 / 62" not in table
    assert "why_small: A written answer: a person grades it." in table
    assert "the disk of this machine is full" in table


def test_the_last_line_sums_up():
    """How many, how well, how fast."""
    assert class_table(width=100).splitlines()[-1] == (
        "layers: 5 graded, 3 need a person, mean 41.2 of 62, 0.7 s each"
    )


def test_an_empty_class_is_no_accident():
    """No submission, no division by zero."""
    assert "0 graded" in printed(print_class, [])


@pytest.mark.parametrize("show", [print_class, print_submission])
@pytest.mark.parametrize("terminal", [True, False])
def test_a_hostile_name_prints_as_one_harmless_line(show, terminal: bool):
    """No markup, escape, title, clipboard write or forged row comes from a student's text."""
    eve = replace(builders.mistaken(), student=HOSTILE, notes=(HOSTILE,), flags=(HOSTILE,))

    text = printed(show, [eve] if show is print_class else eve, force_terminal=terminal, width=120)

    assert "owned" not in text
    assert "\u202e" not in text
    assert "\x1b[2J" not in text
    assert "[bold red]Eve[/bold" in text
    assert not any(line.startswith("100 / 100") for line in text.splitlines())


def test_a_single_submission_is_told_in_detail():
    """Each reason once, with what happened, what was expected and what to try."""
    text = printed(print_submission, builders.mistaken(), width=100)

    assert text.count("known mistake: bias per channel") == 1
    assert "(4 tests, one reason)" in text
    assert "happened: got an array" in text
    assert "expected: the bias once" in text
    assert "try:      The bias is added once" in text
    assert "Passed with the reference's conv2d in place of yours" in text


def test_a_terminal_without_unicode_gets_letters():
    """Marks and names are written with what the encoding has."""
    raw = io.BytesIO()
    file = io.TextIOWrapper(raw, encoding="ascii")
    console = make_console(file)

    print_class(console, builders.assignment(), builders.everyone())
    print_submission(console, builders.assignment(), builders.mistaken())
    file.flush()

    assert b"+~++x+" in raw.getvalue()


def run_watch(statuses: list[Status], seconds: float, **settings) -> str:
    file = io.StringIO()
    ticks = count()
    console = Console(file=file, **{"width": 200, **settings})
    clock = lambda: seconds * next(ticks)  # noqa: E731

    assert list(watch(statuses, len(statuses), lambda s: s, console=console, clock=clock)) == (
        statuses
    )
    return file.getvalue()


def test_a_batch_says_how_fast_it_is_and_how_it_goes():
    """Rate, time left, and how many are graded, need a person, or failed by our own fault."""
    statuses = [Status.GRADED, Status.NEEDS_ATTENTION, Status.GRADED, Status.GRADER_ERROR]

    assert run_watch(statuses, 30.0).splitlines() == [
        "Grading 1/4: 30.0 s each, about 90 s left; 1 graded",
        "Grading 2/4: 30.0 s each, about 60 s left; 1 graded, 1 need a person",
        "Grading 3/4: 30.0 s each, about 30 s left; 2 graded, 1 need a person",
        "Grading 4/4: 30.0 s each; 2 graded, 1 need a person, 1 our errors",
    ]


def test_a_fast_batch_does_not_flood_a_log():
    """A line a second at most, beside the first and the last."""
    lines = run_watch([Status.GRADED] * 100, 0.1).splitlines()

    assert len(lines) <= 12
    assert lines[0].startswith("Grading   1/100")
    assert lines[-1] == "Grading 100/100: 10.0 a second; 100 graded"


def test_a_terminal_shows_the_counts_of_a_batch_beside_its_bar():
    """The same in one line that goes away."""
    shown = run_watch([Status.GRADED] * 2, 1.0, force_terminal=True, force_interactive=True)

    assert "2 graded" in shown


def run_busy(**settings) -> str:
    file = io.StringIO()
    with busy("Grading [bold]ada[/bold]\x1b[2J", Console(file=file, **settings)):
        pass
    return file.getvalue()


def test_a_single_submission_needs_no_progress_in_a_pipe():
    """The result follows at once."""
    assert run_busy() == ""


def test_a_terminal_is_told_whose_submission_is_graded():
    """The line goes away at the end, and shows a file's name as it is."""
    shown = run_busy(force_terminal=True, width=100, force_interactive=True)

    assert "Grading [bold]ada[/bold]" in shown
    assert "\x1b[2J" not in shown


@pytest.mark.parametrize(("number", "words"), [(1, "known mistake"), (2, "seconds")])
def test_one_submission_is_told_in_detail_and_many_as_a_table(number, words, capsys):
    """What is asked for decides how much is said."""
    terminal.show(builders.assignment(), [builders.mistaken()] * number)

    assert words in capsys.readouterr().out


@dataclass(frozen=True)
class Found:
    name: str = "layers"
    ok: bool = True
    questions: int = 10
    hidden_tests: int = 60
    misconceptions: int = 98
    caught: int = 98
    named: int = 96
    alternatives: int = 12
    alternatives_full: int = 12
    repetitions: int = 20
    identical: int = 20
    reference_fails: tuple[str, ...] = ()
    stub_passes: tuple[str, ...] = ()
    not_caught: tuple[str, ...] = ()
    not_named: tuple[str, ...] = ()
    named_wrongly: tuple[str, ...] = ()
    leaks: tuple[str, ...] = ()
    indistinguishable: tuple[str, ...] = ()
    alternatives_not_full: tuple[str, ...] = ()
    unfailable: tuple[str, ...] = ()
    failed_by_the_stub_only: tuple[str, ...] = ()


def verification(**changes) -> str:
    file = io.StringIO()
    show_verification(Found(**changes), make_console(file))
    return file.getvalue()


def test_a_sound_assignment_is_said_to_be_so():
    """The counts, and a last line that says what they mean."""
    text = verification()

    assert "98 of 98 lose points" in text
    assert "✗" not in text
    assert text.splitlines()[-1] == "layers may be given to a class."


def test_an_offender_is_named():
    """What does not hold is listed under its line."""
    text = verification(ok=False, not_caught=("a_mistake",), identical=19, leaks=("x",) * 50)

    assert "✗ known mistakes" in text
    assert "    a_mistake" in text
    assert "1 of them differ from the first." in text
    assert "and 30 more" in text
    assert text.splitlines()[-1] == "layers is not ready."


@dataclass(frozen=True)
class Looked:
    name: str
    ok: bool
    found: str
    remedy: str = ""


def test_the_doctor_tells_the_remedy():
    """What this machine lacks comes with what to do."""
    file = io.StringIO()

    show_checks(
        [Looked("python", True, "3.11", "unused"), Looked("engine", False, "none", "Install it.")],
        make_console(file),
    )

    assert "unused" not in file.getvalue()
    assert file.getvalue().endswith("✗ engine             none\n    Install it.\n")


def test_the_selftest_tells_what_got_through():
    """A boundary that does not hold is named twice; one that was not promised is none of them."""
    file = io.StringIO()
    rows = [
        Tried("network", "connects", True, seconds=0.4),
        Tried("disk", "fills it", False, "32 MB were written", 1.2),
        Tried("rights", "becomes root", None),
    ]

    broken = show_tried(rows, make_console(file))

    assert broken == ("disk",)
    lines = file.getvalue().splitlines()
    assert lines[2].split() == ["✗", "disk", "fills", "it", "NO", "1.2"]
    assert lines[3] == "    32 MB were written"
    assert lines[4].split()[-2:] == ["not", "promised"]
    assert lines[5] == "1 of 2 do not hold: disk. Do not grade so."


@pytest.mark.parametrize(
    ("done", "total", "elapsed", "words"),
    [
        (1, 2, 5.0, "about 5 s left"),
        (10, 310, 10.0, "about 5 min left"),
        (0, 5, 1.0, "about 5 s left"),
    ],
)
def test_the_time_left_is_told_in_fitting_units(done, total, elapsed, words):
    """Minutes where seconds would be many."""
    assert time_left(done, total, elapsed) == words
