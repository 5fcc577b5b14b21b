"""Which walls a container lacks, of those that it was started with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from grader.errors import UnsafeError

FILTERED = "2"  # what the kernel calls a seccomp filter
SETGID, SETUID = 1 << 6, 1 << 7
REMEDY = "Nothing is graded so; `grader doctor --selftest` tries what else does not hold here."


@dataclass(frozen=True)
class Bounds:
    """The most that a container may use: bytes, processes, bytes and files of a scratch folder."""

    memory: int
    processes: int
    scratch: int
    files: int


def refuse(missing: list[str]) -> None:
    """Raise what stops all grading, when a wall is missing."""
    if missing:
        raise UnsafeError(
            f"The box was started with walls, and lacks: {', '.join(missing)}. {REMEDY}"
        )


def missing_walls(facts: Mapping[str, Any], bounds: Bounds) -> list[str]:
    """The walls that are not there, by what the container's own kernel says."""
    return [name for name, there in _walls(facts, bounds) if not there]


def _walls(facts: Mapping[str, Any], bounds: Bounds) -> Iterator[tuple[str, bool]]:
    yield "the filter of system calls", facts["seccomp"] == FILTERED
    yield "no new privileges", facts["no_new_privileges"] == "1"
    yield (
        "the drop of capabilities",
        int(facts["capabilities"], 16) | SETGID | SETUID == (SETGID | SETUID),
    )
    yield "the read-only file system", facts["read_only"] is True
    yield "being without a network", facts["interfaces"] == []
    yield "the limit of memory", _within(facts["memory"], bounds.memory)
    yield "the limit of processes", _within(facts["processes"], bounds.processes)
    within = [size <= bounds.scratch and files <= bounds.files for size, files in facts["scratch"]]
    yield "the limit of its temporary files", all(within)


def _within(limit: int | None, most: int) -> bool:
    return limit is not None and 0 <= limit <= most
