"""Wrong lengths of single axes: off by one, padding, stride, the wrong count."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from grader.compare.wording import axis_name, listing

Shape = tuple[int, ...]
_LARGEST_STRIDE = 5
_LARGEST_PADDING = 6  # on both sides together
_IMAGE = 3  # axes of a single image


@dataclass(frozen=True)
class Sizes:
    """Two shapes with as many axes, and the shapes of the inputs."""

    got: Shape
    expected: Shape
    inputs: tuple[Shape, ...] = ()

    @property
    def wrong(self) -> tuple[int, ...]:
        """The axes whose lengths differ."""
        pairs = enumerate(zip(self.got, self.expected, strict=True))
        return tuple(axis for axis, (got, expected) in pairs if got != expected)

    @property
    def steps(self) -> frozenset[int]:
        """By how much the wrong axes are too long."""
        return frozenset(self.got[axis] - self.expected[axis] for axis in self.wrong)

    @property
    def spatial(self) -> bool:
        """Whether only height and width differ: the last two axes, or the two before the last."""
        ndim, wrong = len(self.got), set(self.wrong)
        return ndim > 2 and (  # noqa: PLR2004
            wrong <= {ndim - 2, ndim - 1} or wrong <= {ndim - 3, ndim - 2} - {0}
        )

    @property
    def where(self) -> str:
        """The wrong axes in words."""
        if len(self.wrong) == 1:
            return axis_name(self.wrong[0], len(self.got))
        return f"axes {listing([str(axis) for axis in self.wrong])}"


def wrong_sizes(got: Shape, expected: Shape, inputs: tuple[Shape, ...]) -> str:
    """What to try where no axis was lost, added or moved but lengths differ."""
    if len(got) != len(expected):
        return f"The output should have {len(expected)} axes, yours has {len(got)}."
    sizes = Sizes(got, expected, inputs)
    causes = (rule(sizes) for rule in SIZE_RULES)
    cause = next((cause for cause in causes if cause), None)
    return cause or f"Look at {sizes.where}: only there the lengths differ."


def empty(sizes: Sizes) -> str | None:
    """x[..., p:-p] with p = 0 selects nothing."""
    if all(sizes.got[axis] == 0 for axis in sizes.wrong):
        return "The output is empty there: a slice such as `[p:-p]` selects nothing when p is 0."
    return None


def wrong_batch(sizes: Sizes) -> str | None:
    """The batch axis has another length than the batch."""
    if sizes.wrong != (0,) or len(sizes.got) < 2:  # noqa: PLR2004
        return None
    firsts = {lengths[0] for lengths in sizes.inputs if lengths}
    # The first axis of a single image (H, W, C) are its rows.
    if sizes.expected[0] not in firsts and (firsts or len(sizes.got) == _IMAGE):
        return None
    return "The first axis counts the examples: does the output have one entry for each of them?"


def wrong_count(sizes: Sizes) -> str | None:
    """A counting axis (not height or width) has the length of an axis of an input."""
    if len(sizes.wrong) != 1:
        return None
    (axis,) = sizes.wrong
    if len(sizes.got) > 2 and axis >= len(sizes.got) - 2:  # noqa: PLR2004
        return None
    for place, lengths in enumerate(sizes.inputs):
        if sizes.got[axis] in lengths:
            return (
                f"That is the length of axis {lengths.index(sizes.got[axis])} of input "
                f"{place + 1}, but {sizes.where} of the output counts something else."
            )
    return None


def square_assumed(sizes: Sizes) -> str | None:
    """Height and width come out equal where they should not."""
    if len(sizes.got) < 3 or not sizes.spatial:  # noqa: PLR2004
        return None
    for height, width in ((-2, -1), (-3, -2)):
        equal = sizes.got[height] == sizes.got[width]
        if equal and sizes.expected[height] != sizes.expected[width] and len(sizes.wrong) == 1:
            return "Height and width come out equal: do you take the picture to be a square?"
    return None


def off_by_one(sizes: Sizes) -> str | None:
    """A position too few or too many."""
    if not sizes.spatial:
        return None
    if sizes.steps == {-1}:
        return (
            f"One position too few in {sizes.where}: is the first position counted (+ 1), "
            "and the padding on both sides?"
        )
    if sizes.steps == {1}:
        return (
            f"One position too many in {sizes.where}: "
            "the last, incomplete step is dropped (`//`), and 1 is added once."
        )
    return None


def stride_ignored(sizes: Sizes) -> str | None:
    """Every window was used, or every s-th of the right ones."""
    for stride in range(2, _LARGEST_STRIDE + 1):
        if sizes.spatial and _every(stride, sizes.got, sizes.expected, sizes.wrong):
            return (
                f"Your output is about {stride} times too long in {sizes.where}: "
                "is the stride used there?"
            )
        if sizes.spatial and _every(stride, sizes.expected, sizes.got, sizes.wrong):
            return (
                f"Your output is about {stride} times too short in {sizes.where}: "
                "by how much does the window move at each step?"
            )
    return None


def padding(sizes: Sizes) -> str | None:
    """The same small number too few or too many in height and width."""
    if not sizes.spatial or len(sizes.steps) != 1:
        return None
    (step,) = sizes.steps
    if abs(step) > _LARGEST_PADDING:
        return None
    if step < 0:
        return f"{-step} too few in {sizes.where}: is the padding added, and on both sides?"
    return f"{step} too many in {sizes.where}: is padding left in that should be cut off again?"


SizeRule = Callable[[Sizes], str | None]
SIZE_RULES: tuple[SizeRule, ...] = (
    empty,
    wrong_batch,
    wrong_count,
    square_assumed,
    off_by_one,
    stride_ignored,
    padding,
)


def _every(stride: int, longer: Shape, shorter: Shape, axes: tuple[int, ...]) -> bool:
    """Whether `shorter` counts every stride-th place of `longer`."""
    return all(-(-longer[axis] // stride) == shorter[axis] > 1 for axis in axes)
