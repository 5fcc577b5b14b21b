"""Where fetched files are kept, and how they are read: hashed before every use, read-only."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from grader.data.catalogue import CATALOGUE, Weights
from grader.data.tensors import Tensors, read_tensors
from grader.errors import UsageError


def data_folder() -> Path:
    """The folder of fetched files: in `$GRADER_CACHE`, or in the user's cache."""
    if chosen := os.environ.get("GRADER_CACHE"):
        return Path(chosen) / "data"
    import platformdirs  # noqa: PLC0415  (a student's machine has it with [course])

    return Path(platformdirs.user_cache_dir("keras-grader")) / "data"


def weights(name: str) -> Tensors | None:
    """The tensors of that name, or None with a sentence where they are not on this machine."""
    path = kept(entry_of(name))
    if path is None:
        print(  # noqa: T201  (it speaks to the reader of a notebook)
            f"The weights of {name} are not on this machine. To fetch them, run in a terminal: "
            "grader data"
        )
        return None
    return read_tensors(path.read_bytes())


def entry_of(name: str) -> Weights:
    """The entry of the catalogue, or a sentence that says which names there are."""
    if name not in CATALOGUE:
        raise UsageError(f"There are no weights {name!r}; there are {', '.join(CATALOGUE)}.")
    return CATALOGUE[name]


def kept(entry: Weights) -> Path | None:
    """The file of an entry, where it is here and has the right hash."""
    try:
        path = data_folder() / entry.file_name
        return path if sha256(path.read_bytes()) == entry.sha256 else None
    except (OSError, ImportError):  # not fetched, or no platformdirs: nothing is kept then
        return None


def sha256(content: bytes) -> str:
    """The hash by which a file is known."""
    return hashlib.sha256(content).hexdigest()
