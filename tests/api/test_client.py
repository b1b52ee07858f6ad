"""The way from a command to a home: whoever owns it, and whole events."""

import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from api.client import Client, connect
from domain.errors import HomeBusy, LivecueError
from domain.settings import Jobs
from stores.home import LOCK_FILE, acquire_home
from tests.serving import Served, settings_for


def private_servers() -> list[str]:
    return [t.name for t in threading.enumerate() if t.name == "livecue-owner"]


def test_an_event_ends_at_a_line_feed_only(served: Served):
    name = "Ju\u2028niper\u2029-\x85-\x0b-\x1cLamp"
    job = served.intake({"lamp.txt": "Name: Juniper Lamp\nLive price: $49.00\n"}, name=name)
    *_, last = Client(served.http).events("GET", f"/api/v1/jobs/{job['job_id']}/events")
    assert last[0] == "job"
    assert last[1]["input"]["name"] == name


def test_events_are_put_together_from_any_pieces():
    data = 'event: a\ndata: {"x": "\u2028é"}\n\ndata: 2\n\ndata: [DONE]\n\n'.encode()

    def pieces() -> Iterator[bytes]:
        yield from (data[i : i + 1] for i in range(len(data)))

    transport = httpx.MockTransport(lambda _request: httpx.Response(200, content=pieces()))
    with httpx.Client(transport=transport, base_url="http://livecue") as http:
        found: list[tuple[str, Any]] = list(Client(http).events("GET", "/"))
    assert found == [("a", {"x": "\u2028é"}), ("message", 2)]


def test_a_proxy_of_the_environment_is_not_asked(
    served: Served, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    with connect(served.settings, "livecue test", print) as client:
        assert client.request("GET", "/health")["owner"]["command"] == "livecue serve"
    with connect(settings_for(tmp_path / "home", None), "livecue test", print) as client:
        assert client.request("GET", "/health")["owner"]["command"] == "livecue test"
    assert not private_servers()


def test_a_command_that_waits_goes_to_the_server_that_comes(served: Served, tmp_path: Path):
    settings = settings_for(tmp_path / "home", None, jobs=Jobs(home_wait_seconds=30))
    waiting = threading.Event()
    said: list[str] = []
    owners: list[dict[str, Any]] = []

    def announce(line: str) -> None:
        said.append(line)
        waiting.set()

    def command() -> None:
        with connect(settings, "livecue test", announce) as client:
            owners.append(client.request("GET", "/health")["owner"])

    thread = threading.Thread(target=command)
    with acquire_home(settings.home_path, command="livecue first"):
        thread.start()
        assert waiting.wait(10)
        record = settings.home_path / LOCK_FILE
        first = json.loads(record.read_text())
        record.write_text(json.dumps(first | {"address": served.address}))
        thread.join(20)
        assert not thread.is_alive()
    assert [owner["command"] for owner in owners] == ["livecue serve"]
    assert len(said) == 1
    assert "livecue first" in said[0]


@pytest.mark.parametrize(
    ("address", "word"), [(None, "livecue first"), ("http://127.0.0.1:9", "does not answer")]
)
def test_an_owner_that_stays_in_the_way_is_named(tmp_path: Path, address: str | None, word: str):
    settings = settings_for(tmp_path / "home", None, jobs=Jobs(home_wait_seconds=1.2))
    with (
        acquire_home(settings.home_path, command="livecue first", address=address),
        pytest.raises(HomeBusy, match=word),
        connect(settings, "livecue test", print),
    ):
        pass


def test_a_home_that_cannot_be_opened_leaves_nothing_running(tmp_path: Path):
    settings = settings_for(tmp_path / "home", None)
    (settings.home_path / "livecue.sqlite").mkdir(parents=True)
    with pytest.raises(LivecueError), connect(settings, "livecue test", print):
        pass
    assert not private_servers()
    with acquire_home(settings.home_path):
        pass
