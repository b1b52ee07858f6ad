"""The question radar over REST."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from tests.serving import JSON, Served, wait_until

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


MUG: JSON = {
    "product_id": "kiln",
    "version": 1,
    "status": "published",
    "record": {"name": "Kiln Mug", "live_price": 19.9, "currency": "USD"},
    "evidence": {
        "live_price": [{"source": "s1", "file": "list.csv", "locator": {}, "quote": "19.90"}]
    },
}


@pytest.mark.models
def test_what_many_ask_is_answered_ahead_until_the_host_changes_it(served: Served):
    served.post("/api/v1/products/import?approve=true", MUG)
    served.post(STREAMS, {"stream_id": "ahead", "source": "push", "products": ["kiln"]})

    def push(**row: str) -> None:
        served.post(f"{STREAMS}/ahead/rows", {"rows": [row]})

    def price() -> JSON:
        push(type="transcript", text="Welcome to the show.")
        found = served.get(f"{STREAMS}/ahead/questions")["questions"]
        nothing: JSON = {}
        return next((one for one in found if "price" in one["question"]), nothing)

    push(type="comment", user="ann", text="what's the price?")
    push(type="comment", user="bo", text="price please")
    ready = wait_until(price, lambda one: bool(one.get("draft_id")) and one["count"] == 2)
    question = {"question": "what is the price", "stream_id": "ahead"}
    answer = served.post("/api/v1/answers", question)
    assert (answer["drafted"], answer["cluster_id"]) == (True, ready["cluster_id"])
    assert "19.90" in answer["text"]
    assert answer["citations"][0]["file"] == "list.csv"
    wait_until(price, lambda one: one["answered_by"] == "assistant")

    push(type="transcript", text="Now the mug is only $17.90 for everyone.")
    wait_until(
        lambda: served.get(f"{STREAMS}/ahead/log", kind="live_fact")["entries"],
        lambda entries: bool(entries),
    )
    answer = served.post("/api/v1/answers", question)
    assert not answer["drafted"]
    assert "17.90" in answer["text"]
    served.post(f"{STREAMS}/ahead/end")
