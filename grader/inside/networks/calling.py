"""How a layer, a model or a function is called on tensors, whatever way it takes its inputs."""

from __future__ import annotations

import inspect
from collections.abc import Sequence
from typing import Any


def tensors(inputs: Any) -> list[Any]:
    """The inputs as tensors: one array, or a list or tuple of them."""
    import tensorflow as tf  # noqa: PLC0415  (only in a box that has it)

    several = inputs if isinstance(inputs, list | tuple) else [inputs]
    return [tf.convert_to_tensor(each) for each in several]


def apply(target: Any, given: Sequence[Any], training: bool | None) -> Any:
    """Call the target; `training` reaches whatever knows such an argument."""
    import keras  # noqa: PLC0415

    args = list(given)
    if len(args) > 1 and _takes_one_list(target):
        args = [args]
    if training is not None and (isinstance(target, keras.Layer) or _knows_training(target)):
        return target(*args, training=training)
    return target(*args)


def flat(outputs: Any) -> list[Any]:
    """The tensors of an output, in order."""
    import tensorflow as tf  # noqa: PLC0415

    return [each for each in tf.nest.flatten(outputs) if each is not None]


def _takes_one_list(target: Any) -> bool:
    """Whether several inputs come as one list: so in Keras' own models and in `call(self, x)`."""
    import keras  # noqa: PLC0415

    if not isinstance(target, keras.Model):
        return False
    parameters = inspect.signature(target.call).parameters.values()
    needed = [each for each in parameters if each.default is each.empty]
    return len([each for each in needed if each.kind is each.POSITIONAL_OR_KEYWORD]) == 1


def _knows_training(target: Any) -> bool:
    try:
        return "training" in inspect.signature(target).parameters
    except (TypeError, ValueError):
        return False
