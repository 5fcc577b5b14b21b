"""H08: it writes on the zygote's way to the host."""

from __future__ import annotations

from grader.records import Ending
from tests.attacks.case import Case, Notebook, Verdict

ZYGOTE = """
import os, socket, stat
found = [f"{fd} {os.readlink(f'/proc/self/fd/{fd}')}" for fd in (0, 1, 2)]
found = [each for each in found if not each.endswith(" /dev/null")]
for fd in range(3, 512):
    try:
        mode = os.fstat(fd).st_mode
    except OSError:
        continue
    if stat.S_ISFIFO(mode):
        found.append(f"{fd} a pipe")
    if stat.S_ISSOCK(mode):
        with socket.socket(fileno=os.dup(fd)) as way:
            try:
                if "zygote" in str(way.getpeername()):
                    found.append(f"{fd} the way to the host")
            except OSError:
                pass
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
    tries="Writes on the zygote's way to the host.",
    stopped_by="They are closed first thing in a fork.",
    variants={
        "pipes": Notebook(Verdict.OK, ZYGOTE),
        "every-descriptor": Notebook(
            Verdict.OK, WRITES, flags=("protocol",), may=("forged_reply",), ends=Ending.PROTOCOL
        ),
    },
)
