"""E02: it sleeps, pauses, waits for a lock or input, or stops itself."""

from __future__ import annotations

from tests.attacks.case import Case
from tests.attacks.e_exhaustion.bodies import called, cell

CASE = Case(
    number="E02",
    tries="Sleeps, pauses, waits for a lock or input, or stops itself.",
    stopped_by="Wall time counts, not time of the processor.",
    variants={
        "sleeps": called("time.sleep(1000)"),
        "pauses": cell("import signal; signal.pause()"),
        "a-deadlock": called(
            "import threading\nlock = threading.Lock()\nlock.acquire()\nlock.acquire()"
        ),
        "stops-itself": cell("import os, signal; os.kill(os.getpid(), signal.SIGSTOP)"),
        "stops-in-a-call": called("import signal\nos.kill(os.getpid(), signal.SIGSTOP)"),
        "a-pipe": cell("import os\nr, w = os.pipe()\nos.read(r, 1)"),
    },
)
