"""Mutations of the container: options of `docker run`, and rules of the seccomp profile."""

from __future__ import annotations

from tests.mutations.mutation import IMAGE, RIGHTS, Mutation, attack, off

DOCKER = "grader/sandbox/docker_box.py"
PROFILE = "docker/seccomp.json"

TWO_RIGHTS = f"{RIGHTS}::test_the_zygote_has_two_rights"
PROMISED = f"{RIGHTS}::test_the_container_is_as_promised"
PLACES = f"{RIGHTS}::test_each_writable_place_is_small_and_runs_nothing"
CALLS = f"{IMAGE}::test_every_forbidden_call_is_refused[numpy]"
BACK = ("CHOWN", "DAC_OVERRIDE", "FOWNER", "KILL", "MKNOD", "NET_RAW", "SYS_CHROOT")


# Grading refuses a container that lacks a wall; a case could not show that it notices as well.
UNSEEN = off("grader/sandbox/walls.py", "if missing:", "if False:")
LOOKED_AT = "the look at a container's walls before its first submission"


def container(name: str, mitigation: str, old: str, new: str, *noticed_by: str) -> Mutation:
    """One option of `docker run`."""
    return Mutation(name, mitigation, (off(DOCKER, old, new), UNSEEN), noticed_by, LOOKED_AT)


def profile(name: str, mitigation: str, old: str, new: str, *noticed_by: str) -> Mutation:
    """One rule of the seccomp profile."""
    return Mutation(name, mitigation, (off(PROFILE, old, new),), noticed_by)


def allowed(*calls: str) -> str:
    """The profile's first list with more system calls in it."""
    return '"read", "write", "open", ' + "".join(f'"{call}", ' for call in calls)


OF_DOCKER = (
    container(
        "network",
        "no network",
        '"--network", "none"]',
        '"--network", "host"]',
        attack("I01", "the-world"),
    ),
    container(
        "read-only",
        "a read-only root",
        '            "--read-only",\n',
        "",
        PROMISED,
    ),
    container(
        "capabilities",
        "all capabilities are dropped",
        '            "--cap-drop",\n            "ALL",\n',
        "",
        TWO_RIGHTS,
    ),
    *(
        container(
            f"capability-{name.lower()}",
            f"the zygote has no {name}",
            '            "--cap-add",\n            "SETUID",\n',
            f'            "--cap-add", "{name}", "--cap-add", "SETUID",\n',
            TWO_RIGHTS,
        )
        for name in BACK
    ),
    container(
        "no-new-privileges",
        "no_new_privs for the container",
        'options += ["--security-opt", "no-new-privileges"]',
        "options += []",
        TWO_RIGHTS,
    ),
    container(
        "seccomp",
        "our seccomp profile",
        "f\"seccomp={docker_folder() / 'seccomp.json'}\"",
        '"seccomp=unconfined"',
        attack("H01", "fifty-calls"),
    ),
    container(
        "memory",
        "memory for all",
        '"--memory", f"{memory}m", "--memory-swap", f"{memory}m"',
        "",
        PROMISED,
    ),
    container("swap", "no swap beside it", ', "--memory-swap", f"{memory}m"', "", PROMISED),
    container(
        "pids",
        "processes for all",
        '            "--pids-limit",\n            str(processes),\n',
        "",
        PROMISED,
    ),
    container(
        "ipc",
        "no IPC with others",
        '            "private",\n',
        '            "shareable",\n',
        PROMISED,
    ),
    container("log", "no log of the container", '"--log-driver", "none", ', "", PROMISED),
    container(
        "hostname",
        "a name that says nothing",
        '"--hostname", "box", ',
        "",
        attack("N03", "names"),
        PROMISED,
    ),
    container(
        "tmp-size",
        "bytes in /tmp",
        "size={size.disk_mb}m,nr_inodes={INODES}",
        "nr_inodes={INODES}",
        PLACES,
    ),
    container(
        "tmp-inodes",
        "files in /tmp",
        "size={size.disk_mb}m,nr_inodes={INODES}",
        "size={size.disk_mb}m",
        PLACES,
    ),
    container(
        "shm-size",
        "bytes in /dev/shm",
        "size={SHARED_MB}m,nr_inodes={INODES}",
        "nr_inodes={INODES}",
        PLACES,
    ),
    container(
        "shm-inodes",
        "files in /dev/shm",
        "size={SHARED_MB}m,nr_inodes={INODES}",
        "size={SHARED_MB}m",
        PLACES,
    ),
    container(
        "places-run-nothing",
        "nosuid, nodev and noexec",
        '"rw,nosuid,nodev,noexec"',
        '"rw,suid,dev,exec"',
        PLACES,
    ),
)

OF_SECCOMP = (
    profile(
        "default",
        "what is not listed is refused",
        '"defaultAction": "SCMP_ACT_ERRNO"',
        '"defaultAction": "SCMP_ACT_ALLOW"',
        CALLS,
    ),
    profile(
        "sockets",
        "sockets of the box alone",
        '      "args": [{"index": 0, "value": 1, "op": "SCMP_CMP_EQ"}],\n',
        "",
        attack("H01", "families-of-sockets"),
    ),
    profile(
        "namespaces",
        "no new namespaces",
        '      "args": [{"index": 0, "value": 2114060288, "valueTwo": 0, "op": "SCMP_CMP_MASKED_EQ"}],\n',
        "",
        CALLS,
    ),
    profile(
        "kernel-keys",
        "no keys of the kernel",
        allowed(),
        allowed("add_key", "request_key", "keyctl"),
        attack("F04", "keys"),
    ),
    profile(
        "system-v",
        "no System V objects",
        allowed(),
        allowed("shmget", "msgget", "semget"),
        attack("B06", "system-v-objects"),
    ),
    profile("queues", "no message queues", allowed(), allowed("mq_open", "mq_unlink"), CALLS),
    profile(
        "memory-files",
        "no files in memory",
        allowed(),
        allowed("memfd_create"),
        attack("B06", "a-file-in-memory"),
    ),
    profile(
        "tracing",
        "no tracing, and no other's memory",
        allowed(),
        allowed("ptrace", "process_vm_readv", "process_vm_writev"),
        CALLS,
    ),
    profile(
        "other-tables",
        "no calls by the table of 32 bits",
        '"SCMP_ARCH_X86_64", "subArchitectures": []',
        '"SCMP_ARCH_X86_64", "subArchitectures": ["SCMP_ARCH_X86", "SCMP_ARCH_X32"]',
        CALLS,
    ),
)

MUTATIONS = (*OF_DOCKER, *OF_SECCOMP)
