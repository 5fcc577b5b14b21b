"""J04: it lies about counts and status in a cell's reply."""

from __future__ import annotations

from tests.attacks.case import Case
from tests.attacks.j_protocol.messages import sending

COUNTS = """
parent = kernel.get_parent()
ident = kernel._parent_ident["shell"]
for count in (0, -1, 1e9, "x", None, [1]):
    for status in ("ok", None, 7):
        content = {"status": status, "execution_count": count, "user_expressions": {}, "payload": []}
        session.send(kernel.shell_stream, "execute_reply", content, parent=parent, ident=ident)
"""

CASE = Case(
    number="J04",
    tries="Lies about counts and status in a cell's reply.",
    stopped_by="Neither is read for a score.",
    variants={"counts": sending(COUNTS)},
)
