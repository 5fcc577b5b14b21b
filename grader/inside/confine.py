"""How a fork of the zygote becomes a submission's process: without root, files, room or secrets.

Order matters: limits and the out-of-memory score while still root, then the ids, then a check
that nothing of root is left, and only then a home of its own.
"""

from __future__ import annotations

import ctypes
import os
import random
import resource
import signal
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

PR_SET_PDEATHSIG, PR_SET_KEEPCAPS, PR_SET_NO_NEW_PRIVS = 1, 8, 38
CAPABILITY_VERSION = 0x20080522
DAC_READ_SEARCH = 1 << 2
KILL_FIRST = 1000
ENVIRONMENT = ("PATH", "LANG")

_libc = ctypes.CDLL(None, use_errno=True)


class _CapabilityHeader(ctypes.Structure):
    _fields_ = (("version", ctypes.c_uint32), ("pid", ctypes.c_int))


class _CapabilityData(ctypes.Structure):
    _fields_ = (
        ("effective", ctypes.c_uint32),
        ("permitted", ctypes.c_uint32),
        ("inheritable", ctypes.c_uint32),
    )


class ConfinementError(Exception):
    """A process is not as confined as it must be; it ends before it runs anything."""


@dataclass(frozen=True)
class Identity:
    """Who a submission's process becomes.

    `user` is its uid and gid; None (the local box without root) stays who it is. `reads_all`
    lets it read what only root can: in the local box, where Python itself may lie.
    """

    user: int | None
    reads_all: bool = False


@dataclass(frozen=True)
class Bounds:
    """What one process may use; sizes in bytes, None where no limit is set."""

    data: int | None
    file: int
    processes: int | None
    files: int = 512


def confine(identity: Identity, home: str, bounds: Bounds, keep: Iterable[int]) -> None:
    """Turn this fork into a submission's process.

    Args:
        identity: who to become.
        home: the folder to make and to live in.
        bounds: what it may use.
        keep: the file descriptors to leave open.
    """
    os.setsid()
    _close_all_but(set(keep))
    _reset_signals()
    Path("/proc/self/oom_score_adj").write_text(str(KILL_FIRST), encoding="ascii")
    _limit(bounds)
    if identity.user is not None:
        become(identity.user, DAC_READ_SEARCH if identity.reads_all else 0)
    _libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    # Set after the ids, since a change of them clears it.
    _libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    settle(home)


def become(user: int, capabilities: int) -> None:
    """Give root up for good, and check it."""
    if os.getgroups():
        os.setgroups([])
    _libc.prctl(PR_SET_KEEPCAPS, 1 if capabilities else 0, 0, 0, 0)
    os.setresgid(user, user, user)
    os.setresuid(user, user, user)
    if capabilities:
        _keep(capabilities)
    ids = {*os.getresuid(), *os.getresgid()}
    if ids != {user} or os.getgroups() or int(status_field("self", "CapPrm"), 16) != capabilities:
        raise ConfinementError("root's rights were not given up")


def _keep(capabilities: int) -> None:
    header = _CapabilityHeader(CAPABILITY_VERSION, 0)
    data = (_CapabilityData * 2)(_CapabilityData(capabilities, capabilities, 0))
    if _libc.capset(ctypes.byref(header), ctypes.byref(data)):
        raise ConfinementError("capabilities could not be set")


def settle(home: str) -> None:
    """A home, an environment and random states of its own."""
    os.umask(0o077)
    os.mkdir(home, 0o700)  # noqa: PTH102  (a Path may have been patched by nobody yet, but is slower)
    os.chdir(home)
    environment = {name: os.environ[name] for name in ENVIRONMENT if name in os.environ}
    set_environment({**environment, **_places(home)})
    random.seed()


def set_environment(wanted: Mapping[str, str]) -> None:
    """Make the environment exactly this."""
    for name in set(os.environ) - set(wanted):
        del os.environ[name]
    os.environ.update(wanted)


def _places(home: str) -> dict[str, str]:
    return {
        "HOME": home,
        "TMPDIR": home,
        "MPLCONFIGDIR": f"{home}/.matplotlib",
        "IPYTHONDIR": f"{home}/.ipython",
        "KERAS_HOME": f"{home}/.keras",
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
    }


def _close_all_but(keep: set[int]) -> None:
    """Nothing inherited stays open: close-on-exec is void where nothing is executed."""
    null = os.open(os.devnull, os.O_RDWR)
    for fd in range(3):
        os.dup2(null, fd)
    low = 3
    for fd in sorted(keep):
        os.closerange(low, fd)
        low = fd + 1
    os.closerange(low, resource.getrlimit(resource.RLIMIT_NOFILE)[0])


def _reset_signals() -> None:
    signal.set_wakeup_fd(-1)
    for number in (signal.SIGCHLD, signal.SIGTERM, signal.SIGINT, signal.SIGPIPE):
        signal.signal(number, signal.SIG_IGN if number == signal.SIGPIPE else signal.SIG_DFL)


def _limit(bounds: Bounds) -> None:
    for name, value in (
        ("CORE", 0),
        ("MSGQUEUE", 0),
        ("MEMLOCK", 0),
        ("SIGPENDING", 512),
        ("NOFILE", bounds.files),
        ("FSIZE", bounds.file),
        ("NPROC", bounds.processes),
        ("DATA", None if bounds.data is None else bounds.data + _data_in_use()),
    ):
        if value is not None:
            kind = getattr(resource, f"RLIMIT_{name}", None) or _NUMBERS[name]
            _lower(kind, value)


_NUMBERS = {"SIGPENDING": 11, "MSGQUEUE": 12}  # asm-generic/resource.h; not all are in `resource`


def _lower(kind: int, value: int) -> None:
    hard = resource.getrlimit(kind)[1]
    value = value if hard == resource.RLIM_INFINITY else min(value, hard)
    resource.setrlimit(kind, (value, value))


def _data_in_use() -> int:
    return int(status_field("self", "VmData").split()[0]) * 1024


def status_field(process: str, name: str) -> str:
    """One line of /proc/PROCESS/status, by its name."""
    with open(f"/proc/{process}/status", encoding="utf-8", errors="replace") as lines:  # noqa: PTH123
        for line in lines:
            if line.startswith(name + ":"):
                return line.partition(":")[2].strip()
    return ""
