"""Every bound on 100 000 right solutions and on 1000 of each wrong one, simulated.

What COURSE asks of a statistical test: no right solution is ever rejected, each listed mistake
always is, at the sample sizes the hidden tests use. The estimators are written out once more here,
vectorised, and need not trust the ones under test.
"""

import numpy as np
import pytest

from grader.compare.statistics import (
    bounded_mean_bound,
    correlation,
    correlation_bound,
    deviation_bound,
    distribution_bound,
    distribution_distance,
    fewest_draws,
    hits_interval,
    mean_bound,
    share_bound,
    uniform_cdf,
)

RIGHT = 100_000
WRONG = 1_000


@pytest.fixture
def rng():
    return np.random.default_rng(20_240_501)


def kolmogorov(shares):
    """The distance of each row's distribution function from the uniform one."""
    shares = np.sort(shares, axis=1)
    steps = np.arange(shares.shape[1] + 1) / shares.shape[1]
    return np.maximum(steps[1:] - shares, shares - steps[:-1]).max(axis=1)


def correlations(a, b):
    a, b = a - a.mean(1, keepdims=True), b - b.mean(1, keepdims=True)
    return (a * b).sum(1) / np.sqrt((a * a).sum(1) * (b * b).sum(1))


@pytest.mark.parametrize("p", [0.0347, 0.2, 0.5, 0.9])
def test_shares(rng, p):
    """Reversed, ignored or slightly other probabilities, as in flips, dropout and cutoffs."""
    count = 4_000
    fewest, most = hits_interval(p, count)
    right = rng.binomial(count, p, size=RIGHT)
    assert np.all((fewest <= right) & (right <= most))
    assert np.all(np.abs(right / count - p) <= share_bound(p, count))

    for other in {1 - p, 0.0, 1.0, abs(p - 0.13), 0.5} - {p}:
        wrong = rng.binomial(count, other, size=WRONG)
        assert np.all((wrong < fewest) | (wrong > most)), other


def test_rare_shares(rng):
    """Beyond two deviations: a normal has 0.0455, the corrected truncated one 0.0347."""
    lows, highs = zip(*(hits_interval(p, 10_000) for p in (0.0347, 0.0455)), strict=True)
    for p in (0.0347, 0.0455):
        right = rng.binomial(10_000, p, size=RIGHT)
        assert np.all((min(lows) <= right) & (right <= max(highs)))
    for other in (0.0, 0.0124, 0.0833):  # uniform, three deviations, logistic
        wrong = rng.binomial(10_000, other, size=WRONG)
        assert np.all((wrong < min(lows)) | (wrong > max(highs))), other


@pytest.mark.parametrize("count", [100, 400])
def test_distributions_of_right_draws(rng, count):
    """A uniform sample stands for every continuous one: F(x) is uniform."""
    for _ in range(10):
        distances = kolmogorov(rng.random((RIGHT // 10, count), dtype=np.float32))
        assert distances.max() < distribution_bound(count)


WRONG_EXPONENTS = {
    "uniform_not_log": lambda rng, n: np.log(1e-4 + (1 - 1e-4) * rng.random(n)) / np.log(1e4) + 1,
    "integer_exponents": lambda rng, n: rng.integers(0, 5, n) / 4,
    "normal_exponent": lambda rng, n: np.clip(rng.normal(0.5, 1 / 6, n), 0, 1),
    "reciprocal_uniform": lambda rng, n: -np.log(1 + (1e4 - 1) * rng.random(n)) / np.log(1e4) + 1,
    "half_the_range": lambda rng, n: rng.random(n) / 2,
}


@pytest.mark.parametrize("name", WRONG_EXPONENTS)
def test_distributions_of_wrong_draws(rng, name):
    """4000 draws of a wrong log-uniform sampler, as shares of the range of exponents."""
    for _ in range(4):
        distances = kolmogorov(WRONG_EXPONENTS[name](rng, (WRONG // 4, 4_000)))
        assert distances.min() > distribution_bound(4_000)


def test_the_simulated_distance_is_the_one_under_test(rng):
    draws = rng.random((3, 50))
    expected = [distribution_distance(row, uniform_cdf(0, 1)) for row in draws]
    assert kolmogorov(draws) == pytest.approx(expected)


@pytest.mark.parametrize("count", [20, 1_000])
def test_bounded_means(rng, count):
    """The widest there is: a fair coin's mean on [0, 1]."""
    right = rng.binomial(count, 0.5, size=RIGHT) / count
    assert np.abs(right - 0.5).max() <= bounded_mean_bound(0, 1, count)

    for other in (0.2, 0.8, 0.0):
        wrong = rng.binomial(1_000, other, size=WRONG) / 1_000
        assert np.abs(wrong - 0.5).min() > bounded_mean_bound(0, 1, 1_000)


@pytest.mark.parametrize("choices", [2, 5, 33])
def test_equally_likely_offsets(rng, choices):
    """An end never drawn, an end half as frequent, always the centre: each is seen."""
    count = max(4_000, fewest_draws(choices))
    if choices == 33:
        count = 12_000  # half of one choice among 33 takes more draws
    fewest, most = hits_interval(1 / choices, count, 1e-10 / choices)

    def likely(weights, repetitions):
        hits = rng.multinomial(count, weights / weights.sum(), size=repetitions)
        return np.all((fewest <= hits) & (hits <= most), axis=1)

    even = np.ones(choices)
    assert likely(even, RIGHT).all()
    for end in (0.0, 0.5):  # `never_last_offset`, `rounded_scale`
        weights = even.copy()
        weights[-1] = end
        assert not likely(weights, WRONG).any(), end
    center = np.zeros(choices)
    center[choices // 2] = 1
    assert not likely(center, WRONG).any()


@pytest.mark.parametrize("draw", ["standard_normal", "random"])
def test_correlations(rng, draw):
    """Independent draws, against one mask for two examples and a shared component of a quarter."""
    count, bound = 1_000, correlation_bound(1_000)
    batch = 2_500
    draws = getattr(rng, draw)((batch, count), dtype=np.float32)
    for shift in range(1, RIGHT // batch + 1):  # every row against another, further along
        assert np.abs(correlations(draws, np.roll(draws, shift, axis=0))).max() < bound

    wrong, other = draws[:WRONG], draws[WRONG : 2 * WRONG]
    assert np.abs(correlations(wrong, 0.5 * wrong + 0.5 * other)).min() > bound
    assert np.abs(correlations(wrong, wrong)).min() > bound
    expected = correlation(wrong[0].tolist(), other[0].tolist())
    assert correlations(wrong[:1], other[:1])[0] == pytest.approx(expected, abs=1e-5)


def test_agreements_about_medians(rng):
    """One factor for both is agreement without exception; half the time is too much as well."""
    fewest, most = hits_interval(0.5, 2_000)
    right = rng.binomial(2_000, 0.5, size=RIGHT)
    assert np.all((fewest <= right) & (right <= most))
    for other in (0.0, 0.75, 1.0):
        wrong = rng.binomial(2_000, other, size=WRONG)
        assert np.all((wrong < fewest) | (wrong > most))


def test_means_and_deviations_of_normal_weights(rng):
    """10 000 weights: the sample's mean and deviation, drawn by their exact distributions."""
    count = 10_000
    means = rng.normal(0, 1 / np.sqrt(count), size=RIGHT)
    deviations = np.sqrt(rng.chisquare(count - 1, size=RIGHT) / (count - 1))
    assert np.abs(means).max() < mean_bound(1, count)
    assert np.abs(deviations - 1).max() < deviation_bound(1, count)

    deviations = deviations[:WRONG]
    for factor in (0.8796, 1 / np.sqrt(2), np.sqrt(2), 1 / np.sqrt(3), np.sqrt(3)):
        assert np.abs(factor * deviations - 1).min() > deviation_bound(1, count)
