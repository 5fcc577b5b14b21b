"""A container is judged by what its kernel says, one wall at a time."""

from __future__ import annotations

import pytest

from grader.errors import UnsafeError
from grader.sandbox.walls import Bounds, missing_walls, refuse

BOUNDS = Bounds(memory=1000, processes=64, scratch=100, files=20)
WHOLE = {
    "seccomp": "2",
    "no_new_privileges": "1",
    "capabilities": "00000000000000c0",
    "read_only": True,
    "interfaces": [],
    "memory": 1000,
    "processes": 64,
    "scratch": [[100, 20], [0, 0]],
}


def test_a_container_with_all_its_walls_is_taken():
    """Nothing is missing, and nothing is raised."""
    assert missing_walls(WHOLE, BOUNDS) == []
    refuse([])


@pytest.mark.parametrize(
    ("fact", "value", "name"),
    [
        ("seccomp", "0", "the filter of system calls"),
        ("no_new_privileges", "0", "no new privileges"),
        ("capabilities", "00000000000000e0", "the drop of capabilities"),
        ("read_only", False, "the read-only file system"),
        ("interfaces", ["eth0"], "being without a network"),
        ("memory", -1, "the limit of memory"),
        ("memory", None, "the limit of memory"),
        ("memory", 1001, "the limit of memory"),
        ("processes", 65, "the limit of processes"),
        ("scratch", [[100, 20], [101, 20]], "the limit of its temporary files"),
        ("scratch", [[100, 21]], "the limit of its temporary files"),
    ],
)
def test_each_wall_that_is_missing_is_named(fact, value, name):
    """It alone is named, and no grading is done."""
    missing = missing_walls({**WHOLE, fact: value}, BOUNDS)

    assert missing == [name]
    with pytest.raises(UnsafeError, match=name):
        refuse(missing)
