"""E06: it leaves hundreds of dead processes that nobody has waited for."""

from __future__ import annotations

from tests.attacks.case import Case, Notebook, Verdict
from tests.attacks.e_exhaustion.bodies import HOSTILE_FLAGS

ZOMBIES = """
import os
for _ in range(200):
    try:
        if os.fork() == 0:
            if os.fork() == 0:
                os._exit(0)
            os._exit(0)
    except OSError:
        pass
"""

CASE = Case(
    number="E06",
    tries="Leaves hundreds of dead processes that nobody has waited for.",
    stopped_by="The zygote is PID 1 and reaps whatever it inherits.",
    variants={"zombies": Notebook(Verdict.OK, ZOMBIES, may=HOSTILE_FLAGS)},
    quick=("zombies",),
)
