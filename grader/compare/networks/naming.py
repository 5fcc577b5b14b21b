"""What a student calls the parts of a network: the 2nd convolution, the last dense layer."""

from __future__ import annotations

from collections.abc import Sequence

from grader.compare.networks.structure import Structure
from grader.compare.wording import ordinal, shape
from grader.inside.networks.drawing import role_class

CONVOLUTIONS = (3, 4, 5)  # the ranks of their kernels
DENSE = 2
ROLE_NAMES = {
    "shift": "vector of biases",
    "gamma": "vector of scales (gamma)",
    "moving_mean": "moving mean",
    "moving_variance": "moving variance",
    "recurrent_kernel": "recurrent kernel",
    "other": "weight that is not trained",
}


def kind_of_owner(structure: Structure, owner: int) -> str:
    """`3x3 convolution`, `dense layer`, `batch normalization`, `bias` or `layer with weights`."""
    variables = [structure.variables[place] for place in structure.of_owner(owner)]
    roles = {role_class(each.role) for each in variables}
    if "kernel" in roles:
        return _kind_of_kernel(variables[0].shape)
    if roles & {"moving_mean", "moving_variance"}:
        return "batch normalization"
    if "gamma" in roles:
        return "normalization"
    return "bias" if roles == {"shift"} else "layer with weights"


def _kind_of_kernel(sizes: Sequence[int]) -> str:
    if len(sizes) in CONVOLUTIONS:
        return f"{'x'.join(map(str, sizes[:-2]))} convolution"
    return "dense layer" if len(sizes) == DENSE else "layer with weights"


def steps(structure: Structure) -> list[int]:
    """The live owners in the order of the data, a bias counted to the layer before it."""
    return [owner for owner in sorted(structure.live) if not _is_own_bias(structure, owner)]


def layer_of(structure: Structure, owner: int) -> int:
    """The owner itself, or for a bias the layer that it is added to."""
    return min(structure.before[owner]) if _is_own_bias(structure, owner) else owner


def _is_own_bias(structure: Structure, owner: int) -> bool:
    before = structure.before[owner]
    single = len(before) == 1 and min(before) >= 0
    return (
        single
        and kind_of_owner(structure, owner) == "bias"
        and kind_of_owner(structure, min(before)).endswith(("convolution", "dense layer"))
    )


def name_of_owner(structure: Structure, owner: int) -> str:
    """`the 2nd convolution`, `the only dense layer`, counted in the order of the data."""
    owner = layer_of(structure, owner)
    kind = kind_of_owner(structure, owner)
    alike = [each for each in steps(structure) if kind_of_owner(structure, each) == kind]
    if len(alike) == 1:
        return f"the {kind}"
    return f"the {ordinal(alike.index(owner) + 1)} {kind}" if owner in alike else f"a {kind}"


def name_of_weights(role: str, sizes: Sequence[int], count: int) -> str:
    """`3 kernels of shape (3, 3, 4, 8)`, `1 vector of biases of length 8`."""
    named = ROLE_NAMES.get(role_class(role), "kernel")
    if count != 1:
        head, _, rest = named.partition(" ")
        named = f"{head}s {rest}".strip() if head in {"vector", "weight"} else f"{named}s"
    if count != 1 and named.startswith("weights that is"):
        named = named.replace("that is", "that are")
    size = f"length {sizes[0]}" if len(sizes) == 1 else f"shape {shape(sizes)}"
    return f"{count or 'no'} {named} of {size}"
