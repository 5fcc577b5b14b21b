"""Public check cases of `initialization`: what `check("kaiming")` tries in the student's notebook.

Small numbers that can be followed by hand. No hidden test uses these inputs; each common mistake
shows in some case, so that `check` can name it. Random weights cannot be frozen: for them the
notebook has given functions (`measure`, `kernel_facts`) that return what does not depend on luck,
and a tolerance of 6.2 sigma of the difference of two such estimates.
"""

import math

import numpy as np

from grader.cases import Case


def wave(*shape, step=1.3):
    """Numbers between -1 and 1 without a pattern that a wrong axis could hide in."""
    return np.round(np.sin(step * (1 + np.arange(math.prod(shape)))), 3).reshape(shape)


forward_activations = [
    Case(
        "forward_activations",
        "one example, two layers, by hand",
        "forward_activations",
        (
            np.array([[2.0, 1.0]]),
            [np.array([[1.0, 3.0], [-4.0, 1.0]]), np.array([[3.0, -1.0], [0.5, -2.0]])],
        ),
    ),
    Case(
        "forward_activations",
        "three layers of four units",
        "forward_activations",
        (wave(2, 4), [wave(4, 4, step=step) for step in (0.7, 0.9, 1.7)]),
    ),
    Case(
        "forward_activations",
        "layers of different widths",
        "forward_activations",
        (wave(3, 2, step=0.4), [wave(2, 5, step=0.6), wave(5, 3, step=0.8)]),
    ),
    Case(
        "forward_activations",
        "the inputs stay as they are",
        "forward_activations",
        (wave(2, 3), [wave(3, 3)]),
        view="inputs_untouched",
    ),
]

growth = [
    Case("growth", "eight inputs and 0.5: nothing changes", "growth_per_layer", (0.5, 8)),
    Case("growth", "two inputs", "growth_per_layer", (3.0, 2)),
    Case("growth", "an odd number of inputs", "growth_per_layer", (0.2, 45)),
    Case("growth", "a wide layer", "growth_per_layer", (0.02, 1024)),
]

fans = [
    Case("fans", "a dense layer", "compute_fans", ((6, 9),)),
    Case("fans", "3x3 windows", "compute_fans", ((3, 3, 2, 4),)),
    Case("fans", "a kernel that is not square", "compute_fans", ((2, 5, 3, 7),)),
    Case("fans", "a 1x1 kernel", "compute_fans", ((1, 1, 8, 4),)),
]

kaiming = [
    Case("kaiming", "eight inputs", "kaiming_std", (8,)),
    Case("kaiming", "18 inputs", "kaiming_std", (18,)),
    Case("kaiming", "a leaky ReLU of slope 0.5", "kaiming_std", (10, 0.5)),
    Case("kaiming", "a linear layer", "kaiming_std", (7,), {"negative_slope": 1.0}),
    Case(
        "kaiming",
        "normal weights of a convolution",
        "measure",
        ("kaiming_normal", (1, 2, 3, 2), 1),
        tolerance=0.05,
    ),
    Case(
        "kaiming",
        "normal weights of a dense layer",
        "measure",
        ("kaiming_normal", (5, 3), 2),
        tolerance=0.05,
    ),
    Case(
        "kaiming",
        "uniform weights of a dense layer",
        "measure",
        ("kaiming_uniform", (3, 5), 3),
        tolerance=0.06,
    ),
]

xavier = [
    Case(
        "xavier",
        "the weights of a dense layer",
        "measure",
        ("xavier_normal", (3, 5), 4),
        tolerance=0.04,
    ),
    Case(
        "xavier",
        "the weights of a convolution",
        "measure",
        ("xavier_normal", (2, 1, 3, 4), 5),
        tolerance=0.03,
    ),
]


def layers(*sizes):
    """Activations that are 0 in every second place, with these root mean squares."""
    base = np.array([[1.0, 0.0, 1.5, 0.0], [0.5, 0.0, 1.25, 0.0]])
    return [size * base / np.sqrt(np.mean(base**2)) for size in sizes]


diagnose = [
    Case("diagnose", "halved in every layer", "diagnose", (layers(1, 0.5, 0.25, 0.12, 0.06),)),
    Case("diagnose", "doubled in every layer", "diagnose", (layers(1, 2, 4, 8, 16),)),
    Case("diagnose", "small from beginning to end", "diagnose", (layers(0.03, 0.02),)),
    Case("diagnose", "large from beginning to end", "diagnose", (layers(40, 20),)),
    Case(
        "diagnose",
        "from two units to 300",
        "diagnose",
        ([np.full((2, 2), 1.0), np.full((2, 300), 0.9)],),
    ),
    Case(
        "diagnose",
        "one unit in a hundred is active",
        "diagnose",
        ([np.full((1, 100), 1.0), np.where(np.arange(100) == 7, 6.0, 0.0)[None]],),
    ),
    Case(
        "diagnose",
        "all alike, then different",
        "diagnose",
        ([2.0 + 0.01 * wave(3, 6), 2.0 + wave(3, 6, step=0.7)],),
    ),
    Case(
        "diagnose",
        "the first example is small",
        "diagnose",
        ([np.full((3, 2), 1.0), np.array([[0.01, 0.02], [1.0, 0.8], [0.7, 0.9]])],),
    ),
    Case("diagnose", "tiny on the way, then back", "diagnose", (layers(1, 0.02, 0.7),)),
    Case(
        "diagnose",
        "one example in 50 is left",
        "diagnose",
        ([np.full((50, 2), 1.0), np.where(np.arange(50)[:, None] == 3, 3.0, 0.0) * [1.0, 1.0]],),
    ),
    Case("diagnose", "to a fifth", "diagnose", (layers(1, 0.2),)),
]

x, y = wave(5, 3), wave(5, 2, step=0.7)
column, row = wave(3, 1, step=0.6), wave(1, 2, step=2.1)

symmetry = [
    Case(
        "symmetry",
        "one value for all weights",
        "weights_stay_equal",
        (np.full((3, 4), 0.5), np.full((4, 2), 0.5), x, y, 5, 0.01),
    ),
    Case(
        "symmetry",
        "four times the same unit",
        "weights_stay_equal",
        (np.tile(column, 4), np.tile(row, (4, 1)), x, y, 3, 0.02),
    ),
    Case(
        "symmetry",
        "different units",
        "weights_stay_equal",
        (wave(3, 4, step=0.8), wave(4, 2, step=0.9), x, y, 4, 0.01),
    ),
    Case(
        "symmetry",
        "different in w1, almost at rest",
        "weights_stay_equal",
        (wave(3, 4, step=0.8), np.tile(row, (4, 1)), x, y, 1, 1e-13),
    ),
    Case(
        "symmetry",
        "different in w2, almost at rest",
        "weights_stay_equal",
        (np.tile(column, 4), wave(4, 2, step=0.9), x, y, 1, 1e-13),
    ),
    Case(
        "symmetry",
        "the last of four units is different",
        "weights_stay_equal",
        (
            np.tile(column, 4) + [0, 0, 0, 1.0],
            np.tile(row, (4, 1)) + [[0], [0], [0], [0.5]],
            x,
            y,
            2,
            0.01,
        ),
    ),
    Case(  # see the hidden tests: a step of 1 for each unit's other weight
        "symmetry",
        "two units that become equal in the first step",
        "weights_stay_equal",
        (
            np.array([[2.0, 3.0]]),
            np.array([[1.0], [2.0]]),
            np.array([[1.0]]),
            np.array([[3.0]]),
            1,
            0.1,
        ),
    ),
    Case(
        "symmetry",
        "a silent unit that the other one meets in w1 only",
        "weights_stay_equal",
        (
            np.array([[-1.0, 2.0]]),
            np.array([[1.0], [1.0]]),
            np.array([[1.0]]),
            np.array([[-13.0]]),
            1,
            0.1,
        ),
    ),
    Case(
        "symmetry",
        "a silent unit that the other one meets",
        "weights_stay_equal",
        (
            np.array([[1.0, -1.0]]),
            np.array([[2.0], [1.0]]),
            np.array([[1.0]]),
            np.array([[1.0]]),
            1,
            0.5,
        ),
    ),
    Case(
        "symmetry",
        "two outputs: both units become equal",
        "weights_stay_equal",
        (
            np.array([[1.0, 2.0]]),
            np.array([[1.0, 1.0], [1.0, 2.0]]),
            np.array([[1.0]]),
            np.array([[3.0, 4.0]]),
            1,
            1.0,
        ),
    ),
    Case(
        "symmetry",
        "two units that meet in the second step",
        "weights_stay_equal",
        (
            np.array([[4.0, -20.0]]),
            np.array([[2.0], [20.0]]),
            np.array([[1.0]]),
            np.array([[7.0]]),
            2,
            0.5,
        ),
    ),
    Case(
        "symmetry",
        "different by 1e-7",
        "weights_stay_equal",
        (np.tile(column, 3) + [0, 1e-7, 0], np.tile(row, (3, 1)), x, y, 2, 0.01),
    ),
    Case(
        "symmetry",
        "equal up to 1e-11",
        "weights_stay_equal",
        (np.tile(column, 3) + [0, 1e-11, 0], np.tile(row, (3, 1)), x, y, 2, 0.01),
    ),
    Case(
        "symmetry",
        "the weights stay as they are",
        "weights_stay_equal",
        (wave(3, 2), wave(2, 2), x, y, 1, 0.01),
        view="inputs_untouched",
    ),
]

keras_initializer = [
    Case(
        "keras_initializer",
        "a dense kernel with three inputs",
        "kernel_facts",
        ((3, 8000), 1),
        tolerance=0.07,
    ),
    Case(
        "keras_initializer",
        "a kernel of 1x2 windows, in float64",
        "kernel_facts",
        ((1, 2, 2, 6000), 0, "float64"),
        tolerance=0.06,
    ),
]

cases = [
    *forward_activations,
    *growth,
    *fans,
    *kaiming,
    *xavier,
    *diagnose,
    *symmetry,
    *keras_initializer,
]
