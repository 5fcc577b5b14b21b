"""The known mistakes of `initialization`, each as a student writes it (names: COURSE §5).

`compute_fans` and the others mean the solution's functions where a mistake is theirs but for one
thing. A class without a base replaces each function that it defines. Some names need a word:

- kaiming: a wrong formula for the standard deviation stands in `kaiming_std` and reaches the normal
  weights, as it does where `kaiming_normal` calls `kaiming_std`. The uniform weights have their own
  formula and stay right.
- symmetry `first_layer_frozen` cannot be told from `looks_before_training`: while w1 stays as it is,
  all units agree afterwards if and only if they did before, since equal columns give all rows of
  w2 the same step. So the hint of the latter speaks of both, and `second_layer_frozen` takes the
  place of the former: units that move in w1 to where a silent one stands tell it.
- diagnose: a ratio turned upside down gives the same three words as `thresholds_swapped`.
"""

import math

import keras
import numpy as np

# forward_activations


@misconception(
    "forward_activations",
    hint="Only what comes out of a layer is a hidden activation. How many arrays do three layers give?",
)
def includes_input(x, weights):
    activations = [x]
    for w in weights:
        activations.append(np.maximum(0, activations[-1] @ w))
    return activations


@misconception(
    "forward_activations",
    hint="Some activations are negative. What is still to be done after the matrix product?",
)
def no_relu(x, weights):
    activations, h = [], x
    for w in weights:
        h = h @ w
        activations.append(h)
    return activations


@misconception(
    "forward_activations",
    hint="The formula reads from the inside out: first the product with W, then the ReLU of it.",
)
def relu_before_matmul(x, weights):
    activations, h = [], x
    for w in weights:
        h = np.maximum(0, h) @ w
        activations.append(h)
    return activations


@misconception(
    "forward_activations",
    hint="Nothing rescales the signal on its way: we want to see what the weights alone do to it.",
)
def normalizes_between(x, weights):
    activations, h = [], x
    for w in weights:
        h = np.maximum(0, h @ w)
        h = h / (h.std() + 1e-8)
        activations.append(h)
    return activations


@misconception(
    "forward_activations",
    hint="Every layer has weights of its own: which entry of the list does the second layer use?",
)
def same_matrix_every_layer(x, weights):
    activations, h = [], x
    for _ in weights:
        h = np.maximum(0, h @ weights[0])
        activations.append(h)
    return activations


@misconception(
    "forward_activations",
    hint="The list keeps what the next layer will see. Is that before the ReLU or after it?",
)
def keeps_pre_activations(x, weights):
    activations, h = [], x
    for w in weights:
        z = h @ w
        activations.append(z)
        h = np.maximum(0, z)
    return activations


@misconception(
    "forward_activations",
    hint="Each layer works on what the one before has passed on, not on the input again.",
)
def every_layer_sees_input(x, weights):
    return [np.maximum(0, x @ w) for w in weights]


@misconception(
    "forward_activations",
    hint="We want to watch the signal on its way: return all layers' activations, not only the last.",
)
def last_layer_only(x, weights):
    h = x
    for w in weights:
        h = np.maximum(0, h @ w)
    return h


@misconception(
    "forward_activations",
    hint="W has one row for each input, so the product is h @ W as it stands, without a transpose.",
)
def weights_transposed(x, weights):
    activations, h = [], x
    for w in weights:
        h = np.maximum(0, h @ w.T)
        activations.append(h)
    return activations


@misconception(
    "forward_activations",
    hint="The last layer has a ReLU like all others.",
)
def no_relu_at_the_end(x, weights):
    activations = forward_activations(x, weights)
    before = activations[-2] if len(weights) > 1 else x
    return [*activations[:-1], before @ weights[-1]]


@misconception(
    "forward_activations",
    hint="The input is what it is: neither centre it before the first layer, nor write into the caller's array.",
)
def centres_input(x, weights):
    x -= x.mean(axis=0)
    return forward_activations(x, weights)


# growth


@misconception(
    "growth",
    replaces="growth_per_layer",
    hint="What does ReLU do to half of the square of a pre-activation? It is missing here.",
)
def forgets_half(std, fan_in):
    return std * np.sqrt(fan_in)


@misconception(
    "growth",
    replaces="growth_per_layer",
    hint="Variances add, deviations do not: four times the inputs make a sum twice as large, not four times.",
)
def no_square_root(std, fan_in):
    return std * fan_in / 2


@misconception(
    "growth",
    replaces="growth_per_layer",
    hint="Not every layer is 4096 wide: which argument tells how wide it is?",
)
def assumes_4096(std, fan_in):
    return std * np.sqrt(4096 / 2)


@misconception(
    "growth",
    replaces="growth_per_layer",
    hint="It is the square that is halved, so the half belongs under the root with the fan-in.",
)
def half_outside_root(std, fan_in):
    return std * np.sqrt(fan_in) / 2


@misconception(
    "growth",
    replaces="growth_per_layer",
    hint="This is how the mean square grows. For the root mean square one step is missing at the end.",
)
def growth_of_variance(std, fan_in):
    return std**2 * fan_in / 2


@misconception(
    "growth",
    replaces="growth_per_layer",
    hint="`std` is a standard deviation already: outside the root it stands as it is, inside it is squared.",
)
def deviation_for_variance(std, fan_in):
    return np.sqrt(std * fan_in / 2)


@misconception(
    "growth",
    replaces="growth_per_layer",
    hint="Half of an odd number is not whole: divide with / here, not with //.",
)
def whole_half(std, fan_in):
    return std * np.sqrt(fan_in // 2)


@misconception(
    "growth",
    replaces="growth_per_layer",
    hint="The factor is what the signal is multiplied with: larger weights must give a larger one.",
)
def shrinks_for_growth(std, fan_in):
    return 1 / (std * np.sqrt(fan_in / 2))


@misconception(
    "growth",
    replaces="growth_per_layer",
    hint="This is the factor over six layers; asked for is that of one.",
)
def six_layers(std, fan_in):
    return (std * np.sqrt(fan_in / 2)) ** 6


# fans


@misconception(
    "fans",
    replaces="compute_fans",
    hint="How many numbers does one output of a 3x3 convolution see? The window counts, not only the channels.",
)
def conv_ignores_kernel(shape):
    return shape[-2], shape[-1]


@misconception(
    "fans",
    replaces="compute_fans",
    hint="Kernels are channels last here, (KH, KW, C_in, C_out): the window comes first.",
)
def conv_channels_first(shape):
    if len(shape) == 2:
        return shape[0], shape[1]
    window = shape[2] * shape[3]
    return shape[1] * window, shape[0] * window


@misconception(
    "fans",
    replaces="compute_fans",
    hint="Which of the two is summed over for one output? That is the fan-in, and comes first.",
)
def fans_swapped(shape):
    fan_in, fan_out = compute_fans(shape)
    return fan_out, fan_in


@misconception(
    "fans",
    replaces="compute_fans",
    hint="The product of all sizes counts all weights of the layer; one output uses only its share of them.",
)
def fans_product(shape):
    return math.prod(shape), math.prod(shape)


@misconception(
    "fans",
    replaces="compute_fans",
    hint="An input pixel lies in many windows, once at each place of the kernel: that counts for the fan-out.",
)
def fan_out_ignores_kernel(shape):
    return compute_fans(shape)[0], shape[-1]


@misconception(
    "fans",
    replaces="compute_fans",
    hint="A kernel has a height and a width, and they may differ: use both, not one squared.",
)
def square_kernel(shape):
    if len(shape) == 2:
        return shape[0], shape[1]
    return shape[0] ** 2 * shape[2], shape[0] ** 2 * shape[3]


@misconception(
    "fans",
    replaces="compute_fans",
    hint="A dense layer has no window, and np.prod of nothing is the float 1.0: say dtype=int, or use math.prod.",
)
def float_window(shape):
    window = np.prod(shape[:-2])
    return window * shape[-2], window * shape[-1]


@misconception(
    "fans",
    replaces="compute_fans",
    hint="The first two numbers of a convolution's shape are its window, not its channels.",
)
def first_two_numbers(shape):
    return shape[0], shape[1]


@misconception(
    "fans",
    replaces="compute_fans",
    hint="A dense layer has (D_in, D_out): h @ W sums over the rows, so the inputs come first.",
)
def dense_transposed(shape):
    return (shape[1], shape[0]) if len(shape) == 2 else compute_fans(shape)


@misconception(
    "fans",
    replaces="compute_fans",
    hint="A window of 3x3 has nine places: multiply its sides, do not add them.",
)
def sides_added(shape):
    window = sum(shape[:-2]) or 1
    return window * shape[-2], window * shape[-1]


# kaiming


def normal(shape, rng, std):
    return rng.normal(0.0, std, size=shape)


@misconception(
    "kaiming",
    hint="Two over the fan-in is the variance. What is asked for is the standard deviation.",
)
class variance_for_std:
    def kaiming_std(fan_in, negative_slope=0.0):
        return 2 / ((1 + negative_slope**2) * fan_in)

    def kaiming_normal(shape, rng):
        return normal(shape, rng, 2 / compute_fans(shape)[0])


@misconception(
    "kaiming",
    replaces="kaiming_normal",
    hint="`rng.normal` takes the standard deviation, not the variance, as its second argument.",
)
def variance_for_rng_normal(shape, rng):
    return normal(shape, rng, kaiming_std(compute_fans(shape)[0]) ** 2)


@misconception(
    "kaiming",
    hint="This is LeCun's start, one over the fan-in: it does not know that ReLU takes away a half.",
)
class one_over_fan_in:
    def kaiming_std(fan_in, negative_slope=0.0):
        return np.sqrt(1 / ((1 + negative_slope**2) * fan_in))

    def kaiming_normal(shape, rng):
        return normal(shape, rng, np.sqrt(1 / compute_fans(shape)[0]))


@misconception(
    "kaiming",
    hint="The root goes over the whole fraction: over the 2 and over the fan-in.",
)
class root_two_over_fan:
    def kaiming_std(fan_in, negative_slope=0.0):
        return np.sqrt(2) / ((1 + negative_slope**2) * fan_in)

    def kaiming_normal(shape, rng):
        return normal(shape, rng, np.sqrt(2) / compute_fans(shape)[0])


@misconception(
    "kaiming",
    hint="The forward signal is a sum over the inputs, so the first of the two fans counts, not the second.",
)
class fan_out_kaiming:
    def kaiming_normal(shape, rng):
        return normal(shape, rng, kaiming_std(compute_fans(shape)[1]))

    def kaiming_uniform(shape, rng):
        bound = np.sqrt(6 / compute_fans(shape)[1])
        return rng.uniform(-bound, bound, size=shape)


@misconception(
    "kaiming",
    hint="The first number of a convolution's shape is the height of its window, not its fan-in: use compute_fans.",
)
class first_number_for_fan_in:
    def kaiming_normal(shape, rng):
        return normal(shape, rng, kaiming_std(shape[0]))

    def kaiming_uniform(shape, rng):
        bound = np.sqrt(6 / shape[0])
        return rng.uniform(-bound, bound, size=shape)


@misconception(
    "kaiming",
    replaces="kaiming_normal",
    hint="This is Xavier's start, which takes the mean of both fans. Kaiming's asks for the fan-in alone.",
)
def xavier_for_kaiming(shape, rng):
    return normal(shape, rng, np.sqrt(2 / sum(compute_fans(shape))))


@misconception(
    "kaiming",
    replaces="kaiming_std",
    hint="A slope a multiplies the values; what does it do to their square?",
)
def slope_not_squared(fan_in, negative_slope=0.0):
    return np.sqrt(2 / ((1 + negative_slope) * fan_in))


@misconception(
    "kaiming",
    replaces="kaiming_std",
    hint="What a leaky ReLU lets through on the negative side adds to the signal: use the slope.",
)
def slope_ignored(fan_in, negative_slope=0.0):
    return np.sqrt(2 / fan_in)


@misconception(
    "kaiming",
    replaces="kaiming_std",
    hint="The factor 1 + a squared belongs to the variance: it stands under the root, too.",
)
def slope_outside_root(fan_in, negative_slope=0.0):
    return np.sqrt(2 / fan_in) / (1 + negative_slope**2)


@misconception(
    "kaiming",
    replaces="kaiming_uniform",
    hint="Uniform numbers reach farther than their standard deviation: by which factor? Their variance is b squared over 3.",
)
def uniform_bound_is_std(shape, rng):
    bound = np.sqrt(2 / compute_fans(shape)[0])
    return rng.uniform(-bound, bound, size=shape)


@misconception(
    "kaiming",
    replaces="kaiming_uniform",
    hint="Root of three over the fan-in belongs to the variance one over the fan-in. Where is Kaiming's 2?",
)
def uniform_bound_three(shape, rng):
    bound = np.sqrt(3 / compute_fans(shape)[0])
    return rng.uniform(-bound, bound, size=shape)


@misconception(
    "kaiming",
    replaces="kaiming_uniform",
    hint="Half of the weights should be negative: where does the interval begin?",
)
def uniform_positive_only(shape, rng):
    return rng.uniform(0, np.sqrt(6 / compute_fans(shape)[0]), size=shape)


@misconception(
    "kaiming",
    replaces="kaiming_uniform",
    hint="`kaiming_uniform` draws from a uniform distribution: between two bounds, each value as likely.",
)
def normal_for_uniform(shape, rng):
    return kaiming_normal(shape, rng)


@misconception(
    "kaiming",
    replaces="kaiming_normal",
    hint="Cutting a normal distribution at two deviations shrinks its spread to 0.88: make up for it, or do not cut.",
)
def truncated_uncorrected(shape, rng):
    std = kaiming_std(compute_fans(shape)[0])
    w = rng.normal(0, std, size=shape)
    while (outside := np.abs(w) > 2 * std).any():
        w[outside] = rng.normal(0, std, size=outside.sum())
    return w


@misconception(
    "kaiming",
    replaces="kaiming_normal",
    hint="The spread is right, but no weight is far from 0: a normal distribution has tails, a uniform one has none.",
)
def uniform_for_normal(shape, rng):
    return kaiming_uniform(shape, rng)


@misconception(
    "kaiming",
    hint="Each call gives the same weights, so all layers would start alike. Draw from the rng you are given.",
)
class own_seed:
    def kaiming_normal(shape, rng):
        return normal(shape, np.random.default_rng(0), kaiming_std(compute_fans(shape)[0]))

    def kaiming_uniform(shape, rng):
        bound = np.sqrt(6 / compute_fans(shape)[0])
        return np.random.default_rng(0).uniform(-bound, bound, size=shape)


@misconception(
    "kaiming",
    replaces="kaiming_normal",
    hint="All rows are the same numbers. Draw an array of the whole shape, so that each weight has its own.",
)
def one_row_repeated(shape, rng):
    row = rng.normal(0, kaiming_std(compute_fans(shape)[0]), size=shape[-1])
    return np.broadcast_to(row, shape).copy()


@misconception(
    "kaiming",
    hint="Draw with the rng you are given, not from np.random: only then can a run be repeated.",
)
class global_generator:
    def kaiming_normal(shape, rng):
        return np.random.randn(*shape) * kaiming_std(compute_fans(shape)[0])

    def kaiming_uniform(shape, rng):
        bound = np.sqrt(6 / compute_fans(shape)[0])
        return np.random.uniform(-bound, bound, size=shape)


# xavier


@misconception(
    "xavier",
    replaces="xavier_normal",
    hint="One over the *mean* of the fans: their mean is half of their sum.",
)
def xavier_sum_not_mean(shape, rng):
    return normal(shape, rng, np.sqrt(1 / sum(compute_fans(shape))))


@misconception(
    "xavier",
    replaces="xavier_normal",
    hint="One over the fan-in looks at the forward signal only. Xavier's start also asks the gradient.",
)
def xavier_fan_in_only(shape, rng):
    return normal(shape, rng, np.sqrt(1 / compute_fans(shape)[0]))


@misconception(
    "xavier",
    replaces="xavier_normal",
    hint="One over the fan-out looks at the gradient only. Xavier's start also asks the forward signal.",
)
def xavier_fan_out_only(shape, rng):
    return normal(shape, rng, np.sqrt(1 / compute_fans(shape)[1]))


@misconception(
    "xavier",
    replaces="xavier_normal",
    hint="Two over the sum of the fans is the variance; `rng.normal` takes the standard deviation.",
)
def xavier_variance_for_std(shape, rng):
    return normal(shape, rng, 2 / sum(compute_fans(shape)))


@misconception(
    "xavier",
    replaces="xavier_normal",
    hint="For a convolution both fans contain the window: use compute_fans, not the channels alone.",
)
def xavier_ignores_kernel(shape, rng):
    return normal(shape, rng, np.sqrt(2 / (shape[-2] + shape[-1])))


@misconception(
    "xavier",
    replaces="xavier_normal",
    hint="This is Kaiming's start, two over the fan-in. Xavier's 2 is that of a mean of two fans.",
)
def kaiming_for_xavier(shape, rng):
    return normal(shape, rng, np.sqrt(2 / compute_fans(shape)[0]))


@misconception(
    "xavier",
    replaces="xavier_normal",
    hint="The spread is right, but no weight is far from 0: these are uniform numbers, asked for are normal ones.",
)
def uniform_xavier(shape, rng):
    bound = np.sqrt(6 / sum(compute_fans(shape)))
    return rng.uniform(-bound, bound, size=shape)


@misconception(
    "xavier",
    replaces="xavier_normal",
    hint="Each call gives the same weights, so all layers would start alike. Draw from the rng you are given.",
)
def xavier_own_seed(shape, rng):
    return xavier_normal(shape, np.random.default_rng(0))


@misconception(
    "xavier",
    replaces="xavier_normal",
    hint="All rows are the same numbers. Draw an array of the whole shape, so that each weight has its own.",
)
def xavier_row_repeated(shape, rng):
    row = rng.normal(0, np.sqrt(2 / sum(compute_fans(shape))), size=shape[-1])
    return np.broadcast_to(row, shape).copy()


@misconception(
    "xavier",
    replaces="xavier_normal",
    hint="Draw with the rng you are given, not from np.random: only then can a run be repeated.",
)
def xavier_global_generator(shape, rng):
    return np.random.randn(*shape) * np.sqrt(2 / sum(compute_fans(shape)))


# diagnose


def word(ratio):
    return "vanishing" if ratio < 0.1 else "exploding" if ratio > 10 else "healthy"


def rms(h):
    return np.sqrt(np.mean(h**2))


@misconception(
    "diagnose",
    hint="A mean is small where most units are silent, however large the others are. Square before you average.",
)
def diagnoses_mean_not_scale(activations):
    return word(np.mean(activations[-1]) / np.mean(activations[0]))


@misconception(
    "diagnose",
    hint="A signal that gets smaller from layer to layer vanishes: are the words, or the ratio, the wrong way round?",
)
def thresholds_swapped(activations):
    ratio = rms(activations[-1]) / rms(activations[0])
    return "exploding" if ratio < 0.1 else "vanishing" if ratio > 10 else "healthy"


@misconception(
    "diagnose",
    hint="A signal may be small from the start and stay so. Compare the last layer with the first.",
)
def absolute_not_ratio(activations):
    return word(rms(activations[-1]))


@misconception(
    "diagnose",
    hint="From one layer to the next little happens. Compare the last layer with the very first.",
)
def neighbouring_layers(activations):
    return word(rms(activations[-1]) / rms(activations[-2]))


@misconception(
    "diagnose",
    hint="A norm grows with the number of units. What does the root mean square divide by?",
)
def norm_not_rms(activations):
    return word(np.linalg.norm(activations[-1]) / np.linalg.norm(activations[0]))


@misconception(
    "diagnose",
    hint="A standard deviation measures how different the activations are, not how large: do not subtract the mean.",
)
def deviation_not_rms(activations):
    return word(np.std(activations[-1]) / np.std(activations[0]))


@misconception(
    "diagnose",
    hint="The ratio is that of the mean squares: the root is missing.",
)
def mean_square_for_root(activations):
    return word(np.mean(activations[-1] ** 2) / np.mean(activations[0] ** 2))


@misconception(
    "diagnose",
    hint="A factor of two in all is nothing to worry about: from 0.1 to 10 a network is healthy.",
)
def any_change_is_ill(activations):
    ratio = rms(activations[-1]) / rms(activations[0])
    return "vanishing" if ratio < 0.9 else "exploding" if ratio > 1.1 else "healthy"


@misconception(
    "diagnose",
    hint="The mean goes over the whole batch; here only its first example is looked at.",
)
def first_example_only(activations):
    return word(rms(activations[-1][0]) / rms(activations[0][0]))


@misconception(
    "diagnose",
    hint="One large activation says little about all others: take the root mean square, not the maximum.",
)
def largest_for_root_mean_square(activations):
    return word(np.abs(activations[-1]).max() / np.abs(activations[0]).max())


@misconception(
    "diagnose",
    hint="The root is taken too early: average the squares of all examples first, then take the root once.",
)
def mean_of_roots(activations):
    first, last = (np.mean(np.sqrt(np.mean(activations[n] ** 2, axis=1))) for n in (0, -1))
    return word(last / first)


@misconception(
    "diagnose",
    hint="A signal may recover on its way: only the last layer is compared with the first.",
)
def worst_layer(activations):
    ratios = [rms(h) / rms(activations[0]) for h in activations]
    return "vanishing" if min(ratios) < 0.1 else word(max(ratios))


# symmetry


def trained(w1, w2, x, y, steps, lr, first=1.0, second=1.0):
    """Both layers after training; 0 in place of 1 freezes one of them."""
    for _ in range(steps):
        h = np.maximum(0, x @ w1)
        d = 2 * (h @ w2 - y) / y.size
        back = (d @ w2.T) * (h > 0)
        w1, w2 = w1 - first * lr * x.T @ back, w2 - second * lr * h.T @ d
    return w1, w2


def agree(w1, w2, tolerance=1e-9):
    return bool(
        np.abs(w1 - w1[:, :1]).max() <= tolerance and np.abs(w2 - w2[:1]).max() <= tolerance
    )


@misconception(
    "symmetry",
    replaces="weights_stay_equal",
    hint="The weights move, and still all units agree. Compare the units with each other, not with the start.",
)
def constant_called_random(w1, w2, x, y, steps, lr):
    after = trained(w1, w2, x, y, steps, lr)
    return bool(np.allclose(after[0], w1) and np.allclose(after[1], w2))


@misconception(
    "symmetry",
    replaces="weights_stay_equal",
    hint="Units may come together in training. Are both layers trained, and are the weights compared after the last step?",
)
def looks_before_training(w1, w2, x, y, steps, lr):
    return agree(w1, w2)


@misconception(
    "symmetry",
    replaces="weights_stay_equal",
    hint="Both layers learn in every step: what happens to w2?",
)
def second_layer_frozen(w1, w2, x, y, steps, lr):
    return agree(*trained(w1, w2, x, y, steps, lr, second=0.0))


@misconception(
    "symmetry",
    replaces="weights_stay_equal",
    hint="ReLU stops the gradient where it lets nothing through: where is [h > 0]?",
)
def mask_forgotten(w1, w2, x, y, steps, lr):
    for _ in range(steps):
        h = np.maximum(0, x @ w1)
        d = 2 * (h @ w2 - y) / y.size
        w1, w2 = w1 - lr * x.T @ (d @ w2.T), w2 - lr * h.T @ d
    return agree(w1, w2)


@misconception(
    "symmetry",
    replaces="weights_stay_equal",
    hint="The loss is a mean over all N K entries of out, not over the N examples alone.",
)
def mean_over_examples(w1, w2, x, y, steps, lr):
    return agree(*trained(w1, w2, x, y, steps, lr * y.shape[1]))


@misconception(
    "symmetry",
    replaces="weights_stay_equal",
    hint="You train for one step, whatever `steps` says.",
)
def one_step_only(w1, w2, x, y, steps, lr):
    return agree(*trained(w1, w2, x, y, 1, lr))


@misconception(
    "symmetry",
    replaces="weights_stay_equal",
    hint="The first two units agree. What about all others?",
)
def first_two_units(w1, w2, x, y, steps, lr):
    w1, w2 = trained(w1, w2, x, y, steps, lr)
    return agree(w1[:, :2], w2[:2])


@misconception(
    "symmetry",
    replaces="weights_stay_equal",
    hint="A unit is a column of w1 and a row of w2: along which axis do you compare?",
)
def rows_not_units(w1, w2, x, y, steps, lr):
    w1, w2 = trained(w1, w2, x, y, steps, lr)
    return bool(np.ptp(w1, axis=0).max() <= 1e-9 and np.ptp(w2, axis=1).max() <= 1e-9)


@misconception(
    "symmetry",
    replaces="weights_stay_equal",
    hint="Rounding makes equal sums differ in the last digit: allow a difference of 1e-9.",
)
def exactly_equal(w1, w2, x, y, steps, lr):
    return agree(*trained(w1, w2, x, y, steps, lr), tolerance=0)


@misconception(
    "symmetry",
    replaces="weights_stay_equal",
    hint="Weights that differ by a hundredth are different: which tolerances does your comparison have?",
)
def roughly_equal(w1, w2, x, y, steps, lr):
    return agree(*trained(w1, w2, x, y, steps, lr), tolerance=0.05)


@misconception(
    "symmetry",
    replaces="weights_stay_equal",
    hint="np.allclose has a relative tolerance of 1e-5 besides: say rtol=0 and atol=1e-9.",
)
def default_allclose(w1, w2, x, y, steps, lr):
    w1, w2 = trained(w1, w2, x, y, steps, lr)
    return bool(np.allclose(w1, w1[:, :1]) and np.allclose(w2, w2[:1]))


@misconception(
    "symmetry",
    replaces="weights_stay_equal",
    hint="A unit has weights on both sides: not only its column of w1, also its row of w2 must agree.",
)
def first_layer_compared_only(w1, w2, x, y, steps, lr):
    w1, w2 = trained(w1, w2, x, y, steps, lr)
    return agree(w1, w2[:1])


@misconception(
    "symmetry",
    replaces="weights_stay_equal",
    hint="A unit has weights on both sides: not only its row of w2, also its column of w1 must agree.",
)
def second_layer_compared_only(w1, w2, x, y, steps, lr):
    w1, w2 = trained(w1, w2, x, y, steps, lr)
    return agree(w1[:, :1], w2)


@misconception(
    "symmetry",
    replaces="weights_stay_equal",
    hint="The caller still needs the weights of the start: w1 = w1 - ... makes a new array, w1 -= ... does not.",
)
def trains_in_place(w1, w2, x, y, steps, lr):
    for _ in range(steps):
        h = np.maximum(0, x @ w1)
        d = 2 * (h @ w2 - y) / y.size
        back = (d @ w2.T) * (h > 0)
        w1 -= lr * x.T @ back
        w2 -= lr * h.T @ d
    return agree(w1, w2)


# keras_initializer


def keras_normal(shape, std, dtype, seed):
    dtype = dtype or keras.config.floatx()
    return keras.random.normal(shape, stddev=float(std), dtype=dtype, seed=seed)


class Seeded(keras.initializers.Initializer):
    """What is right in most of them."""

    def __init__(self, seed=None):
        self.seed = seed

    def __call__(self, shape, dtype=None):
        return keras_normal(shape, kaiming_std(compute_fans(shape)[0]), dtype, self.seed)

    def get_config(self):
        return {"seed": self.seed}


@misconception(
    "keras_initializer",
    replaces="KaimingNormal",
    hint="Keras says which type it wants: hand dtype on, and use keras.config.floatx() where it is None.",
)
class ignores_dtype(Seeded):
    def __call__(self, shape, dtype=None):
        return keras_normal(shape, kaiming_std(compute_fans(shape)[0]), "float32", self.seed)


@misconception(
    "keras_initializer",
    replaces="KaimingNormal",
    hint="Keras says which type it wants: hand dtype on, and use keras.config.floatx() where it is None.",
)
class dtype_not_handed_on(Seeded):
    def __call__(self, shape, dtype=None):
        return keras_normal(shape, kaiming_std(compute_fans(shape)[0]), None, self.seed)


@misconception(
    "keras_initializer",
    replaces="KaimingNormal",
    hint="Without a dtype Keras' current default counts, keras.config.floatx(), and that is not always float32.",
)
class float32_by_default(Seeded):
    def __call__(self, shape, dtype="float32"):
        return keras_normal(shape, kaiming_std(compute_fans(shape)[0]), dtype, self.seed)


@misconception(
    "keras_initializer",
    replaces="KaimingNormal",
    hint="Two initializers of one seed give different weights: does the draw in __call__ know the seed?",
)
class ignores_seed(Seeded):
    def __call__(self, shape, dtype=None):
        return keras_normal(shape, kaiming_std(compute_fans(shape)[0]), dtype, None)


@misconception(
    "keras_initializer",
    replaces="KaimingNormal",
    hint="A copy is made by KaimingNormal(**config): what must the configuration hold to give the same weights?",
)
class config_missing_seed(Seeded):
    def get_config(self):
        return {}


@misconception(
    "keras_initializer",
    replaces="KaimingNormal",
    hint="Keras' default is Glorot's: uniform, and with both fans in it. No factor makes it Kaiming's normal weights.",
)
class scales_keras_default(Seeded):
    def __call__(self, shape, dtype=None):
        return keras.initializers.GlorotUniform(seed=self.seed)(shape, dtype=dtype) * 2**0.5


@misconception(
    "keras_initializer",
    replaces="KaimingNormal",
    hint="Without a seed, each initializer draws its own weights: a fixed number is a seed, too.",
)
class fixed_seed(Seeded):
    def __init__(self, seed=0):
        self.seed = seed


@misconception(
    "keras_initializer",
    replaces="KaimingNormal",
    hint="0 is a seed like any other, and `if seed` takes it for none: ask whether it is None.",
)
class zero_is_no_seed(Seeded):
    def __call__(self, shape, dtype=None):
        return keras_normal(shape, kaiming_std(compute_fans(shape)[0]), dtype, self.seed or None)


@misconception(
    "keras_initializer",
    replaces="KaimingNormal",
    hint="`stddev` is a standard deviation: two over the fan-in is its square.",
)
class variance_for_stddev(Seeded):
    def __call__(self, shape, dtype=None):
        return keras_normal(shape, 2 / compute_fans(shape)[0], dtype, self.seed)


@misconception(
    "keras_initializer",
    replaces="KaimingNormal",
    hint="The second to last number of a shape is not the whole fan-in of a convolution: use compute_fans.",
)
class channels_for_fan_in(Seeded):
    def __call__(self, shape, dtype=None):
        return keras_normal(shape, kaiming_std(shape[-2]), dtype, self.seed)


@misconception(
    "keras_initializer",
    replaces="KaimingNormal",
    hint="Cutting a normal distribution at two deviations shrinks its spread to 0.88: make up for it, or do not cut.",
)
class truncated_kernel(Seeded):
    def __call__(self, shape, dtype=None):
        std = float(kaiming_std(compute_fans(shape)[0]))
        return keras.random.truncated_normal(shape, stddev=std, dtype=dtype, seed=self.seed)
