"""A generator that comes back is the one that went in, some draws later, or it is refused."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.sandbox.draws import MOST_DRAWS, MULTIPLIER, drawn


def generator(seed=1):
    return np.random.Generator(np.random.PCG64(seed))


def state(rng):
    return rng.bit_generator.state


@given(st.integers(0, 2**64), st.integers(0, MOST_DRAWS))
def test_any_number_of_draws_leads_there(seed, count):
    """Whatever was drawn, and nothing at all as well."""
    rng = generator(seed)
    before = state(rng)
    rng.bit_generator.advance(count)

    assert drawn(before, state(rng))


@pytest.mark.parametrize("method", ["normal", "random", "standard_exponential", "permutation"])
def test_methods_of_a_generator_draw(method):
    """Rejection, halves of 64 bits and shuffles are draws like others."""
    rng = generator()
    before = state(rng)
    getattr(rng, method)(101)
    rng.integers(0, 7, size=5, dtype=np.int32)

    assert drawn(before, state(rng))


def test_no_draws_lead_back():
    """Who sets the clock back could have the same inputs again."""
    rng = generator()
    before = state(rng)
    rng.normal(size=10)

    assert not drawn(state(rng), before)


def test_not_as_far_as_one_likes():
    """A place in the sequence that was searched for is out of reach."""
    rng = generator()
    before = state(rng)
    rng.bit_generator.advance(MOST_DRAWS + 1)

    assert not drawn(before, state(rng))


def test_another_generator_is_refused():
    """One with another increment walks another way."""
    assert not drawn(state(generator(1)), state(generator(2)))


def test_a_state_that_leads_to_itself_is_refused():
    """`normal` never returns where each draw is the same and is rejected."""
    stuck = 0xFFFFFFFFFFFFFF00
    before = state(generator())
    inc = (stuck - stuck * MULTIPLIER) % 2**128
    after = {**before, "state": {"state": stuck, "inc": inc}}

    assert not drawn(before, after)
