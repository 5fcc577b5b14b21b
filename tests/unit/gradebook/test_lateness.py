"""How late an attempt is, and what that costs."""

from __future__ import annotations

from datetime import timedelta

import pytest

from grader.gradebook.lateness import lateness
from grader.gradebook.rules import Rules
from tests.unit.gradebook.builders import START, attempt

DAY = timedelta(days=1)


def rules(**more: object) -> Rules:
    """A tenth of the score for each day, none after three."""
    settings = {"due": START, "late_penalty": 10, "most_late_days": 3}
    return Rules.model_validate({**settings, **more})


@pytest.mark.parametrize(
    ("late", "days", "share"),
    [
        (-DAY, 0, 1.0),
        (timedelta(0), 0, 1.0),
        (timedelta(seconds=1), 1, 0.9),
        (DAY, 1, 0.9),
        (DAY + timedelta(seconds=1), 2, 0.8),
        (3 * DAY, 3, 0.7),
        (3 * DAY + timedelta(seconds=1), 4, 0.0),
    ],
)
def test_each_day_begun_costs_its_share(late, days, share):
    """On time costs nothing, each day begun a tenth, and after three days nothing counts."""
    found = lateness(attempt(submitted_at=START + late), rules(), 0)

    assert (found.days, found.share) == (days, pytest.approx(share))


@pytest.mark.parametrize(("left", "free", "share"), [(0, 0, 0.8), (1, 1, 0.9), (5, 2, 1.0)])
def test_free_days_are_used_before_a_penalty(left, free, share):
    """As many free late days as are left are used, and only the rest costs."""
    found = lateness(attempt(submitted_at=START + 2 * DAY), rules(), left)

    assert (found.free, found.share) == (free, pytest.approx(share))


def test_too_late_is_too_late_with_free_days_too():
    """Free days cost nothing, but what comes after the last day counts nothing and uses none."""
    found = lateness(attempt(submitted_at=START + 4 * DAY), rules(), 10)

    assert (found.free, found.share) == (0, 0.0)


def test_an_extension_moves_the_due_date():
    """With three days more, a day late is on time."""
    found = lateness(attempt(submitted_at=START + DAY), rules(extensions={"ada": 3}), 0)

    assert (found.days, found.share, found.late) == (0, 1.0, timedelta(0))


def test_a_grace_of_minutes_is_no_lateness():
    """Within the grace it is on time; a second after it the whole day counts."""
    kind = rules(grace_minutes=10)

    within = lateness(attempt(submitted_at=START + timedelta(minutes=10)), kind, 0)
    after = lateness(attempt(submitted_at=START + timedelta(minutes=10, seconds=1)), kind, 0)

    assert (within.days, after.days) == (0, 1)


def test_without_a_moment_the_word_of_its_system_counts():
    """Where only the system says how late it was, an extension of days is taken off."""
    late = attempt(late=2 * DAY)

    assert lateness(late, rules(due=None), 0).share == pytest.approx(0.8)
    assert lateness(late, rules(extensions={"ada": 1}), 0).share == pytest.approx(0.9)


def test_an_unknown_moment_counts_as_on_time_and_says_so():
    """Nobody loses points for a time that was not kept."""
    found = lateness(attempt(), rules(), 0)

    assert (found.share, found.late) == (1.0, None)
    assert found.reasons == ("When it was handed in is not known; it counts as on time.",)
