"""Mutations of what goes on beside a submission and after it: its environment, its end, its noise."""

from __future__ import annotations

from tests.mutations.mutation import WALLS, Mutation, off

CONFINE = "grader/inside/confine.py"
CLEANING = "grader/inside/cleaning.py"
SUBMISSION = "grader/inside/submission.py"

NOTHING_LEFT = f"{WALLS}::test_nothing_is_left_for_the_next_submission[local]"

MUTATIONS = (
    Mutation(
        "environment",
        "an environment of a few variables",
        (
            off(
                CONFINE,
                "    for name in set(os.environ) - set(wanted):\n        del os.environ[name]\n",
                "",
            ),
            off(
                "grader/sandbox/local_box.py",
                'env={"PATH": os.defpath, "LANG": "C.UTF-8", **THREADS}',
                "env={**os.environ, **THREADS}",
            ),
        ),
        (f"{WALLS}::test_the_environment_is_small[local]",),
        behind="the box is started with a few variables, and its processes keep fewer",
    ),
    Mutation(
        "fresh-uid",
        "a uid is never used again",
        (
            off(
                SUBMISSION,
                "        self.count += 1\n",
                "        self.count += 1\n        self.user = self.user and 1_000_000_000\n",
            ),
        ),
        (NOTHING_LEFT,),
    ),
    Mutation(
        "executioner",
        "who ends a submission has another uid",
        (off(CLEANING, "    return user + 1\n", "    return user\n"),),
        ("tests/unit/inside/test_cleaning.py::test_nobody_can_signal_who_comes_to_end_him",),
    ),
    Mutation(
        "kill",
        "every process is ended",
        (off(CLEANING, "            os.kill(-1, signal.SIGKILL)\n", "            pass\n"),),
        (NOTHING_LEFT,),
    ),
    Mutation(
        "wipe",
        "files are wiped",
        (off(CLEANING, "    for folder in folders:\n        wipe(folder, user)\n", ""),),
        (NOTHING_LEFT,),
    ),
    Mutation(
        "look-for-files",
        "root looks for files that are left",
        (
            off(CLEANING, "    for folder in folders:\n        wipe(folder, user)\n", ""),
            off(CLEANING, "if _names(os.fsencode(folder))]", "if False]"),
        ),
        (NOTHING_LEFT,),
        behind="the wipe, which nothing is known to resist",
    ),
    Mutation(
        "look-for-objects",
        "root looks for System V objects that are left",
        (off(CLEANING, "if wanted & _creators(kind)]", "if False]"),),
        (f"{WALLS}::test_a_shared_memory_segment_that_is_left_replaces_the_local_box",),
    ),
    Mutation(
        "look-for-processes",
        "root looks for processes that are left",
        (
            off(CLEANING, "            os.kill(-1, signal.SIGKILL)\n", "            pass\n"),
            off(
                SUBMISSION,
                'return reasons + ["processes"] * any(self._living(users)), processes',
                "return reasons, processes",
            ),
        ),
        (NOTHING_LEFT,),
        behind="the kill, which is repeated until /proc shows none",
    ),
    Mutation(
        "wiped-memory",
        "what passes through the zygote is zero in every fork",
        (off("grader/inside/relay.py", "        self._memory.madvise(WIPE_ON_FORK)\n", ""),),
        ("tests/unit/inside/test_relay.py::test_a_fork_sees_zeros",),
    ),
    Mutation(
        "quiet-calls",
        "what is printed in a call is thrown away",
        (off("grader/inside/bridge.py", "        sys.stdout = sys.stderr = self._null\n", ""),),
        ("tests/box/test_contract.py::test_output_during_a_call_goes_nowhere[local]",),
    ),
    Mutation(
        "parts",
        "a value has so many parts",
        (off("grader/inside/snapshot.py", "if self._left < 0 or depth", "if depth"),),
        (
            "tests/box/test_contract.py::test_too_much_data_is_a_protocol_ending[local-tree of a million]",
        ),
    ),
    Mutation(
        "output-of-a-cell",
        "a cell prints so much",
        (
            off(
                "grader/inside/driver.py",
                "if self.allowance < 0 or self.messages > MAX_MESSAGES:",
                "if False:",
            ),
        ),
        ("tests/box/test_endings.py::test_a_flood_of_output_is_cut[local-displays]",),
    ),
    Mutation(
        "message-of-an-exception",
        "an exception says so much",
        (
            off("grader/inside/driver.py", "[:MAX_TEXT],\n", ",\n"),
            off("grader/inside/kernel.py", 'reply["evalue"] = reply["evalue"][:MAX_LINE]', "pass"),
        ),
        ("tests/box/test_endings.py::test_a_message_of_an_exception_is_cut[local]",),
        behind="the kernel cuts it, which is the student's own, and the driver does again",
    ),
)
