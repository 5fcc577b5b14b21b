"""E18: it floods logs: of Python, of the kernel, of PID 1."""

from __future__ import annotations

from tests.attacks.case import Case, Notebook, Verdict

LOGS = """
import logging, sys, warnings
logging.basicConfig(level=0, stream=sys.__stderr__)
for n in range(20_000):
    logging.critical("x" * 1000)
try:
    open("/dev/kmsg", "w").write("zq7planted")
except OSError:
    pass
for where in ("/proc/1/fd/2", "/proc/1/fd/1", "/dev/log", "/dev/console"):
    try:
        with open(where, "wb") as file:
            file.write(b"x" * 100_000)
        print("FOUND", [where])
    except OSError:
        pass
print("FOUND", [])
"""

CASE = Case(
    number="E18",
    tries="Floods logs: of Python, of the kernel, of PID 1.",
    stopped_by="Docker keeps no log of a box, and no descriptor of PID 1 can be had.",
    variants={
        "logs": Notebook(Verdict.OK, LOGS, may=("output_truncated",), limits={"cell_seconds": 10})
    },
)
