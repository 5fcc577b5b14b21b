"""G01: it signals, traces or reads the zygote and the driver."""

from __future__ import annotations

from grader.selftest.cells import MEMORY_OF_OTHERS, SIGNALS
from tests.attacks.case import Case, Notebook, Verdict

CASE = Case(
    number="G01",
    tries="Signals, traces or reads the zygote and the driver.",
    stopped_by="They have other uids; seccomp refuses the calls.",
    variants={
        "signals": Notebook(Verdict.OK, SIGNALS),
        "memory": Notebook(Verdict.OK, MEMORY_OF_OTHERS),
    },
    quick=("signals",),
)
