"""Copies are found through a disguise; honest work, short answers and common code are not."""

from __future__ import annotations

import random
from dataclasses import replace
from itertools import combinations

import pytest

from grader.similarity import Answer, Work, find_pairs
from tests.synthetic.answers import DISGUISES, ROOT, alternatives, copy_of, honest_class

FULL = [disguise for disguise in DISGUISES if disguise.questions == 10]
SIZE = 24


@pytest.fixture(scope="module")
def honest() -> list[Work]:
    return honest_class(SIZE, seed=5)


def with_copy(works: list[Work], disguise=DISGUISES[1]) -> list[Work]:
    """The class, in which the second took the first one's work."""
    copy = copy_of(works[0], works[1], works[1].key, disguise, random.Random(2))
    return [works[0], copy, *works[2:]]


def keys(found) -> list[tuple[str, str]]:
    return [(pair.left.key, pair.right.key) for pair in found.pairs]


def test_an_honest_class_has_no_pairs(honest):
    """Nobody who wrote alone is shown."""
    assert keys(find_pairs(honest, [])) == []


@pytest.mark.parametrize("disguise", FULL, ids=lambda disguise: disguise.name)
def test_a_copy_is_found_through_its_disguise(disguise, honest):
    """Renaming, comments, another order and rewritten places hide no copy."""
    found = find_pairs(with_copy(honest, disguise), [])

    assert keys(found) == [(honest[0].key, honest[1].key)]


def test_alternatives_of_one_question_are_not_alike():
    """Right answers of different kinds share too little, short ones most of all."""
    sources = alternatives(ROOT)
    works = [Work(f"{n}", (Answer(question, text),)) for n, (question, text) in enumerate(sources)]

    assert keys(find_pairs(works, [])) == []
    assert len(works) > 30


def test_alternatives_are_not_alike_two_by_two():
    """Not even in a class of two, where everything shared is as rare as can be."""
    for (question, left), (other, right) in combinations(alternatives(ROOT), 2):
        if question == other:
            pair = [Work("l", (Answer(question, left),)), Work("r", (Answer(question, right),))]
            assert keys(find_pairs(pair, [])) == []


def test_released_code_proves_nothing(honest):
    """What all were given does not count."""
    works = with_copy(honest)
    released = [answer.source for answer in works[0].answers]

    assert keys(find_pairs(works, released)) == []


def test_what_the_class_shares_proves_nothing(honest):
    """An answer that more than a tenth of the class has is no sign of anything."""
    common = [replace(work, answers=honest[0].answers) for work in honest[:8]]

    assert keys(find_pairs([*common, *honest[8:]], [])) == []


def test_a_permitted_group_is_counted_apart(honest):
    """Students who hand in together are not shown as a pair."""
    works = [replace(work, group="G") for work in with_copy(honest)[:2]]

    found = find_pairs([*works, *honest[2:]], [])

    assert keys(found) == []
    assert found.same_group == 1


def test_passages_stand_side_by_side(honest):
    """For each question the lines of both that stand in the other."""
    (pair,) = find_pairs(with_copy(honest), []).pairs

    assert {passage.question for passage in pair.passages} <= {
        a.question for a in pair.left.answers
    }
    for passage in pair.passages:
        assert passage.left_lines
        assert max(passage.left_lines) <= len(passage.left.splitlines())
        assert max(passage.right_lines) <= len(passage.right.splitlines())


@pytest.mark.parametrize("size", [0, 1])
def test_a_class_of_nobody_has_no_pairs(size, honest):
    """Nothing to compare is no error."""
    assert find_pairs(honest[:size], []).compared == size
