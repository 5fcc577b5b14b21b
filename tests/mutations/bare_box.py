"""The cells of an attack in a real box, without a course around them.

No test run collects this by itself: mutations of the box name its cases. What it leaves out of
`tests/attacks` is the course, its reference and the gradebook, which take a minute to open.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from grader.records import Cell, Program
from grader.sandbox import Box, open_box
from tests.attacks.case import Notebook, Verdict
from tests.attacks.catalogue import cases
from tests.attacks.invariants import left_in
from tests.attacks.notebooks import hostile_cells
from tests.attacks.room import LIMITS, container_of
from tests.attacks.test_attacks import USUAL

AFTER = "print('after')"


@pytest.fixture(scope="module")
def box() -> Iterator[Box]:
    with open_box("docker", "numpy") as opened:
        yield opened


def variants() -> Iterator[Any]:
    for case in cases():
        for name, variant in case.variants.items():
            if isinstance(variant, Notebook) and variant.cells and variant.runtime == "numpy":
                yield pytest.param(variant, id=f"{case.number}-{name}")


@pytest.mark.docker
@pytest.mark.parametrize("attack", list(variants()))
def test_the_cells_of_an_attack(attack: Notebook, box: Box):
    """They end as the case says, find nothing, leave nothing, and cost no other cell anything."""
    limits = LIMITS["numpy"].model_copy(update=dict(attack.limits))
    container = container_of(box)
    program = Program(tuple(map(Cell, (*hostile_cells(attack), AFTER))))
    with box.session(program, limits) as session:
        *hostile, after = session.execution.cells
        session.close()
        flags = set(session.flags)

    assert _printed(hostile) == ["[]"] * sum("FOUND" in cell for cell in hostile_cells(attack))
    ends = attack.ends if isinstance(attack.ends, tuple) else (attack.ends,) * len(hostile)
    assert attack.ends is None or [run.ending for run in hostile] == list(ends), hostile
    if attack.verdict is Verdict.OK and not attack.more:
        assert "after" in json.dumps(after.outputs), after
    assert set(attack.flags) <= flags <= {*attack.flags, *attack.may, *USUAL}, flags
    if attack.heir:
        with box.session(Program((Cell(attack.heir),)), limits) as session:
            assert _printed(session.execution.cells) == ["[]"], "the next one finds something"
    if container_of(box) == container:
        assert left_in(container or "") == [], "something is left in the box"


def _printed(runs: Any) -> list[str]:
    texts = [output.get("text", "") for run in runs for output in run.outputs]
    return re.findall(r"^FOUND (.*)$", "".join(texts), re.MULTILINE)
