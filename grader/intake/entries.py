"""The files of a folder or an archive by their names, before anyone says whose they are.

Nothing here follows a symbolic link inside a folder or opens a file. What is named `.ipynb` but
is no file is listed all the same, so that reading it gives a row that says so.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from grader.roster.names import natural

MAX_LEVELS = 8
ARCHIVES = (".zip", ".tar.gz", ".tgz", ".tar")
# What systems leave behind: resource forks of macOS, checkpoints of Jupyter (hidden folders).
_LEFTOVERS = frozenset({"__MACOSX", "node_modules"})


@dataclass(frozen=True)
class Entry:
    """One file: the names on the way to it, where it lies, how its instructor knows the place.

    The names are whatever somebody typed. `path` is None where the file was not unpacked, because
    nobody will read it or because of `problem`. `packed_in` is the archive of one student that it
    was in; without its ending that is then also one of the parts.
    """

    parts: tuple[str, ...]
    path: Path | None
    origin: str
    problem: str = ""
    packed_in: str = ""

    @property
    def name(self) -> str:
        return self.parts[-1]

    @property
    def is_notebook(self) -> bool:
        return is_notebook(self.name)


def is_notebook(name: str) -> bool:
    """Whether the name is that of a notebook."""
    return name.lower().endswith(".ipynb")


def is_archive(name: str) -> bool:
    """Whether the name is that of an archive that is opened."""
    return name.lower().endswith(ARCHIVES)


def stem(name: str) -> str:
    """The name of a file without its ending, `.tar.gz` being one."""
    ending = next((ending for ending in ARCHIVES if name.lower().endswith(ending)), "")
    return (name[: -len(ending)] if ending else name.rpartition(".")[0]) or name


def is_leftover(parts: Sequence[str]) -> bool:
    """Whether it is nobody's work: hidden, or made by a system."""
    return any(
        part in _LEFTOVERS or (part.startswith(".") and part not in {".", ".."}) for part in parts
    )


def entries_of(folder: Path) -> Iterator[Entry]:
    """The files under a folder, in natural order."""
    for path in _walk(folder, 0):
        parts = path.relative_to(folder).parts or (folder.name,)
        yield Entry(parts, path, str(path))


def _walk(folder: Path, level: int) -> Iterator[Path]:
    try:
        with os.scandir(folder) as found:
            inside = sorted(found, key=lambda entry: natural(entry.name))
    except OSError:
        yield folder  # reading it gives the reason
        return
    for entry in inside:
        if is_leftover([entry.name]):
            continue
        if is_notebook(entry.name) or entry.is_file(follow_symlinks=False):
            yield folder / entry.name
        elif entry.is_dir(follow_symlinks=False) and level < MAX_LEVELS:
            yield from _walk(folder / entry.name, level + 1)
