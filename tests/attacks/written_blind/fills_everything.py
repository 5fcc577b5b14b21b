# Tries: use up disk, inodes, shared memory, descriptors, pipes, ptys, locks, timers, pending signals and extended attributes, hold them across the calls, and let the kernel die with all of it open; honest outcome: linear 0; other answers are right and graded; afterwards nothing is left and the box is clean or replaced
import fcntl
import os
import signal

import numpy as np

_HELD = []


def _until_it_fails(action, most=30_000):
    try:
        for number in range(most):
            _HELD.append(action(number))
    except (OSError, ValueError, MemoryError):
        pass


def _pipe(_):
    ends = os.pipe()
    try:
        fcntl.fcntl(ends[1], 1031, 1 << 20)  # F_SETPIPE_SZ
        os.set_blocking(ends[1], False)
        os.write(ends[1], b"x" * (1 << 20))
    except OSError:
        pass
    return ends


def _file(folder, number):
    path = f"{folder}/held-{number}"
    with open(path, "w") as file:
        file.write("x" * 5000)
    os.setxattr(path, "user.x", b"y" * 500) if number % 100 == 0 else None


def linear(x, w, b):
    home = os.environ["HOME"]
    for folder in (home, "/dev/shm"):
        try:
            with open(f"{folder}/large", "wb") as file:
                os.posix_fallocate(file.fileno(), 0, 60_000_000 if folder == home else 15_000_000)
        except OSError:
            pass
        _until_it_fails(lambda number: _file(folder, number))
        _until_it_fails(lambda number: os.link(f"{folder}/held-0", f"{folder}/link-{number}"))
    _until_it_fails(lambda _: os.open("/dev/ptmx", os.O_RDWR | os.O_NOCTTY), 150)
    _until_it_fails(_pipe, 100)
    _until_it_fails(lambda _: os.open("/dev/null", os.O_RDONLY), 2000)
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGRTMIN})
    _until_it_fails(lambda _: os.kill(os.getpid(), signal.SIGRTMIN), 2000)
    return np.zeros((len(x) + 1, w.shape[1]))


def linear_backward(dout, x, w):
    os.kill(os.getpid(), signal.SIGSEGV)
