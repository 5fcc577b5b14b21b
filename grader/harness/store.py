"""A file of answers by key, that several processes share and that may be lost at any time."""

from __future__ import annotations

import hashlib
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

SCHEMA = """
CREATE TABLE IF NOT EXISTS answers (
    key BLOB PRIMARY KEY, answer BLOB NOT NULL, checksum BLOB NOT NULL, made INTEGER NOT NULL
) WITHOUT ROWID
"""
PATIENCE = 30.0  # seconds that one process waits for another's write
KEPT = 90 * 86400  # seconds after which an answer is made again: edited courses leave old ones


class Store:
    """Bytes by key in one SQLite file.

    Everything in it can be made again, so nothing about it is ever an error: a file that is
    damaged, full, locked or not writable is as good as an empty one.
    """

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._database = self._opened()

    def get(self, key: bytes) -> bytes | None:
        """The answer kept under this key, if it is there and whole."""
        rows = self._run("SELECT answer, checksum FROM answers WHERE key = ?", key)
        if not rows or _checksum(rows[0][0]) != rows[0][1]:
            return None
        return bytes(rows[0][0])

    def put(self, key: bytes, answer: bytes) -> None:
        """Keep an answer."""
        self._run(
            "INSERT OR REPLACE INTO answers VALUES (?, ?, ?, ?)",
            *(key, answer, _checksum(answer), int(time.time())),
        )

    def close(self) -> None:
        """Let go of the file."""
        self._database.close()

    def _run(self, statement: str, *values: object) -> list[tuple[bytes, bytes]]:
        try:
            return self._database.execute(statement, values).fetchall()
        except sqlite3.OperationalError:  # locked for long, disk full, not writable
            return []
        except sqlite3.DatabaseError:  # not a database any more
            self._renew()
            return []

    def _opened(self) -> sqlite3.Connection:
        try:
            return _connect(self._path)
        except (sqlite3.OperationalError, OSError):
            return _connect(None)
        except sqlite3.DatabaseError:
            _discard(self._path)
        try:
            return _connect(self._path)
        except (sqlite3.DatabaseError, OSError):
            return _connect(None)

    def _renew(self) -> None:
        self._database.close()
        _discard(self._path)
        self._database = self._opened()


def _connect(path: Path | None) -> sqlite3.Connection:
    if path is not None:
        path.parent.mkdir(parents=True, exist_ok=True)
    database = sqlite3.connect(path or ":memory:", timeout=PATIENCE, isolation_level=None)
    with _closed_on_error(database):
        # A power cut may damage the file, which is then made again; each write is cheap for that.
        database.execute("PRAGMA synchronous = OFF")
        database.execute(SCHEMA)
        database.execute("DELETE FROM answers WHERE made < ?", (int(time.time()) - KEPT,))
    return database


@contextmanager
def _closed_on_error(database: sqlite3.Connection) -> Iterator[None]:
    try:
        yield
    except sqlite3.Error:
        database.close()
        raise


def _discard(path: Path | None) -> None:
    if path is None:
        return
    for file in (path, path.with_name(f"{path.name}-journal")):
        _ignoring_absence(file.unlink)


def _ignoring_absence(unlink: Callable[[], None]) -> None:
    try:
        unlink()
    except OSError:
        return


def _checksum(answer: bytes) -> bytes:
    return hashlib.blake2b(answer, digest_size=16).digest()
