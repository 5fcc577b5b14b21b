"""After every fault of the corpus the next run makes the gradebook what it is without one."""

from __future__ import annotations

import dataclasses
import os
import sys
import time
from collections.abc import Iterator
from typing import Any

import pytest

from tests.faults.catalogue import cases
from tests.faults.verdict import Facts, check_leftovers, check_words, count

# Processes are looked at in /proc, file systems mounted.
pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or os.geteuid() != 0, reason="faults are done by root, on Linux"
)


def variants() -> Iterator[Any]:
    """All variants of all cases, with their marks."""
    for case in cases():
        for name, fault in case.variants.items():
            marks: list[Any] = [pytest.mark.faults, pytest.mark.xdist_group("faults")]
            if fault.sandbox == "docker":
                marks.append(pytest.mark.docker)
            if name not in case.quick:
                marks.append(pytest.mark.long)
            yield pytest.param(case, name, fault, id=f"{case.number}-{name}", marks=marks)


@pytest.mark.parametrize(("case", "name", "fault"), list(variants()))
def test_a_fault_costs_nobody_a_result(case, name, fault, school_for, truth, record_property):  # noqa: PLR0917
    """Nothing is lost, nothing there twice, nothing left over, and every word was a sentence."""
    facts = Facts()
    shown = {"case": case.number, "variant": name, "seconds": 0.0, **dataclasses.asdict(facts)}
    record_property("fault", shown)
    undisturbed = truth(fault)
    school = school_for(fault)
    started = time.monotonic()
    try:
        facts.injected = fault.play(school) or 1
        code, said = school.grade()
        count(school, undisturbed, facts, edited=fault.edits)
    finally:
        shown |= {**dataclasses.asdict(facts), "seconds": time.monotonic() - started}

    assert code == 0, said
    assert (facts.lost, facts.twice, facts.different) == (0, 0, 0)
    check_words(school)
    check_leftovers(school)
