"""G04: it locks files that others want to lock."""

from __future__ import annotations

from tests.attacks.case import Case, Notebook, Verdict
from tests.attacks.g_neighbours.others import MOUNTS

LOCKS = """
import fcntl, os
kept = []
for folder, _, names in os.walk("/opt/student"):
    for name in names[:5]:
        fd = os.open(os.path.join(folder, name), os.O_RDONLY)
        fcntl.flock(fd, fcntl.LOCK_EX)
        kept.append(fd)
for path in ("/opt/venv/bin/python", "/etc/passwd", "/"):
    try:
        fd = os.open(path, os.O_RDONLY); fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB); kept.append(fd)
    except OSError:
        pass
"""

CASE = Case(
    number="G04",
    tries="Locks files that others want to lock.",
    stopped_by="Nobody locks anything in a box, and no file is shared with the host.",
    variants={"locks": Notebook(Verdict.OK, LOCKS, heir=MOUNTS)},
)
