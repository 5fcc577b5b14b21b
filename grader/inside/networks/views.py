"""What a public check sees of a Keras object: numbers that no name and no order changes.

It runs in the box when the course is released, and on a student's machine when `check` is called:
all values come from a public seed and the shapes alone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from grader.inside.networks import drawing
from grader.inside.networks.building import count_parameters, model_of
from grader.inside.networks.describing import structure
from grader.inside.networks.running import forward

PUBLIC_SEED = 20
BATCH, ANY_SIZE = 2, 8
HEAD_SCALE = 0.2  # so that a softmax is not saturated


def public_view(
    function: Callable[..., Any], view: str, args: Sequence[Any], kwargs: Mapping[str, Any]
) -> dict[str, Any]:
    """What the view sees of what the function makes.

    Args:
        function: the student's function or class.
        view: `network`: a function of tensors, whose first argument here is the shape of one;
            `model`: a function that returns a model; `layer`: a class of layers, whose first
            argument here is an array; `parameters`: a function that returns a model, which is
            counted without making its weights.
        args: the arguments.
        kwargs: the keyword arguments.
    """
    return VIEWS[view](function, args, kwargs)


def _network(
    function: Callable[..., Any], args: Sequence[Any], kwargs: Mapping[str, Any]
) -> dict[str, Any]:
    return _seen(model_of(function, args[0], *args[1:], **kwargs), [])


def _model(
    function: Callable[..., Any], args: Sequence[Any], kwargs: Mapping[str, Any]
) -> dict[str, Any]:
    return _seen(function(*args, **kwargs), [])


def _layer(
    function: Callable[..., Any], args: Sequence[Any], kwargs: Mapping[str, Any]
) -> dict[str, Any]:
    return _seen(function(*args[1:], **kwargs), [np.asarray(args[0])])


def _parameters(
    function: Callable[..., Any], args: Sequence[Any], kwargs: Mapping[str, Any]
) -> dict[str, Any]:
    found = count_parameters(function, *args, **kwargs)
    return {"parameters": found["total"], "trainable parameters": found["trainable"]}


VIEWS: dict[str, Callable[..., dict[str, Any]]] = {
    "network": _network,
    "model": _model,
    "layer": _layer,
    "parameters": _parameters,
}


def _seen(target: Any, inputs: list[Any]) -> dict[str, Any]:
    import keras  # noqa: PLC0415  (only where it is)

    if not isinstance(target, keras.Layer):
        raise TypeError(f"a Keras layer or model is expected, not {type(target).__name__}")
    inputs = inputs or [_picture(each.shape) for each in target.inputs]
    variables = structure(target, *inputs)["variables"]
    weights = drawing.fill(variables, PUBLIC_SEED, HEAD_SCALE)
    counted = [each for each in variables if each["counted"]]
    found = {
        "parameters": sum(map(_size, counted)),
        "trainable parameters": sum(_size(each) for each in counted if each["trainable"]),
        "output": _only(forward(target, inputs, False, weights=weights)["outputs"]),
    }
    if any(not each["trainable"] for each in counted):  # else dropout might be all that differs
        after = forward(target, inputs, True, weights=weights)
        found["output in training"] = _only(after["outputs"])
        found["moving statistics"] = _moments(after["statistics"])
    return found


def _picture(shape: Sequence[int | None]) -> Any:
    sizes = [size or (ANY_SIZE if axis else BATCH) for axis, size in enumerate(shape)]
    return np.random.default_rng(PUBLIC_SEED).standard_normal(sizes).astype(np.float32)


def _moments(statistics: Sequence[Any]) -> Any:
    """Mean and mean square over all moving statistics, in whatever order they are."""
    arrays = [np.ravel(each).astype(np.float64) for each in statistics if each is not None]
    values = np.concatenate(arrays) if arrays else np.zeros(1)
    return np.array([values.mean(), (values**2).mean()], np.float32)


def _only(outputs: list[Any]) -> Any:
    return outputs[0] if len(outputs) == 1 else tuple(outputs)


def _size(variable: Mapping[str, Any]) -> int:
    return int(np.prod(variable["shape"], dtype=np.int64))
