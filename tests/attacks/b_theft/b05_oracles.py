"""B05: it encodes bits of a hidden input in what passes, in time, or in the size of output."""

from __future__ import annotations

from tests.attacks.b_theft.b03_shows_hidden_inputs import showing
from tests.attacks.case import Case

CASE = Case(
    number="B05",
    tries="Encodes bits of a hidden input in what passes, in time, or in the size of output.",
    stopped_by="Nothing but limits on attempts, which the course sets; inputs do not change, so "
    "what is learned is what passed. A residual risk, documented.",
    variants={
        "in-time": showing("import time\ntime.sleep(abs(hash(str(a))) % 2 / 10)\nreturn 0"),
        "in-the-kind-of-error": showing(
            "raise (ValueError if a[0].ravel()[0] > 0 else TypeError)('x')"
        ),
    },
)
