"""C09: it ignores or blocks every signal and never returns."""

from __future__ import annotations

from grader.records import Ending
from tests.attacks.c_tampering.crashes import crashing
from tests.attacks.case import Case, Notebook, Verdict

MASK = "signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))\nwhile True:\n    pass"


IGNORE = "for n in (2, 15, 1):\n    signal.signal(n, signal.SIG_IGN)\nwhile True:\n    pass"

CASE = Case(
    number="C09",
    tries="Ignores or blocks every signal and never returns.",
    stopped_by="Who does not react to an interrupt is killed, with SIGKILL.",
    variants={
        "ignores": crashing(IGNORE, Verdict.TIME),
        "blocks": crashing(MASK, Verdict.TIME),
        "catches-everything": crashing(
            "while True:\n    try:\n        while True:\n            pass\n    except BaseException:\n        pass",
            Verdict.TIME,
        ),
        "in-a-cell": Notebook(
            Verdict.TIME,
            "import signal\nsignal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))\nwhile True:\n    pass",
            ends=Ending.OUT_OF_TIME,
        ),
    },
    held_by=("tests/box/test_endings.py::test_a_call_that_hangs_costs_only_itself",),
)
