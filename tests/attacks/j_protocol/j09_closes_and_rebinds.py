"""J09: it closes its sockets, or binds others in their place."""

from __future__ import annotations

from tests.attacks.case import Case, Notebook, Verdict
from tests.attacks.j_protocol.messages import ANY

CLOSES = "import os\nos.closerange(3, 512)"


REBINDS = """
import glob, zmq
context = zmq.Context()
for path in glob.glob("/run/*/s-*") or [f"/run/{n}/s-{p}" for n in range(1, 300) for p in (1, 2)]:
    try: context.socket(zmq.XPUB).bind("ipc://" + path)
    except zmq.ZMQError: pass
"""

CASE = Case(
    number="J09",
    tries="Closes its sockets, or binds others in their place.",
    stopped_by="The kernel that no longer answers is ended; names of sockets are root's.",
    variants={
        "closes": Notebook(Verdict.OK, CLOSES, ends=None, may=ANY),
        "rebinds": Notebook(Verdict.OK, REBINDS, may=ANY),
    },
)
