"""H05: it reaches the host by a descriptor that was left open, or by /proc/self/exe."""

from __future__ import annotations

from tests.attacks.case import Case, Notebook, Verdict

DESCRIPTORS = """
import os
found = []
for name in os.listdir("/proc/self/fd"):
    try:
        target = os.readlink("/proc/self/fd/" + name)
    except OSError:
        continue
    if target.startswith("/") and target != "/dev/null" and not target.startswith(("/proc/", os.environ["HOME"])):
        found.append((name, target))
    for way in ("/../../../../../etc/hostname", "/root/etc/hostname"):
        if target.startswith("pipe:") or not os.path.exists("/proc/self/fd/" + name + way):
            continue
        found.append((name, way))
try:
    os.close(os.open("/proc/self/exe", os.O_WRONLY))
    found.append("exe")
except OSError:
    pass
print("FOUND", found)
"""

CASE = Case(
    number="H05",
    tries="Reaches the host by a descriptor that was left open, or by /proc/self/exe.",
    stopped_by="All descriptors are closed but its own sockets.",
    variants={"descriptors": Notebook(Verdict.OK, DESCRIPTORS)},
    held_by=("tests/box/test_walls.py::test_no_descriptor_is_inherited",),
)
