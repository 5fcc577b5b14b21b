"""Which layer a variable belongs to and what it is for, by the layer's own attributes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

# What an attribute of Keras' own layers is for. The order is that of a layer's variables here.
ROLES = {
    "kernel": "kernel",
    "depthwise_kernel": "depthwise_kernel",
    "pointwise_kernel": "pointwise_kernel",
    "recurrent_kernel": "recurrent_kernel",
    "embeddings": "embeddings",
    "bias": "bias",
    "gamma": "gamma",
    "beta": "beta",
    "moving_mean": "moving_mean",
    "moving_variance": "moving_variance",
}
ORDER = {role: place for place, role in enumerate(ROLES.values())}
MOST_VARIABLES = 20_000


@dataclass(frozen=True)
class Known:
    """A variable of one of Keras' own layers.

    `part` tells the bias from the rest: a bias counts as an owner of its own, so that a layer with
    one and a layer without one followed by an addition are alike.
    """

    variable: Any
    layer: Any
    role: str
    part: str


@dataclass
class Owner:
    """One step of the data that has variables: a layer, its bias, or variables of a student's."""

    layer: Any
    variables: list[Any] = field(default_factory=list)
    roles: list[str] = field(default_factory=list)

    def add(self, variable: Any, role: str) -> None:
        """Take one more variable."""
        if not any(variable is known for known in self.variables):
            self.variables.append(variable)
            self.roles.append(role)

    def arrange(self) -> None:
        """Bring the variables into the order of their roles."""
        pairs = list(zip(self.roles, self.variables, strict=True))
        pairs.sort(key=lambda pair: ORDER.get(pair[0], len(ORDER)))
        self.roles = [role for role, _ in pairs]
        self.variables = [variable for _, variable in pairs]


def raw(variable: Any) -> Any:
    """TensorFlow's variable behind one of Keras' (or itself)."""
    value = variable.value
    return variable if callable(value) else value


def weights_of(target: Any) -> list[Any]:
    """The weights, without the states of random generators."""
    weights = getattr(target, "weights", None)
    return list(weights)[:MOST_VARIABLES] if isinstance(weights, list | tuple) else []


def layers_of(target: Any) -> Iterator[Any]:
    """The layer itself and all layers in it, each once."""
    import keras  # noqa: PLC0415  (only in a box that has it)

    seen: set[int] = set()
    waiting = [target] if isinstance(target, keras.Layer) else []
    while waiting:
        layer = waiting.pop(0)
        if id(layer) not in seen:
            seen.add(id(layer))
            yield layer
            waiting.extend(getattr(layer, "_layers", ()))


def is_known(layer: Any) -> bool:
    """Whether it is one of Keras' own layers, or a class that extends one."""
    names = (base.__module__ for base in type(layer).__mro__)
    return any(
        name.startswith("keras.") and ".layers." in name and not name.endswith(".layers.layer")
        for name in names
    )


def known_variables(target: Any) -> dict[int, Known]:
    """The variables of Keras' own layers, by the identity of TensorFlow's variable."""
    found: dict[int, Known] = {}
    for layer in layers_of(target):
        if is_known(layer):
            for known in _of_layer(layer):
                found.setdefault(id(raw(known.variable)), known)
    return found


def _of_layer(layer: Any) -> list[Known]:
    own = [
        *getattr(layer, "_trainable_variables", ()),
        *getattr(layer, "_non_trainable_variables", ()),
    ]
    named = {attribute: getattr(layer, attribute, None) for attribute in ROLES}
    roles = [
        (next((ROLES[name] for name, value in named.items() if value is each), "other"), each)
        for each in own
    ]
    roles.sort(key=lambda pair: ORDER.get(pair[0], len(ORDER)))
    apart = [role for role, _ in roles] in (["kernel", "bias"], ["depthwise_kernel", "bias"])
    return [
        Known(each, layer, role, "bias" if apart and role == "bias" else "") for role, each in roles
    ]
