"""E09: it makes a million files, deep folders, strange names, links, and a file of a terabyte."""

from __future__ import annotations

from tests.attacks.case import Case, Notebook, Verdict

SPARSE = """
import os
found = []
fd = os.open("sparse", os.O_CREAT | os.O_RDWR)
for attempt in (lambda: os.ftruncate(fd, 1 << 40), lambda: os.posix_fallocate(fd, 0, 1 << 30),
                lambda: os.pwrite(fd, b"x", 1 << 40)):
    try:
        attempt()
        found.append("done")
    except OSError:
        pass
print("FOUND", found)
"""


DEEP = """
import os
home = os.getcwd()
for n in range(3000):
    os.mkdir("d")
    os.chdir("d")
os.chdir(home)
for name in ("x" * 255, "new\\nline", "\\x1b]0;title\\x07", "-rf", "*", " ", "\\udcff"):
    open(os.fsencode(name), "w").close()
"""


LINKS = """
import os
open("a", "w").close()
for n in range(30_000):
    try: os.link("a", f"l{n}")
    except OSError: break
"""

CASE = Case(
    number="E09",
    tries="Makes a million files, deep folders, strange names, links, and a file of a terabyte.",
    stopped_by="Inodes and sizes are limited, and the wipe neither recurses nor builds paths.",
    variants={
        "a-terabyte": Notebook(Verdict.OK, SPARSE),
        "deep-folders-and-names": Notebook(Verdict.OK, DEEP),
        "links": Notebook(Verdict.OK, LINKS, limits={"cell_seconds": 10}),
    },
    quick=("deep-folders-and-names",),
    held_by=("tests/box/test_walls.py::test_nothing_is_left_for_the_next_submission",),
)
