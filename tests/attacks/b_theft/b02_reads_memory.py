"""B02: it reads its own memory for what the zygote or an earlier submission has left there."""

from tests.attacks.case import Case, Notebook, Verdict

SCAN = """
import ctypes
ctypes.CDLL(None).prctl(4, 1, 0, 0, 0)  # dumpable: its own memory can be read again
def occurrences(reversed_word):
    needle, count = reversed_word[::-1].encode(), 0
    with open("/proc/self/maps") as maps, open("/proc/self/mem", "rb", 0) as memory:
        for line in maps:
            span, mode = line.split()[:2]
            if "rw" not in mode:
                continue
            low, high = (int(part, 16) for part in span.split("-"))
            try:
                memory.seek(low)
                count += memory.read(high - low).count(needle)
            except (OSError, ValueError, OverflowError):
                pass
    return count
"""
SENTINEL = (
    SCAN
    + """
hits = occurrences("lenitnes7qz")
print("FOUND", [hits] if hits > 2 else [])  # what it looks for, and its reverse
"""
)
# The mark of the one before is in every answer that it gives, and in its own memory many times.
LEAVES = """
kept = ["mark-of-the-" + "one-before"] * 1000 + ["mark-of-the-one-before" + str(i) for i in range(1000)]
"""
HEIR = (
    SCAN
    + """
hits = occurrences("erofeb-eno-eht-fo-kram")
print("FOUND", [hits] if hits > 1 else [])
"""
)

CASE = Case(
    number="B02",
    tries="Scans its own memory for the course's secrets or an earlier student's code.",
    stopped_by="The zygote never holds either: buffers of the relay are zero in every fork.",
    variants={
        "secrets": Notebook(Verdict.OK, SENTINEL),
        "an-earlier-submission": Notebook(Verdict.OK, LEAVES, heir=HEIR),
    },
    quick=("an-earlier-submission",),
    held_by=("tests/box/test_walls.py::test_no_answer_of_an_earlier_submission_is_in_memory",),
)
