"""N01: it reads the environment for tokens, passwords and addresses."""

from __future__ import annotations

from tests.attacks.case import Case, Notebook, Verdict

ENVIRONMENT = """
import os
found = []
raw = {line.split(b"=")[0].decode() for line in open("/proc/self/environ", "rb").read().split(b"\\0") if line} if os.access("/proc/self/environ", os.R_OK) else set()
names = set(os.environ) | raw
if len(set(os.environ)) > 8:
    found += sorted(os.environ)
word = "zq7" + "sentinel"
for name, value in os.environ.items():
    if word in value or any(part in name for part in ("TOKEN", "KEY", "SECRET", "PASSWORD", "DATABASE", "PROXY", "GRADER")):
        found.append(name)
print("FOUND", found)
"""

CASE = Case(
    number="N01",
    tries="Reads the environment for tokens, passwords and addresses.",
    stopped_by="It holds a handful of variables, none of them the host's.",
    variants={"the-environment": Notebook(Verdict.OK, ENVIRONMENT)},
    quick=("the-environment",),
    held_by=("tests/box/test_walls.py::test_the_environment_is_small",),
)
