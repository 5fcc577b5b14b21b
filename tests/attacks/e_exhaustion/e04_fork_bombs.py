"""E04: it forks without end: plainly, into sessions, by vfork and by clone."""

from __future__ import annotations

from tests.attacks.case import Case, Notebook, Verdict
from tests.attacks.e_exhaustion.bodies import HOSTILE_FLAGS, called, cell

DOUBLE = """
import os, time
for _ in range(120):
    try:
        if os.fork() == 0:
            os.setsid()
            try:
                if os.fork() == 0:
                    time.sleep(600)
            except OSError:
                pass
            os._exit(0)
    except OSError:
        pass
"""


VFORK = "import subprocess\nkept = []\nwhile True:\n    try: kept.append(subprocess.Popen(['sleep', '100']))\n    except OSError: pass"


CLONE = "import ctypes\nlibc = ctypes.CDLL(None)\nwhile True: libc.syscall(56, 17, 0, 0, 0, 0)"

CASE = Case(
    number="E04",
    tries="Forks without end: plainly, into sessions, by vfork and by clone.",
    stopped_by="A number of processes per uid and per container; one sweep ends them.",
    variants={
        "fork-in-a-call": called("while True:\n    try: os.fork()\n    except OSError: pass"),
        "fork-in-a-cell": cell(
            "import os\nwhile True:\n    try: os.fork()\n    except OSError: pass"
        ),
        "sessions": Notebook(Verdict.OK, DOUBLE, may=HOSTILE_FLAGS),
        "vfork": called(VFORK),
        "clone": called(CLONE),
    },
    held_by=("tests/box/test_endings.py::test_a_fork_bomb_costs_only_its_call",),
)
