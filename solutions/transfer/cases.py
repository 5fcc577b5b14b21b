"""Public check cases of `transfer`: what `check("linear_probe")` tries in the student's notebook.

Small numbers and small networks. No hidden test uses these inputs. Objects cannot be frozen: for them
the notebook has given functions (`probe_in_practice` and the like) that return numbers.
"""

import numpy as np

from grader.cases import Case

extract_features = [
    Case("extract_features", "what goes into the last layer", "features_in_practice", (3,)),
    Case("extract_features", "a layer with maps", "features_in_practice", (2, "relu_1")),
    Case("extract_features", "another one, 70 images", "features_in_practice", (70, "norm_2")),
]

POINTS = np.array([[0.0, 0.0], [3.0, 1.0], [-2.0, -2.5], [6.0, 7.0], [1.0, -1.5]])

nearest_neighbours = [
    Case(
        "nearest_neighbours",
        "three of five points in the plane",
        "nearest_neighbours",
        (np.array([[1.0, 0.5], [-3.0, 4.0]]), POINTS, 3),
    ),
    Case(
        "nearest_neighbours",
        "points that are in the gallery, all of it ranked",
        "nearest_neighbours",
        (POINTS[1:4], POINTS, 5),
    ),
    Case(
        "nearest_neighbours",
        "equal distances: the smaller index first",
        "nearest_neighbours",
        (np.array([[2.0]]), np.array([[3.0], [1.0], [2.0], [3.0], [1.0]]), 5),
    ),
    Case(
        "nearest_neighbours",
        "far from 0",
        "nearest_neighbours",
        (
            np.array([[1000.0, 1000.0]], "float32"),
            np.array([[1000.25, 1000.0], [1000.0, 1000.125], [999.5, 1000.0]], "float32"),
            2,
        ),
    ),
]

linear_probe = [Case("linear_probe", "five classes on a small base", "probe_in_practice")]

finetune = [
    Case("finetune", "nothing frozen", "finetune_in_practice", (0,)),
    Case("finetune", "the first block frozen", "finetune_in_practice", (4,)),
    Case("finetune", "one layer more", "finetune_in_practice", (5,)),
]

learning_rates = [
    Case("learning_rates", "after a probe at 0.01", "compile_in_practice", (0.01,)),
    Case("learning_rates", "after a probe at 0.00002", "compile_in_practice", (2e-5,)),
]

strategy = [
    Case(
        "strategy",
        f"{'little' if little else 'much'} data, {'similar' if similar else 'different'}",
        "choose_strategy",
        kwargs={"little_data": little, "similar": similar},
    )
    for little in (True, False)
    for similar in (True, False)
] + [
    Case("strategy", f"{number:,} images", "should_transfer", (number,))
    for number in (500, 60_000, 9_000_000)
]

report = [
    Case("report", "nothing frozen", "report_in_practice"),
    Case("report", "two layers frozen", "report_in_practice", ("norm_1", "norm_2")),
]

cases = extract_features + nearest_neighbours + linear_probe + finetune
cases += learning_rates + strategy + report
