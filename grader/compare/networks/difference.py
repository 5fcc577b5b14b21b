"""Where two descriptions part, as a sentence: another number of weights, or other connections."""

from __future__ import annotations

from collections import Counter

from grader.compare.networks.matching import matchings
from grader.compare.networks.naming import name_of_owner, name_of_weights, steps
from grader.compare.networks.structure import Structure
from grader.compare.wording import listing
from grader.inside.networks.drawing import role_class
from grader.records import Diagnosis

_MOST_NAMED = 2


def first_difference(got: Structure, expected: Structure) -> Diagnosis | None:
    """The first block or weight in which the two differ; None if they are the same network."""
    if next(matchings(got, expected), None) is not None:
        return None
    return other_weights(got, expected) or _other_connections(got, expected)


def other_weights(got: Structure, expected: Structure) -> Diagnosis | None:
    """Which kinds of weights one has more of than the other."""
    ours, theirs = _classes(expected), _classes(got)
    kinds = [kind for kind in dict.fromkeys([*ours, *theirs]) if ours[kind] != theirs[kind]]
    if not kinds:
        return None
    kinds.sort(key=lambda kind: kind[0] != "kernel")  # what else differs mostly follows from them
    chosen = kinds[:_MOST_NAMED]
    has = listing([name_of_weights(*kind, theirs[kind]) for kind in chosen])
    due = listing([name_of_weights(*kind, ours[kind]) for kind in chosen])
    more = f" Of {len(kinds) - len(chosen)} more kinds the number differs too." if kinds[2:] else ""
    return Diagnosis(
        happened=f"Your network has {has}.{more}",
        expected=f"{due[:1].upper()}{due[1:]}.",
        try_=_remedy(ours, theirs),
    )


def _classes(structure: Structure) -> Counter[tuple[str, tuple[int, ...]]]:
    found: Counter[tuple[str, tuple[int, ...]]] = Counter()
    for (role, shape), count in structure.shapes().items():
        found[role_class(role), shape] += count
    return found


def _remedy(
    ours: Counter[tuple[str, tuple[int, ...]]], theirs: Counter[tuple[str, tuple[int, ...]]]
) -> str:
    differ = {role for role, _ in (ours - theirs) + (theirs - ours)}
    if differ == {"shift"}:
        return "Look at use_bias of each layer."
    if differ & {"moving_mean", "moving_variance"} and "kernel" not in differ:
        if not any(role == "moving_mean" for role, _ in ours):
            return "No batch normalization is asked for here: leave it out."
        return "Count the batch normalizations: one after each convolution that has one."
    return "Compare model.summary() with the table, layer by layer."


def _other_connections(got: Structure, expected: Structure) -> Diagnosis:
    if got.way:
        return Diagnosis(
            happened="The weights of your network could not be matched with the reference's, "
            "because its code decides on values of the data. So they were filled by their shapes.",
            try_="Write the network without `if` or loops that depend on values of a tensor.",
        )
    return Diagnosis(
        happened="Your network has the right weights, but its layers are connected in another way"
        f"{_where(got, expected)}.",
        expected="Each layer gets the outputs of those before it as in the drawing.",
        try_="Draw your network: which layer's output goes into which?",
    )


def _where(got: Structure, expected: Structure) -> str:
    """The first layer whose way from the input is found nowhere in the other network."""
    theirs = Counter(_pasts(got).values())
    ours = _pasts(expected)
    for owner in steps(expected):
        if not theirs[ours[owner]]:
            return f", first at {name_of_owner(expected, owner)}"
        theirs[ours[owner]] -= 1
    return ""


def _pasts(structure: Structure) -> dict[int, int]:
    """A number for all that comes before each owner and its own weights: alike for alike pasts."""
    pasts: dict[int, int] = {}
    for owner in sorted(structure.live):
        kinds = sorted(structure.variables[place].kind for place in structure.of_owner(owner))
        before = sorted(pasts.get(each, each) for each in structure.before[owner])
        pasts[owner] = hash((tuple(kinds), tuple(before)))
    return pasts
