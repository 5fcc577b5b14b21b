"""Whose fault it is that a hidden test has ended with an exception."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from grader.errors import MachineError
from grader.harness.collected import HiddenTest
from grader.harness.outcome import Watch
from grader.harness.verdict import judge
from grader.sandbox import clock

TEST = HiddenTest("test_a", "a", "It is so.", 1.0, reveal=False)


class Closed:
    """A selector whose files the machine has taken away."""

    def select(self, _seconds: float) -> list[object]:
        os.read(9999, 1)
        return []


def test_an_error_of_the_system_on_the_way_to_the_box_is_ours():
    """No student loses points since this machine has run out of files."""
    with pytest.raises(OSError, match="descriptor") as raised:
        clock.ready(Closed(), 1)  # type: ignore[arg-type]

    with pytest.raises(MachineError, match="Bad file descriptor"):
        judge(raised.value, TEST, Watch(), Path("test_a.py"))


def test_a_hidden_tests_own_error_stays_in_doubt():
    """It is the student's only if the reference does not cause it as well."""
    error = FileNotFoundError("of the test's own")

    assert judge(error, TEST, Watch(), Path("test_a.py")).doubt is error
