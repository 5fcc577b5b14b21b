"""J14: it reads the host's user or pid in messages."""

from __future__ import annotations

from tests.attacks.case import Case, Notebook, Verdict
from tests.attacks.j_protocol.messages import KERNEL

USERNAMES = """
import os
found = [(k, v) for k, v in kernel.get_parent()["header"].items() if v in ("root", os.environ.get("USER", "root"))]
print("FOUND", found)
"""

CASE = Case(
    number="J14",
    tries="Reads the host's user or pid in messages.",
    stopped_by="Client and kernel have fixed names, and the client runs in the box.",
    variants={"names": Notebook(Verdict.OK, KERNEL + USERNAMES)},
)
