"""The corpus is whole: every number of the catalogue has its case, and every case says enough."""

from __future__ import annotations

import ast
import importlib
from collections import Counter

import pytest

from tests.conftest import ROOT
from tests.faults import school
from tests.faults.case import Case
from tests.faults.catalogue import NUMBERS, cases

LEAST_VARIANTS = 60


def test_every_number_is_accounted_for():
    """33 numbers, each with one case."""
    assert Counter(case.number for case in cases()) == Counter(NUMBERS)


def test_there_are_enough_variants():
    """Those which run, not those which are written down."""
    assert sum(len(case.variants) for case in cases()) >= LEAST_VARIANTS


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.number)
def test_a_case_runs_is_held_elsewhere_or_says_why_not(case: Case):
    """All three of its sentences are there, and nothing is claimed that is nowhere."""
    assert all(words.endswith(".") for words in (case.injected, case.promised, case.kept_by))
    assert case.variants or case.held_by or case.not_applicable
    assert set(case.quick) <= set(case.variants)


@pytest.mark.parametrize("held", sorted({held for case in cases() for held in case.held_by}))
def test_a_test_that_holds_a_case_exists(held: str):
    """A renamed test is noticed here."""
    file, _, name = held.partition("::")
    tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
    assert name in {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


@pytest.mark.parametrize(
    "point", sorted(value for value in vars(school).values() if str(value).count(":") == 2)
)
def test_a_point_to_halt_at_exists(point: str):
    """A renamed function is noticed here, not by a run that never halts."""
    module, name, when = point.split(":")
    found = importlib.import_module(module)
    for part in name.split("."):
        found = getattr(found, part)
    assert callable(found)
    assert when in {"before", "after"}
