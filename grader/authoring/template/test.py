"""Hidden tests: ordinary pytest. `student` and `reference` are the two boxes; names are functions.

A docstring is the sentence the student reads. Run alone, `pytest` grades the reference.
"""

import numpy as np
import pytest

from grader.harness import assert_matches, assert_untouched, gradient_check

pytestmark = pytest.mark.question("relu")


@pytest.mark.parametrize("shape", [(7,), (1, 5), (3, 2, 4)])
def test_values(student, reference, rng, shape):
    """The output equals the reference for inputs of several shapes."""
    assert_matches(student.relu, reference.relu, rng.normal(size=shape))


def test_input_untouched(student, rng):
    """The input array is left as it was."""
    assert_untouched(student.relu, rng.normal(size=(4, 5)))


@pytest.mark.weight(2)
def test_gradient(student, reference, rng):
    """The gradient agrees with finite differences."""
    x = rng.uniform(0.1, 2, size=(4, 3)) * rng.choice([-1, 1], size=(4, 3))
    gradient_check(
        student.relu_grad,
        reference.relu,
        inputs=(x,),
        cotangent=np.ones_like(x),
        backward_args=(x,),
        names=("grad",),
    )
