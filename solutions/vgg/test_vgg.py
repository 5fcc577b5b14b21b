"""Hidden tests of `vgg`. A docstring is the sentence that the student reads.

Networks are narrow and pictures small, so that a comparison takes a fraction of a second, but never
so narrow that all ReLUs of a layer could be dead by a draw of the weights: 6 filters, 16 units. What
a function does with a model is tried on networks of the course (`probes.py`), never on the student's
own.
"""

import numpy as np
import pytest

from grader.harness import (
    assert_close,
    assert_matches,
    assert_same_network,
    assert_same_parameters,
    assert_shape,
    fail,
)
from grader.records import Ending

# receptive_field


def seen_from_above(layers):
    """The extent of the pixels that one output needs, each followed down to the picture."""
    needed = {0}
    for kernel, stride in reversed(layers):
        needed = {stride * place + offset for place in needed for offset in range(kernel)}
    return max(needed) - min(needed) + 1


@pytest.mark.question("receptive_field")
def test_three_small_see_as_much_as_one_large(student):
    """Three layers of 3x3 see 7 pixels, as one layer of 7x7 does."""
    assert_close(student.receptive_field([(3, 1)] * 3), 7, "the receptive field of the stack")
    assert_close(student.receptive_field([(7, 1)]), 7, "the receptive field of the large kernel")


@pytest.mark.question("receptive_field")
def test_no_layer_sees_one_pixel(student):
    """Without any layer an output is a pixel, so the receptive field is 1; a 1x1 layer keeps it."""
    assert_close(student.receptive_field([]), 1, "the receptive field of no layer")
    assert_close(student.receptive_field([(1, 1), (1, 1)]), 1, "the receptive field of 1x1 layers")


@pytest.mark.question("receptive_field")
@pytest.mark.weight(2)
@pytest.mark.parametrize(
    "layers",
    [
        [(5, 3), (3, 2), (2, 1)],
        [(3, 1), (2, 2), (3, 1), (3, 1), (2, 2), (4, 1)],
        [(1, 2), (3, 3), (5, 1)],
        [(7, 2), (3, 2), (1, 1), (3, 2), (3, 2), (3, 2), (3, 2), (3, 1)],
    ],
    ids=["falling", "VGG-like", "gaps", "ResNet-like"],
)
def test_strides_widen_the_view_of_the_layers_above(student, reference, layers):
    """A stride widens the view of all layers above its own, also where it leaves pixels out."""
    assert_matches(student.receptive_field, reference.receptive_field, layers)


@pytest.mark.question("receptive_field")
def test_alexnet(student):
    """One number after the last pool of AlexNet sees 195 pixels."""
    convolutions = [(11, 4), (3, 2), (5, 1), (3, 2), (3, 1), (3, 1), (3, 1), (3, 2)]
    assert_close(student.receptive_field(convolutions), 195, "the receptive field")


@pytest.mark.question("receptive_field")
def test_every_pixel_that_matters(student, rng):
    """The result is what following each pixel through the network one by one gives."""
    for length in (2, 4, 5):
        layers = [
            (int(kernel), int(stride))
            for kernel, stride in zip(
                rng.integers(1, 6, size=length), rng.integers(1, 4, size=length), strict=True
            )
        ]
        assert_close(student.receptive_field(layers), seen_from_above(layers))


# stack_params


@pytest.mark.question("stack_params")
def test_the_numbers_of_the_lecture(student):
    """With C channels three layers of 3x3 have 27 C² weights, one of 7x7 has 49 C²: a ratio of 0.551."""
    small, large = student.stack_params(3, 3, 40), student.stack_params(7, 1, 40)
    assert_close(small, 27 * 40**2, "the number of weights of the stack")
    assert_close(large, 49 * 40**2, "the number of weights of the large kernel")
    assert_close(small / large, 27 / 49, "their ratio")


@pytest.mark.question("stack_params")
@pytest.mark.weight(2)
@pytest.mark.parametrize(
    ("kernel_size", "num_layers", "channels"), [(5, 2, 7), (2, 6, 11), (1, 4, 3), (3, 1, 1)]
)
def test_weights(student, reference, kernel_size, num_layers, channels):
    """All weights of all filters of all layers are counted, and no biases unless asked for."""
    assert_matches(student.stack_params, reference.stack_params, kernel_size, num_layers, channels)


@pytest.mark.question("stack_params")
@pytest.mark.parametrize(("kernel_size", "num_layers", "channels"), [(3, 5, 6), (4, 2, 9)])
def test_biases(student, reference, kernel_size, num_layers, channels):
    """With use_bias=True each filter of each layer has one number more."""
    assert_matches(
        student.stack_params,
        reference.stack_params,
        kernel_size,
        num_layers,
        channels=channels,
        use_bias=True,
    )


# vgg_block

# Picture (H, W, C), convolutions, filters. Where the channels are as many as the filters, one layer
# can be called twice without an error.
BLOCKS = [((8, 10, 3), 1, 6), ((9, 7, 6), 2, 6), ((6, 12, 1), 3, 7)]


def block_of(side, shape, num_convs, filters):
    return side.model_of(side.vgg_block, shape, num_convs, filters)


def images(rng, count, shape):
    return rng.normal(size=(count, *shape)).astype("float32")


@pytest.mark.question("vgg_block")
@pytest.mark.parametrize("block", BLOCKS[1:], ids=["two", "three"])
def test_parameters_of_a_block(student, reference, block):
    """A block has num_convs convolutions of 3x3, each with kernels and biases of its own, and nothing else to learn."""
    assert_same_parameters(block_of(student, *block), block_of(reference, *block))


@pytest.mark.question("vgg_block")
@pytest.mark.weight(2)
@pytest.mark.parametrize("block", BLOCKS, ids=["one", "two", "three"])
def test_output_of_a_block(student, reference, rng, block):
    """With the same weights the block gives the same output, for one, two and three convolutions."""
    assert_same_network(
        block_of(student, *block), block_of(reference, *block), rng, images(rng, 2, block[0])
    )


@pytest.mark.question("vgg_block")
@pytest.mark.parametrize("shape", [(5, 11, 2), (7, 4, 1)], ids=["both", "rows"])
def test_odd_sizes(student, reference, rng, shape):
    """Of an odd number of rows or columns the pool drops the last one."""
    block = (shape, 2, 6)
    assert_same_network(
        block_of(student, *block), block_of(reference, *block), rng, images(rng, 1, shape)
    )


@pytest.mark.question("vgg_block")
def test_gradients_of_a_block(student, reference, rng):
    """The gradients for the picture and for the weights are those of the reference."""
    block = ((6, 9, 2), 2, 7)
    assert_same_network(
        block_of(student, *block),
        block_of(reference, *block),
        rng,
        images(rng, 2, block[0]),
        gradients=True,
    )


@pytest.mark.question("vgg_block")
def test_a_block_on_pictures(student, rng):
    """The block may be called on pictures as well as on a keras.Input."""
    assert_shape(student.vgg_block(images(rng, 3, (10, 13, 2)), 2, 5), (3, 5, 6, 5))
    assert_shape(student.vgg_block(images(rng, 1, (4, 7, 1)), num_convs=1, filters=3), (1, 2, 3, 3))


# build_vgg

VGG19 = ((2, 64), (2, 128), (4, 256), (4, 512), (4, 512))
TWINS = {
    "wide": (((1, 6), (3, 7), (2, 8)), (9, 17, 2), 5, 16),
    "high": (((2, 8), (1, 6)), (11, 6, 1), 3, 20),
}
twins = pytest.mark.parametrize("twin", TWINS.values(), ids=TWINS)


def narrow(blocks):
    """The same number of convolutions with few filters, for a student's counting needs weights."""
    return tuple((num_convs, place) for place, (num_convs, _) in enumerate(blocks, start=3))


@pytest.mark.question("build_vgg")
@pytest.mark.weight(2)
@pytest.mark.parametrize(
    ("blocks", "published"), [((), 138_357_544), ((VGG19,), 143_667_240)], ids=["VGG16", "VGG19"]
)
def test_published_number_of_parameters(student, reference, blocks, published):
    """VGG16, which is what the defaults give, and VGG19 have as many parameters as published."""
    reply = student.probes.total_parameters.reply(student.build_vgg, *blocks)
    if reply.ending is Ending.FINISHED:
        assert_close(reply.value, published, "the number of parameters")
        return
    twin = (
        narrow(VGG19 if blocks else ((2, 0), (2, 0), (3, 0), (3, 0), (3, 0))),
        (32, 33, 3),
        9,
        5,
    )
    assert_same_parameters(student.build_vgg(*twin), reference.build_vgg(*twin))


@pytest.mark.question("build_vgg")
@twins
def test_parameters_of_a_narrow_vgg(student, reference, twin):
    """Every argument counts: blocks, input_shape, num_classes and dense_units."""
    assert_same_parameters(student.build_vgg(*twin), reference.build_vgg(*twin))


@pytest.mark.question("build_vgg")
@pytest.mark.weight(2)
@twins
def test_output_of_a_narrow_vgg(student, reference, rng, twin):
    """With the same weights a narrow VGG gives the same probabilities."""
    assert_same_network(
        student.build_vgg(*twin),
        reference.build_vgg(*twin),
        rng,
        images(rng, 3, twin[1]),
        head_scale=0.2,
    )


@pytest.mark.question("build_vgg")
def test_one_probability_for_each_class(student):
    """The model gives one probability for each class, and they sum to 1 for each picture."""
    model = student.build_vgg(
        blocks=((1, 6), (1, 8)), input_shape=(4, 7, 3), num_classes=6, dense_units=16
    )
    # Black pictures: what comes out does not depend on the kernels, which are the student's draw.
    found = model(np.zeros((5, 4, 7, 3), "float32"))
    assert_shape(found, (5, 6), "the output")
    assert_close(found.sum(axis=1), np.ones(5), "the sum of the outputs of a picture")


# count_layers


def conv(name, filters=2, size=3):
    return ("Conv2D", name, {"filters": filters, "kernel_size": size, "padding": "same"})


def dense(name, units=3):
    return ("Dense", name, {"units": units})


def plain(kind, name, **settings):
    return (kind, name, settings)


def vgg_like(*convs):
    """The layers of a narrow VGG. Its names say nothing, or something wrong."""
    layers = []
    for place, count in enumerate(convs):
        layers += [conv(f"roll_{place}_{number}", 1 + place % 2) for number in range(count)]
        layers.append(plain("MaxPooling2D", f"conv_{place}_halves"))
    head = [plain("Flatten", "before_dense"), dense("fc_1"), dense("fc_2"), dense("dense_fc", 2)]
    return layers + head


def counted(student, shape, layers):
    return student.count_weight_layers(student.probes.network(shape, layers))


@pytest.mark.question("count_layers")
def test_the_number_in_the_name(student):
    """VGG16 has 16 layers with a kernel, whatever its layers are called."""
    found = counted(student, (32, 35, 1), vgg_like(2, 2, 3, 3, 3))
    assert_close(found, 16, "the number of layers")


@pytest.mark.question("count_layers")
def test_layers_without_a_kernel(student):
    """Activations, pools, Flatten, Dropout and batch normalisation do not count."""
    layers = [
        conv("one"),
        plain("BatchNormalization", "norm"),
        plain("ReLU", "relu"),
        conv("two"),
        plain("Activation", "bend", activation="tanh"),
        plain("AveragePooling2D", "mean", pool_size=2),
        plain("Dropout", "drop", rate=0.3),
        conv("three", 4),
        plain("GlobalAveragePooling2D", "all"),
        dense("four"),
        plain("Softmax", "shares"),
    ]
    assert_close(counted(student, (7, 5, 2), layers), 4, "the number of layers")


@pytest.mark.question("count_layers")
@pytest.mark.weight(2)
def test_models_inside_a_model(student):
    """The layers of a model that stands in a layer's place count too, at any depth."""
    # Models name their layers each for themselves, so that a name may come again in another.
    inner = ("Functional", "inner", ((6, 9, 2), [conv("a"), plain("ReLU", "r"), conv("d")]))
    outer = ("Sequential", "outer", [conv("a"), inner, plain("MaxPooling2D", "p"), conv("d")])
    layers = [outer, plain("Flatten", "f"), ("Sequential", "head", [dense("a"), dense("g")])]
    assert_close(counted(student, (6, 9, 1), layers), 6, "the number of layers")


@pytest.mark.question("count_layers")
def test_a_shared_layer_counts_once(student):
    """A layer that is used in several places has one kernel and counts once."""
    again = ("Again", "shared", {})
    layers = [
        conv("first", 3),
        conv("shared", 3),
        again,
        ("Sequential", "left", [again, conv("own", 3)]),
        ("Sequential", "right", [plain("ReLU", "r"), again]),
        plain("Flatten", "f"),
        dense("last"),
    ]
    assert_close(counted(student, (5, 4, 2), layers), 4, "the number of layers")


# where_parameters_are

FLAT = {
    "small": ((6, 5, 2), [conv("a", 3), plain("Flatten", "b"), dense("c", 4)]),
    "deep": (
        (9, 14, 1),
        [
            conv("roll", 5),
            plain("ReLU", "bend"),
            plain("MaxPooling2D", "halve", pool_size=2),
            conv("roll_wide", 8, 5),
            plain("GlobalAveragePooling2D", "mean"),
            dense("scores", 7),
            plain("Softmax", "shares"),
        ],
    ),
    "normalised": (
        (4, 6, 3),
        [
            conv("k", 6, 1),
            plain("BatchNormalization", "norm_1"),
            conv("m", 4),
            plain("BatchNormalization", "norm_2"),
            plain("Activation", "bend", activation="relu"),
            plain("Flatten", "row"),
            dense("hidden", 10),
            plain("Dropout", "drop", rate=0.4),
            dense("out", 2),
        ],
    ),
    "dense only": ((3, 4, 2), [plain("Flatten", "row"), dense("u", 5), dense("v", 3)]),
}


def flat_models(*names):
    return pytest.mark.parametrize("model", [FLAT[name] for name in names], ids=names)


def shares(value):
    """The two shares; a whole number for a share that is 0 is fine."""
    if not isinstance(value, dict) or value.keys() != {"conv", "dense"}:
        fail(
            f"parameter_share returned {sorted(value) if isinstance(value, dict) else 'no dict'}.",
            'A dict with the keys "conv" and "dense".',
            'End with: return {"conv": ..., "dense": ...}',
        )
    return {name: float(part) if type(part) is int else part for name, part in value.items()}


def named_shapes(value):
    """The pairs as tuples, without the InputLayer, which may be listed or not."""
    pairs = isinstance(value, list | tuple) and all(
        isinstance(entry, list | tuple)
        and len(entry) == 2
        and isinstance(entry[0], str)
        and isinstance(entry[1], list | tuple)
        for entry in value
    )
    if not pairs:
        fail(
            "activation_shapes returned something other than pairs.",
            "A list with a pair (name of the layer, shape of its output) for each layer.",
            "Let each entry be a tuple of two: layer.name and a shape.",
        )
    return [(name, tuple(shape)) for name, shape in value if name != "pixels"]


@pytest.mark.question("where_parameters_are")
def test_shares_by_hand(student):
    """Three filters of 3x3x2 and four units for 90 numbers: 57 and 364 of 421 parameters."""
    model = student.probes.network(*FLAT["small"])
    expected = {"conv": 57 / 421, "dense": 364 / 421}
    assert_close(shares(student.parameter_share(model)), expected, "the shares")


@pytest.mark.question("where_parameters_are")
@flat_models("normalised", "dense only")
def test_shares(student, reference, model):
    """Kernels and biases count, and they are divided by all parameters of the model, trained or not."""
    got = student.parameter_share(student.probes.network(*model))
    expected = reference.parameter_share(reference.probes.network(*model))
    assert_close(shares(got), expected, "the shares")


@pytest.mark.question("where_parameters_are")
@pytest.mark.weight(2)
@flat_models("small", "deep", "normalised")
def test_shapes(student, reference, model):
    """Each layer is listed in its place, with its name and the shape of its output without the batch."""
    got = student.activation_shapes(student.probes.network(*model))
    expected = reference.activation_shapes(reference.probes.network(*model))
    assert_close(named_shapes(got), named_shapes(expected), "the shapes")
