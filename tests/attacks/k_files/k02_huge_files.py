"""K02: it hands in a file that is huge, or becomes huge as it is parsed."""

from __future__ import annotations

import os

from tests.attacks.case import Case
from tests.attacks.k_files.making import bytes_, made

CASE = Case(
    number="K02",
    tries="Hands in a file that is huge, or becomes huge as it is parsed.",
    stopped_by="Size and number of values are limited before anything is parsed.",
    variants={
        "two-hundred-megabytes": made(
            lambda path: (path.touch(), os.truncate(path, 200_000_000)), "is larger than"
        ),
        "a-terabyte-with-holes": made(
            lambda path: (path.touch(), os.truncate(path, 1 << 40)), "is larger than"
        ),
        "millions-of-lists": bytes_(b"[" + b"[]," * 5_000_000 + b"[]]", "holds more than"),
        "millions-of-numbers": bytes_(b"[" + b"1," * 9_000_000 + b"1]", "holds more than"),
    },
    held_by=("tests/flow/test_bad_input.py::test_a_file_of_200_mb_is_refused_before_it_is_parsed",),
)
