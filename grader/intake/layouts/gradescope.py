"""Gradescope's "Export Submissions": a folder per submission, and one file that says whose.

`assignment_4711_export/submission_metadata.yml` maps `submission_123` to its `:submitters:` (each
with `:name:`, `:sid:`, `:email:`; several in group work), `:created_at:`, and the `:history:` of
earlier submissions. Values are read as text: a SID keeps its zeros, and no tag makes an object.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from grader.errors import SubmissionError
from grader.intake.entries import Entry, stem
from grader.intake.handin import Handins
from grader.intake.layouts.pieces import Piece, gather
from grader.intake.layouts.plain_yaml import read_yaml
from grader.intake.times import parse_time
from grader.roster import Claim

MAX_MB = 100
_METADATA = "submission_metadata.yml"


def recognises(entries: Sequence[Entry]) -> bool:
    """Most notebooks are in exports that say whose they are; a student's file of that name is none.

    An export without a notebook is one too.
    """
    roots = _exports(entries)
    work = [entry for entry in entries if entry.is_notebook]
    inside = [entry for entry in work if _is_below(entry, roots)]
    return bool(roots) and 2 * len(inside) >= len(work)


def read(entries: Sequence[Entry], assignment: str | None) -> Handins:
    """A hand-in per submission; one that the file knows and that is not there has its row too."""
    return gather(_pieces(entries), assignment)


def _exports(entries: Sequence[Entry]) -> dict[tuple[str, ...], Entry]:
    """The files with the submitters by their folder; only the outermost are Gradescope's."""
    named = [entry for entry in entries if entry.name == _METADATA and not entry.packed_in]
    outermost = min((len(entry.parts) for entry in named), default=0)
    return {entry.parts[:-1]: entry for entry in named if len(entry.parts) == outermost}


def _is_below(entry: Entry, roots: Iterable[tuple[str, ...]]) -> bool:
    return any(entry.parts[: len(root)] == root for root in roots)


def _pieces(entries: Sequence[Entry]) -> Iterator[Piece]:
    exports = _exports(entries)
    for root, metadata in exports.items():
        inside = [entry for entry in entries if _is_below(entry, [root])]
        yield from _export(metadata, [entry for entry in inside if entry is not metadata])
    for entry in entries:
        if (entry.is_notebook or entry.problem) and not _is_below(entry, exports):
            yield Piece(entry, Claim(stem(entry.name)), entry.name)  # put there by a person


def _export(metadata: Entry, files: Sequence[Entry]) -> Iterator[Piece]:
    level = len(metadata.parts) - 1
    described = dict(_load(metadata))
    empty = set(described)
    for entry in files:
        folder = entry.parts[level]
        empty.discard(folder)
        yield _piece(entry, folder, described.get(folder, {}))
    for folder in sorted(empty):
        problem = (
            f"{folder}: The export of Gradescope lists this submission but holds no file of it."
        )
        entry = Entry((*metadata.parts[:level], folder), None, folder, problem)
        yield _piece(entry, folder, described[folder])


def _piece(entry: Entry, folder: str, described: Mapping[str, Any]) -> Piece:
    submitters = [_claim(each) for each in _items(described, ":submitters")] or [Claim(folder)]
    return Piece(
        entry,
        submitters[0],
        file=entry.name,
        attempt=1 + len(_items(described, ":history")),
        submitted_at=parse_time(_text(described, ":created_at")),
        others=tuple(submitters[1:]),
    )


def _claim(submitter: Mapping[str, Any]) -> Claim:
    ids = {"gradescope": _text(submitter, ":sid"), "email": _text(submitter, ":email")}
    return Claim(_text(submitter, ":name"), {system: said for system, said in ids.items() if said})


def _load(metadata: Entry) -> Iterator[tuple[str, Mapping[str, Any]]]:
    try:
        content = read_yaml(_content(metadata))
    except (ValueError, OSError) as error:
        raise SubmissionError(
            f"{metadata.origin} cannot be read, and only it says whose the submissions are: "
            "export them from Gradescope again."
        ) from error
    if isinstance(content, Mapping):
        for folder, described in content.items():
            yield str(folder), described if isinstance(described, Mapping) else {}


def _content(metadata: Entry) -> bytes:
    if metadata.path is None:
        raise ValueError(metadata.problem)
    with Path(metadata.path).open("rb") as file:
        content = file.read(MAX_MB * 1_000_000 + 1)
    if len(content) > MAX_MB * 1_000_000:
        raise ValueError("too large")
    return content


def _items(described: Mapping[str, Any], field: str) -> list[Mapping[str, Any]]:
    found = described.get(field)
    return [item for item in found if isinstance(item, Mapping)] if isinstance(found, list) else []


def _text(described: Mapping[str, Any], field: str) -> str:
    """A value as text. Ruby's nothing is an empty scalar or a tilde."""
    found = described.get(field)
    return "" if not isinstance(found, str) or found in {"~", "null"} else found.strip()
