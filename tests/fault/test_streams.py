"""A watched stream outlives `kill -9`: nothing stored is lost or doubled."""

import json
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

import httpx
import pytest

from domain.settings import Settings
from tests.fault.conftest import Terminal
from tests.serving import wait_until

pytestmark = [pytest.mark.slow, pytest.mark.models]

FILM = Path(__file__).parents[2] / "examples" / "dog-harness" / "packing-room.mp4"
STREAMS = "/api/v1/streams"
COMMENTS = 140
KILLS = 2
SPOKEN = (
    "Okay, this is the Burrow Trail Harness in Dusk. There is a padded handle on the back so you "
    "can lift your dog over a fence. The medium weighs 210 grams. Set the straps once, and after "
    "that it goes on in 10 seconds."
)


def _state(address: str) -> dict[str, Any]:
    return httpx.get(f"{address}{STREAMS}/film", timeout=30).raise_for_status().json()


def _wait(address: str, position_ms: int | None) -> dict[str, Any]:
    """The stream once it has come so far, or, without a position, has ended."""

    def is_there(stream: dict[str, Any]) -> bool:
        over = stream["status"] in ("ended", "failed", "stopped")
        return over or (position_ms is not None and stream["position_ms"] >= position_ms)

    return wait_until(lambda: _state(address), is_there, 240)


def _log(address: str, kind: str) -> list[dict[str, Any]]:
    params = {"kind": kind, "limit": 1000}
    page = httpx.get(f"{address}{STREAMS}/film/log", params=params, timeout=30).json()
    return [entry["row"] for entry in page["entries"]]


def test_a_watched_film_with_comments_goes_on_after_every_kill(terminal: Terminal, tmp_path: Path):
    comments = tmp_path / "asked.jsonl"
    rows = [{"t": n / 10, "user": f"v{n}", "text": f"comment {n}"} for n in range(COMMENTS)]
    comments.write_text("".join(json.dumps(row) + "\n" for row in rows))
    terminal.environment["LIVECUE_MODELS"] = str(Settings().models_path)
    process, address = terminal.serve()
    wanted = {"stream_id": "film", "source": str(FILM), "comments": str(comments), "speed": "live"}
    httpx.post(f"{address}{STREAMS}", json=wanted, timeout=60).raise_for_status()
    positions = [0]
    for _ in range(KILLS):
        stream = _wait(address, positions[-1] + 1)
        assert stream["status"] == "live", stream
        positions.append(stream["position_ms"])
        process.kill()
        process.wait()
        process, address = terminal.serve()
        assert _state(address)["position_ms"] >= positions[-1]
    ended = _wait(address, None)
    assert ended["status"] == "ended", ended

    asked = [row["text"] for row in _log(address, "comment") if row["via"] == "feed"]
    assert asked == [f"comment {n}" for n in range(COMMENTS)]
    said = " ".join(row["text"] for row in _log(address, "utterance"))
    assert SequenceMatcher(None, said.split(), SPOKEN.split()).ratio() > 0.75, said
    shown = [row["text"] for row in _log(address, "screen_line")]
    assert len(shown) == len(set(shown))
    assert [row["notice"] for row in _log(address, "notice")].count("resumed") == KILLS
