"""N03: it learns of other students or the course from host names, mounts and cgroups."""

from __future__ import annotations

from tests.attacks.case import Case, Notebook, Verdict

NAMES = """
import os, socket
found = []
if socket.gethostname() != "box":
    found.append(socket.gethostname())
for path in ("/proc/self/mountinfo", "/proc/self/cgroup", "/etc/hosts", "/proc/1/cmdline", "/etc/hostname"):
    text = open(path).read()
    found += [(path, word) for word in ("zq7", "solutions", "layers", "canary", "attack", "heir", "/home/", "course") if word in text]
print("FOUND", found)
"""

CASE = Case(
    number="N03",
    tries="Learns of other students or the course from host names, mounts and cgroups.",
    stopped_by="Every box has the same name; nothing of the course is mounted or in an argument.",
    variants={"names": Notebook(Verdict.OK, NAMES)},
)
