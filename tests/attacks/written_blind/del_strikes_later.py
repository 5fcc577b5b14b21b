# Tries: leave objects with the bridge whose __del__ hangs: Objects.enter drops them four tests later, outside of every try and with SIGINT ignored, in the middle of another question; honest outcome: linear 0; the question in which it strikes may lose a try to a new kernel, not its points
import atexit
import sys
import threading
import time
import weakref

import numpy as np

class Late:
    def __del__(self):
        end = time.monotonic() + 40
        while time.monotonic() < end:
            try:
                time.sleep(1)
            except BaseException:
                continue


class Raising:
    def __del__(self):
        raise SystemExit("in __del__")


def linear(x, w, b):
    return Late()


def linear_backward(dout, x, w):
    late = Late()
    weakref.finalize(late, time.sleep, 40)
    atexit.register(time.sleep, 40)
    threading.Timer(3, lambda: sys.modules.clear()).start()
    return late, Raising(), Late()
