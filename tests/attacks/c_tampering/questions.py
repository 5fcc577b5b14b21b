"""Names of questions, and a wrong answer in Keras."""

from __future__ import annotations

ALL = ("conv_shapes", "pool2d", "linear", "layer_norm")


KERAS_WRONG = """
class GELU(keras.layers.Layer):
    def call(self, x):
        return x
"""
