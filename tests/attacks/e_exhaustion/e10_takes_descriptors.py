"""E10: it takes all descriptors: files, epoll, events, timers, pipes, terminals."""

from __future__ import annotations

from grader.records import Ending
from tests.attacks.case import Case, Notebook, Verdict

DESCRIPTORS = """
import os, select, socket
for make in (lambda: os.open("/dev/null", 0), select.epoll, lambda: os.eventfd(0), socket.socketpair,
             lambda: os.openpty(), os.pipe):
    kept = []
    try:
        for _ in range(100_000): kept.append(make())
    except OSError:
        pass
    for thing in kept:
        for fd in thing if isinstance(thing, tuple) else (thing,):
            fd.close() if hasattr(fd, "close") else os.close(fd)
"""


TIMERS = """
import ctypes
libc = ctypes.CDLL(None, use_errno=True)
for clock in (0, 1):
    for _ in range(10_000):
        if libc.timerfd_create(clock, 0) < 0:
            break
"""

CASE = Case(
    number="E10",
    tries="Takes all descriptors: files, epoll, events, timers, pipes, terminals.",
    stopped_by="RLIMIT_NOFILE; the zygote has its own.",
    variants={
        "many-kinds": Notebook(Verdict.OK, DESCRIPTORS),
        "timers": Notebook(Verdict.OK, TIMERS, loses=(), ends=Ending.FINISHED),
    },
)
