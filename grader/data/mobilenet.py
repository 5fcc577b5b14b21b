"""Keras' MobileNetV2 with torchvision's weights, and what torchvision does otherwise.

Two things differ, and each changes the answer: torchvision pads every 3x3 window by one pixel on
all sides (Keras, where the stride is 2, only below and to the right) and its batch norm has an
epsilon of 1e-5 (Keras' MobileNetV2: 1e-3).
"""

from __future__ import annotations

from itertools import groupby
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader.data.store import weights
from grader.data.tensors import Tensors

# The colours of ImageNet, by which torchvision normalises: means and standard deviations.
MEAN, STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
FIRST = "Conv1"
CHANGES: dict[str, dict[str, Any]] = {
    "BatchNormalization": {"epsilon": 1e-5},
    "ZeroPadding2D": {"padding": 1},
    FIRST: {"padding": "valid"},
}
CONVOLUTION = 4  # axes of its kernel


def mobilenet_v2(size: int = 224) -> Any:
    """A classifier of ImageNet's 1000 classes, for images (N, size, size, 3) in [0, 1].

    None, and a printed sentence, where the weights are not on this machine. The last layer is the
    softmax, its input the average of 1280 maps.
    """
    tensors = weights("mobilenet_v2")
    if tensors is None:
        return None
    network = untrained(size)
    own = [layer for layer in network.layers if layer.weights]
    for layer, values in zip(own, by_layer(tensors), strict=True):
        layer.set_weights(values)
    return network


def untrained(size: int) -> Any:
    """The network as torchvision builds it, with the normalisation of the colours before it."""
    import keras  # noqa: PLC0415  (needed here alone)

    images = keras.Input((size, size, 3), name="images")
    colours = keras.layers.Normalization(mean=MEAN, variance=np.square(STD), name="colours")
    plain = keras.applications.MobileNetV2(weights=None, input_tensor=colours(images))

    def changed(layer: Any) -> Any:
        config = layer.get_config()
        change = CHANGES.get(layer.name) or CHANGES.get(type(layer).__name__, {})
        return type(layer).from_config(config | change)

    def called(layer: Any, x: Any, *args: Any, **kwargs: Any) -> Any:
        inputs = keras.layers.ZeroPadding2D(1)(x) if layer.name == FIRST else x
        return layer(inputs, *args, **kwargs)

    copy = keras.models.clone_model(plain, clone_function=changed, call_function=called)
    return keras.Model(copy.inputs[0], copy.outputs[0], name="mobilenet_v2")


def by_layer(tensors: Tensors) -> list[list[NDArray[Any]]]:
    """The tensors layer by layer, from the images to the classes, with the axes of Keras."""
    groups = groupby(tensors.items(), lambda named: named[0].rpartition(".")[0])
    return [
        [_moved(value) for name, value in group if not name.endswith("num_batches_tracked")]
        for _, group in groups
    ]


def _moved(tensor: NDArray[Any]) -> NDArray[Any]:
    """Outputs last, as in Keras: (F, C, KH, KW) becomes (KH, KW, C, F), (M, D) becomes (D, M)."""
    if tensor.ndim != CONVOLUTION:
        return tensor.T
    depthwise = tensor.shape[1] == 1
    return tensor.transpose((2, 3, 0, 1) if depthwise else (2, 3, 1, 0))
