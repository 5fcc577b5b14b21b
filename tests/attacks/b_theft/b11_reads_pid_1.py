"""B11: it reads what /proc tells of PID 1."""

from tests.attacks.case import Case, Notebook, Verdict

READ = """
import os
found = []
for what in ("environ", "maps", "mem", "auxv", "io", "stack", "syscall", "pagemap", "smaps", "personality"):
    try:
        with open("/proc/1/" + what, "rb") as file:
            file.read(10)
        found.append(what)
    except OSError:
        pass
for what in ("fd", "root", "cwd", "exe", "task/1/fd", "map_files", "ns/net"):
    try:
        os.listdir("/proc/1/" + what) if what.endswith(("fd", "files")) else os.readlink("/proc/1/" + what)
        found.append(what)
    except OSError:
        pass
for word in ("zq7" + "sentinel", "solutions", "test_layers", "postgres"):
    for what in ("cmdline", "status", "comm", "cgroup", "mountinfo", "sched"):
        try:
            if word in open("/proc/1/" + what).read():
                found.append((word, what))
        except OSError:
            pass
print("FOUND", found)
"""
DRIVER = (
    READ.replace("/proc/1/", "/proc/{driver}/")
    .replace(
        "found = []",
        "found = []\ndrivers = [p for p in os.listdir('/proc') if p.isdigit() and os.stat('/proc/' + p).st_uid"
        " not in (0, os.getuid())]\ndriver = drivers[0]\nassert drivers",
        1,
    )
    .replace('"/proc/{driver}/"', 'f"/proc/{driver}/"')
)

CASE = Case(
    number="B11",
    tries="Reads environment, memory, files and arguments of PID 1, and of the driver.",
    stopped_by="Other uids are not its own; the arguments hold nothing of the course.",
    variants={
        "the-zygote": Notebook(Verdict.OK, READ),
        "the-driver": Notebook(Verdict.OK, DRIVER),
    },
    quick=("the-zygote",),
)
