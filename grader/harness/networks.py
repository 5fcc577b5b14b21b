"""Two Keras networks, the student's and the reference's: as many weights, the same with equal ones.

Theory of operation: both boxes describe their network; the descriptions are matched; the values
drawn for the reference's variables go into the variables of the student's that they are matched
with; then both compute. Where the match leaves a choice (the parts of a concatenation), other
choices are tried before anything is called wrong. Where there is no match, every variable of both
gets values that depend on its role and size alone.

A right network costs its box two calls, `structure` and `forward`; the reference's are remembered.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from grader.compare.closeness import Array
from grader.compare.networks import Structure, other_weights, read
from grader.harness.outcome import Mismatch, observe
from grader.harness.proxies import Handle
from grader.harness.trial import Trial
from grader.records import Diagnosis

ANY_SIZE = 32  # of an axis that may have any


def assert_same_parameters(got: Handle, expected: Handle) -> None:
    """Both have as many parameters, and as many of them trainable.

    What the output does not depend on may be there or not.
    """
    ours, shapes = _described(expected, ())
    theirs, _ = _described(got, (), shapes)
    observe("parameters", theirs.parameters(used=True))
    alike = (theirs.parameters(used=used) == ours.parameters(used=used) for used in (False, True))
    if not any(alike):
        raise Mismatch(_other_count(theirs, ours))


def assert_same_network(
    got: Handle,
    expected: Handle,
    rng: np.random.Generator,
    *inputs: Any,
    training: bool = False,
    gradients: bool = False,
    head_scale: float = 1.0,
) -> None:
    """With the same weights, both give the same output for these inputs.

    Args:
        got: A layer or a model of the student's.
        expected: The reference's.
        rng: Draws the weights (and, for gradients, what the output is multiplied with).
        *inputs: What both are called on; float64 is sent as float32.
        training: The mode of the call. After a call in training mode the moving statistics must
            agree too.
        gradients: Whether the gradients to the inputs and to the trainable weights must agree.
        head_scale: Scales the kernel of the last dense layer: where a softmax is saturated, no
            mistake before it can be seen.
    """
    given = [_single(each) for each in inputs]
    ours, _ = _described(expected, given)
    theirs, _ = _described(got, given)
    observe("parameters", theirs.parameters(used=True))
    trial = Trial(got, expected, theirs, ours, given, training=training, gradients=gradients)
    trial.run(rng, head_scale)


def _described(handle: Handle, given: Sequence[Array], shapes: Any = None) -> tuple[Structure, Any]:
    """A network's description, and the shapes of the inputs that it asks for.

    A model that says no shape itself is described on the shapes of the other one.
    """
    plain = handle.operate("structure", *given)
    if shapes and isinstance(plain, dict) and plain.get("way") and not given:
        plain = handle.operate("structure", *map(_zeros, shapes))
    structure = read(plain)
    if structure is None:
        raise Mismatch(
            Diagnosis(
                f"What {handle.subject()} returned could not be described as a network.",
                "A Keras layer or model of moderate size.",
            )
        )
    return structure, plain.get("inputs")


def _zeros(shape: Sequence[int | None]) -> Array:
    return np.zeros([size or (ANY_SIZE if axis else 2) for axis, size in enumerate(shape)], "f4")


def _single(value: Any) -> Array:
    array = np.asarray(value)
    return array.astype(np.float32) if array.dtype == np.float64 else array


def _other_count(theirs: Structure, ours: Structure) -> Diagnosis:
    (total, trainable), (due, due_trainable) = theirs.parameters(), ours.parameters()
    if total == due:
        return Diagnosis(
            f"Of the {total} parameters of your network, {trainable} are trainable.",
            f"{due_trainable} trainable parameters.",
            "Moving averages are not trained; all other weights are.",
        )
    found = other_weights(theirs, ours) or Diagnosis("", "", "Compare model.summary() by layers.")
    return Diagnosis(
        f"Your network has {total} parameters. {found.happened}".strip(),
        f"{due} parameters. {found.expected}".strip(),
        found.try_,
    )
