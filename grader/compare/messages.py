"""Which messages of an exception may be shown, and what each usually comes from.

A message is text from the box and may spell out a hidden input. It is shown only where the whole
of it is one of the sentences below, in which Python and NumPy vary nothing but shapes, small
numbers, names of types, and names that stand in the student's own source.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property

from grader.compare.wording import KNOWN_TYPES

_HOLES = {
    "{int}": r"-?\d{1,7}",
    "{shape}": r"\(\s*(?:\d{1,6}|newaxis)?(?:,\s*(?:\d{1,6}|newaxis))*,?\s*\)",
    "{remap}": r"\([\d, ]{0,60}\)->\([\d, newaxis]{0,60}\)",
    "{name}": r"(?P<name_{n}>[^\W\d]\w{0,63})",
    "{type}": r"(?P<type_{n}>[\w.]{1,40})",
    "{op}": r"[-+*/%@<>=&|^~]{1,4}|\*\* or pow\(\)|abs\(\)|unary [-+~]",
    "{dtype}": r"(?:float|int|uint|complex)(?:8|16|32|64|128)|bool",
    "{word}": r"add|subtract|multiply|divide|true_divide|floor_divide|power|maximum|minimum",
    "{any}": r"[\s\S]{0,600}",
}
_LONGEST = 1000  # characters of a message
_MOST_DIGITS = 40  # two shapes of four axes need half of them
_HOLE = re.compile("|".join(re.escape(hole) for hole in _HOLES))
# Names that the libraries use themselves, which need not stand in a student's source.
_LIBRARY_NAMES = frozenset(
    ("numpy", "np", "math", "axis1", "axis2", "source", "subscriptable", "callable", "iterable")
)
_NUMPY_TYPES = re.compile(r"numpy\.(?:ndarray|float\d+|int\d+|bool_?)|(?:float|int)(?:32|64)")


@dataclass(frozen=True)
class Message:
    """A sentence of Python's or NumPy's, with holes, and what to try when it appears.

    `shown` False: the sentence is recognised for its remedy but not repeated.
    """

    type: str
    pattern: str
    remedy: str
    shown: bool = True

    @cached_property
    def regex(self) -> re.Pattern[str]:
        """The pattern with its holes made to groups, anchored at both ends."""
        parts = _HOLE.split(self.pattern)
        holes = _HOLE.findall(self.pattern)
        text = re.escape(parts[0])
        for number, (hole, part) in enumerate(zip(holes, parts[1:], strict=True)):
            text += f"(?:{_HOLES[hole].replace('{n}', str(number))}){re.escape(part)}"
        return re.compile(text, re.ASCII)

    def fits(self, type_: str, message: str) -> bool:
        """Whether a message is this sentence."""
        fitting = self.type == type_ and len(message) <= _LONGEST
        return fitting and self.regex.fullmatch(message.strip()) is not None

    def may_show(self, message: str, words: Collection[str]) -> bool:
        """Whether the message, which fits, names nothing that the source does not."""
        found = self.regex.fullmatch(message.strip())
        return (
            self.shown
            and found is not None
            and sum(map(str.isdigit, message)) <= _MOST_DIGITS
            and all(_is_harmless(hole, text, words) for hole, text in found.groupdict().items())
        )


def _is_harmless(hole: str, text: str | None, words: Collection[str]) -> bool:
    if text is None:
        return True
    if hole.startswith("type") and (text in KNOWN_TYPES or _NUMPY_TYPES.fullmatch(text)):
        return True
    return text in words or text in _LIBRARY_NAMES
