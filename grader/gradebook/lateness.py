"""How late an attempt is, and what that costs."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import timedelta

from grader.gradebook.grades import Attempt
from grader.gradebook.rules import Rules

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Lateness:
    """`days` begun after the due date, `free` of which cost nothing; `share` is what is left."""

    late: timedelta | None = None
    days: int = 0
    free: int = 0
    share: float = 1.0
    reasons: tuple[str, ...] = ()


def lateness(attempt: Attempt, rules: Rules, free_days_left: int) -> Lateness:
    """What the rules make of the moment at which an attempt was handed in."""
    late = _late(attempt, rules)
    if late is None:
        return Lateness(reasons=_unknown(rules))
    if late <= timedelta(minutes=rules.grace_minutes):
        return Lateness(max(late, timedelta(0)))
    days = math.ceil(late / DAY)
    if rules.most_late_days is not None and days > rules.most_late_days:
        most = _days(rules.most_late_days)
        reason = f"Handed in {_days(days)} late; what is later than {most} counts nothing."
        return Lateness(late, days, 0, 0.0, (reason,))
    free = min(days, free_days_left)
    share = max(0.0, 1.0 - rules.late_penalty * (days - free) / 100.0)
    return Lateness(late, days, free, share, (_reason(days, free, rules),))


def _late(attempt: Attempt, rules: Rules) -> timedelta | None:
    """How long after the due date; else what the system says that it was handed in to."""
    due = rules.due_for(attempt.key.student)
    if due is not None and attempt.submitted_at is not None:
        return attempt.submitted_at - due
    if attempt.late is None:
        return None
    extension = rules.extensions.get(attempt.key.student)
    longer = timedelta(days=extension) if isinstance(extension, float) else timedelta(0)
    return attempt.late - longer


def _unknown(rules: Rules) -> tuple[str, ...]:
    if rules.due is None:
        return ()
    return ("When it was handed in is not known; it counts as on time.",)


def _reason(days: int, free: int, rules: Rules) -> str:
    said = f"Handed in {_days(days)} late"
    if free:
        said += f", {free} of them free late days" if days > free else ", on free late days"
    charged = days - free
    if not charged or not rules.late_penalty:
        return f"{said}; this costs nothing."
    percent = min(100.0, rules.late_penalty * charged)
    return f"{said}: {percent:g} % of the score less ({rules.late_penalty:g} % a day)."


def _days(number: int) -> str:
    return f"{number} day" if number == 1 else f"{number} days"
