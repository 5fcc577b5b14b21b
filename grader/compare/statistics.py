"""Bounds for tests of random functions, wide enough never to punish a right solution.

Each bound has a false-alarm rate below 1e-9 for one test. For a normal estimator that is 6.2 of its
standard deviations (P(|z| > 6.2) = 5.6e-10); a share is bounded without that approximation.
"""

from __future__ import annotations

import math

SIGMAS = 6.2
FALSE_ALARMS = 1e-9
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


def separation(wrong: float, right: float, bound: float) -> float:
    """By how many sigmas a known mistake's expected value lies outside the bound."""
    if bound == 0:
        return math.inf if wrong != right else 0.0
    return SIGMAS * (abs(wrong - right) / bound - 1)


def _check(count: int, fewest: int) -> None:
    if count < fewest:
        raise ValueError(f"{count} samples are too few for a bound: use at least {fewest}")
