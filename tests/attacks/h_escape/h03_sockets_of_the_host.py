"""H03: it searches for the sockets of Docker, containerd, D-Bus and X11."""

from __future__ import annotations

from tests.attacks.case import Case, Notebook, Verdict

SOCKETS_OF_THE_HOST = """
import os, stat
found = []
for top in ("/run", "/var/run", "/tmp", "/dev", "/etc", "/home", "/root", "/mnt", "/srv", "/var"):
    for folder, folders, names in os.walk(top):
        for name in names:
            path = os.path.join(folder, name)
            try:
                if stat.S_ISSOCK(os.lstat(path).st_mode) and not path.endswith(("/s-1", "/s-2")):
                    found.append(path)
            except OSError:
                pass
            if any(part in name for part in ("docker", "containerd", "dbus", "X11", "ssh-agent")) and "site-packages" not in path:
                found.append(path)
print("FOUND", [p for p in found if p != "/.dockerenv" and not p.startswith("/var/lib/dpkg")])
"""

CASE = Case(
    number="H03",
    tries="Searches for the sockets of Docker, containerd, D-Bus and X11.",
    stopped_by="Nothing of the host is mounted.",
    variants={"sockets": Notebook(Verdict.OK, SOCKETS_OF_THE_HOST)},
)
