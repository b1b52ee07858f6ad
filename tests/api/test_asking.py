"""Questions in a broadcast over REST: answered as of a moment, from record, host or not at all."""

import io
import json

import pytest
from PIL import Image, ImageDraw, ImageFont

from tests.serving import JSON, Served, wait_until

STREAMS, ANSWERS = "/api/v1/streams", "/api/v1/answers"
SAID = [
    {"t": 10, "text": "First the kiln mug, stoneware from our own workshop."},
    {"t": 40, "text": "It sits nicely in a car cup holder, I tried it on the way here."},
    {"t": 60, "text": "Is it made in Italy? Somebody guessed so, I have no idea."},
    {"t": 80, "text": "Good news, the mug is now $17.90."},
    {"t": 100, "text": "Moss 350 ml is sold out, sorry."},
]
MUG = {
    "product_id": "mug",
    "version": 1,
    "status": "published",
    "record": {
        "name": "Kiln Mug",
        "live_price": 19.9,
        "list_price": 28,
        "currency": "USD",
        "variants": {
            "sizes": ["350 ml"],
            "colours": ["Moss", "Chalk"],
            "stock": {"Moss 350 ml": 18, "Chalk 350 ml": 25},
        },
        "specs": {"weight": "310 g"},
    },
}
EVIDENCE: dict[str, list[JSON]] = {
    path: [{"source": "s1", "file": "list.csv", "locator": {}, "quote": quote}]
    for path, quote in {
        "live_price": "19.90",
        "specs.weight": "310 g",
        "variants.stock.Moss 350 ml": "Moss 350 ml 18",
        "variants.stock.Chalk 350 ml": "Chalk 350 ml 25",
        "variants.colours[0]": "Moss",
        "variants.colours[1]": "Chalk",
    }.items()
}


@pytest.fixture(scope="module")
def show(served: Served, tmp_path_factory: pytest.TempPathFactory) -> Served:
    served.post("/api/v1/products/import?approve=true", MUG | {"evidence": EVIDENCE})
    path = tmp_path_factory.mktemp("show") / "said.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in SAID), encoding="utf-8")
    served.post(
        STREAMS,
        {"stream_id": "night", "transcript": str(path), "products": ["mug"], "speed": "max"},
    )
    wait_until(lambda: served.get(f"{STREAMS}/night"), lambda stream: stream["status"] == "ended")
    return served


def ask(served: Served, question: str, at: float | None = None, **given: object) -> JSON:
    at_ms = None if at is None else round(at * 1000)
    return served.post(
        ANSWERS, {"question": question, "stream_id": "night", "at_ms": at_ms, **given}
    )


@pytest.mark.models
def test_a_change_counts_from_its_moment_on_and_is_cited(show: Served):
    before = ask(show, "How much is the mug?", at=50)
    assert "19.90" in before["text"]
    assert before["citations"][0]["file"] == "list.csv"
    after = ask(show, "How much is the mug?", at=95)
    assert "17.90" in after["text"]
    assert "19.90" not in after["text"]
    assert after["citations"][0]["fact"] == "live_price"
    assert after["citations"][0]["at_ms"] == 80_000
    assert after["citations"][0]["quote"] == "Good news, the mug is now $17.90."
    assert after["at_ms"] == 95_000
    assert "18" in ask(show, "Is Moss in stock?", at=90)["text"]
    gone = ask(show, "Is Moss in stock?", at=105)
    assert gone["text"].startswith("No")


@pytest.mark.models
def test_what_only_the_host_said_is_quoted_with_its_time(show: Served):
    answer = ask(show, "does it fit in a car cup holder?", at=90)
    assert answer["status"] == "grounded"
    assert answer["citations"][0]["fact"] is None
    assert answer["citations"][0]["at_ms"] == 40_000
    assert "cup holder" in answer["citations"][0]["quote"]
    early = ask(show, "does it fit in a car cup holder?", at=30)
    assert early["status"] == "abstained"


@pytest.mark.models
def test_a_guess_of_viewers_answers_nothing(show: Served):
    assert ask(show, "is it made in Italy?", at=90)["status"] == "abstained"


@pytest.mark.models
def test_follow_ups_and_two_questions_at_once(show: Served):
    follow = ask(show, "and the Chalk one?", at=90, previous=["is Moss in stock?"])
    assert "25" in follow["text"]
    both = ask(show, "how much is it and how heavy is it?", at=90)
    assert "17.90" in both["text"]
    assert "310 g" in both["text"]
    assert {c["fact"] for c in both["citations"]} == {"live_price", "specs.weight"}


def _picture(*lines: str) -> bytes:
    """A frame with comments at its lower left, 44 pixels apart from y = 500 on."""
    image = Image.new("RGB", (540, 960), (24, 26, 30))
    draw, font = ImageDraw.Draw(image), ImageFont.load_default(24)
    for number, line in enumerate(lines):
        user, _, text = line.partition(": ")
        y = 500 + 44 * number
        draw.text((30, y), f"{user}:", fill=(120, 190, 255), font=font)
        draw.text((30 + font.getlength(f"{user}:  "), y), text, fill=(255, 255, 255), font=font)
    file = io.BytesIO()
    image.save(file, "PNG")
    return file.getvalue()


@pytest.mark.models
def test_a_click_on_a_picture_of_the_frame_is_answered(show: Served):
    picture = _picture(
        "mia: hello from Leeds", "ben_07: how much is the mug", "lou: love the colour", "kim: wow"
    )
    sent = show.http.post("/api/v1/uploads", params={"file": "frame.png"}, content=picture)
    click = {"upload_id": sent.json()["upload_id"], "x": 180, "y": 560}
    found = show.post(f"{STREAMS}/night/click", click)
    assert found["comment"]["user"] == "ben_07"
    assert found["comment"]["text"] == "how much is the mug"
    assert "17.90" in found["answer"]["text"]
    assert found["answer"]["stream_id"] == "night"
    beside = show.post(f"{STREAMS}/night/click", click | {"x": 300, "y": 120})
    assert beside["comment"]["text"] is None
    assert beside["answer"] is None
    with show.http.stream("POST", f"{STREAMS}/night/click/stream", json=click) as events:
        told = [line for line in events.iter_lines() if line.startswith("event:")]
    assert told[0] == "event: comment"
    assert told[-1] == "event: answer"
    assert "event: sentence" in told


def test_a_click_has_to_say_where_and_on_what(show: Served):
    half = show.http.post(f"{STREAMS}/night/click", json={"frame_pts": 5, "x_norm": 0.5})
    assert half.status_code == 422
    over = {"frame_pts": 5, "x_norm": 0.5, "y_norm": 0.5}
    unwatched = show.http.post(f"{STREAMS}/night/click", json=over)
    assert unwatched.status_code == 409
    assert unwatched.json()["error"]["hint"]


@pytest.mark.models
def test_moments_that_are_not_there_yet_and_unknown_streams_are_refused(show: Served):
    unknown = show.http.post(ANSWERS, json={"question": "price?", "stream_id": "day"})
    assert unknown.status_code == 404
    assert unknown.json()["error"]["hint"]
    show.post(f"{STREAMS}", {"stream_id": "open", "source": "push"})
    early = show.http.post(
        ANSWERS, json={"question": "price?", "stream_id": "open", "at_ms": 60_000}
    )
    assert early.status_code == 422
    assert "has come to" in early.json()["error"]["message"]
