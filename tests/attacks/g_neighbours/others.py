"""Who else is in the box, and what is mounted there."""

from __future__ import annotations

MOUNTS = """
found = []
for line in open("/proc/self/mounts"):
    device, place, kind, options = line.split()[:4]
    if "rw" in options.split(",") and kind not in ("tmpfs", "mqueue", "devpts", "proc", "sysfs", "cgroup", "cgroup2", "overlay"):
        found.append(line)
    if "/var/lib/docker/containers" in line and "rw" in options.split(","):
        found.append(line)
print("FOUND", found)
"""
