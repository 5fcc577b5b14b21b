"""E08: it fills the temporary file systems, so that memory for the zygote runs out."""

from __future__ import annotations

from tests.attacks.case import Case, Notebook, Verdict

FILL = """
import errno, os
for top in ({places}):
    number = 0
    try:
        while True:
            with open(top + "/full-%d" % number, "wb") as file:
                number += 1
                while True:
                    file.write(b"x" * (1 << 20))
    except OSError as error:
        print(top, errno.errorcode[error.errno])
    number = 0
    try:
        while True:
            open(top + "/empty-%d" % number, "wb").close()
            number += 1
    except OSError as error:
        print(top, errno.errorcode[error.errno])
"""

CASE = Case(
    number="E08",
    tries="Fills the temporary file systems, so that memory for the zygote runs out.",
    stopped_by="Each has a size, and all of them together are less than the container's memory.",
    variants={
        "all-of-them": Notebook(
            Verdict.OK,
            FILL.format(places='"/tmp", "/dev/shm", "/dev/mqueue"'),
            limits={"cell_seconds": 20},
        ),
        "its-home": Notebook(Verdict.OK, FILL.format(places='".",'), limits={"cell_seconds": 20}),
    },
    held_by=("tests/box/test_rights.py::test_each_writable_place_is_small_and_runs_nothing",),
)
