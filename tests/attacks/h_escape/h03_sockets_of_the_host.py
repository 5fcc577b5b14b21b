"""H03: it searches for the sockets of Docker, containerd, D-Bus and X11."""

from __future__ import annotations

from grader.selftest.cells import SOCKETS_OF_THE_HOST
from tests.attacks.case import Case, Notebook, Verdict

CASE = Case(
    number="H03",
    tries="Searches for the sockets of Docker, containerd, D-Bus and X11.",
    stopped_by="Nothing of the host is mounted.",
    variants={"sockets": Notebook(Verdict.OK, SOCKETS_OF_THE_HOST)},
)
