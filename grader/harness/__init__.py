"""The pytest harness: what hidden tests import, and how they are run.

A hidden test is ordinary pytest:

    from grader.harness import assert_matches

    @pytest.mark.question("conv2d")
    def test_values(student, reference, rng):
        '''The output equals the reference.'''
        x, w, b = rng.normal(size=(2, 3, 9, 9)), rng.normal(size=(4, 3, 3, 3)), rng.normal(size=4)
        assert_matches(student.conv2d, reference.conv2d, x, w, b, stride=2)
"""

import importlib
from typing import TYPE_CHECKING, Any

__all__ = [
    "assert_close",
    "assert_matches",
    "assert_raises",
    "assert_same_network",
    "assert_same_parameters",
    "assert_shape",
    "assert_statistic",
    "assert_untouched",
    "fail",
    "gradient_check",
    "observe",
]

if TYPE_CHECKING:
    from grader.harness.assertions import (
        assert_close,
        assert_matches,
        assert_raises,
        assert_shape,
        assert_statistic,
        assert_untouched,
        fail,
        observe,
    )
    from grader.harness.gradient import gradient_check
    from grader.harness.networks import assert_same_network, assert_same_parameters


HOMES = {
    "gradient_check": "gradient",
    "assert_same_network": "networks",
    "assert_same_parameters": "networks",
}


def __getattr__(name: str) -> Any:
    """Import the assertions when a hidden test asks: a test run that has none pays nothing."""
    if name not in __all__:
        raise AttributeError(f"module 'grader.harness' has no attribute {name!r}")
    home = HOMES.get(name, "assertions")
    return getattr(importlib.import_module(f"grader.harness.{home}"), name)
