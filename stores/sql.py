"""The database: engine, sessions and the step to the newest schema."""

import re
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, inspect, make_url, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from domain.errors import StateConflict, StoreUnavailable

MIGRATIONS = Path(__file__).parent / "migrations"
BUSY_TIMEOUT_MS = 30_000

_READING = "livecue_reading"


@dataclass(frozen=True)
class Database:
    """An open database at the newest schema; one for a process, used from any thread."""

    engine: Engine

    @contextmanager
    def session(self) -> Generator[Session]:
        """A unit of work: one write transaction, committed at the end, undone by an exception.

        On SQLite it takes the write lock at once, so that a read in it that decides a write
        cannot be overtaken.
        """
        with Session(self.engine, expire_on_commit=False) as session, session.begin():
            yield session

    @contextmanager
    def reading(self) -> Generator[Session]:
        """A consistent read that never waits for a writer; nothing is written."""
        with Session(self.engine.execution_options(**{_READING: True})) as session:
            yield session

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()


def open_database(target: str | Path) -> Database:
    """Open the database at a SQLAlchemy URL or a SQLite file and bring it to the newest schema.

    Raises:
        StateConflict: the database was written by a newer Livecue.
        StoreUnavailable: it cannot be reached, or the file is no database.
    """
    engine = create_engine(_url_of(target), pool_size=10, max_overflow=20)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _configure_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    try:
        _migrate(engine)
    except DBAPIError as error:
        engine.dispose()
        raise StoreUnavailable(
            f"The database {engine.url.render_as_string()} cannot be opened: {error.orig}.",
            hint="Restore it, mend DATABASE_URL, or point LIVECUE_HOME at another folder.",
        ) from error
    except BaseException:
        engine.dispose()
        raise
    return Database(engine)


def head_revision() -> str:
    """The newest schema: the number that leads the last migration's file name."""
    return max(path.name[:4] for path in (MIGRATIONS / "versions").glob("[0-9]*_*.py"))


def _url_of(target: str | Path) -> URL:
    if isinstance(target, str) and re.match(r"[a-z0-9+]+://", target):
        return make_url(target)
    path = Path(target).expanduser().absolute()
    path.parent.mkdir(parents=True, exist_ok=True)
    return URL.create("sqlite", database=str(path))


def _configure_sqlite(connection: Any, _record: object) -> None:  # noqa: ANN401 - a DBAPI object
    connection.isolation_level = None  # the driver's own BEGIN comes too late; see _begin_sqlite
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
    cursor.execute("PRAGMA journal_mode=WAL")
    # In WAL mode NORMAL may lose the last commits to a power cut. What the API has acknowledged
    # (an approval, a paid model call) stays: a commit costs one more fsync, and commits are few.
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    reading = connection.get_execution_options().get(_READING, False)
    # A deferred transaction that reads and then writes fails at once when another wrote between.
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")


def _migrate(engine: Engine) -> None:
    head = head_revision()
    with engine.connect().execution_options(**{_READING: True}) as connection:
        current = _current_revision(connection)
    if current == head:
        return
    if current is not None and current > head:
        raise StateConflict(
            f"The database is at schema {current}; this Livecue knows schemas up to {head}.",
            hint="Update Livecue, or point LIVECUE_HOME at another folder.",
        )
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def _current_revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
