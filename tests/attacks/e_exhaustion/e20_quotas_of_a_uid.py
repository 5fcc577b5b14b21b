"""E20: it uses up what the kernel counts per uid for the whole machine."""

from __future__ import annotations

from tests.attacks.case import Case

CASE = Case(
    number="E20",
    tries="Uses up what the kernel counts per uid for the whole machine.",
    stopped_by="Each container has a range of uids of its own, drawn at its start.",
    held_by=("tests/box/test_walls.py::test_each_submission_may_have_a_container_of_its_own",),
)
