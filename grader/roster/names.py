"""Names as people and systems write them: made safe to show, put in order, compared."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

MAX_NAME = 100
_NUMBER = re.compile(r"(\d+)")
_ACCENTS = re.compile("[\u0300-\u036f]")
_APOSTROPHES = re.compile("['`\u00b4\u02bb\u02bc\u2018\u2019]")
# Letters that Unicode does not take apart into a base and an accent.
_LETTERS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "ħ": "h", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th"}
)


def display_name(text: str, length: int = MAX_NAME) -> str:
    """A name that can be shown anywhere: no control characters, no change of direction."""
    shown = "".join(
        " " if char.isspace() else char
        for char in unicodedata.normalize("NFC", text)
        if char.isspace() or not unicodedata.category(char).startswith("C")
    )
    return " ".join(shown.split())[:length].rstrip() or "unnamed"


def fold(text: str) -> str:
    """The text without case and accents. Marks of other scripts stay: they tell names apart."""
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return _ACCENTS.sub("", plain).translate(_LETTERS)


def words(name: str) -> tuple[str, ...]:
    """The words of a name as they are compared: `O'Brien, Zoë` gives `obrien`, `zoe`."""
    kept = (
        char if char.isalnum() or unicodedata.category(char).startswith("M") else " "
        for char in _APOSTROPHES.sub("", fold(name))
    )
    return tuple("".join(kept).split())


def squeezed(name: str) -> str:
    """The name as one word, as Canvas writes it in file names: `Lovelace, Ada` is `lovelaceada`."""
    return "".join(words(name))


def orders(name: str) -> Iterator[tuple[str, ...]]:
    """The words with every possible beginning: first names first, last names first."""
    spoken = words(name)
    for start in range(len(spoken)):
        yield spoken[start:] + spoken[:start]


def natural(text: str) -> list[tuple[int, int, str]]:
    """A key that sorts 2 before 10."""
    return [
        (0, int(part), "")
        if part.isdecimal() and part.isascii() and len(part) < 20  # noqa: PLR2004
        else (1, 0, part.casefold())
        for part in _NUMBER.split(text)
    ]
