"""K07: it names a field twice, so that two programs read two notebooks."""

from __future__ import annotations

import json
from typing import Any

from tests.attacks.case import Case, Notebook, Verdict


def with_doubled_keys(notebook: dict[str, Any]) -> bytes:
    """A second list of cells comes first in the file, and is not meant."""
    text = json.dumps(notebook)
    return ('{"cells": [], ' + text[1:]).encode()


CASE = Case(
    number="K07",
    tries="Names a field twice, so that two programs read two notebooks.",
    stopped_by="The last one counts, as in Jupyter, and the row says so.",
    variants={"cells-twice": Notebook(Verdict.OK, edit=with_doubled_keys)},
)
