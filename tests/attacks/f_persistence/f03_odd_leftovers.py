"""F03: it leaves files that are hard to delete or to look at."""

from __future__ import annotations

from tests.attacks.case import Case, Notebook, Verdict
from tests.attacks.f_persistence.leftovers import ODD

FIND_ODD = """
import os
found = []
for top in ("/tmp", "/dev/shm", "/dev/mqueue"):
    found += [n for n in os.listdir(top) if n == "odd" or n.startswith(".wiped")]
print("FOUND", found)
"""


XATTR = """
import os
open("marked", "w").close()
for name in ("user.mark", "security.mark", "trusted.mark"):
    try: os.setxattr("marked", name, b"x")
    except OSError: pass
import fcntl
try: fcntl.ioctl(os.open("marked", os.O_RDONLY), 0x40086602, (16).to_bytes(8, "little"))  # immutable
except OSError: pass
"""

CASE = Case(
    number="F03",
    tries="Leaves files that are hard to delete or to look at.",
    stopped_by="The wipe runs as their owner, follows no link, and root looks afterwards.",
    variants={
        "odd-files": Notebook(Verdict.OK, ODD, heir=FIND_ODD),
        "attributes": Notebook(Verdict.OK, XATTR, heir=FIND_ODD),
    },
    quick=("odd-files",),
    held_by=("tests/box/test_walls.py::test_nothing_is_left_for_the_next_submission",),
)
