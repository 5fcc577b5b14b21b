"""A traced network run again with other values: in float64, or with a look at every layer.

Theory of operation: the trace's graph is imported into a graph of its own in which the variables
are placeholders, and, for float64, every float32 is a float64. So it works for any code that can
be traced, and nothing of the network itself changes.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from grader.inside.networks import calling, tracing
from grader.inside.networks.describing import variables_of
from grader.inside.networks.owners import raw

MOST_SHOWN = 4096  # elements of each layer's output that are returned
MAX_REASON = 200


def parts(
    target: Any, inputs: Any, training: bool = False, weights: Sequence[Any] | None = None
) -> dict[str, Any]:
    """What comes out of the owner of each variable, in the order of `structure`.

    Returns:
        "shapes" and "values": of the owner of each variable; values are a sample in C order, None
        for what the trace does not come through. "way": why there are none.
    """
    given = calling.tensors(inputs)
    variables = variables_of(target, *given)
    try:
        traced = tracing.traced(target, given, training)
        outs = [traced.walk.output_of(raw(variable)) for variable in variables]
        chosen = [out for out in outs if out is not None]
        replay = _Replay(traced, variables, weights, double=False)
        values = iter(replay.run([replay.of(out) for out in chosen], given))
    except Exception as error:  # noqa: BLE001  (it is for a diagnosis alone)
        return {"shapes": [], "values": [], "way": f"{type(error).__name__}: {error}"[:MAX_REASON]}
    arrays = [None if out is None else next(values) for out in outs]
    return {
        "shapes": [None if array is None else array.shape for array in arrays],
        "values": [None if array is None else _sample(array) for array in arrays],
        "way": "",
    }


def precise(
    target: Any,
    inputs: Any,
    training: bool = False,
    cotangent: Any = None,
    weights: Sequence[Any] | None = None,
) -> dict[str, Any]:
    """The outputs and gradients of `forward`, computed in float64 throughout.

    "way" says why that was not possible.
    """
    import tensorflow as tf  # noqa: PLC0415  (only in a box that has it)

    given = calling.tensors(inputs)
    variables = variables_of(target, *given)
    try:
        traced = tracing.traced(target, given, training)
        replay = _Replay(traced, variables, weights, double=True)
        with replay.graph.as_default():
            outputs = [replay.of(output) for output in traced.outputs]
            sources = [*replay.inputs, *(replay.values[n] for n in replay.trainable)]
            wanted = list(outputs)
            if cotangent is not None:
                several = cotangent if isinstance(cotangent, list | tuple) else [cotangent]
                seeds = [tf.constant(each, outputs[0].dtype) for each in several]
                found = tf.gradients(outputs, sources, grad_ys=seeds)
                wanted += [
                    tf.zeros_like(source) if gradient is None else tf.convert_to_tensor(gradient)
                    for source, gradient in zip(sources, found, strict=True)
                ]
        arrays = replay.run(wanted, given)
    except Exception as error:  # noqa: BLE001  (then a fixed tolerance has to do)
        return {"way": f"{type(error).__name__}: {error}"[:MAX_REASON]}
    outs, gradients = arrays[: len(outputs)], arrays[len(outputs) :]
    own = dict(zip(replay.trainable, gradients[len(given) :], strict=False))
    return {
        "outputs": outs,
        "inputs": gradients[: len(given)],
        "weights": [own.get(n) for n in range(len(variables))] if own else [],
        "way": "",
    }


class _Replay:
    """The graph of a trace with placeholders for its inputs and variables."""

    def __init__(
        self, traced: Any, variables: Sequence[Any], weights: Sequence[Any] | None, *, double: bool
    ) -> None:
        import tensorflow as tf  # noqa: PLC0415

        self.graph = tf.Graph()
        self._double = double
        held = [raw(variable) for variable in variables]
        self.trainable = [n for n, each in enumerate(held) if each.trainable]
        self._feeds: dict[Any, Any] = {}
        definition = traced.graph.as_graph_def()
        with self.graph.as_default():
            self.inputs = [self._placeholder(each) for each in traced.inputs]
            self.values = [self._placeholder(each) for each in held]
            replaced = dict(zip((each.name for each in traced.inputs), self.inputs, strict=True))
            for place, variable in enumerate(held):
                array = weights[place] if weights is not None else variable.numpy()
                self._feeds[self.values[place]] = np.reshape(array, variable.shape)
            replaced.update(self._captures(traced, held))
            if double:
                _widen(definition)
            tf.graph_util.import_graph_def(definition, input_map=replaced, name="again")

    def of(self, tensor: Any) -> Any:
        """What a tensor of the trace has become; an input passed straight on is itself."""
        return self.graph.get_tensor_by_name(f"again/{tensor.name}")

    def run(self, wanted: list[Any], given: Sequence[Any]) -> list[Any]:
        """The values of these tensors, given the inputs."""
        import tensorflow as tf  # noqa: PLC0415

        feeds = {**self._feeds, **dict(zip(self.inputs, (x.numpy() for x in given), strict=True))}
        config = tf.compat.v1.ConfigProto()
        config.graph_options.rewrite_options.disable_meta_optimizer = True
        with tf.compat.v1.Session(graph=self.graph, config=config) as session:
            found: list[Any] = session.run(wanted, feeds)
        return found

    def _placeholder(self, like: Any) -> Any:
        import tensorflow as tf  # noqa: PLC0415

        wide = self._double and like.dtype.base_dtype == tf.float32
        dtype = tf.float64 if wide else like.dtype.base_dtype
        return tf.compat.v1.placeholder(dtype, like.shape)

    def _captures(self, traced: Any, held: list[Any]) -> dict[str, Any]:
        """What the trace reads of variables and of constants outside, by name."""
        import tensorflow as tf  # noqa: PLC0415

        found: dict[str, Any] = {}
        for external, internal in traced.graph.captures:
            if external.dtype != tf.resource:
                found[internal.name] = self._constant(external)
                continue
            value = self._value(external, held, traced)
            for use in internal.consumers():
                if use.type == "ReadVariableOp":
                    found[use.outputs[0].name] = value
        return found

    def _value(self, handle: Any, held: list[Any], traced: Any) -> Any:
        for variable, value in zip(held, self.values, strict=True):
            if variable.handle is handle:
                return value
        variable = next(each for each in traced.graph.variables if each.handle is handle)
        return self._constant(variable)  # not the network's own: a counter, a generator

    def _constant(self, tensor: Any) -> Any:
        import tensorflow as tf  # noqa: PLC0415

        array = tensor.numpy()
        wide = self._double and array.dtype == np.float32
        return tf.constant(array.astype(np.float64) if wide else array)


def _widen(definition: Any) -> None:
    """Make every float32 of a graph a float64, in place."""
    functions = definition.library.function
    for node in [*definition.node, *(node for each in functions for node in each.node_def)]:
        for name, value in node.attr.items():
            if not name.startswith("_"):
                _widen_attribute(value)
    for function in functions:
        for argument in [*function.signature.input_arg, *function.signature.output_arg]:
            argument.type = _wide(argument.type)


def _widen_attribute(value: Any) -> None:
    import tensorflow as tf  # noqa: PLC0415

    if value.HasField("type"):
        value.type = _wide(value.type)
    for place, kind in enumerate(value.list.type):
        value.list.type[place] = _wide(kind)
    if value.HasField("tensor") and value.tensor.dtype != _wide(value.tensor.dtype):
        array = tf.make_ndarray(value.tensor).astype(np.float64)
        value.tensor.CopyFrom(tf.make_tensor_proto(array))


def _wide(kind: int) -> int:
    import tensorflow as tf  # noqa: PLC0415

    single, double = tf.float32.as_datatype_enum, tf.float64.as_datatype_enum
    return int(double) if kind == single else kind


def _sample(array: Any) -> Any:
    flat = array.reshape(-1)
    step = max(1, -(-flat.size // MOST_SHOWN))
    return flat[::step]
