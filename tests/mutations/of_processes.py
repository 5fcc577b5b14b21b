"""Mutations of how a fork of the zygote becomes a submission's process, and of the image."""

from __future__ import annotations

from tests.mutations.mutation import IMAGE, RIGHTS, WALLS, Mutation, attack, off

CONFINE = "grader/inside/confine.py"
SUBMISSION = "grader/inside/submission.py"

LIMITS = f"{RIGHTS}::test_each_limit_of_a_process_is_set[local]"
APART = f"{RIGHTS}::test_a_process_is_apart_from_the_zygote[local]"
INSTALLERS = f"{IMAGE}::test_nothing_is_there_that_only_an_attacker_would_use[numpy-tools]"


def limit(name: str) -> Mutation:
    """One limit of a process."""
    return Mutation(
        f"rlimit-{name.lower()}",
        f"RLIMIT_{name}",
        (
            off(
                CONFINE,
                "        if value is not None:\n",
                f'        if value is not None and name != "{name}":\n',
            ),
        ),
        (LIMITS,),
    )


OF_PROCESSES = (
    *map(limit, ("CORE", "MSGQUEUE", "MEMLOCK", "SIGPENDING", "NOFILE", "FSIZE", "NPROC", "DATA")),
    Mutation("umask", "a mask of 077", (off(CONFINE, "    os.umask(0o077)\n", ""),), (APART,)),
    Mutation("session", "a session of its own", (off(CONFINE, "    os.setsid()\n", ""),), (APART,)),
    Mutation(
        "death",
        "a process dies with the zygote",
        (off(CONFINE, "    _libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)\n", ""),),
        (APART,),
    ),
    Mutation(
        "memory-order",
        "a submission's process dies before the zygote",
        (off(CONFINE, "write_text(str(KILL_FIRST)", 'write_text("0"'),),
        (APART,),
    ),
    Mutation(
        "no-new-privs",
        "no_new_privs for the process",
        (off(CONFINE, "    _libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)\n", ""),),
        (f"{RIGHTS}::test_no_program_gives_new_rights[local]",),
    ),
    Mutation(
        "descriptors",
        "nothing inherited stays open",
        (
            off(
                CONFINE,
                "    for fd in sorted(keep):\n        os.closerange(low, fd)\n        low = fd + 1\n    os.closerange(low, resource.getrlimit(resource.RLIMIT_NOFILE)[0])\n",
                "",
            ),
        ),
        (f"{WALLS}::test_no_descriptor_is_inherited[local]",),
    ),
    Mutation(
        "streams",
        "the zygote's own streams are closed",
        (off(CONFINE, "        os.dup2(null, fd)\n", "        pass\n"),),
        (f"{WALLS}::test_no_descriptor_is_inherited[local]",),
    ),
)

OF_THE_IMAGE = (
    Mutation(
        "shared-uid",
        "kernel and driver have uids of their own",
        (
            off(
                SUBMISSION,
                "Identity(self._next_user(), ",
                'Identity(self._next_user() if name == "kernel" else self.user, ',
            ),
        ),
        (attack("G01", "signals"), attack("G01", "memory")),
    ),
    Mutation(
        "root-given-up",
        "root's rights are given up and looked at",
        (
            off(
                CONFINE,
                "    os.setresuid(user, user, user)\n    if capabilities:",
                "    os.setresuid(user, user, 0)\n    if capabilities:",
            ),
            off(CONFINE, "    if ids != {user} or os.getgroups() or int", "    if False and int"),
        ),
        (attack("H07", "ids"),),
        behind="a check after the change, without which nothing of the student's runs",
    ),
    Mutation(
        "sockets-folder",
        "the folder of sockets is root's",
        (off(SUBMISSION, "    os.chmod(folder, 0o711)", "    os.chmod(folder, 0o777)"),),
        (attack("H09", "exchange"),),
    ),
    Mutation(
        "setuid-programs",
        "no program with setuid is in the image",
        (off("docker/slim.sh", "find / -xdev -type f -perm /6000 -delete\n", ""),),
        (attack("H04", "programs"),),
    ),
    Mutation(
        "installers",
        "nothing in the image installs anything",
        (
            off(
                "docker/slim.sh",
                "rm -rf /usr/bin/apt* /usr/bin/dpkg* /usr/bin/perl* /usr/lib/apt /usr/lib/dpkg /usr/share/perl*\n",
                "",
            ),
        ),
        (INSTALLERS,),
    ),
)

MUTATIONS = (*OF_PROCESSES, *OF_THE_IMAGE)
