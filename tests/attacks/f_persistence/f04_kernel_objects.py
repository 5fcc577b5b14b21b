"""F04: it leaves shared memory, queues, semaphores and keys in the kernel."""

from __future__ import annotations

from tests.attacks.case import Case, Notebook, Verdict

KEYS = """
import ctypes
libc = ctypes.CDLL(None, use_errno=True)
done = [libc.syscall(number, *arguments) for number, *arguments in
        [(248, b"user", b"zq7", b"x", 1, -4), (250, 0, -3, 1), (249, b"user", b"zq7", None, -4)]]
print("FOUND", [x for x in done if x != -1])
"""

CASE = Case(
    number="F04",
    tries="Leaves shared memory, queues, semaphores and keys in the kernel.",
    stopped_by="Seccomp refuses to make them.",
    variants={"keys": Notebook(Verdict.OK, KEYS)},
    held_by=("tests/box/test_image.py::test_every_forbidden_call_is_refused",),
)
