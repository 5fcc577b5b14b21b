"""E15: it crashes with a large core dump."""

from __future__ import annotations

from tests.attacks.case import Case, Notebook, Verdict

CORE = """
import os, resource
try:
    resource.setrlimit(resource.RLIMIT_CORE, (resource.RLIM_INFINITY,) * 2)
except (ValueError, OSError):
    pass
print("FOUND", [] if resource.getrlimit(resource.RLIMIT_CORE)[1] == 0 else ["core"])
if os.fork() == 0:
    os.abort()
os.wait()
"""

CASE = Case(
    number="E15",
    tries="Crashes with a large core dump.",
    stopped_by="RLIMIT_CORE is 0, and cannot be raised.",
    variants={"a-core": Notebook(Verdict.OK, CORE)},
    held_by=("tests/box/test_rights.py::test_each_limit_of_a_process_is_set",),
)
