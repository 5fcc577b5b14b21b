"""E07: it takes all memory: at once, in steps, by many processes, in pipes and sockets."""

from __future__ import annotations

from grader.records import Ending
from tests.attacks.case import Case, Notebook, Verdict
from tests.attacks.e_exhaustion.bodies import HOSTILE_FLAGS, called, cell

STEPS = "kept = []\nwhile True: kept.append(bytearray(1 << 20))"


PROCESSES = """
for _ in range(12):
    if not os.fork():
        kept = b'x' * 300_000_000
        time.sleep(60)
kept = b'x' * 300_000_000
time.sleep(60)
"""


PIPES = """
import os
kept = []
try:
    while True:
        r, w = os.pipe()
        os.set_blocking(w, False)
        kept.append((r, w))
        os.write(w, b"x" * 65536)
except OSError:
    pass
for r, w in kept:
    os.close(r); os.close(w)
"""


SOCKETS = """
import socket
kept = []
try:
    while True:
        a, b = socket.socketpair()
        a.setblocking(False)
        kept.append((a, b))
        a.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 30)
        while True:
            try: a.send(b"x" * 100_000)
            except BlockingIOError: break
except OSError:
    pass
for a, b in kept:
    a.close(); b.close()
"""


LOCKED = """
import ctypes, mmap
libc = ctypes.CDLL(None, use_errno=True)
print("FOUND", [] if libc.mlockall(3) else ["mlockall"])
"""

# The zygote has no right to keep anybody from being spared, so it can become the largest process.
SPARED = """
import ctypes, os, subprocess, sys
HOG = "import time; held = bytearray(b'x') * (40 << 20); time.sleep(30)"
def linear(x, w, b):
    ctypes.CDLL(None).prctl(4, 1, 0, 0, 0)
    with open("/proc/self/oom_score_adj", "w") as file:
        file.write("0")
    command = [sys.executable, "-I", "-S", "-c", HOG]
    for _ in range(56):
        try:
            subprocess.Popen(command)
        except OSError:
            break
    os.execv(command[0], command)


def linear_backward(dout, x, w):
    return None
"""

CASE = Case(
    number="E07",
    tries="Takes all memory: at once, in steps, by many processes, in pipes and sockets.",
    stopped_by="RLIMIT_DATA per process, the container's limit for all; it is then replaced.",
    variants={
        "at-once": called("return bytearray(10**12)", Verdict.MEM),
        "in-steps": called(STEPS, Verdict.MEM, limits={"call_seconds": 10}),
        "in-a-cell": cell(STEPS, Verdict.MEM, Ending.OUT_OF_MEMORY, limits={"cell_seconds": 10}),
        "many-processes": called(PROCESSES, Verdict.ZERO, flags=("out_of_memory",)),
        "the-zygote-is-killed": Notebook(
            Verdict.MEM, answer=SPARED, flags=("out_of_memory",), may=HOSTILE_FLAGS
        ),
        "pipes": Notebook(Verdict.OK, PIPES, may=HOSTILE_FLAGS),
        "sockets": Notebook(
            Verdict.OK, SOCKETS, ends=None, may=HOSTILE_FLAGS, limits={"cell_seconds": 15}
        ),
        "locked": Notebook(Verdict.OK, LOCKED),
    },
    quick=("at-once",),
    held_by=("tests/box/test_endings.py::test_memory_of_many_processes_is_counted_together",),
)
