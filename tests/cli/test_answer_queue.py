"""The unanswered queue on the command line: seen, answered, and answered by the record."""

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Livecue
from tests.serving import Served, wait_until


def test_what_stayed_open_is_answered_and_becomes_a_fact(livecue: Livecue, lamp: str):
    question = "How heavy is it?"
    livecue("ask", question, "--product", lamp)
    listed = livecue("answers", "list", "--open")
    [line] = [line for line in listed.out.splitlines() if question in line]
    answer_id = line.split()[0]
    told = livecue("answers", "resolve", answer_id, "2.1 kg")
    assert told.code == 0, told.err
    assert "--approve would set specs.weight: 2.1 kg" in told.out
    assert question not in livecue("answers", "list", "--open").out
    assert question in livecue("answers", "list").out
    done = livecue("answers", "resolve", answer_id, "2.1 kg", "--approve")
    assert "specs.weight: 2.1 kg (version 2, published)" in done.out
    assert "2.1 kg" in livecue("ask", question, "--product", lamp).out


def test_what_cannot_be_told_names_the_way_out(livecue: Livecue, lamp: str):
    livecue("ask", "What sizes are there?", "--product", lamp)
    found = livecue("answers", "list", "--open", "--json").json["answers"]
    answer_id = next(a["answer_id"] for a in found if a["question"] == "What sizes are there?")
    refused = livecue("answers", "resolve", answer_id, "Ask me later.", "--approve")
    assert (refused.code, refused.out) == (1, "")
    assert "--field specs.weight" in refused.err
    given = ("--field", "variants.sizes", "--value", "40 cm", "--approve", "--json")
    done = livecue("answers", "resolve", answer_id, "One size, 40 cm.", *given).json
    assert done["fact"] == {"field": "variants.sizes", "value": "40 cm"}
    assert done["answer"]["method"] == "person"


@pytest.mark.models
def test_questions_of_a_stream_are_shown_and_marked(
    livecue: Livecue, served: Served, tmp_path: Path
):
    rows = [
        {"t": 1, "user": "ann", "text": "how much is it?"},
        {"t": 2, "user": "bo", "text": "price please"},
        {"t": 3, "user": "cy", "text": "is it dimmable?"},
    ]
    feed = tmp_path / "asked.jsonl"
    feed.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    livecue("watch", "--comments", feed, "--stream", "asked", "--speed", "max")
    wait_until(
        lambda: served.get("/api/v1/streams/asked")["status"], lambda status: status == "ended"
    )
    first, second = livecue("streams", "questions", "asked").out.splitlines()
    assert first.split()[1:4] == ["2", "0:00:02", "how"]
    assert "is it dimmable?" in second
    shown = livecue("streams", "questions", "asked", "--answered", first.split()[0]).out
    assert shown.splitlines()[1].endswith("answered (host)")
