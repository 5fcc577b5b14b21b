"""F06: it owns what an earlier submission of the same uid has left."""

from __future__ import annotations

from tests.attacks.case import Case, Notebook, Verdict
from tests.attacks.f_persistence.leftovers import ODD

OWNERS = """
import os
found = []
for top in ("/tmp", "/dev/shm"):
    for folder, folders, names in os.walk(top):
        for name in folders + names:
            owner = os.lstat(os.path.join(folder, name)).st_uid
            if owner == os.getuid() and not os.path.join(folder, name).startswith(os.environ["HOME"]):
                found.append(name)
print("FOUND", found)
"""

CASE = Case(
    number="F06",
    tries="Owns what an earlier submission of the same uid has left.",
    stopped_by="A uid is never used again in a container's life.",
    variants={"owned-files": Notebook(Verdict.OK, ODD, heir=OWNERS)},
)
