"""Each second of a submission is in one step, and the tables say which were slow."""

from __future__ import annotations

import io

import pytest

from grader import steps
from grader.records import Cell, CellRun, Ending, Execution, Program, Status, SubmissionResult
from grader.report.console import make_console
from grader.report.profile import Profile
from grader.steps import Step, measured, step
from tests.unit.report.builders import assignment, hidden_test, question


@pytest.fixture
def pass_time(monkeypatch):
    """Let seconds pass without waiting."""
    now = [0.0]
    monkeypatch.setattr(steps.time, "perf_counter", lambda: now[0])

    def wait(seconds):
        now[0] += seconds

    return wait


def test_a_step_within_another_is_not_the_others(pass_time):
    """The calls of a hidden test are no time of the test's own."""
    with measured() as seconds, step(Step.TESTS):
        pass_time(1)
        with step(Step.CALLS):
            pass_time(5)
        pass_time(2)

    assert seconds == {"tests": 3, "calls": 5}


def test_calls_of_the_reference_are_the_references(pass_time):
    """It has a box like a student's, whose calls and cells are not the student's."""
    with measured() as seconds, step(Step.TESTS), step(Step.REFERENCE):
        with step(Step.CALLS):
            pass_time(5)
        pass_time(1)

    assert seconds == {"tests": 0, "reference": 6}


def test_a_step_ends_with_an_exception(pass_time):
    """What is raised leaves no step open."""
    with measured() as seconds, step(Step.TESTS):
        with pytest.raises(ZeroDivisionError), step(Step.CALLS):
            pass_time(1 / 0)
        pass_time(2)

    assert seconds == {"tests": 2, "calls": 0}


def test_without_anybody_who_measures_nothing_happens():
    """A session can be used without a pipeline."""
    with step(Step.CALLS):
        pass


def result(**changes):
    tests = (hidden_test("test_a", "conv2d", seconds=0.25), hidden_test("test_b", "conv2d"))
    fields = {
        "student": "ada",
        "file": "ada.ipynb",
        "sha256": "",
        "status": Status.GRADED,
        "score": 1.0,
        "max_score": 1.0,
        "questions": (question("conv2d", tests=tests),),
        "steps": {"cells": 1.0, "tests": 3.0},
        "program": Program((Cell("1"), Cell("2", question="conv2d"))),
        "execution": Execution((CellRun(Ending.FINISHED, seconds=0.5), CellRun(Ending.FINISHED))),
    }
    return SubmissionResult(**{**fields, **changes})


def shown(*results):
    profile, file = Profile(), io.StringIO()
    for each in results:
        profile.add(each)
    profile.show(make_console(file), assignment())
    return file.getvalue()


def test_the_table_has_shares_and_what_was_slow():
    """Steps with their share, then the slowest tests and cells."""
    text = shown(result())

    assert "75%" in text
    assert "0.250 s  test_a" in text
    assert "0.500 s  1: a cell of the course" in text


def test_of_a_class_the_median_is_shown():
    """One slow submission does not speak for all."""
    slow = result(steps={"cells": 100.0}, program=None, execution=None)

    text = shown(result(), result(), slow)

    assert "median of 3" in text
    assert "1.000" in text


def test_what_was_not_run_takes_no_time():
    """A class of damaged files has no profile."""
    assert "Nothing was run" in shown(result(steps={}))
