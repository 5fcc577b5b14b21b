"""What a database complains of, said once as a sentence for its operator."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import URL
from sqlalchemy.exc import DBAPIError, OperationalError, SQLAlchemyError

from grader.errors import GraderError, MachineError, UsageError

# What SQLite says, by its own words, in the order in which they are looked for.
_SQLITE = {
    "locked": (
        "{place} is locked: another program has been writing to it for too long. Nothing was "
        "lost; end that program and run the command again."
    ),
    "disk is full": (
        "{place} could not be written: the disk is full. What was recorded before is safe; free "
        "some space and run the command again."
    ),
    "readonly": (
        "{place} cannot be written: it is read-only. Change the permissions of the file and its "
        "folder, or name another gradebook."
    ),
    "unable to open": (
        "{place} cannot be opened. Its folder must be there, and both must be readable and "
        "writable; see --gradebook."
    ),
    "disk i/o error": (
        "{place} could not be read or written: the disk reports an error, or a limit on the size "
        "of files was met. What was recorded before is safe; look at the disk and run the command "
        "again."
    ),
    "malformed": (
        "{place} is damaged. Put back its last copy; grading again adds what is missing since."
    ),
}
_NO_DATABASE = "file is not a database"


@contextmanager
def sentences(url: URL) -> Iterator[None]:
    """Turn an error of the database into one of ours."""
    try:
        yield
    except SQLAlchemyError as error:
        raise sentence(url, error) from error


def place_of(url: URL) -> str:
    """What the user calls this gradebook: its file, or its address without the password."""
    if url.get_backend_name() == "sqlite":
        return url.database or "The gradebook in memory"
    return url.render_as_string(hide_password=True)


def sentence(url: URL, error: SQLAlchemyError) -> GraderError:
    """The error of ours that says what the database complained of."""
    place = place_of(url)
    reason = _reason(error)
    if url.get_backend_name() == "sqlite":
        return _of_sqlite(place, reason)
    if isinstance(error, OperationalError) or (
        isinstance(error, DBAPIError) and error.connection_invalidated
    ):
        return MachineError(
            f"{place} does not answer: {reason}. What was recorded before is safe; start "
            "PostgreSQL or mend its address and run the command again."
        )
    return MachineError(f"{place} refuses: {reason}. Nothing of this step was recorded.")


def _of_sqlite(place: str, reason: str) -> GraderError:
    if _NO_DATABASE in reason:
        return UsageError(
            f"{place} is no gradebook: it is not an SQLite file. Name another file with "
            "--gradebook; this one was left as it is."
        )
    for words, sentence in _SQLITE.items():
        if words in reason.lower():
            return MachineError(sentence.format(place=place))
    return MachineError(f"{place} refuses: {reason}. Nothing of this step was recorded.")


def _reason(error: SQLAlchemyError) -> str:
    """The first line of what the driver said, on which no parameter of a statement stands."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    lines = str(cause).strip().splitlines() or [type(cause).__name__]
    return lines[0][:300].rstrip(".")
