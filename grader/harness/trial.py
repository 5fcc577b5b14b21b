"""One comparison of two described networks: fill both with the same weights, run both, judge."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import islice
from typing import Any

import numpy as np

from grader.compare.closeness import Array
from grader.compare.networks import (
    Matching,
    Structure,
    draw,
    fill_by_shape,
    first_difference,
    laid_back,
    laid_out,
    matchings,
    name_of_owner,
    other_weights,
)
from grader.harness.float32 import Bounds
from grader.harness.outcome import Mismatch, observe
from grader.harness.parting import parting
from grader.harness.proxies import Handle
from grader.records import Diagnosis

MOST_WAYS = 3  # of matching twins that are tried


@dataclass(frozen=True)
class Filling:
    """Values for the student's variables; `matching` is None where nothing was matched."""

    weights: list[Array | None]
    matching: Matching | None


class Trial:
    """The student's network `got` and the reference's, with their descriptions."""

    def __init__(
        self,
        got: Handle,
        expected: Handle,
        theirs: Structure,
        ours: Structure,
        given: list[Array],
        *,
        training: bool,
        gradients: bool,
    ) -> None:
        self._got = got
        self._expected = expected
        self._theirs = theirs
        self._ours = ours
        self._given = given
        self._training = training
        self._gradients = gradients

    def run(self, rng: np.random.Generator, head_scale: float) -> None:
        """Compare, and fail with a diagnosis. Takes the same from `rng` whatever the student's."""
        weights = draw(self._ours, rng, head_scale)
        seed, own = (int(number) for number in rng.integers(1 << 31, size=2))

        @cache
        def bounds_of(matched: bool) -> tuple[list[Array], Bounds]:
            values = weights if matched else fill_by_shape(self._ours, seed, head_scale)
            return values, self._reference(values, np.random.default_rng(own))

        tried: list[tuple[Filling, list[Any]]] = []
        for filling in self._fillings(weights, seed, head_scale):
            _, bounds = bounds_of(filling.matching is not None)
            result = self._forward(self._got, filling.weights, bounds.cotangent)
            tried.append((filling, result["outputs"]))
            if len(tried) == 1:
                observe("outputs", result["outputs"])
            if bounds.agree("outputs", result["outputs"]) and not self._surely_another(filling):
                self._check_rest(filling, result, bounds)
                return
        raise Mismatch(self._why(*tried[0], *bounds_of(tried[0][0].matching is not None)))

    def _surely_another(self, filling: Filling) -> bool:
        """Whether equal outputs say nothing: weights of one shape have equal values there.

        Another number of weights is no matter of outputs, but of `assert_same_parameters`.
        """
        if filling.matching is not None or not (self._theirs.is_sure and self._ours.is_sure):
            return False
        return other_weights(self._theirs, self._ours) is None

    def _fillings(self, weights: list[Array], seed: int, scale: float) -> Iterator[Filling]:
        """The ways to give the student's network the same weights, the surest first."""
        for loose in (False, True):
            ways = [*islice(matchings(self._theirs, self._ours, loose=loose), MOST_WAYS)]
            if ways:
                yield from (Filling(self._moved(weights, way), way) for way in ways)
                return
        yield Filling([*fill_by_shape(self._theirs, seed, scale)], None)

    def _moved(self, weights: list[Array], matching: Matching) -> list[Array | None]:
        """The weights in the student's order and layout; None for what no output depends on."""
        places = ((matching.variables.get(n), v) for n, v in enumerate(self._theirs.variables))
        return [None if n is None else laid_out(weights[n], v.shape) for n, v in places]

    def _forward(self, handle: Handle, weights: Sequence[Any], cotangent: Any = None) -> Any:
        result = handle.operate("forward", self._given, self._training, cotangent, list(weights))
        kinds = ("outputs", "inputs", "weights", "statistics")
        if isinstance(result, dict) and all(isinstance(result.get(kind), list) for kind in kinds):
            return result
        raise Mismatch(Diagnosis(f"What {handle.subject()} returned could not be run."))

    def _reference(self, weights: list[Array], rng: np.random.Generator) -> Bounds:
        """What the reference computes, and how exactly it is known."""
        cotangent = None
        result = self._forward(self._expected, weights)
        if self._gradients:
            shapes = [each.shape for each in result["outputs"]]
            cotangent = [rng.standard_normal(shape).astype(np.float32) for shape in shapes]
            result = self._forward(self._expected, weights, cotangent)
        exact = self._expected.operate("precise", self._given, self._training, cotangent, weights)
        return Bounds(result, exact, cotangent)

    def _check_rest(self, filling: Filling, result: Any, bounds: Bounds) -> None:
        """Gradients and statistics, the outputs being right."""
        if self._gradients:
            observe("input gradients", result["inputs"])
            for place in bounds.places("inputs"):
                what = "the gradient for the input" + (f" {place + 1}" if place else "")
                bounds.check("inputs", place, _at(result["inputs"], place), what)
        if filling.matching is None:
            return
        if self._gradients:
            self._check_variables(
                "weights", filling.matching, result, bounds, "the gradient for the {} of {}"
            )
        if self._training:
            self._check_variables(
                "statistics", filling.matching, result, bounds, "the {} of {} after the call"
            )

    def _check_variables(
        self, kind: str, matching: Matching, result: Any, bounds: Bounds, words: str
    ) -> None:
        twins = {twin: place for place, twin in matching.variables.items()}
        own: dict[int, Any] = {}
        for place in bounds.places(kind):
            value = _at(result[kind], twins.get(place, -1))
            shape = self._ours.variables[place].shape
            own[place] = laid_back(value, shape) if isinstance(value, np.ndarray) else value
        observe(f"{kind} by variable", [own[place] for place in sorted(own)])
        for place, value in own.items():
            if place not in twins:
                continue
            variable = self._ours.variables[place]
            role = variable.role.replace("_", " ")
            owner = name_of_owner(self._ours, variable.owner)
            if value is None:
                raise Mismatch(_other_mode(kind, role, owner))
            bounds.check(kind, place, value, words.format(role, owner))

    def _why(
        self, filling: Filling, outputs: list[Any], weights: list[Array], bounds: Bounds
    ) -> Diagnosis:
        """Why the outputs differ: other weights, other connections, or the first layer."""
        plain = bounds.explain("outputs", outputs)
        if filling.matching is None:
            return first_difference(self._theirs, self._ours) or plain
        got, expected = (
            handle.operate("parts", self._given, self._training, list(values))
            for handle, values in ((self._got, filling.weights), (self._expected, weights))
        )
        return parting(self._ours, filling.matching, got, expected, plain)


def _at(values: Sequence[Any], place: int) -> Any:
    return values[place] if 0 <= place < len(values) else None


def _other_mode(kind: str, role: str, owner: str) -> Diagnosis:
    if kind == "statistics":
        return Diagnosis(
            f"The {role} of {owner} is trainable.",
            "It is a moving average, which no gradient changes.",
            "Make it with add_weight(..., trainable=False).",
        )
    return Diagnosis(
        f"The {role} of {owner} is not trainable.",
        "It learns with the rest of the network.",
        "Make it with add_weight(..., trainable=True), and freeze no layer.",
    )
