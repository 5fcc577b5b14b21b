"""Canvas' "Download Submissions": all files in one folder, the names say whose.

`lovelaceada_LATE_101_2002_layers.ipynb` is NAME, LATE where it was, the number of the user, that of
the file and the name that the student gave; `-1` behind that name is Canvas' for a later upload of
the same name. The name is the sortable one, in lower case, without what is no letter or digit; for
group work it is the group's, with one member's number. Anonymous: `[LATE_]anon_x7Kp2_2002_...`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from grader.intake.entries import Entry, stem
from grader.intake.handin import Handins
from grader.intake.layouts.pieces import Piece, gather
from grader.roster import Claim

_BY_NAME = re.compile(
    r"(?P<who>[^_].*?)(?P<late>_late)?_(?P<user>\d+)_(?:(?P<upload>\d+)_(?P<file>.+)|"
    r"(?P<text>(?:text|link)\.html))",
    re.IGNORECASE | re.DOTALL,
)
_ANONYMOUS = re.compile(
    r"(?P<late>late_)?(?P<who>anon_(?P<user>[a-z0-9]+))_(?:(?P<upload>\d+)_(?P<file>.+)|"
    r"(?P<text>(?:text|link)\.html))",
    re.IGNORECASE | re.DOTALL,
)


def recognises(entries: Sequence[Entry]) -> bool:
    """Most files have such a name, lie in one folder, and no number of a file is there twice.

    `lab_2024_10_layers.ipynb` of many students looks alike, but for the last two.
    """
    files = {(entry.packed_in or entry.name, _folder(entry)): entry for entry in entries}
    work = [entry for entry in files.values() if entry.is_notebook or _match(entry)]
    found = {entry: match for entry in work if (match := _match(entry))}
    uploads = [match["upload"] for match in found.values() if match["upload"]]
    in_one_folder = len({_folder(entry) for entry in found}) == 1
    return in_one_folder and 2 * len(found) > len(work) and len(set(uploads)) == len(uploads)


def read(entries: Sequence[Entry], assignment: str | None) -> Handins:
    """A hand-in per file, the later uploads of one user as later attempts."""
    return gather(_pieces(entries), assignment)


def _pieces(entries: Sequence[Entry]) -> Iterator[Piece]:
    for entry in entries:
        found = _match(entry)
        if found is None:
            if entry.is_notebook or entry.problem:  # put there by a person
                yield Piece(entry, Claim(stem(entry.parts[0])), entry.name)
            continue
        ids = {} if found["who"].lower().startswith("anon_") else {"canvas": found["user"]}
        yield Piece(
            entry,
            Claim(found["who"], ids),
            file=entry.name if entry.packed_in else found["file"] or entry.name,
            order=int((found["upload"] or "0")[:18]),
            late=found["late"] is not None,
        )


def _match(entry: Entry) -> re.Match[str] | None:
    """The name that Canvas gave: of the file, or of the archive that it was in."""
    name = entry.packed_in or entry.name
    return _ANONYMOUS.fullmatch(name) or _BY_NAME.fullmatch(name)


def _folder(entry: Entry) -> tuple[str, ...]:
    """Where the file lies, or the archive that it was in."""
    level = entry.parts.index(stem(entry.packed_in)) if entry.packed_in else -1
    return entry.parts[:level]
