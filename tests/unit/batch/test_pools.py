"""How many workers a class gets when nobody says."""

from __future__ import annotations

import os

import pytest

from grader.batch.pools import sensible_workers
from grader.course import load_assignment
from tests.conftest import ROOT


@pytest.mark.parametrize(("jobs", "expected"), [(0, 1), (1, 1), (4, 1), (5, 2), (8, 2), (1000, 2)])
def test_a_worker_is_started_where_it_has_enough_to_do(jobs, expected, monkeypatch):
    """One for a few submissions, which are done before a second has started; else one a core."""
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0, 1}, raising=False)

    assert sensible_workers(load_assignment("layers", ROOT), jobs) == expected
