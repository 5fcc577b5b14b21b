"""Public check cases of `activations`: what `check("sigmoid")` tries in the student's notebook.

Small numbers that can be followed by hand. No hidden test uses these inputs; each common mistake
shows in some case, so that `check` can name it.
"""

import numpy as np

from grader.cases import Case

few = np.array([-2.0, -0.5, 0.5, 2.0])
table = np.array([[-3.0, -1.0, 0.25], [0.75, 1.5, 4.0]])
steps = np.array([-2.5, -1.5, -0.25, 0.25, 1.5, 2.5])
ends = np.array([-1000.0, 1000.0])


def both(name, *, values, slopes, **constants):
    """Cases of an activation and of its slope: (title, x) each, with the constants."""
    asked = [(name, *case) for case in values] + [(f"{name}_grad", *case) for case in slopes]
    return [
        Case(name, title, function, (x,), dict(constants) if constants else {})
        for function, title, x in asked
    ]


sigmoid = both(
    "sigmoid",
    values=[
        ("four numbers around 0", few),
        ("a table of 2x3", table),
        ("-1000 and 1000, where an exponential overflows", ends),
    ],
    slopes=[
        ("the slope at four numbers around 0", few),
        ("the slope at a table of 2x3", table),
        ("the slope at -1000 and 1000", ends),
    ],
)

relu = [
    *both(
        "relu",
        values=[("a table of 2x3", table), ("six numbers around 0", steps)],
        slopes=[("the slope at a table of 2x3", table), ("the slope at 0", np.array([-1.0, 0.0]))],
    ),
    Case("relu", "a large number stays as it is", "relu", (np.array([-1e39, 1e39]),)),
    Case("relu", "the input stays as it is", "relu", (few,), view="inputs_untouched"),
]

leaky_relu = [
    *both(
        "leaky_relu", values=[("alpha is 0.01", few)], slopes=[("the slope, alpha is 0.01", few)]
    ),
    *both(
        "leaky_relu",
        values=[("alpha is 0.25", table)],
        slopes=[("the slope, alpha is 0.25", table)],
        alpha=0.25,
    ),
]

elu = [
    *both("elu", values=[("alpha is 1", steps)], slopes=[("the slope, alpha is 1", steps)]),
    *both(
        "elu",
        values=[("alpha is 2", table), ("alpha is 2, at 0", np.array([0.0]))],
        slopes=[("the slope, alpha is 2", table)],
        alpha=2.0,
    ),
    *both(
        "elu",
        values=[("-1000 and 1000, where an exponential overflows", ends)],
        slopes=[("the slope at -1000 and 1000", ends)],
        alpha=0.5,
    ),
]

gelu = both(
    "gelu",
    values=[
        ("six numbers around 0", steps),
        ("a table of 2x3", table),
        ("-1000 and 1000", ends),
    ],
    slopes=[
        ("the slope at six numbers around 0", steps),
        ("the slope at a table of 2x3", table),
        ("the slope at -1000 and 1000", ends),
    ],
)

silu = both(
    "silu",
    values=[
        ("four numbers around 0", few),
        ("a table of 2x3", table),
        ("-1000 and 1000, where an exponential overflows", ends),
    ],
    slopes=[
        ("the slope at four numbers around 0", few),
        ("the slope at a table of 2x3", table),
        ("the slope at -1000 and 1000", ends),
    ],
)

inputs = np.array([[-7.0, -3.0, -1.0, 0.0, 0.5], [2.0, 4.25, 4.59, 6.0, 9.0]])

saturation = [
    Case("saturation", "ten inputs, the threshold 0.01", "saturated_fraction", (inputs,)),
    Case(
        "saturation",
        "ten inputs, the threshold 0.1",
        "saturated_fraction",
        (inputs,),
        {"threshold": 0.1},
    ),
    Case(
        "saturation",
        "inputs far below 0",
        "saturated_fraction",
        (np.array([-50.0, -20.0, -9.0, 1.0]),),
    ),
]

# The notebook gives `tanh_norms` and `sine_norms`, which hand two activations and their slopes to the
# student's function.
gradient_through_depth = [
    Case(
        "gradient_through_depth",
        "one layer of one unit, with tanh",
        "tanh_norms",
        (np.array([[0.5]]), [np.array([[2.0]])]),
    ),
    Case(
        "gradient_through_depth",
        "two examples, layers of 2, 3 and 1 units, with tanh",
        "tanh_norms",
        (
            np.array([[1.0, -0.5], [0.25, 2.0]]),
            [
                np.array([[0.5, -1.0, 0.75], [1.0, 0.25, -0.5]]),
                np.array([[1.5], [-0.5], [1.0]]),
            ],
        ),
    ),
    Case(
        "gradient_through_depth",
        "square matrices, which are easily exchanged with their transpose",
        "tanh_norms",
        (
            np.array([[0.5, -1.0], [1.5, 0.25], [-0.75, 1.0]]),
            [np.array([[1.0, 0.5], [-0.75, 1.25]]), np.array([[0.5, 2.0], [0.25, -1.0]])],
        ),
    ),
    Case(
        "gradient_through_depth",
        "other functions are handed in: the sine and its slope",
        "sine_norms",
        (
            np.array([[0.5, 1.0]]),
            [np.array([[1.0, -0.5, 0.25], [0.75, 1.5, -1.0]]), np.array([[1.0], [0.5], [2.0]])],
        ),
    ),
]

# Units that fire for all examples, for one, never (0 at most), never (below 0), for two of three.
layer = (
    np.array([[1.0, 0.0], [0.0, 1.0], [-1.0, -1.0]]),
    np.array([[1.0, 4.0, 2.0, 1.0, 3.0], [2.0, -1.0, 1.0, 3.0, 2.0]]),
    np.array([4.0, -3.0, -2.0, -5.0, 1.0]),
)

dead_relus = [
    Case("dead_relus", "five units, three examples", "dead_fraction", layer),
    Case(
        "dead_relus",
        "examples for which no unit fires",
        "dead_fraction",
        (
            np.array([[3.0], [0.0], [0.0], [1.0]]),
            np.array([[1.0, 2.0, -1.0, 1.0, -2.0]]),
            np.array([-1.0, -5.0, -1.0, -4.0, 0.0]),
        ),
    ),
]

cases = [
    *sigmoid,
    *relu,
    *leaky_relu,
    *elu,
    *gelu,
    *silu,
    *saturation,
    *gradient_through_depth,
    *dead_relus,
]
