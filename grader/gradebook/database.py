"""Opening a database as a gradebook: its address, its settings, its version."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, inspect, make_url, text
from sqlalchemy.exc import ArgumentError

from grader.errors import MachineError, UsageError
from grader.gradebook.faults import place_of
from grader.gradebook.migrations import REVISIONS, VERSION_TABLE

LOCK = 0x67726164  # any number that no other program on the server is likely to lock


def address(place: str | Path) -> URL:
    """The URL of a gradebook that is named by a path or by a URL."""
    if isinstance(place, Path) or "://" not in place:
        return URL.create("sqlite+pysqlite", database=str(place))
    try:
        url = make_url(place)
    except (ArgumentError, ValueError) as error:
        raise UsageError(
            f"The gradebook {place!r} is no address. Expected a file, or "
            "postgresql+psycopg://USER:PASSWORD@HOST/DATABASE."
        ) from error
    if url.drivername in {"postgresql", "postgresql+psycopg"}:
        return url.set(drivername="postgresql+psycopg")
    if url.get_backend_name() == "sqlite" and url.database:
        return url.set(drivername="sqlite+pysqlite")
    raise UsageError(
        f"A gradebook cannot be kept in {url.drivername!r}. Expected a file, or an address that "
        "begins with postgresql:// or postgresql+psycopg://."
    )


def open_engine(url: URL, patience: float) -> Engine:
    """The engine of an address, with what each connection is told first."""
    if url.get_backend_name() == "sqlite":
        engine = create_engine(url, connect_args={"timeout": patience})
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    if importlib.util.find_spec("psycopg") is None:
        raise UsageError(
            "A gradebook in PostgreSQL needs its driver. Install it with: "
            "pip install 'keras-grader[postgresql]'"
        )
    options = {
        "connect_timeout": max(2, round(patience)),
        "options": f"-c lock_timeout={round(patience * 1000)} -c timezone=UTC",
    }
    return create_engine(url, connect_args=options, pool_pre_ping=True)


def _prepare_sqlite(connection: Any, _record: object) -> None:
    # The driver's own handling of transactions begins them too late and leaves DDL out of them.
    connection.isolation_level = None
    connection.execute("PRAGMA foreign_keys = ON")


def _begin_sqlite(connection: Connection) -> None:
    # A reader that becomes a writer may not wait for another one; so writers say so at once.
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def bring_up_to_date(engine: Engine) -> None:
    """Make the tables, or bring them to this program's version. What is not ours is left alone."""
    with engine.begin() as connection:
        found = _version(connection)
    if found == REVISIONS[-1]:
        return
    if engine.dialect.name == "sqlite":
        _set_journal(engine)
    with engine.execution_options(writes=True).begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
        if _version(connection) != REVISIONS[-1]:  # another process may have been first
            _migrate(connection)


def _version(connection: Connection) -> str | None:
    """The version that is there, None where there is nothing yet; an error for what is not ours."""
    place = place_of(connection.engine.url)
    tables = inspect(connection).get_table_names()
    if VERSION_TABLE not in tables:
        if tables and connection.dialect.name == "sqlite":
            raise UsageError(
                f"{place} is no gradebook: it is a database of another program. Name another file "
                "with --gradebook; this one was left as it is."
            )
        return None
    found = connection.scalar(text(f"SELECT version_num FROM {VERSION_TABLE}"))  # noqa: S608  (our own name)
    if found is not None and found not in REVISIONS:
        raise MachineError(
            f"{place} was written by a newer version of the grader (its version is {found!r}, this "
            f"program knows up to {REVISIONS[-1]!r}). Update keras-grader; nothing was changed."
        )
    return None if found is None else str(found)


def _set_journal(engine: Engine) -> None:
    """Readers go on while one writes. The setting stays in the file."""
    connection = engine.raw_connection()
    try:
        connection.cursor().execute("PRAGMA journal_mode = WAL")
    finally:
        connection.close()


def _migrate(connection: Connection) -> None:
    from alembic import command  # noqa: PLC0415  (seldom needed, slow to import)
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
