"""H04: it runs programs with setuid or file capabilities."""

from __future__ import annotations

from tests.attacks.case import Case, Notebook, Verdict

PRIVILEGED = """
import os, stat, subprocess
found = []
for top in ("/usr", "/bin", "/sbin", "/opt", "/lib"):
    for folder, _, names in os.walk(top):
        for name in names:
            path = os.path.join(folder, name)
            try:
                mode = os.lstat(path).st_mode
                if stat.S_ISREG(mode) and mode & (stat.S_ISUID | stat.S_ISGID):
                    found.append(path)
                if stat.S_ISREG(mode) and "security.capability" in os.listxattr(path):
                    found.append(path)
            except OSError:
                pass
for command in ("sudo", "su", "mount", "newuidmap", "pkexec", "docker", "ssh", "gcc"):
    for folder in os.environ["PATH"].split(":"):
        if os.path.exists(os.path.join(folder, command)):
            found.append(command)
print("FOUND", found)
"""

CASE = Case(
    number="H04",
    tries="Runs programs with setuid or file capabilities.",
    stopped_by="The image has none, and no_new_privs is set.",
    variants={"programs": Notebook(Verdict.OK, PRIVILEGED, limits={"cell_seconds": 20})},
    held_by=("tests/box/test_image.py::test_nothing_is_there_that_only_an_attacker_would_use",),
)
