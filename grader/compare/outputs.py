"""Functions with several outputs: which of them is wrong, and whether they are only exchanged."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from grader.compare.closeness import as_array, close
from grader.compare.wording import listing, ordinal, sentence
from grader.records import Diagnosis

_FAR = 10_000  # a number that is told: one that is any larger may spell something out
_WHICH = ("Only ", "Both ", "All ")  # how `_which` begins


def several(
    got: Any,
    expected: Any,
    wrong: Sequence[Any],
    what: str,
    *,
    names: Sequence[str],
    explain_part: Callable[[Any, str], Diagnosis],
) -> Diagnosis:
    """Name the wrong ones of several outputs and explain the first of them."""
    if not wrong:
        return Diagnosis(sentence(f"{what} is not quite what it should be"))
    if found := exchanged(got, expected, wrong, what, names):
        return found
    if found := off_by_numbers(got, expected, wrong, what):
        return found
    total = len(expected)
    first = part_name(expected, wrong[0], names)
    found = explain_part(wrong[0], first)
    if total == 1:
        return found
    # An output with parts of its own says of these which are wrong, in the same words.
    inside = f"In {first}: " if found.happened.startswith(_WHICH) else ""
    return replace(found, happened=f"{_which(expected, wrong, names)} {inside}{found.happened}")


def exchanged(
    got: Any, expected: Any, wrong: Sequence[Any], what: str, names: Sequence[str]
) -> Diagnosis | None:
    """The right outputs in another order."""
    if isinstance(expected, Mapping) or len(wrong) < 2:  # noqa: PLR2004
        return None
    source = [next((old for old in wrong if close(got[new], expected[old])), None) for new in wrong]
    if None in source or len(set(source)) != len(wrong):
        return None
    called = listing([part_name(expected, key, names) for key in wrong])
    return Diagnosis(
        sentence(f"{what} has the right parts in the wrong order: {called} are exchanged"),
        "The order of the docstring is expected.",
        "Change the order in the `return` line.",
    )


def off_by_numbers(got: Any, expected: Any, wrong: Sequence[Any], what: str) -> Diagnosis | None:
    """A shape, that is a tuple of whole numbers: all wrong ones are off by the same."""
    if isinstance(expected, Mapping) or not all(
        _is_whole(got[key]) and _is_whole(expected[key]) for key in range(len(expected))
    ):
        return None
    steps = {int(got[key]) - int(expected[key]) for key in wrong}
    which = listing([ordinal(key + 1) for key in wrong])
    if len(steps) != 1:
        return Diagnosis(
            sentence(f"the {which} of {len(expected)} numbers in {what} {_are(wrong)} wrong"),
            "The other numbers are right." if len(wrong) < len(expected) else "",
            "Work through one example with pen and paper: what does each number count?",
        )
    (step,) = steps
    return Diagnosis(
        sentence(
            f"the {which} of {len(expected)} numbers in {what} {_are(wrong)} "
            f"{abs(step) if abs(step) < _FAR else 'far'} too {'large' if step > 0 else 'small'}"
        ),
        "The other numbers are right." if len(wrong) < len(expected) else "",
        _step_remedy(step),
    )


def part_name(expected: Any, key: Any, names: Sequence[str]) -> str:
    """`dw`, `output 2`, or the key of a dict."""
    if isinstance(expected, Mapping):
        return f"the entry {key!r}"
    return f"`{names[key]}`" if len(names) == len(expected) else f"output {key + 1}"


def _which(expected: Any, wrong: Sequence[Any], names: Sequence[str]) -> str:
    called = [part_name(expected, key, names) for key in wrong]
    total = len(expected)
    if len(wrong) == 1:
        return f"Only {called[0]} is wrong, the other {_outputs(total - 1)} right."
    if len(wrong) == total:
        return f"{'Both' if total == 2 else f'All {total}'} outputs are wrong."  # noqa: PLR2004
    return f"{listing(called)[:1].upper()}{listing(called)[1:]} are wrong, the rest is right."


def _outputs(count: int) -> str:
    return "output is" if count == 1 else f"{count} outputs are"


def _is_whole(value: Any) -> bool:
    array = as_array(value)
    return array is not None and array.ndim == 0 and array.dtype.kind in "iu"


def _are(wrong: Sequence[Any]) -> str:
    return "is" if len(wrong) == 1 else "are"


def _step_remedy(step: int) -> str:
    if step == -1:
        return "Count the first position of the window too: that is the + 1."
    if step == 1:
        return "Is the last, incomplete step dropped (`//`)? Is 1 added once only?"
    if step % 2 == 0:
        return "Padding is added on both sides: does your formula count it twice?"
    return "Put the numbers of one example into your formula and compare step by step."
