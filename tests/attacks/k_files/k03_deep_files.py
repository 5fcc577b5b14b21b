"""K03: it nests brackets so deep that a parser's stack overflows."""

from __future__ import annotations

from tests.attacks.case import Case
from tests.attacks.k_files.making import bytes_

CASE = Case(
    number="K03",
    tries="Nests brackets so deep that a parser's stack overflows.",
    stopped_by="The depth is counted over the bytes.",
    variants={
        "nine-hundred": bytes_(b'{"a":' * 900, "nested deeper"),
        "millions": bytes_(b"[" * 10_000_000, "nested deeper"),
        "just-above": bytes_(b"[" * 65, "nested deeper"),
    },
)
