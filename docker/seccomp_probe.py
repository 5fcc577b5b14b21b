"""Try in the box what its seccomp profile forbids; print the errno of each as one JSON object.

`grader doctor` and the tests send this file to a container's Python: standard library only. Every
call is harmless should it go through: wrong handles, empty structures, flags of zero.
"""

import ctypes
import errno
import json
import mmap
import os
import platform

# name: (number on x86_64, number on aarch64, arguments); None: the processor has no such call.
CALLS = {
    # Another process, or the memory of one.
    "ptrace": (101, 117, (16, 999_999, 0, 0)),  # attach to nobody
    "process_vm_readv": (310, 270, (1, 0, 0, 0, 0, 0)),
    "process_vm_writev": (311, 271, (1, 0, 0, 0, 0, 0)),
    "process_madvise": (440, 440, (-1, 0, 0, 0, 0)),
    "pidfd_getfd": (438, 438, (-1, 0, 0)),
    "kcmp": (312, 272, (1, 1, 0, 0, 0)),
    "move_pages": (279, 239, (0, 0, 0, 0, 0, 0)),
    "migrate_pages": (256, 238, (0, 0, 0, 0)),
    "mincore": (27, 232, (0, 0, 0)),
    # What outlives a process, or is counted for the whole machine.
    "shmget": (29, 194, (0, 0, 0)),
    "shmat": (30, 196, (-1, 0, 0)),
    "shmctl": (31, 195, (-1, 0, 0)),
    "semget": (64, 190, (0, 0, 0)),
    "semop": (65, 193, (-1, 0, 0)),
    "msgget": (68, 186, (0, 0)),
    "msgsnd": (69, 189, (-1, 0, 0, 0)),
    "mq_open": (240, 180, (0, 0, 0, 0)),
    "mq_unlink": (241, 181, (0,)),
    "add_key": (248, 217, (0, 0, 0, 0, 0)),
    "request_key": (249, 218, (0, 0, 0, 0)),
    "keyctl": (250, 219, (0, 0, 0, 0, 0)),
    "memfd_create": (319, 279, (0, 0)),
    "memfd_secret": (447, 447, (0,)),
    "io_setup": (206, 0, (0, 0)),
    "inotify_init1": (294, 26, (0,)),
    "fanotify_init": (300, 262, (0, 0)),
    # Parts of the kernel with a history of holes.
    "io_uring_setup": (425, 425, (0, 0)),
    "io_uring_enter": (426, 426, (-1, 0, 0, 0, 0, 0)),
    "io_uring_register": (427, 427, (-1, 0, 0, 0)),
    "userfaultfd": (323, 282, (0,)),
    "bpf": (321, 280, (0, 0, 0)),
    "perf_event_open": (298, 241, (0, 0, -1, -1, 0)),
    "personality": (135, 92, (0,)),
    "modify_ldt": (154, None, (0, 0, 0)),
    "set_mempolicy": (238, 237, (0, 0, 0)),
    "mbind": (237, 235, (0, 0, 0, 0, 0, 0)),
    # Files by another way than their path.
    "name_to_handle_at": (303, 264, (-1, 0, 0, 0, 0)),
    "open_by_handle_at": (304, 265, (-1, 0, 0)),
    "lookup_dcookie": (212, 18, (0, 0, 0)),
    "mknodat": (259, 33, (-1, 0, 0, 0)),
    # Namespaces and mounts.
    "unshare": (272, 97, (0,)),
    "setns": (308, 268, (-1, 0)),
    "mount": (165, 40, (0, 0, 0, 0, 0)),
    "umount2": (166, 39, (0, 0)),
    "pivot_root": (155, 41, (0, 0)),
    "chroot": (161, 51, (0,)),
    "fsopen": (430, 430, (0, 0)),
    "fsconfig": (431, 431, (-1, 0, 0, 0, 0)),
    "fsmount": (432, 432, (-1, 0, 0)),
    "fspick": (433, 433, (-1, 0, 0)),
    "open_tree": (428, 428, (-1, 0, 0)),
    "move_mount": (429, 429, (-1, 0, -1, 0, 0)),
    "mount_setattr": (442, 442, (-1, 0, 0, 0, 0)),
    "clone_newuser": (56, 220, (0x10000000, 0, 0, 0, 0)),
    # The machine itself.
    "reboot": (169, 142, (0, 0, 0, 0)),
    "kexec_load": (246, 104, (0, 0, 0, 0)),
    "kexec_file_load": (320, 294, (-1, -1, 0, 0, 0)),
    "init_module": (175, 105, (0, 0, 0)),
    "finit_module": (313, 273, (-1, 0, 0)),
    "delete_module": (176, 106, (0, 0)),
    "swapon": (167, 224, (0, 0)),
    "swapoff": (168, 225, (0,)),
    "acct": (163, 89, (1,)),
    "quotactl": (179, 60, (0, 0, 0, 0)),
    "syslog": (103, 116, (3, 0, 0)),
    "sethostname": (170, 161, (0, 0)),
    "setdomainname": (171, 162, (0, 0)),
    "settimeofday": (164, 170, (0, 0)),
    "clock_settime": (227, 112, (0, 0)),
    "adjtimex": (159, 171, (0,)),
    "vhangup": (153, 58, ()),
    "iopl": (172, None, (0,)),
    "ioperm": (173, None, (0, 0, 0)),
    # Here the right answer is "no such call", so that the C library takes the older one.
    "clone3": (435, 435, (0, 0)),
    # Sockets other than those between processes of the box.
    "socket_inet": (41, 198, (2, 1, 0)),
    "socket_inet6": (41, 198, (10, 1, 0)),
    "socket_netlink": (41, 198, (16, 3, 0)),
    "socket_packet": (41, 198, (17, 3, 0)),
    "socket_alg": (41, 198, (38, 5, 0)),
    "socket_vsock": (41, 198, (40, 1, 0)),
    "socketpair_tipc": (53, 199, (30, 1, 0, 0)),
}
MACHINES = ("x86_64", "aarch64")
ALLOWED = "allowed"


def outcome(name: str) -> str:
    """The errno's name, or "allowed" when the call went through."""
    *numbers, arguments = CALLS[name]
    number = numbers[MACHINES.index(platform.machine())]
    libc = ctypes.CDLL(None, use_errno=True)
    # 64 bits each: a shorter argument would leave the upper half of a register undefined.
    result = libc.syscall(ctypes.c_long(number), *map(ctypes.c_long, arguments))
    if result == 0 and name.startswith("clone"):
        os._exit(0)  # the child of a clone that should have been refused
    return ALLOWED if result >= 0 else errno.errorcode[ctypes.get_errno()]


def foreign_call(code: bytes) -> str:
    """How a child ends that makes a system call of another kind by machine code."""
    child = os.fork()
    if child == 0:
        page = mmap.mmap(-1, mmap.PAGESIZE, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
        page.write(code)
        ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(page)))()
        os._exit(0)
    status = os.waitpid(child, 0)[1]
    return f"signal {os.WTERMSIG(status)}" if os.WIFSIGNALED(status) else ALLOWED


def foreign_calls() -> dict[str, str]:
    """Ask for getpid as 32-bit and x32 programs do: by other tables of calls, unfiltered."""
    if platform.machine() != "x86_64":
        return {}
    return {
        "int_0x80": foreign_call(b"\xb8\x14\x00\x00\x00\xcd\x80\xc3"),
        "x32": foreign_call(b"\xb8\x27\x00\x00\x40\x0f\x05\xc3"),
    }


if __name__ == "__main__":
    here = [
        name
        for name, numbers in CALLS.items()
        if numbers[MACHINES.index(platform.machine())] is not None
    ]
    print(json.dumps({name: outcome(name) for name in here} | foreign_calls()))  # noqa: T201
