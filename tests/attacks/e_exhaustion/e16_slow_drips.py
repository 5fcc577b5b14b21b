"""E16: it stays just below the limit of each call."""

from __future__ import annotations

from tests.attacks.case import Case, Verdict
from tests.attacks.e_exhaustion.bodies import called

DRIP = "time.sleep(1.2)\nreturn 0"

CASE = Case(
    number="E16",
    tries="Stays just below the limit of each call.",
    stopped_by="All cells and calls together have a limit as well.",
    variants={
        "slow-drips": called(
            DRIP,
            Verdict.ZERO,
            limits={"total_seconds": 6},
            loses=("linear", "layer_norm"),
        )
    },
)
