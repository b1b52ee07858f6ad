"""`--batch`: a row out for each row in, in order; a bad row costs only itself."""

import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from cli.batch import run_batch
from tests.cli.conftest import Livecue, Ran


def batch(livecue: Livecue, folder: Path, command: str, lines: list[Any]) -> tuple[Ran, list[Any]]:
    """Run `lines` (rows, or raw text) through a command; how it ended, and the rows out."""
    rows = [line if isinstance(line, str) else json.dumps(line) for line in lines]
    (folder / "in.jsonl").write_text("\ufeff" + "\n".join(rows) + "\n", encoding="utf-8")
    out = folder / "out.jsonl"
    ran = livecue(command, "--batch", folder / "in.jsonl", "--out", out)
    written = out.read_text(encoding="utf-8") if out.exists() else ""
    return ran, [json.loads(line) for line in written.split("\n") if line]


def test_checks_keep_order_and_ids(livecue: Livecue, tmp_path: Path):
    texts = ["It cures insomnia!", "A mug of stoneware.", "治愈失眠"]
    given = [{"id": i, "text": t, "extra": "ignored"} for i, t in enumerate(texts)]
    ran, rows = batch(livecue, tmp_path, "check", given)
    assert ran.code == 0
    assert ran.out == ""
    assert [row["id"] for row in rows] == [0, 1, 2]
    assert [row["violating"] for row in rows] == [True, False, True]
    assert all(set(row) == {"id", "violating", "findings", "rewrite"} for row in rows)
    assert "3 texts checked: 2 with a violation, 1 without" in ran.err


def test_checks_ask_for_many_rows_at_once(
    livecue: Livecue, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    asked: list[str] = []
    send = httpx.Client.request

    def count(self: httpx.Client, method: str, url: str, **options: Any) -> httpx.Response:
        asked.append(url)
        return send(self, method, url, **options)

    monkeypatch.setattr(httpx.Client, "request", count)
    given = [{"id": i, "text": "A mug of stoneware.", "lang": "de"} for i in range(60)]
    ran, rows = batch(livecue, tmp_path, "check", given)
    assert ran.code == 0, ran.err
    assert [row["id"] for row in rows] == list(range(60))
    assert len([url for url in asked if "check" in url]) <= 6


def test_answers_keep_order(livecue: Livecue, lamp: str, tmp_path: Path):
    given = [
        {"id": "a", "product_id": lamp, "question": "How much is it?"},
        {"id": "b", "product_id": lamp, "question": "Does it fly?"},
    ]
    _, rows = batch(livecue, tmp_path, "ask", given)
    assert [row["abstained"] for row in rows] == [False, True]
    assert rows[0]["citations"][0]["fact"] == "live_price"


def test_copies_keep_order(livecue: Livecue, lamp: str, tmp_path: Path):
    given = [
        {"id": 1, "product_id": lamp, "kind": "bullets"},
        {"id": 2, "product_id": "nope"},
        {"id": 3, "product_id": lamp, "kind": "title", "lang": "en"},
    ]
    ran, rows = batch(livecue, tmp_path, "copy", given)
    assert ran.code == 1
    assert [row["id"] for row in rows] == [1, 2, 3]
    assert rows[0]["copy"]
    assert rows[1]["error"]["code"] == "not_found"
    assert rows[2]["copy"]


@pytest.mark.parametrize("command", ["check", "ask", "copy"])
def test_garbage_rows_are_named_and_cost_only_themselves(
    livecue: Livecue, lamp: str, tmp_path: Path, command: str
):
    good = {
        "id": "good",
        "text": "A mug of stoneware.",
        "question": "How much is it?",
        "product_id": lamp,
        "kind": "title",
    }
    lines: list[Any] = ["{broken", "[1, 2]", '"text"', "", {"id": "bare"}, {"id": "t", "text": 5}]
    lines += [{"id": "t2", "question": [], "product_id": 7, "kind": "poem"}, good]
    ran, rows = batch(livecue, tmp_path, command, lines)
    assert ran.code == 1
    assert len(rows) == 7
    assert all(row["error"]["message"] for row in rows[:-1])
    assert all(row["error"]["code"] == "invalid_input" for row in rows[:-1])
    assert rows[-1]["id"] == "good"
    assert "error" not in rows[-1]
    assert "6 of 7" in ran.err


@pytest.mark.parametrize(
    "bad",
    [
        '{"id": "bad", "text": "bad \\ud83d"}',
        '{"id": "bad", "text": ' + "[" * 100_000 + "]" * 100_000 + "}",
        '{"id": "bad", "text": NaN}',
        '{"id": "bad", "text": ' + "9" * 5000 + "}",
        '{"id": "\\ud83d", "text": "bad"}',
    ],
    ids=["half a character", "nested", "no number", "a long number", "half a character as id"],
)
def test_a_row_that_cannot_be_sent_costs_only_itself(livecue: Livecue, tmp_path: Path, bad: str):
    good = {"id": "good", "text": "A mug of stoneware."}
    ran, rows = batch(livecue, tmp_path, "check", [good, bad, good])
    assert ran.code == 1
    assert [row["id"] for row in rows if "error" not in row] == ["good", "good"]
    assert rows[1]["error"]["code"] == "invalid_input"
    assert "row 2" in rows[1]["error"]["message"]


def test_options_hold_for_rows_that_say_nothing_else(livecue: Livecue, tmp_path: Path):
    text = "国家级配方，净含量50克。"
    rows: list[dict[str, Any]] = [
        {"text": text},
        {"text": text, "jurisdiction": "cn, EU"},
        {"text": text, "jurisdiction": ["CN"], "lang": "zh"},
        {"text": "It relieves headaches.", "jurisdiction": None, "category": "medicine"},
        {"text": "It relieves headaches.", "jurisdiction": "US"},
    ]
    (tmp_path / "in.jsonl").write_text("\n".join(map(json.dumps, rows)))
    out = tmp_path / "out.jsonl"
    options = ("--jurisdiction", "US,platform", "--category", "mugs", "--lang", "en")
    ran = livecue("check", "--batch", tmp_path / "in.jsonl", "--out", out, *options)
    assert ran.code == 0, ran.err
    found = [json.loads(line) for line in out.read_text().splitlines()]
    assert [row["violating"] for row in found] == [False, True, True, False, True]
    reasons = [row["findings"][0]["reason"].split("(")[0] for row in found[1:3]]
    assert reasons[0].isascii()
    assert not reasons[1].isascii()


def test_a_line_ends_at_a_line_feed_only(livecue: Livecue, tmp_path: Path):
    text = "A mug\u2028of\x85stoneware."
    given = [json.dumps({"id": i, "text": text}, ensure_ascii=False) for i in (1, 2)]
    ran, rows = batch(livecue, tmp_path, "check", given)
    assert ran.code == 0, ran.err
    assert [(row["id"], row["rewrite"]) for row in rows] == [(1, text), (2, text)]


def test_a_bug_in_an_answer_is_not_a_missing_key(tmp_path: Path):
    (tmp_path / "in.jsonl").write_text('{"text": "x"}\n')

    def broken(_row: dict[str, Any]) -> dict[str, Any]:
        raise KeyError("rewrite")

    with pytest.raises(KeyError):
        run_batch(tmp_path / "in.jsonl", tmp_path / "out.jsonl", ["text"], broken)


def test_a_server_that_goes_away_leaves_no_half_batch(tmp_path: Path):
    (tmp_path / "in.jsonl").write_text('{"text": "x"}\n{"text": "gone"}\n')

    def answer(row: dict[str, Any]) -> dict[str, Any]:
        if row["text"] == "gone":
            raise httpx.ReadError("gone")
        return row

    with pytest.raises(httpx.ReadError):
        run_batch(tmp_path / "in.jsonl", tmp_path / "out.jsonl", ["text"], answer)
    assert [path.name for path in tmp_path.iterdir()] == ["in.jsonl"]


def test_an_empty_batch_gives_an_empty_file(livecue: Livecue, tmp_path: Path):
    ran, rows = batch(livecue, tmp_path, "check", [])
    assert (ran.code, rows) == (0, [])
    assert (tmp_path / "out.jsonl").exists()


@pytest.mark.parametrize("content", [None, b"\xff\xfe\x00garbage"], ids=["missing", "not UTF-8"])
def test_a_batch_that_cannot_be_read_writes_nothing(
    livecue: Livecue, tmp_path: Path, content: bytes | None
):
    rows = tmp_path / "in.jsonl"
    if content is not None:
        rows.write_bytes(content)
    ran = livecue("check", "--batch", rows, "--out", tmp_path / "out.jsonl")
    assert ran.code == 1
    assert str(rows) in ran.err
    assert not (tmp_path / "out.jsonl").exists()


def test_an_out_that_cannot_be_written_is_named(livecue: Livecue, tmp_path: Path):
    (tmp_path / "in.jsonl").write_text('{"text": "x"}\n')
    out = tmp_path / "no" / "folder" / "out.jsonl"
    ran = livecue("check", "--batch", tmp_path / "in.jsonl", "--out", out)
    assert ran.code == 1
    assert str(out) in ran.err
