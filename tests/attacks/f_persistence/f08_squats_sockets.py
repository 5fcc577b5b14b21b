"""F08: it squats a socket's name, to be spoken to by the next one."""

from __future__ import annotations

from tests.attacks.case import Case, Notebook, Verdict

SQUATS = """
import os, socket, time
for name in ("\\0zmq", "\\0grader", "\\0kernel-2"):
    try:
        s = socket.socket(socket.AF_UNIX); s.bind(name); s.listen()
    except OSError:
        pass
try:
    t = socket.socket(socket.AF_INET); t.bind(("127.0.0.1", 5555)); t.listen()
except OSError:
    pass
if os.fork() == 0:
    os.setsid()
    time.sleep(60)
"""


FIND_SOCKETS = """
lines = open("/proc/net/unix").read()
print("FOUND", [n for n in ("@zmq", "@grader", "@kernel-2") if n in lines])
"""

CASE = Case(
    number="F08",
    tries="Squats a socket's name, to be spoken to by the next one.",
    stopped_by="Whoever listens is ended; real sockets lie in root's folder.",
    variants={"sockets": Notebook(Verdict.OK, SQUATS, heir=FIND_SOCKETS)},
)
