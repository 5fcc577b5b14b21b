"""Hidden tests of `hyperparameters`. A docstring is the sentence that the student reads.

Training runs in the box, on models of `probes.py`: softmax regression, whose gradient steps a test
computes by hand in float64. The models compute in float32; after the few steps taken here they are
within 2e-6 of that, a tenth of the bound. Random functions are held to bounds that chance crosses
less than once in 10^10 runs; what a student may choose, such as batches, is never compared.
"""

import math

import numpy as np
import pytest

from grader.compare.statistics import distribution_bound, distribution_distance, uniform_cdf
from grader.harness import assert_close, assert_matches, assert_shape, fail, observe

CLEAR = 1.3  # how far from every bound of a rule the hidden inputs stay, as a factor


# Softmax regression by hand


def probabilities(x, kernel, bias):
    z = x @ kernel + bias
    shares = np.exp(z - z.max(axis=1, keepdims=True))
    return shares / shares.sum(axis=1, keepdims=True)


def cross_entropy(shares, y):
    return float(-np.log(shares[np.arange(len(y)), y]).mean())


def step(x, y, kernel, bias, rate, decay):
    """One gradient step on all of x, with an L2 term in the loss."""
    slope = probabilities(x, kernel, bias)
    slope[np.arange(len(y)), y] -= 1
    grad = x.T @ slope / len(y) + 2 * decay * kernel
    return kernel - rate * grad, bias - rate * slope.mean(axis=0)


def float32(value):
    """A number as a model in float32 gives it; what is no number stays as it is."""
    is_number = isinstance(value, int | float | np.number | np.ndarray) and np.ndim(value) == 0
    return np.float32(value) if is_number else value


def in_float32(values):
    return np.asarray(values, dtype="float32")


def value_of(function, *args, **kwargs):
    """The value of a random function; an exception is observed, as it is without a generator."""
    reply = function.reply(*args, **kwargs)
    if reply.raised:
        observe("raised", reply.raised)
    return function.value(reply)


# initial_loss


@pytest.mark.question("initial_loss")
@pytest.mark.weight(2)
@pytest.mark.parametrize("num_classes", [2, 7, 21841])
def test_expected_loss(student, num_classes):
    """Where all classes are equally likely, the cross-entropy is -ln(1/C)."""
    assert_close(student.expected_initial_loss(num_classes), math.log(num_classes), "the loss")


def network(rng, inputs, hidden, classes, last=0.8):
    """Weights of a dense layer, a batch norm with statistics of its own, and a dense layer."""
    parts = [
        rng.normal(size=(inputs, hidden)) * math.sqrt(2 / inputs),
        rng.normal(size=hidden) * 0.3,
        rng.uniform(0.7, 1.4, size=hidden),
        rng.normal(size=hidden) * 0.3,
        rng.uniform(0.2, 0.9, size=hidden),
        rng.uniform(0.5, 2.0, size=hidden),
        rng.normal(size=(hidden, classes)) * last,
        rng.normal(size=classes) * 0.3,
    ]
    return [part.astype("float32") for part in parts]


def inference(weights, x):
    """The probabilities of that network, with the running statistics."""
    k1, b1, gamma, beta, mean, variance, k2, b2 = (part.astype(float) for part in weights)
    h = np.maximum(0, x.reshape(len(x), -1).astype(float) @ k1 + b1)
    return probabilities(gamma * (h - mean) / np.sqrt(variance + 1e-3) + beta, k2, b2)


def check_loss(student, rng, shape, classes, *, decay, compiled, last=0.8, least=0.0):
    """The mean cross-entropy of a network whose loss is clearly above `least`, as ln C goes."""
    while True:  # probabilities below 1e-5 are cut off by some losses; most draws have none
        weights = network(rng, math.prod(shape[1:]), 5, classes, last)
        x, y = rng.normal(size=shape).astype("float32"), rng.integers(classes, size=shape[0])
        shares = inference(weights, x)
        loss = cross_entropy(shares, y)
        if shares[np.arange(len(y)), y].min() > 1e-5 and loss > least:
            break
    got = student.probes.loss_of(student.initial_loss, weights, x, y, decay, compiled)
    if not got["untouched"]:
        fail(
            "initial_loss has changed variables of the model.",
            "The loss is looked at, and nothing is trained or moved.",
            "Call the model with training=False.",
        )
    assert_close(float32(got["loss"]), np.float32(loss), "the initial loss")


@pytest.mark.question("initial_loss")
@pytest.mark.weight(3)
@pytest.mark.parametrize(
    ("shape", "classes"), [((37, 6), 4), ((1, 3), 2), ((4, 3, 5, 1), 11)], ids=["", "one", "images"]
)
def test_initial_loss(student, rng, shape, classes):
    """The loss is the mean cross-entropy in inference mode, without the decay term."""
    check_loss(student, rng, shape, classes, decay=0.05, compiled=True)


@pytest.mark.question("initial_loss")
def test_not_compiled(student, rng):
    """The model need not be compiled."""
    check_loss(student, rng, (7, 4), 5, decay=0.02, compiled=False)


@pytest.mark.question("initial_loss")
@pytest.mark.weight(2)
def test_bad_start(student, rng):
    """A model that starts sure of wrong answers has the large loss that it has."""
    check_loss(student, rng, (8, 5), 3, decay=0.0, compiled=True, last=1.5, least=1.8 * math.log(3))


# overfit_small_sample


def sample_task(rng, count, features, classes, rate):
    """Labels that gradient descent from a random start fits in three to five steps, as by hand.

    Tasks are drawn until no decision is closer than float32 can tell: about one in three is taken.
    Returns x, y, the start, the accuracy after each step, and the weights after two steps.
    """
    while True:
        x = rng.normal(size=(count + 20, features)).astype("float32")
        y = (x @ rng.normal(size=(features, classes))).argmax(axis=1)
        start = [
            rng.normal(size=(features, classes)).astype("float32"),
            (rng.normal(size=classes) * 0.2).astype("float32"),
        ]
        accuracies, path, gap = followed(x[:count].astype(float), y[:count], start, rate)
        if 3 <= len(accuracies) <= 5 and gap > 1e-3 and accuracies[0] < 0.9:
            return x, y, start, accuracies, path[1]


def followed(x, y, start, rate, most=6):
    """The accuracies of gradient descent up to the first 1.0, all weights, the closest decision."""
    (kernel, bias), accuracies, gap = (part.astype(float) for part in start), [], np.inf
    path = []
    while len(accuracies) < most and accuracies[-1:] != [1.0]:
        kernel, bias = step(x, y, kernel, bias, rate, 0.0)
        path.append((kernel, bias))
        scores = np.sort(x @ kernel + bias, axis=1)
        gap = min(gap, float((scores[:, -1] - scores[:, -2]).min()))
        accuracies.append(float(((x @ kernel + bias).argmax(axis=1) == y).mean()))
    return accuracies, path, gap


def overfitted(student, rng, task, rate, **options):
    x, y, start, _, _ = task
    calls = options.pop("calls", 1)
    function = student.overfit_small_sample
    got = student.probes.overfitted(function, rng, start, rate, 0.1, x, y, options, calls)
    if not got["weights"]:
        fail(
            "The build_model that was handed in has not been called.",
            "The model that is trained is the one that build_model returns.",
        )
    for returned in got["returned"]:
        if not isinstance(returned, list | tuple | np.ndarray) or np.ndim(returned) != 1:
            fail("What is returned is no list of numbers.", "It is the accuracy after each step.")
    return got


def check_accuracies(returned, expected, max_steps):
    """The accuracies after the steps, and no more of them than there should be."""
    observe("the accuracies", np.array(returned, dtype=float), tolerance=1e-5)
    if len(returned) != len(expected):
        fail(
            f"The list has {len(returned)} accuracies.",
            f"It ends after {len(expected)}, with the first 1.0 or with max_steps = {max_steps}.",
            "Look at the accuracy after each step; leave the loop when it is 1.0.",
        )
    assert_close(in_float32(returned), in_float32(expected), "the list of accuracies")


TASKS = {"few": (9, 8, 3, 1.0), "more than 32": (40, 36, 3, 3.0)}


@pytest.mark.question("overfit_small_sample")
@pytest.mark.weight(3)
@pytest.mark.parametrize("size", TASKS)
def test_accuracies(student, rng, size):
    """The list holds the accuracy on the sample after each step, up to the first 1.0."""
    count, *_, rate = TASKS[size]
    task = sample_task(rng, *TASKS[size])
    got = overfitted(student, rng, task, rate, num_examples=count, max_steps=8)
    check_accuracies(got["returned"][0], task[3], 8)


@pytest.mark.question("overfit_small_sample")
@pytest.mark.weight(3)
def test_steps(student, rng):
    """A step is one gradient step on the whole sample, without decay; max_steps ends it as well."""
    task = sample_task(rng, 10, 9, 3, 1.0)
    got = overfitted(student, rng, task, 1.0, num_examples=10, max_steps=2)
    check_accuracies(got["returned"][0], task[3][:2], 2)
    for part, expected, name in zip(got["weights"], task[4], ("kernel", "bias"), strict=True):
        observe(f"the {name}", part, tolerance=1e-4 * float(np.abs(expected).max()))
        assert_close(part, in_float32(expected), f"the {name} after two steps")


@pytest.mark.question("overfit_small_sample")
@pytest.mark.weight(2)
def test_sample(student, rng):
    """Only the sample is used: its first examples, and no others."""
    task = sample_task(rng, 11, 10, 4, 1.3)
    got = overfitted(student, rng, task, 1.3, num_examples=11, max_steps=1)
    observe("the examples that were used", got["rows"])
    if got["rows"] != list(range(11)):
        others = [row for row in got["rows"] if row > 10]
        fail(
            f"{len(others)} examples outside of the sample of 11 were used."
            if others
            else f"{len(got['rows'])} of the 11 examples of the sample were used.",
            "The sample is x[:num_examples], and nothing else reaches the model.",
        )


@pytest.mark.question("overfit_small_sample")
@pytest.mark.weight(2)
def test_fresh_model(student, rng):
    """Each call trains one fresh model."""
    task = sample_task(rng, 7, 8, 3, 1.0)
    got = overfitted(student, rng, task, 1.0, num_examples=7, max_steps=2, calls=2)
    observe("the models built after each call", got["built"])
    if got["built"] != [1, 2]:
        fail(
            f"Of two calls, the first built {told(got['built'][0], 'model')}, the second "
            f"{told(got['built'][1] - got['built'][0], 'model')}.",
            "Each call builds one.",
            "Call build_model inside the function, before the loop.",
        )
    for returned in got["returned"]:
        check_accuracies(returned, task[3][:2], 2)


def told(count, what):
    return f"{count or 'no'} {what}{'' if count == 1 else 's'}"


# learning_rate_search


def searched(student, rng, start, x, y, **options):
    got = student.probes.searched(student.learning_rate_search, rng, start, x, y, options)
    rates = options.get("rates", (1e-1, 1e-2, 1e-3, 1e-4, 1e-5))
    if not got["built"]:
        fail("The build_model that was handed in has not been called.", "It makes every model.")
    if not isinstance(got["histories"], dict) or got["histories"].keys() != set(rates):
        fail("What is returned is no dict with one entry for each rate.", "{rate: [loss, ...]}")
    losses = [got["histories"][rate] for rate in rates]
    wanted = options["iterations"]
    for each in losses:
        if np.shape(each) != (wanted,):
            observe("the shape of a history", np.shape(each))
            shape = f"has {len(each)} losses" if np.ndim(each) == 1 else "is no list of losses"
            fail(f"A history {shape}.", f"It has one for each of the {wanted} iterations.")
    return np.array(losses, dtype=float), got


def same_examples(rng, count=40, features=3, classes=4):
    """One example many times: whatever the batches are, the losses are the same."""
    x = np.tile(rng.normal(size=features), (count, 1)).astype("float32")
    y = np.full(count, int(rng.integers(classes)))
    kernel = rng.normal(size=(features, classes)).astype("float32")
    return x, y, [kernel, (rng.normal(size=classes) * 0.2).astype("float32")]


def losses_by_hand(x, y, start, rate, decay, iterations):
    """The cross-entropy before each step, and the decay term that may be added to it."""
    x, y, (kernel, bias) = x[:1].astype(float), y[:1], (part.astype(float) for part in start)
    found = []
    for _ in range(iterations):
        entropy = cross_entropy(probabilities(x, kernel, bias), y)
        found.append((entropy, decay * float((kernel**2).sum())))
        kernel, bias = step(x, y, kernel, bias, rate, decay)
    return np.array(found).T


def check_histories(student, rng, rates, iterations, **options):
    """The losses are those by hand, with or without the decay term."""
    x, y, start = same_examples(rng)
    if rates is not None:
        options["rates"] = rates
    losses, _ = searched(student, rng, start, x, y, iterations=iterations, **options)
    observe("the losses", losses, tolerance=1e-4 * float(np.nanmax(np.abs(losses), initial=1.0)))
    rates, decay = rates or (1e-1, 1e-2, 1e-3, 1e-4, 1e-5), options.get("weight_decay", 1e-4)
    hand = np.array([losses_by_hand(x, y, start, rate, decay, iterations) for rate in rates])
    entropy, total = hand[:, 0], hand.sum(axis=1)
    expected = entropy if np.abs(losses - entropy).max() < np.abs(losses - total).max() else total
    assert_close(in_float32(losses), in_float32(expected), "the table of losses, rate by rate,")


@pytest.mark.question("learning_rate_search")
@pytest.mark.weight(4)
def test_losses(student, rng):
    """Each rate starts afresh; a loss is that of its batch, before the step that it leads to."""
    check_histories(student, rng, (0.6, 0.02, 0.15), 4, weight_decay=0.04)


@pytest.mark.question("learning_rate_search")
@pytest.mark.weight(2)
def test_default_rates(student, rng):
    """Without other wishes there are five rates from 0.1 to 0.00001, from the same start."""
    check_histories(student, rng, None, 1)


@pytest.mark.question("learning_rate_search")
@pytest.mark.weight(3)
def test_batches(student, rng):
    """The batches hold 32 examples and come from all of the data, each with its own label."""
    y = rng.permutation(np.arange(70) % 3)
    x, start = 3 * np.eye(3, dtype="float32")[y], [np.zeros((3, 3), "float32"), np.zeros(3)]
    start = [part.astype("float32") for part in start]
    losses, got = searched(student, rng, start, x, y, rates=(0.5,), iterations=8)
    # 256 draws with replacement leave out 21 of 70 examples less than once in 10^20 runs.
    most = bool(got["rows"] >= 50)
    size = max(sorted(set(got["sizes"])), key=got["sizes"].count, default=0)
    learnt = bool(losses[0, -1] < 0.5 * losses[0, 0])
    observe("the batches", (most, int(size), learnt))
    if size != 32:
        fail(f"The batches hold {size} examples.", "They hold 32, one step for each.")
    if not most:
        fail(
            f"In 8 iterations {got['rows']} of 70 examples were used.",
            "A batch is drawn from all data, again in each iteration.",
            "Draw new indices inside the loop.",
        )
    if not learnt:
        fail(
            f"On data that are easy to learn the loss went from {losses[0, 0]:.2f} to "
            f"{losses[0, -1]:.2f}.",
            "It falls to less than half.",
            "Does each example keep its own label when you draw a batch?",
        )


def history(rng, first, last, count=12):
    """A noisy loss from `first` to `last`."""
    path = np.linspace(first, last, count)
    path[1:-1] += rng.normal(size=count - 2) * 0.02
    return [float(value) for value in path]


def check_pick(student, histories, expected):
    found = student.pick_learning_rate(histories)
    if found != expected:
        fail(
            f"The rate that was picked is {found}.",
            f"It is {expected}, from {len(histories)} histories.",
            "Of the rates with finite losses that end below their start, the one that fell most.",
        )


@pytest.mark.question("learning_rate_search")
@pytest.mark.weight(2)
@pytest.mark.parametrize("start", [2.3, 31.0], ids=["small", "large"])
def test_pick(student, rng, start):
    """The rate whose loss fell most from the first to the last iteration is picked."""
    falls = {0.3: 0.15, 0.04: 0.25, 5e-3: 0.45, 6e-4: 0.2, 7e-5: 0.05}
    histories = {
        rate: history(rng, start * scale, start * (scale - fall))
        for (rate, fall), scale in zip(falls.items(), (0.8, 0.55, 1.0, 0.7, 0.9), strict=True)
    }
    histories[0.3][6] = 0.2 * start  # farther down on the way than any ends
    check_pick(student, histories, 5e-3)


@pytest.mark.question("learning_rate_search")
@pytest.mark.weight(2)
@pytest.mark.parametrize("bad", [math.nan, math.inf])
@pytest.mark.parametrize("place", [0, 5, -1], ids=["first", "in between", "last"])
def test_pick_is_finite(student, rng, bad, place):
    """A rate with a loss that is not finite does not count."""
    wild = history(rng, 3.0, 0.2)
    wild[place] = bad
    good, fair = history(rng, 2.4, 1.1), history(rng, 2.4, 2.0)
    check_pick(student, {0.2: wild, 0.02: fair, 0.003: good}, 0.003)


@pytest.mark.question("learning_rate_search")
def test_pick_none(student, rng):
    """Where no rate is left, the answer is None."""
    rising, wild = history(rng, 2.0, 2.9), history(rng, 2.0, 0.5)
    wild[3] = math.nan
    check_pick(student, {0.7: wild, 0.1: rising, 0.01: history(rng, 1.0, 1.4)}, None)


# sampling


RANGES = {"rates": (2e-6, 3e-2), "above one": (1.5, 40.0), "a small range": (0.3, 0.45)}


def draws(student, rng, low, high, count=4000):
    found = value_of(student.log_uniform, low, high, rng, size=count)
    assert_shape(found, (count,), "the draws")
    return np.asarray(found, dtype=float)


def exponents(found, low, high):
    """Where the draws lie on the way from low to high, on the logarithmic scale."""
    with np.errstate(all="ignore"):
        return np.log(found / low) / math.log(high / low)


@pytest.mark.question("sampling")
@pytest.mark.weight(2)
@pytest.mark.parametrize("which", RANGES)
def test_bounds(student, rng, which):
    """All draws lie between low and high."""
    low, high = RANGES[which]
    found = draws(student, rng, low, high, 500)
    inside = (found >= low * (1 - 1e-9)) & (found <= high * (1 + 1e-9))
    outside = int(500 - inside.sum())
    observe("the share outside", outside / 500, tolerance=0.1)
    observe("all different", bool(len(np.unique(found)) > 480))  # whole exponents are few
    if outside:
        number = float(found[~inside][0])
        fail(
            f"{outside} of 500 draws lie outside of the bounds, such as {number:.3g}.",
            f"All lie between {low:g} and {high:g}.",
            "Is the power taken, and has it the base of the logarithm?",
        )


@pytest.mark.question("sampling")
@pytest.mark.weight(4)
@pytest.mark.parametrize("which", RANGES)
def test_distribution(student, rng, which):
    """The logarithm of the draws is uniform between those of the bounds."""
    low, high = RANGES[which]
    found = draws(student, rng, low, high)
    places = exponents(found, low, high)
    quarters = np.histogram(places, bins=[-np.inf, 0.25, 0.5, 0.75, np.inf])[0] / len(places)
    observe("the share in each quarter", quarters, tolerance=0.06)
    different = len(np.unique(found))
    observe("all different", bool(different > 3900))
    # Massart's inequality: right draws are farther away less than once in 10^10 runs.
    if distribution_distance(places, uniform_cdf(0, 1)) > distribution_bound(len(places)):
        shares = ", ".join(f"{share:.0%}" for share in quarters)
        fail(
            f"Of 4000 draws, the four quarters of the exponents hold {shares}.",
            "Each holds about 25 %.",
            "Draw the logarithm uniformly, then take the power.",
        )
    if different <= 3900:
        fail(
            f"Of 4000 draws {different} are different.",
            "Any number between the bounds may be drawn, so hardly two are equal.",
            "Draw the exponent itself, not one of a few prepared values.",
        )


@pytest.mark.question("sampling")
def test_sizes(student, rng):
    """Without a size it is one number; a shape gives an array of that shape, all different."""
    one = student.log_uniform(0.02, 0.7, rng)
    if np.shape(one) != ():
        fail(f"Without a size the result has the shape {np.shape(one)}.", "It is one number.")
    found = student.log_uniform(0.02, 0.7, rng, (3, 4))
    assert_shape(found, (3, 4), "the draws")
    different = len(np.unique(np.append(found, one)))
    observe("how many draws differ", different)
    assert_close(different, 13, "the number of different draws")


@pytest.mark.question("sampling")
@pytest.mark.weight(2)
def test_generator(student, rng):
    """The same state of rng gives the same draws, and a second call gives others."""
    seed = int(rng.integers(2**31))
    calls = [(np.random.default_rng(seed), 2), (np.random.default_rng(seed), 1)]
    (first, second), (again,) = (
        [student.log_uniform(low=1e-3, high=2.0, rng=own, size=9) for _ in range(times)]
        for own, times in calls
    )
    same, fresh = np.array_equal(first, again), not np.array_equal(first, second)
    observe("the same state gives the same, a second call gives others", (same, fresh))
    if not same:
        fail(
            "Two generators in the same state give different draws.",
            "All numbers come from rng.",
            "Use rng.uniform, not np.random.uniform.",
        )
    if not fresh:
        fail("A second call with the same rng gives the same draws.", "It draws anew.")


# grid_search


SPACES = {
    "two names": {"rate": [0.3, 0.02, 0.007], "units": [12, 48]},
    "three names": {"decay": [0.0, 1e-3], "optimizer": ["sgd", "adam", "rmsprop"], "depth": [1, 4]},
    "one name": {"momentum": [0.5, 0.8, 0.95, 0.99]},
    "one value each": {"rate": [0.04], "units": [9]},
}


def combinations(space):
    """All of them, as a set of pairs."""
    found = [{}]
    for name, values in space.items():
        found = [{**each, name: value} for each in found for value in values]
    return {frozenset(each.items()) for each in found}


def settings(student, space):
    found = student.grid(space)
    dicts = isinstance(found, list | tuple) and all(isinstance(each, dict) for each in found)
    if not dicts:
        fail("What is returned is no list of dicts.", 'It is like [{"rate": 0.1}, {"rate": 0.2}].')
    return [frozenset(each.items()) for each in found]


@pytest.mark.question("grid_search")
@pytest.mark.weight(3)
@pytest.mark.parametrize("which", SPACES)
def test_grid(student, which):
    """Every combination of the values is there, exactly once."""
    found, expected = settings(student, SPACES[which]), combinations(SPACES[which])
    if len(found) != len(expected):
        fail(
            f"There are {len(found)} settings.",
            f"There are {len(expected)}, each value of a name with each of the others.",
        )
    if missing := expected - set(found):
        fail(
            f"{len(missing)} of {len(expected)} combinations are missing, such as "
            f"{dict(sorted(min(missing, key=sorted_text)))}.",
            "Every combination is there once.",
            "Is each dict one of its own?",
        )


def sorted_text(setting):
    return str(sorted(setting))


@pytest.mark.question("grid_search")
def test_space_stays(student):
    """The space is as it was before the call."""
    space = {"rate": [0.2, 0.05], "layers": [2, 3, 5]}
    after = student.probes.space_of_grid(student.grid, space)
    if after != space:
        fail(
            f"After the call the space has the names {sorted(after) or 'of nothing'}.",
            "It belongs to the caller and stays as it is, its lists included.",
        )


# random_search. Objectives and samplers are functions of the test: each call comes out to it.


class Search:
    """An objective that knows its scores in advance, and continuous samplers."""

    def __init__(self, scores):
        self.scores = list(scores)
        self.asked = []
        self.drawn = []

    def objective(self, params):
        self.asked.append(dict(params))
        score = self.scores[(len(self.asked) - 1) % len(self.scores)]
        if isinstance(score, Exception):
            raise score
        return score

    def rate(self, rng):
        self.drawn.append(float(rng.uniform(0.01, 0.5)))
        return self.drawn[-1]

    def width(self, rng):
        return float(rng.normal())

    def space(self):
        return {"rate": self.rate, "width": self.width}


def run_search(student, rng, scores, budget=None):
    search = Search(scores)
    budget = budget or len(search.scores)
    trials = value_of(student.random_search, search.objective, search.space(), budget, rng)
    keys = {"params", "score", "error"}
    if not isinstance(trials, list | tuple) or not all(
        isinstance(trial, dict) and trial.keys() == keys for trial in trials
    ):
        fail("What is returned is no list of trials.", f"A trial has the keys {sorted(keys)}.")
    found = [trial["score"] for trial in trials]
    observe("the scores", found)
    return search, trials, found


@pytest.mark.question("random_search")
@pytest.mark.weight(3)
@pytest.mark.parametrize("sign", [1, -1], ids=["positive", "negative"])
def test_best_first(student, rng, sign):
    """The trials come with their scores, the best (largest) one first."""
    scores = [0.0, *(sign * score for score in (0.4, 0.9, 0.1, 0.7))]
    _, _, found = run_search(student, rng, scores)
    assert_close(found, sorted(scores, reverse=True), "the list of scores")


@pytest.mark.question("random_search")
@pytest.mark.weight(3)
def test_params(student, rng):
    """A trial holds the parameters for which the objective gave its score."""
    scores = [0.31, 0.12, 0.93, 0.55, 0.74, 0.48]
    search, trials, _ = run_search(student, rng, scores)
    asked = dict(zip(scores, search.asked, strict=False))
    right = [trial["params"] == asked.get(trial["score"]) for trial in trials]
    observe("params belong to their score", right)
    if not all(right):
        fail(
            f"{right.count(False)} of {len(trials)} trials hold other parameters than those that "
            "were scored.",
            "Each trial keeps what was drawn for it.",
            "Does every trial have a dict of its own?",
        )


@pytest.mark.question("random_search")
@pytest.mark.weight(3)
@pytest.mark.parametrize("budget", [1, 7])
def test_budget(student, rng, budget):
    """The objective is called once for each trial, as often as the budget says."""
    scores = [round(0.9 - 0.1 * number, 1) for number in range(budget)]
    search, trials, _ = run_search(student, rng, scores)
    observe("calls and trials", (len(search.asked), len(trials)))
    assert_close(len(search.asked), budget, "the number of calls of the objective")
    assert_close(len(trials), budget, "the number of trials")


@pytest.mark.question("random_search")
@pytest.mark.weight(3)
def test_all_drawn(student, rng):
    """Each trial draws all parameters anew, and with rng."""
    seed = int(rng.integers(2**31))
    own, twin = np.random.default_rng(seed), np.random.default_rng(seed)
    search, _, _ = run_search(student, own, [0.6, 0.2, 0.5, 0.1])
    different = len({params.get("rate") for params in search.asked})
    widths = len({params.get("width") for params in search.asked})
    # Whichever sampler is asked first, its first draw is one that a twin of rng can tell.
    ours = {float(twin.uniform(0.01, 0.5)), *first_rates_after_width(seed)}
    mine = bool(search.drawn) and search.drawn[0] in ours
    observe("different rates, different widths, drawn with rng", (different, widths, mine))
    if (different, widths) != (4, 4):
        fail(
            f"Four trials tried {different} different rates and {widths} widths.",
            "The samplers are continuous: four of each.",
            "Draw inside the loop, every parameter for every trial.",
        )
    if not mine:
        fail("The samplers were not called with rng.", "All chance comes from rng.")


def first_rates_after_width(seed):
    """The first rate where all four or one of the widths are drawn before."""
    for count in (1, 4):
        rng = np.random.default_rng(seed)
        rng.normal(size=count)
        yield float(rng.uniform(0.01, 0.5))


FAILURES = {
    "exceptions": (ValueError("shapes do not fit"), FloatingPointError("overflow")),
    "not finite": (math.nan, math.inf),
    "both": (RuntimeError("too wide"), -math.inf),
}


@pytest.mark.question("random_search")
@pytest.mark.weight(4)
@pytest.mark.parametrize("sign", [1, -1], ids=["positive", "negative"])
@pytest.mark.parametrize("kind", FAILURES)
def test_failures(student, rng, kind, sign):
    """An exception or a score that is not finite makes a failed trial; it counts and stands last."""
    one, other = FAILURES[kind]
    search, trials, found = run_search(
        student, rng, [sign * 0.3, one, sign * 0.8, other, sign * 0.5]
    )
    observe("calls of the objective", len(search.asked))
    if len(search.asked) != 5:
        fail(
            f"With a budget of 5 and two failures, the objective was called {len(search.asked)} "
            "times.",
            "5 times: the search goes on, and a failed trial counts.",
        )
    assert_close(len(trials), 5, "the number of trials, failed ones included,")
    best = sorted([sign * 0.3, sign * 0.8, sign * 0.5], reverse=True)
    if found != [*best, None, None]:
        fail(
            f"The scores are {', '.join(map(str, found))}.",
            f"They are {', '.join(map(str, best))}, and then None for each failed trial.",
            "A failed trial has no score, not even a bad one, and stands last.",
        )
    check_errors(trials)


def check_errors(trials):
    said = [isinstance(trial["error"], str) and bool(trial["error"]) for trial in trials]
    none = [trial["error"] is None for trial in trials]
    observe("trials with an error, without", (said, none))
    if said != [False, False, False, True, True] or none != [True, True, True, False, False]:
        fail(
            f"{sum(said)} trials have a sentence in `error`, {sum(none)} have None.",
            "The two failed ones have a sentence, the others None.",
        )


@pytest.mark.question("random_search")
def test_space_of_search_stays(student, rng):
    """The space still has its samplers after the search."""
    got = student.probes.space_after(student.random_search, rng, 4)
    observe("the space afterwards", (got["names"], got["same"]))
    if not got["same"]:
        fail(
            "The search has changed the space that it was given.",
            "It belongs to the caller and stays as it is.",
            "Write what you have drawn into a new dict.",
        )


# coverage


def trial(params, score=0.5):
    return {"params": params, "score": score, "error": None if score is not None else "diverged"}


@pytest.mark.question("coverage")
@pytest.mark.weight(2)
@pytest.mark.parametrize(("rates", "units"), [(3, 3), (2, 5), (1, 4)])
def test_coverage_of_a_grid(student, rng, rates, units):
    """A grid tries as many values of a hyperparameter as it has lines."""
    lines, columns = rng.permutation(97)[:rates] / 97, rng.permutation(97)[:units]
    trials = [
        trial({"rate": float(rate), "units": int(unit)}) for rate in lines for unit in columns
    ]
    found = student.distinct_values(trials)
    assert_close(found, {"rate": rates, "units": units}, "the dict of counts")


@pytest.mark.question("coverage")
@pytest.mark.weight(2)
def test_coverage_of_random_trials(student, rng):
    """Nine random trials try nine values of each, failed ones included."""
    trials = [
        trial({"rate": float(rng.random()), "decay": 1e-4 * float(rng.random()), "seed": number})
        for number in range(9)
    ]
    trials[4] |= {"score": None, "error": "diverged"}
    assert_close(
        student.distinct_values(trials), {"rate": 9, "decay": 9, "seed": 9}, "the dict of counts"
    )


@pytest.mark.question("coverage")
def test_coverage_of_mixed_trials(student, reference, rng):
    """What was tried twice counts once; names and words are values, too."""
    words = ["sgd", "adam", "sgd", "sgd", "rmsprop", "adam", "lion"]
    rates = rng.permutation([0.1, 0.1, 0.1, 0.02, 0.02, 0.3, 0.3])
    trials = [
        trial({"optimizer": word, "rate": float(rate), "momentum": 0.9})
        for word, rate in zip(words, rates, strict=True)
    ]
    trials += trials[:1]  # one setting twice: as many settings as trials would be luck
    assert_matches(student.distinct_values, reference.distinct_values, trials)


# refine


def scored(rng, low, high, place, score=-0.2, count=7):
    """Trials in any order, the best of them, with this score, at this place of the logarithms."""
    best = min(high, low * (high / low) ** place)
    others = low * (high / low) ** rng.uniform(0, 1, size=count)
    trials = [
        trial(
            {"units": float(rng.uniform(8, 64)), "rate": float(rate), "decay": float(rng.random())},
            each,
        )
        for rate, each in zip(
            [best, *others], [score, *rng.uniform(-3, -0.5, size=count - 1), None], strict=True
        )
    ]
    # The second best is far from the best: the two are no range around it.
    trials[2]["params"]["rate"] = low * (high / low) ** (0.95 if place < 0.5 else 0.05)
    trials[2]["score"] = -0.4
    # The worst trial lies at the other end of the range, so that it is told from the best.
    trials[1]["params"]["rate"], trials[1]["score"] = low * (high / low) ** (1 - place), -7.5
    return best, [trials[number] for number in rng.permutation(len(trials))]


def check_refined(student, low, high, trials, name, best):
    found = student.refine(low, high, trials, name)
    if np.shape(found) != (2,):
        fail("What is returned are not two numbers.", "A smaller range: low' and high'.")
    lower, upper = map(float, found)
    near = 1 + 1e-9
    if not (low <= lower * near and upper <= high * near and lower < upper):
        fail(
            f"From {low:.3g} to {high:.3g} the range became {lower:.3g} to {upper:.3g}.",
            "The new range lies within the old one.",
            "Cut off at the old bounds what lies outside.",
        )
    if not lower <= best * near or not best <= upper * near:
        fail(
            f"The range {lower:.3g} to {upper:.3g} does not hold the best value, {best:.3g}.",
            "The best trial's value of this name lies inside.",
        )
    share = math.log(upper / lower) / math.log(high / low)
    if share > 0.67 * near:
        fail(
            f"On the logarithmic scale the new range is {share:.2f} times as wide.",
            "It is at most 0.67 times as wide.",
            "Take half of the width of the logarithms.",
        )


@pytest.mark.question("refine")
@pytest.mark.weight(3)
@pytest.mark.parametrize(
    ("low", "high", "place", "score"),
    [(3e-5, 0.4, 0.3, -0.2), (3e-5, 0.4, 0.62, -0.2), (0.03, 0.4, 0.45, 0.0)],
    ids=["below the middle", "above the middle", "a small range"],
)
def test_refine(student, rng, low, high, place, score):
    """The new range lies in the old one, holds the best value and is a third narrower."""
    best, trials = scored(rng, low, high, place, score)
    check_refined(student, low, high, trials, "rate", best)


@pytest.mark.question("refine")
@pytest.mark.weight(2)
@pytest.mark.parametrize("place", [0.02, 0.97, 1.0], ids=["near low", "near high", "at high"])
def test_refine_at_the_edge(student, rng, place):
    """The same where the best value lies at the edge of the range."""
    best, trials = scored(rng, 2e-3, 60.0, place)
    check_refined(student, 2e-3, 60.0, trials, "rate", best)


@pytest.mark.question("refine")
def test_refine_by_name(student, rng):
    """The range is that of the hyperparameter that was asked for."""
    best, trials = scored(rng, 1e-4, 1e-1, 0.45)
    for each in trials:
        params = each["params"]
        params["width"], params["rate"] = params["rate"] * 1e5, float(rng.uniform(1e-4, 1e-1))
    check_refined(student, 10.0, 1e4, trials, "width", best * 1e5)


# curves


HIGH, LOW = "learning rate too high", "learning rate too low"
OVER, UNDER = "overfitting", "underfitting"
START, FLAT = "bad initialization", "plateau, decay the rate"
DIAGNOSES = {HIGH, LOW, OVER, UNDER, START, FLAT}


def clear(quantity, bound):
    """Whether a quantity is farther from a bound than a factor of 1.3."""
    return quantity <= 0 or not bound / CLEAR < quantity < bound * CLEAR


def rule(train, val):
    """The diagnosis by the notebook's table, and whether every bound on the way to it is clear."""
    s, tenth, half = train[0], len(train) // 10, len(train) // 2
    if not (np.isfinite(train).all() and np.isfinite(val).all()):
        return HIGH, True
    e, v = train[-tenth:].mean(), val[-tenth:].mean()
    fall = s - e
    sure = clear(train.max(), 1.5 * s) and not 0.9 < e / s < 1.1  # noise moves e by 1e-3
    if train.max() > 1.5 * s or e >= s:
        return HIGH, sure
    sure = sure and (
        (clear(v - e, 0.05 * s) and clear(v, 3 * e))
        or (v - e) * CLEAR < 0.05 * s
        or v * CLEAR < 3 * e
    )
    if v - e > 0.05 * s and v > 3 * e:
        return OVER, sure
    for count in (tenth - 1, tenth, tenth + 1):  # a tenth may be counted in more than one way
        sure = sure and clear(s - train[count], 0.05 * fall)
    sure = sure and clear(fall, 0.2 * s)
    if s - train[tenth] < 0.05 * fall and fall > 0.2 * s:
        return START, sure
    for count in (half - 1, half, half + 1):
        sure = sure and clear(train[count] - e, 0.25 * fall)
    if train[half] - e > 0.25 * fall:
        return LOW, sure
    return (UNDER if e > 0.35 * s else FLAT), sure and clear(e, 0.35 * s)


def falling(t, s, e, speed):
    return e + (s - e) * np.exp(-speed * t)


def late(t, s, e, middle):
    curve = 1 / (1 + np.exp(30 * (t - middle)))
    return e + (s - e) * curve / curve[0]


KINDS = {
    # name: (diagnosis, training loss, validation loss) over t in [0, 1], from s
    "rises": (HIGH, lambda t, s, u: s * (1 + (0.9 + u) * t), lambda a, s: a * 1.02),
    "jumps and comes back": (
        HIGH,
        lambda t, s, u: (
            falling(t, s, 0.1 * s, 9) + s * (1.4 + u) * np.exp(-(((t - 0.4) / 0.03) ** 2))
        ),
        lambda a, s: a,
    ),
    "gap": (
        OVER,
        lambda t, s, u: falling(t, s, (0.02 + 0.04 * u) * s, 20),
        lambda a, s: a + 0.4 * s,
    ),
    "gap after a late start": (
        OVER,
        lambda t, s, u: late(t, s, 0.05 * s, 0.4),
        lambda a, s: a + 0.35 * s,
    ),
    "late start": (
        START,
        lambda t, s, u: late(t, s, 0.1 * s, 0.5 + 0.1 * u),
        lambda a, s: a * 1.05,
    ),
    "late and small": (
        UNDER,
        lambda t, s, u: late(t, s, (0.87 + 0.02 * u) * s, 0.35),
        lambda a, s: a * 1.03,
    ),
    "straight": (LOW, lambda t, s, u: s * (1 - (0.6 + 0.2 * u) * t), lambda a, s: a * 1.03),
    "small fall": (LOW, lambda t, s, u: s * (1 - (0.28 + 0.08 * u) * t), lambda a, s: a),
    "flat and high": (
        UNDER,
        lambda t, s, u: falling(t, s, (0.5 + 0.15 * u) * s, 16),
        lambda a, s: a * 1.04,
    ),
    "high with a gap": (
        UNDER,
        lambda t, s, u: falling(t, s, (0.5 + 0.1 * u) * s, 16),
        lambda a, s: a + 0.5 * s,
    ),
    "flat and low": (
        FLAT,
        lambda t, s, u: falling(t, s, (0.1 + 0.1 * u) * s, 16),
        lambda a, s: a * 1.1,
    ),
    "almost nothing left": (
        FLAT,
        lambda t, s, u: falling(t, s, 1e-3 * s, 25),
        lambda a, s: a + 0.02 * s,
    ),
    "low, but above at the very end": (
        FLAT,
        lambda t, s, u: np.where(t == 1, 0.9, falling(t, s, 0.05 * s, 16) / s) * s,
        lambda a, s: a * 1.1,
    ),
}


def chart(rng, kind):
    """Two curves of that kind, of a length and a start of their own, clear of all bounds."""
    wanted, training, validation = KINDS[kind]
    while True:
        length, s = int(rng.integers(40, 160)), float(rng.uniform(0.8, 6))
        train = training(np.linspace(0, 1, length), s, float(rng.random()))
        val = validation(train, s)
        train[1:] *= 1 + rng.normal(size=length - 1) * 1e-3
        val = val * (1 + rng.normal(size=length) * 1e-3)
        found, sure = rule(train, val)
        if sure and found == wanted:
            return wanted, train, val


def check_chart(student, train, val, wanted):
    found = student.diagnose_curves(train, val)
    if not (isinstance(found, str) and found in DIAGNOSES):  # not shown: it may hold a hidden curve
        fail(
            "What is returned is none of the six diagnoses.",
            "One of the texts of the table, as it is written there.",
            "Copy them letter by letter.",
        )
    if found != wanted:
        fail(
            f"Curves that say {wanted!r} are diagnosed as {found!r}.",
            "The diagnosis follows the table, line by line.",
        )


@pytest.mark.question("curves")
@pytest.mark.weight(2)
@pytest.mark.parametrize("kind", KINDS)
def test_curves(student, rng, kind):
    """The diagnosis is the first line of the table that holds."""
    wanted, train, val = chart(rng, kind)
    check_chart(student, train, val, wanted)


@pytest.mark.question("curves")
@pytest.mark.weight(2)
@pytest.mark.parametrize("where", ["training", "validation"])
@pytest.mark.parametrize("bad", [math.nan, math.inf])
def test_curves_not_finite(student, rng, where, bad):
    """A loss that is not finite means that the learning rate is too high, whichever curve it is in."""
    _, train, val = chart(rng, "flat and low")
    (train if where == "training" else val)[-3:] = bad
    check_chart(student, train, val, HIGH)


@pytest.mark.question("curves")
def test_curves_that_stay(student):
    """A loss that ends where it began says that the learning rate is too high."""
    flat = np.full(80, 2.0)  # means of powers of two are exact, however they are computed
    check_chart(student, flat, flat, HIGH)


@pytest.mark.question("curves")
def test_curves_as_lists(student, rng):
    """The curves may be lists."""
    wanted, train, val = chart(rng, "flat and high")
    check_chart(student, train.tolist(), val.tolist(), wanted)
