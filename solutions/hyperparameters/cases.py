"""Public check cases of `hyperparameters`: what `check("refine")` tries in the student's notebook.

Small numbers that can be followed by hand. No hidden test uses these inputs. What trains or draws is
called by given functions of the notebook (`overfit_facts`, `search_facts`, `draw_facts`, ...), which
return what depends neither on luck nor on the choice of batches; the tolerance is that of float32,
or for shares of 2000 draws 6.2 sigma of the difference of two such shares.
"""

import math

import numpy as np

from grader.cases import Case

ROUNDING = 1e-4


def expected(num_classes):
    title = f"{num_classes} classes"
    return Case("initial_loss", title, "expected_initial_loss", (num_classes,))


initial_loss = [
    expected(3),
    expected(10),
    expected(1000),
    Case("initial_loss", "six examples", "loss_facts", (6,), tolerance=ROUNDING),
    Case("initial_loss", "40 examples", "loss_facts", (40,), tolerance=ROUNDING),
    Case("initial_loss", "one example", "loss_facts", (1,), tolerance=ROUNDING),
    Case("initial_loss", "a bad start", "loss_facts", (5, 2.0), tolerance=ROUNDING),
    Case("initial_loss", "not compiled", "loss_facts", (4, 0.5, False), tolerance=ROUNDING),
]

overfit_small_sample = [
    Case(
        "overfit_small_sample",
        f"{number} examples, at most {steps} steps",
        "overfit_facts",
        (number, steps),
        tolerance=ROUNDING,
    )
    for number, steps in ((6, 20), (36, 20), (5, 2))
]

FALLING = [2.3, 2.0, 1.6, 1.1]


def pick(title, rates, losses):
    return Case("learning_rate_search", title, "picked", (rates, losses))


learning_rate_search = [
    Case(
        "learning_rate_search",
        "three rates, three iterations",
        "search_facts",
        ([0.5, 0.05, 0.2], 3, 0.0),
        tolerance=ROUNDING,
    ),
    Case(
        "learning_rate_search",
        "the decay of the models",
        "search_facts",
        ([1e-6], 1, 0.04),
        tolerance=0.01,
    ),
    Case("learning_rate_search", "where the batches come from", "batch_facts"),
    pick("one falls, one rises", [0.1, 0.01], [[2.3, 2.9, 3.6], FALLING]),
    pick("all fall", [0.1, 0.01, 1e-3], [[2.3, 2.1, 1.9], FALLING, [1.2, 1.1, 0.9]]),
    pick("one starts low", [0.1, 0.01, 1e-3], [FALLING, [0.9, 0.7, 0.6], [2.3, 2.2, 2.1]]),
    pick("one falls and rises again", [0.1, 0.01], [[2.3, 0.4, 0.6, 1.9], FALLING]),
    pick("one is not a number", [0.1, 0.01], [[2.3, math.nan, math.nan], FALLING]),
    pick("one was infinite", [0.1, 0.01], [[2.3, math.inf, 0.2], FALLING]),
    pick("nothing falls", [0.1, 0.01], [[2.3, 2.4, 2.6], [2.3, 2.9, 3.6]]),
]

sampling = [
    Case("sampling", title, "draw_facts", bounds, tolerance=0.085)
    for title, bounds in (
        ("from 0.0001 to 0.1", (1e-4, 1e-1, 1)),
        ("from 2 to 50", (2.0, 50.0, 2)),
    )
]

grid_search = [
    Case("grid_search", "two by one", "grid_facts", ({"a": [1, 2], "b": [3]},)),
    Case(
        "grid_search", "two by three", "grid_facts", ({"rate": [0.1, 0.01], "units": [16, 32, 64]},)
    ),
]


def search(title, scores, budget=None):
    return Case("random_search", title, "search_trials", (scores, budget or len(scores)))


random_search = [
    search("three trials", [0.5, 0.75, 0.25]),
    search("losses as negative scores", [-2.0, -0.5, -1.0, -1.5]),
    search("a score of 0", [-0.5, 0.0, -0.25]),
    search("one fails with an exception", [-0.5, None, -0.25]),
    search("one is not a number", [0.5, math.nan, 0.75]),
    search("a budget of five", [0.9, 0.8, 0.7, 0.6, 0.5]),
]


def trials(settings, scores):
    return [
        {"params": params, "score": score, "error": "diverged" if score is None else None}
        for params, score in zip(settings, scores, strict=True)
    ]


GRID = [{"rate": rate, "units": units} for rate in (0.1, 0.01) for units in (8, 16, 32)]
RANDOM = [{"rate": 1 / (3 + number), "units": 7 + 3 * number} for number in range(4)]

coverage = [
    Case("coverage", "a grid of two by three", "distinct_values", (trials(GRID, [0.5] * 6),)),
    Case("coverage", "four at random", "distinct_values", (trials(RANDOM, [0.1, 0.2, 0.3, 0.4]),)),
    Case("coverage", "one tried twice", "distinct_values", (trials([*GRID, GRID[0]], [0.5] * 7),)),
    Case(
        "coverage",
        "one of them failed",
        "distinct_values",
        (trials(RANDOM, [0.1, None, 0.3, 0.4]),),
    ),
]

# What `refine` returns is the student's own choice; the given `refine_facts` looks at what must hold.
RATES = [0.3, 0.004, 0.02, 0.5]


def refined(title, rates, scores, best):
    settings = [{"decay": 0.9 - 0.1 * place, "rate": rate} for place, rate in enumerate(rates)]
    args = (1e-4, 1.0, trials(settings, scores), "rate", best)
    return Case("refine", title, "refine_facts", args)


refine = [
    refined("the second is best", RATES, [0.5, 0.9, 0.7, 0.6], 0.004),
    refined("the best is near the low end", [2e-4, 0.3, 0.05, 0.5], [0.8, 0.2, 0.3, 0.1], 2e-4),
    refined("the best is at the high end", [0.3, 0.05, 2e-4, 1.0], [0.2, 0.3, 0.4, 0.5], 1.0),
    refined("negative scores", [0.3, 0.001, 0.002, 0.5], [None, -3.0, -0.5, -2.0], 0.002),
    refined("the best score is 0", [0.3, 0.005, 1e-3, 0.5], [-1.0, -3.0, 0.0, -0.5], 1e-3),
]

t = np.linspace(0, 1, 50)
FALL = 2.0 * np.exp(-14 * t)
LATE = 0.2 + 1.8 / (1 + np.exp(30 * (t - 0.52)))
BROKEN = np.where(t > 0.8, math.nan, FALL + 0.3)


def curve(title, train, val=None):
    return Case("curves", title, "diagnose_curves", (train, train + 0.02 if val is None else val))


curves = [
    curve("rises", 2 + 3 * t),
    curve("jumps in between", FALL + 0.3 + 4 * np.exp(-(((t - 0.4) / 0.02) ** 2))),
    curve("ends as NaN", BROKEN),
    curve("only the validation loss is NaN", FALL + 0.3, BROKEN),
    curve("a large gap", FALL + 0.05, FALL + 0.9),
    curve("a late start", 0.2 + 1.8 / (1 + np.exp(30 * (t - 0.4)))),
    curve("a late start, most of the fall in the second half", LATE),
    curve("a late start, but a small fall", 1.8 + 0.2 / (1 + np.exp(30 * (t - 0.35)))),
    curve("a late start, then a gap", 0.1 + 1.9 / (1 + np.exp(30 * (t - 0.4))), 2 - t),
    curve("a straight line", 2 - 1.5 * t),
    curve("flat and high", 0.6 * FALL + 1.2),
    curve("flat and low", FALL + 0.3),
    curve("it stays where it is", np.full(80, 2.0)),
    curve("two lists", (FALL + 0.3).tolist(), (FALL + 0.4).tolist()),
    curve("flat and low, but for the last value", np.where(t == 1, 1.8, FALL + 0.1)),
]

cases = [
    *initial_loss,
    *overfit_small_sample,
    *learning_rate_search,
    *sampling,
    *grid_search,
    *random_search,
    *coverage,
    *refine,
    *curves,
]
