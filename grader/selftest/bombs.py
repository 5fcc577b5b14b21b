"""Hostile functions with a bound of their own: without its boundary each is only a bad moment.

An operator runs them on the machine that grades, perhaps because something is wrong with it. So
none goes on without end, and each says how far it came.
"""

from __future__ import annotations

FORKS = """
import os, time

def forks(most):
    made = 0
    for _ in range(most):
        try:
            child = os.fork()
        except OSError:
            break
        if child == 0:
            time.sleep(20)
            os._exit(0)
        made += 1
    return made
"""

TAKES_MEMORY = """
def takes(megabytes):
    kept = []
    for _ in range(megabytes):
        kept.append(bytearray(1 << 20))  # never touched: it costs the machine nothing
    return len(kept)
"""

# Each process stays within its own limit; all of them together do not.
TAKES_MEMORY_TOGETHER = """
import os, time

def takes(processes, megabytes):
    for _ in range(processes):
        if os.fork() == 0:
            try:
                kept = b"x" * (megabytes << 20)
                time.sleep(20)
            finally:
                os._exit(0)
    time.sleep(2)
"""

FILLS = """
import os

def fills(megabytes, files):
    written = made = 0
    try:
        while written < megabytes:
            with open(f"full-{written}", "wb") as file:
                file.write(bytes(1 << 20))
            written += 1
    except OSError:
        pass
    try:
        while made < files:
            os.close(os.open(f"empty-{made}", os.O_CREAT))
            made += 1
    except OSError:
        pass
    return written, made
"""

HANGS = """
import signal

def hangs():
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    while True:
        pass

def answers():
    return 42
"""

FLOODS = "for _ in range(20): print('x' * 1_000_000)"

# A reply as the box itself would send it, but for the number of the call, which it has to guess.
FORGES = """
import gc

bridge = next(thing for thing in gc.get_objects() if type(thing).__name__ == "Bridge")

def answers():
    number, bridge._nonce = bridge._nonce, "0" * 32
    bridge._send({"ending": "finished", "value": "forged", "changed": [], "generators": {}})
    bridge._nonce = number
    return "honest"
"""

READS = """
def reads(path):
    found = []
    for root in ("", "/proc/1/root", "/proc/self/root", "/proc/1/cwd"):
        try:
            with open(root + path) as file:
                found.append(file.read())
        except OSError:
            pass
    return found
"""

WRITES = """
import os

def writes():
    found = []
    for folder in ("/", "/opt/venv", "/opt/grader", "/opt/student", "/usr", "/etc", "/run", "/root",
                   "/var/tmp", "/proc", "/sys", "/dev", os.path.dirname(os.__file__)):
        try:
            os.close(os.open(folder + "/grader-selftest", os.O_CREAT | os.O_WRONLY))
            found.append(folder)
        except OSError:
            pass
    return found
"""
