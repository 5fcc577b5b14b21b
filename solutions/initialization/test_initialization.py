"""Hidden tests of `initialization`. A docstring is the sentence that the student reads.

Inputs come from `rng`, whose seed is the course's secret: no test may count on a lucky draw. For
random weights a test looks only at what does not depend on the draws, within bounds that a right
answer crosses less than once in 10^9 runs (grader.compare.statistics says by which theorem). A
cut normal distribution with its spread corrected is right too: its estimators vary less.
"""

import math

import numpy as np
import pytest

from grader.compare.statistics import (
    correlation,
    correlation_bound,
    deviation_bound,
    distribution_bound,
    distribution_distance,
    hits_interval,
    mean_bound,
    uniform_cdf,
)
from grader.harness import (
    assert_close,
    assert_matches,
    assert_shape,
    assert_statistic,
    assert_untouched,
    fail,
    observe,
)


def awkward(array):
    """The same values in memory that is neither contiguous nor writeable."""
    every_other = tuple(slice(None, None, 2) for _ in array.shape)
    view = np.zeros([2 * side for side in array.shape])[every_other]
    view[...] = array
    view.flags.writeable = False
    return view


# forward_activations


def network(rng, *widths, gain=1.0):
    """Weights between layers of these widths, of about Kaiming's scale."""
    pairs = zip(widths, widths[1:], strict=False)
    return [gain * math.sqrt(2 / a) * rng.normal(size=(a, b)) for a, b in pairs]


@pytest.mark.question("forward_activations")
@pytest.mark.weight(3)
@pytest.mark.parametrize(
    ("examples", "widths", "gain"),
    [(5, (6, 6, 6, 6), 1.0), (16, (64,) * 7, 0.5), (3, (9, 9), 3.0)],
    ids=["three layers", "six layers", "one layer"],
)
def test_activations_of_equal_widths(student, reference, rng, examples, widths, gain):
    """Every layer multiplies what the layer before has passed on, and sets what is negative to 0."""
    x = rng.normal(size=(examples, widths[0]))
    weights = network(rng, *widths, gain=gain)
    assert_matches(student.forward_activations, reference.forward_activations, x, weights)


@pytest.mark.question("forward_activations")
@pytest.mark.weight(2)
@pytest.mark.parametrize("widths", [(7, 12, 1, 9), (1, 8, 5), (20, 3, 3, 3, 11)])
def test_activations_of_unequal_widths(student, reference, rng, widths):
    """Layers may have any widths, also a single unit."""
    x, weights = rng.normal(size=(4, widths[0])), network(rng, *widths)
    if 1 in widths[1:]:  # a single unit must not be dead
        weights[1] = np.abs(weights[1])
    assert_matches(student.forward_activations, reference.forward_activations, x, weights)


@pytest.mark.question("forward_activations")
def test_activations_of_one_example(student, reference, rng):
    """A batch of one, with large or with only negative inputs, is a batch as well."""
    weights = network(rng, 8, 6, 8)
    for x in (rng.normal(size=(1, 8)) + 1e3, -rng.uniform(1, 2, size=(1, 8))):
        assert_matches(
            student.forward_activations,
            reference.forward_activations,
            awkward(x),
            [awkward(w) for w in weights],
        )


@pytest.mark.question("forward_activations")
def test_activations_leave_their_inputs(student, rng):
    """The inputs and the weights stay as they are."""
    weights = network(rng, 5, 5, 5)
    assert_untouched(student.forward_activations, rng.normal(size=(6, 5)), weights)


# growth


@pytest.mark.question("growth")
def test_growth_in_the_lecture(student):
    """At width 4096 a standard deviation of 0.01 gives 0.4525 per layer, and 0.05 gives 2.263."""
    assert_close(student.growth_per_layer(0.01, 4096), 0.01 * math.sqrt(2048), "the factor")
    assert_close(student.growth_per_layer(0.05, 4096), 0.05 * math.sqrt(2048), "the factor")


@pytest.mark.question("growth")
@pytest.mark.weight(2)
@pytest.mark.parametrize(("low", "high"), [(0.01, 0.1), (0.5, 3.0)], ids=["small", "large"])
def test_growth_of_other_widths(student, reference, rng, low, high):
    """The factor follows from the standard deviation and the fan-in alone, odd fan-ins too."""
    for fan_in in (1, 7, 50, 333):
        std = float(rng.uniform(low, high))
        assert_matches(student.growth_per_layer, reference.growth_per_layer, std, fan_in)


@pytest.mark.question("growth")
def test_growth_at_the_right_scale_is_one(student, rng):
    """The variance 2 / fan_in keeps the size of the signal, whatever the width."""
    for fan_in in (3, 128, int(rng.integers(500, 5000))):
        found = student.growth_per_layer(std=math.sqrt(2 / fan_in), fan_in=fan_in)
        assert_close(found, 1.0, "the factor")


@pytest.mark.question("growth")
def test_growth_is_proportional_to_the_weights(student, rng):
    """Weights three times as large give three times the factor; four times the fan-in, twice."""
    std, fan_in = float(rng.uniform(0.05, 0.2)), int(rng.integers(20, 90))
    base = student.growth_per_layer(std, fan_in)
    assert_close(np.divide(student.growth_per_layer(3 * std, fan_in), base), 3.0, "the ratio")
    assert_close(np.divide(student.growth_per_layer(std, 4 * fan_in), base), 2.0, "the ratio")


# fans


@pytest.mark.question("fans")
@pytest.mark.parametrize("shape", [(5, 11), (1, 3), (300, 2)])
def test_fans_of_dense_layers(student, reference, shape):
    """In a dense layer every output sums over all inputs."""
    assert_matches(student.compute_fans, reference.compute_fans, shape)


@pytest.mark.question("fans")
@pytest.mark.weight(2)
@pytest.mark.parametrize("shape", [(3, 3, 5, 7), (2, 5, 4, 3), (7, 1, 1, 6), (1, 1, 9, 13)])
def test_fans_of_convolutions(student, reference, shape):
    """In a convolution every output sums over its window and all input channels."""
    assert_matches(student.compute_fans, reference.compute_fans, shape)


@pytest.mark.question("fans")
def test_fans_of_random_shapes(student, reference, rng):
    """The rule holds for any shape, large ones too."""
    for low, high in ((2, 9), (10, 40)):
        shape = tuple(map(int, rng.permutation(np.arange(low, high))[:4]))
        assert_matches(student.compute_fans, reference.compute_fans, shape)
        assert_matches(student.compute_fans, reference.compute_fans, shape[2:])


# Random weights. 20 000 of them: the standard deviation is known to 3.1 %, and the nearest mistake,
# a normal distribution cut at two deviations, is 12 % off, another 17 sigma away.

DENSE, CONV = (50, 400), (2, 5, 16, 125)
RANDOM = {
    "dense": (DENSE, (50, 400)),
    "wide": (DENSE[::-1], (400, 50)),
    "convolution": (CONV, (160, 1250)),
}
NORMAL, CUT = 0.045500, 0.034609  # beyond two deviations: of a normal, of one cut and corrected
drawn_shapes = pytest.mark.parametrize("layer", RANDOM)


def drawn(function, shape, rng):
    """Weights of this shape."""
    weights = function(shape, rng)
    assert_shape(weights, shape, "the array of weights")
    return np.asarray(weights, dtype=np.float64)


def assert_spread(weights, std, what="the standard deviation of the weights, over the right one,"):
    """Their standard deviation is the right one, within 6.2 sigma of a normal's estimator."""
    assert_statistic(weights.std() / std, 1.0, deviation_bound(1.0, weights.size), what)


def assert_centred(weights, std):
    """Their mean is 0, within 6.2 sigma."""
    what = "the mean of the weights, in their right standard deviation,"
    assert_statistic(weights.mean() / std, 0.0, mean_bound(1.0, weights.size), what)


def assert_tails(weights, std):
    """As many lie beyond two deviations as of a normal distribution, whole or cut there.

    Exact binomial tails, false alarms at most 1e-10: of 20 000 weights between 533 and 1107.
    """
    count = weights.size
    fewest, most = hits_interval(CUT, count)[0], hits_interval(NORMAL, count)[1]
    middle, room = (fewest + most) / 2 / count, (most - fewest) / 2 / count
    share = np.mean(np.abs(weights) > 2 * std)
    what = "the share of weights beyond two standard deviations"
    assert_statistic(share, middle, room * (1 + 1e-9), what)


def assert_independent(weights):
    """Neighbours have nothing to do with each other: no row and no column comes again.

    Pairs that share no draw; false alarms at most 1e-10 each for normal weights.
    """
    matrix = weights.reshape(-1, weights.shape[-1])
    pairs = {
        "rows": (matrix[0::2][: len(matrix) // 2], matrix[1::2]),
        "columns": (matrix[:, 0::2], matrix[:, 1::2]),
    }
    for name, (one, other) in pairs.items():
        found = correlation(one.ravel().tolist(), other.ravel().tolist())
        what = f"the correlation of neighbouring {name}"
        assert_statistic(found, 0.0, correlation_bound(one.size), what)


def likeness(one, other):
    """The share of weights that are equal."""
    return float(np.mean(one == other))


def assert_fresh(function, shape, rng):
    """Two calls with one generator draw different weights: none of them is equal."""
    first, second = drawn(function, shape, rng), drawn(function, shape, rng)
    what = "the share of weights that came again in a second call"
    assert_statistic(likeness(first, second), 0.0, 0.01, what)


def assert_repeats(function, shape, rng):
    """Two generators in the same state give the same weights."""
    seed = int(rng.integers(2**31))
    first, second = (drawn(function, shape, np.random.default_rng(seed)) for _ in range(2))
    observe("the share of equal weights", likeness(first, second), 0.01)
    if likeness(first, second) < 1:
        fail(
            "Two generators in the same state gave different weights.",
            "The same state of the generator gives the same weights.",
            "Draw from the argument rng, not from np.random or a generator of your own.",
        )


# kaiming


@pytest.mark.question("kaiming")
@pytest.mark.weight(3)
def test_kaiming_std(student, reference, rng):
    """The variance is two over the fan-in."""
    for fan_in in (1, 9, 2048, int(rng.integers(20, 900))):
        assert_matches(student.kaiming_std, reference.kaiming_std, fan_in)


@pytest.mark.question("kaiming")
@pytest.mark.weight(2)
def test_kaiming_std_of_leaky_relu(student, reference, rng):
    """A slope a on the negative side keeps a squared of the other half, up to a linear layer at 1."""
    for fan_in, slope in ((27, 0.3), (64, 0.8), (5, 1.0), (100, float(rng.uniform(0.05, 0.6)))):
        assert_matches(student.kaiming_std, reference.kaiming_std, fan_in, negative_slope=slope)
    assert_matches(student.kaiming_std, reference.kaiming_std, 16, 0.5)


@pytest.mark.question("kaiming")
@pytest.mark.weight(3)
@drawn_shapes
def test_kaiming_normal_spread(student, rng, layer):
    """Normal weights have mean 0 and the variance two over the fan-in."""
    shape, (fan_in, _) = RANDOM[layer]
    weights, std = drawn(student.kaiming_normal, shape, rng), math.sqrt(2 / fan_in)
    assert_spread(weights, std)
    assert_centred(weights, std)


@pytest.mark.question("kaiming")
@pytest.mark.weight(2)
def test_kaiming_normal_is_normal(student, rng):
    """Of normal weights, one in 22 lies beyond two standard deviations; of uniform ones, none."""
    assert_tails(drawn(student.kaiming_normal, DENSE, rng), math.sqrt(2 / 50))


@pytest.mark.question("kaiming")
@pytest.mark.weight(2)
@pytest.mark.parametrize("shape", [(90, 70), (3, 2, 10, 60)], ids=["dense", "convolution"])
def test_kaiming_normal_draws_each_weight(student, rng, shape):
    """Every weight is drawn by itself: rows and columns are independent."""
    assert_independent(drawn(student.kaiming_normal, shape, rng))


@pytest.mark.question("kaiming")
@pytest.mark.weight(3)
@drawn_shapes
def test_kaiming_uniform_bounds(student, rng, layer):
    """Uniform weights reach from minus to plus the root of six over the fan-in, and fill it evenly."""
    shape, (fan_in, _) = RANDOM[layer]
    weights, bound = drawn(student.kaiming_uniform, shape, rng), math.sqrt(6 / fan_in)
    # The largest of 20 000 lies below 0.997 with a chance of 0.9985^20000 = 9e-14.
    for what, end in (("largest", weights.max()), ("smallest", -weights.min())):
        label = f"the {what} weight, over the bound,"
        assert_statistic(end / bound, 0.9985, 0.0015 + 1e-6, label)
    distance = distribution_distance(weights.ravel(), uniform_cdf(-bound, bound))
    what = "the distance between their distribution and the uniform one"
    assert_statistic(distance, 0.0, distribution_bound(weights.size), what)


@pytest.mark.question("kaiming")
@pytest.mark.parametrize("name", ["kaiming_normal", "kaiming_uniform"])
def test_kaiming_draws_anew(student, rng, name):
    """A second call with the same generator draws other weights."""
    assert_fresh(getattr(student, name), (30, 40), rng)


@pytest.mark.question("kaiming")
@pytest.mark.parametrize("name", ["kaiming_normal", "kaiming_uniform"])
def test_kaiming_uses_the_generator(student, rng, name):
    """Two generators in the same state give the same weights: every draw comes from `rng`."""
    assert_repeats(getattr(student, name), (2, 3, 6, 9), rng)


# xavier


@pytest.mark.question("xavier")
@pytest.mark.weight(3)
@drawn_shapes
def test_xavier_spread(student, rng, layer):
    """The weights have mean 0 and the variance one over the mean of fan-in and fan-out."""
    shape, fans = RANDOM[layer]
    weights, std = drawn(student.xavier_normal, shape, rng), math.sqrt(2 / sum(fans))
    assert_spread(weights, std)
    assert_centred(weights, std)


@pytest.mark.question("xavier")
@pytest.mark.weight(2)
def test_xavier_is_normal(student, rng):
    """Of normal weights, one in 22 lies beyond two standard deviations; of uniform ones, none."""
    assert_tails(drawn(student.xavier_normal, (125, 160), rng), math.sqrt(2 / 285))


@pytest.mark.question("xavier")
def test_xavier_draws_each_weight(student, rng):
    """Every weight is drawn by itself: rows and columns are independent."""
    assert_independent(drawn(student.xavier_normal, (80, 60), rng))


@pytest.mark.question("xavier")
def test_xavier_draws_anew(student, rng):
    """A second call with the same generator draws other weights."""
    assert_fresh(student.xavier_normal, (45, 20), rng)


@pytest.mark.question("xavier")
def test_xavier_uses_the_generator(student, rng):
    """Two generators in the same state give the same weights: every draw comes from `rng`."""
    assert_repeats(student.xavier_normal, (3, 1, 4, 11), rng)


# diagnose. Every ratio is a factor 1.5 or more from a bound, and so are those that mistakes take.


def of_size(rng, size, *shape, zeros=0.0, scale=1.0):
    """Activations with this root mean square, of which a share is 0."""
    h = rng.uniform(0.5, 1.5, size=shape) * scale
    h.ravel()[rng.permutation(h.size)[: round(zeros * h.size)]] = 0
    return h * (size / np.sqrt(np.mean(h**2)))


@pytest.mark.question("diagnose")
@pytest.mark.weight(3)
@pytest.mark.parametrize(
    ("factor", "word"), [(0.4525, "vanishing"), (2.263, "exploding"), (1.03, "healthy")]
)
def test_diagnosis_of_the_lecture(student, rng, factor, word):
    """Six layers of the lecture: 0.01 vanishes, 0.05 explodes, Kaiming's start is healthy."""
    layers = [of_size(rng, factor**depth, 16, 30, zeros=0.5) for depth in range(1, 7)]
    assert_close(student.diagnose(layers), word, "the diagnosis")


@pytest.mark.question("diagnose")
@pytest.mark.weight(2)
@pytest.mark.parametrize(
    ("first", "last", "word"),
    [
        (30.0, 7.0, "healthy"),
        (0.02, 0.05, "healthy"),
        (500.0, 25.0, "vanishing"),
        (0.001, 0.03, "exploding"),
        (1.0, 0.0, "vanishing"),
    ],
)
def test_diagnosis_compares_the_ends(student, rng, first, last, word):
    """Only the ratio of the last layer to the first counts, not how large either is."""
    between = 30 * first  # what happens on the way does not count
    layers = [of_size(rng, size, 3, 8) for size in (first, between, last)]
    assert_close(student.diagnose(layers), word, "the diagnosis")


@pytest.mark.question("diagnose")
@pytest.mark.weight(2)
@pytest.mark.parametrize(("widths", "ratio"), [((2, 450), 0.3), ((900, 2), 0.5), ((2, 800), 2.0)])
def test_diagnosis_of_unequal_widths(student, rng, widths, ratio):
    """A layer is not larger for having more units."""
    layers = [
        of_size(rng, size, 4, width) for size, width in zip((1.0, ratio), widths, strict=True)
    ]
    assert_close(student.diagnose(layers), "healthy", "the diagnosis")


@pytest.mark.question("diagnose")
@pytest.mark.weight(2)
@pytest.mark.parametrize(("before", "after"), [(0.0, 0.99), (0.99, 0.0)], ids=["sparse", "dense"])
def test_diagnosis_takes_the_root_mean_square(student, rng, before, after):
    """The root mean square decides, also where most units are silent."""
    # At one unit in a hundred the mean is a tenth of the root mean square.
    sizes = (1.0, 0.6) if after else (1.0, 1.6)
    shares = (before, after)
    pairs = zip(sizes, shares, strict=True)
    layers = [of_size(rng, size, 20, 50, zeros=share) for size, share in pairs]
    assert_close(student.diagnose(layers), "healthy", "the diagnosis")


@pytest.mark.question("diagnose")
@pytest.mark.parametrize(("first", "last"), [(0.03, 1.0), (1.0, 0.03)], ids=["more", "less"])
def test_diagnosis_is_no_deviation(student, rng, first, last):
    """Activations that are all alike are as large as others of that size."""
    layers = [5 + first * rng.normal(size=(6, 40)), 5 + last * rng.normal(size=(6, 40))]
    assert_close(student.diagnose(layers), "healthy", "the diagnosis")


@pytest.mark.question("diagnose")
@pytest.mark.parametrize(("first", "last"), [(0.0, 0.99), (0.99, 0.0)], ids=["peaked", "flat"])
def test_diagnosis_is_no_maximum(student, rng, first, last):
    """A single large activation does not make a layer large."""
    # One in a hundred is left, and is ten times the root mean square.
    sizes, shares = (1.0, 2.5 if last else 0.4), (first, last)
    pairs = zip(sizes, shares, strict=True)
    layers = [of_size(rng, size, 10, 10, zeros=share) for size, share in pairs]
    assert_close(student.diagnose(layers), "healthy", "the diagnosis")


@pytest.mark.question("diagnose")
def test_diagnosis_of_all_examples(student, rng):
    """All examples of the batch count, not only the first."""
    sizes = np.full((64, 1), 1e-3)
    sizes[rng.integers(1, 64)] = 1
    # The root mean square is half of the first, the mean of those of the examples a sixteenth.
    layers = [of_size(rng, 1.0, 64, 9), of_size(rng, 0.5, 64, 9, scale=sizes)]
    assert_close(student.diagnose(layers), "healthy", "the diagnosis")
    one = [of_size(rng, 2.0, 1, 7)]
    assert_close(student.diagnose(one), "healthy", "the diagnosis of a single layer")


# symmetry


def task(rng, examples, inputs, outputs):
    return rng.normal(size=(examples, inputs)), rng.normal(size=(examples, outputs))


def stays(student, w1, w2, x, y, steps, lr, expected):
    """The answer for this start is `expected`."""
    found = student.weights_stay_equal(w1, w2, x, y, steps, lr)
    assert_close(found, expected, "whether all units agree")


@pytest.mark.question("symmetry")
def test_a_constant_start_stays_symmetric(student, rng):
    """With one value for all weights, also with 0, all units stay the same."""
    x, y = task(rng, 9, 4, 2)
    for value in (0.4, 0.07, 0.0):
        w1, w2 = np.full((4, 6), value), np.full((6, 2), value)
        stays(student, w1, w2, x, y, 7, 0.02, expected=True)


@pytest.mark.question("symmetry")
def test_equal_units_stay_equal(student, rng):
    """A unit is a column of w1 and a row of w2: if all are the same at the start, they stay so."""
    x, y = task(rng, 8, 5, 3)
    w1, w2 = np.tile(rng.normal(size=(5, 1)), 4), np.tile(rng.normal(size=(1, 3)), (4, 1))
    stays(student, w1, w2, x, y, 5, 0.01, expected=True)
    noise = 1e-12 * rng.normal(size=w1.shape)  # grows less than a hundredfold in three steps
    stays(student, awkward(w1 + noise), awkward(w2), x, y, 3, 0.01, expected=True)


@pytest.mark.question("symmetry")
def test_a_random_start_is_not_symmetric(student, rng):
    """Random units are different, and stay different."""
    x, y = task(rng, 10, 3, 1)
    w1, w2 = rng.normal(size=(3, 7)), rng.normal(size=(7, 1))
    stays(student, w1, w2, x, y, 4, 0.01, expected=False)
    assert_untouched(student.weights_stay_equal, w1, w2, x, y, 4, 0.01)


@pytest.mark.question("symmetry")
@pytest.mark.parametrize("layer", ["w1", "w2"])
def test_one_random_layer_is_enough(student, rng, layer):
    """Units whose weights differ in one of the layers are different."""
    x, y = task(rng, 7, 4, 2)
    w1, w2 = np.tile(rng.normal(size=(4, 1)), 5), np.tile(rng.normal(size=(1, 2)), (5, 1))
    if layer == "w1":
        w1 = rng.normal(size=(4, 5))
    else:
        w2 = rng.normal(size=(5, 2))
    # The rate is so small that in the other layer the units stay equal up to 1e-9.
    stays(student, w1, w2, x, y, 1, 1e-13, expected=False)


@pytest.mark.question("symmetry")
@pytest.mark.parametrize("difference", [0.01, 1e-6])
def test_nearly_equal_units_differ(student, rng, difference):
    """A hundredth is a difference, and so is a millionth: units agree up to 1e-9."""
    x, y = task(rng, 6, 4, 2)
    w1, w2 = np.full((4, 5), 0.3), np.full((5, 2), 0.2)
    w1[2, 3] += difference
    stays(student, w1, w2, x, y, 1, 1e-3, expected=False)


@pytest.mark.question("symmetry")
def test_every_unit_counts(student, rng):
    """One unit that differs is enough, and it may be the last."""
    x, y = task(rng, 6, 3, 2)
    w1, w2 = np.full((3, 5), 0.3), np.full((5, 2), 0.2)
    w1[:, -1], w2[-1] = 0.9, -0.4
    stays(student, w1, w2, x, y, 4, 0.01, expected=False)


@pytest.mark.question("symmetry")
@pytest.mark.weight(2)
@pytest.mark.parametrize(("examples", "outputs"), [(1, 1), (3, 2)], ids=["one", "several"])
def test_the_weights_after_training_count(student, rng, examples, outputs):
    """Two units that one step of both layers makes equal are equal afterwards."""
    # The same x for all examples: w1' = w1 - x g.w2 and w2' = w2 - x w1 g, g = 2 lr (out - y) / K.
    # g = n / x with |n| = 1 turns (a, b) and (a + t, b + t n) into (a - n.b, b - a n), both.
    n = rng.uniform(0.5, 1, size=outputs)
    n /= np.linalg.norm(n)
    a, b, t = rng.uniform(1.5, 2), rng.uniform(0.3, 0.6, size=outputs), rng.uniform(0.5, 1)
    x, w1, w2 = rng.uniform(1, 2), np.array([[a, a + t]]), np.array([b, b + t * n])
    lr = 0.05
    y = x * (w1 @ w2) - n / x * outputs / (2 * lr)
    x, y = np.full((examples, 1), x), np.tile(y, (examples, 1))
    stays(student, w1, w2, x, y, 1, lr, expected=True)


def two_steps(w1, w2, y, lr):
    """Where one unit comes in two steps, for the input 1; and whether it is active until then."""
    before = []
    for _ in range(2):
        before.append(w1)
        g = 2 * lr * (max(0, w1) * w2 - y)
        w1, w2 = w1 - g * w2, w2 - g * max(0, w1)
    return w1, w2, min(before) > 0.3


@pytest.mark.question("symmetry")
def test_all_steps_count(student, rng):
    """Two units that meet in the second step are equal after two steps."""
    while True:  # one unit moves to where another lies that is silent from the start
        a, b, y = rng.uniform((3, 1, 4), (5, 3, 9))
        to_a, to_b, active = two_steps(a, b, y, 0.5)
        if active and -50 < to_a < -1 and abs(to_b) < 50:
            break
    w1, w2 = np.array([[a, to_a]]), np.array([[b], [to_b]])
    stays(student, w1, w2, np.array([[1.0]]), np.array([[y]]), 2, 0.5, expected=True)


@pytest.mark.question("symmetry")
def test_silent_units_rest(student, rng):
    """A unit that is silent for every example gets no gradient, in either layer."""
    # The active unit goes to (-a, b - 2 a a / b), where the silent one lies.
    a, b, lr = rng.uniform(0.5, 1), rng.uniform(1, 1.5), 0.05
    w1, w2 = np.array([[a, -a]]), np.array([[b], [b - 2 * a * a / b]])
    y = a * b - a / b / lr
    stays(student, w1, w2, np.array([[1.0]]), np.array([[y]]), 1, lr, expected=True)


@pytest.mark.question("symmetry")
def test_both_layers_are_trained(student, rng):
    """Units that agree in w1 after a step, but no longer in w2, are different."""
    # The first unit is silent and stays; the second moves in w1 to the first, and in w2 away.
    a, b = rng.uniform(0.5, 1), rng.uniform(0.5, 1)
    w1, w2, lr = np.array([[-a, 2 * a]]), np.array([[b], [b]]), 0.05
    y = 2 * a * b - 3 * a / b / (2 * lr)
    stays(student, w1, w2, np.array([[1.0]]), np.array([[y]]), 1, lr, expected=False)


# keras_initializer. Probes build the layers in the box; a kernel has 20 000 weights or more.

KERNELS = {"Dense": ((80, 250), 80), "Conv2D": ((3, 5, 8, 170), 120)}


@pytest.mark.question("keras_initializer")
@pytest.mark.weight(3)
@pytest.mark.parametrize("layer", KERNELS)
def test_kernels_have_kaimings_spread(student, rng, layer):
    """In a Keras layer the kernel has mean 0 and the variance two over the fan-in."""
    shape, fan_in = KERNELS[layer]
    kernel, std = student.probes.kernel(student.KaimingNormal, rng, shape), math.sqrt(2 / fan_in)
    assert_shape(kernel, shape, "the kernel")
    assert_spread(kernel, std, "the standard deviation of the kernel, over the right one,")
    assert_centred(kernel, std)


@pytest.mark.question("keras_initializer")
@pytest.mark.weight(2)
def test_kernels_are_normal(student, rng):
    """Of normal weights, one in 22 lies beyond two standard deviations; of uniform ones, none."""
    shape, fan_in = KERNELS["Dense"]
    kernel = student.probes.kernel(student.KaimingNormal, rng, shape)
    assert_tails(kernel, math.sqrt(2 / fan_in))
    assert_independent(kernel[:60, :100])


@pytest.mark.question("keras_initializer")
@pytest.mark.weight(2)
def test_types(student, rng):
    """The tensor has the asked type; without one, Keras' current default."""
    found = student.probes.types(student.KaimingNormal, rng, (4, 6))
    observe("the types", found)
    wanted = {name: name for name in ("float64", "float16")}
    wanted |= {"none": "float32", "none, default float64": "float64"}
    for asked, name in wanted.items():
        assert_close(found[asked], name, f"the type for dtype {asked}")
    layer = student.probes.layer_of_type(student.KaimingNormal, rng, (5, 3))
    assert_close(layer, "float64", "the type of the kernel in a float64 layer")


@pytest.mark.question("keras_initializer")
@pytest.mark.weight(2)
def test_seeds(student, rng):
    """The same seed gives the same weights, another seed gives others."""
    first, twin, other, *zeros = student.probes.twins(student.KaimingNormal, rng, (12, 17))
    what = "the share of equal weights for one seed"
    assert_statistic(likeness(first, twin), 1.0, 0.001, what)
    assert_statistic(likeness(first, other), 0.0, 0.1, "the share of equal weights for two seeds")
    assert_statistic(likeness(*zeros), 1.0, 0.001, "the share of equal weights for the seed 0")


@pytest.mark.question("keras_initializer")
def test_no_seed(student, rng):
    """Without a seed, two initializers give different weights."""
    one, other = student.probes.unseeded(student.KaimingNormal, rng, (13, 16))
    what = "the share of equal weights without a seed"
    assert_statistic(likeness(one, other), 0.0, 0.1, what)


@pytest.mark.question("keras_initializer")
@pytest.mark.weight(2)
def test_configuration(student, rng):
    """The configuration holds the seed, and makes a copy that gives the same weights."""
    found = student.probes.config(student.KaimingNormal, rng, 20)
    observe("the configuration", (tuple(found["names"]), found["seed"]))
    if not found["seed"]:
        fail(
            f"The configuration holds {', '.join(found['names']) or 'nothing'}, not the seed 20.",
            'get_config returns what __init__ takes, here {"seed": 20}.',
            "Remember the seed in __init__, and give it back in get_config.",
        )
    one, copy = student.probes.copies(student.KaimingNormal, rng, (9, 14))
    what = "the share of equal weights of an initializer and its copy"
    assert_statistic(likeness(one, copy), 1.0, 0.001, what)
