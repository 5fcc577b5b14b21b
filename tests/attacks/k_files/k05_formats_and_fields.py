"""K05: it claims a format that does not exist, or fields of another type."""

from __future__ import annotations

import json
from typing import Any

from tests.attacks.case import Case, File
from tests.attacks.k_files.making import GOOD, bytes_
from tests.builders import code_cell


def with_(says: str, **fields: Any) -> File:
    """A notebook with other fields."""
    return bytes_(json.dumps({**GOOD, **fields}).encode(), says)


CASE = Case(
    number="K05",
    tries="Claims a format that does not exist, or fields of another type.",
    stopped_by="Known formats are brought up to date; a refusal names the field.",
    variants={
        "format-5": with_("format 5", nbformat=5),
        "format-99": with_("format 99", nbformat=99),
        "a-text": with_('"nbformat" is text', nbformat="4"),
        "a-huge-minor": with_("huge number", nbformat_minor=10**9),
        "no-cells": with_('"cells" is nothing', cells=None),
        "cells-of-numbers": with_("cell 1 is a number", cells=[3]),
        "a-source-of-numbers": with_(
            '"source" of cell 1', cells=[{**code_cell("x"), "source": [1, 2]}]
        ),
        "three-thousand-cells": with_("has 3000 cells", cells=[code_cell("x")] * 3000),
    },
    held_by=("tests/unit/intake/test_read.py::test_old_formats_are_brought_up_to_date",),
)
