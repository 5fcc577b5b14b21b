"""The pretrained network, where its weights are on this machine: it knows a cat and a coffee."""

from __future__ import annotations

import os

import numpy as np
import pytest

from grader.data import mobilenet_v2
from grader.data.catalogue import MOBILENET_V2
from grader.data.store import kept

pytestmark = [
    pytest.mark.xdist_group("keras"),  # imported by one worker alone
    pytest.mark.skipif(
        kept(MOBILENET_V2) is None and not os.environ.get("CI"), reason="run `grader data` first"
    ),
    pytest.mark.filterwarnings("default"),  # TensorFlow's own are not ours to fix
]


@pytest.fixture(scope="module")
def network():
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    pytest.importorskip("keras")
    return mobilenet_v2()


@pytest.mark.parametrize(("photograph", "number"), [("chelsea", 285), ("coffee", 967)])
def test_the_network_knows_a_photograph(network, photograph, number):
    """Class 285 of ImageNet is the Egyptian cat, 967 is espresso."""
    data = pytest.importorskip("skimage.data")
    transform = pytest.importorskip("skimage.transform")
    image = getattr(data, photograph)()
    side = min(image.shape[:2])
    top, left = ((length - side) // 2 for length in image.shape[:2])
    square = image[top : top + side, left : left + side]
    pixels = transform.resize(square, (224, 224), anti_aliasing=True)

    shares = np.asarray(network(pixels[None].astype("float32"), training=False))[0]

    assert shares.argmax() == number
    assert shares[number] > 0.75


def test_the_last_layer_classifies_an_average_of_maps(network):
    """A classifier is the softmax layer; its input is the vector that other tasks can use."""
    assert network.layers[-1].input.shape == (None, 1280)
    assert network.output_shape == (None, 1000)
    assert network.count_params() == 3_538_984
