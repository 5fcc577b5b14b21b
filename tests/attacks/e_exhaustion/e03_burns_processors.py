"""E03: it burns all processors with many processes and asks for a better place in the queue."""

from __future__ import annotations

from tests.attacks.case import Case, Notebook, Verdict
from tests.attacks.e_exhaustion.bodies import HOSTILE_FLAGS, called

BURN = """
import os, threading
for _ in range(8):
    if os.fork() == 0:
        try:
            os.sched_setaffinity(0, range(os.cpu_count()))
            os.nice(-20)
        except OSError:
            pass
        while True:
            pass
"""


BATCH = "import os\nos.sched_setscheduler(0, os.SCHED_BATCH, os.sched_param(0))\nos.nice(19)"

CASE = Case(
    number="E03",
    tries="Burns all processors with many processes and asks for a better place in the queue.",
    stopped_by="All of them end with the submission; priorities cannot be raised.",
    variants={
        "eight-processes": Notebook(
            Verdict.OK, BURN, may=HOSTILE_FLAGS, limits={"call_seconds": 10}
        ),
        "another-scheduler": Notebook(Verdict.OK, BATCH),
        "threads-in-a-call": called(
            "import threading\ndef burn():\n    while True: pass\n"
            "for _ in range(20): threading.Thread(target=burn, daemon=True).start()\nwhile True: pass"
        ),
    },
)
