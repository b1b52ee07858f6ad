"""`livecue watch`, `livecue streams` and `livecue replay`: what they print and how they exit."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from domain.errors import InvalidInput
from domain.scope import Scope
from live.replaying import KindComparison, ReplayReport
from stores.sql import open_database
from stores.streams import StreamStore
from tests.cli.conftest import Livecue
from tests.fakes.clips import write_clip
from tests.fakes.openai_server import OpenAIServer, serve_openai
from tests.fault.conftest import Terminal, environment, read_until

SECONDS = 20
"""Of the film that is killed: well beyond what reading its first pictures takes."""


def _jsonl(path: Path, rows: list[dict[str, object]]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return path


@pytest.fixture
def said(tmp_path: Path) -> Path:
    rows: list[dict[str, object]] = [{"t": n, "text": f"Sentence {n}."} for n in range(3)]
    return _jsonl(tmp_path / "said.jsonl", rows)


@pytest.fixture
def openai() -> Iterator[OpenAIServer]:
    with serve_openai() as fake:
        yield fake


def test_a_stream_is_watched_resumed_and_removed(livecue: Livecue, said: Path):
    first = livecue("watch", "--transcript", said, "--stream", "one", "--speed", "max", "--json")
    assert (first.code, first.json["status"]) == (0, "ended"), first.err
    assert "Sentence 2." in first.err

    again = livecue("watch", "--transcript", said, "--stream", "one", "--json")
    assert (again.code, again.json["error"]["code"]) == (1, "state_conflict")
    assert "livecue streams resume one" in again.err

    resumed = livecue("streams", "resume", "one", "--json")
    assert (resumed.code, resumed.json["status"]) == (0, "ended")
    assert resumed.json["last_seq"] == first.json["last_seq"]
    assert "Sentence" not in resumed.err

    asked = livecue("streams", "rm", "one", stdin="n\n")
    assert (asked.code, asked.out.strip()) == (1, "")
    assert livecue("streams", "show", "one").code == 0
    assert livecue("streams", "rm", "one", "--yes", "--json").json == {"removed": "one"}
    gone = livecue("streams", "rm", "one", "--yes")
    assert (gone.code, "There is no stream one." in gone.err) == (1, True)


def test_a_stream_is_removed_when_one_says_so(livecue: Livecue, said: Path):
    livecue("watch", "--transcript", said, "--stream", "two", "--speed", "max")
    assert livecue("streams", "rm", "two", stdin="y\n").code == 0
    assert livecue("streams", "show", "two").code == 1


def test_a_stream_that_fails_is_one_document(
    livecue: Livecue, said: Path, monkeypatch: pytest.MonkeyPatch
):
    def break_off(*_: object) -> None:
        raise InvalidInput("It is no media.", hint="Give a recording.")

    monkeypatch.setattr("live.session.Session._take_feed", break_off)
    ran = livecue("watch", "--transcript", said, "--stream", "bad", "--json")
    assert ran.code == 1
    assert (ran.json["stream_id"], ran.json["status"]) == ("bad", "failed")
    assert "It is no media." in ran.err
    assert "Give a recording." in livecue("streams", "show", "bad").out


@pytest.mark.slow
@pytest.mark.models
def test_what_a_killed_watch_left_is_resumed_to_its_end(openai: OpenAIServer, tmp_path: Path):
    rows: list[dict[str, object]] = [
        {"t": n, "user": "ann", "text": f"Comment {n}."} for n in range(SECONDS)
    ]
    asked = _jsonl(tmp_path / "asked.jsonl", rows)
    film = write_clip(tmp_path / "film.mp4", SECONDS, sound=False)
    home = tmp_path / "home"
    terminal = Terminal(home, environment(home, openai.base_url))
    try:
        watching = terminal.start("watch", film, "--comments", asked, "--stream", "night")
        read_until(watching, "Comment 2.")
        watching.kill()
        watching.wait()
        shown = json.loads(terminal.run("streams", "show", "night", "--json").stdout)["stream"]
        assert (shown["status"], shown["error"]["code"]) == ("failed", "not_watched")
        ended = terminal.run("streams", "resume", "night", "--json")
        assert ended.returncode == 0, ended.stderr
        assert json.loads(ended.stdout)["status"] == "ended"
        assert f"Comment {SECONDS - 1}." in ended.stderr
        assert "Comment 0." not in ended.stderr
    finally:
        terminal.close()
    store = StreamStore(open_database(home / "livecue.sqlite"))
    assert [entry.row.text for entry in store.entries(Scope(), "night", kinds=["comment"])] == [
        f"Comment {n}." for n in range(SECONDS)
    ]


@pytest.mark.parametrize(("expected", "code"), [(True, 0), (False, 1)])
def test_a_replay_tells_what_may_differ(
    livecue: Livecue, said: Path, monkeypatch: pytest.MonkeyPatch, expected: bool, code: int
):
    def report(*_: object) -> ReplayReport:
        lines = KindComparison(kind="screen_line", same=2, only_before=0, only_now=1)
        return ReplayReport(
            stream_id="again",
            replay_of="first",
            complete=not expected,
            is_same=False,
            is_as_expected=expected,
            kinds=[lines],
        )

    livecue("watch", "--transcript", said, "--stream", f"first-{code}", "--speed", "max")
    monkeypatch.setattr("api.streams.compare_logs", report)
    ran = livecue("replay", f"first-{code}")
    assert ran.code == code
    assert "not the same" in ran.out
    assert ("may differ" in ran.out) == expected


def test_warnings_and_promises_are_printed(livecue: Livecue, tmp_path: Path):
    rows: list[dict[str, object]] = [
        {"t": 0, "text": "I will give away one signed teapot before we say goodbye tonight."},
        {"t": 10, "text": "A cup of tea from it cures insomnia."},
    ]
    said = _jsonl(tmp_path / "vows.jsonl", rows)
    watched = livecue("watch", "--transcript", said, "--stream", "vows", "--speed", "max")
    assert "WARN" in watched.err
    assert "cures insomnia" in watched.err
    listed = livecue("streams", "warnings", "vows")
    assert "prohibited" in listed.out
    assert "→" in listed.out
    assert len(livecue("streams", "warnings", "vows", "--json").json["warnings"]) == 1
    owed = livecue("streams", "promises", "vows")
    assert "broken" in owed.out
    assert "one signed teapot" in owed.out
    before = livecue("streams", "promises", "vows", "--at", "5", "--json")
    assert [one["state"] for one in before.json["promises"]] == ["open"]
