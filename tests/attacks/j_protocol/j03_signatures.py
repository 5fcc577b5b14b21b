"""J03: it sends messages with no, a wrong, or a replayed signature."""

from __future__ import annotations

from tests.attacks.case import Case
from tests.attacks.j_protocol.messages import sending

SIGNATURES = """
import json
own = json.loads(json.dumps(kernel.get_parent()["header"], default=str))
parts = [json.dumps(p).encode() for p in (dict(own, msg_type="stream"), own, {}, {"name": "stdout", "text": "forged"})]
good = session.sign(parts)
for signature in (b"", b"0" * 64, good, good):
    iopub.send_multipart([b"x", b"<IDS|MSG>", signature, *parts])
session.key = b""
session.send(iopub, "stream", {"name": "stdout", "text": "unsigned"}, parent=kernel.get_parent())
"""

CASE = Case(
    number="J03",
    tries="Sends messages with no, a wrong, or a replayed signature.",
    stopped_by="The key is of no worth: what is signed decides nothing.",
    variants={"signatures": sending(SIGNATURES)},
)
