"""The known mistakes of `activations`, each as a student writes it (names: COURSE §2).

`gelu` and the others mean the solution's functions where a mistake is theirs but for one thing. A
class replaces each function that it defines. Some names are read here in one of several senses:

- relu `grad_at_negative` gives -1 there, as `np.sign` does; `grad_everywhere` gives 1.
- gelu and silu `..._no_product_rule` multiply the derivatives of the two factors, 1 and that of the
  gate; the slope that stops after the first term of the rule is `..._first_term_only`.
- saturation `threshold_on_output` counts outputs below the threshold, `near_zero_or_one` those
  within the threshold of either end.
- gradient_through_depth `mean_for_norm` is the mean of the absolute values.
"""

import numpy as np

# sigmoid


@misconception(
    "sigmoid",
    hint="Which way does your curve go? Far to the right the output is 1: look at the exponent's sign.",
)
def sign_flipped(x):
    return sigmoid(-x)


@misconception(
    "sigmoid",
    hint="e^1000 is infinite, and infinity over infinity is nan: which of the two forms is safe for large x?",
)
def overflow_nan(x):
    return np.exp(x) / (1 + np.exp(x))


@misconception(
    "sigmoid",
    hint="Your curve runs from -1 to 1, as tanh does. What is the sigmoid at 0?",
)
def tanh_for_sigmoid(x):
    return np.tanh(x)


@misconception(
    "sigmoid",
    replaces="sigmoid_grad",
    hint="x is the input: compute the sigmoid first, and then the slope from its output.",
)
def grad_takes_output(x):
    return x * (1 - x)


@misconception(
    "sigmoid",
    replaces="sigmoid_grad",
    hint="That is the sigmoid itself. Where it is flat, close to 1, its slope is close to 0.",
)
def grad_is_sigma(x):
    return sigmoid(x)


@misconception(
    "sigmoid",
    replaces="sigmoid_grad",
    hint="The slope has two factors: one is the sigmoid, the other is what is missing to 1.",
)
def grad_unscaled_square(x):
    return sigmoid(x) ** 2


@misconception(
    "sigmoid",
    replaces="sigmoid_grad",
    hint="1 - y^2 is the slope of tanh. What is the slope at 0 by your formula, and what should it be?",
)
def grad_of_tanh(x):
    return 1 - sigmoid(x) ** 2


@misconception(
    "sigmoid",
    replaces="sigmoid_grad",
    hint="Infinity over infinity is nan: at x = -1000 the slope is 0. Can you use the sigmoid instead?",
)
def grad_overflow_nan(x):
    return np.exp(-x) / (1 + np.exp(-x)) ** 2


@misconception(
    "sigmoid",
    replaces="sigmoid_grad",
    hint="A slope below 0 would mean that the curve falls. Which way round is the difference?",
)
def grad_negative(x):
    y = sigmoid(x)
    return y * (y - 1)


# relu


@misconception(
    "relu",
    hint="That is |x|: negative numbers become 0, they do not change their sign.",
)
def abs_for_relu(x):
    return np.abs(x)


@misconception(
    "relu",
    hint="The array belongs to the caller. Make a new one instead of writing into x.",
)
def in_place(x):
    x[x < 0] = 0
    return x


@misconception(
    "relu",
    hint="np.max looks for one number in an array; np.maximum compares two arrays, entry by entry.",
)
def max_for_maximum(x):
    return np.max([np.zeros_like(x), x])


@misconception(
    "relu",
    replaces="relu_grad",
    hint="Left of 0 the curve is flat. What is the slope of a flat line?",
)
def grad_at_negative(x):
    return np.sign(x)


@misconception(
    "relu",
    replaces="relu_grad",
    hint="The slope is 1 on one side only: does your answer look at the sign of x?",
)
def grad_everywhere(x):
    return np.ones_like(x)


@misconception(
    "relu",
    replaces="relu_grad",
    hint="A comparison gives True and False, but a gradient is multiplied: return floats.",
)
def returns_bool(x):
    return x > 0


@misconception(
    "relu",
    hint="ReLU has no upper end: a large number stays as large as it was.",
)
def clips_at_one(x):
    return np.clip(x, 0, 1)


@misconception(
    "relu",
    replaces="relu_grad",
    hint="That is ReLU itself. How steep is it where x is positive, at 1 and at 5?",
)
def grad_is_relu(x):
    return np.maximum(x, 0)


@misconception(
    "relu",
    replaces="relu_grad",
    hint="At x = 0 we say that the slope is 0. Is your comparison strict?",
)
def grad_one_at_zero(x):
    return (x >= 0).astype(float)


@misconception(
    "relu",
    hint="An array of zeros is float64 unless you say otherwise; a plain 0 takes the dtype of x.",
)
def always_double(x):
    return np.maximum(x, np.zeros(x.shape))


@misconception(
    "relu",
    hint="Your result is float32 whatever x is, and a large or exact number suffers. Keep the dtype of x.",
)
def always_single(x):
    with np.errstate(over="ignore"):
        return np.maximum(x, 0).astype(np.float32)


# leaky_relu


@misconception(
    "leaky_relu",
    hint="Positive numbers stay as they are. To which side does alpha belong?",
)
class alpha_on_positive:
    def leaky_relu(x, alpha=0.01):
        return np.where(x > 0, alpha * x, x)

    def leaky_relu_grad(x, alpha=0.01):
        return np.where(x > 0, alpha, 1.0)


@misconception(
    "leaky_relu",
    hint="The larger of alpha and x? Left of 0 there is a line with the slope alpha: alpha times what?",
)
def max_with_alpha(x, alpha=0.01):
    return np.maximum(alpha, x)


@misconception(
    "leaky_relu",
    hint="alpha is a slope: it multiplies x and is not subtracted from it.",
)
def alpha_subtracted(x, alpha=0.01):
    return np.where(x > 0, x, x - alpha)


@misconception(
    "leaky_relu",
    replaces="leaky_relu_grad",
    hint="The slope is alpha on one side only. What is it where x is positive?",
)
def grad_alpha_everywhere(x, alpha=0.01):
    return np.full(x.shape, alpha)


@misconception(
    "leaky_relu",
    hint="0.01 is only what alpha is if nobody says anything else: use the argument.",
)
class ignores_alpha:
    def leaky_relu(x, alpha=0.01):
        return np.where(x > 0, x, 0.01 * x)

    def leaky_relu_grad(x, alpha=0.01):
        return np.where(x > 0, 1.0, 0.01)


@misconception(
    "leaky_relu",
    replaces="leaky_relu_grad",
    hint="That is the slope of plain ReLU. What does the leak let through on the left?",
)
def grad_without_leak(x, alpha=0.01):
    return (x > 0).astype(float)


@misconception(
    "leaky_relu",
    replaces="leaky_relu_grad",
    hint="On the left the curve is alpha * x. Is its slope different at -1 and at -5?",
)
def grad_keeps_x(x, alpha=0.01):
    return np.where(x > 0, 1.0, alpha * x)


@misconception(
    "leaky_relu",
    hint="A negative number stays negative, only smaller. Which sign does your output have on the left?",
)
def leaks_upwards(x, alpha=0.01):
    return np.where(x > 0, x, alpha * np.abs(x))


# elu


@misconception(
    "elu",
    hint="alpha multiplies the whole bracket: at x = 0 it is alpha * (1 - 1), without a jump.",
)
def minus_one_outside(x, alpha=1.0):
    return np.where(x > 0, x, alpha * np.exp(np.minimum(x, 0)) - 1)


@misconception(
    "elu",
    hint="Far to the left the output comes to -alpha. Which argument is not used?",
)
def elu_no_alpha(x, alpha=1.0):
    return np.where(x > 0, x, np.expm1(np.minimum(x, 0)))


@misconception(
    "elu",
    hint="The two branches are exchanged: on which side is the exponential?",
)
def elu_branch_swapped(x, alpha=1.0):
    return np.where(x > 0, alpha * np.expm1(x), x)


@misconception(
    "elu",
    replaces="elu_grad",
    hint="A constant factor stays when you differentiate: the slope on the left contains alpha.",
)
def elu_grad_no_alpha(x, alpha=1.0):
    return np.where(x > 0, 1.0, np.exp(np.minimum(x, 0)))


@misconception(
    "elu",
    hint="A mask computes both branches, and 0 times infinity is nan: keep the exponential small where x is large.",
)
class overflow_leaks:
    def elu(x, alpha=1.0):
        return x * (x > 0) + alpha * (np.exp(x) - 1) * (x <= 0)

    def elu_grad(x, alpha=1.0):
        return (x > 0) + alpha * np.exp(x) * (x <= 0)


@misconception(
    "elu",
    replaces="elu_grad",
    hint="What is the derivative of the constant -1? The slope on the left has no such term.",
)
def elu_grad_keeps_minus_one(x, alpha=1.0):
    return np.where(x > 0, 1.0, alpha * np.expm1(np.minimum(x, 0)))


@misconception(
    "elu",
    hint="Just left of 0 your output is alpha, and just right of it 0: what is missing from e^x?",
)
def elu_no_minus_one(x, alpha=1.0):
    return np.where(x > 0, x, alpha * np.exp(np.minimum(x, 0)))


@misconception(
    "elu",
    replaces="elu_grad",
    hint="On the right ELU is x itself, whatever alpha is: how steep is that?",
)
def elu_grad_alpha_everywhere(x, alpha=1.0):
    return alpha * np.where(x > 0, 1.0, np.exp(np.minimum(x, 0)))


@misconception(
    "elu",
    hint="alpha belongs in front of the bracket. In the exponent it changes how fast the curve bends.",
)
def alpha_in_exponent(x, alpha=1.0):
    return np.where(x > 0, x, np.expm1(alpha * np.minimum(x, 0)))


# gelu


def below(x):
    return 0.5 * (1.0 + erf(x / np.sqrt(2.0)))


def density(x):
    return np.exp(-0.5 * x**2) / np.sqrt(2.0 * np.pi)


@misconception(
    "gelu",
    hint="The gate is the share of normal numbers below x, which climbs from 0 to 1; you used the bell curve.",
)
def gelu_density(x):
    return x * density(x)


@misconception(
    "gelu",
    hint="That is the fast approximation with tanh, up to 4.7e-4 away; here the exact function is asked for.",
)
class gelu_tanh_approximation:
    def gelu(x):
        return 0.5 * x * (1 + np.tanh(np.sqrt(2 / np.pi) * (x + 0.044715 * x**3)))

    def gelu_grad(x):
        bend = np.tanh(np.sqrt(2 / np.pi) * (x + 0.044715 * x**3))
        slope = np.sqrt(2 / np.pi) * (1 + 3 * 0.044715 * x**2)
        return 0.5 * (1 + bend) + 0.5 * x * (1 - bend**2) * slope


@misconception(
    "gelu",
    hint="That is the coarse approximation with a sigmoid, up to 0.02 away; here the exact function is asked for.",
)
class gelu_sigmoid_approximation:
    def gelu(x):
        return x * 0.5 * (1 + np.tanh(0.851 * x))

    def gelu_grad(x):
        gate = 0.5 * (1 + np.tanh(0.851 * x))
        return gate + 1.702 * x * gate * (1 - gate)


@misconception(
    "gelu",
    hint="erf belongs to a bell curve of another width. By what is x divided before erf sees it?",
)
class missing_root_two:
    def gelu(x):
        return x * 0.5 * (1 + erf(x))

    def gelu_grad(x):
        return 0.5 * (1 + erf(x)) + x * density(x)


@misconception(
    "gelu",
    hint="That is the gate alone, a number from 0 to 1. What is it multiplied with?",
)
def gelu_cdf_only(x):
    return below(x)


@misconception(
    "gelu",
    replaces="gelu_grad",
    hint="The derivative of a product is not the product of the derivatives: write the two terms of the rule.",
)
def gelu_grad_no_product_rule(x):
    return density(x)


@misconception(
    "gelu", hint="1 + erf runs from 0 to 2, but a probability from 0 to 1: what is missing?"
)
class gelu_half_forgotten:
    def gelu(x):
        return x * (1 + erf(x / np.sqrt(2)))

    def gelu_grad(x):
        return (1 + erf(x / np.sqrt(2))) + x * density(x)


@misconception(
    "gelu",
    replaces="gelu_grad",
    hint="The gate changes with x too: the product rule has a second term.",
)
def gelu_grad_first_term_only(x):
    return below(x)


@misconception(
    "gelu",
    replaces="gelu_grad",
    hint="In the second term one factor keeps its place: which one, when the gate is differentiated?",
)
def gelu_grad_forgets_x(x):
    return below(x) + density(x)


@misconception(
    "gelu",
    replaces="gelu_grad",
    hint="The bell curve has the area 1: by which constant is the exponential divided?",
)
def density_not_normalised(x):
    return below(x) + x * np.exp(-0.5 * x**2)


# silu


def gate(x):
    return 0.5 * (1 + np.tanh(0.5 * x))


@misconception(
    "silu",
    hint="That is the sigmoid alone. What does it gate?",
)
def silu_is_sigmoid(x):
    return gate(x)


@misconception(
    "silu",
    hint="Large positive inputs should pass and negative ones should not: look at the sign inside the gate.",
)
def silu_negative(x):
    return x * gate(-x)


@misconception(
    "silu",
    replaces="silu_grad",
    hint="The derivative of a product is not the product of the derivatives: write the two terms of the rule.",
)
def silu_grad_no_product_rule(x):
    return gate(x) * (1 - gate(x))


@misconception(
    "silu",
    replaces="silu_grad",
    hint="x changes too, with the slope 1: the product rule has another term, without x.",
)
def silu_grad_second_term_only(x):
    return x * gate(x) * (1 - gate(x))


@misconception(
    "silu",
    replaces="silu_grad",
    hint="The slope of the sigmoid y is not y squared. Which second factor does it have?",
)
def silu_grad_sigma_squared(x):
    return gate(x) + x * gate(x) ** 2


@misconception(
    "silu",
    replaces="silu_grad",
    hint="The gate changes with x too: the product rule has a second term.",
)
def silu_grad_first_term_only(x):
    return gate(x)


@misconception(
    "silu",
    replaces="silu_grad",
    hint="In the second term one factor keeps its place: which one, when the gate is differentiated?",
)
def silu_grad_forgets_x(x):
    return gate(x) + gate(x) * (1 - gate(x))


@misconception(
    "silu",
    hint="At x = 1000 infinity is divided by infinity: call a sigmoid that is right there.",
)
def silu_overflow_nan(x):
    return x * (np.exp(x) / (1 + np.exp(x)))


@misconception(
    "silu",
    hint="That is GELU, whose gate is the normal distribution. Here the gate is the sigmoid.",
)
class gelu_for_silu:
    def silu(x):
        return x * below(x)

    def silu_grad(x):
        return below(x) + x * density(x)


# saturation


@misconception(
    "saturation",
    replaces="saturated_fraction",
    hint="It is the slope that is compared with the threshold. A fixed limit for x fits one threshold at best.",
)
def saturation_by_value(x, threshold=0.01):
    return np.mean(np.abs(x) > 4)


@misconception(
    "saturation",
    replaces="saturated_fraction",
    hint="A sigmoid is flat at both ends: what about the very negative inputs?",
)
def saturation_only_positive(x, threshold=0.01):
    y = gate(x)
    return np.mean((x > 0) & (y * (1 - y) < threshold))


@misconception(
    "saturation",
    replaces="saturated_fraction",
    hint="That is how many there are. A share is divided by the number of all entries.",
)
def counts_not_share(x, threshold=0.01):
    y = gate(x)
    return np.sum(y * (1 - y) < threshold)


@misconception(
    "saturation",
    replaces="saturated_fraction",
    hint="You compare the sigmoid itself with the threshold. It is its slope that is small where a unit is saturated.",
)
def threshold_on_output(x, threshold=0.01):
    return np.mean(gate(x) < threshold)


@misconception(
    "saturation",
    replaces="saturated_fraction",
    hint="That is the share that still learns. Which side of the threshold is saturated?",
)
def not_saturated_share(x, threshold=0.01):
    y = gate(x)
    return np.mean(y * (1 - y) >= threshold)


@misconception(
    "saturation",
    replaces="saturated_fraction",
    hint="Outputs near 0 or 1 are nearly, but not exactly, those with a small slope: compare the slope.",
)
def near_zero_or_one(x, threshold=0.01):
    y = gate(x)
    return np.mean((y < threshold) | (y > 1 - threshold))


@misconception(
    "saturation",
    replaces="saturated_fraction",
    hint="The threshold is an argument, and 0.01 only its value if nobody says anything else.",
)
def threshold_fixed(x, threshold=0.01):
    y = gate(x)
    return np.mean(y * (1 - y) < 0.01)


@misconception(
    "saturation",
    replaces="saturated_fraction",
    hint="1 - y^2 is the slope of tanh. How steep is the sigmoid at 0?",
)
def slope_of_tanh(x, threshold=0.01):
    return np.mean(1 - np.tanh(x) ** 2 < threshold)


# gradient_through_depth


def forward(x, weights, activation):
    """All h_l, and all z_l."""
    outputs, inputs = [x], []
    for w in weights:
        inputs.append(outputs[-1] @ w)
        outputs.append(activation(inputs[-1]))
    return outputs, inputs


def backward(slopes, weights, last):
    """The gradients for h_0, ..., h_L, by the right rule, from the slopes of each layer."""
    gradients = [last]
    for slope, w in zip(reversed(slopes), reversed(weights), strict=True):
        gradients.insert(0, (gradients[0] * slope) @ w.T)
    return gradients


def norms(gradients):
    return np.array([np.linalg.norm(g) for g in gradients])


@misconception(
    "gradient_through_depth",
    replaces="gradient_norms",
    hint="On its way back the gradient passes each activation too: what is it multiplied with there?",
)
def forgets_activation_slope(x, weights, activation, activation_grad):
    outputs, inputs = forward(x, weights, activation)
    return norms(backward([np.ones(z.shape) for z in inputs], weights, np.ones(outputs[-1].shape)))


@misconception(
    "gradient_through_depth",
    replaces="gradient_norms",
    hint="Forward, units are mixed by W; backward, by which matrix? Square weights hide it, others do not fit.",
)
def w_not_transposed(x, weights, activation, activation_grad):
    outputs, inputs = forward(x, weights, activation)
    g = np.ones(outputs[-1].shape)
    found = [np.linalg.norm(g)]
    for z, w in zip(reversed(inputs), reversed(weights), strict=True):
        g = (g * activation_grad(z)) @ w
        found.insert(0, np.linalg.norm(g))
    return np.array(found)


@misconception(
    "gradient_through_depth",
    replaces="gradient_norms",
    hint="The slope is taken at what went into the activation, z, not at what came out.",
)
def slope_at_output(x, weights, activation, activation_grad):
    outputs, _ = forward(x, weights, activation)
    slopes = [activation_grad(h) for h in outputs[1:]]
    return norms(backward(slopes, weights, np.ones(outputs[-1].shape)))


@misconception(
    "gradient_through_depth",
    replaces="gradient_norms",
    hint="Your list begins with the output. The way back collects the norms in the reverse order.",
)
def wrong_order(x, weights, activation, activation_grad):
    return gradient_norms(x, weights, activation, activation_grad)[::-1]


@misconception(
    "gradient_through_depth",
    replaces="gradient_norms",
    hint="The Frobenius norm is the root of the sum of squares; a mean forgets how many entries there are.",
)
def mean_for_norm(x, weights, activation, activation_grad):
    outputs, inputs = forward(x, weights, activation)
    slopes = [activation_grad(z) for z in inputs]
    gradients = backward(slopes, weights, np.ones(outputs[-1].shape))
    return np.array([np.abs(g).mean() for g in gradients])


@misconception(
    "gradient_through_depth",
    replaces="gradient_norms",
    hint="That is the sum of squares: one root is missing.",
)
def squared_norms(x, weights, activation, activation_grad):
    return gradient_norms(x, weights, activation, activation_grad) ** 2


@misconception(
    "gradient_through_depth",
    replaces="gradient_norms",
    hint="There are L + 1 norms: that of the input, x itself, is one of them.",
)
def input_missing(x, weights, activation, activation_grad):
    return gradient_norms(x, weights, activation, activation_grad)[1:]


@misconception(
    "gradient_through_depth",
    replaces="gradient_norms",
    hint="There are L + 1 norms: the first one noted on the way back is that of the ones, at the output.",
)
def output_missing(x, weights, activation, activation_grad):
    return gradient_norms(x, weights, activation, activation_grad)[:-1]


@misconception(
    "gradient_through_depth",
    replaces="gradient_norms",
    hint="The last layer has its activation as well, so the first step back multiplies by a slope too.",
)
def last_layer_linear(x, weights, activation, activation_grad):
    outputs, inputs = forward(x, weights, activation)
    slopes = [activation_grad(z) for z in inputs[:-1]] + [np.ones(inputs[-1].shape)]
    return norms(backward(slopes, weights, np.ones(outputs[-1].shape)))


@misconception(
    "gradient_through_depth",
    replaces="gradient_norms",
    hint="The derivative of a sum for its own entries is 1: the way back begins with ones, not with h itself.",
)
def starts_with_the_output(x, weights, activation, activation_grad):
    outputs, inputs = forward(x, weights, activation)
    return norms(backward([activation_grad(z) for z in inputs], weights, outputs[-1]))


@misconception(
    "gradient_through_depth",
    replaces="gradient_norms",
    hint="Those are the norms of the outputs h. Asked for are the norms of the gradients for them.",
)
def norms_of_outputs(x, weights, activation, activation_grad):
    return norms(forward(x, weights, activation)[0])


# dead_relus


@misconception(
    "dead_relus",
    replaces="dead_fraction",
    hint="You count single zeros. A unit is dead if it is 0 for every example, so look at whole columns.",
)
def zeros_not_dead(x, w, b):
    return np.mean(x @ w + b <= 0)


@misconception(
    "dead_relus",
    replaces="dead_fraction",
    hint="You ask for which examples no unit fires. Along which axis do the examples lie?",
)
def dead_axis_swapped(x, w, b):
    return np.mean(np.all(x @ w + b <= 0, axis=1))


@misconception(
    "dead_relus",
    replaces="dead_fraction",
    hint="One silent example does not make a unit dead: for how many must it be silent?",
)
def dead_any_example(x, w, b):
    return np.mean(np.any(x @ w + b <= 0, axis=0))


@misconception(
    "dead_relus",
    replaces="dead_fraction",
    hint="A unit that is negative on average may still fire for one example, and then it lives.",
)
def dead_on_average(x, w, b):
    return np.mean(np.mean(x @ w + b, axis=0) <= 0)


@misconception(
    "dead_relus",
    replaces="dead_fraction",
    hint="Something is added before the ReLU, and it can push a unit below 0 for good: which argument is not used?",
)
def bias_forgotten(x, w, b):
    return np.mean(np.all(x @ w <= 0, axis=0))


@misconception(
    "dead_relus",
    replaces="dead_fraction",
    hint="Before the ReLU a silent unit is below 0, after it 0: which of the two do you compare with 0?",
)
def relu_forgotten(x, w, b):
    return np.mean(np.all(x @ w + b == 0, axis=0))


@misconception(
    "dead_relus",
    replaces="dead_fraction",
    hint="ReLU gives 0 for 0 too, and its slope there is 0: such a unit is as dead as one below 0.",
)
def zero_counts_as_alive(x, w, b):
    return np.mean(np.all(x @ w + b < 0, axis=0))


@misconception(
    "dead_relus",
    replaces="dead_fraction",
    hint="That is the share of units that fire now and then. Asked for are the others.",
)
def share_alive(x, w, b):
    return 1 - dead_fraction(x, w, b)


@misconception(
    "dead_relus",
    replaces="dead_fraction",
    hint="That is how many are dead. A share is divided by the number of units.",
)
def dead_count(x, w, b):
    return np.sum(np.all(x @ w + b <= 0, axis=0))
