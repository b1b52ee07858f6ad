"""Streams over REST and WebSocket: watched, pushed to, followed, searched, deleted."""

import json
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection
from websockets.sync.client import connect as connect_socket

from api.client import connect
from domain.errors import StoreUnavailable
from domain.scope import Scope
from domain.stream import Stream
from live.senses import SensesOpener
from live.session import Senses
from tests.fakes.clips import write_clip
from tests.serving import JSON, Served, serve_home, settings_for, wait_until
from tools.memory import StreamMemory

STREAMS = "/api/v1/streams"


def _jsonl(path: Path, rows: list[JSON]) -> str:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return str(path)


def _ids(served: Served) -> list[str]:
    return [stream["stream_id"] for stream in served.get(STREAMS)["streams"]]


def _over(served: Served, stream_id: str) -> JSON:
    return wait_until(
        lambda: served.get(f"{STREAMS}/{stream_id}"),
        lambda stream: stream["status"] in ("ended", "stopped", "failed"),
    )


def _texts(served: Served, stream_id: str, kind: str) -> list[str]:
    page = served.get(f"{STREAMS}/{stream_id}/log", kind=kind)
    return [entry["row"]["text"] for entry in page["entries"]]


@pytest.mark.models
def test_a_transcript_with_comments_is_watched_and_can_be_searched(served: Served, tmp_path: Path):
    said = [
        {"t": 0, "text": "This is the kiln mug, stoneware from our own workshop."},
        {"t": 40, "text": "It holds three hundred and fifty millilitres."},
        {"t": 80, "text": "Now the linen dress, cut wide and with two pockets."},
    ]
    asked = [
        {"t": 45, "user": "ann", "text": "can it go in the dishwasher?"},
        {"t": 46, "user": "bo", "text": "hello from Leeds"},
    ]
    wanted = {
        "stream_id": "night",
        "transcript": _jsonl(tmp_path / "said.jsonl", said),
        "comments": _jsonl(tmp_path / "asked.jsonl", asked),
        "speed": "max",
    }
    served.post(STREAMS, wanted)
    assert _over(served, "night")["status"] == "ended"
    assert _texts(served, "night", "utterance") == [row["text"] for row in said]
    comments = served.get(f"{STREAMS}/night/log", kind="comment")["entries"]
    assert [(c["row"]["user"], c["row"]["is_question"]) for c in comments] == [
        ("ann", True),
        ("bo", False),
    ]
    hits = served.get(f"{STREAMS}/night/memory", q="how much fits into the mug")["hits"]
    assert any("millilitres" in hit["quote"] for hit in hits[:3])
    early = served.get(f"{STREAMS}/night/memory", q="the dress", as_of_ms=50_000)["hits"]
    assert not any("linen" in hit["quote"] for hit in early)
    assert served.get(f"{STREAMS}/night/events")["events"]

    assert served.http.get(f"{STREAMS}/night/replay").status_code == 409
    for speed in ("max", 1000):
        again = served.post(f"{STREAMS}/night/replay", {"speed": speed})["stream_id"]
        assert _over(served, again)["spec"]["replay_of"] == "night"
        report = served.get(f"{STREAMS}/{again}/replay")
        assert report["is_same"], report
        assert {kind["kind"]: kind["same"] for kind in report["kinds"]}["utterance"] == 3

    assert served.http.delete(f"{STREAMS}/night").status_code == 204
    assert served.http.get(f"{STREAMS}/night").status_code == 404


def test_comments_are_taken_as_a_file_beside_a_live_source_grows(served: Served, tmp_path: Path):
    feed = tmp_path / "growing.jsonl"
    feed.write_text('{"t": 0, "user": "a", "text": "first"}\n')
    served.post(STREAMS, {"stream_id": "grows", "source": "push", "comments": str(feed)})
    row = {"type": "transcript", "text": "Hello."}
    served.post(f"{STREAMS}/grows/rows", {"rows": [row]})
    wait_until(lambda: _texts(served, "grows", "comment"), lambda texts: texts == ["first"])
    with feed.open("a") as file:
        file.write('{"t": 1, "user": "b", "text": "second"}\n')
    both = ["first", "second"]
    wait_until(lambda: _texts(served, "grows", "comment"), lambda texts: texts == both)
    served.post(f"{STREAMS}/grows/end")
    assert _over(served, "grows")["status"] == "ended"


def test_rows_that_cannot_be_read_are_named(served: Served, tmp_path: Path):
    feed = tmp_path / "asked.jsonl"
    feed.write_text('{"t": 1, "user": "a", "text": "hi"}\n{"t": "soon", "text": "x"}\nnonsense\n')
    served.post(STREAMS, {"stream_id": "broken", "comments": str(feed)})
    stream = _over(served, "broken")
    assert (stream["status"], stream["health"]["bad_rows"]) == ("ended", 2)
    assert _texts(served, "broken", "comment") == ["hi"]
    named = _texts(served, "broken", "notice")
    assert [text.split(":")[0] for text in named] == ["asked.jsonl, line 2", "asked.jsonl, line 3"]


def _push(served: Served, path: str) -> ClientConnection:
    return connect_socket(served.address.replace("http", "ws", 1) + path)


def _answer(socket: ClientConnection, message: JSON | bytes) -> JSON:
    socket.send(message if isinstance(message, bytes) else json.dumps(message))
    return json.loads(socket.recv(timeout=20))


@pytest.mark.models
def test_rows_are_pushed_over_a_socket_that_may_break(served: Served):
    served.post(STREAMS, {"stream_id": "pushed", "source": "push"})
    with _push(served, f"{STREAMS}/pushed/push") as socket:
        said = {"type": "transcript", "text": "The mug costs 24 dollars."}
        assert _answer(socket, said) == {"taken": True}
        assert _answer(socket, {"type": "song"})["error"]["code"] == "invalid_input"
    with _push(served, f"{STREAMS}/pushed/push") as socket:
        asked = {"type": "comment", "user": "cy", "text": "what does it cost?"}
        assert _answer(socket, asked) == {"taken": True}
        assert _answer(socket, b"no recording at all") == {"taken": True}
        assert _answer(socket, {"type": "end"}) == {"taken": True}
    assert _over(served, "pushed")["status"] == "ended"
    assert _texts(served, "pushed", "utterance") == ["The mug costs 24 dollars."]
    assert _texts(served, "pushed", "comment") == ["what does it cost?"]
    again = served.post(f"{STREAMS}/pushed/replay", {})["stream_id"]
    _over(served, again)
    assert served.get(f"{STREAMS}/{again}/replay")["is_same"]


def test_rows_are_pushed_by_rest_and_refused_when_nobody_watches(served: Served):
    body = {"rows": [{"type": "transcript", "text": "Hello."}]}
    assert served.http.post(f"{STREAMS}/nobody/rows", json=body).status_code == 409
    served.post(STREAMS, {"stream_id": "rest", "source": "push"})
    served.post(f"{STREAMS}/rest/rows", body)
    wait_until(lambda: _texts(served, "rest", "utterance"), lambda texts: texts == ["Hello."])
    assert served.http.post(f"{STREAMS}/rest/rows", json={"rows": []}).status_code == 422
    bad = served.http.post(f"{STREAMS}/rest/picture", content=b"GIF89a")
    assert bad.status_code == 422
    assert bad.json()["error"]["message"].startswith("The pushed picture is no picture")
    served.post(f"{STREAMS}/rest/end")
    assert _over(served, "rest")["status"] == "ended"


@pytest.mark.models
def test_what_was_pushed_beside_a_recording_is_replayed(served: Served, tmp_path: Path):
    asked = [{"t": n, "user": "ann", "text": f"Comment {n}."} for n in range(4)]
    wanted = {
        "stream_id": "mixed",
        "source": str(write_clip(tmp_path / "film.mp4", 4, sound=False)),
        "comments": _jsonl(tmp_path / "asked.jsonl", asked),
    }
    served.post(STREAMS, wanted)
    rows = [
        {"type": "transcript", "t": 1.5, "text": "The mug costs 24 dollars."},
        {"type": "comment", "t": 2.5, "user": "cy", "text": "what does it cost?"},
    ]
    served.post(f"{STREAMS}/mixed/rows", {"rows": rows})
    assert _over(served, "mixed")["status"] == "ended"
    again = served.post(f"{STREAMS}/mixed/replay", {})["stream_id"]
    assert _over(served, again)["status"] == "ended"
    assert _texts(served, again, "utterance") == ["The mug costs 24 dollars."]
    assert "what does it cost?" in _texts(served, again, "comment")
    report = served.get(f"{STREAMS}/{again}/replay")
    assert (report["complete"], report["is_as_expected"]) == (False, True), report


def test_a_socket_of_a_foreign_page_is_refused(served: Served):
    address = served.address.replace("http", "ws", 1) + f"{STREAMS}/any/push"
    with pytest.raises(InvalidStatus) as refused:
        connect_socket(address, additional_headers={"Origin": "http://evil.example"})
    assert refused.value.response.status_code == 403


def test_a_socket_to_no_stream_is_told_why(served: Served):
    with _push(served, f"{STREAMS}/none/push") as socket:
        assert json.loads(socket.recv(timeout=20))["error"]["code"] == "state_conflict"
        with pytest.raises(ConnectionClosed):
            socket.recv(timeout=20)


@pytest.mark.parametrize(
    ("spec", "code"),
    [
        ({}, "invalid_input"),
        ({"source": "nowhere.mp4"}, "not_found"),
        ({"source": "gopher://example.org/1"}, "invalid_input"),
        ({"transcript": "missing.jsonl"}, "not_found"),
        ({"source": "push", "products": ["no-such-product"]}, "not_found"),
        ({"source": "push", "stream_id": "../up"}, "invalid_input"),
    ],
)
def test_what_cannot_be_watched_is_refused_and_leaves_no_stream(
    served: Served, spec: dict[str, Any], code: str
):
    before = _ids(served)
    answer = served.http.post(STREAMS, json=spec)
    assert answer.json()["error"]["code"] == code
    assert _ids(served) == before


def test_a_followed_stream_tells_rows_and_ends_with_it(served: Served):
    served.post(STREAMS, {"stream_id": "told", "source": "push"})
    seen: list[str] = []
    with served.http.stream("GET", f"{STREAMS}/told/follow") as answer:
        lines = answer.iter_lines()
        _until(lines.__next__, lambda line: '"status": "' in line or '"status":"' in line)
        rows = [{"type": "transcript", "text": f"Line {n}."} for n in range(3)]
        served.post(f"{STREAMS}/told/rows", {"rows": rows})
        served.post(f"{STREAMS}/told/end")
        seen = [line for line in lines if "Line " in line]
    assert [f"Line {n}." in line for n, line in enumerate(seen)] == [True] * 3


def test_a_server_answers_before_it_goes_on_with_what_was_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    home = tmp_path / "home"
    with serve_home(settings_for(home, None)) as server:
        server.post(STREAMS, {"stream_id": "left", "source": "push"})
    may_open = threading.Event()
    opens = SensesOpener.__call__

    def load_models(self: SensesOpener, scope: Scope, stream: Stream) -> Senses:
        assert may_open.wait(30)
        return opens(self, scope, stream)

    monkeypatch.setattr(SensesOpener, "__call__", load_models)
    with serve_home(settings_for(home, None)) as server:
        try:
            left = server.get(f"{STREAMS}/left")
            assert left["status"] not in ("ended", "stopped", "failed")
            [listed] = server.get(STREAMS)["streams"]
            assert listed["status"] == left["status"]
        finally:
            may_open.set()
        body = {"rows": [{"type": "transcript", "text": "Hello again."}]}
        wait_until(
            lambda: server.http.post(f"{STREAMS}/left/rows", json=body).status_code,
            lambda status: status == 202,
        )
        assert server.post(f"{STREAMS}/left/stop")["status"] == "stopped"


def test_an_open_stream_that_nobody_watches_is_told_as_failed(tmp_path: Path):
    """A single command goes on with nothing by itself, but resumes what it is told to."""
    settings = settings_for(tmp_path / "home", None)
    with serve_home(settings) as server:
        server.post(STREAMS, {"stream_id": "left", "source": "push"})
    with connect(settings, "livecue streams", print) as client:
        shown = client.request("GET", f"{STREAMS}/left")
        assert (shown["status"], shown["error"]["code"]) == ("failed", "not_watched")
        told = list(client.events("GET", f"{STREAMS}/left/follow"))
        assert [stream["status"] for event, stream in told if event == "stream"] == ["failed"]
        client.request("POST", f"{STREAMS}/left/resume")
        assert client.request("GET", f"{STREAMS}/left")["status"] in ("starting", "live")
        assert client.request("POST", f"{STREAMS}/left/stop")["status"] == "stopped"


def test_a_stream_whose_index_cannot_go_is_forgotten_all_the_same(
    served: Served, monkeypatch: pytest.MonkeyPatch
):
    def refuse(*_: object) -> None:
        raise StoreUnavailable("The index is held.", hint="Try again.")

    monkeypatch.setattr(StreamMemory, "forget", refuse)
    served.post(STREAMS, {"stream_id": "held", "source": "push"})
    assert served.http.delete(f"{STREAMS}/held").status_code == 503
    assert served.http.get(f"{STREAMS}/held").status_code == 404


def _until(take: Callable[[], str], is_so: Callable[[str], bool]) -> None:
    while not is_so(take()):
        pass
