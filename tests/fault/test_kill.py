"""`kill -9` at any moment loses nothing and repeats no finished model call."""

import json
import random
import re
import sqlite3
import sys
import time
from pathlib import Path

import pytest

from tests.fakes.openai_server import OpenAIServer, Request, answer_minimally
from tests.fault.conftest import Terminal, read_until

pytestmark = pytest.mark.slow
KILLS = 10
SEED = 20_261_028
SENTENCES = [
    "Feels calm and even in the hand from the very first morning.",
    "Keeps a quiet room company without asking for attention.",
    "Looks at home on a narrow shelf between two windows.",
    "Wears its small marks well and never looks tired.",
    "Turns a late supper into something people remember.",
    "Stays put when someone bumps the table.",
    "Makes a plain gift feel considered.",
    "Suits people who like few things and good ones.",
]


def slowly(request: Request) -> str:
    time.sleep(0.3)
    return answer_minimally(request)


def material(folder: Path) -> Path:
    folder.mkdir()
    for number, sentence in enumerate(SENTENCES):
        (folder / f"note-{number}.txt").write_text(f"Name: Juniper Lamp\n{sentence}\n")
    (folder / "price.txt").write_text("Name: Juniper Lamp\nLive price: $49.00\nMaterial: oak\n")
    return folder


def journaled(home: Path) -> int:
    """How many replies the journal holds."""
    path = home / "livecue.sqlite"
    if not path.exists():
        return 0
    with sqlite3.connect(path) as database:
        return database.execute("SELECT count(*) FROM model_call").fetchone()[0]


def test_an_intake_killed_ten_times_ends_as_if_it_never_was(
    terminal: Terminal, openai_server: OpenAIServer, tmp_path: Path
):
    openai_server.answer = slowly
    terminal.environment["LIVECUE_CHAT__MAX_CONCURRENCY"] = "1"
    add = ("product", "add", material(tmp_path / "lamp"), "--name", "Juniper Lamp", "--json")
    chance = random.Random(SEED)  # noqa: S311
    job_id = ""
    finished: list[tuple[int, set[str]]] = []

    def bodies() -> list[str]:
        return [json.dumps(request, sort_keys=True) for request in openai_server.requests]

    for kill in range(KILLS):
        by_resume = bool(job_id) and kill % 2 == 1
        process = terminal.start(*(("jobs", "resume", job_id) if by_resume else add))
        line = read_until(process, "[" if by_resume else "job ")
        if not by_resume:
            found = re.search(r"job (\S+)", line)
            assert found
            assert job_id in ("", found[1])
            job_id = found[1]
        moment = chance.uniform(0, 0.9)
        time.sleep(moment)
        assert process.poll() is None, "the work was over before the last kill"
        process.kill()
        process.wait()
        time.sleep(0.1)
        seen = bodies()
        distinct, done = list(dict.fromkeys(seen)), journaled(terminal.home)
        sys.stdout.write(f"kill {kill} at {moment:.2f} s: {len(seen)} calls, {done} kept\n")
        assert len(distinct) - done in (0, 1)
        in_flight = {seen[-1]} if len(distinct) > done else set[str]()
        finished.append((len(seen), set(distinct) - in_flight))

    ended = terminal.run(*add)
    assert ended.returncode == 0, ended.stderr
    seen = bodies()
    for count, done_before in finished:
        assert not done_before & set(seen[count:]), "a journaled call was made again"
    assert len(seen) - len(set(seen)) <= KILLS
    result = json.loads(ended.stdout)
    assert result["job_id"] == job_id
    assert [product["status"] for product in result["products"]] == ["awaiting_approval"]
    assert len(result["sources"]) == len(SENTENCES) + 1
    [product] = json.loads(terminal.run("product", "list", "--json").stdout)["products"]
    assert product["version"] == 1
    [job] = json.loads(terminal.run("jobs", "list", "--json").stdout)["jobs"]
    assert job["status"] == "waiting"
    assert len(result["copies"]) == 1
