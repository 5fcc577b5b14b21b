"""I01: it connects to the world, to the machine, to its metadata service, or asks for a name."""

from __future__ import annotations

from grader.selftest.cells import NETWORK
from tests.attacks.case import Case, Notebook, Verdict

CASE = Case(
    number="I01",
    tries="Connects to the world, to the machine, to its metadata service, or asks for a name.",
    stopped_by="A container without a network, in which sockets of the network cannot be made.",
    variants={"the-world": Notebook(Verdict.OK, NETWORK, limits={"cell_seconds": 20})},
    quick=("the-world",),
    held_by=("tests/box/test_walls.py::test_the_network_is_not_there",),
)
