"""Moodle's "Download all submissions": a folder per student, or all files with a prefix.

`Ada Lovelace_123_assignsubmission_file/layers.ipynb` (in older versions with `_` at the end) or
`Ada Lovelace_123_assignsubmission_file_layers.ipynb`. The number is the participant's in this one
assignment, as in its grading worksheet; in team work name and number are the team's; in blind
marking the name is the word for participant in the language of the course.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence

from grader.intake.entries import Entry, stem
from grader.intake.handin import Handins
from grader.intake.layouts.pieces import Piece, gather
from grader.roster import Claim

_PREFIX = re.compile(
    r"(?P<who>.+?)(?:_(?P<number>\d+))?_assignsubmission_(?P<kind>[a-z]+)(?:_(?P<file>.*))?",
    re.DOTALL,
)


def recognises(entries: Sequence[Entry]) -> bool:
    """Moodle's own word is in most names; a student may have unpacked such a download too."""
    return 2 * sum(_match(entry) is not None for entry in entries) > len(entries)


def read(entries: Sequence[Entry], assignment: str | None) -> Handins:
    """One author per prefix; written text beside the file is not a hand-in of its own."""
    return gather(_pieces(entries), assignment)


def _pieces(entries: Sequence[Entry]) -> Iterator[Piece]:
    blind = _blind_words(entries)
    for entry in entries:
        found = _match(entry)
        if found is None:
            if entry.is_notebook or entry.problem:  # put there by a person
                yield Piece(entry, Claim(stem(entry.parts[0])), entry.name)
            continue
        who, number = found["who"], found["number"] or ""
        name = f"{who} {number}" if who in blind else who
        ids = {"moodle": number} if number else {}
        is_last = found.string == entry.name
        yield Piece(entry, Claim(name, ids), file=(is_last and found["file"]) or entry.name)


def _match(entry: Entry) -> re.Match[str] | None:
    return next((found for part in entry.parts if (found := _PREFIX.fullmatch(part))), None)


def _blind_words(entries: Sequence[Entry]) -> set[str]:
    """Where all authors have one name and several numbers, it is no name."""
    numbers: defaultdict[str, set[str]] = defaultdict(set)
    for entry in entries:
        if found := _match(entry):
            numbers[found["who"]].add(found["number"] or "")
    return {who for who, own in numbers.items() if len(numbers) == 1 and len(own) > 1}
