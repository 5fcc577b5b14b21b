"""B06: it hides what it was given somewhere, for the next submission to find."""

from grader.selftest.cells import FINDS_FILES, FINDS_PROCESSES, STASHES_FILES, STAYS
from tests.attacks.case import Case, Notebook, Verdict

ABSTRACT = """
import os, socket
pair = socket.socket(socket.AF_UNIX)
pair.bind("\\0stash-of-before")
pair.listen()
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        import time
        time.sleep(60)
    os._exit(0)
"""
FIND_SOCKETS = """
print("FOUND", [l for l in open("/proc/net/unix") if "stash-of-before" in l])
"""
SYSTEM_V = """
import ctypes
libc = ctypes.CDLL(None, use_errno=True)
made = [libc.shmget(4711, 4096, 0o1666), libc.msgget(4711, 0o1666), libc.semget(4711, 1, 0o1666)]
print("FOUND", [x for x in made if x != -1])
"""
QUEUE = """
import ctypes
libc = ctypes.CDLL(None, use_errno=True)
try:
    made = libc.mq_open(b"/stash-of-before", 0o102, 0o666, None)
except AttributeError:
    made = ctypes.CDLL("librt.so.1", use_errno=True).mq_open(b"/stash-of-before", 0o102, 0o666, None)
print("FOUND", [made] if made != -1 else [])
"""
MEMORY_FILE = """
import os
try:
    fd = os.memfd_create("stash-of-before")
except OSError:
    fd = -1
print("FOUND", [fd] if fd != -1 else [])
"""
CASE = Case(
    number="B06",
    tries="Hides inputs in files, shared memory, queues, sockets or a daemon for the next one.",
    stopped_by="All of the uid's is ended and wiped, the zygote looks, and SysV, queues and memfd "
    "are refused by seccomp.",
    variants={
        "files": Notebook(Verdict.OK, STASHES_FILES, heir=FINDS_FILES),
        "an-abstract-socket": Notebook(Verdict.OK, ABSTRACT, heir=FIND_SOCKETS),
        "a-daemon-s-environment": Notebook(Verdict.OK, STAYS, heir=FINDS_PROCESSES),
        "system-v-objects": Notebook(Verdict.OK, SYSTEM_V),
        "a-message-queue": Notebook(Verdict.OK, QUEUE),
        "a-file-in-memory": Notebook(Verdict.OK, MEMORY_FILE),
    },
    quick=("files",),
)
