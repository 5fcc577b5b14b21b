"""Hidden tests of `transfer`. A docstring is the sentence that the student reads.

`probes.py` builds narrow networks in the box, whose weights and running statistics come from a seed;
a test sends shapes, a seed and images. Values are compared in float32: the reference is within 2e-6
of a float64 computation on all inputs here (tests/courses/test_transfer_oracles.py), so that 20
times that is not above the bound of 2e-5. Nothing here is random but the inputs, which come from `rng`.
"""

import numpy as np
import pytest

from grader.harness import assert_close, assert_matches, fail

# Networks: shape of the images, widths of the convolutions, and for classifiers classes and head.
WIDE = ((6, 9, 3), (4, 5), 3, "hidden")
HIGH = ((9, 5, 2), (5, 4), 4, "average")
FLAT = ((5, 4, 1), (3, 2), 2, "flatten")
TRUNK = ((8, 6, 3), (4, 5), 0.5)
PLAIN = ((7, 9, 2), (3, 4))
GREY = ((5, 8, 1), (4, 3))


def images_of(rng, number, shape, offset=0.5):
    """Images in float32, each with a brightness of its own."""
    own = rng.uniform(-0.5, 0.5, size=(number, 1, 1, 1))
    return (rng.normal(size=(number, *shape)) * 0.5 + own + offset).astype("float32")


def seed_of(rng):
    return int(rng.integers(2**31))


def look(probe, student, reference, name, *args):
    """What a probe sees of the student's function and of the reference's."""
    got = getattr(student.probes, probe)(getattr(student, name), *args)
    return got, getattr(reference.probes, probe)(getattr(reference, name), *args)


def check_kept(got):
    """All weights of the base are in the student's network, with their values."""
    if got["kept"] < 1:
        fail(
            f"Of the base's weights, {got['kept']:.0%} are found in your network.",
            "All of them are there, with the values that they were trained to.",
            "Use the base itself. A clone begins with fresh weights unless you copy them.",
        )


# extract_features


def features(student, reference, *args):
    got, expected = look("features", student, reference, "extract_features", *args)
    found = got["features"]
    if isinstance(found, np.ndarray) and found.dtype == np.float64:
        got["features"] = found.astype("float32")  # an average in higher precision is as right
    assert_close(got["features"], expected["features"], "the array of features")
    return got


@pytest.mark.question("extract_features")
@pytest.mark.weight(3)
@pytest.mark.parametrize(
    ("network", "number"),
    [(HIGH, 5), (WIDE, 3), (FLAT, 4)],
    ids=["average", "hidden layer", "flattened maps"],
)
def test_default_features(student, reference, rng, network, number):
    """Without a layer's name, the features are what goes into the last layer, in inference mode."""
    features(student, reference, network, seed_of(rng), images_of(rng, number, network[0]))


@pytest.mark.question("extract_features")
@pytest.mark.weight(2)
@pytest.mark.parametrize(
    ("network", "layer_name"),
    [(WIDE, "relu_0"), (HIGH, "conv_0"), (WIDE, "norm_1")],
    ids=["middle", "first", "last norm"],
)
def test_features_of_maps(student, reference, rng, network, layer_name):
    """A named layer with maps gives one number for each map: its average over height and width."""
    x = images_of(rng, 4, network[0])
    features(student, reference, network, seed_of(rng), x, layer_name)


@pytest.mark.question("extract_features")
@pytest.mark.parametrize("layer_name", ["hidden", "classes"])
def test_features_of_vectors(student, reference, rng, layer_name):
    """A named layer with vectors gives these as they are."""
    x = images_of(rng, 3, WIDE[0], offset=-2.0)
    features(student, reference, WIDE, seed_of(rng), x, layer_name)


@pytest.mark.question("extract_features")
@pytest.mark.weight(2)
@pytest.mark.parametrize("number", [1, 131], ids=["one", "many"])
def test_images_in_parts(student, reference, rng, number):
    """Any number of images works, one too, and at most 64 at a time go through the network."""
    got = features(student, reference, FLAT, seed_of(rng), images_of(rng, number, FLAT[0]))
    if got["largest"] > 64:
        fail(
            f"{got['largest']} images went through the network at once.",
            "At most 64 at a time, however many there are.",
            "Loop over range(0, len(images), 64) and join the parts.",
        )


@pytest.mark.question("extract_features")
@pytest.mark.weight(2)
def test_network_is_unchanged(student, reference, rng):
    """The network is as it was: no weight, no running statistic and no flag `trainable` has changed."""
    got = features(student, reference, HIGH, seed_of(rng), images_of(rng, 6, HIGH[0]))
    if got["moved"]:
        fail(
            f"After the call the network has another {got['moved'][0]}.",
            "Reading features leaves every weight, running statistic and flag as it was.",
            "Call the network in inference mode, training=False, and freeze nothing.",
        )


# nearest_neighbours


def rows_in_one(found):
    """The docstring shows the result in brackets, so a list of rows is an answer, too."""
    try:
        return np.asarray(found) if isinstance(found, list) else found
    except ValueError:  # rows of unequal length
        return found


def check_neighbours(student, reference, queries, gallery, k):
    found = rows_in_one(student.nearest_neighbours(queries, gallery, k))
    assert_close(found, reference.nearest_neighbours(queries, gallery, k))


@pytest.mark.question("nearest_neighbours")
@pytest.mark.weight(3)
@pytest.mark.parametrize(("queries", "gallery", "size", "k"), [(4, 9, 5, 3), (7, 60, 2, 20)])
def test_neighbours(student, reference, rng, queries, gallery, size, k):
    """The result holds the k nearest rows of the gallery for each query, nearest first."""
    # Lengths differ from row to row, so that an angle or a product gives another order.
    length = rng.uniform(0.5, 4.0, size=(gallery, 1))
    rows = rng.normal(size=(gallery, size)) * length
    found = rng.normal(size=(queries, size)) * 1.5
    check_neighbours(student, reference, found, rows, k)


@pytest.mark.question("nearest_neighbours")
@pytest.mark.weight(2)
def test_whole_gallery(student, reference, rng):
    """k may be the size of the gallery; then all of it is ranked."""
    rows, found = rng.normal(size=(8, 3)) * 2, rng.normal(size=(3, 3))
    check_neighbours(student, reference, found, rows, 8)


@pytest.mark.question("nearest_neighbours")
def test_one_of_everything(student, reference, rng):
    """One query, one feature, one neighbour, or a gallery of one row are fine."""
    check_neighbours(student, reference, rng.normal(size=(1, 1)), rng.normal(size=(6, 1)), 1)
    check_neighbours(student, reference, rng.normal(size=(5, 4)), rng.normal(size=(1, 4)), 1)


@pytest.mark.question("nearest_neighbours")
@pytest.mark.weight(2)
def test_own_gallery(student, rng):
    """An image that is in the gallery too is its own nearest neighbour."""
    rows = rng.normal(size=(10, 4)) * rng.uniform(0.5, 3.0, size=(10, 1))
    found = rows_in_one(student.nearest_neighbours(rows, rows.copy(), 2))
    assert_close(found[:, 0] if np.ndim(found) == 2 else found, np.arange(10), "the first column")


@pytest.mark.question("nearest_neighbours")
@pytest.mark.weight(2)
@pytest.mark.parametrize("kind", [np.float64, np.float32], ids=["float64", "float32"])
def test_large_offset(student, rng, kind):
    """Features far from 0 are ranked as well as others, also if they come in float32."""
    # On a grid of 1/16 all sums and squares are exact in float64 (not in float32), and no two
    # distances are equal: the rows lie on a line through the query, 1, 2, 3, ... steps away.
    steps = rng.permutation(np.arange(1, 15))
    signs = rng.choice([-1, 1], size=14)
    rows = 1e3 + (signs * steps / 16)[:, None] * np.array([1.0, 0.0, 0.0]) + np.zeros(3)
    query = np.full((1, 3), 1e3)
    found = rows_in_one(student.nearest_neighbours(query.astype(kind), rows.astype(kind), 14))
    assert_close(found, np.argsort(steps)[None], "the ranking")


@pytest.mark.question("nearest_neighbours")
@pytest.mark.weight(2)
def test_ties(student, reference, rng):
    """Where distances are equal, the smaller index comes first."""
    rows = rng.integers(0, 3, size=(60, 2)).astype(float)
    found = rng.integers(0, 3, size=(4, 2)).astype(float)
    check_neighbours(student, reference, found, rows, 60)


@pytest.mark.question("nearest_neighbours")
def test_unusual_arrays(student, reference, rng):
    """Read-only arrays that are not contiguous are fine, and stay as they are."""
    rows = (rng.normal(size=(14, 6)) - 5.0)[::2, ::2]
    found = rng.normal(size=(3, 3)).T - 5.0
    for array in (rows, found):
        array.flags.writeable = False
    check_neighbours(student, reference, found, rows, 4)


# linear_probe


@pytest.mark.question("linear_probe")
@pytest.mark.weight(3)
@pytest.mark.parametrize(
    ("network", "number", "classes"),
    [(TRUNK, 4, 3), (GREY, 1, 2)],
    ids=["colour", "one grey image"],
)
def test_probe_output(student, reference, rng, network, number, classes):
    """The output is the softmax of a linear map of the averaged features, with the base's weights."""
    x = images_of(rng, number, network[0])
    got, expected = look(
        "outputs", student, reference, "build_linear_probe", network, seed_of(rng), x, classes
    )
    check_kept(got)
    assert_close(got["output"], expected["output"])


def probe_trained(student, rng, classes):
    x, labels = images_of(rng, 6, TRUNK[0]), np.arange(6) % classes
    return student.probes.probe_trained(
        student.build_linear_probe, TRUNK, seed_of(rng), x, labels, classes
    )


@pytest.mark.question("linear_probe")
@pytest.mark.weight(2)
def test_probe_trains_two_variables(student, rng):
    """Two variables are trainable, the kernel and the bias of the new layer."""
    got = probe_trained(student, rng, 4)
    check_kept(got)
    expected = [[4], [TRUNK[1][-1], 4]]
    if got["trained"] != expected:
        shapes = ", ".join(str(tuple(shape)) for shape in got["trained"]) or "none"
        fail(
            f"{len(got['trained'])} variables are trainable (shapes: {shapes}).",
            f"Two are: {tuple(expected[1])} and {tuple(expected[0])}.",
            "The base is frozen as a whole, and the new layer is not.",
        )
    if got["heads"] != [True, True]:
        fail("After two steps of training the new layer has not changed.", "It learns.")


@pytest.mark.question("linear_probe")
@pytest.mark.weight(2)
def test_probe_leaves_the_base(student, rng):
    """Training moves neither the weights nor the running statistics of the base."""
    got = probe_trained(student, rng, 3)
    check_kept(got)
    if got["moved"]:
        fail(
            f"After two steps of training the base has another {', another '.join(got['moved'])}.",
            "Nothing of the base has moved, the running statistics of batch norm included.",
            "base.trainable = False freezes both; freezing variables one by one does not.",
        )


@pytest.mark.question("linear_probe")
@pytest.mark.weight(2)
def test_probe_in_training_mode(student, reference, rng):
    """In training, too, the base runs in inference mode: its batch norm uses the running statistics."""
    x = images_of(rng, 5, PLAIN[0])
    got, expected = look(
        "probe_modes", student, reference, "build_linear_probe", PLAIN, seed_of(rng), x, 3
    )
    check_kept(got)
    assert_close(got["output"], expected["output"], "the output in training mode")


# finetune


@pytest.mark.question("finetune")
@pytest.mark.weight(2)
@pytest.mark.parametrize(
    ("network", "classes", "num_frozen"), [(TRUNK, 3, 3), (PLAIN, 2, 7)], ids=["some", "all"]
)
def test_finetune_output(student, reference, rng, network, classes, num_frozen):
    """The network is the base with its weights, an average over the maps and a softmax layer."""
    x = images_of(rng, 3, network[0])
    got, expected = look(
        "outputs",
        student,
        reference,
        "build_finetune_model",
        network,
        seed_of(rng),
        x,
        classes,
        num_frozen,
    )
    check_kept(got)
    assert_close(got["output"], expected["output"])


@pytest.mark.question("finetune")
@pytest.mark.weight(4)
@pytest.mark.parametrize("num_frozen", [0, 4, 5, 7], ids=["none", "block", "convolution", "all"])
def test_which_layers_train(student, rng, num_frozen):
    """One step moves the layers from num_frozen on and the new one; those before stay, statistics too."""
    x, labels = images_of(rng, 6, PLAIN[0]), np.arange(6) % 3
    got = student.probes.finetuned(
        student.build_finetune_model, PLAIN, seed_of(rng), x, labels, 3, num_frozen
    )
    check_kept(got)
    # Layers with weights: a convolution and a batch norm in each block of three.
    expected = [place for place in (1, 2, 4, 5) if place >= num_frozen]
    if got["moved"] != expected:
        fail(
            f"With num_frozen = {num_frozen} a step moves {told(got['moved'])} of base.",
            f"It moves {told(expected)}; layer 0 is the InputLayer.",
            "Freeze base.layers[:num_frozen], and touch no other flag.",
        )
    if got["statistics"]:
        fail(
            f"The running statistics of layer {got['statistics'][0]} moved, which is frozen.",
            "A frozen batch norm layer keeps its statistics too.",
            "Set layer.trainable on the layer; freezing its variables one by one is not enough.",
        )
    if got["heads"] != [True, True]:
        fail("The new layer did not change in a step of training.", "It learns.")


def told(places):
    word = "layer" if len(places) == 1 else "layers"
    return f"{word} {', '.join(map(str, places))}" if places else "no layer"


@pytest.mark.question("finetune")
@pytest.mark.weight(2)
def test_finetune_loss_falls(student, rng):
    """Training on one batch makes its loss smaller."""
    x, labels = images_of(rng, 8, PLAIN[0]), np.arange(8) % 3
    losses = student.probes.losses(
        student.build_finetune_model, PLAIN, seed_of(rng), x, labels, 6, 3, 2
    )
    if not losses[-1] < losses[0]:
        fail(
            f"The loss went from {losses[0]:.3f} to {losses[-1]:.3f} in five steps on one batch.",
            "It falls.",
            "Is anything trainable, and is the output a softmax?",
        )


# learning_rates


@pytest.mark.question("learning_rates")
@pytest.mark.weight(3)
@pytest.mark.parametrize("rate", [0.04, 3e-6], ids=["large", "small"])
def test_rate(student, rng, rate):
    """The learning rate is at most a tenth of the probe's, and not 0."""
    got = compiled(student, rng, rate, 7, 0)["rate"]
    if not 0 < got <= rate / 10 * (1 + 1e-5):
        fail(
            f"The head was trained at a rate of {rate:.3g}, and fine-tuning runs at {got:.3g}.",
            f"It runs at {rate / 10:.3g} or less.",
            "Divide by ten: large steps destroy what the base has learnt.",
        )


@pytest.mark.question("learning_rates")
@pytest.mark.weight(2)
def test_loss(student, rng):
    """The loss is the cross-entropy for whole-number labels, of the model that came in with its weights."""
    got = compiled(student, rng, 0.02, 7)
    check_step(got)
    expected = -np.log(got["shares"][np.arange(6), np.arange(6) % 4].astype(float)).mean()
    assert_close(np.float32(got["loss"]), np.float32(expected), "the loss of a batch")


@pytest.mark.question("learning_rates")
@pytest.mark.weight(3)
def test_thawed_layers_train(student, rng):
    """Layers that were thawed after an earlier training are trained, the others are not."""
    got = compiled(student, rng, 0.05, 5)
    check_step(got)
    flags = [place >= 5 for place in range(len(got["flags"]))]
    if got["flags"] != flags:
        fail(
            "Compiling has changed which layers are trainable.",
            "The flags are as they were before the call.",
            "Leave `trainable` alone here: the caller has decided what is frozen.",
        )
    expected = [5, 6, 10]  # the convolution and the norm of the second block, and the classes
    if got["moved"] != expected:
        fail(
            f"After the call a step moves {told(got['moved'])}.",
            f"It moves {told(expected)}, which are not frozen any more.",
            "Flags take effect when the model is compiled: call model.compile.",
        )


def compiled(student, rng, rate, num_frozen, steps=1):
    x, labels = images_of(rng, 6, HIGH[0]), np.arange(6) % 4
    return student.probes.compiled(
        student.compile_for_finetuning, HIGH, seed_of(rng), x, labels, rate, num_frozen, steps
    )


def check_step(got):
    if got["failed"]:
        fail(
            f"After the call, a training step with labels like 0, 1, 2 raises {got['failed']}.",
            "The model trains on whole-number labels, with all layers that are trainable now.",
            "Call model.compile, with a loss for whole-number labels.",
        )


# strategy


@pytest.mark.question("strategy")
@pytest.mark.weight(3)
@pytest.mark.parametrize("similar", [True, False], ids=["similar", "different"])
@pytest.mark.parametrize("little_data", [True, False], ids=["little", "much"])
def test_table(student, reference, little_data, similar):
    """The advice is the one of the lecture's table, letter by letter."""
    assert_matches(student.choose_strategy, reference.choose_strategy, little_data, similar)


@pytest.mark.question("strategy")
def test_table_by_name(student):
    """The arguments are called little_data and similar."""
    found = [
        student.choose_strategy(little_data=little, similar=similar)
        for little, similar in ((True, False), (False, True))
    ]
    assert_close(found, ["another model or more data", "finetune all"], "the list of advice")


@pytest.mark.question("strategy")
@pytest.mark.weight(2)
def test_whether_to_transfer(student):
    """Below about a million labelled images, start from the weights of others."""
    for number, expected in ((40, True), (7_300, True), (190_000, True), (6_200_000, False)):
        found = student.should_transfer(number)
        assert_close(bool(found) if found in (0, 1) else found, expected, "whether to transfer")


# report


def check_report(got, trainable, frozen):
    if not isinstance(got, dict) or got.keys() != {"trainable", "frozen"}:
        fail("The report is not a dict of these two.", 'It is {"trainable": ..., "frozen": ...}.')
    for part, expected in (("trainable", trainable), ("frozen", frozen)):
        assert_close(got[part], expected, f"the number of {part} parameters")


@pytest.mark.question("report")
@pytest.mark.weight(2)
@pytest.mark.parametrize(
    ("network", "last"), [(HIGH, 4 * 4 + 4), (FLAT, 3 * 2 * 2 * 2 + 2)], ids=["average", "flatten"]
)
def test_report(student, network, last):
    """All numbers of all weights are counted, running statistics as frozen."""
    got = student.probes.report(student.parameter_report, network, [])
    (_, _, channels), (first, second), _, _ = network
    kernels = 9 * channels * first + 9 * first * second
    check_report(got, kernels + 2 * (first + second) + last, 2 * (first + second))


@pytest.mark.question("report")
@pytest.mark.weight(2)
@pytest.mark.parametrize(
    ("names", "moved"),
    [(["conv_0"], 9 * 3 * 4), (["conv_1", "norm_1", "hidden"], 9 * 4 * 5 + 10 + 36)],
    ids=["one layer", "several"],
)
def test_report_of_frozen_layers(student, names, moved):
    """The numbers of a frozen layer count as frozen; the state of a dropout is no parameter."""
    got = student.probes.report(student.parameter_report, WIDE, names)
    total = 9 * 3 * 4 + 8 + 9 * 4 * 5 + 10 + (5 * 6 + 6) + (6 * 3 + 3)
    check_report(got, total - moved, 2 * (4 + 5) + moved)


@pytest.mark.question("report")
@pytest.mark.weight(2)
@pytest.mark.parametrize("nested", [True, False], ids=["nested", "flat"])
def test_report_of_a_probe(student, nested):
    """A frozen base counts as a whole, also where it is one layer of the model."""
    got = student.probes.report_of_base(student.parameter_report, TRUNK, nested)
    check_report(got, 5 * 3 + 3, 9 * 3 * 4 + 9 * 4 * 5 + 4 * (4 + 5))
