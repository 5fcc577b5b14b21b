"""The way of the data through any code, read off a trace of it.

Theory of operation: the target is called once on placeholders inside a graph, where `tf.function`
runs as plain Python and so is seen through. Each tensor of the graph then gets the owners that its
data last came through, and the variables that it was computed from without any data. An operation
that mixes both is a step of the owner of these variables. Variables of Keras' own layers belong to
their layer; a student's own variables form owners by use: a kernel alone, a bias alone, and what
scales, shifts and normalises the same data together.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from grader.inside.networks import calling
from grader.inside.networks.graph import Graph, Sources, uses
from grader.inside.networks.owners import known_variables, layers_of, raw, weights_of

NOTHING: Sources = frozenset()
# Operations whose result does not depend on the values of the data.
SHAPES = frozenset(("Shape", "ShapeN", "Size", "Rank", "ZerosLike", "OnesLike"))
PRODUCTS = ("Conv", "MatMul", "Einsum", "Depthwise", "Dilation")
ROOTS = frozenset(("Rsqrt", "Sqrt", "Pow"))
SUMS = frozenset(("AddV2", "Add", "AddN", "BiasAdd", "Sub"))


@dataclass
class Traced:
    """A trace: TensorFlow's graph, its inputs and outputs, and the way of the data through it."""

    graph: Any
    inputs: list[Any]
    outputs: list[Any]
    walk: Walk


def traced(target: Any, given: Sequence[Any], training: bool = False) -> Traced:
    """A trace of a call on these tensors."""
    import tensorflow as tf  # noqa: PLC0415  (only in a box that has it)
    from tensorflow.python.framework.func_graph import FuncGraph  # noqa: PLC0415

    graph = FuncGraph("grader")
    with graph.as_default():
        places = [tf.compat.v1.placeholder(each.dtype, each.shape) for each in given]
        made = calling.flat(calling.apply(target, places, training))
        outputs = [tf.identity(graph.capture(each)) for each in made]
    return Traced(graph, places, outputs, Walk(target, graph, places, outputs))


def trace(target: Any, given: Sequence[Any]) -> Graph:
    """The way of the data through a call on these tensors, in inference mode."""
    return traced(target, given).walk.graph


class Walk:
    """One pass over the operations, in the order in which they were made."""

    def __init__(self, target: Any, traced: Any, inputs: list[Any], outputs: list[Any]) -> None:
        self.graph = Graph()
        self._data = {id(tensor): frozenset([-1 - n]) for n, tensor in enumerate(inputs)}
        self._weights: dict[int, frozenset[int]] = {}
        self._known = known_variables(target)
        self._variables = _captured(target, traced)
        self._layers = _holders(target)
        self._by_handle = {
            id(internal): number
            for external, internal in traced.captures
            for number, variable in self._variables.items()
            if external is variable.handle
        }
        self._weights = {place: frozenset([number]) for place, number in self._by_handle.items()}
        self._roles = _Roles(self._variables, traced)
        self._owner: dict[int, int] = {}  # of each variable
        self._kin = {number: number for number in self._variables}  # what is combined with what
        self._outs: dict[int, Any] = {}  # what comes out of each owner last
        needed = _needed(outputs)
        for operation in traced.get_operations():
            if id(operation) in needed:
                self._step(operation)
        self.graph.outputs = [self._data.get(id(tensor), NOTHING) for tensor in outputs]

    def output_of(self, variable: Any) -> Any:
        """What comes out of the owner of one of TensorFlow's variables; None if nothing does."""
        return self._outs.get(self._owner.get(id(variable), -1))

    def _step(self, operation: Any) -> None:
        inputs = list(operation.inputs)
        if not inputs:
            return
        data: Sources = NOTHING
        if operation.type not in SHAPES:
            data = self.graph.merged(self._data.get(id(each), NOTHING) for each in inputs)
        weights = frozenset().union(*(self._weights.get(id(each), NOTHING) for each in inputs))
        if data and weights:
            data, weights = self._mix(data, weights), NOTHING
            self._outs.update(dict.fromkeys(data, operation.outputs[0]))
        else:
            self._relate(weights)
            self._spread(operation, data)
        for tensor in operation.outputs:
            if data:
                self._data[id(tensor)] = data
            elif weights:
                self._weights[id(tensor)] = weights

    def _spread(self, operation: Any, data: Sources) -> None:
        """Follow an owner's output where a vector that it made meets the data: x * inverse."""
        if len(data) != 1 or (owner := min(data)) < 0:
            return
        given = [each for each in operation.inputs if id(each) in self._data]
        made = operation.outputs[0] if operation.outputs else None
        if made is None or len(given) < 2 or owner not in self._outs:  # noqa: PLR2004
            return
        if _size(self._outs[owner]) < _size(made):
            self._outs[owner] = made

    def _mix(self, data: Sources, weights: frozenset[int]) -> Sources:
        """Lead the data through the owners of these variables; several owners follow on another."""
        known = [number for number in sorted(weights) if number in self._known]
        for number in known:
            entry = self._known[number]
            owner = self.graph.owner(entry.layer, entry.part)
            self.graph.owners[owner].add(entry.variable, entry.role)
            self._owner[number] = owner
        owners = sorted({self._owner[number] for number in known})
        own = frozenset(weights) - frozenset(known)
        if own:
            self._relate(own)
            owners.append(self._own(data, own))
        for owner in owners:
            self.graph.connect(data, owner)
        return frozenset(owners)

    def _own(self, data: Sources, numbers: frozenset[int]) -> int:
        """The owner of variables that are the student's own."""
        root = self._root(min(numbers))
        family = [number for number in self._variables if self._root(number) == root]
        owner = next((self._owner[n] for n in family if n in self._owner), None)
        if owner is None:
            owner = self._joined(data, family)
        if owner is None:
            owner = self.graph.new(self._layers.get(min(family)))
        for number in family:
            self._owner[number] = owner
            if number in numbers or len(numbers) > 1:
                self._add(owner, number)
        return owner

    def _joined(self, data: Sources, family: list[int]) -> int | None:
        """The owner before it, where this goes on with its scaling and shifting."""
        if len(data) != 1 or (owner := min(data)) < 0:
            return None
        before = self.graph.owners[owner].roles
        layer = self._layers.get(family[0])
        roles = [self._roles.of(number) for number in family]
        statistics = {"gamma", "moving_mean", "moving_variance", "beta"}
        same = self.graph.owners[owner].layer is layer
        roles = ["beta" if role == "bias" else role for role in roles]
        fits = statistics.issuperset(before) and statistics.issuperset(roles)
        return owner if same and fits and not set(before) & set(roles) else None

    def _add(self, owner: int, number: int) -> None:
        role = self._roles.of(number)
        if role == "bias" and self.graph.owners[owner].roles:
            role = "beta"
        self.graph.owners[owner].add(self._variables[number], role)

    def _relate(self, numbers: frozenset[int]) -> None:
        own = [number for number in numbers if number not in self._known]
        for number in own[1:]:
            self._kin[self._root(number)] = self._root(own[0])

    def _root(self, number: int) -> int:
        while self._kin[number] != number:
            number = self._kin[number]
        return number


class _Roles:
    """What a student's own variable is for, by the first operation that uses it."""

    def __init__(self, variables: dict[int, Any], traced: Any) -> None:
        self._variables = variables
        self._uses: dict[int, list[Any]] = {}
        for external, internal in traced.captures:
            for number, variable in variables.items():
                if external is variable.handle:
                    self._uses[number] = uses(internal)
        self._found: dict[int, str] = {}

    def of(self, number: int) -> str:
        """The role of a variable."""
        if number not in self._found:
            self._found[number] = self._role(number)
        return self._found[number]

    def _role(self, number: int) -> str:
        variable = self._variables[number]
        uses = [operation.type for operation in self._uses.get(number, [])]
        flat = sum(size != 1 for size in variable.shape) <= 1
        if any(name in use for use in uses for name in PRODUCTS):
            return "kernel" if variable.trainable else "other"
        if not flat:
            return "kernel" if variable.trainable else "other"
        if not variable.trainable:
            return "moving_variance" if self._under_a_root(number) else "moving_mean"
        return "bias" if uses and set(uses[:1]) <= SUMS else "gamma"

    def _under_a_root(self, number: int) -> bool:
        near = self._uses.get(number, [])
        after = [use for each in near for out in each.outputs for use in out.consumers()]
        return any(each.type in ROOTS for each in (*near, *after))


def _size(tensor: Any) -> int:
    return int(tensor.shape.num_elements() or 0)


def _needed(outputs: Sequence[Any]) -> set[int]:
    """The operations that the outputs depend on: not those that update a moving average."""
    waiting = [tensor.op for tensor in outputs]
    found = {id(operation) for operation in waiting}
    while waiting:
        for tensor in waiting.pop().inputs:
            if id(tensor.op) not in found:
                found.add(id(tensor.op))
                waiting.append(tensor.op)
    return found


def _captured(target: Any, traced: Any) -> dict[int, Any]:
    """TensorFlow's variables that the trace reads, by their identity."""
    read = {id(external): external for external, _ in traced.captures}
    candidates = [*map(raw, weights_of(target)), *traced.variables]
    return {id(each): each for each in candidates if id(each.handle) in read}


def _holders(target: Any) -> dict[int, Any]:
    """The layer that holds a variable, for those that are not of Keras' own layers."""
    found: dict[int, Any] = {}
    for layer in layers_of(target):
        for name in ("_trainable_variables", "_non_trainable_variables"):
            for variable in getattr(layer, name, ()):
                found.setdefault(id(raw(variable)), layer)
    return found
