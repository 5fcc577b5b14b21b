"""K04: it uses another encoding, halves of characters, or characters nobody sees."""

from __future__ import annotations

import json
from typing import Any

from tests.attacks.case import Case, Notebook, Verdict
from tests.attacks.k_files.making import GOOD, bytes_
from tests.builders import code_cell


def with_bom(notebook: dict[str, Any]) -> bytes:
    """As some editors of Windows save it."""
    return b"\xef\xbb\xbf" + json.dumps(notebook).encode()


def with_surrogates(notebook: dict[str, Any]) -> bytes:
    """Halves of characters in source and names."""
    notebook["cells"].append(code_cell("x = '\ud800'", id="half"))
    notebook["metadata"]["title"] = "\udcff\0\u202e"
    return json.dumps(notebook).encode()


CASE = Case(
    number="K04",
    tries="Uses another encoding, halves of characters, or characters nobody sees.",
    stopped_by="UTF-8 alone is read; a byte order mark is dropped and halves are replaced.",
    variants={
        "utf-16": bytes_(json.dumps(GOOD).encode("utf-16"), "UTF-16"),
        "latin-1": bytes_('{"café": 1}'.encode("latin-1"), "Latin-1"),
        "nul-bytes": bytes_(b"\0" * 1000, "UTF-16|binary"),
        "a-byte-order-mark": Notebook(Verdict.OK, edit=with_bom),
        "surrogates": Notebook(Verdict.OK, edit=with_surrogates),
    },
    quick=("surrogates",),
    held_by=("tests/unit/intake/test_read.py::test_lone_halves_of_characters_are_replaced",),
)
