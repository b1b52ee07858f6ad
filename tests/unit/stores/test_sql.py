import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateTable

from domain.errors import StateConflict
from domain.scope import Scope
from stores.calls import CallStore
from stores.sql import Database, head_revision, open_database
from stores.tables import Base


def test_migrations_make_exactly_the_declared_schema(database: Database):
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection)
        assert compare_metadata(context, Base.metadata) == []


def test_every_table_names_workspace_and_actor():
    for table in Base.metadata.tables.values():
        assert {"workspace_id", "actor"} <= set(table.columns.keys()), table.name


def test_schema_compiles_for_postgresql():
    for table in Base.metadata.sorted_tables:
        ddl = str(CreateTable(table).compile(dialect=postgresql.dialect()))
        assert "TIMESTAMP WITH TIME ZONE" in ddl


def test_sqlite_is_set_up_for_durability_and_concurrency(database: Database):
    with database.engine.connect() as connection:
        settings = {
            name: connection.execute(text(f"PRAGMA {name}")).scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    full = 2
    assert settings == {
        "journal_mode": "wal",
        "synchronous": full,
        "foreign_keys": 1,
        "busy_timeout": 30_000,
    }


def test_opening_at_head_is_fast_and_does_not_load_alembic(tmp_path: Path):
    target = tmp_path / "fast.sqlite"
    open_database(target).close()
    program = (
        "import sys, timeit; from stores.sql import open_database\n"
        f"times = timeit.repeat(lambda: open_database({str(target)!r}).close(), number=1)\n"
        "print(min(times), 'alembic' in sys.modules)"
    )
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[3],
    )
    seconds, alembic_loaded = done.stdout.split()
    assert float(seconds) < 0.1
    assert alembic_loaded == "False"


def test_a_database_of_a_newer_livecue_is_refused(tmp_path: Path):
    database = open_database(tmp_path / "new.sqlite")
    with database.session() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    database.close()
    with pytest.raises(StateConflict, match=f"9999.*{head_revision()}"):
        open_database(tmp_path / "new.sqlite")


def test_a_url_and_a_path_open_the_same_file(tmp_path: Path, scope: Scope):
    by_path = open_database(tmp_path / "one.sqlite")
    CallStore(by_path).put("k", "said", model="m", prompt="p@1", scope=scope)
    by_path.close()
    by_url = open_database(f"sqlite:///{tmp_path}/one.sqlite")
    assert CallStore(by_url).get("k", scope) == "said"
    by_url.close()


def test_an_exception_undoes_the_session(database: Database, scope: Scope):
    calls = CallStore(database)
    calls.put("kept", "yes", model="m", prompt="p@1", scope=scope)

    def fail_half_way():
        with database.session() as session:
            session.execute(text("DELETE FROM model_call"))
            raise KeyError

    with pytest.raises(KeyError):
        fail_half_way()
    assert calls.get("kept", scope) == "yes"


def test_a_read_does_not_wait_for_an_open_write(database: Database, scope: Scope):
    calls = CallStore(database)
    calls.put("a", "old", model="m", prompt="p@1", scope=scope)
    with database.session() as session:
        session.execute(text("UPDATE model_call SET response = 'new'"))
        start = time.perf_counter()
        assert calls.get("a", scope) == "old"
        assert time.perf_counter() - start < 1
    assert calls.get("a", scope) == "new"


def test_writers_in_many_threads_lose_nothing(database: Database, scope: Scope):
    with database.session() as session:
        session.execute(text("CREATE TABLE counter (n INTEGER)"))
        session.execute(text("INSERT INTO counter VALUES (0)"))

    def read_then_write():
        for _ in range(20):
            with database.session() as session:
                n = session.execute(text("SELECT n FROM counter")).scalar_one()
                session.execute(text("UPDATE counter SET n = :n"), {"n": n + 1})

    threads = [threading.Thread(target=read_then_write) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.reading() as session:
        assert session.execute(text("SELECT n FROM counter")).scalar_one() == 160
