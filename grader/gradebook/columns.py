"""Column types that keep what hostile text, numbers and times of a class would break.

One rule for text, the same for SQLite and PostgreSQL: NUL and lone surrogates, which PostgreSQL
refuses, are written as the noncharacter U+FDD0 and four hexadecimal digits, and read back as they
were. A number that is not finite is unknown: NULL, never NaN.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import DateTime, Dialect, Double, Text
from sqlalchemy.types import TypeDecorator

_ESCAPE = "\ufdd0"
_REFUSED = re.compile("[\x00\ud800-\udfff\ufdd0]")
_ESCAPED = re.compile("\ufdd0([0-9a-f]{4})")


def armour(text: str) -> str:
    """The text in characters that every database takes."""
    if text.isascii() and "\0" not in text:
        return text
    return _REFUSED.sub(lambda found: f"{_ESCAPE}{ord(found[0]):04x}", text)


def disarm(text: str) -> str:
    """The text as it was before `armour`."""
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text) if _ESCAPE in text else text


class AnyText(TypeDecorator[str]):
    """Text of any characters, given back as it came."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        return None if value is None else armour(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        return None if value is None else disarm(value)


class Words(TypeDecorator[tuple[str, ...]]):
    """Several texts in order, as a JSON list."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:  # noqa: ARG002
        return None if value is None else armour(json.dumps(list(value), ensure_ascii=False))

    def process_result_value(self, value: Any, dialect: Dialect) -> tuple[str, ...] | None:  # noqa: ARG002
        return None if value is None else tuple(json.loads(disarm(value)))


class Record(TypeDecorator[Mapping[str, Any]]):
    """Texts or numbers by name, as a JSON object."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:  # noqa: ARG002
        if value is None:
            return None
        return armour(json.dumps(dict(value), ensure_ascii=False, allow_nan=False))

    def process_result_value(self, value: Any, dialect: Dialect) -> Mapping[str, Any] | None:  # noqa: ARG002
        return None if value is None else dict(json.loads(disarm(value)))


class Finite(TypeDecorator[float]):
    """A number; one that is not finite is not known."""

    impl = Double
    cache_ok = True

    def process_bind_param(self, value: float | None, dialect: Dialect) -> float | None:  # noqa: ARG002
        # float() also frees NumPy's numbers of their type, which psycopg does not take.
        return float(value) if value is not None and math.isfinite(value) else None


class Moment(TypeDecorator[datetime]):
    """A moment, kept and given back in UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value} has no time zone")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Span(TypeDecorator[timedelta]):
    """A length of time, in seconds."""

    impl = Double
    cache_ok = True

    def process_bind_param(self, value: timedelta | None, dialect: Dialect) -> float | None:  # noqa: ARG002
        return None if value is None else value.total_seconds()

    def process_result_value(self, value: float | None, dialect: Dialect) -> timedelta | None:  # noqa: ARG002
        return None if value is None else timedelta(seconds=value)
