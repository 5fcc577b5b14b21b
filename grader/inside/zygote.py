"""PID 1 of the box: imports everything once, then forks a clean process per submission.

Theory of operation
-------------------
The zygote talks with the host over its stdin and stdout (`relay`), and with nobody else; where
the host waits at a socket, this takes their place. It understands three requests on the control
channel: `fork`, `interrupt`, `close`. On `fork` it makes two processes, each under a uid that was
never used before:

- the *kernel*, a real ipykernel, in which the student's code runs;
- the *driver*, nbclient, which feeds cells to the kernel over unix sockets of the zygote's making.

Each has one end of a socket pair whose other end the zygote holds. It moves bytes between those
and the host without looking at them, through buffers that every fork sees as zeros (`hub`): no
code, input or answer of one submission is in the memory that the next one inherits. It holds
nothing secret: no reference, no test, no expected value ever enters the box.

It stays single-threaded, since a fork copies one thread alone, and never waits for a process of a
submission: everything is polled. It forks for whatever it has no right to do as root without
CAP_KILL and CAP_DAC_OVERRIDE: a helper takes the submission's uid, signals and wipes
(`cleaning`). Then the zygote looks whether anything is left, and says so; the host replaces a box
that is not clean.

When the host goes away, stdin ends, and so does the zygote, and with PID 1 the container.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import signal
import socket
from pathlib import Path
from typing import Any

from grader.inside import confine
from grader.inside.hub import STDIN, STDOUT, Hub
from grader.inside.submission import CHANNELS, Places, Submissions, reap
from grader.inside.walls import walls
from grader.inside.warmup import warm_up, warm_up_extra

MEMORY_EVENTS = (
    Path("/sys/fs/cgroup/memory.events"),  # cgroup v2
    Path("/sys/fs/cgroup/memory/memory.oom_control"),  # cgroup v1
)


class Zygote:
    """The loop between the host and the submission at hand."""

    def __init__(self, places: Places, first_user: int | None) -> None:
        self._hub = Hub()
        self._submissions = Submissions(places, self._hub, first_user)
        self._children = _wake_on_children()
        self._kills_at_fork = _kills_for_memory()
        self._usual = _usual_state()

    def serve(self) -> None:
        """Until the host goes away."""
        places = self._submissions.places.writable
        self._hub.tell({"event": "ready", "walls": walls(places)})
        while True:
            self._hub.move()
            spoken, ended = self._hub.wait(self._children)
            if spoken and not self._hub.hear(self._obey):
                self._submissions.end()
                self._leave()
                return
            if ended:
                self._bury()

    def _leave(self) -> None:
        """Take the local box's folder along: a host that was killed can not."""
        places = self._submissions.places
        for folder in (places.scratch, places.sockets, str(Path(places.scratch).parent)):
            with contextlib.suppress(OSError):  # in a container these are mounts, and stay
                os.rmdir(folder)  # noqa: PTH106

    def _obey(self, request: dict[str, Any]) -> None:
        match request.pop("do"):
            case "fork":
                self._kills_at_fork = _kills_for_memory()
                for name in request.pop("extras"):
                    warm_up_extra(name)
                bounds = confine.Bounds(**request)
                if self._submissions.user is None:  # the limit would count the user's own
                    bounds = confine.Bounds(bounds.data, bounds.file, None)
                self._submissions.fork(bounds)
                self._hub.tell({"event": "forked"})
            case "interrupt":
                self._submissions.interrupt()
            case "close":
                self._close()

    def _close(self) -> None:
        """End the submission and tell how the box is found afterwards."""
        reasons, processes = self._submissions.end()
        if _usual_state() != self._usual:
            reasons.append("the zygote has changed")
        memory = _kills_for_memory() > self._kills_at_fork
        facts = {"reasons": reasons, "processes": processes, "memory": memory}
        self._hub.tell({"event": "closed", **facts})

    def _bury(self) -> None:
        """Reap ended children, and tell the host of those it knows."""
        with contextlib.suppress(BlockingIOError):
            os.read(self._children, 4096)
        ended = reap()
        # Since the fork, and not since the last one that ended: that may be an orphan of its own.
        memory = _kills_for_memory() > self._kills_at_fork
        for name, part in self._submissions.parts.items():
            if part.pid in ended:
                self._hub.drain(CHANNELS[name])  # what it still had to say comes before its end
                status = os.waitstatus_to_exitcode(ended[part.pid])
                facts = {"part": name, "status": status, "memory": memory}
                self._hub.tell({"event": "exit", **facts})


def main(arguments: list[str]) -> None:
    """Warm up, then serve one host."""
    options = _options(arguments)
    os.umask(0o022)
    if options.host:
        _meet(options.host)
    for fd in (STDIN, STDOUT):
        os.set_blocking(fd, False)
    # An interrupt at the host's terminal is the host's to handle; then our stdin ends.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    warm_up(options.runtime)
    places = Places(
        options.scratch,
        options.sockets,
        tuple(options.shared),
        options.student_side,
        options.private_python,
    )
    with contextlib.suppress(ConnectionError):
        Zygote(places, options.first_user).serve()
    os._exit(0)


def _meet(path: str) -> None:
    """Go to the host's socket; where none can be reached, the pipes remain."""
    with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX) as way:
        way.connect(path)
        for fd in (STDIN, STDOUT):
            os.dup2(way.fileno(), fd)


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("--host")
    parser.add_argument("--runtime", required=True)
    parser.add_argument("--scratch", required=True)
    parser.add_argument("--sockets", required=True)
    parser.add_argument("--student-side", required=True)
    parser.add_argument("--shared", action="append", default=[])
    parser.add_argument("--private-python", action="store_true")
    parser.add_argument("--first-user", type=int)
    return parser.parse_args(arguments)


def _wake_on_children() -> int:
    """A pipe that becomes readable when a child ends."""
    wake, ring = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(ring, warn_on_full_buffer=False)
    return wake


def _kills_for_memory() -> int:
    """How often the kernel has ended a process of this container for its memory."""
    for path in MEMORY_EVENTS:
        with contextlib.suppress(OSError, ValueError):
            for line in path.read_text(encoding="ascii").splitlines():
                if line.startswith("oom_kill "):
                    return int(line.split()[1])
    return 0


def _usual_state() -> tuple[str, tuple[str, ...]]:
    """What must be the same before every fork: one thread, the same files."""
    threads = confine.status_field("self", "Threads")
    return threads, tuple(sorted(os.listdir("/proc/self/fd")))  # noqa: PTH208
