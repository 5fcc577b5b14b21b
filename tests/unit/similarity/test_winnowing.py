"""What winnowing promises: a long common passage is found, a short one never."""

from __future__ import annotations

import hypothesis.strategies as st
from hypothesis import given, settings

from grader.similarity.winnowing import GRAM, GUARANTEE, gram_hashes, winnow

TOKENS = st.lists(st.sampled_from("abcdefgh"), max_size=80)
LEFT_ONLY = st.lists(st.sampled_from(["left1", "left2", "left3"]), max_size=60)
RIGHT_ONLY = st.lists(st.sampled_from(["right1", "right2", "right3"]), max_size=60)


def fingerprints(tokens: list[str]) -> set[int]:
    return set(winnow(gram_hashes(tokens)).tolist())


@settings(max_examples=150, deadline=None)
@given(
    *(LEFT_ONLY, LEFT_ONLY, RIGHT_ONLY, RIGHT_ONLY),
    st.lists(st.sampled_from("abcdefgh"), min_size=GUARANTEE, max_size=GUARANTEE + 20),
)
def test_a_common_passage_of_the_guaranteed_length_shares_a_fingerprint(a, b, c, d, passage):
    """Whatever stands around it, a passage of `GUARANTEE` tokens is found."""
    assert fingerprints(a + passage + b) & fingerprints(c + passage + d)


@settings(max_examples=100, deadline=None)
@given(LEFT_ONLY, RIGHT_ONLY, st.lists(st.sampled_from("abc"), max_size=GRAM - 1))
def test_a_passage_shorter_than_a_gram_shares_nothing(left, right, passage):
    """Below `GRAM` tokens nothing is found, however often it is tried."""
    assert not fingerprints(left + passage + left) & fingerprints(right + passage + right)


@given(TOKENS)
def test_fingerprints_are_few_and_the_same_again(tokens):
    """They are among the hashes, and the same tokens have the same ones."""
    hashes = set(gram_hashes(tokens).tolist())

    assert fingerprints(tokens) <= hashes
    assert fingerprints(tokens) == fingerprints(list(tokens))
    assert bool(fingerprints(tokens)) == (len(tokens) >= GRAM)
