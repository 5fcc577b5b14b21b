"""I03: it listens on a port, for others to connect to."""

from __future__ import annotations

from tests.attacks.case import Case, Notebook, Verdict

LISTENS = """
import os, socket
found = []
for family, address in ((2, ("0.0.0.0", 8888)), (2, ("127.0.0.1", 8888)), (10, ("::", 8888))):
    try:
        s = socket.socket(family)
        s.bind(address)
        s.listen()
        found.append(address)
    except OSError:
        pass
print("FOUND", found)
"""

CASE = Case(
    number="I03",
    tries="Listens on a port, for others to connect to.",
    stopped_by="A socket of the network cannot be made.",
    variants={"listens": Notebook(Verdict.OK, LISTENS)},
)
