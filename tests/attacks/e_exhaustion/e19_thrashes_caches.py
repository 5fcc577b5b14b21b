"""E19: it thrashes the page cache, and walks /proc."""

from __future__ import annotations

from tests.attacks.case import Case, Notebook, Verdict

THRASH = """
import os, time
end = time.monotonic() + 2
while time.monotonic() < end:
    with open("x", "wb") as file:
        file.write(os.urandom(1 << 20))
        os.fsync(file.fileno())
    for pid in os.listdir("/proc"):
        try: os.listdir(f"/proc/{pid}")
        except OSError: pass
    open("/dev/urandom", "rb").read(1 << 20)
"""

CASE = Case(
    number="E19",
    tries="Thrashes the page cache, and walks /proc.",
    stopped_by="Files lie in memory, and little of it.",
    variants={"thrash": Notebook(Verdict.OK, THRASH, limits={"cell_seconds": 10})},
)
