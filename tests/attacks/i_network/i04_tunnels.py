"""I04: it tunnels through a unix socket that somebody has left open."""

from __future__ import annotations

from tests.attacks.case import Case, Notebook, Verdict

TUNNELS = """
import glob, os, socket, stat
found = []
for line in open("/proc/net/unix").readlines()[1:]:
    name = line.split()[-1] if len(line.split()) > 7 else ""
    if not name or name.startswith("/run/") and name.endswith(("/s-1", "/s-2")):
        continue
    s = socket.socket(socket.AF_UNIX)
    s.settimeout(0.2)
    try:
        s.connect("\\0" + name[1:] if name.startswith("@") else name)
        found.append(name)
    except OSError:
        pass
print("FOUND", found)
"""

CASE = Case(
    number="I04",
    tries="Tunnels through a unix socket that somebody has left open.",
    stopped_by="There is none.",
    variants={"tunnels": Notebook(Verdict.OK, TUNNELS)},
)
