"""After a submission: end its processes, wipe its files, and look that nothing is left.

Root in the container can neither signal nor delete what belongs to another uid (it keeps SETUID
and SETGID alone), so a helper does both *as* that uid: real and saved uid are one that no process
has, so that the submission cannot signal its own executioner. Root then only looks.
"""

from __future__ import annotations

import contextlib
import os
import signal
import stat
import time
import traceback
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from grader.inside.confine import status_field

SECONDS = 2.0
PAUSE = 0.001
SYSTEM_V = ("shm", "sem", "msg")


def fork(action: Callable[[], None]) -> int:
    """Do something in a child and end it, whatever happens; its pid."""
    pid = os.fork()
    if pid == 0:
        try:
            action()
            os._exit(0)
        except BaseException:  # noqa: BLE001  (a child must never go on as a second zygote)
            traceback.print_exc()  # seen only before the child has closed our stderr
        os._exit(1)
    return pid


def signal_as(user: int, pid: int, number: int) -> None:
    """In a helper: signal one process of the user's, or all of them (-1)."""
    _leave_groups()
    os.setresgid(user, user, user)
    os.setresuid(_killer(user), user, _killer(user))
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, number)


def sweep_as(user: int, folders: Iterable[str]) -> None:
    """In a helper: kill every process of the user's, then wipe what it owns in the folders."""
    # The group is the user's own: a file's mode may let its group alone write.
    _leave_groups()
    os.setresgid(user, user, user)
    os.setresuid(_killer(user), user, _killer(user))
    _kill_all(user)
    for folder in folders:
        wipe(folder, user)


def _killer(user: int) -> int:
    """A uid that nobody else has: helpers that shared one could kill each other."""
    return user + 1


def _leave_groups() -> None:
    if os.getgroups():
        os.setgroups([])


def _kill_all(user: int) -> None:
    """Kill until none is left: who forks meanwhile is found in the next round.

    It kills before it looks: until then the user's processes could slow down this one.
    """
    deadline = time.monotonic() + SECONDS
    while True:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(-1, signal.SIGKILL)
        if not set(processes_of([user])) - {os.getpid()} or time.monotonic() >= deadline:
            return
        time.sleep(PAUSE)  # the dead are found until the zygote has reaped them


def wipe(folder: str, owner: int | None = None) -> None:
    """Delete everything in a folder, of one owner if given, however deep and oddly named.

    Directories are moved up beside each other and emptied one by one, so that no path grows long
    and nothing recurses. Their new names are not to be foreseen, so none of them is taken.
    """
    top = os.fsencode(folder)
    pending = [name for name in _names(top) if owner is None or _owner(top, name) == owner]
    while pending:
        path = os.path.join(top, pending.pop())  # noqa: PTH118  (names are bytes)
        if not _is_folder(path):
            _try(os.unlink, path)
            continue
        _try(os.chmod, path, 0o700)
        for name in _names(path):
            inner = os.path.join(path, name)  # noqa: PTH118
            if _is_folder(inner):
                moved = b".wiped-" + os.urandom(8).hex().encode()
                _try(os.chmod, inner, 0o700)
                _try(os.rename, inner, os.path.join(top, moved))  # noqa: PTH118
                pending.append(moved)
            else:
                _try(os.unlink, inner)
        _try(os.rmdir, path)


def _try(action: Callable[..., None], *arguments: object) -> None:
    # What cannot be done shows when root looks.
    with contextlib.suppress(OSError, ValueError):
        action(*arguments)


def _names(path: bytes) -> list[bytes]:
    try:
        return os.listdir(path)  # noqa: PTH208
    except OSError:
        return []


def _owner(top: bytes, name: bytes) -> int | None:
    try:
        return os.lstat(os.path.join(top, name)).st_uid  # noqa: PTH118
    except OSError:
        return None


def _is_folder(path: bytes) -> bool:
    try:
        return stat.S_ISDIR(os.lstat(path).st_mode)
    except OSError:
        return False


def processes_of(users: Iterable[int]) -> Iterator[int]:
    """The processes that have one of these uids in any place; zombies as well."""
    wanted = {str(user) for user in users}
    for name in os.listdir("/proc"):  # noqa: PTH208
        if name.isdigit():
            with contextlib.suppress(OSError):
                if wanted & set(status_field(name, "Uid").split()):
                    yield int(name)


def descendants(root: int) -> Iterator[int]:
    """All processes below one, for the local box that cannot tell them by their uid."""
    parents: dict[int, int] = {}
    for name in os.listdir("/proc"):  # noqa: PTH208
        if name.isdigit():
            with contextlib.suppress(OSError, ValueError):
                parents[int(name)] = int(status_field(name, "PPid"))
    below = {root}
    grown = True
    while grown:
        more = {pid for pid, parent in parents.items() if parent in below} - below
        below |= more
        grown = bool(more)
    yield from below - {root}


def leftovers(folders: Iterable[str], users: Iterable[int]) -> list[str]:
    """What is still there of files and of the users' System V objects, as short reasons."""
    found = [f"files in {folder}" for folder in folders if _names(os.fsencode(folder))]
    wanted = {str(user) for user in users}
    return found + [f"System V {kind}" for kind in SYSTEM_V if wanted & _creators(kind)]


def _creators(kind: str) -> set[str]:
    """Who made the System V objects of a kind: an owner can be changed, a creator can not.

    Where there is no container they may be anybody's; a PostgreSQL server always has one.
    """
    try:
        heading, *rows = Path("/proc/sysvipc", kind).read_text(encoding="ascii").splitlines()
    except OSError:
        return set()
    column = heading.split().index("cuid")
    return {row.split()[column] for row in rows}
