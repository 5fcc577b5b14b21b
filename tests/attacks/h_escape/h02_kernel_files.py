"""H02: it writes to the kernel's files in /proc, /sys and the control groups."""

from __future__ import annotations

from grader.selftest.cells import KERNEL_FILES
from tests.attacks.case import Case, Notebook, Verdict

CASE = Case(
    number="H02",
    tries="Writes to the kernel's files in /proc, /sys and the control groups.",
    stopped_by="They are root's, read-only, or masked.",
    variants={"kernel-files": Notebook(Verdict.OK, KERNEL_FILES)},
)
