"""The probes: a boundary each, what is tried, and how what came of it is judged."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from grader.records import Ending, Execution
from grader.sandbox import Session
from grader.sandbox.docker_box import INODES
from grader.sandbox.doctor import unexpected
from grader.sandbox.recipe import docker_folder
from grader.selftest import bombs, cells
from grader.settings import Limits

LIMITS = Limits(
    cell_seconds=15,
    call_seconds=15,
    total_seconds=600,  # the start of a box counts, which a busy machine stretches
    memory_mb=256,
    disk_mb=8,
    processes=32,
    output_kb=64,
    restarts=1,
)
Judge = Callable[[Session], str]


@dataclass(frozen=True)
class Probe:
    """A hostile submission that tries one boundary.

    Args:
        boundary: its name, as docs/security.md calls it.
        tries: what the submission does.
        cell: what it runs.
        judge: what got through, in words; nothing where the boundary holds.
        flag: what the session must say of it in the end.
        heir: a cell of the next submission, which looks for what this one left.
        local: whether `--sandbox local` promises it as well.
        limits: those of its session: ample, since a busy machine is no open boundary.
    """

    boundary: str
    tries: str
    cell: str
    judge: Judge
    flag: str = ""
    heir: str = ""
    local: bool = False
    limits: Limits = LIMITS


def found(execution: Execution) -> str:
    """What spying cells have printed of what they could see or do."""
    lists = re.findall(r"^FOUND (.*)$", printed(execution), re.MULTILINE)
    if not lists:
        return "the probe came to no end"
    return ", ".join(each for each in lists if each != "[]")


def printed(execution: Execution) -> str:
    """Everything that the cells have printed."""
    outputs = [output for run in execution.cells for output in run.outputs]
    return "".join(out["text"] for out in outputs if out["output_type"] == "stream")


def probes(secret: Path) -> tuple[Probe, ...]:
    """All of them; `secret` is a file of this machine that no submission may read."""

    def reads(session: Session) -> str:
        value = session.call("reads", (str(secret),)).value
        return "" if value == [] else f"it read {secret}"

    return (
        Probe("network", "connects to the world and to this machine", cells.NETWORK, _spied),
        Probe("system calls", "tries those that the box forbids", _forbidden_calls(), _refused),
        Probe("rights", "becomes root, or somebody else", cells.ROOT_AGAIN, _spied),
        Probe("file system", "writes where it has no business", bombs.WRITES, _nothing("writes")),
        Probe(
            "kernel's files", "writes to /proc, /sys and control groups", cells.KERNEL_FILES, _spied
        ),
        Probe("host's files", "reads a file of this machine", bombs.READS, reads),
        Probe("host's sockets", "looks for Docker's and others", cells.SOCKETS_OF_THE_HOST, _spied),
        Probe(
            "environment",
            "looks for secrets of this machine",
            cells.ENVIRONMENT,
            _spied,
            local=True,
        ),
        Probe("descriptors", "uses what was left open", cells.DESCRIPTORS, _spied, local=True),
        Probe("other processes", "signals those that are not its own", cells.SIGNALS, _spied),
        Probe("their memory", "traces and reads them", cells.MEMORY_OF_OTHERS, _spied),
        Probe(
            "next submission",
            "leaves files for it",
            cells.STASHES_FILES,
            _ran,
            heir=cells.FINDS_FILES,
        ),
        Probe("left processes", "leaves a daemon", cells.STAYS, _ran, heir=cells.FINDS_PROCESSES),
        Probe(
            "replies",
            "forges the reply to a call",
            bombs.FORGES,
            _honest,
            flag="forged_reply",
            local=True,
        ),
        Probe(
            "time",
            "hangs, deaf to interrupts",
            bombs.HANGS,
            _stopped,
            local=True,
            limits=LIMITS.model_copy(update={"call_seconds": 2}),
        ),
        Probe("output", "prints 20 MB", bombs.FLOODS, _cut, flag="output_truncated", local=True),
        Probe(
            "memory", "takes four times its share", bombs.TAKES_MEMORY, _refused_memory, local=True
        ),
        Probe("processes", "forks 400 times", bombs.FORKS, _few_forks, flag="fork_bomb"),
        Probe("disk", "fills its files", bombs.FILLS, _little_disk),
        Probe(
            "memory of all",
            "takes 1.2 GB by eight processes",
            bombs.TAKES_MEMORY_TOGETHER,
            _takes_together,
            flag="out_of_memory",
        ),
    )


def _forbidden_calls() -> str:
    return (docker_folder() / "seccomp_probe.py").read_text(encoding="utf-8")


def _spied(session: Session) -> str:
    return found(session.execution)


def _nothing(function: str) -> Judge:
    """A function that lists what it could do."""

    def judge(session: Session) -> str:
        reply = session.call(function)
        return "" if reply.value == [] else f"{reply.ending}: {reply.value}"

    return judge


def _ran(session: Session) -> str:
    ending = session.execution.cells[0].ending
    return "" if ending is Ending.FINISHED else f"the probe ended otherwise: {ending}"


def _refused(session: Session) -> str:
    try:
        outcomes = json.loads(printed(session.execution))
    except ValueError:
        return "the probe came to no end"
    return ", ".join(unexpected(outcomes))


def _honest(session: Session) -> str:
    value = session.call("answers").value
    return "" if value == "honest" else f"the reply was taken for {value!r}"


def _stopped(session: Session) -> str:
    ending = session.call("hangs").ending
    if ending is not Ending.OUT_OF_TIME:
        return f"the call ended: {ending}"
    return "" if session.call("answers").value == 42 else "no other call was answered afterwards"  # noqa: PLR2004


def _cut(session: Session) -> str:
    size = len(printed(session.execution))
    return "" if size <= 2000 * LIMITS.output_kb else f"{size} characters came out"


def _refused_memory(session: Session) -> str:
    reply = session.call("takes", (4 * LIMITS.memory_mb,))
    return "" if reply.ending is not Ending.FINISHED else f"it got {reply.value} MB"


def _takes_together(session: Session) -> str:
    session.call("takes", (8, 150))
    return ""  # the flag tells


def _few_forks(session: Session) -> str:
    reply = session.call("forks", (400,))
    few = isinstance(reply.value, int) and reply.value <= LIMITS.processes
    return "" if few else f"{reply.value} processes were made ({reply.ending})"


def _little_disk(session: Session) -> str:
    reply = session.call("fills", (4 * LIMITS.disk_mb, INODES + 1))
    if reply.ending is not Ending.FINISHED:
        return f"the probe ended otherwise: {reply.ending}"
    written, made = reply.value
    within = written <= LIMITS.disk_mb and made <= INODES
    return "" if within else f"{written} MB and {made} files were written"
