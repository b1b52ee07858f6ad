"""Warnings and the promise ledger of a stream over REST."""

import json
from pathlib import Path

from tests.serving import JSON, Served, wait_until

STREAMS = "/api/v1/streams"
SAID: list[JSON] = [
    {"t": 0, "text": "I will give away one signed teapot before we say goodbye tonight."},
    {"t": 10, "text": "It ships within 2 working days."},
    {"t": 20, "text": "A cup of tea from it cures insomnia."},
    {"t": 30, "text": "The signed teapot goes to Lucia from Leeds, congratulations."},
]


def test_promises_as_they_stand_and_warnings(served: Served, tmp_path: Path):
    path = tmp_path / "said.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in SAID), "utf-8")
    served.post(STREAMS, {"stream_id": "vows", "transcript": str(path), "speed": "max"})
    wait_until(lambda: served.get(f"{STREAMS}/vows"), lambda stream: stream["status"] == "ended")
    ledger = served.get(f"{STREAMS}/vows/promises")["promises"]
    assert [(one["promise"], one["state"]) for one in ledger] == [
        ("gift", "kept"),
        ("shipping", "open"),
    ]
    before = served.get(f"{STREAMS}/vows/promises", as_of_ms=15_000)["promises"]
    assert [one["state"] for one in before] == ["open", "open"]

    (told,) = served.get(f"{STREAMS}/vows/warnings")["warnings"]
    assert told["warning"]["warning"] == "prohibited"
    assert "cures insomnia" in told["warning"]["text"]
    assert served.get(f"{STREAMS}/vows/warnings", after=told["seq"])["warnings"] == []
    assert served.get(f"{STREAMS}/vows/warnings", as_of_ms=15_000)["warnings"] == []


def test_an_unknown_stream_is_refused(served: Served):
    for what in ("promises", "warnings"):
        answer = served.http.get(f"{STREAMS}/nowhere/{what}")
        assert (answer.status_code, answer.json()["error"]["code"]) == (404, "not_found")
