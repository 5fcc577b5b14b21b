"""G01: it signals, traces or reads the zygote and the driver."""

from __future__ import annotations

from tests.attacks.case import Case, Notebook, Verdict
from tests.attacks.g_neighbours.others import OTHERS

SIGNALS = (
    OTHERS
    + """
import signal
for pid in others:
    for number in (0, signal.SIGSTOP, signal.SIGKILL, signal.SIGINT):
        try:
            os.kill(pid, number)
            found.append((pid, number))
        except PermissionError:
            pass
for call in (lambda: os.kill(1, 0), lambda: os.setpriority(os.PRIO_PROCESS, 1, 19)):
    try:
        call()
        found.append("group")
    except OSError:
        pass
print("FOUND", found)
"""
)


MEMORY = (
    OTHERS
    + """
import ctypes
libc = ctypes.CDLL(None, use_errno=True)
for pid in others:
    for number, *rest in [(101, 16, pid, 0, 0), (310, pid, 0, 0, 0, 0, 0), (311, pid, 0, 0, 0, 0, 0), (312, pid, os.getpid(), 0),
                          (438, pid, 0, 0)]:
        if libc.syscall(number, *rest) >= 0:
            found.append((pid, number))
    for name in ("mem", "environ", "maps", "fd/0", "cwd/x", "root/etc/passwd", "oom_score_adj", "clear_refs"):
        try:
            open(f"/proc/{pid}/{name}", "r+b" if name in ("mem", "oom_score_adj") else "rb").close()
            found.append((pid, name))
        except OSError:
            pass
print("FOUND", found)
"""
)

CASE = Case(
    number="G01",
    tries="Signals, traces or reads the zygote and the driver.",
    stopped_by="They have other uids; seccomp refuses the calls.",
    variants={
        "signals": Notebook(Verdict.OK, SIGNALS),
        "memory": Notebook(Verdict.OK, MEMORY),
    },
    quick=("signals",),
)
