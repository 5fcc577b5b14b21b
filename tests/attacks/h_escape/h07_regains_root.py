"""H07: it becomes root again, or the uid beside its own."""

from __future__ import annotations

from tests.attacks.case import Case, Notebook, Verdict

ROOT = """
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
found = []
for name, action in {
    "setuid": lambda: os.setuid(0), "seteuid": lambda: os.seteuid(0), "setreuid": lambda: os.setreuid(0, 0),
    "setresuid": lambda: os.setresuid(-1, 0, -1), "neighbour": lambda: os.setuid(os.getuid() + 1),
    "setgid": lambda: os.setgid(0), "setgroups": lambda: os.setgroups([0]), "chown": lambda: os.chown(".", 0, 0),
    "raised priority": lambda: os.setpriority(os.PRIO_PROCESS, 0, -1),
}.items():
    try:
        action()
        found.append(name)
    except OSError:
        pass
libc.setfsuid(0)
if libc.setfsuid(-1) == 0:
    found.append("setfsuid")
status = dict(l.split(":\\t", 1) for l in open("/proc/self/status") if ":\\t" in l)
if status["Groups"].strip() or any(int(status["Cap" + k], 16) for k in ("Inh", "Prm", "Eff", "Amb")):
    found.append("groups or capabilities")
if status["NoNewPrivs"].strip() != "1" or status["Seccomp"].strip() != "2":
    found.append("no_new_privs or seccomp")
print("FOUND", found)
"""

CASE = Case(
    number="H07",
    tries="Becomes root again, or the uid beside its own.",
    stopped_by="All ids are set, no capability is left, and no_new_privs is set.",
    variants={"ids": Notebook(Verdict.OK, ROOT)},
    quick=("ids",),
    held_by=("tests/box/test_walls.py::test_root_cannot_be_regained",),
)
