"""C07: it writes through ctypes, corrupts the heap, crashes on purpose and catches the signal."""

from __future__ import annotations

from tests.attacks.c_tampering.crashes import crashing
from tests.attacks.case import Case

SEGV = "signal.signal(signal.SIGSEGV, lambda *a: None)\nos.kill(os.getpid(), signal.SIGSEGV)\nctypes.string_at(0)"

CASE = Case(
    number="C07",
    tries="Writes through ctypes, corrupts the heap, crashes on purpose and catches the signal.",
    stopped_by="Memory is the submission's own: a fork shares nothing that can be written.",
    variants={
        "reads-address-0": crashing("return ctypes.string_at(0)"),
        "writes-everywhere": crashing(
            "for address in range(0, 1 << 40, 1 << 20):\n    ctypes.memset(address, 1, 1)"
        ),
        "corrupts-the-heap": crashing(
            "libc = ctypes.CDLL(None)\nfor _ in range(1000):\n    ctypes.memset(id(a) - 64, 255, 256)\n"
            "    libc.free(ctypes.c_void_p(id(a)))"
        ),
        "a-handler-that-returns": crashing(SEGV),
        "small-integers": crashing(
            "ctypes.memmove(id(1) + 24, id(2) + 24, 4)\nreturn 1", may=("protocol",)
        ),
        "faulthandler": crashing("import faulthandler\nfaulthandler._sigsegv()"),
    },
    quick=("reads-address-0",),
)
