"""K01: it hands in what is no notebook at all."""

from __future__ import annotations

import json

from tests.attacks.case import Case
from tests.attacks.k_files.making import GOOD, bytes_

HTML = b"<!DOCTYPE html><html><body>404</body></html>"

CASE = Case(
    number="K01",
    tries="Hands in what is no notebook at all.",
    stopped_by="The file's first bytes, then its fields, are looked at; one sentence says what it is.",
    variants={
        "empty": bytes_(b"", "is empty"),
        "blank": bytes_(b" \n" * 1000, "is empty"),
        "a-web-page": bytes_(HTML, "web page"),
        "a-pdf": bytes_(b"%PDF-1.7", "PDF"),
        "a-zip": bytes_(b"PK\x03\x04....", "zip archive"),
        "a-list": bytes_(b"[]", "holds a list"),
        "a-number": bytes_(b"3", "holds a number"),
        "a-script": bytes_(b"import os\n", "not JSON"),
        "cut-off": bytes_(json.dumps(GOOD).encode()[:-20], "cut off"),
        "two-documents": bytes_(b'{"a": 1} {"b": 2}', "not valid JSON"),
        "a-pickle": bytes_(b"\x80\x04cos\nsystem\n.", "attack.ipynb"),
    },
    held_by=("tests/flow/test_bad_input.py::test_a_bad_file_is_a_row_with_its_reason",),
)
