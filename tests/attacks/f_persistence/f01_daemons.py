"""F01: it leaves daemons that block every signal, are stopped or traced, or change their pid."""

from __future__ import annotations

from grader.selftest.cells import FINDS_PROCESSES
from tests.attacks.case import Case, Notebook, Verdict

DAEMONS = """
import os, signal, time
for kind in range(3):
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            for number in range(1, 65):
                try: signal.signal(number, signal.SIG_IGN)
                except (OSError, ValueError): pass
            signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))
            if kind == 1:
                os.kill(os.getpid(), signal.SIGSTOP)
            while True:
                if kind == 2 and os.fork():
                    os._exit(0)  # moves on to another pid for ever
                time.sleep(0.01)
        os._exit(0)
"""


TRACED = """
import ctypes, os, time
libc = ctypes.CDLL(None)
child = os.fork()
if child == 0:
    libc.ptrace(0, 0, 0, 0)
    time.sleep(60)
"""

CASE = Case(
    number="F01",
    tries="Leaves daemons that block every signal, are stopped or traced, or change their pid.",
    stopped_by="SIGKILL as the uid itself, until /proc shows none; else a new container.",
    variants={
        "daemons": Notebook(Verdict.OK, DAEMONS, heir=FINDS_PROCESSES, may=("fork_bomb",)),
        "traced": Notebook(Verdict.OK, TRACED, heir=FINDS_PROCESSES),
    },
    quick=("daemons",),
)
