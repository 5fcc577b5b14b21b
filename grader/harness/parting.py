"""The first layer at which two networks with the same weights part, in a student's words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from grader.compare.networks import Matching, Structure, layer_of, name_of_owner, steps
from grader.compare.wording import listing, rough, sentence, shape
from grader.records import Diagnosis

ALIKE = 1e-3  # relative to the largest value; a mistake is far larger, rounding far smaller


@dataclass(frozen=True)
class Part:
    """What came out of the same layer in both networks."""

    got: Any
    expected: Any
    got_shape: Any
    expected_shape: Any

    @property
    def alike(self) -> bool:
        """Whether both are the same, up to rounding."""
        if self.got_shape != self.expected_shape:
            return False
        return not self.error > ALIKE

    @property
    def error(self) -> float:
        """The largest difference, relative to the largest value."""
        scale = float(np.abs(self.expected).max(initial=0.0)) or 1.0
        error = float(np.abs(np.asarray(self.got) - self.expected).max(initial=0.0)) / scale
        return error if np.isfinite(error) else np.inf


def parting(
    ours: Structure, matching: Matching, got: Any, expected: Any, plain: Diagnosis
) -> Diagnosis:
    """The diagnosis of outputs that differ.

    Args:
        ours: The reference's description.
        matching: Which of its variables are which of the student's.
        got: What comes out of each layer of the student's network: `parts` of the box.
        expected: The same of the reference's.
        plain: What the outputs alone say.
    """
    try:
        compared = _compared(ours, matching, got, expected)
        return _said(ours, compared, plain) if compared else plain
    except (LookupError, TypeError, ValueError, AttributeError):
        return plain  # a student's process may send anything


def _compared(ours: Structure, matching: Matching, got: Any, expected: Any) -> dict[int, Part]:
    """The parts of the network that both have a look at, in the order of the data."""
    twins = {twin: place for place, twin in matching.variables.items()}
    found: dict[int, Part] = {}
    for owner in sorted(ours.live):
        place = ours.of_owner(owner)[0]
        twin = twins[place]
        values = got["values"][twin], expected["values"][place]
        if values[0] is not None and values[1] is not None:
            found[owner] = Part(*values, got["shapes"][twin], expected["shapes"][place])
    return found


def _said(ours: Structure, compared: dict[int, Part], plain: Diagnosis) -> Diagnosis:
    wrong = [owner for owner, part in compared.items() if not part.alike]
    if not wrong:
        return Diagnosis(
            "All layers with weights agree; what comes after the last one (activation, pooling, "
            f"addition) differs. {plain.happened}",
            plain.expected,
            plain.try_,
        )
    first = _first(ours, wrong)
    name = name_of_owner(ours, first)
    if first != layer_of(ours, first):
        name = f"the bias of {name}"
    return Diagnosis(
        sentence(f"{_before(ours, first)}{_how(name, compared[first])}"),
        f"With the same weights, the same comes out of {name}.",
        _remedy(ours, first, name),
    )


def _first(ours: Structure, wrong: list[int]) -> int:
    """The first wrong owner none of whose ways from the input is wrong already."""
    bad = set(wrong)
    return next((owner for owner in wrong if not bad & ours.before[owner]), wrong[0])


def _before(ours: Structure, first: int) -> str:
    before = [
        each for each in steps(ours) if each < layer_of(ours, first) and _leads(ours, each, first)
    ]
    if not before:
        return ""
    last = name_of_owner(ours, before[-1])
    if len(before) == 1:
        return f"{last} agrees; "
    return f"the {len(before)} layers with weights up to {last} agree; "


def _leads(ours: Structure, source: int, target: int) -> bool:
    seen, waiting = set(), [target]
    while waiting:
        owner = waiting.pop()
        if owner == source:
            return True
        if owner >= 0 and owner not in seen:
            seen.add(owner)
            waiting.extend(ours.before[owner])
    return False


def _how(name: str, part: Part) -> str:
    if part.got_shape != part.expected_shape:
        return (
            f"what comes out of {name} has shape {shape(part.got_shape)} "
            f"instead of {shape(part.expected_shape)}"
        )
    if not np.isfinite(part.error):
        return f"what comes out of {name} is not finite"
    size = f"{rough(100 * part.error)} % of its largest value"
    return f"what comes out of {name} differs (by up to {size})"


def _remedy(ours: Structure, first: int, name: str) -> str:
    before = sorted(each for each in ours.before[first] if each >= 0)
    names = list(dict.fromkeys(name_of_owner(ours, each) for each in before))
    between = listing([*names, name]) if names else f"the input and {name}"
    return (
        f"Look at what stands between {between} (activation, pooling, addition), and at its own "
        "arguments (strides, padding, epsilon)."
    )
