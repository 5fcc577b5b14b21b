"""Bounds that never punish a right solution, and still catch the listed mistakes."""

import numpy as np
import pytest

from grader.compare.statistics import (
    STRICT,
    Uneven,
    agreements_are_likely,
    binomial_tail,
    bounded_mean_bound,
    correlation,
    correlation_bound,
    deviation_bound,
    distribution_bound,
    distribution_distance,
    fewest_draws,
    hits_interval,
    mean_bound,
    normal_cdf,
    separation,
    share_bound,
    share_is_likely,
    uneven,
    uniform_cdf,
)


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


@pytest.mark.parametrize("p", [0.001, 0.2, 0.5, 0.93])
@pytest.mark.parametrize("count", [1, 40, 3_000, 1_000_000])
def test_binomial_tails_agree_with_scipy(p, count):
    from scipy.stats import binom

    spread = np.sqrt(count * p * (1 - p))
    for hits in {0, 1, count, *(round(count * p + z * spread) for z in (-7, -1, 0, 1, 4, 7))}:
        expected = binom.sf(hits - 1, count, p)
        assert binomial_tail(hits, count, p) == pytest.approx(expected, rel=1e-6, abs=1e-15)


@pytest.mark.parametrize("p", [0.0, 0.002, 0.3, 0.5, 0.999, 1.0])
@pytest.mark.parametrize("count", [1, 7, 100, 4_000])
def test_the_interval_of_hits_is_as_narrow_as_its_tails_allow(p, count):
    """Outside lies at most 1e-10; one hit narrower on either side and it would be more."""
    from scipy.stats import binom

    fewest, most = hits_interval(p, count)

    assert binom.sf(most, count, p) <= STRICT / 2 * (1 + 1e-6)
    assert binom.cdf(fewest - 1, count, p) <= STRICT / 2 * (1 + 1e-6)
    assert binom.sf(most - 1, count, p) > STRICT / 2 * (1 - 1e-6)
    assert binom.cdf(fewest, count, p) > STRICT / 2 * (1 - 1e-6)


def test_certain_and_impossible_events_allow_no_exception():
    assert share_is_likely(50, 50, 1.0)
    assert not share_is_likely(49, 50, 1.0)
    assert share_is_likely(0, 50, 0.0)
    assert not share_is_likely(1, 50, 0.0)


def test_exact_tails_are_narrower_than_bernstein():
    """Even at a tenth of the false alarms."""
    fewest, most = hits_interval(0.01, 4_000)

    assert most - 40 < 4_000 * share_bound(0.01, 4_000)
    assert 40 - fewest < 4_000 * share_bound(0.01, 4_000)


@pytest.mark.parametrize(("mean", "deviation"), [(0, 1), (3, 0.2)])
def test_distances_of_distributions_agree_with_scipy(mean, deviation):
    from scipy.stats import kstest, norm

    draws = np.random.default_rng(9).normal(mean, deviation, size=500)
    expected = kstest(draws, norm(mean, deviation).cdf).statistic

    assert distribution_distance(draws, normal_cdf(mean, deviation)) == pytest.approx(expected)
    expected = kstest(draws, "uniform", (mean - 2, 5)).statistic
    assert distribution_distance(draws, uniform_cdf(mean - 2, mean + 3)) == pytest.approx(expected)


def test_what_is_no_number_is_infinitely_far_from_a_distribution():
    assert distribution_distance([0.5, np.nan], uniform_cdf(0, 1)) == np.inf


def test_the_bounds_of_massart_and_hoeffding_invert_their_inequalities():
    """2 exp(-2 n t^2) is 1e-10 again."""
    assert 2 * np.exp(-2 * 4_000 * distribution_bound(4_000) ** 2) == pytest.approx(STRICT)
    bound = bounded_mean_bound(-1, 2, 700)
    assert 2 * np.exp(-2 * 700 * bound**2 / 9) == pytest.approx(STRICT)


def test_uneven_choices_are_told_by_name():
    """A choice never hit, one hit twice as often, and one that is none."""
    even = [0, 1, 2, 3, 4] * 400

    assert uneven(even, range(5)) is None
    assert uneven([d for d in even if d != 3], range(5)).choice == 3
    assert uneven(even + [4] * 400, range(5)).choice == 4
    assert uneven([*even, 7], range(5)) == Uneven(7, 1, 0, 0)
    assert uneven([2], [2]) is None


def test_too_few_draws_to_miss_a_choice_are_refused():
    """With as many as asked for, a choice that never comes is seen."""
    count = fewest_draws(3)

    assert uneven([0, 1] * (count // 2), range(3)).choice == 2
    with pytest.raises(ValueError, match=f"at least {count}"):
        uneven([0, 1, 2], range(3))


@pytest.mark.parametrize("count", [1_000, 50_000])
def test_the_exact_rate_of_large_correlations_of_normal_draws_is_below_the_promise(count):
    """r^2 of independent normal pairs is Beta(1/2, (n-2)/2)."""
    from scipy.stats import beta

    assert beta.sf(correlation_bound(count) ** 2, 0.5, (count - 2) / 2) < STRICT


def test_correlations_agree_with_numpy():
    a, b = np.random.default_rng(10).normal(size=(2, 300))

    assert correlation(a, a + b) == pytest.approx(np.corrcoef(a, a + b)[0, 1])
    assert correlation(a, -a) == pytest.approx(-1)
    assert correlation(a, np.ones(300)) == 1
    with pytest.raises(ValueError, match="no pairs"):
        correlation([1, 2], [1])


def test_agreement_about_medians_sees_dependence_and_its_absence():
    a, b = np.random.default_rng(11).exponential(size=(2, 2_000))

    assert agreements_are_likely(a, b, (np.log(2), np.log(2)))
    assert not agreements_are_likely(a, a + 0.5 * b, (np.log(2), 1.5 * np.log(2)))
