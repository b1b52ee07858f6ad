"""The question radar over REST."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from tests.serving import Served, wait_until

STREAMS = "/api/v1/streams"
ASKED = [
    {"t": 5, "user": "ann", "text": "how much is it?"},
    {"t": 6, "user": "bo", "text": "hello from Leeds"},
    {"t": 7, "user": "小雨", "text": "多少钱"},
    {"t": 8, "user": "ann", "text": "what's the price??"},
    {"t": 9, "user": "cy", "text": "does it fit a car cup holder?"},
    {"t": 30, "user": "dee", "text": "how many ml does it hold?"},
]
SAID = [
    {"t": 1, "text": "This is the kiln mug."},
    {"t": 20, "text": "It is nineteen dollars and ninety cents today, $19.90."},
    {"t": 60, "text": "Thank you all for coming."},
]


def _jsonl(path: Path, rows: Sequence[Mapping[str, object]]) -> str:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return str(path)


@pytest.mark.models
def test_questions_are_gathered_ranked_and_marked(served: Served, tmp_path: Path):
    wanted = {
        "stream_id": "radar",
        "transcript": _jsonl(tmp_path / "said.jsonl", SAID),
        "comments": _jsonl(tmp_path / "asked.jsonl", ASKED),
        "speed": "max",
    }
    served.post(STREAMS, wanted)
    wait_until(lambda: served.get(f"{STREAMS}/radar"), lambda s: s["status"] == "ended")
    path = f"{STREAMS}/radar/questions"
    found = served.get(path)
    assert found["as_of_ms"] == 60_000
    texts = [one["question"] for one in found["questions"]]
    assert texts[:2] == ["how many ml does it hold?", "does it fit a car cup holder?"]
    price = found["questions"][2]
    assert (price["count"], price["answered_by"]) == (2, "host")
    assert len(price["comments"]) == 3
    [said] = [
        entry
        for entry in served.get(f"{STREAMS}/radar/log", kind="utterance")["entries"]
        if entry["seq"] == price["answered_in"]
    ]
    assert "19.90" in said["row"]["text"]

    cup = found["questions"][1]["cluster_id"]
    marked = served.post(f"{path}/{cup}/answered", {"by": "host"})
    assert marked["answered_by"] == "host"
    waiting = served.get(path, waiting=True)["questions"]
    assert [one["question"] for one in waiting] == ["how many ml does it hold?"]
    assert served.http.post(f"{path}/q99/answered", json={}).status_code == 404
    assert served.http.get(f"{STREAMS}/none/questions").status_code == 404
