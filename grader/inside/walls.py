"""What the kernel says that holds this container back, told to the host before any submission.

An engine can drop a limit that it was asked for with no more than a warning: without the control
group for memory, in rootless mode under cgroup v1, under another runtime. So nobody relies on what
was asked for. No student's code has run yet when this is looked at, so the host may believe it.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

from grader.inside.confine import status_field

GROUPS = Path("/sys/fs/cgroup")
MEMORY = (GROUPS / "memory.max", GROUPS / "memory/memory.limit_in_bytes")
PROCESSES = (GROUPS / "pids.max", GROUPS / "pids/pids.max")
UNLIMITED = 1 << 60  # version 1 writes a number near 2^63, version 2 a word
# Tunnels without an end that the kernel puts into every network namespace.
NOWHERE = ("lo", "tunl", "gre", "sit", "ip6", "ip_vti", "erspan", "teql")


def walls(scratch: Iterable[str]) -> dict[str, Any]:
    """The facts about this process and its container; None where the kernel does not tell."""
    return {
        "seccomp": status_field("self", "Seccomp"),
        "no_new_privileges": status_field("self", "NoNewPrivs"),
        "capabilities": status_field("self", "CapBnd"),
        "read_only": bool(os.statvfs("/").f_flag & os.ST_RDONLY),
        "interfaces": _interfaces(),
        "memory": _limit(MEMORY),
        "processes": _limit(PROCESSES),
        "scratch": [_size(folder) for folder in scratch],
    }


def _interfaces() -> list[str]:
    lines = Path("/proc/net/dev").read_text(encoding="ascii").splitlines()[2:]
    names = [line.partition(":")[0].strip() for line in lines]
    return [name for name in names if not name.startswith(NOWHERE)]


def _limit(files: Iterable[Path]) -> int | None:
    """A limit of the control group, whichever version it has; -1 where it is unlimited."""
    for file in files:
        with suppress(OSError):
            text = file.read_text(encoding="ascii").strip()
            limit = int(text) if text.isdecimal() else UNLIMITED
            return limit if limit < UNLIMITED else -1
    return None


def _size(folder: str) -> list[int]:
    """How many bytes and how many files a folder's file system may hold."""
    found = os.statvfs(folder)
    return [found.f_blocks * found.f_frsize, found.f_files]
