"""J13: it speaks another version of ZMTP, or none, and subscribes without end."""

from __future__ import annotations

from tests.attacks.case import Case, Notebook, Verdict
from tests.attacks.j_protocol.messages import ANY

ZMTP = """
import os, socket
for n in range(1, 400):
    for port in (1, 2):
        for greeting in (b"\\x01\\x00", b"\\xff" + b"\\0" * 8 + b"\\x7f\\x03\\x01CURVE" + b"\\0" * 50, b"\\xff" * 100_000, b"GET / HTTP/1.0\\r\\n\\r\\n"):
            s = socket.socket(socket.AF_UNIX)
            s.settimeout(0.2)
            try:
                s.connect(f"/run/{n}/s-{port}")
                s.sendall(greeting)
            except OSError:
                break
            finally:
                s.close()
"""


SUBSCRIBES = """
import os, zmq
context = zmq.Context()
for n in range(1, 400):
    if os.path.exists(f"/run/{n}/s-2"):
        s = context.socket(zmq.SUB)
        s.connect(f"ipc:///run/{n}/s-2")
        for k in range(20_000):
            s.setsockopt(zmq.SUBSCRIBE, b"%d" % k)
"""

CASE = Case(
    number="J13",
    tries="Speaks another version of ZMTP, or none, and subscribes without end.",
    stopped_by="libzmq drops what it does not know, in the student's own kernel.",
    variants={
        "greetings": Notebook(Verdict.OK, ZMTP, may=ANY, limits={"cell_seconds": 10}),
        "subscriptions": Notebook(Verdict.OK, SUBSCRIBES, may=ANY, limits={"cell_seconds": 10}),
    },
)
