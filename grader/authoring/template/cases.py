"""Public check cases: what `check("relu")` tries in the student's notebook."""

import numpy as np

from grader.cases import Case

cases = [
    Case("relu", "negative values become 0", "relu", (np.array([-2.0, -0.5, 0.0, 0.5, 2.0]),)),
    Case("relu", "a matrix keeps its shape", "relu", (np.linspace(-1, 3, 6).reshape(2, 3),)),
    Case("relu", "the slope is 0 or 1", "relu_grad", (np.array([-3.0, -1.0, 1.0, 3.0]),)),
]
