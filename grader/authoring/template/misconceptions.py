"""Known mistakes: each is caught by a hidden test, and named when a student makes it."""

# `misconception`, `np` and the solution's own functions are given by the box this file runs in.


@misconception("relu", hint="relu(x) is 0 for every negative x; the absolute value is not.")
def absolute_value(x):
    return np.abs(x)


@misconception("relu", hint="relu has no upper bound: only negative values change.")
def clips_at_one(x):
    return np.clip(x, 0, 1)


@misconception("relu", hint="Build a new array instead of writing into the one you were given.")
def in_place(x):
    x[x < 0] = 0
    return x


@misconception("relu", replaces="relu_grad", hint="Left of 0 relu is flat: its slope is 0.")
def gradient_everywhere(x):
    return np.ones_like(x)
