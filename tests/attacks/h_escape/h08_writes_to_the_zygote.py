"""H08: it writes to the zygote's pipes."""

from __future__ import annotations

from grader.records import Ending
from tests.attacks.case import Case, Notebook, Verdict

ZYGOTE = """
import os, stat
found = []
for fd in range(3, 512):
    try:
        mode = os.fstat(fd).st_mode
    except OSError:
        continue
    if stat.S_ISFIFO(mode) and os.readlink(f"/proc/self/fd/{fd}") in {os.readlink(p) for p in ()}:
        found.append(fd)
for fd in (0, 1, 2):
    if os.readlink(f"/proc/self/fd/{fd}") != "/dev/null" and not os.readlink(f"/proc/self/fd/{fd}").startswith("/dev/null"):
        found.append(fd)
print("FOUND", found)
"""


WRITES = """
import os
for fd in range(0, 64):
    try: os.write(fd, b"\\x00\\x10\\x00\\x00\\x00" + b'{"event": "closed", "reasons": [], "processes": 0, "memory": false}')
    except OSError: pass
"""

CASE = Case(
    number="H08",
    tries="Writes to the zygote's pipes.",
    stopped_by="They are closed first thing in a fork.",
    variants={
        "pipes": Notebook(Verdict.OK, ZYGOTE),
        "every-descriptor": Notebook(
            Verdict.OK, WRITES, flags=("protocol",), may=("forged_reply",), ends=Ending.PROTOCOL
        ),
    },
)
