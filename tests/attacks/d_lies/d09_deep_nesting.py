"""D09: it sends values that are nested without end."""

from __future__ import annotations

from tests.attacks.case import Case, Host
from tests.attacks.d_lies.frames import refused


def nested(opening: bytes, closing: bytes, depth: int) -> Host:
    """A value inside a value inside a value."""
    return refused(opening * depth + b"null" + closing * depth)


CASE = Case(
    number="D09",
    tries="Sends values that are nested without end.",
    stopped_by="Depth is counted before a recursive parser sees the bytes.",
    variants={
        "brackets": nested(b"[", b"]", 100_000),
        "lists": nested(b'{"list":[', b"]}", 10_000),
        "tuples": nested(b'{"tuple":[', b"]}", 33),
        "scalars": nested(b'{"scalar":', b"}", 200),
        "never-closed": refused(b'{"list":[' * 50_000),
    },
)
