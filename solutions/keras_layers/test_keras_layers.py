"""Hidden tests of `keras_layers`. A docstring is the sentence that the student reads.

`probes.py` makes the layers in the box and gives them weights that depend on their role, their shape
and a seed alone: what a weight is called and in which order they are made does not matter. Values
are compared in float32, where the reference is within 2e-6 of its own float64 for all inputs here
(tests/courses/test_keras_layers_oracles.py), so that 20 times that is not above the bound of 2e-5.
"""

import numpy as np
import pytest

from grader.compare.statistics import share_bound
from grader.harness import assert_close, assert_statistic, fail, observe


def batch(rng, *shape, spread=1.0, offset=0.5):
    """Inputs in float32."""
    return (rng.normal(size=shape) * spread + offset).astype("float32")


def channels(rng, *shape):
    """Inputs whose channels have different means and spreads."""
    size = shape[-1]
    spread, offset = 0.4 + rng.permutation(size) * 0.5, rng.permutation(size) - size / 2
    return (rng.normal(size=shape) * spread + offset).astype("float32")


def seed_of(rng):
    return int(rng.integers(2**31))


def compare(student, reference, probe, name, *args, **kwargs):
    """A probe gives the same for the student's layer as for the reference's."""
    got = getattr(student.probes, probe)(getattr(student, name), *args, **kwargs)
    expected = getattr(reference.probes, probe)(getattr(reference, name), *args, **kwargs)
    compare_parts(got, expected)


WORDS = {
    "outputs": "the list of outputs",
    "output": "the output",
    "after": "the output in inference after training",
    "inputs": "the gradient of the inputs",
    "shape": "the output's shape, -1 for the batch",
    "arguments": "the list of arguments in the configuration",
    "moving_mean": "the moving mean",
    "moving_variance": "the moving variance",
    "count": "the number of weights that count_params gives",
    "drops": "whether training drops anything (1: yes)",
}


def check_float64(student, reference, probe, name, *args):
    """The same, and the student's layer computed in float64."""
    got = getattr(student.probes, probe)(getattr(student, name), *args)
    output = got["outputs"][0] if isinstance(got, dict) else got
    if np.asarray(output).dtype != np.float64:
        fail(
            f'With dtype="float64" the output is {np.asarray(output).dtype}.',
            "It is float64.",
            "Keras' own arguments arrive in kwargs: hand them on, super().__init__(**kwargs).",
        )
    expected = getattr(reference.probes, probe)(getattr(reference, name), *args)
    compare_parts(got, expected)


def compare_parts(got, expected):
    """What a probe saw, part by part: the first that differs is told."""
    if not isinstance(expected, dict):
        assert_close(got, expected)
        return
    for part, value in expected.items():
        if part not in got:
            fail(f"The layer has no {part}.", f"It has {', '.join(sorted(expected))}.")
        for one, other in items(got[part], value):
            assert_close(one, other, WORDS.get(part, part))


def items(got, expected):
    """Pairs to compare one by one: the calls of a list, else the values themselves."""
    both = isinstance(expected, list) and isinstance(got, list) and len(expected) == len(got)
    if both and all(isinstance(value, np.ndarray) for value in expected):
        return list(zip(got, expected, strict=True))
    return [(got, expected)]


def check_weights(student, name, settings, shape, trained, fixed=()):
    """The weights of a layer: shapes and first values, in any order."""
    seen = student.probes.weights(getattr(student, name), settings, shape)
    wanted = {"trained": describe(trained), "fixed": describe(fixed)}
    for kind, label in (("trained", "trained"), ("fixed", "not trained")):
        got = [tuple(each) for each in seen[kind]]
        if got != wanted[kind]:
            fail(
                f"The layer has {told(got)} that {'are' if len(got) != 1 else 'is'} {label}.",
                f"It has {told(wanted[kind])}.",
                "Make each weight in `build` with self.add_weight(shape=..., initializer=...).",
            )
    count = sum(int(np.prod(shape)) for shape, _ in (*trained, *fixed))
    assert_close(seen["count"], count, WORDS["count"])


def describe(weights):
    return sorted((str(shape), value) for shape, value in weights)


def told(weights):
    """A list of weights in words."""
    if not weights:
        return "no weights"
    parts = [
        f"{shape} {'of ' + value if value != 'drawn' else 'at random'}" for shape, value in weights
    ]
    return f"{len(weights)} weight{'s' * (len(weights) > 1)} ({', '.join(parts)})"


def check_copy(student, reference, rng, name, settings, shape):
    """from_config(get_config()) gives a layer with the same arguments and the same output."""
    x, seed = batch(rng, *shape), seed_of(rng)
    got = student.probes.copied(getattr(student, name), settings, seed, x)
    for argument, value in settings.items():
        if not same_argument(got["arguments"][argument], value):
            fail(
                f"get_config() does not return the argument {argument} as the layer got it.",
                "Every argument of __init__ is in the configuration, under its own name.",
                f"Return it: {{**super().get_config(), {argument!r}: self.{argument}}}.",
            )
    expected = reference.probes.copied(getattr(reference, name), settings, seed, x)
    assert_close(got["output"], expected["output"], "the output of the copy")


def same_argument(found, value):
    """A size may be kept as the number that came or as a pair."""
    return found in (value, [value, value])


# layer_normalization


@pytest.mark.question("layer_normalization")
def test_layer_norm_weights(student):
    """The layer has two weights that are trained, gamma of ones and beta of zeros, both of shape (D,)."""
    check_weights(student, "LayerNormalization", {}, (2, 3, 7), [((7,), "1.0"), ((7,), "0.0")])


@pytest.mark.question("layer_normalization")
@pytest.mark.weight(2)
@pytest.mark.parametrize("shape", [(4, 6), (3, 5, 5), (2, 3, 4, 6)], ids=["2-D", "3-D", "4-D"])
def test_layer_norm_output(student, reference, rng, shape):
    """The output equals that of Keras' own layer, with the same gamma and beta, for inputs of any rank."""
    x = batch(rng, *shape)
    compare(student, reference, "output", "LayerNormalization", {}, seed_of(rng), x)


@pytest.mark.question("layer_normalization")
@pytest.mark.parametrize(
    ("epsilon", "spread"), [(None, 0.04), (0.7, 1.0)], ids=["default", "large"]
)
def test_layer_norm_epsilon(student, reference, rng, epsilon, spread):
    """epsilon is added to the variance, under the root; it is 1e-3 if not given."""
    settings = {} if epsilon is None else {"epsilon": epsilon}
    x = batch(rng, 5, 8, spread=spread, offset=0.0)
    compare(student, reference, "output", "LayerNormalization", settings, seed_of(rng), x)


@pytest.mark.question("layer_normalization")
@pytest.mark.weight(2)
@pytest.mark.parametrize("shape", [(5, 4), (2, 2, 3, 5)], ids=["2-D", "4-D"])
def test_layer_norm_gradients(student, reference, rng, shape):
    """Gradients reach the inputs, gamma and beta, and equal those of Keras' own layer."""
    x, cotangent = batch(rng, *shape), batch(rng, *shape)
    settings = {"epsilon": 0.01}
    args = (settings, seed_of(rng), x, cotangent)
    compare(student, reference, "slopes", "LayerNormalization", *args)


@pytest.mark.question("layer_normalization")
@pytest.mark.weight(2)
def test_layer_norm_in_a_network(student, reference, rng):
    """In a network the layer works with symbols, and then for batches of any size."""
    batches = [batch(rng, 3, 4, 6), batch(rng, 1, 4, 6), batch(rng, 5, 4, 6)]
    compare(student, reference, "network", "LayerNormalization", {}, seed_of(rng), batches)


@pytest.mark.question("layer_normalization")
def test_layer_norm_keeps_its_weights(student, reference, rng):
    """One call after the other uses the same weights."""
    batches = [batch(rng, 2, 5), batch(rng, 4, 5), batch(rng, 2, 5)]
    compare(student, reference, "outputs", "LayerNormalization", {}, seed_of(rng), batches)


@pytest.mark.question("layer_normalization")
def test_layer_norm_of_constant_rows(student, reference, rng):
    """A constant row gives beta, as does a single feature."""
    rows = np.repeat(batch(rng, 3, 1), 6, axis=1)
    compare(student, reference, "output", "LayerNormalization", {}, seed_of(rng), rows)
    single = batch(rng, 4, 2, 1)
    compare(student, reference, "output", "LayerNormalization", {}, seed_of(rng), single)


@pytest.mark.question("layer_normalization")
def test_layer_norm_in_float64(student, reference, rng):
    """Keras' own arguments go to super().__init__: with dtype="float64" all is computed in float64."""
    x = rng.normal(size=(1, 3, 9)) - 1e3
    settings = {"dtype": "float64", "name": "normed", "epsilon": 1e-4}
    check_float64(student, reference, "output", "LayerNormalization", settings, seed_of(rng), x)


@pytest.mark.question("layer_normalization")
@pytest.mark.weight(2)
def test_layer_norm_configuration(student, reference, rng):
    """A copy from the configuration has the same epsilon and gives the same output."""
    check_copy(student, reference, rng, "LayerNormalization", {"epsilon": 0.35}, (3, 7))


# batch_normalization

MODES = {"momentum": 0.7, "epsilon": 0.02}


@pytest.mark.question("batch_normalization")
def test_batch_norm_weights(student):
    """The layer has two weights that are trained and two that are not, all of shape (C,)."""
    state = [((5,), "1.0"), ((5,), "0.0")]
    check_weights(student, "BatchNormalization", {}, (3, 2, 4, 5), state, state)


@pytest.mark.question("batch_normalization")
@pytest.mark.weight(2)
@pytest.mark.parametrize("shape", [(7, 4), (4, 5, 3), (3, 4, 2, 5)], ids=["2-D", "3-D", "4-D"])
def test_batch_norm_in_training(student, reference, rng, shape):
    """In training each channel is normalised over the batch and all positions, as in Keras' own layer."""
    x = channels(rng, *shape)
    compare(
        student, reference, "output", "BatchNormalization", MODES, seed_of(rng), x, training=True
    )


@pytest.mark.question("batch_normalization")
@pytest.mark.weight(2)
@pytest.mark.parametrize("shape", [(6, 4), (2, 3, 4, 3)], ids=["2-D", "4-D"])
def test_batch_norm_moving_averages(student, reference, rng, shape):
    """Each training step moves both averages by momentum*old + (1 - momentum)*batch."""
    batches = [channels(rng, *shape) for _ in range(3)]
    compare(student, reference, "steps", "BatchNormalization", MODES, seed_of(rng), batches)


@pytest.mark.question("batch_normalization")
@pytest.mark.weight(2)
def test_batch_norm_under_tracing(student, reference, rng):
    """Under tf.function, which runs Python once, every step still moves the averages."""
    batches = [channels(rng, 4, 3, 2, 3) for _ in range(3)]
    args = (MODES, seed_of(rng), batches)
    compare(student, reference, "steps", "BatchNormalization", *args, traced=True)


@pytest.mark.question("batch_normalization")
@pytest.mark.weight(2)
@pytest.mark.parametrize("training", [None, False], ids=["by default", "training=False"])
@pytest.mark.parametrize("shape", [(5, 3), (2, 4, 3, 4)], ids=["2-D", "4-D"])
def test_batch_norm_in_inference(student, reference, rng, shape, training):
    """Outside training the moving averages normalise, and stay as they are."""
    batches = [channels(rng, *shape), channels(rng, 1, *shape[1:])]
    args = (MODES, seed_of(rng), batches)
    compare(student, reference, "idle", "BatchNormalization", *args, training=training)


@pytest.mark.question("batch_normalization")
@pytest.mark.weight(2)
def test_batch_norm_frozen(student, reference, rng):
    """With layer.trainable = False the layer is in inference, even when called with training=True."""
    batches = [channels(rng, 4, 3), channels(rng, 6, 3)]
    args = (MODES, seed_of(rng), batches)
    compare(student, reference, "idle", "BatchNormalization", *args, training=True, frozen=True)


@pytest.mark.question("batch_normalization")
def test_batch_norm_defaults(student, reference, rng):
    """Without arguments the momentum is 0.99 and epsilon 1e-3."""
    batches = [0.05 * channels(rng, 8, 2) for _ in range(2)]
    compare(student, reference, "steps", "BatchNormalization", {}, seed_of(rng), batches)


@pytest.mark.question("batch_normalization")
@pytest.mark.weight(2)
@pytest.mark.parametrize("training", [True, False], ids=["training", "inference"])
def test_batch_norm_gradients(student, reference, rng, training):
    """Gradients reach the inputs, gamma and beta; in training they flow through mean and variance as well."""
    x, cotangent = channels(rng, 3, 2, 3, 4), batch(rng, 3, 2, 3, 4)
    args = (MODES, seed_of(rng), x, cotangent)
    compare(student, reference, "slopes", "BatchNormalization", *args, training=training)


@pytest.mark.question("batch_normalization")
def test_batch_norm_in_a_network(student, reference, rng):
    """In a network the layer works with symbols, and then for batches of any size."""
    batches = [channels(rng, 4, 3, 2, 5), channels(rng, 1, 3, 2, 5)]
    args = (MODES, seed_of(rng), batches)
    compare(student, reference, "network", "BatchNormalization", *args)


@pytest.mark.question("batch_normalization")
def test_batch_norm_of_one(student, reference, rng):
    """A single image; a single channel; a channel that is constant."""
    x = channels(rng, 1, 4, 5, 3)
    x[..., 1] = -1.5
    for images in (x, channels(rng, 3, 2, 4, 1)):
        args = (MODES, seed_of(rng), [images])
        compare(student, reference, "steps", "BatchNormalization", *args)


@pytest.mark.question("batch_normalization")
def test_batch_norm_in_float64(student, reference, rng):
    """With dtype="float64" all is computed in float64, also far from 0."""
    settings = {**MODES, "dtype": "float64"}
    batches = [rng.normal(size=(6, 2, 3)) + 1e3 for _ in range(2)]
    check_float64(
        student, reference, "steps", "BatchNormalization", settings, seed_of(rng), batches
    )


@pytest.mark.question("batch_normalization")
@pytest.mark.weight(2)
def test_batch_norm_configuration(student, reference, rng):
    """A copy from the configuration has the same momentum and epsilon and gives the same output."""
    settings = {"momentum": 0.6, "epsilon": 0.25}
    check_copy(student, reference, rng, "BatchNormalization", settings, (4, 3))


# group_normalization


@pytest.mark.question("group_normalization")
def test_group_norm_weights(student):
    """gamma of ones and beta of zeros have one number for each channel, and are trained."""
    state = [((10,), "1.0"), ((10,), "0.0")]
    check_weights(student, "GroupNormalization", {"groups": 5}, (2, 3, 3, 10), state)


@pytest.mark.question("group_normalization")
@pytest.mark.weight(2)
@pytest.mark.parametrize(("size", "groups"), [(6, 2), (6, 3), (8, 2)])
def test_group_norm_output(student, reference, rng, size, groups):
    """Neighbouring channels form a group, normalised for each example on its own, as in Keras' own layer."""
    x, settings = channels(rng, 3, 4, 2, size), {"groups": groups}
    compare(student, reference, "output", "GroupNormalization", settings, seed_of(rng), x)


@pytest.mark.question("group_normalization")
@pytest.mark.parametrize("groups", [1, 4], ids=["one group", "single channels"])
def test_group_norm_at_the_ends(student, reference, rng, groups):
    """One group of all channels, and a group for each channel."""
    x, settings = channels(rng, 2, 3, 5, 4), {"groups": groups}
    compare(student, reference, "output", "GroupNormalization", settings, seed_of(rng), x)


@pytest.mark.question("group_normalization")
@pytest.mark.parametrize("shape", [(3, 8), (2, 5, 8)], ids=["2-D", "3-D"])
def test_group_norm_of_other_ranks(student, reference, rng, shape):
    """Inputs need not be images: any number of axes between batch and channels is fine."""
    x, settings = channels(rng, *shape), {"groups": 2, "epsilon": 0.3}
    compare(student, reference, "output", "GroupNormalization", settings, seed_of(rng), x)


@pytest.mark.question("group_normalization")
@pytest.mark.weight(2)
def test_group_norm_refuses_a_remainder(student):
    """If the groups do not divide the channels, building the layer raises ValueError."""
    for groups, size in ((4, 6), (3, 10), (8, 4)):
        said = student.probes.refused(
            student.GroupNormalization, {"groups": groups}, (None, 3, 3, size)
        )
        if said != "ValueError":
            fail(
                f"A layer with {groups} groups was built for {size} channels.",
                "build raises ValueError.",
                "Check in `build`, before the weights are made: channels % groups.",
            )


@pytest.mark.question("group_normalization")
@pytest.mark.weight(2)
def test_group_norm_gradients(student, reference, rng):
    """Gradients reach the inputs, gamma and beta, and equal those of Keras' own layer."""
    x, cotangent = channels(rng, 2, 3, 4, 6), batch(rng, 2, 3, 4, 6)
    args = ({"groups": 3}, seed_of(rng), x, cotangent)
    compare(student, reference, "slopes", "GroupNormalization", *args)


@pytest.mark.question("group_normalization")
@pytest.mark.weight(2)
def test_group_norm_in_a_network(student, reference, rng):
    """In a network the layer works with symbols, and then for batches of any size."""
    batches = [channels(rng, 4, 2, 3, 6), channels(rng, 1, 2, 3, 6)]
    args = ({"groups": 2}, seed_of(rng), batches)
    compare(student, reference, "network", "GroupNormalization", *args)


@pytest.mark.question("group_normalization")
def test_group_norm_in_float64(student, reference, rng):
    """With dtype="float64" all is computed in float64; one example, far from 0."""
    x = rng.normal(size=(1, 2, 5, 6)) + 1e3
    settings = {"groups": 3, "epsilon": 1e-4, "dtype": "float64"}
    check_float64(student, reference, "output", "GroupNormalization", settings, seed_of(rng), x)


@pytest.mark.question("group_normalization")
@pytest.mark.weight(2)
def test_group_norm_configuration(student, reference, rng):
    """A copy from the configuration has the same groups and epsilon and gives the same output."""
    settings = {"groups": 2, "epsilon": 0.45}
    check_copy(student, reference, rng, "GroupNormalization", settings, (2, 3, 8))


# dropout
#
# A mask may be drawn in any way, so only what holds for every draw is looked at. Inputs are not 0:
# a zero in the output is a dropped unit. Two independent masks agree with probability
# r^2 + (1 - r)^2, which share_bound bounds at 1e-9; one mask in the place of two agrees always.

UNITS = (1, 4000)


def dropped(out):
    return float(np.mean(np.asarray(out) == 0))


def agreement(one, other):
    """The share of units with the same fate in two outputs."""
    return float(np.mean((np.asarray(one) == 0) == (np.asarray(other) == 0)))


def calls_of(seen, shape, count):
    """The outputs of some calls, each of the shape of the inputs."""
    outputs = [np.asarray(out) for out in seen]
    for out in outputs:
        assert_shape(out, shape)
    return outputs[:count]


def assert_shape(out, shape):
    if out.shape != tuple(shape):
        fail(f"The output has the shape {out.shape}.", f"It has that of the input, {tuple(shape)}.")


@pytest.mark.question("dropout")
@pytest.mark.weight(2)
@pytest.mark.parametrize("rate", [0.2, 0.5, 0.85])
def test_dropout_share(student, rng, rate):
    """In training each unit is set to 0 with probability rate."""
    seen = student.probes.drawn(student.Dropout, {"rate": rate}, rng, UNITS)
    (out,) = calls_of(seen["outputs"], UNITS, 1)
    bound = share_bound(rate, out.size)
    assert_statistic(dropped(out), rate, bound, "the share of units set to 0")


@pytest.mark.question("dropout")
@pytest.mark.weight(2)
@pytest.mark.parametrize("rate", [0.2, 0.6])
def test_dropout_scale(student, rng, rate):
    """What is kept is divided by 1 - rate, also where it is negative."""
    seen = student.probes.drawn(student.Dropout, {"rate": rate}, rng, (40, 30), sign=-1.0)
    (out,), x = calls_of(seen["outputs"], (40, 30), 1), seen["x"]
    kept = out != 0
    scale = float(np.mean(out[kept] / x[kept])) if kept.any() else 0.0
    # The mistakes' factors differ from 1/(1 - rate) by a fifth and more.
    assert_statistic(scale, 1 / (1 - rate), 0.1 / (1 - rate), "a kept unit's output over its input")
    right = np.abs(out[kept] - x[kept] / (1 - rate)) <= 1e-5 / (1 - rate)
    assert_statistic(np.mean(right), 1.0, 1e-9, "the share of kept units with the right value")


@pytest.mark.question("dropout")
@pytest.mark.weight(2)
@pytest.mark.parametrize("training", [None, False], ids=["by default", "training=False"])
def test_dropout_in_inference(student, rng, training):
    """Outside training the output is the input."""
    x, settings = batch(rng, 6, 5, 4, offset=3.0), {"rate": 0.4, "seed": 3}
    out = student.probes.undrawn(student.Dropout, settings, rng, x, training)
    observe("the share set to 0", dropped(out), 0.3)
    assert_close(out, x)


@pytest.mark.question("dropout")
@pytest.mark.weight(2)
@pytest.mark.parametrize("seed", [None, 11], ids=["no seed", "with a seed"])
@pytest.mark.parametrize("traced", [False, True], ids=["eager", "traced"])
def test_dropout_draws_anew(student, rng, seed, traced):
    """Every call draws a fresh mask, also under tf.function and with a seed."""
    settings = {"rate": 0.5, "seed": seed}
    shape = (1, 2500)
    seen = student.probes.drawn(student.Dropout, settings, rng, shape, calls=3, traced=traced)
    first, second, third = calls_of(seen["outputs"], shape, 3)
    bound = share_bound(0.5, first.size)
    what = "the share of units with the same fate in two calls"
    assert_statistic(agreement(first, second), 0.5, bound, what)
    assert_statistic(agreement(second, third), 0.5, bound, what)


@pytest.mark.question("dropout")
@pytest.mark.weight(2)
def test_dropout_with_the_same_seed(student, rng):
    """Two layers with the same seed drop the same units, call after call."""
    settings, shape = {"rate": 0.5, "seed": int(rng.integers(1000))}, (1, 1500)
    seen = student.probes.drawn_twice(student.Dropout, settings, rng, shape, calls=3)
    for one, other in zip(seen["first"], seen["second"], strict=True):
        share = agreement(one, other)
        observe("the share of units with the same fate", share, 0.1)
        if share < 1:
            fail(
                "Two layers with the same seed dropped different units.",
                "The same seed gives the same sequence of masks.",
                "Give `seed` to the SeedGenerator that the layer draws from.",
            )


@pytest.mark.question("dropout")
def test_dropout_with_other_seeds(student, rng):
    """Two layers with different seeds drop different units."""
    shape = (1, 2500)
    first, second = (
        calls_of(
            student.probes.drawn(student.Dropout, {"rate": 0.5, "seed": seed}, rng, shape)[
                "outputs"
            ],
            shape,
            1,
        )[0]
        for seed in (21, 22)
    )
    what = "the share of units with the same fate in two layers"
    assert_statistic(agreement(first, second), 0.5, share_bound(0.5, first.size), what)


# Of 40 independent fates a share has sigma sqrt(0.25/40) = 0.079, which 100 such shares show to
# 0.0056, a twelfth of the tolerance; one fate for all 40 gives 0.5.


@pytest.mark.question("dropout")
@pytest.mark.parametrize("axis", [0, 1], ids=["for every example", "for every unit"])
def test_dropout_draws_one_by_one(student, rng, axis):
    """Every unit of every example is dropped on its own."""
    shape = (40, 100) if axis == 0 else (100, 40)
    seen = student.probes.drawn(student.Dropout, {"rate": 0.5}, rng, shape)
    (out,) = calls_of(seen["outputs"], shape, 1)
    spread = float(np.std(np.mean(out == 0, axis=axis)))
    what = (
        "the spread of the share set to 0, from unit to unit,"
        if axis == 0
        else ("the spread of the share set to 0, from example to example,")
    )
    assert_statistic(spread, 0.079, 0.07, what)


@pytest.mark.question("dropout")
def test_dropout_keeps_everything(student, rng):
    """With rate = 0 training changes nothing."""
    seen = student.probes.drawn(student.Dropout, {"rate": 0.0}, rng, (7, 9))
    observe("the share set to 0", dropped(seen["outputs"][0]), 0.3)
    assert_close(seen["outputs"][0], seen["x"])


@pytest.mark.question("dropout")
def test_dropout_gradient(student, rng):
    """The gradient of a kept unit is 1/(1 - rate), of a dropped one 0."""
    seen = student.probes.drawn_slope(student.Dropout, {"rate": 0.4}, rng, (20, 30))
    x, out, slope = (np.asarray(seen[part]) for part in ("x", "output", "slope"))
    assert_shape(out, x.shape)
    observe("the share of gradients that are 0", dropped(slope), 0.1)
    kept = out != 0
    observe("the largest gradient", float(np.max(slope)), 0.3)
    assert_close(slope, np.where(kept, 1 / 0.6, 0.0).astype("float32"), "the gradient")


@pytest.mark.question("dropout")
def test_dropout_in_a_network(student, rng):
    """In a network with an open batch size every example and every call has its own mask."""
    shape = (3, 10, 100)
    seen = student.probes.drawn_in_network(student.Dropout, {"rate": 0.5}, rng, shape)
    first, second = calls_of(seen["outputs"], shape, 2)
    bound = share_bound(0.5, first.size)
    what = "the share of units with the same fate in two calls"
    assert_statistic(agreement(first, second), 0.5, bound, what)
    what = "the share of units with the same fate in two examples"
    bound = share_bound(0.5, first[0].size)
    assert_statistic(agreement(first[0], first[1]), 0.5, bound, what)


@pytest.mark.question("dropout")
def test_dropout_configuration(student, rng):
    """The configuration holds rate and seed, and a copy made from it drops the same units."""
    settings = {"rate": 0.3, "seed": 17}
    seen = student.probes.drawn_copy(student.Dropout, settings, rng, (30, 40))
    for argument, value in settings.items():
        observe(argument, seen["arguments"][argument])
        if seen["arguments"][argument] != value:
            fail(
                f"get_config() does not return the argument {argument} as the layer got it.",
                "Every argument of __init__ is in the configuration, under its own name.",
            )
    share = agreement(seen["first"], seen["copy"])
    observe("the share of units with the same fate", share, 0.1)
    assert_close(share, 1.0, "the share of units with the same fate in the layer and its copy")


# conv2d


def conv(filters, kernel_size, strides=1, padding="valid", **more):
    settings = {"filters": filters, "kernel_size": kernel_size}
    settings |= {} if strides == 1 else {"strides": strides}
    return settings | ({} if padding == "valid" else {"padding": padding}) | more


@pytest.mark.question("conv2d")
def test_conv_weights(student):
    """The kernel has shape (KH, KW, C, F) and begins at random; the bias has F zeros."""
    weights = [((2, 3, 4, 5), "drawn"), ((5,), "0.0")]
    check_weights(student, "Conv2D", conv(5, (2, 3)), (2, 6, 6, 4), weights)


@pytest.mark.question("conv2d")
@pytest.mark.weight(2)
@pytest.mark.parametrize(
    ("size", "height", "width"), [(3, 6, 6), (2, 5, 8), ((3, 1), 7, 4), ((1, 4), 4, 6)]
)
def test_conv_output(student, reference, rng, size, height, width):
    """The output equals that of Keras' own layer for images and kernels that need not be square."""
    x = batch(rng, 2, height, width, 3)
    compare(student, reference, "output", "Conv2D", conv(4, size), seed_of(rng), x)


@pytest.mark.question("conv2d")
@pytest.mark.weight(2)
@pytest.mark.parametrize("strides", [2, 3, (1, 2), (3, 2)], ids=["2", "3", "1x2", "3x2"])
def test_conv_strides(student, reference, rng, strides):
    """The window moves by the strides, for rows and for columns; a last step that does not fit is dropped."""
    x = batch(rng, 2, 9, 8, 2)
    compare(student, reference, "output", "Conv2D", conv(3, 3, strides), seed_of(rng), x)


@pytest.mark.question("conv2d")
@pytest.mark.weight(2)
@pytest.mark.parametrize(
    ("size", "strides", "height", "width"),
    [(3, 1, 5, 6), (2, 1, 4, 7), (3, 2, 8, 7), (3, 3, 7, 8), ((4, 5), 2, 9, 6), (2, 3, 6, 8)],
    ids=["3", "even", "stride 2", "stride 3", "4x5 at 2", "2 at 3"],
)
def test_conv_same(student, reference, rng, size, strides, height, width):
    """padding="same" gives ceil(side / stride) places; an odd number of zeros has one more at the end."""
    x, settings = batch(rng, 2, height, width, 2, offset=1.0), conv(3, size, strides, "same")
    compare(student, reference, "output", "Conv2D", settings, seed_of(rng), x)


@pytest.mark.question("conv2d")
def test_conv_of_one(student, reference, rng):
    """One image, one channel, one filter; a kernel as large as the image; a kernel of one pixel."""
    x = batch(rng, 1, 5, 4, 1)
    for settings in (conv(1, (5, 4)), conv(1, 1), conv(1, (2, 4), padding="same")):
        compare(student, reference, "output", "Conv2D", settings, seed_of(rng), x)


@pytest.mark.question("conv2d")
def test_conv_of_an_impulse(student, rng):
    """A single bright pixel returns the kernel turned by 180 degrees, as cross-correlation does."""
    x = np.zeros((1, 7, 8, 2), "float32")
    x[0, 3, 4, 1] = 1.0
    seen = student.probes.impulse(student.Conv2D, conv(3, (3, 2)), seed_of(rng), x)
    kernel, bias = np.asarray(seen["kernel"]), np.asarray(seen["bias"])
    if kernel.shape != (3, 2, 2, 3) or bias.shape != (3,):
        fail(
            f"The kernel has the shape {kernel.shape} and the bias {bias.shape}.",
            "They are (KH, KW, C, F) and (F,).",
        )
    expected = np.zeros((1, 5, 7, 3)) + bias
    expected[0, 1:4, 3:5] += kernel[::-1, ::-1, 1]
    assert_close(seen["output"], expected.astype("float32"))


@pytest.mark.question("conv2d")
@pytest.mark.weight(2)
@pytest.mark.parametrize(
    ("strides", "padding", "side"), [(1, "valid", 4), (2, "same", 3)], ids=["valid", "same"]
)
def test_conv_gradients(student, reference, rng, strides, padding, side):
    """Gradients reach the images, the kernel and the bias, and equal those of Keras' own layer."""
    settings = conv(3, (2, 3), strides, padding)
    x = batch(rng, 2, 5, 6, 2)
    cotangent = batch(rng, 2, side, {4: 4, 3: 3}[side], 3)
    compare(student, reference, "slopes", "Conv2D", settings, seed_of(rng), x, cotangent)


@pytest.mark.question("conv2d")
@pytest.mark.weight(4)
def test_conv_in_a_network(student, reference, rng):
    """In a network the layer works with symbols, and then for batches of any size."""
    batches = [batch(rng, 3, 6, 5, 2), batch(rng, 1, 6, 5, 2)]
    args = (conv(2, 3, 2, "same"), seed_of(rng), batches)
    compare(student, reference, "network", "Conv2D", *args)


@pytest.mark.question("conv2d")
def test_conv_in_float64(student, reference, rng):
    """With dtype="float64" all is computed in float64, also for bright images."""
    x, settings = rng.normal(size=(1, 4, 6, 3)) + 1e3, conv(2, 2, 1, "same", dtype="float64")
    check_float64(student, reference, "output", "Conv2D", settings, seed_of(rng), x)


@pytest.mark.question("conv2d")
@pytest.mark.weight(2)
def test_conv_configuration(student, reference, rng):
    """A copy from the configuration has the same arguments and gives the same output."""
    x, seed, settings = batch(rng, 2, 7, 8, 3), seed_of(rng), conv(4, [3, 2], [2, 3], "same")
    got = student.probes.copied(student.Conv2D, settings, seed, x)
    for argument, value in settings.items():
        if not same_argument(got["arguments"][argument], value):
            fail(
                f"get_config() does not return the argument {argument} as the layer got it.",
                "Every argument of __init__ is in the configuration, under its own name.",
            )
    expected = reference.probes.copied(reference.Conv2D, settings, seed, x)
    assert_close(got["output"], expected["output"], "the output of the copy")


# gelu


@pytest.mark.question("gelu")
@pytest.mark.weight(2)
@pytest.mark.parametrize("shape", [(9,), (4, 7), (2, 3, 4, 2)], ids=["1-D", "2-D", "4-D"])
def test_gelu_output(student, reference, rng, shape):
    """The output is x times the probability that a standard normal number is smaller, for any shape."""
    x = batch(rng, *shape, spread=1.5, offset=0.0)
    compare(student, reference, "output", "GELU", {}, 0, x)


@pytest.mark.question("gelu")
def test_gelu_far_from_0(student, reference, rng):
    """Far to the right the output is x, far to the left 0."""
    for sign in (1, -1):
        x = (sign * rng.uniform(8, 900, size=(3, 5))).astype("float32")
        compare(student, reference, "output", "GELU", {}, 0, x)


@pytest.mark.question("gelu")
@pytest.mark.weight(3)
@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
def test_gelu_dtype(student, reference, rng, dtype):
    """The output has the dtype of the layer, and is as exact as that dtype allows."""
    x = rng.uniform(-3, 3, size=(6, 7)).astype(dtype)
    got = student.probes.output(student.GELU, {"dtype": dtype}, 0, x)
    found = getattr(np.asarray(got), "dtype", None)
    if found != np.dtype(dtype):
        fail(
            f"With inputs of {dtype} the output is {found}.",
            "The output has the dtype of the input.",
            "A constant of NumPy's has a dtype of its own: write it as a plain Python number.",
        )
    assert_close(got, reference.probes.output(reference.GELU, {"dtype": dtype}, 0, x))


@pytest.mark.question("gelu")
@pytest.mark.weight(2)
def test_gelu_gradient(student, reference, rng):
    """Its slope is that of the exact function, negative somewhere left of 0."""
    x, cotangent = batch(rng, 5, 6, spread=1.5, offset=-0.5), batch(rng, 5, 6)
    compare(student, reference, "slopes", "GELU", {}, 0, x, cotangent)


@pytest.mark.question("gelu")
def test_gelu_in_a_network(student, reference, rng):
    """In a network the layer works with symbols, and then for batches of any size."""
    batches = [batch(rng, 3, 5, 2), batch(rng, 1, 5, 2)]
    compare(student, reference, "network", "GELU", {}, 0, batches)


# serialization

BLOCK = {"filters": 6, "kernel_size": 2, "groups": 3, "activation": "tanh", "rate": 0.3}


def check_stored(seen):
    """What was loaded is a new network that gives the same outputs."""
    assert_close(seen["after"], seen["before"], "the output after loading")
    if not seen["new"]:
        fail(
            "load_network returned the very network that was saved.",
            "It makes a new one, out of the file alone.",
        )
    if not seen["count"]:
        fail(
            "The loaded network has another number of weights.", "It has as many as the saved one."
        )


@pytest.mark.question("serialization")
@pytest.mark.weight(2)
@pytest.mark.parametrize(
    "settings",
    [{"filters": 4}, {"filters": 6, "kernel_size": 2, "groups": 2, "activation": "softplus"}],
    ids=["defaults", "all arguments"],
)
def test_block_output(student, reference, rng, settings):
    """The block is convolution, group normalisation and activation in this order; the picture keeps its size."""
    x = batch(rng, 2, 5, 6, 3)
    compare(student, reference, "output", "ConvBlock", settings, seed_of(rng), x)


@pytest.mark.question("serialization")
def test_block_drops_in_training(student, rng):
    """In training a share of `rate` of the block's output is set to 0, otherwise nothing."""
    settings, shape = {"filters": 8, "activation": "softplus", "rate": 0.6}, (2, 14, 15, 1)
    seen = student.probes.drawn(student.ConvBlock, settings, rng, shape)
    out = np.asarray(seen["outputs"][0])
    assert_shape(out, (2, 14, 15, 8))
    bound = share_bound(0.6, out.size)
    assert_statistic(dropped(out), 0.6, bound, "the share of outputs set to 0 in training")


@pytest.mark.question("serialization")
def test_block_configuration(student, reference, rng):
    """A copy from the block's configuration has the same five arguments and gives the same output."""
    check_copy(student, reference, rng, "ConvBlock", BLOCK, (2, 5, 4, 3))


@pytest.mark.question("serialization")
@pytest.mark.weight(2)
def test_block_is_loaded_elsewhere(student, rng):
    """A network with a block that has other arguments than the defaults is saved, and loaded from the file by a process that knows the class and nothing else."""
    x = batch(rng, 2, 5, 4, 2)
    settings = {**BLOCK, "filters": 4, "groups": 2}
    seen = student.probes.stored_block(
        student.ConvBlock,
        student.save_network,
        student.load_network,
        settings,
        seed_of(rng),
        x,
    )
    check_stored(seen)


@pytest.mark.question("serialization")
def test_files_hold_everything(student, rng):
    """Each file holds one network with all its weights, moving averages too, and may be moved."""
    seen = student.probes.stored_plain(
        student.save_network, student.load_network, seed_of(rng), batch(rng, 3, 4)
    )
    check_stored(seen)


@pytest.mark.question("serialization")
@pytest.mark.parametrize("rate", [0.0, 0.9], ids=["all kept", "most dropped"])
def test_classifier_output(student, reference, rng, rate):
    """digit_classifier gives 10 scores for pictures (8, 8, 1) with values from 0 to 16, and hands its rate on."""
    x = rng.integers(0, 17, size=(3, 8, 8, 1)).astype("float32")
    settings = {"filters": 6, "rate": rate}
    compare(student, reference, "classified", "digit_classifier", settings, seed_of(rng), x)


@pytest.mark.question("serialization")
@pytest.mark.weight(2)
def test_classifier_is_loaded_elsewhere(student, rng):
    """A classifier is saved and loaded in the same way: it has no layer that a file cannot name."""
    x = rng.integers(0, 17, size=(2, 8, 8, 1)).astype("float32")
    seen = student.probes.stored_classifier(
        student.digit_classifier,
        student.save_network,
        student.load_network,
        student.ConvBlock,
        {"filters": 5, "rate": 0.1},
        seed_of(rng),
        x,
    )
    check_stored(seen)
