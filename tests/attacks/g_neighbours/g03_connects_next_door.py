"""G03: it connects to another submission's sockets, or twice to its own."""

from __future__ import annotations

from tests.attacks.case import Case, Notebook, Verdict

SOCKETS = """
import glob, os, socket
found = []
for path in glob.glob("/run/*/*") + glob.glob("/run/**") + [f"/run/{n}/s-{p}" for n in range(1, 400) for p in (1, 2, 3, 4, 5)]:
    own = path.startswith("/run/") and os.path.exists(path) and path.count("/") == 3
    s = socket.socket(socket.AF_UNIX)
    s.settimeout(0.2)
    try:
        s.connect(path)
        if not own:
            found.append(path)
    except OSError:
        pass
    s.close()
for top in ("/run", "/run/1"):
    try:
        os.listdir(top) if top == "/run/1" else os.mkdir(top + "/x")
        found.append(top)
    except OSError:
        pass
print("FOUND", found)
"""


SECOND_CLIENT = """
import glob, os, zmq, time
context = zmq.Context()
s = context.socket(zmq.DEALER)
for n in range(1, 400):
    if os.path.exists(f"/run/{n}/s-1"):
        s.connect(f"ipc:///run/{n}/s-1")
        for _ in range(100):
            s.send_multipart([b"<IDS|MSG>", b"0" * 64, b"{}", b"{}", b"{}", b'{"code": "1"}'])
time.sleep(0.5)
"""

CASE = Case(
    number="G03",
    tries="Connects to another submission's sockets, or twice to its own.",
    stopped_by="There are none but its own, in root's folder, and messages are signed.",
    variants={
        "sockets": Notebook(Verdict.OK, SOCKETS, may=("protocol",)),
        "a-second-client": Notebook(Verdict.OK, SECOND_CLIENT, may=("protocol",)),
    },
)
