"""Networks of students against the reference's. With real Keras, in this process."""

from __future__ import annotations

import importlib.util
from collections import Counter

import numpy as np
import pytest

from grader.harness import assert_same_network, assert_same_parameters
from grader.harness.outcome import Mismatch, Watch, current_watch
from grader.harness.proxies import Proxy
from grader.harness.student import Student
from tests.fakes import FakeSession

pytestmark = [
    pytest.mark.xdist_group("keras"),  # imported by one worker alone
    pytest.mark.skipif(importlib.util.find_spec("keras") is None, reason="needs Keras"),
    pytest.mark.filterwarnings("default"),
]

SHAPE = (9, 8, FILTERS := 6)
PICTURES = (2, *SHAPE)
UNBUILT = {"VggModel", "VggIf", "LayerNorm", "LayerNormOffsetFirst", "LayerNormOutside"}
RIGHT = {
    "vgg": ["vgg", "vgg_relu_layers", "vgg_padded", "vgg_bias_apart", "vgg_sequential",
            "vgg_second_made_first", "vgg_layer", "vgg_raw", "vgg_transposed", "VggModel"],
    "basic": ["basic", "basic_shortcut_first", "basic_layer", "basic_norm_by_hand", "basic_raw"],
    "two_uses": ["two_uses", "two_uses_made_otherwise"],
    "branches": ["branches", "branches_made_otherwise"],
    "branches_plain": ["branches_plain", "branches_plain_otherwise"],
    "classifier": ["classifier", "classifier_dropout", "classifier_lambda",
                   "classifier_transposed"],
    "keras_layer_norm": ["LayerNorm", "LayerNormOffsetFirst"],
}  # fmt: skip
WRONG = {
    "vgg_average": ("vgg", "what comes after the last one"),
    "vgg_valid": ("vgg", "What comes out of the 1st 3x3 convolution has shape"),
    "vgg_sigmoid": ("vgg", "1st 3x3 convolution agrees; what comes out of the 2nd 3x3 convolution"),
    "vgg_last_relu_alone": ("vgg", "The 1st 3x3 convolution agrees; what comes out of the 2nd"),
    "vgg_one": ("vgg", r"Your network has 1 kernel of shape \(3, 3, 6, 6\)"),
    "vgg_five": ("vgg", r"no kernels of shape \(3, 3, 6, 6\) and 2 kernels of shape \(5, 5"),
    "vgg_without_bias": ("vgg", "no vectors of biases of length 6"),
    "basic_no_final_relu": ("basic", "what comes after the last one"),
    "basic_stride_in_second": ("basic", "What comes out of the 1st 3x3 convolution has shape"),
    "basic_projection_without_norm": ("basic", "2 vectors of scales"),
    "basic_relu_before_add": ("basic", "what comes after the last one"),
    "basic_other_epsilon": ("basic", "batch normalization differs"),
    "two_uses_exchanged": ("two_uses", "connected in another way"),
    "branches_wrong_side": ("branches_plain", "what comes after the last one"),
    "classifier_logits": ("classifier", "what comes after the last one"),
    "LayerNormOutside": ("keras_layer_norm", "the normalization differs"),
}  # fmt: skip


@pytest.fixture
def watch():
    """What the test sees of the student."""
    token = current_watch.set(Watch())
    yield current_watch.get()
    current_watch.reset(token)


def network(side, name):
    """The network of that name in a box: a model of a function, or a layer as it is."""
    from tests.networks import zoo

    if name == "keras_layer_norm":
        side.target.namespace[name] = zoo.layers.LayerNormalization
        return getattr(side, name)(epsilon=1e-3)
    side.target.namespace[name] = getattr(zoo, name)
    return getattr(side, name)() if name in UNBUILT else side.model_of(getattr(side, name), SHAPE)


def pair(name, expected):
    """The student's network and the reference's."""
    student = Student(FakeSession({}), Watch(), Counter())
    return network(student, name), network(Proxy(FakeSession({})), expected)


def rng():
    return np.random.default_rng(5)


def pictures(seed=0):
    return np.random.default_rng(seed).normal(size=PICTURES)


def flattened(table):
    return [(name, expected) for expected, names in table.items() for name in names]


@pytest.mark.parametrize(("name", "expected"), flattened(RIGHT))
def test_one_network_written_in_many_ways_is_the_same(name, expected):
    """Functional, Sequential, subclassed, raw; other names, order, layout; unbuilt, idle layers."""
    got, reference = pair(name, expected)

    assert_same_network(got, reference, rng(), pictures())
    if name not in {"LayerNorm", "LayerNormOffsetFirst"}:
        assert_same_parameters(got, reference)


@pytest.mark.parametrize(
    ("name", "expected"),
    [pair for pair in flattened(RIGHT) if pair[0] not in {"basic_raw", "classifier_dropout"}],
)
def test_gradients_and_statistics_agree_whatever_the_way(name, expected):
    """In training mode, to inputs and weights, after the call."""
    got, reference = pair(name, expected)

    assert_same_network(got, reference, rng(), pictures(), training=True, gradients=True)


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_network_is_told_where_it_parts(name):
    """The diagnosis names the first layer, or the weights that are too many or too few."""
    expected, words = WRONG[name]

    with pytest.raises(Mismatch, match=words):
        assert_same_network(*pair(name, expected), rng(), pictures())


def test_a_wrong_connection_is_told():
    """All weights are there, but the shortcut starts elsewhere."""
    student = Student(FakeSession({}), Watch(), Counter())
    reference = Proxy(FakeSession({}))
    from tests.networks import zoo

    student.target.namespace["block"] = zoo.basic_shortcut_from_inside
    reference.target.namespace["block"] = zoo.basic
    got = student.model_of(student.block, SHAPE, FILTERS, 1)
    expected = reference.model_of(reference.block, SHAPE, FILTERS, 1)

    with pytest.raises(Mismatch, match="what comes after the last one"):
        assert_same_network(got, expected, rng(), pictures())


def test_concatenated_kernels_are_filled_by_shape():
    """What cannot be matched is told as what it is: other weights."""
    with pytest.raises(Mismatch, match=r"and 1 kernel of shape \(3, 3, 6, 6\)"):
        assert_same_network(*pair("branches_fused", "branches"), rng(), pictures())


def test_code_that_decides_on_values_is_filled_by_shape():
    """No trace can follow it, so nothing is matched, and right is right."""
    assert_same_network(*pair("VggIf", "vgg"), rng(), pictures())


def test_a_frozen_norm_is_seen_in_training_mode():
    """A block whose norms always use their moving statistics."""
    assert_same_network(*pair("basic_frozen", "basic"), rng(), pictures())
    with pytest.raises(Mismatch, match="1st batch normalization"):
        assert_same_network(*pair("basic_frozen", "basic"), rng(), pictures(), training=True)


@pytest.mark.parametrize(
    ("name", "expected", "words"),
    [
        ("vgg_one", "vgg", "Your network has 330 parameters. Your network has 1 kernel"),
        ("vgg_without_bias", "vgg", "no vectors of biases of length 6"),
        ("basic_projection_without_norm", "basic", "2 vectors of scales"),
    ],
)
def test_another_number_of_parameters_is_told(name, expected, words):
    """With the kind of weight that is missing."""
    with pytest.raises(Mismatch, match=words):
        assert_same_parameters(*pair(name, expected))


def test_observations_do_not_depend_on_the_way_of_writing(watch):
    """The same mistake, written in other ways, is seen as the same."""
    from grader.misconceptions.matching import same

    seen = []
    for name in ("basic", "basic_layer", "basic_shortcut_first"):
        watch.observations.clear()
        assert_same_network(*pair(name, "basic"), rng(), pictures(), training=True, gradients=True)
        seen.append(list(watch.observations))

    assert [each.label for each in seen[0]] == [each.label for each in seen[1]]
    for other in seen[1:]:
        for one, two in zip(seen[0], other, strict=True):
            if one.label != "weights by variable":  # rounding, where the gradient is zero
                assert same(one, two), one.label


def test_a_right_network_costs_two_calls():
    """One description and one run."""
    got, expected = pair("basic_layer", "basic")
    session = got._proxy.target
    session.calls.clear()

    assert_same_network(got, expected, rng(), pictures(), training=True, gradients=True)

    assert session.calls == ["grader.structure", "grader.forward"]


def test_what_comes_out_of_a_norm_in_training_is_its_output():
    """Not a vector on the way to it."""
    with pytest.raises(Mismatch, match=r"what comes out of the 1st batch normalization differs"):
        assert_same_network(*pair("basic_frozen", "basic"), rng(), pictures(), training=True)
