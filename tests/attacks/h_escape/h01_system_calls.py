"""H01: system calls."""

from __future__ import annotations

from tests.attacks.case import Case, Notebook, Verdict

# Each is harmless should it succeed, and only success is told.
SYSCALLS = """
import ctypes, errno, os, platform
libc = ctypes.CDLL(None, use_errno=True)
found = []
x86 = {
    "mount": (165, b"x", b"/tmp", b"tmpfs", 0, 0), "umount2": (166, b"/nowhere", 0), "unshare user": (272, 0x10000000),
    "unshare mount": (272, 0x20000), "unshare net": (272, 0x40000000), "unshare pid": (272, 0x20000000),
    "setns": (308, 0, 0), "pivot_root": (155, b"/tmp", b"/tmp"), "chroot": (161, b"/"), "mknod": (133, b"zq7planted", 0o20666, 0x101),
    "bpf": (321, 0, 0, 0), "perf": (298, 0, 0, -1, -1, 0), "io_uring": (425, 1, 0), "userfaultfd": (323, 0),
    "keyctl": (250, 0, -3, 0), "add_key": (248, 0, 0, 0, 0, -1), "ptrace": (101, 16, 1, 0, 0), "kexec": (246, 0, 0, 0, 0),
    "reboot": (169, 0, 0, 0, 0), "init_module": (175, 0, 0, b""), "finit_module": (313, -1, b"", 0), "delete_module": (176, b"x", 0),
    "swapon": (167, b"/nowhere", 0), "sethostname": (170, b"x", 1), "settimeofday": (164, 0, 0), "iopl": (172, 0),
    "ioperm": (173, 0, 0, 0), "quotactl": (179, 0, 0, 0, 0), "acct": (163, 0), "nfsservctl": (180, 0, 0, 0),
    "open_by_handle": (304, -1, 0, 0), "name_to_handle": (303, -1, 0, 0, 0, 0), "kcmp": (312, 1, 1, 0, 0, 0),
    "process_vm_readv": (310, 1, 0, 0, 0, 0, 0), "lookup_dcookie": (212, 0, 0, 0), "fanotify": (300, 0, 0),
    "move_mount": (429, -1, 0, -1, 0, 0), "open_tree": (428, -1, b"/", 1), "fsopen": (430, b"tmpfs", 0),
    "mount_setattr": (442, -1, 0, 0, 0, 0), "memfd_secret": (447, 0), "personality": (135, 0x0040000),
    "syslog": (103, 3, 0, 0), "vhangup": (153,), "clock_settime": (227, 0, 0), "adjtimex": (159, 0), "ustat": (136, 0, 0),
    "get_kernel_syms": (177, 0), "sysfs": (139, 3), "_sysctl": (156, 0), "modify_ldt": (154, 0, 0, 0),
    "migrate_pages": (256, 0, 0, 0, 0), "move_pages": (279, 0, 0, 0, 0, 0, 0), "set_mempolicy": (238, 0, 0, 0),
    "pidfd_getfd": (438, -1, 0, 0),
}
assert platform.machine() != "x86_64" or len(x86) > 50
for name, (number, *arguments) in (x86.items() if platform.machine() == "x86_64" else ()):
    ctypes.set_errno(0)
    done = libc.syscall(number, *arguments)
    if done >= 0 or ctypes.get_errno() not in (errno.EPERM, errno.ENOSYS, errno.EACCES):
        found.append((name, done, errno.errorcode.get(ctypes.get_errno())))
print("FOUND", found)
"""


FAMILIES = """
import socket
found = []
for family in range(2, 46):
    for kind in (1, 2, 3, 5):
        try:
            socket.socket(family, kind).close()
            found.append((family, kind))
        except (OSError, ValueError):
            pass
print("FOUND", found)
"""


CLONES = """
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
found = []
for flag in (0x10000000, 0x20000, 0x40000000, 0x20000000, 0x4000000, 0x8000000, 0x2000000):
    pid = libc.syscall(56, flag | 17, 0, 0, 0, 0)
    if pid == 0:
        os._exit(0)
    if pid > 0:
        found.append(hex(flag))
print("FOUND", found)
"""


THIRTY_TWO_BITS = """
import ctypes, mmap, os
found = []
child = os.fork()
if child == 0:
    page = mmap.mmap(-1, 4096, prot=7)
    # mov eax, 20 (getpid of i386); int 0x80; ret
    page.write(b"\\xb8\\x14\\x00\\x00\\x00\\xcd\\x80\\xc3")
    answer = ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(page)))()
    os._exit(1 if answer > 0 else 0)
status = os.waitpid(child, 0)[1]
if os.WIFEXITED(status) and os.WEXITSTATUS(status) == 1:
    found.append("int 0x80")
print("FOUND", found)
"""

CASE = Case(
    number="H01",
    tries="Makes system calls that open new namespaces, mounts, keys, or parts of the kernel with holes.",
    stopped_by="A seccomp profile of our own that lists what is allowed.",
    variants={
        "fifty-calls": Notebook(Verdict.OK, SYSCALLS),
        "families-of-sockets": Notebook(Verdict.OK, FAMILIES),
        "clones": Notebook(Verdict.OK, CLONES),
        "thirty-two-bits": Notebook(Verdict.OK, THIRTY_TWO_BITS),
    },
    quick=("fifty-calls", "families-of-sockets"),
    held_by=("tests/box/test_image.py::test_every_forbidden_call_is_refused",),
)
