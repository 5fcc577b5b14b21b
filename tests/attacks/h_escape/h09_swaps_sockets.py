"""H09: it replaces sockets by links into the host."""

from __future__ import annotations

from tests.attacks.case import Case, Notebook, Verdict

EXCHANGE = """
import os
found = []
for n in range(1, 400):
    folder = f"/run/{n}"
    for attempt in (lambda: os.symlink("/etc/passwd", folder + "/s-9"), lambda: os.unlink(folder + "/s-1"),
                    lambda: os.rename(folder + "/s-1", folder + "/x"), lambda: os.mkfifo(folder + "/s-3"),
                    lambda: os.link("/etc/passwd", folder + "/l"), lambda: os.chmod(folder, 0o777), lambda: os.rename(folder, folder + "x")):
        try:
            attempt()
            found.append(folder)
        except OSError:
            pass
print("FOUND", found)
"""

CASE = Case(
    number="H09",
    tries="Replaces sockets by links into the host.",
    stopped_by="The folder of sockets is root's, in the container; the host opens none of them.",
    variants={"exchange": Notebook(Verdict.OK, EXCHANGE)},
)
