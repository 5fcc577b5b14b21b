"""Right answers of another kind: each must get full marks."""

# `alternative`, `np` and the solution's own functions are given by the box this file runs in.


@alternative("relu")
def where(x):
    return np.where(x > 0, x, 0.0)


@alternative("relu")
def multiply_by_mask(x):
    return x * (x > 0)


@alternative("relu", replaces="relu_grad")
def heaviside(x):
    return np.heaviside(x, 0.0)
