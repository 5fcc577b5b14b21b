"""Versions of a gradebook: old ones are brought up to date, newer ones left alone."""

from __future__ import annotations

import contextlib
import hashlib
import sqlite3
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from grader.errors import MachineError, UsageError
from grader.gradebook import database, migrations
from grader.gradebook.store import open_gradebook
from grader.gradebook.tables import Table
from tests.unit.gradebook.builders import ADA, attempt

OLD_STUDENT = """\
INSERT INTO students (key, name, first_name, last_name, email, section, "group", ids)
VALUES ('ada', 'Ada Lovelace', 'Ada', 'Lovelace', 'ada@example.org', 'A', '1', '{"sis"\\:"7"}')
"""
FOLDER = Path(migrations.__file__).parent


def engine_of(place: str) -> sa.Engine:
    """A plain engine of the gradebook's database."""
    return sa.create_engine(database.address(place))


def bring_to(place: str, revision: str) -> None:
    """An empty database with the tables of one revision."""
    engine = database.open_engine(database.address(place), 5)
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    with engine.execution_options(writes=True).begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
    engine.dispose()


def test_models_and_migrations_agree(place):
    """A gradebook made by the migrations has just the tables that the models say."""
    with open_gradebook(place):
        pass
    engine = engine_of(place)
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"version_table": migrations.VERSION_TABLE}
        )
        differences = compare_metadata(context, Table.metadata)
    engine.dispose()

    assert differences == []


def test_the_list_of_revisions_is_that_of_the_files():
    """The program knows each migration by name, in order."""
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    walked = ScriptDirectory.from_config(config).walk_revisions()

    assert tuple(reversed([script.revision for script in walked])) == migrations.REVISIONS


def test_the_first_revision_with_data_is_brought_up_to_date(place):
    """Rows that the first version wrote are read by this one."""
    bring_to(place, migrations.REVISIONS[0])
    engine = engine_of(place)
    with engine.begin() as connection:
        connection.execute(sa.text(OLD_STUDENT))
    engine.dispose()

    with open_gradebook(place) as gradebook:
        assert gradebook.students() == (ADA,)
        assert gradebook.record(attempt())


def test_a_newer_gradebook_is_refused_and_left_as_it_is(place):
    """What a newer program wrote is not opened, and no row of it changes."""
    with open_gradebook(place) as gradebook:
        gradebook.record(attempt())
    engine = engine_of(place)
    with engine.begin() as connection:
        connection.execute(sa.text("UPDATE gradebook_version SET version_num = '9999'"))
    before = contents(place, engine)

    with (
        pytest.raises(MachineError, match="newer version of the grader") as refused,
        open_gradebook(place),
    ):
        pass

    assert refused.value.exit_code == 4
    assert contents(place, engine) == before
    engine.dispose()


def contents(place: str, engine: sa.Engine) -> object:
    """A hash of the file, or all rows of a server's database."""
    if engine.dialect.name == "sqlite":
        return hashlib.sha256(Path(place).read_bytes()).hexdigest()
    with engine.connect() as connection:
        return [
            connection.execute(sa.text(f"SELECT * FROM {table}")).fetchall()
            for table in ("attempts", "questions", "tests", "gradebook_version")
        ]


def test_a_migration_that_fails_leaves_the_old_version(place):
    """Tables are made all together or not at all."""
    url = database.address(place)
    engine = database.open_engine(url, 5)

    with (
        contextlib.suppress(ZeroDivisionError),
        engine.execution_options(writes=True).begin() as connection,
    ):
        database._migrate(connection)
        raise ZeroDivisionError

    with engine.begin() as connection:
        assert sa.inspect(connection).get_table_names() == []
    engine.dispose()


@pytest.mark.parametrize(
    "content",
    [b"student,score\nada,1\n" * 500, b"SQLite format 3\0" + b"\xff" * 4096, b"\x89PNG\r\n"],
    ids=["csv", "damaged", "picture"],
)
def test_a_file_that_is_no_database_is_left_as_it_is(tmp_path, content):
    """A file of another kind is refused in a sentence, and not a byte of it changes."""
    path = tmp_path / "grades.csv"
    path.write_bytes(content)

    says = r"grades\.csv (is|refuses)"
    with pytest.raises((UsageError, MachineError), match=says), open_gradebook(path):
        pass

    assert path.read_bytes() == content
    assert [*tmp_path.iterdir()] == [path]


def test_a_database_of_another_program_is_left_as_it_is(tmp_path):
    """An SQLite file with tables of another program gets none of ours."""
    path = tmp_path / "other.db"
    other = sqlite3.connect(path)
    other.execute("CREATE TABLE recipes (name TEXT)")
    other.close()
    before = path.read_bytes()

    with pytest.raises(UsageError, match="another program"), open_gradebook(path):
        pass

    assert path.read_bytes() == before
