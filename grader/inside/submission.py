"""The two processes of a submission: how they are made, interrupted, ended and cleaned up after."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial

from grader.inside import cleaning, relay
from grader.inside.confine import Bounds, ConfinementError, Identity, confine, status_field
from grader.inside.hub import Hub
from grader.inside.warmup import renew

DRIVER = Bounds(data=256 << 20, file=1 << 20, processes=32)
CHANNELS = {"kernel": relay.CALLS, "driver": relay.DRIVER}
PORTS = {"shell": 1, "iopub": 2}


@dataclass(frozen=True)
class Places:
    """The folders of this box, and what is particular about it."""

    scratch: str  # where submissions may write
    sockets: str  # where root alone may
    shared: tuple[str, ...]  # wiped and looked at as well: /dev/shm, /dev/mqueue
    student_side: str
    private_python: bool  # it lies where only root can read

    @property
    def writable(self) -> tuple[str, ...]:
        """Where something of a submission's could lie."""
        return (self.scratch, *self.shared)


@dataclass(frozen=True)
class Part:
    """One process of a submission."""

    pid: int
    user: int | None


@dataclass
class Submissions:
    """One submission after another, each under uids that were never used before."""

    places: Places
    hub: Hub
    user: int | None  # the last uid that was used; None without root
    count: int = 0
    parts: dict[str, Part] = field(default_factory=dict)

    def fork(self, bounds: Bounds) -> None:
        """Make a kernel and a driver that can reach each other, and that the host can reach."""
        from grader.inside import driver, kernel  # noqa: PLC0415  (loaded by `warm_up`)

        if status_field("self", "Threads") != "1":
            raise ConfinementError("the zygote has threads, which a fork would leave behind")
        self.count += 1
        folder, side = f"{self.places.sockets}/{self.count}", self.places.student_side
        listeners = _listeners(folder)
        key = os.urandom(32).hex().encode()

        def run_kernel(end: socket.socket) -> None:
            kernel.run(listeners, key, end, side)

        def run_driver(end: socket.socket) -> None:
            driver.run(folder, key, end)

        self._start("kernel", bounds, [each.fileno() for each in listeners.values()], run_kernel)
        self._start("driver", DRIVER, [], run_driver)
        for listener in listeners.values():
            listener.close()

    def interrupt(self) -> None:
        """Press Ctrl-C in the kernel."""
        part = self.parts.get("kernel")
        if part is None:
            return
        user, pid = part.user, part.pid
        if user is None:
            os.kill(pid, signal.SIGINT)
        else:
            cleaning.fork(lambda: cleaning.signal_as(user, pid, signal.SIGINT))

    def end(self) -> tuple[list[str], int]:
        """Kill and wipe; why the box is not clean, and how many processes there were."""
        users = [part.user for part in self.parts.values() if part.user is not None]
        processes = len(list(self._living(users)))
        self.hub.disconnect()
        if self.user is None:
            self._end_descendants()
        else:
            self._sweep(users)
        self.parts.clear()
        cleaning.wipe(self.places.sockets)
        reasons = cleaning.leftovers((*self.places.writable, self.places.sockets), users)
        return reasons + ["processes"] * any(self._living(users)), processes

    def _start(
        self, name: str, bounds: Bounds, keep: list[int], body: Callable[[socket.socket], None]
    ) -> None:
        identity = Identity(self._next_user(), self.places.private_python)
        ours, theirs = socket.socketpair()
        # Nobody before could have taken this name.
        home = f"{self.places.scratch}/{name}-{os.urandom(8).hex()}"

        def child() -> None:
            confine(identity, home, bounds, [*keep, theirs.fileno()])
            renew()
            body(theirs)

        self.parts[name] = Part(cleaning.fork(child), identity.user)
        theirs.close()
        self.hub.connect(CHANNELS[name], ours)

    def _next_user(self) -> int | None:
        if self.user is not None:
            self.user += 2  # the uid between is its executioner's
        return self.user

    def _living(self, users: list[int]) -> Iterator[int]:
        if self.user is None:
            return cleaning.descendants(os.getpid())
        return cleaning.processes_of(users)

    def _sweep(self, users: list[int]) -> None:
        folders = self.places.writable
        helpers = {cleaning.fork(partial(cleaning.sweep_as, user, folders)) for user in users}
        deadline = time.monotonic() + 2 * cleaning.SECONDS
        while helpers and time.monotonic() < deadline:
            helpers -= reap().keys()
            time.sleep(cleaning.PAUSE / 2)
        while any(cleaning.processes_of(users)) and time.monotonic() < deadline:
            reap()
            time.sleep(cleaning.PAUSE)

    def _end_descendants(self) -> None:
        deadline = time.monotonic() + cleaning.SECONDS
        while (alive := list(cleaning.descendants(os.getpid()))) and time.monotonic() < deadline:
            for pid in alive:
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    os.kill(pid, signal.SIGKILL)
            reap()
            time.sleep(cleaning.PAUSE)
        cleaning.wipe(self.places.scratch)


def reap() -> dict[int, int]:
    """The children that have ended, orphans we inherited among them, with their statuses."""
    ended = {}
    with contextlib.suppress(ChildProcessError):
        while (found := os.waitpid(-1, os.WNOHANG))[0]:
            ended[found[0]] = found[1]
    return ended


def _listeners(folder: str) -> dict[str, socket.socket]:
    """Listening sockets that root alone can replace and everyone may connect to."""
    os.mkdir(folder, 0o711)  # noqa: PTH102
    os.chmod(folder, 0o711)  # noqa: PTH101, S103  (whatever the umask)
    found = {}
    for name, port in PORTS.items():
        path = f"{folder}/s-{port}"
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        listener.bind(path)
        os.chmod(path, 0o666)  # noqa: PTH101, S103  (the driver has to connect)
        listener.listen(8)
        found[name] = listener
    return found
