"""Understanding a recording outlives `kill -9`: what was heard is not heard again."""

import json
import sqlite3
from functools import partial
from operator import le
from pathlib import Path

import pytest

from domain.settings import Settings
from tests.fakes.spoken_films import make_spoken_film
from tests.fault.conftest import Terminal
from tests.serving import wait_until

pytestmark = [pytest.mark.slow, pytest.mark.models]


def _parts(home: Path, stage: str) -> int:
    """How many parts of a stage are stored."""
    path = home / "livecue.sqlite"
    if not path.exists():
        return 0
    with sqlite3.connect(path) as database:
        try:
            query = "SELECT count(*) FROM recording_part WHERE stage = ?"
            return database.execute(query, (stage,)).fetchone()[0]
        except sqlite3.OperationalError:
            return 0


def test_a_killed_command_goes_on_with_the_chunk_in_flight(terminal: Terminal, tmp_path: Path):
    film = make_spoken_film(tmp_path / "show.mp4", {"1-mug": 80})
    terminal.environment["LIVECUE_MODELS"] = str(Settings().models_path)
    terminal.environment["LIVECUE_RECORDINGS__CHUNK_SECONDS"] = "20"
    kept: list[int] = []
    for _ in range(2):
        process = terminal.start("segments", film, "--json")
        more = _parts(terminal.home, "chunk") + 1
        wait_until(partial(_parts, terminal.home, "chunk"), partial(le, more), 240)
        process.kill()
        process.wait()
        kept.append(_parts(terminal.home, "chunk"))
    assert kept[0] < kept[1]
    with sqlite3.connect(terminal.home / "livecue.sqlite") as database:
        stamps = dict(
            database.execute("SELECT key, created_at FROM recording_part WHERE stage = 'chunk'")
        )
    last = terminal.start("segments", film, "--json")
    out, err = last.communicate(timeout=500)
    assert last.returncode == 0, err
    assert json.loads(out)["segments"]
    with sqlite3.connect(terminal.home / "livecue.sqlite") as database:
        after = dict(
            database.execute("SELECT key, created_at FROM recording_part WHERE stage = 'chunk'")
        )
    assert stamps.items() <= after.items(), "a chunk that was kept was heard again"
    assert len(after) >= 4
    [job] = json.loads(terminal.run("jobs", "list", "--json").stdout)["jobs"]
    assert job["status"] == "succeeded"
