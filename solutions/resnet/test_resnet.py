"""Hidden tests of `resnet`. A docstring is the sentence that the student reads.

Networks are narrow and pictures small, so that a comparison takes a fraction of a second, but never
so narrow that all ReLUs of a layer could be dead by a draw of the weights. What a function does with
a model or with a block is tried on those of the course (`probes.py`, which gets them as data), so
that a wrong block costs the points of its own question only.
"""

import numpy as np
import pytest

from grader.harness import (
    assert_close,
    assert_matches,
    assert_raises,
    assert_same_network,
    assert_same_parameters,
    fail,
    observe,
)
from grader.records import Ending


def images(rng, count, shape):
    return rng.normal(size=(count, *shape)).astype("float32")


def model_of(side, name, shape, *args):
    return side.model_of(getattr(side, name), shape, *args)


def assert_same(student, reference, rng, name, case, count=3, **modes):
    """The student's network is the reference's, with equal weights."""
    got, expected = model_of(student, name, *case), model_of(reference, name, *case)
    assert_same_network(got, expected, rng, images(rng, count, case[0]), **modes)


def assert_same_size(student, reference, name, case):
    assert_same_parameters(model_of(student, name, *case), model_of(reference, name, *case))


def assert_does_nothing(student, rng, name, case, training):
    """With gamma and beta at 0 nothing is added, so the block returns ReLU(x)."""
    x = images(rng, 3, case[0])
    found = student.probes.silenced(model_of(student, name, *case), x, training)
    assert_close(found, np.maximum(x, 0), "the output of a block whose norms are all 0")


# basic_block

# Picture (H, W, C), filters, stride. With one input channel, or where the stride leaves a single
# pixel, a sum without the projection would be broadcast instead of refused.
BASIC = {
    "equal channels": ((6, 9, 6), 6, 1),
    "more channels": ((9, 5, 2), 6, 1),
    "one channel": ((5, 8, 1), 6, 1),
    "stride": ((8, 10, 6), 6, 2),
    "odd sides": ((7, 11, 3), 7, 2),
    "one pixel": ((1, 2, 8), 8, 2),
}


def basic(*names):
    return pytest.mark.parametrize("case", [BASIC[name] for name in names], ids=names)


@pytest.mark.question("basic_block")
@basic("equal channels", "more channels", "stride")
def test_parameters_of_a_basic_block(student, reference, case):
    """Two 3x3 convolutions without bias and their batch norms; a projection only where the shapes ask for it."""
    assert_same_size(student, reference, "basic_block", case)


@pytest.mark.question("basic_block")
@pytest.mark.weight(2)
@basic("equal channels", "one channel", "stride", "odd sides", "one pixel")
def test_output_of_a_basic_block(student, reference, rng, case):
    """With the same weights the block gives the same output in inference mode."""
    assert_same(student, reference, rng, "basic_block", case, count=5)


@pytest.mark.question("basic_block")
@pytest.mark.weight(2)
@basic("equal channels", "stride")
def test_basic_block_in_training(student, reference, rng, case):
    """In training mode every batch norm uses the batch, and updates its running statistics."""
    assert_same(student, reference, rng, "basic_block", case, training=True)


@pytest.mark.question("basic_block")
def test_gradients_of_a_basic_block(student, reference, rng):
    """The gradients for the picture and for the weights are those of the reference."""
    assert_same(student, reference, rng, "basic_block", BASIC["more channels"], gradients=True)


@pytest.mark.question("basic_block")
@pytest.mark.parametrize("training", [False, True], ids=["inference", "training"])
def test_a_basic_block_that_adds_nothing(student, rng, training):
    """Where the convolutions add nothing, the block returns ReLU(x)."""
    assert_does_nothing(student, rng, "basic_block", ((4, 7, 5), 5), training)


@pytest.mark.question("basic_block")
def test_a_basic_block_on_pictures(student, rng):
    """The block may be called on pictures as well as on a keras.Input."""
    x = images(rng, 2, (9, 6, 3))
    shape = student.probes.shape_of(student.basic_block, x, 5, stride=2)
    assert_close(tuple(shape), (2, 5, 3, 5), "the shape of the output")


# bottleneck_block

# Picture (H, W, C), filters, stride, expansion.
BOTTLENECK = {
    "equal channels": ((5, 7, 24), 6),
    "as many as filters": ((6, 4, 6), 6, 1),
    "one channel": ((7, 5, 1), 6, 1),
    "stride": ((10, 8, 24), 6, 2),
    "odd sides": ((9, 7, 5), 6, 2, 3),
    "one pixel": ((2, 1, 24), 6, 2),
}


def bottleneck(*names):
    return pytest.mark.parametrize("case", [BOTTLENECK[name] for name in names], ids=names)


@pytest.mark.question("bottleneck_block")
@bottleneck("equal channels", "as many as filters", "odd sides")
def test_parameters_of_a_bottleneck(student, reference, case):
    """A 1x1, a 3x3 and a 1x1 that expands, without bias; a projection only where the shapes ask for it."""
    assert_same_size(student, reference, "bottleneck_block", case)


@pytest.mark.question("bottleneck_block")
@pytest.mark.weight(2)
@bottleneck("equal channels", "one channel", "stride", "odd sides", "one pixel")
def test_output_of_a_bottleneck(student, reference, rng, case):
    """With the same weights the block gives the same output in inference mode."""
    assert_same(student, reference, rng, "bottleneck_block", case, count=5)


@pytest.mark.question("bottleneck_block")
@pytest.mark.weight(2)
@bottleneck("equal channels", "stride")
def test_bottleneck_in_training(student, reference, rng, case):
    """In training mode every batch norm uses the batch, and updates its running statistics."""
    assert_same(student, reference, rng, "bottleneck_block", case, training=True)


@pytest.mark.question("bottleneck_block")
def test_gradients_of_a_bottleneck(student, reference, rng):
    """The gradients for the picture and for the weights are those of the reference."""
    case = BOTTLENECK["as many as filters"]
    assert_same(student, reference, rng, "bottleneck_block", case, gradients=True)


@pytest.mark.question("bottleneck_block")
def test_a_bottleneck_that_adds_nothing(student, rng):
    """Where the convolutions add nothing, the block returns ReLU(x)."""
    assert_does_nothing(student, rng, "bottleneck_block", ((3, 6, 12), 3), training=False)


# stem

# Picture (H, W, C), filters.
STEM = {"lecture": ((16, 20, 3), 6), "odd": ((11, 9, 1), 7), "mixed": ((10, 15, 2), 8)}
stems = pytest.mark.parametrize("case", STEM.values(), ids=STEM)


@pytest.mark.question("stem")
def test_parameters_of_a_stem(student, reference):
    """A 7x7 convolution without bias, and a batch norm."""
    assert_same_size(student, reference, "stem", ((9, 12, 3), 5))


@pytest.mark.question("stem")
@pytest.mark.weight(2)
@stems
def test_output_of_a_stem(student, reference, rng, case):
    """With the same weights the stem gives the same output, for even sides and for odd ones."""
    assert_same(student, reference, rng, "stem", case)


@pytest.mark.question("stem")
def test_stem_in_training(student, reference, rng):
    """In training mode the batch norm uses the batch, and updates its running statistics."""
    assert_same(student, reference, rng, "stem", ((14, 9, 2), 6), training=True)


@pytest.mark.question("stem")
def test_the_pictures_of_the_paper(student):
    """A picture of 224x224 leaves the stem as 64 maps of 56x56."""
    shape = model_of(student, "stem", (224, 224, 3)).output_shape
    assert_close(tuple(shape)[1:], (56, 56, 64), "the shape of the stem's output")


# stage

# Picture (H, W, C), filters, number of blocks, stride.
STAGE = {
    "stride": ((12, 9, 3), 5, 4, 2),
    "no stride": ((6, 7, 5), 4, 3, 1),
    "one block": ((10, 5, 2), 6, 1, 2),
    "stride of three": ((13, 18, 4), 4, 2, 3),
}


def planned(shape, filters, num_blocks, stride):
    """The calls of the blocks, as `probes.plan_of` notes them, and the shape of the output."""
    height, width, channels = shape
    small = (-(-height // stride), -(-width // stride))
    later = [[*small, filters, filters, 1]] * (num_blocks - 1)
    return [[height, width, channels, filters, stride], *later], [*small, filters]


@pytest.mark.question("stage")
@pytest.mark.weight(2)
@pytest.mark.parametrize("case", STAGE.values(), ids=STAGE)
def test_plan_of_a_stage(student, case):
    """Only the first block gets the stride, every block the same filters, and each the output of the one before."""
    calls, output = student.probes.plan_of(student.stage, *case)
    expected_calls, expected_output = planned(*case)
    assert_close(len(calls), case[2], "the number of blocks")
    assert_close(calls, expected_calls, "height, width, channels, filters, stride of each block")
    assert_close(output, expected_output, "the shape of the stage's output")


@pytest.mark.question("stage")
@pytest.mark.weight(2)
@pytest.mark.parametrize(
    ("name", "case"),
    [("basic_block", ((7, 10, 2), 6, 2, 2)), ("bottleneck_block", ((5, 6, 8), 5, 2, 1))],
    ids=["basic blocks", "bottlenecks"],
)
def test_output_of_a_stage(student, reference, rng, name, case):
    """With the same weights a stage of real residual blocks gives the same output."""
    block = getattr(reference, name)
    got = student.model_of(student.stage, *case, block)
    expected = reference.model_of(reference.stage, *case, block)
    assert_same_network(got, expected, rng, images(rng, 2, case[0]))


# build_resnet

PUBLISHED = {
    18: 11_689_512,
    34: 21_797_672,
    50: 25_557_032,
    101: 44_549_160,
    152: 60_192_808,
}
NARROW = ((32, 32, 2), 7, 1)  # for code that cannot be counted without its weights


@pytest.mark.question("build_resnet")
@pytest.mark.parametrize("depth", PUBLISHED)
def test_published_number_of_parameters(student, reference, depth):
    """With the defaults each ResNet learns as many parameters as published."""
    count = student.probes.trainable_parameters
    reply = count.reply(student.build_resnet, depth)
    if reply.ending is Ending.FINISHED:
        assert_close(reply.value, PUBLISHED[depth], "the number of trainable parameters")
        return
    found = count(student.build_resnet, depth, *NARROW, weightless=False)
    expected = reference.probes.trainable_parameters(reference.build_resnet, depth, *NARROW)
    assert_close(found, expected, "the number of trainable parameters of a narrow network")


@pytest.mark.question("build_resnet")
@pytest.mark.weight(3)
@pytest.mark.parametrize(
    ("depth", "shape", "classes", "width"),
    [(18, (64, 96, 3), 5, 4), (50, (96, 64, 1), 6, 3)],
    ids=["18", "50"],
)
def test_output_of_a_narrow_resnet(student, reference, rng, depth, shape, classes, width):
    """With the same weights a narrow network gives the same probabilities; every argument counts."""
    narrow = (depth, shape, classes, width)
    got, expected = student.build_resnet(*narrow), reference.build_resnet(*narrow)
    # With another number of blocks nothing is matched, and after fifty layers of weights that are
    # equal for equal shapes a softmax is saturated in either network.
    assert_same_parameters(got, expected)
    assert_same_network(got, expected, rng, images(rng, 3, shape), head_scale=0.05)


@pytest.mark.question("build_resnet")
def test_one_probability_for_each_class(student, rng):
    """The model gives one probability for each class, and they sum to 1 for each picture."""
    model = student.build_resnet(18, input_shape=(33, 40, 2), num_classes=4, width=4)
    shape, sums_to_one = student.probes.distribution(model, images(rng, 3, (33, 40, 2)))
    assert_close(tuple(shape), (3, 4), "the shape of the output")
    if not sums_to_one:
        fail(
            "The outputs for a picture do not sum to 1, or some are negative.",
            "One probability for each class.",
            "Which function turns scores into probabilities?",
        )


@pytest.mark.question("build_resnet")
@pytest.mark.parametrize("depth", [20, 56, 51])
def test_other_depths_are_refused(student, depth):
    """A depth that is none of the five raises ValueError."""
    assert_raises(student.build_resnet, ValueError, depth, (32, 32, 1), 3, 1)


# depth


@pytest.mark.question("depth")
@pytest.mark.parametrize(
    ("blocks", "convs", "name"),
    [
        ([2, 2, 2, 2], 2, 18),
        ([3, 4, 6, 3], 2, 34),
        ([3, 4, 6, 3], 3, 50),
        ([3, 4, 23, 3], 3, 101),
        ([3, 8, 36, 3], 3, 152),
    ],
    ids=["18", "34", "50", "101", "152"],
)
def test_the_number_in_the_name(student, blocks, convs, name):
    """The five networks of the paper have as many layers as their names say."""
    assert_close(student.count_depth(blocks, convs), name, "the number of layers")


@pytest.mark.question("depth")
@pytest.mark.parametrize(
    ("blocks", "convs"), [([9, 9, 9], 2), ([5], 3), ([4, 1, 7, 2, 6], 2), ([3, 5], 4)]
)
def test_depth_of_other_networks(student, reference, blocks, convs):
    """Any number of stages counts, and any number of convolutions in a block."""
    assert_matches(student.count_depth, reference.count_depth, blocks, convs)


# identity_by_construction


def residual(channels, sizes):
    """A residual block of convolutions of these sizes; the channels are squeezed in between."""
    layers = []
    for place, size in enumerate(sizes):
        last = place == len(sizes) - 1
        settings = {"kernel_size": size, "padding": "same", "use_bias": False}
        filters = channels if last or len(sizes) == 2 else channels // 2
        layers += [
            ("Conv2D", {"filters": filters, **settings}, [len(layers) - 1]),
            ("BatchNormalization", {}, [len(layers)]),
        ]
        if not last:
            layers.append(("ReLU", {}, [len(layers) - 1]))
    layers.append(("Add", {}, [len(layers) - 1, -1]))
    return [*layers, ("ReLU", {}, [len(layers) - 1])]


# Picture (H, W, C), kernel sizes.
BLOCKS = {"basic": ((5, 8, 3), (3, 3)), "bottleneck": ((6, 4, 8), (1, 3, 1))}
blocks = pytest.mark.parametrize("case", BLOCKS.values(), ids=BLOCKS)


def random_block(student, rng, case):
    shape, sizes = case
    seed = int(rng.integers(2**31))
    return student.probes.network(shape, residual(shape[-1], sizes), seed)


@pytest.mark.question("identity_by_construction")
@pytest.mark.weight(2)
@blocks
@pytest.mark.parametrize("training", [False, True], ids=["inference", "training"])
def test_the_block_returns_relu_of_x(student, rng, case, training):
    """After make_identity a block full of random numbers returns ReLU(x) in both modes."""
    model = random_block(student, rng, case)
    student.probes.silently(student.make_identity, model)
    x = images(rng, 4, case[0])
    assert_close(model(x, training=training), np.maximum(x, 0), "the output of the changed block")


@pytest.mark.question("identity_by_construction")
@blocks
def test_two_variables_change(student, rng, case):
    """make_identity changes two variables of the block: one that multiplies and one that is added."""
    model = random_block(student, rng, case)
    before = model.get_weights()
    student.probes.silently(student.make_identity, model)
    after = model.get_weights()
    changed = sum(not np.array_equal(one, other) for one, other in zip(before, after, strict=True))
    observe("variables changed", changed)
    if changed != 2:
        fail(
            f"make_identity changed {changed} of the {len(before)} variables of the block.",
            "2 variables change, and all others keep their numbers.",
            "Which layer stands directly before the sum, and what does it multiply and add?",
        )


# degradation

DENSE = [
    ("Dense", {"units": 6}, [-1]),
    ("ReLU", {}, [0]),
    ("Dense", {"units": 7}, [1]),
    ("BatchNormalization", {}, [2]),
    ("ReLU", {}, [3]),
]
PLAIN = [
    ("Conv2D", {"filters": 4, "kernel_size": 3, "padding": "same"}, [-1]),
    ("BatchNormalization", {}, [0]),
    ("ReLU", {}, [1]),
    ("Conv2D", {"filters": 5, "kernel_size": 3, "strides": 2}, [2]),
    ("BatchNormalization", {}, [3]),
    ("ReLU", {}, [4]),
]
MODELS = {
    "rows": ((5,), DENSE, 6),
    "plain": ((7, 9, 2), PLAIN, 3),
    "residual": ((6, 5, 3), residual(3, (3, 3)), 4),
    "one picture": ((9, 7, 2), PLAIN, 1),
}


def as_norm(value):
    """The norm as a single number of float32, in which the model computes."""
    if isinstance(value, bool) or np.size(value) != 1 or np.asarray(value).dtype.kind != "f":
        fail(
            "input_gradient_norm returned something other than one real number.",
            "One number for the whole batch, however many pictures and pixels there are.",
            "The norm is the square root of the sum of all squared entries of the gradient.",
        )
    return np.float32(np.reshape(value, ()))


@pytest.mark.question("degradation")
@pytest.mark.weight(2)
@pytest.mark.parametrize("case", MODELS.values(), ids=MODELS)
def test_norm_of_the_gradient(student, reference, rng, case):
    """The norm is that of the gradient of the sum of all outputs in training mode, with respect to the input."""
    shape, layers, count = case
    x, seed = images(rng, count, shape), int(rng.integers(2**31))
    found = student.input_gradient_norm(student.probes.network(shape, layers, seed), x)
    expected = reference.input_gradient_norm(reference.probes.network(shape, layers, seed), x)
    assert_close(as_norm(found), np.float32(expected), "the norm of the gradient")


@pytest.mark.question("degradation")
def test_a_gradient_known_by_hand(student, rng):
    """Where all outputs are positive, a single layer's gradient is the sum of its weights for each input."""
    layers = [("Dense", {"units": 4, "use_bias": False}, [-1]), ("ReLU", {}, [0])]
    model = student.probes.network((3,), layers, 0)
    weights = rng.uniform(0.2, 1.5, size=(3, 4)).astype("float32")
    model.set_weights([weights])
    x = rng.uniform(0.5, 2, size=(5, 3)).astype("float32")
    expected = np.sqrt(5 * (weights.sum(axis=1) ** 2).sum())
    assert_close(
        as_norm(student.input_gradient_norm(model, x)), expected, "the norm of the gradient"
    )
