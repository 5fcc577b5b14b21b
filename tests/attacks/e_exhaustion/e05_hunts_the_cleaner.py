"""E05: it stops or kills whoever comes to clean up."""

from __future__ import annotations

from grader.records import Ending
from tests.attacks.case import Case, Notebook, Verdict
from tests.attacks.e_exhaustion.bodies import HOSTILE_FLAGS

# It looks for helpers that come to clean up, and attacks each.
HUNTS = """
import os, signal, time
def hunt():
    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
        signal.signal(number, signal.SIG_IGN)
    while True:
        for pid in os.listdir("/proc"):
            if pid.isdigit() and int(pid) not in (1, os.getpid()):
                for number in (signal.SIGSTOP, signal.SIGKILL):
                    try:
                        if os.stat("/proc/" + pid).st_uid != os.getuid() or int(pid) > start + 20:
                            os.kill(int(pid), number)
                    except OSError:
                        pass
        try:
            os.fork()
        except OSError:
            pass
start = os.getpid() + 40
for _ in range(6):
    if os.fork() == 0:
        os.setsid()
        hunt()
"""


MINUS_ONE = """
import os, signal
if os.fork() == 0:
    os.setsid()
    while True:
        try:
            os.fork()
            os.kill(-1, signal.SIGSTOP)
        except OSError:
            pass
"""

CASE = Case(
    number="E05",
    tries="Stops or kills whoever comes to clean up.",
    stopped_by="The helper's real and saved uid are one that the submission cannot signal.",
    variants={
        "hunts-for-helpers": Notebook(Verdict.OK, HUNTS, may=HOSTILE_FLAGS, ends=None),
        "stops-everything": Notebook(
            Verdict.TIME,
            MINUS_ONE + "while True: pass",
            ends=Ending.OUT_OF_TIME,
            may=HOSTILE_FLAGS,
        ),
    },
    held_by=("tests/unit/inside/test_cleaning.py::test_nobody_can_signal_who_comes_to_end_him",),
)
