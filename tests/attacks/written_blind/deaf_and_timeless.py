# Tries: stop every clock (time.time, monotonic, perf_counter), keep SIGINT from ever being handled (signal.signal exchanged, blocked in the mask), trace and profile each of the bridge's lines, and hang in an alarm's handler; honest outcome: linear 0 and out of time by the host's clock; other answers are graded in a new kernel
import signal
import sys
import threading
import time

import numpy as np

def _deaf(*_):
    while True:
        try:
            signal.pause()
        except BaseException:
            continue


def linear(x, w, b):
    time.time = time.monotonic = time.perf_counter = lambda: 0.0
    set_handler, signal.signal = signal.signal, lambda *_: None
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
    set_handler(signal.SIGALRM, _deaf)
    threading.settrace(lambda *_: _deaf)
    sys.setswitchinterval(1e6)
    sys.setprofile(lambda *_: time.sleep(0.001))
    signal.setitimer(signal.ITIMER_REAL, 0.05, 0.001)
    return np.zeros((len(x) + 1, w.shape[1]))


def linear_backward(dout, x, w):
    signal.raise_signal(signal.SIGSTOP)
    return None
