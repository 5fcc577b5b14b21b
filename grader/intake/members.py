"""The names of an archive's members: text that a stranger typed, and what may be made of it."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from grader.intake.entries import Entry, is_archive, is_leftover, is_notebook
from grader.roster.names import display_name

MAX_PARTS = 24
MAX_TYPED = 1024
# Beside notebooks and archives, these tell whose and when.
_TELLING = frozenset({"timestamp.txt", "submission_metadata.yml"})


def name_fault(name: str) -> str:
    """What is wrong with a name, as the end of a sentence; nothing where it is a name."""
    spoken = name.replace("\\", "/")
    parts = parts_of(name)
    if spoken.startswith("/") or re.match(r"[A-Za-z]:", spoken) or ".." in parts:
        return "has a name that leads out of the archive"
    if "\0" in name or not parts or len(parts) > MAX_PARTS or len(name) > MAX_TYPED:
        return "has a name that no file can have"
    return ""


def parts_of(name: str) -> tuple[str, ...]:
    """The names on the way to the file, whichever separator the system of its author has."""
    spoken = name[: 4 * MAX_TYPED].replace("\\", "/").split("/")
    return tuple(part for part in spoken if part not in {"", "."}) or ("unnamed",)


def is_wanted(parts: tuple[str, ...]) -> bool:
    """Whether somebody will read the file: only then is it written to the disk."""
    name = parts[-1]
    return not is_leftover(parts) and (is_notebook(name) or is_archive(name) or name in _TELLING)


def harmless(name: str) -> str:
    """The name as a file name on any system: short, without separators, its ending kept."""
    shown = re.sub(r'[/\\:*?"<>|]', "_", display_name(name))
    stem, dot, ending = shown.rpartition(".")
    encoded = (stem if dot else shown).encode()[:180].decode(errors="ignore")
    return f"{encoded}{dot}{ending[:10]}" if dot else encoded


def without_twins(entries: Sequence[Entry]) -> Iterator[Entry]:
    """Of two files with one name, nobody knows which one counts: neither does."""
    counts = Counter(_full_name(entry) for entry in entries)
    for entry in entries:
        if counts[_full_name(entry)] > 1 and not entry.problem:
            problem = f"{entry.origin} is in the archive more than once, under the same name."
            yield replace(entry, path=None, problem=problem)
        else:
            yield entry


def _full_name(entry: Entry) -> str:
    return unicodedata.normalize("NFC", "/".join(entry.parts))
