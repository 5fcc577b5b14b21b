"""What must hold after every attack, whatever it was: U1 to U7 of the catalogue."""

from __future__ import annotations

import contextlib
import json
import math
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from grader.exports import gradescope, junit, single, summary
from grader.records import Status, SubmissionResult
from grader.report.feedback import feedback_page
from grader.sandbox.docker_box import MEETING
from grader.sandbox.door import NAME
from tests.attacks.room import NUMBER, SENTINEL, Room, marks

GRACE_SECONDS = 30.0
MOST_GROWTH = 400 << 20  # of the grader's memory at its peak; a message may have 64 MB
MOST_KEPT = 200 << 20
HIDDEN = (SENTINEL, str(NUMBER), str(NUMBER)[:6])
PLANTED = "zq7planted"  # attacks that try to write to the host name their files so
OUTSIDE = ("/", "/tmp", "/var/tmp", "/dev/shm", "/run", "/etc", "/root")

# Run as root in the container after a submission: what is left of its uids.
LOOK = """
import json, os
found = []
for pid in filter(str.isdigit, os.listdir("/proc")):
    try:
        lines = open(f"/proc/{pid}/status", errors="replace").readlines()
    except OSError:
        continue
    uids = [line.split()[1:] for line in lines if line.startswith("Uid:")][0]
    if any(int(uid) > 100_000 for uid in uids):
        found.append("process " + lines[0].split(None, 1)[1].strip())
for folder in ("/tmp", "/run", "/dev/shm", "/dev/mqueue"):
    found += [f"{folder}/{name!a}" for name in os.listdir(folder)]
for kind in ("shm", "sem", "msg"):
    found += [f"System V {kind}"] * (len(open("/proc/sysvipc/" + kind).readlines()) - 1)
found += ["socket " + line.split()[-1] for line in open("/proc/net/unix").readlines()[1:]
          if len(line.split()) > 7]
found += ["mount " + line.split()[1] for line in open("/proc/self/mounts")]
print(json.dumps(found))
"""


@dataclass
class Watch:
    """What is measured around an attack."""

    room: Room | None
    seconds: float = 0.0
    checked: list[str] = field(default_factory=list)


@contextmanager
def watched(room: Room | None, places: Path) -> Iterator[Watch]:
    """U4 and U6: run an attack in places of its own and look at the host before and after."""
    watch = Watch(room)
    run, temporary = places / "cwd", places / "tmp"
    run.mkdir()
    temporary.mkdir()
    container = room.container() if room else None
    before = _descriptors()
    memory = _start_memory()
    started = time.monotonic()
    with contextlib.chdir(run), _temporary(temporary):
        yield watch
    watch.seconds = time.monotonic() - started
    left = [*run.iterdir(), *temporary.iterdir()]
    if _gone(room, container):  # the box that replaces it may still wait at its door
        left = [path for path in left if not path.name.startswith("keras-grader-door-")]
    assert left == [], "U4: files are left on the host"
    assert _planted() == [], "U4: the attack has written to the host"
    assert _descriptors() == before or _gone(room, container), "U4: descriptors leak"
    assert _peak() - memory < MOST_GROWTH, "U4: the grader's memory was driven up"
    assert _resident() - memory < MOST_KEPT, "U4: the grader keeps memory"
    watch.checked.append("U4")


def check(
    watch: Watch, result: SubmissionResult, container: str | None, budget: float, case: int
) -> None:
    """U1, U3, U5, U6 and U7 on the row of an attack, then U2: the canary."""
    room = watch.room
    assert room is not None
    assert result.status is not Status.GRADER_ERROR, f"U1: {result.notes}"
    assert watch.seconds < budget + GRACE_SECONDS, "U6: it took longer than its budget"
    _check_row(room, result, case)
    check_secrets(room, result)
    if room.container() == container:
        assert left_in(container or "") == [], "U3: something is left in the box"
    else:
        assert _vanishes(container or ""), "U3: the old container is still there"
    check_canary(room)
    watch.checked += ["U1", "U2", "U3", "U5", "U6", "U7"]


def check_canary(room: Room) -> None:
    """U2: the known notebook, graded right after the attack, has its known score."""
    canary = room.canary()
    assert (marks(canary), canary.flags) == (room.marks, ()), "U2: the canary's score has changed"


def check_secrets(room: Room, result: SubmissionResult) -> None:
    """U5: nothing hidden is in anything that a student is shown."""
    one = single.of_result(room.assignment, result)
    shown: dict[str, Any] = {
        "page": feedback_page(room.assignment, result),
        "outputs": json.dumps([run.outputs for run in result.execution.cells])
        if result.execution
        else "",
        "gradescope": gradescope.export(one).decode(),
        "junit": junit.export(room.assignment, one).decode(),
        "summary": summary.summary(room.assignment, one).decode(),
    }
    for place, text in shown.items():
        for hidden in HIDDEN:
            assert hidden not in text, f"U5: {hidden} is in the {place}"


def _check_row(room: Room, result: SubmissionResult, case: int) -> None:
    """U7: one row, with a verdict that a machine can read, and with numbers that are some."""
    (row,) = room.rows(case)
    assert (row.status, row.score, marks(row)) == (result.status, result.score, marks(result))
    for score in (row.score, *(points for _, points in marks(row))):
        assert score is None or (math.isfinite(score) and 0 <= score <= row.max_score)


def left_in(container: str) -> list[str]:
    """U3: what is in a container beside its zygote and what every container has."""
    python = ["docker", "exec", container, "/opt/venv/bin/python", "-I", "-S", "-c", LOOK]
    done = subprocess.run(python, capture_output=True, text=True, check=True)
    return [thing for thing in json.loads(done.stdout) if not _usual(thing)]


def _usual(thing: str) -> bool:
    kind, _, place = thing.partition(" ")
    if kind == "socket":  # the zygote's own way to the host
        return place.endswith(f"/door/{NAME}")
    root = place.split("/")[1]
    usual = root in {"", "proc", "sys", "dev", "tmp", "run", "etc"} or place == MEETING
    return kind == "mount" and usual


def _vanishes(container: str) -> bool:
    """Whether a container is gone, or so within moments: Docker removes it behind our back."""
    deadline = time.monotonic() + GRACE_SECONDS
    question = ["docker", "ps", "-aq", "--filter", f"name={container}"]
    while subprocess.run(question, capture_output=True, text=True, check=True).stdout.strip():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.1)
    return True


def _gone(room: Room | None, container: str | None) -> bool:
    """A box that was replaced in between has other pipes, and perhaps a reference beside it."""
    return room is not None and room.container() != container and _descriptors() < 200


def _descriptors() -> int:
    return sum(1 for _ in Path("/proc/self/fd").iterdir())


def _planted() -> list[str]:
    return [f"{top}/{name}" for top in OUTSIDE for name in _names(top) if PLANTED in name]


def _names(top: str) -> list[str]:
    try:
        return [path.name for path in Path(top).iterdir()]
    except OSError:
        return []


@contextmanager
def _temporary(folder: Path) -> Iterator[None]:
    kept, tempfile.tempdir = tempfile.tempdir, str(folder)
    try:
        yield
    finally:
        tempfile.tempdir = kept


def _start_memory() -> int:
    """Start to measure the peak anew; what is resident now."""
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    return _resident()


def _resident() -> int:
    return _status("VmRSS")


def _peak() -> int:
    return _status("VmHWM")


def _status(name: str) -> int:
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith(name):
            return int(line.split()[1]) << 10
    raise LookupError(name)
