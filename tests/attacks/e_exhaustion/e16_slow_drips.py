"""E16: it stays just below the limit of each call."""

from __future__ import annotations

from tests.attacks.case import Case, Verdict
from tests.attacks.e_exhaustion.bodies import called

DRIP = "time.sleep(2.5)\nreturn 0"

CASE = Case(
    number="E16",
    tries="Stays just below the limit of each call.",
    stopped_by="All cells and calls together have a limit as well.",
    variants={
        "slow-drips": called(
            DRIP,
            Verdict.ZERO,
            limits={"call_seconds": 4, "total_seconds": 12},
            loses=("linear", "layer_norm"),
        )
    },
)
