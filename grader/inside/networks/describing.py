"""What a network is made of, as plain data: its variables and the way of the data through them."""

from __future__ import annotations

import weakref
from typing import Any

from grader.inside.networks import calling, functional, tracing
from grader.inside.networks.graph import Graph
from grader.inside.networks.owners import (
    MOST_VARIABLES,
    is_known,
    known_variables,
    layers_of,
    raw,
    weights_of,
)

MAX_REASON = 200
NO_INPUT = "it was described without an input"
ANY_SIZE = 32  # of an axis that may have any
# Of the targets that were described, by their identity: the variables in the order of `structure`.
_described: dict[int, tuple[Any, list[Any]]] = {}


def structure(target: Any, *inputs: Any) -> dict[str, Any]:
    """Describe a layer or a model.

    Args:
        target: built or not; whatever Keras or TensorFlow code it is made of.
        *inputs: what it can be called on; a functional model needs none.

    Returns:
        "variables": [{"shape", "role", "trainable", "counted", "owner"}] in the order of the data,
            those that it does not come through last; "counted" is False for one that Keras does
            not know of.
        "owners": [{"before", "sure"}]: the numbers of the owners before it and -1, -2, ... for the
            inputs; sure are Keras' own layers, whose variables are certain to belong together.
        "outputs": the owners that each output comes from.
        "way": "", or why the way of the data is not known.
        "inputs": the shapes that it asks for, None where it does not.
    """
    given = calling.tensors(inputs) if inputs else _own_inputs(target)
    graph, way = _graph(target, given)
    _complete(graph, target)
    variables = [variable for owner in graph.owners for variable in owner.variables]
    if len(variables) > MOST_VARIABLES:
        raise ValueError("the network has too many variables to be compared")
    _remember(target, variables)
    return _plain(graph, target, way)


def variables_of(target: Any, *inputs: Any) -> list[Any]:
    """The variables in the order of `structure`, which is asked again where it was never asked."""
    kept = _described.get(id(target))
    if kept is None or kept[0]() is not target:
        structure(target, *inputs)
        kept = _described[id(target)]
    return kept[1]


def _remember(target: Any, variables: list[Any]) -> None:
    key = id(target)
    _described[key] = (weakref.ref(target, lambda _: _described.pop(key, None)), variables)


def _graph(target: Any, given: list[Any]) -> tuple[Graph, str]:
    """The way of the data, and why it is not known."""
    try:
        return functional.read(target), ""
    except (functional.NotFunctional, AttributeError, KeyError, ValueError):
        pass  # another version of Keras keeps its graph elsewhere: tracing is slower, and right
    if not given:
        return Graph(), NO_INPUT
    if not _is_built(target):
        calling.apply(target, given, False)
    try:
        return tracing.trace(target, given), ""
    except Exception as error:  # noqa: BLE001  (code that runs on values only, such as `if x > 0`)
        calling.apply(target, given, False)  # what fails here as well is the student's own error
        return Graph(), f"{type(error).__name__}: {error}"[:MAX_REASON]


def _own_inputs(target: Any) -> list[Any]:
    """Zeros of the shapes that a model asks for."""
    import tensorflow as tf  # noqa: PLC0415  (only in a box that has it)

    asked = getattr(target, "inputs", None) or []
    shapes = [[ANY_SIZE if size is None else size for size in each.shape] for each in asked]
    return [tf.zeros(shape, each.dtype) for shape, each in zip(shapes, asked, strict=True)]


def _is_built(target: Any) -> bool:
    return all(getattr(layer, "built", True) for layer in layers_of(target))


def _complete(graph: Graph, target: Any) -> None:
    """Add the weights that the output does not depend on, or that no way is known to."""
    met = {id(raw(variable)) for owner in graph.owners for variable in owner.variables}
    known = known_variables(target)
    for variable in weights_of(target):
        if id(raw(variable)) in met:
            continue
        met.add(id(raw(variable)))
        entry = known.get(id(raw(variable)))
        number = graph.owner(entry.layer if entry else variable, entry.part if entry else "")
        graph.owners[number].add(variable, entry.role if entry else _role_by_shape(variable))
    for owner in graph.owners:
        owner.arrange()


def _role_by_shape(variable: Any) -> str:
    """All that is known of a variable whose use is not."""
    if sum(size != 1 for size in variable.shape) > 1:
        return "kernel"
    return "bias" if variable.trainable else "moving_mean"


def _plain(graph: Graph, target: Any, way: str) -> dict[str, Any]:
    free = {id(raw(each)) for each in getattr(target, "trainable_weights", [])}
    counted = {id(raw(each)) for each in weights_of(target)}
    variables = [
        {
            "shape": tuple(map(int, variable.shape)),
            "role": role,
            "trainable": id(raw(variable)) in free,
            "counted": id(raw(variable)) in counted,
            "owner": number,
        }
        for number, owner in enumerate(graph.owners)
        for variable, role in zip(owner.variables, owner.roles, strict=True)
    ]
    owners = [
        {"sure": is_known(owner.layer), "before": sorted(before)}
        for owner, before in zip(graph.owners, graph.before, strict=True)
    ]
    outputs = [sorted(sources) for sources in graph.outputs]
    asked = [tuple(each.shape) for each in getattr(target, "inputs", None) or []]
    found = {"variables": variables, "owners": owners, "outputs": outputs}
    return {**found, "way": way, "inputs": asked or None}
