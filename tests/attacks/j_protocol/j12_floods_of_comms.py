"""J12: it opens thousands of comms, or sends events of other parts of the protocol."""

from __future__ import annotations

from tests.attacks.case import Case
from tests.attacks.j_protocol.messages import sending

COMMS = """
for n in range(5000):
    session.send(iopub, "comm_open", {"comm_id": str(n), "target_name": "t" * 100, "data": {}}, parent=kernel.get_parent())
"""


EVENTS = """
for kind in ("shutdown_reply", "iopub_welcome", "debug_event", "kernel_info_reply", "grade", "execute_input", "interrupt_reply"):
    for _ in range(100):
        session.send(iopub, kind, {"restart": False, "score": 100}, parent=kernel.get_parent())
        session.send(kernel.shell_stream, kind, {"status": "ok"}, parent=kernel.get_parent(), ident=kernel._parent_ident["shell"])
"""

CASE = Case(
    number="J12",
    tries="Opens thousands of comms, or sends events of other parts of the protocol.",
    stopped_by="They are dropped unread; floods are cut.",
    variants={"comms": sending(COMMS, limits={"cell_seconds": 10}), "events": sending(EVENTS)},
)
