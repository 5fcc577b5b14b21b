"""When something was handed in, as the systems write it."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo

# 2015-02-02 14:58:23.948203 America/Los_Angeles; 2023-09-21T18:14:33.123456000 Z; ... -07:00
_TIME = re.compile(
    r"(?P<day>\d{4}-\d\d-\d\d)[ T](?P<clock>\d\d:\d\d:\d\d)(?:\.(?P<fraction>\d{1,12}))?"
    r"\s*(?P<zone>Z|[+-]\d\d:?\d\d|[A-Za-z][\w+/-]{0,40})?"
)


def parse_time(text: str) -> datetime | None:
    """The moment in UTC, None where the text is none. As in nbgrader, no zone means UTC."""
    found = _TIME.fullmatch(text.strip()[:100])
    zone = _zone(found["zone"] or "UTC") if found else None
    if found is None or zone is None:
        return None
    fraction = (found["fraction"] or "0")[:6].ljust(6, "0")
    try:
        moment = datetime.fromisoformat(f"{found['day']} {found['clock']}.{fraction}")
        return moment.replace(tzinfo=zone).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _zone(name: str) -> tzinfo | None:
    if name in {"Z", "UTC"}:
        return UTC
    if name[0] in "+-":
        digits = name[1:].replace(":", "")
        shift = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
        return timezone(-shift if name[0] == "-" else shift) if shift < timedelta(days=1) else None
    from zoneinfo import ZoneInfo  # noqa: PLC0415  (few systems write the name of a zone)

    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return None
