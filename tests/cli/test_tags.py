"""What `livecue tag` takes and prints."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.conftest import Livecue
from tests.fakes.openai_server import serve_openai
from tests.serving import Served, serve_home, settings_for

GREETING = "Good evening everyone, welcome to the stream!"
PRICE = "今天直播间只要六十九块九，再减五块。"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A home without products."""
    home: Path = tmp_path_factory.mktemp("served") / "home"
    with serve_openai() as fake, serve_home(settings_for(home, fake.base_url)) as server:
        yield server


@pytest.mark.models
def test_one_text_prints_its_tags(livecue: Livecue):
    ran = livecue("tag", GREETING)
    assert ran.code == 0
    assert ran.out.startswith("greeting ")
    assert livecue("tag", "Let me just find my glasses.").out.strip() == "(none)"


@pytest.mark.models
@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("talk.txt", f"{GREETING}\n\n{PRICE}\n"),
        (
            "talk.jsonl",
            json.dumps({"t": 1, "speaker": "host", "text": GREETING})
            + "\n"
            + json.dumps({"t": 2, "speaker": "screen", "text": "SALE"})
            + "\n"
            + json.dumps({"t": 4, "speaker": "host", "text": PRICE})
            + "\n",
        ),
        (
            "talk.srt",
            (
                f"1\n00:00:01,000 --> 00:00:03,000\n{GREETING}\n\n"
                f"2\n00:00:04,000 --> 00:00:06,000\n{PRICE}\n"
            ),
        ),
        (
            "talk.vtt",
            f"WEBVTT\n\n00:01.000 --> 00:03.000\n{GREETING}\n\n00:04.000 --> 00:06.000\n{PRICE}\n",
        ),
    ],
)
def test_the_speech_of_a_file_is_tagged(livecue: Livecue, tmp_path: Path, name: str, content: str):
    file = tmp_path / name
    file.write_text(content, "utf-8")
    rows = livecue("tag", str(file), "--json").json["utterances"]
    assert [row["text"] for row in rows] == [GREETING, PRICE]
    assert "greeting" in rows[0]["tags"]
    assert "price_promo" in rows[1]["tags"]


@pytest.mark.models
def test_a_batch_keeps_order_and_names_what_failed(livecue: Livecue, tmp_path: Path):
    rows = [{"id": 1, "text": GREETING}, {"id": 2}, {"id": 3, "text": 5}, {"id": 4, "text": PRICE}]
    given, out = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    given.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    ran = livecue("tag", "--batch", str(given), "--out", str(out))
    assert ran.code == 1
    found = [json.loads(line) for line in out.read_text("utf-8").splitlines()]
    assert [row["id"] for row in found] == [1, 2, 3, 4]
    assert "greeting" in found[0]["tags"]
    assert len(found[0]["scores"]) == 21
    assert [set(row) for row in found[1:3]] == [{"id", "error"}] * 2
    assert "price_promo" in found[3]["tags"]


@pytest.mark.parametrize("given", ["no-such.srt", "/no/such/talk.jsonl"])
def test_a_file_that_is_not_there_is_an_error(livecue: Livecue, given: str):
    ran = livecue("tag", given)
    assert (ran.code, ran.out) == (1, "")
    assert given in ran.err
    assert "tag -" in ran.err


def test_nothing_to_tag_is_an_error(livecue: Livecue):
    ran = livecue("tag", "-", stdin=" \n")
    assert ran.code == 1
    assert "no text" in ran.err
