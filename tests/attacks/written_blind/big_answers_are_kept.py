# Tries: let every call of every question answer 64 MB: Watch.observations keeps each of them until the submission is summed up, some gigabytes on the host; honest outcome: all questions 0 (all answers are wrong); the host's memory stays within its bound

import numpy as np


def linear(x, w, b):
    w *= 0  # spoils its input as well, so that no test of tidiness is passed
    return np.zeros((len(x) + 1, w.shape[1]))


def linear_backward(dout, x, w):
    w *= 0
    return np.zeros(x.shape), np.zeros(w.shape)

def _turn(name, function):
    def turned(*args, **kwargs):
        return np.full(8_300_000, 0.5)

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
