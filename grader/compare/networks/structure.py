"""A network's description, checked: it comes from a student's process."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from grader.compare.closeness import Array
from grader.inside.networks import drawing

MAX_RANK = 16
# Values for all variables must fit into one message of 64 MB.
MAX_PARAMETERS = 12_000_000


@dataclass(frozen=True)
class Variable:
    """One variable: its shape, what it is for, and the step of the data that it belongs to."""

    shape: tuple[int, ...]
    role: str
    trainable: bool
    owner: int
    counted: bool = True

    @property
    def size(self) -> int:
        """The number of its elements."""
        return math.prod(self.shape)

    @property
    def kind(self) -> tuple[str, int, int]:
        """What a twin of it has in common with it, however it is laid out before the last axis."""
        return drawing.role_class(self.role), self.size, self.shape[-1] if self.shape else 1

    def described(self) -> dict[str, Any]:
        """As the box describes it."""
        return {"role": self.role, "shape": self.shape}


@dataclass(frozen=True)
class Structure:
    """The variables of a network and the way of the data through their owners.

    `before[n]` are the owners that the data comes from to owner `n`; -1, -2, ... are the inputs.
    `way` says why the way is not known, and is empty where it is. `sure[n]`: owner `n` is one of
    Keras' own layers.
    """

    variables: tuple[Variable, ...]
    before: tuple[frozenset[int], ...]
    outputs: tuple[frozenset[int], ...]
    way: str = ""
    sure: tuple[bool, ...] = ()

    @property
    def is_sure(self) -> bool:
        """Whether all of it is made of Keras' own layers, so that a matching would be found."""
        return not self.way and all(self.sure[owner] for owner in self.live)

    @cached_property
    def live(self) -> frozenset[int]:
        """The owners that an output depends on; all, where the way is not known."""
        if self.way:
            return frozenset(range(len(self.before)))
        found: set[int] = set()
        waiting = [owner for sources in self.outputs for owner in sources]
        while waiting:
            owner = waiting.pop()
            if owner >= 0 and owner not in found:
                found.add(owner)
                waiting.extend(self.before[owner])
        return frozenset(found)

    @cached_property
    def used(self) -> tuple[int, ...]:
        """The places of the variables that an output depends on."""
        return tuple(n for n, each in enumerate(self.variables) if each.owner in self.live)

    def of_owner(self, owner: int) -> tuple[int, ...]:
        """The places of an owner's variables."""
        return self._by_owner.get(owner, ())

    @cached_property
    def _by_owner(self) -> dict[int, tuple[int, ...]]:
        found: dict[int, tuple[int, ...]] = {}
        for place, variable in enumerate(self.variables):
            found[variable.owner] = (*found.get(variable.owner, ()), place)
        return found

    def parameters(self, *, used: bool = False) -> tuple[int, int]:
        """The numbers of all and of the trainable parameters, of all or of the used variables."""
        places = self.used if used else range(len(self.variables))
        chosen = [self.variables[place] for place in places if self.variables[place].counted]
        return sum(each.size for each in chosen), sum(each.size * each.trainable for each in chosen)

    def shapes(self) -> Counter[tuple[str, tuple[int, ...]]]:
        """How many used variables there are of each role and shape, axes of length 1 left out."""
        chosen = [self.variables[place] for place in self.used]
        return Counter((each.role, _bare(each)) for each in chosen)


def _bare(variable: Variable) -> tuple[int, ...]:
    """The shape; of a vector that is laid out for broadcasting, its length alone."""
    long = [size for size in variable.shape if size != 1]
    if drawing.role_class(variable.role) == "kernel" or len(long) > 1:
        return variable.shape
    return tuple(long) or (1,)


def read(plain: Any) -> Structure | None:
    """A description from a box; None if it is none."""
    try:
        owners, variables = plain["owners"], plain["variables"]
        found = Structure(
            tuple(_variable(each, len(owners)) for each in variables),
            tuple(_sources(each["before"], len(owners)) for each in owners),
            tuple(_sources(each, len(owners)) for each in plain["outputs"]),
            str(plain["way"]),
            tuple(each["sure"] is True for each in owners),
        )
    except (LookupError, TypeError, ValueError, AttributeError, OverflowError):
        return None
    fits = sum(each.size for each in found.variables) <= MAX_PARAMETERS
    return found if fits else None


def _variable(plain: Mapping[str, Any], owners: int) -> Variable:
    shape, owner, role = tuple(plain["shape"]), plain["owner"], plain["role"]
    sizes = all(type(size) is int and 0 <= size <= MAX_PARAMETERS for size in shape)
    if not sizes or len(shape) > MAX_RANK or type(owner) is not int or not 0 <= owner < owners:
        raise ValueError("a variable without a shape or an owner")
    known = role if isinstance(role, str) and role in ROLES else "other"
    return Variable(shape, known, bool(plain["trainable"]), owner, bool(plain["counted"]))


ROLES = frozenset(
    ("kernel", "depthwise_kernel", "pointwise_kernel", "recurrent_kernel", "embeddings", "bias",
     "gamma", "beta", "moving_mean", "moving_variance")
)  # fmt: skip


def _sources(numbers: Sequence[Any], owners: int) -> frozenset[int]:
    if not all(type(number) is int and -MAX_RANK <= number < owners for number in numbers):
        raise ValueError("a step of the data from nowhere")
    return frozenset(numbers)


def draw(structure: Structure, rng: np.random.Generator, head_scale: float = 1.0) -> list[Array]:
    """Values for the variables: kernels like He's, scales around 1, shifts around 0 and not 0.

    `head_scale` scales the kernel of the last dense layer: a saturated softmax hides mistakes.
    """
    values = [drawing.drawn(each.role, each.shape, rng) for each in structure.variables]
    described = [each.described() for each in structure.variables]
    return drawing.scaled(values, described, head_scale)


def fill_by_shape(structure: Structure, seed: int, head_scale: float = 1.0) -> list[Array]:
    """Values that depend on role, size and last axis alone: nothing is matched.

    It always works, but does not see two weights of one shape exchanged.
    """
    return drawing.fill([each.described() for each in structure.variables], seed, head_scale)
