"""G06: it fills a file system that others use."""

from __future__ import annotations

from tests.attacks.case import Case, Notebook, Verdict
from tests.attacks.g_neighbours.others import MOUNTS

CASE = Case(
    number="G06",
    tries="Fills a file system that others use.",
    stopped_by="No folder of the host is mounted; temporary file systems are each box's own.",
    variants={"mounts": Notebook(Verdict.OK, MOUNTS)},
)
