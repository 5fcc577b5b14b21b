"""The corpus is whole: every number of the catalogue has its case, and every case says enough."""

from __future__ import annotations

import ast
from collections import Counter

import pytest

from tests.attacks.case import Case
from tests.attacks.catalogue import NUMBERS, ROOT, cases

LEAST_VARIANTS = 250


def test_every_number_is_accounted_for():
    """155 numbers, each with one case."""
    assert len(NUMBERS) == 155
    assert Counter(case.number for case in cases()) == Counter(NUMBERS)


def test_there_are_enough_variants():
    """Those which run, not those which are written down."""
    assert sum(len(case.variants) for case in cases()) >= LEAST_VARIANTS


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.number)
def test_a_case_runs_is_held_elsewhere_or_says_why_not(case: Case):
    """Both of its sentences are there, and nothing is claimed that is nowhere."""
    assert case.tries.endswith(".")
    assert case.stopped_by.endswith(".") or case.not_applicable
    assert case.variants or case.held_by or case.not_applicable
    assert {*case.quick, *case.broken} <= set(case.variants)


@pytest.mark.parametrize("held", sorted({held for case in cases() for held in case.held_by}))
def test_a_test_that_holds_a_case_exists(held: str):
    """A renamed test is noticed here."""
    file, _, name = held.partition("::")
    tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
    assert name in {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
