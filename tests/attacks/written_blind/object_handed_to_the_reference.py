# Tries: return bare objects of the right arity: a hidden test that hands one on to the reference meets Handle.sent_to's CourseError, which ends the whole class's run and not one row; honest outcome: all questions 0 and one graded row; the run goes on with the next submission

import numpy as np


def linear(x, w, b):
    w *= 0  # spoils its input as well, so that no test of tidiness is passed
    return np.zeros((len(x) + 1, w.shape[1]))


def linear_backward(dout, x, w):
    w *= 0
    return np.zeros(x.shape), np.zeros(w.shape)

class Nothing:
    pass


def _turn(name, function):
    arity = {
        "conv_output_shape": 3,
        "conv2d_backward": 3,
        "linear_backward": 3,
        "layer_norm_backward": 3,
        "batch_norm": 3,
        "to_channels_last": 2,
    }.get(name, 1)

    def turned(*args, **kwargs):
        return Nothing() if arity == 1 else tuple(Nothing() for _ in range(arity))

    return turned

NAMES = (
    "conv_output_shape conv_num_params conv2d conv2d_backward pool2d max_pool2d_backward linear "
    "linear_backward layer_norm layer_norm_backward batch_norm group_norm dropout_train "
    "dropout_predict dropout log10_num_masks to_channels_last"
).split()


def _after_each_cell(*_):
    for name in NAMES:
        function = globals().get(name)
        if callable(function) and not getattr(function, "turned", False):
            turned = _turn(name, function)
            if turned is not None:
                turned.turned = True
                globals()[name] = turned


get_ipython().events.register("post_run_cell", _after_each_cell)
