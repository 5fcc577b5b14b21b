"""Hostile cells of the corpus that need no assignment: the self-test and tests/attacks run them.

Each prints `FOUND [...]` at its end: the list is empty where the boundary holds.
"""

# ruff: noqa: E501  (students write long lines)

from __future__ import annotations

NETWORK = """
import socket
found = []
places = [("1.1.1.1", 53), ("8.8.8.8", 443), ("169.254.169.254", 80), ("172.17.0.1", 22), ("172.17.0.1", 2375), ("127.0.0.1", 80),
          ("10.0.0.1", 80), ("192.168.0.1", 80), ("0.0.0.0", 80)]
for family, kind in ((2, 1), (2, 2), (10, 1), (10, 2), (2, 3), (10, 3)):
    for host, port in places:
        try:
            with socket.socket(family, kind) as s:
                s.settimeout(0.3)
                s.connect(("::1", port) if family == 10 else (host, port))
                found.append((family, kind, host))
        except OSError:
            pass
for name in ("example.com", "metadata.google.internal", "host.docker.internal", "localhost.localdomain"):
    try:
        socket.getaddrinfo(name, 443)
        found.append(name)
    except OSError:
        pass
interfaces = [line.split(":")[0].strip() for line in open("/proc/net/dev").readlines()[2:]]
print("FOUND", found + [i for i in interfaces if i not in ("lo", "tunl0", "gre0", "sit0", "ip6tnl0", "gretap0", "erspan0", "ip_vti0", "ip6_vti0", "ip6gre0")])
"""
KERNEL_FILES = """
import os
found = []
for path in ("/proc/sysrq-trigger", "/proc/sys/kernel/core_pattern", "/proc/sys/kernel/hostname", "/proc/sys/vm/drop_caches",
             "/proc/sys/kernel/modprobe", "/proc/kcore", "/proc/kmsg", "/dev/mem", "/dev/kmem", "/dev/port", "/sys/kernel/uevent_helper",
             "/sys/fs/cgroup/release_agent", "/sys/fs/cgroup/memory/release_agent", "/sys/fs/cgroup/cgroup.procs",
             "/sys/fs/cgroup/memory/memory.limit_in_bytes", "/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/pids/pids.max",
             "/proc/1/oom_score_adj", "/proc/bus/pci/00/00.0", "/proc/irq/0/smp_affinity", "/sys/power/state"):
    try:
        os.close(os.open(path, os.O_WRONLY))
        found.append(path)
    except OSError:
        pass
for path in ("/proc/kcore", "/proc/kmsg", "/proc/keys", "/proc/timer_list", "/proc/sched_debug", "/sys/firmware/dmi", "/proc/acpi/event"):
    try:
        if os.path.isdir(path):
            found += os.listdir(path)
        elif open(path, "rb").read(16).strip():
            found.append(path)
    except OSError:
        pass
print("FOUND", found)
"""
SOCKETS_OF_THE_HOST = """
import os, stat
found = []
for top in ("/run", "/var/run", "/tmp", "/dev", "/etc", "/home", "/root", "/mnt", "/srv", "/var"):
    for folder, folders, names in os.walk(top):
        for name in names:
            path = os.path.join(folder, name)
            try:
                if stat.S_ISSOCK(os.lstat(path).st_mode) and not path.endswith(("/s-1", "/s-2")):
                    found.append(path)
            except OSError:
                pass
            if any(part in name for part in ("docker", "containerd", "dbus", "X11", "ssh-agent")) and "site-packages" not in path:
                found.append(path)
print("FOUND", [p for p in found if p != "/.dockerenv" and not p.startswith("/var/lib/dpkg")])
"""
DESCRIPTORS = """
import os
found = []
for name in os.listdir("/proc/self/fd"):
    try:
        target = os.readlink("/proc/self/fd/" + name)
    except OSError:
        continue
    if target.startswith("/") and target != "/dev/null" and not target.startswith(("/proc/", os.environ["HOME"])):
        found.append((name, target))
    for way in ("/../../../../../etc/hostname", "/root/etc/hostname"):
        if target.startswith("pipe:") or not os.path.exists("/proc/self/fd/" + name + way):
            continue
        found.append((name, way))
try:
    os.close(os.open("/proc/self/exe", os.O_WRONLY))
    found.append("exe")
except OSError:
    pass
print("FOUND", found)
"""
ROOT_AGAIN = """
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
found = []
for name, action in {
    "setuid": lambda: os.setuid(0), "seteuid": lambda: os.seteuid(0), "setreuid": lambda: os.setreuid(0, 0),
    "setresuid": lambda: os.setresuid(-1, 0, -1), "neighbour": lambda: os.setuid(os.getuid() + 1),
    "setgid": lambda: os.setgid(0), "setgroups": lambda: os.setgroups([0]), "chown": lambda: os.chown(".", 0, 0),
    "raised priority": lambda: os.setpriority(os.PRIO_PROCESS, 0, -1),
}.items():
    try:
        action()
        found.append(name)
    except OSError:
        pass
libc.setfsuid(0)
if libc.setfsuid(-1) == 0:
    found.append("setfsuid")
status = dict(l.split(":\\t", 1) for l in open("/proc/self/status") if ":\\t" in l)
if status["Groups"].strip() or any(int(status["Cap" + k], 16) for k in ("Inh", "Prm", "Eff", "Amb")):
    found.append("groups or capabilities")
if status["NoNewPrivs"].strip() != "1" or status["Seccomp"].strip() != "2":
    found.append("no_new_privs or seccomp")
print("FOUND", found)
"""
ENVIRONMENT = """
import os
found = []
raw = {line.split(b"=")[0].decode() for line in open("/proc/self/environ", "rb").read().split(b"\\0") if line} if os.access("/proc/self/environ", os.R_OK) else set()
names = set(os.environ) | raw
if len(set(os.environ)) > 8:
    found += sorted(os.environ)
word = "zq7" + "sentinel"
for name, value in os.environ.items():
    if word in value or any(part in name for part in ("TOKEN", "KEY", "SECRET", "PASSWORD", "DATABASE", "PROXY", "GRADER")):
        found.append(name)
print("FOUND", found)
"""
STASHES_FILES = """
import os, json
for top in (os.environ["HOME"], "/tmp", "/dev/shm", "/dev/mqueue", "/run", "/var/tmp", "/"):
    try:
        with open(top + "/stash-of-before", "w") as file:
            file.write("x")
        os.chmod(top + "/stash-of-before", 0o666)
    except OSError:
        pass
"""
FINDS_FILES = """
import os
found = []
for top in ("/tmp", "/dev/shm", "/dev/mqueue", "/run", "/var/tmp", "/"):
    for folder, folders, names in os.walk(top):
        folders[:] = [f for f in folders if os.path.join(folder, f) not in ("/proc", "/sys", "/usr", "/opt")]
        found += [n for n in names if "stash-of-before" in n]
print("FOUND", found)
"""
STAYS = """
import os, signal, time
os.environ["STASH"] = "stash-of-before"
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
            signal.signal(number, signal.SIG_IGN)
        while True:
            time.sleep(1)
    os._exit(0)
"""
FINDS_PROCESSES = """
import os
mine = {os.getuid()}
uids = [(os.stat("/proc/" + p).st_uid, p) for p in os.listdir("/proc") if p.isdigit()]
other = [p for uid, p in uids if uid not in {0, os.getuid(), os.getuid() + 2}]
print("FOUND", other)
"""
OTHERS = """
import os
mine = os.getuid()
others = [int(p) for p in os.listdir("/proc") if p.isdigit() and os.stat("/proc/" + p).st_uid != mine]
assert len(others) >= 2  # the zygote and the driver
found = []
"""
SIGNALS = (
    OTHERS
    + """
import signal
for pid in others:
    for number in (0, signal.SIGSTOP, signal.SIGKILL, signal.SIGINT):
        try:
            os.kill(pid, number)
            found.append((pid, number))
        except PermissionError:
            pass
for call in (lambda: os.kill(1, 0), lambda: os.setpriority(os.PRIO_PROCESS, 1, 19)):
    try:
        call()
        found.append("group")
    except OSError:
        pass
print("FOUND", found)
"""
)
MEMORY_OF_OTHERS = (
    OTHERS
    + """
import ctypes
libc = ctypes.CDLL(None, use_errno=True)
for pid in others:
    for number, *rest in [(101, 16, pid, 0, 0), (310, pid, 0, 0, 0, 0, 0), (311, pid, 0, 0, 0, 0, 0), (312, pid, os.getpid(), 0),
                          (438, pid, 0, 0)]:
        if libc.syscall(number, *rest) >= 0:
            found.append((pid, number))
    for name in ("mem", "environ", "maps", "fd/0", "cwd/x", "root/etc/passwd", "oom_score_adj", "clear_refs"):
        try:
            open(f"/proc/{pid}/{name}", "r+b" if name in ("mem", "oom_score_adj") else "rb").close()
            found.append((pid, name))
        except OSError:
            pass
print("FOUND", found)
"""
)
