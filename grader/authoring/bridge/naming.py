"""Names and titles for what had others: questions, tests, the assignment."""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterable

from grader.authoring.bridge.reading import SourceNotebook
from grader.report.text import one_line

LONGEST = 48
_TITLE = re.compile(r"^#[ \t]+\S[^\n]*$", re.MULTILINE)
_HEADING = re.compile(r"^#{1,6}[ \t]+(\S[^\n]*)$", re.MULTILINE)


def slug(text: str, otherwise: str = "question") -> str:
    """Small letters, digits and underscores, a letter first: what may name a question."""
    words = re.sub(r"[^a-z0-9]+", "_", text[:200].lower()).strip("_")[:LONGEST].strip("_")
    if not words:
        return otherwise
    return words if words[0].isalpha() and not keyword.iskeyword(words) else f"q_{words}"


class Names:
    """Names that are given once each: a second `mean` becomes `mean_2`."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def new(self, text: str, otherwise: str = "question") -> str:
        """A name like this text that no other has."""
        name = base = slug(text, otherwise)
        count = 1
        while name in self._taken:
            count += 1
            name = f"{base}_{count}"
        self._taken.add(name)
        return name


def first_heading(notebook: SourceNotebook) -> str:
    """The title of a notebook: its first heading of the highest level, else its name."""
    for cell in notebook.cells:
        if cell.kind == "markdown" and (match := _TITLE.search(cell.source[:20_000])):
            return heading([match[0]], notebook.name)
    return one_line(notebook.name.replace("_", " "), 100)


def heading(sources: Iterable[str], otherwise: str) -> str:
    """The last heading in cells of prose, without its marks; another title if there is none."""
    found = [match[1] for source in sources for match in _HEADING.finditer(source[:20_000])]
    words = one_line(re.sub(r"[*_`#$]|<[^>]*>|\\\w+", "", found[-1]), 100) if found else ""
    return words.strip() or otherwise
