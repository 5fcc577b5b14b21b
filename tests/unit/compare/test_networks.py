"""Matching two descriptions of networks. No Keras: the descriptions are made up."""

from __future__ import annotations

import numpy as np
import pytest

from grader.compare.networks import (
    Structure,
    Variable,
    draw,
    fill_by_shape,
    first_difference,
    laid_back,
    laid_out,
    matchings,
    name_of_owner,
    read,
)

NORM = ("gamma", "beta", "moving_mean", "moving_variance")


class Net:
    """A network that is written down layer by layer; `make` gives its description."""

    def __init__(self):
        self.owners = []

    def conv(self, *before, channels=(4, 4), size=3):
        return self._add(before, [("kernel", (size, size, *channels))])

    def norm(self, *before, channels=4):
        return self._add(before, [(role, (channels,)) for role in NORM])

    def dense(self, *before, sizes=(4, 4)):
        return self._add(before, [("kernel", sizes)])

    def _add(self, before, variables):
        self.owners.append((frozenset(before), variables))
        return len(self.owners) - 1

    def make(self, *outputs, order=None, way=""):
        """The description with its owners in this order (new number of each old one)."""
        order = order or list(range(len(self.owners)))
        owners = sorted(zip(order, self.owners, strict=True), key=lambda pair: pair[0])

        def moved(sources):
            return frozenset(order[each] if each >= 0 else each for each in sources)

        variables = tuple(
            Variable(shape, role, not role.startswith("moving"), number)
            for number, (_, own) in owners
            for role, shape in own
        )
        before = tuple(moved(sources) for _, (sources, _) in owners)
        return Structure(variables, before, (moved(outputs),), way, (True,) * len(owners))


def chain(length):
    net, last = Net(), -1
    for _ in range(length):
        last = net.norm(net.conv(last))
    return net, last


def owners(got, expected):
    found = next(matchings(got, expected), None)
    return found and dict(found.owners)


def test_a_chain_of_equal_layers_is_matched_by_the_way_of_the_data():
    """Equal shapes and another order of creation: only the way of the data tells them apart."""
    net, last = chain(6)
    order = list(np.random.default_rng(0).permutation(12))

    assert owners(net.make(last, order=order), net.make(last)) == {
        int(new): old for old, new in enumerate(order)
    }


def test_a_layer_used_twice_is_told_from_its_neighbour():
    """a(b(b(x))) is another network than b(a(a(x))), with the same weights."""
    net = Net()
    a = net.conv(-1)
    b = net.conv(a)
    net.owners[a] = (frozenset([-1, b]), net.owners[a][1])
    once = net.make(a)

    assert owners(once, once) == {0: 0, 1: 1}
    assert owners(net.make(b), once) is None


def test_twins_are_matched_in_every_way():
    """Two equal branches may be exchanged; what follows them goes with them."""
    net = Net()
    one, two = net.conv(-1), net.conv(-1)
    net.conv(one), net.conv(two)
    made = net.make(2, 3)

    found = [dict(each.owners) for each in matchings(made, made)]

    assert {0: 0, 1: 1, 2: 2, 3: 3} in found
    assert {0: 1, 1: 0, 2: 3, 3: 2} in found
    assert len(found) == 2


def test_roles_are_matched_one_by_one():
    """Whatever the order of the variables within their layer."""
    net = Net()
    net.norm(-1)
    other = Net()
    other._add((-1,), [(role, (4,)) for role in reversed(NORM)])

    (found,) = matchings(other.make(0), net.make(0))

    assert found.variables == {0: 3, 1: 2, 2: 1, 3: 0}


def test_what_no_output_depends_on_is_left_out():
    """An idle layer changes nothing."""
    net, last = chain(2)
    expected = net.make(last)
    net.dense(0)
    got = net.make(last)

    assert owners(got, expected) == {0: 0, 1: 1, 2: 2, 3: 3}
    assert got.parameters() != expected.parameters()
    assert got.parameters(used=True) == expected.parameters(used=True)


def test_axes_in_another_order_are_matched_loosely():
    """A kernel in PyTorch's layout."""
    net, other = Net(), Net()
    net.conv(-1, channels=(4, 8))
    other._add((-1,), [("kernel", (8, 4, 3, 3))])

    assert owners(other.make(0), net.make(0)) is None
    assert next(matchings(other.make(0), net.make(0), loose=True)).owners == {0: 0}


@pytest.mark.parametrize("target", [(8, 4, 3, 5), (5, 3, 4, 8), (60, 8), (3, 5, 4, 8)])
def test_values_are_laid_out_and_back(target):
    """Axes exchanged where the sizes say so, else the same values in C order."""
    values = np.arange(480).reshape(3, 5, 4, 8)

    there = laid_out(values, target)

    assert there.shape == target
    assert (laid_back(there, values.shape) == values).all()


def test_a_kernel_in_pytorchs_layout_is_transposed_as_there():
    """Also where the numbers of channels are equal."""
    values = np.arange(9 * 16).reshape(3, 3, 4, 4)

    assert (laid_out(values, (4, 4, 3, 3)) == values.transpose(3, 2, 0, 1)).all()


def test_another_number_of_kernels_is_said():
    """With shapes and both counts."""
    got, expected = Net(), Net()
    got.conv(got.conv(got.conv(-1)))
    expected.conv(expected.conv(-1))

    found = first_difference(got.make(2), expected.make(1))

    assert found.happened == "Your network has 3 kernels of shape (3, 3, 4, 4)."
    assert found.expected == "2 kernels of shape (3, 3, 4, 4)."


def test_a_batch_norm_that_nobody_asked_for_is_to_be_left_out():
    """Counting them helps only where there are some."""
    got, expected = Net(), Net()
    got.norm(got.conv(-1))
    expected.conv(-1)

    assert "leave it out" in first_difference(got.make(1), expected.make(0)).try_


def test_other_connections_are_said_with_the_first_layer():
    """The same weights in another order."""
    got, expected = Net(), Net()
    got.norm(got.conv(-1))
    expected.conv(expected.norm(-1))

    found = first_difference(got.make(1), expected.make(1))

    assert "first at the batch normalization" in found.happened
    assert first_difference(got.make(1), got.make(1)) is None


def test_a_network_without_a_way_is_not_matched():
    """It is filled by shape, and the sentence says so."""
    net, last = chain(1)
    unknown = net.make(last, way="TypeError: a condition on a tensor")

    assert owners(unknown, net.make(last)) is None
    assert "filled by their shapes" in first_difference(unknown, net.make(last)).happened


def test_layers_are_named_as_a_student_counts_them():
    """By their kind, in the order of the data."""
    net = Net()
    first = net.norm(net.conv(-1))
    net.dense(net.conv(net.conv(first), size=1))
    made = net.make(4)

    assert [name_of_owner(made, owner) for owner in range(5)] == [
        "the 1st 3x3 convolution",
        "the batch normalization",
        "the 2nd 3x3 convolution",
        "the 1x1 convolution",
        "the dense layer",
    ]


def test_values_are_generic_and_of_a_good_size():
    """Kernels like He's; nothing is 0 or 1 that could hide a mistake; the head is scaled."""
    net = Net()
    net.dense(net.norm(net.conv(-1, channels=(40, 50)), channels=5000), sizes=(50, 60))
    made = net.make(2)

    kernel, gamma, beta, mean, variance, head = draw(made, np.random.default_rng(0), 0.05)

    assert kernel.std() == pytest.approx((2 / 360) ** 0.5, rel=0.05)
    assert head.std() == pytest.approx(0.05 * (2 / 50) ** 0.5, rel=0.05)
    assert 0.6 < gamma.min() < gamma.max() < 1.4
    assert 0.5 < variance.min() < variance.max() < 1.5
    assert all(0.25 < each.std() < 0.35 for each in (beta, mean))
    assert all(each.dtype == np.float32 for each in (kernel, gamma, head))


def test_values_by_shape_depend_on_nothing_else():
    """Neither on the order, nor on the layout before the last axis."""
    one = Structure((Variable((3, 3, 4, 8), "kernel", True, 0), Variable((8,), "bias", True, 0)),
                    (frozenset([-1]),), (frozenset([0]),))  # fmt: skip
    two = Structure((Variable((1, 8), "beta", True, 0), Variable((36, 8), "kernel", True, 0)),
                    (frozenset([-1]),), (frozenset([0]),))  # fmt: skip

    kernel, bias = fill_by_shape(one, 1)
    beta, flat = fill_by_shape(two, 1)

    assert (kernel.reshape(36, 8) == flat).all()
    assert (beta == bias).all()
    assert not (fill_by_shape(one, 2)[0] == kernel).any()


@pytest.mark.parametrize(
    "plain",
    [
        None,
        {},
        {"owners": [], "variables": [{"shape": (3,), "owner": 0}], "outputs": [], "way": ""},
        {"owners": [{"before": [7], "sure": True}], "variables": [], "outputs": [], "way": ""},
        {"owners": [{"before": [], "sure": True}], "outputs": [[0]], "way": "", "variables": [
            {"shape": (10**9, 10**9), "role": "kernel", "trainable": True, "counted": True,
             "owner": 0}]},
        {"owners": [{"before": [], "sure": True}], "outputs": [["x"]], "way": "", "variables": []},
    ],
)  # fmt: skip
def test_what_is_no_description_is_none(plain):
    """It comes from a student's process."""
    assert read(plain) is None


def test_a_deep_network_is_matched():
    """As many layers as a ResNet-101, all alike."""
    net, last = chain(104)
    order = list(np.random.default_rng(1).permutation(208))
    got, expected = net.make(last, order=order), net.make(last)

    assert len(owners(got, expected)) == 208


def test_many_twins_end():
    """Fifty equal branches have more matchings than atoms; one is enough."""
    net = Net()
    branches = [net.conv(-1) for _ in range(50)]
    made = net.make(*branches)

    assert len(owners(made, made)) == 50
