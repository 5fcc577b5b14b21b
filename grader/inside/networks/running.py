"""Run and differentiate a network in the box; every result is an array."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from grader.inside.networks import calling
from grader.inside.networks.describing import variables_of
from grader.inside.networks.owners import raw


def vjp(
    target: Any, inputs: Any, cotangent: Any, training: bool | None = None, weights: bool = False
) -> tuple[Any, ...]:
    """The gradients of sum(target(*inputs) * cotangent) to the inputs.

    Args:
        target: a layer, a model or a function of tensors.
        inputs: one array, or a list or tuple of them.
        cotangent: what the output is multiplied with; a list where the target has several.
        training: handed on to the target unless None.
        weights: whether the gradients to the trainable weights follow, in Keras' order.
    """
    given = calling.tensors(inputs)
    with _tape() as tape:
        tape.watch(given)
        outputs = calling.apply(target, given, training)
        total = _paired_sum(calling.flat(outputs), cotangent)
    chosen = [raw(variable) for variable in target.trainable_weights] if weights else []
    return tuple(_gradients(tape, total, [*given, *chosen])[0])


def assign(target: Any, arrays: Sequence[Any], inputs: Any = None) -> int:
    """Give the variables of `structure` these values, in its order; None leaves one as it is.

    Returns how many were set.
    """
    variables = variables_of(target, *([] if inputs is None else calling.tensors(inputs)))
    if len(variables) < len(arrays):
        raise ValueError(f"the network has {len(variables)} variables, not {len(arrays)}")
    chosen = [(v, array) for v, array in zip(variables, arrays, strict=False) if array is not None]
    for variable, array in chosen:
        values = array.reshape(variable.shape).astype(_dtype(variable))
        raw(variable).assign(values, read_value=False)  # Keras' own `assign` takes twice as long
    return len(chosen)


def forward(
    target: Any,
    inputs: Any,
    training: bool = False,
    cotangent: Any = None,
    weights: Sequence[Any] | None = None,
) -> dict[str, Any]:
    """The outputs of one call, and what it leads to.

    Args:
        target: a layer or a model that `structure` has described.
        inputs: one array, or a list or tuple of them.
        training: the mode.
        cotangent: what the output is multiplied with for the gradients; without, there are none,
            and none where the output has another shape.
        weights: values for the variables first, as `assign` takes them.

    Returns:
        "outputs": arrays; "inputs" and "weights": gradients, the latter for every variable in the
        order of `structure`, None for one that is not trainable; "missing": the places of those
        that the output does not depend on; "statistics": what is not trainable, after a call in
        training mode.
    """
    given = calling.tensors(inputs)
    variables = variables_of(target, *given)
    if weights is not None:
        assign(target, weights, given)
    if cotangent is None:
        outputs = calling.flat(calling.apply(target, given, training))
        found: dict[str, Any] = {"inputs": [], "weights": [], "missing": []}
    else:
        outputs, found = _differentiate(target, given, training, cotangent, variables)
    moving = [None if each.trainable else _array(each) for each in variables] if training else []
    return {"outputs": [_array(each) for each in outputs], **found, "statistics": moving}


def _differentiate(
    target: Any, given: list[Any], training: bool, cotangent: Any, variables: Sequence[Any]
) -> tuple[list[Any], dict[str, Any]]:
    with _tape() as tape:
        tape.watch(given)
        outputs = calling.flat(calling.apply(target, given, training))
        if not _fits(outputs, cotangent):
            return outputs, {"inputs": [], "weights": [], "missing": []}
        total = _paired_sum(outputs, cotangent)
    places = [place for place, variable in enumerate(variables) if variable.trainable]
    chosen = [raw(variables[place]) for place in places]
    gradients, missing = _gradients(tape, total, [*given, *chosen])
    weights = dict(zip(places, gradients[len(given) :], strict=True))
    return outputs, {
        "inputs": gradients[: len(given)],
        "weights": [weights.get(place) for place in range(len(variables))],
        "missing": [places[each - len(given)] for each in missing if each >= len(given)],
    }


def _tape() -> Any:
    import tensorflow as tf  # noqa: PLC0415  (only in a box that has it)

    return tf.GradientTape()


def _fits(outputs: list[Any], cotangent: Any) -> bool:
    several = cotangent if isinstance(cotangent, list | tuple) else [cotangent]
    return [tuple(each.shape) for each in outputs] == [tuple(each.shape) for each in several]


def _paired_sum(outputs: list[Any], cotangent: Any) -> Any:
    """sum(output * cotangent) over all outputs."""
    import tensorflow as tf  # noqa: PLC0415

    several = cotangent if isinstance(cotangent, list | tuple) else [cotangent]
    if len(outputs) != len(several):
        raise ValueError(f"the network has {len(outputs)} outputs, not {len(several)}")
    products = [
        tf.reduce_sum(output * tf.cast(each, output.dtype))
        for output, each in zip(outputs, several, strict=True)
    ]
    return tf.add_n([tf.cast(each, products[0].dtype) for each in products])


def _gradients(tape: Any, total: Any, sources: list[Any]) -> tuple[list[Any], list[int]]:
    """The gradients as arrays, zeros where there is none, and the places of those."""
    import tensorflow as tf  # noqa: PLC0415

    gradients = tape.gradient(total, sources)
    missing = [place for place, gradient in enumerate(gradients) if gradient is None]
    arrays = [
        _array(tf.zeros_like(source) if gradient is None else tf.convert_to_tensor(gradient))
        for source, gradient in zip(sources, gradients, strict=True)
    ]
    return arrays, missing


def _array(value: Any) -> Any:
    import tensorflow as tf  # noqa: PLC0415

    value = tf.convert_to_tensor(value)
    if value.dtype == tf.bfloat16:
        value = tf.cast(value, tf.float32)
    return value.numpy()


def _dtype(variable: Any) -> str:
    dtype = variable.dtype
    return str(getattr(dtype, "name", dtype))
