"""G02: it reads secrets in the arguments of other processes."""

from __future__ import annotations

from grader.records import Cell, Program
from grader.sandbox import open_box
from grader.selftest.cells import OTHERS
from tests.attacks.case import Case, Notebook, Script, Verdict
from tests.attacks.room import LIMITS

ARGUMENTS = (
    OTHERS
    + """
import re
for pid in others:
    text = open(f"/proc/{pid}/cmdline").read() + open(f"/proc/{pid}/comm").read()
    if re.search(r"[0-9a-f]{32}|zq7|solution|canary|perfect|/home|postgres", text):
        found.append(text)
print("FOUND", found)
"""
)


def beside(room) -> None:
    """In a box beside the room's own: neither sees a process of the other."""
    look = "import os\ndef seen(): return sorted(open(f'/proc/{p}/status').read().split('Uid:')[1].split()[0] for p in os.listdir('/proc') if p.isdigit())"
    program = Program((Cell(look),))
    with (
        open_box("docker", "numpy") as box,
        box.session(program, LIMITS["numpy"]) as one,
        room.grading.box.session(program, LIMITS["numpy"]) as other,
    ):
        seen = [set(session.call("seen").value) - {"0"} for session in (one, other)]
    assert not seen[0] & seen[1]
    assert all(seen)


CASE = Case(
    number="G02",
    tries="Reads secrets in the arguments of other processes.",
    stopped_by="There is one submission per container, and no secret in any argument.",
    variants={
        "arguments": Notebook(Verdict.OK, ARGUMENTS),
        "another-box": Script(beside),
    },
)
