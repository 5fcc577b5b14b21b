"""H06: it opens a device of the host."""

from __future__ import annotations

from tests.attacks.case import Case, Notebook, Verdict

DEVICES = """
import os
allowed = {"null", "zero", "full", "random", "urandom", "tty", "pts", "ptmx", "shm", "mqueue", "fd", "stdin", "stdout", "stderr", "core", "console"}
print("FOUND", sorted(set(os.listdir("/dev")) - allowed))
"""

CASE = Case(
    number="H06",
    tries="Opens a device of the host.",
    stopped_by="There are only those which every container has.",
    variants={"devices": Notebook(Verdict.OK, DEVICES)},
)
