"""J07: it asks for input, so that the grader waits for it."""

from __future__ import annotations

from tests.attacks.case import Case, Notebook, Verdict
from tests.attacks.j_protocol.messages import sending

INPUT = "try:\n    input('password: ')\nexcept Exception:\n    pass\nimport getpass\ntry:\n    getpass.getpass()\nexcept Exception:\n    pass"


RAW_INPUT = """
session.send(kernel.shell_stream, "input_request", {"prompt": "x", "password": True}, parent=kernel.get_parent(),
             ident=kernel._parent_ident["shell"])
"""

CASE = Case(
    number="J07",
    tries="Asks for input, so that the grader waits for it.",
    stopped_by="There is no channel for it: asking is an error at once.",
    variants={"input": Notebook(Verdict.OK, INPUT), "a-request": sending(RAW_INPUT)},
)
