"""Bounds that never punish a right solution, and still catch the listed mistakes."""

import numpy as np
import pytest

from grader.compare.statistics import deviation_bound, mean_bound, separation, share_bound


@pytest.mark.parametrize("p", [0.01, 0.3, 0.6, 0.9])
@pytest.mark.parametrize("count", [100, 2_000, 100_000])
def test_right_draws_stay_inside_by_a_wide_margin(p, count):
    """Of 20 000 right solutions none comes within 5 % of the bound."""
    shares = np.random.default_rng(7).binomial(count, p, size=20_000) / count

    assert np.abs(shares - p).max() < 0.95 * share_bound(p, count)


@pytest.mark.parametrize("count", [1_000, 20_000])
@pytest.mark.parametrize("p", [0.001, 0.05, 0.5, 0.97])
def test_the_exact_false_alarm_rate_is_below_one_in_a_thousand_million(p, count):
    """Summed over the exact binomial distribution, less than 1e-9 lies outside."""
    from scipy.stats import binom

    bound = share_bound(p, count)
    above = binom.sf(np.floor((p + bound) * count), count, p)
    below = binom.cdf(np.ceil((p - bound) * count) - 1, count, p)

    assert above + below < 1e-9


def test_means_and_deviations_of_right_draws_stay_inside():
    """2 000 samples of 2 000 normal draws: no mean and no deviation is outside."""
    draws = np.random.default_rng(8).normal(3, 2, size=(2_000, 2_000))

    assert np.abs(draws.mean(1) - 3).max() < mean_bound(2, 2_000)
    assert np.abs(draws.std(1, ddof=1) - 2).max() < deviation_bound(2, 2_000)


def test_a_known_mistake_lies_far_outside():
    """Dropping with p instead of keeping with p is more than six sigmas beyond the bound."""
    assert separation(0.4, 0.6, share_bound(0.6, 4_000)) > 6
    assert separation(0.6, 0.6, share_bound(0.6, 4_000)) < 0
    assert separation(0.5, 1.0, 0.0) == np.inf


def test_certain_events_have_no_slack():
    """Keeping with probability 1 keeps all."""
    assert share_bound(1.0, 50) == 0


def test_too_few_samples_are_refused():
    """A normal bound on a handful of draws would promise what it cannot keep."""
    with pytest.raises(ValueError, match="at least 1000"):
        mean_bound(1.0, 10)
