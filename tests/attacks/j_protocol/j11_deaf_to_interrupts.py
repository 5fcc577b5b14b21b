"""J11: it ignores the interrupt at the end of its time."""

from __future__ import annotations

from grader.records import Ending
from tests.attacks.case import Case, Notebook, Verdict

DEAF = "import signal\nfor n in (2, 15):\n    signal.signal(n, signal.SIG_IGN)\nsignal.pthread_sigmask(signal.SIG_BLOCK, {2, 15})\nwhile True: pass"

CASE = Case(
    number="J11",
    tries="Ignores the interrupt at the end of its time.",
    stopped_by="SIGKILL a second later.",
    variants={"deaf": Notebook(Verdict.TIME, DEAF, ends=Ending.OUT_OF_TIME)},
)
