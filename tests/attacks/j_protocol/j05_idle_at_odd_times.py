"""J05: it is never idle, or idle too early, or too often."""

from __future__ import annotations

from tests.attacks.case import Case
from tests.attacks.j_protocol.messages import sending

IDLES = """
parent = kernel.get_parent()
for _ in range(5):
    session.send(iopub, "status", {"execution_state": "idle"}, parent=parent)
print("after idle")
session.send(iopub, "status", {"execution_state": "starting"}, parent=parent)
session.send(iopub, "status", {"execution_state": 7}, parent=parent)
"""


NEVER_IDLE = """
send = type(session).send
def never(self, stream, kind, content=None, *a, **k):
    if kind == "status": return None
    return send(self, stream, kind, content, *a, **k)
type(session).send = never
"""

CASE = Case(
    number="J05",
    tries="Is never idle, or idle too early, or too often.",
    stopped_by="The host's clock ends a cell, whatever was said of it.",
    variants={"idle-too-often": sending(IDLES), "never-idle": sending(NEVER_IDLE)},
)
