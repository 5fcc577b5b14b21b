"""Bounds for tests of random functions, wide enough never to punish a right solution.

Each bound has a false-alarm rate below 1e-9 for one test. For a normal estimator that is 6.2 of its
standard deviations (P(|z| > 6.2) = 5.6e-10). The bounds below `deviation_bound` hold for every
sample size, without that approximation, at 1e-10. Sequences may be lists or arrays of one axis.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

SIGMAS = 6.2
FALSE_ALARMS = 1e-9
STRICT = 1e-10
_LOG = math.log(2 / FALSE_ALARMS)
_FEWEST = 1000


def share_bound(p: float, count: int) -> float:
    """How far a share of `count` independent events of probability `p` may lie from p.

    Bernstein's inequality: with L = log(2/1e-9) and v = p(1-p)/n, the chance that |share - p|
    exceeds L/(3n) + sqrt((L/(3n))^2 + 2Lv) is at most 1e-9, for every n and p (Boucheron, Lugosi,
    Massart, Concentration Inequalities, 2013, section 2.8). That is 6.5 to 7 sigma for n p > 100;
    6.2 sigma alone would raise 2e-7 false alarms at n = 1000, p = 0.01, by the binomial's skew.
    """
    _check(count, 1)
    slack = _LOG / (3 * count)
    variance = p * (1 - p) / count
    return slack + math.sqrt(slack**2 + 2 * _LOG * variance) if variance else 0.0


def mean_bound(deviation: float, count: int) -> float:
    """How far the mean of `count` independent draws may lie from the true mean.

    6.2 * deviation / sqrt(n), where `deviation` is the true standard deviation of one draw. False
    alarms: 5.6e-10 by the normal tail, if one draw has light tails; asks for n >= 1000.
    """
    _check(count, _FEWEST)
    return SIGMAS * deviation / math.sqrt(count)


def deviation_bound(deviation: float, count: int) -> float:
    """How far the sample standard deviation of normal draws may lie from the true one.

    6.2 * deviation / sqrt(2 (n - 1)), the estimator's own standard deviation for large n (the
    delta method). False alarms by the exact chi-squared tails: 7.1e-10 at n = 1000, 5.8e-10 at
    n = 10 000; asks for n >= 1000.
    """
    _check(count, _FEWEST)
    return SIGMAS * deviation / math.sqrt(2 * (count - 1))


def binomial_tail(hits: int, count: int, p: float) -> float:
    """P(X >= hits) for X binomial with `count` events of probability p, summed term by term.

    The sum of C(n, j) p^j (1-p)^(n-j) over j >= hits (Johnson, Kemp, Kotz, Univariate Discrete
    Distributions, 2005, chapter 3). It starts at `hits`, where the terms fall if hits >= n p;
    else the other tail is taken from 1. The relative error is below 1e-8 for n <= 1e6.
    """
    _check(count, 1)
    if hits <= 0:
        return 1.0
    if hits > count or p <= 0:
        return 0.0
    if p >= 1:
        return 1.0
    if hits <= count * p:
        return 1 - binomial_tail(count - hits + 1, count, 1 - p)
    log_first = math.lgamma(count + 1) - math.lgamma(hits + 1) - math.lgamma(count - hits + 1)
    log_first += hits * math.log(p) + (count - hits) * math.log1p(-p)
    total, term, j = 0.0, 1.0, hits
    while term > total * 1e-17:  # the terms fall at least geometrically
        total += term
        term *= (count - j) / (j + 1) * p / (1 - p)
        j += 1
    return min(1.0, math.exp(log_first) * total)


@lru_cache(maxsize=4096)
def hits_interval(p: float, count: int, false_alarms: float = STRICT) -> tuple[int, int]:
    """The fewest and the most hits that `count` independent events of probability p may have.

    Exact tails: each side is left out only if its chance is at most `false_alarms` / 2, as in the
    interval of Clopper and Pearson (Biometrika 26, 1934) read the other way round, for a known p.
    False alarms: at most `false_alarms` (1e-10), for every n and p.
    """
    most = _most_hits(p, count, false_alarms / 2)
    return count - _most_hits(1 - p, count, false_alarms / 2), most


def share_is_likely(hits: int, count: int, p: float, false_alarms: float = STRICT) -> bool:
    """Whether `hits` of `count` independent events of probability p is nothing to wonder at.

    Inside `hits_interval`, the exact binomial tails. False alarms: at most `false_alarms` (1e-10).
    """
    fewest, most = hits_interval(float(p), int(count), false_alarms)
    return fewest <= hits <= most


def bounded_mean_bound(low: float, high: float, count: int, false_alarms: float = STRICT) -> float:
    """How far the mean of `count` independent draws from [low, high] may lie from the true mean.

    (high - low) * sqrt(log(2/a) / (2n)): Hoeffding, Probability inequalities for sums of bounded
    random variables, JASA 58 (1963), theorem 2. False alarms: at most a (1e-10), for every n and
    every distribution on [low, high]; also for draws without replacement (the same, section 6).
    """
    _check(count, 1)
    return (high - low) * math.sqrt(math.log(2 / false_alarms) / (2 * count))


def distribution_bound(count: int, false_alarms: float = STRICT) -> float:
    """How far the distribution function of `count` independent draws may lie from the true one.

    sqrt(log(2/a) / (2n)): the inequality of Dvoretzky, Kiefer and Wolfowitz with the constant of
    Massart (The tight constant in the DKW inequality, Annals of Probability 18, 1990, corollary 1).
    False alarms: at most a (1e-10), for every n and every distribution. Compare it with
    `distribution_distance`. 4000 draws: 0.054.
    """
    _check(count, 1)
    return math.sqrt(math.log(2 / false_alarms) / (2 * count))


def distribution_distance(sample: Iterable[float], cdf: Callable[[float], float]) -> float:
    """The largest distance between the sample's distribution function and `cdf`.

    Kolmogorov's statistic max_i max(i/n - F(x_i), F(x_i) - (i-1)/n) over the sorted draws, for a
    continuous `cdf` (`uniform_cdf`, `normal_cdf`). A draw that is no number is infinitely far.
    """
    draws = sorted(float(value) for value in sample)
    _check(len(draws), 1)
    if any(math.isnan(value) for value in draws):
        return math.inf
    shares = [cdf(value) for value in draws]
    n = len(draws)
    return max(max((i + 1) / n - share, share - i / n) for i, share in enumerate(shares))


def uniform_cdf(low: float, high: float) -> Callable[[float], float]:
    """The distribution function of the uniform distribution on [low, high]."""
    return lambda x: min(1.0, max(0.0, (x - low) / (high - low)))


def normal_cdf(mean: float = 0.0, deviation: float = 1.0) -> Callable[[float], float]:
    """The distribution function of the normal distribution, by the error function."""
    return lambda x: 0.5 * math.erfc((mean - x) / (deviation * math.sqrt(2)))


class Uneven(NamedTuple):
    """One of the equally likely choices that came too rarely or too often, or is no choice."""

    choice: int
    hits: int
    fewest: int
    most: int


def uneven(
    draws: Iterable[int], choices: Sequence[int], false_alarms: float = STRICT
) -> Uneven | None:
    """The first choice that independent, equally likely `draws` hit too rarely or too often.

    Each of the K choices is hit Binomial(n, 1/K) times: `hits_interval` at a/K for each, and by the
    union bound (Bonferroni) at most a (1e-10) for all. A draw outside of `choices` is told with an
    interval of (0, 0). Refuses n so small that a choice never hit would not be seen: at least
    `fewest_draws`. Missing one of K choices is then always seen.
    """
    hits = Counter(int(draw) for draw in draws)
    count = hits.total()
    _check(count, fewest_draws(len(choices), false_alarms))
    for draw in sorted(hits.keys() - set(choices)):
        return Uneven(draw, hits[draw], 0, 0)
    fewest, most = hits_interval(1 / len(choices), count, false_alarms / len(choices))
    wrong = (Uneven(c, hits[c], fewest, most) for c in choices if not fewest <= hits[c] <= most)
    return next(wrong, None)


def fewest_draws(choices: int, false_alarms: float = STRICT) -> int:
    """The fewest draws after which each of `choices` equally likely ones must have come.

    (1 - 1/K)^n <= a / (2K), so that P(some choice never comes) <= a / 2, by the union bound
    (Feller, An Introduction to Probability Theory I, 1968, section IV.2). 5 choices: 114; 33: 885.
    """
    if choices == 1:
        return 1
    return math.ceil(math.log(false_alarms / (2 * choices)) / math.log1p(-1 / choices))


def correlation_bound(count: int, false_alarms: float = STRICT) -> float:
    """How far from 0 the correlation of `count` independent pairs may lie.

    sqrt(2 log(2/a) / (n - 1)), 6.9 sigma. If one of the two is normal, its centred draws point into
    a uniformly random direction of R^(n-1), and P(coordinate > t) <= exp(-(n-1) t^2 / 2) (Ball, An
    Elementary Introduction to Modern Convex Geometry, 1997, lemma 2.2). False alarms: at most a
    (1e-10) for normal draws, whatever the other of the pair is; for uniform draws by the central
    limit theorem, so n >= 1000 is asked for. For any others use `agreements_are_likely`.
    """
    _check(count, _FEWEST)
    return math.sqrt(2 * math.log(2 / false_alarms) / (count - 1))


def correlation(first: Sequence[float], second: Sequence[float]) -> float:
    """Pearson's correlation of the pairs; 1 where one of the two never varies."""
    if len(first) != len(second):
        raise ValueError(f"{len(first)} and {len(second)} draws make no pairs")
    _check(len(first), 2)
    mean_a, mean_b = math.fsum(first) / len(first), math.fsum(second) / len(second)
    a, b = [float(x) - mean_a for x in first], [float(x) - mean_b for x in second]
    scale = math.sqrt(_product(a, a) * _product(b, b))
    return _product(a, b) / scale if scale else 1.0


def agreements_are_likely(
    first: Sequence[float],
    second: Sequence[float],
    medians: tuple[float, float],
    false_alarms: float = STRICT,
) -> bool:
    """Whether two independent draws lie on the same side of their medians as often as not.

    The signs of x - median are fair coins, so the pairs that agree are Binomial(n, 1/2), exactly,
    whatever the two continuous distributions are (the quadrant test of Blomqvist, Annals of
    Mathematical Statistics 21, 1950). False alarms: at most `false_alarms` (1e-10). Pairs must not
    share draws: for neighbours take (x0, x1), (x2, x3), ...
    """
    pairs = list(zip(first, second, strict=True))
    hits = sum((a > medians[0]) == (b > medians[1]) for a, b in pairs)
    return share_is_likely(hits, len(pairs), 0.5, false_alarms)


def separation(wrong: float, right: float, bound: float) -> float:
    """By how many sigmas a known mistake's expected value lies outside the bound."""
    if bound == 0:
        return math.inf if wrong != right else 0.0
    return SIGMAS * (abs(wrong - right) / bound - 1)


def _most_hits(p: float, count: int, false_alarms: float) -> int:
    """The largest k with P(X >= k) > false_alarms, by bisection: more than k has at most that."""
    low, high = 0, count + 1  # P(X >= low) > false_alarms >= P(X >= high)
    while high - low > 1:
        middle = (low + high) // 2
        if binomial_tail(middle, count, p) > false_alarms:
            low = middle
        else:
            high = middle
    return low


def _product(a: list[float], b: list[float]) -> float:
    return math.fsum(x * y for x, y in zip(a, b, strict=True))


def _check(count: int, fewest: int) -> None:
    if count < fewest:
        raise ValueError(f"{count} samples are too few for a bound: use at least {fewest}")
