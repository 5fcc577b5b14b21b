"""H02: it writes to the kernel's files in /proc, /sys and the control groups."""

from __future__ import annotations

from tests.attacks.case import Case, Notebook, Verdict

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

CASE = Case(
    number="H02",
    tries="Writes to the kernel's files in /proc, /sys and the control groups.",
    stopped_by="They are root's, read-only, or masked.",
    variants={"kernel-files": Notebook(Verdict.OK, KERNEL_FILES)},
)
