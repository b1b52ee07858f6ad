"""Commands: what they print, one JSON document under `--json`, and how they exit."""

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Livecue
from tests.serving import Served


@pytest.mark.parametrize(
    "arguments",
    [
        ["product", "list"],
        ["product", "show", "LAMP"],
        ["product", "export", "LAMP"],
        ["product", "search", "oak", "lamp"],
        ["copy", "LAMP", "--kind", "bullets"],
        ["check", "It cures insomnia!"],
        ["ask", "How much is it?"],
        ["ask", "Does it fly?"],
        ["jobs", "list"],
        ["models", "list"],
        ["prompts", "list"],
        ["prompts", "show", "assistant/route"],
        ["prompts", "render", "assistant/route", "--inputs", '{"turn": "hello"}'],
    ],
    ids=" ".join,
)
def test_json_is_one_document_on_stdout(livecue: Livecue, lamp: str, arguments: list[str]):
    ran = livecue(*[lamp if part == "LAMP" else part for part in arguments], "--json")
    assert ran.code == 0, ran.err
    assert ran.json is not None
    assert livecue(*[lamp if part == "LAMP" else part for part in arguments]).out.strip()


@pytest.mark.parametrize(
    ("arguments", "code", "word"),
    [
        (["product", "show", "nope"], 1, "nope"),
        (["product", "show", "../etc"], 1, "not_found"),
        (["product", "approve", "nope"], 1, "nope"),
        (["product", "add", "/no/such/folder"], 1, "/no/such/folder"),
        (["copy", "nope"], 1, "nope"),
        (["ask", "x" * 501], 1, "501"),
        (["jobs", "show", "nope"], 1, "nope"),
        (["jobs", "resume", "nope"], 1, "nope"),
        (["check", "x", "--jurisdiction", "Mars"], 1, "jurisdictions"),
        (["prompts", "show", "nope"], 1, "nope"),
        (["prompts", "render", "assistant/route", "--inputs", "{"], 1, "JSON"),
        (["prompts", "render", "assistant/route", "--inputs", "/no/file"], 1, "/no/file"),
    ],
)
def test_a_failure_is_one_error_document_and_a_sentence(
    livecue: Livecue, arguments: list[str], code: int, word: str
):
    ran = livecue(*arguments, "--json")
    assert ran.code == code
    error = ran.json["error"]
    assert word in f"{error['code']} {error['message']}"
    assert error["hint"] in ran.err
    assert livecue(*arguments).out == ""


@pytest.mark.parametrize(
    "arguments",
    [
        ["nonsense"],
        ["product", "add"],
        ["copy"],
        ["copy", "x", "--seconds", "1"],
        ["copy", "x", "--kind", "poem"],
        ["ask"],
        ["ask", "--batch", "rows.jsonl"],
        ["check", "--batch", "rows.jsonl"],
        ["jobs", "list", "--status", "lost"],
    ],
    ids=" ".join,
)
def test_wrong_usage_exits_2(livecue: Livecue, arguments: list[str]):
    ran = livecue(*arguments)
    assert ran.code == 2
    assert ran.out == ""
    assert ran.err


def test_no_argument_shows_the_help(livecue: Livecue):
    assert "check" in livecue().out + livecue("--help").out


def test_an_empty_folder_says_what_to_give(livecue: Livecue, tmp_path: Path):
    ran = livecue("product", "add", tmp_path)
    assert ran.code == 1
    assert str(tmp_path) in ran.err
    assert "video (.mp4" in ran.err


def test_garbage_among_good_files_is_named_and_the_rest_is_kept(
    livecue: Livecue, served: Served, tmp_path: Path
):
    (tmp_path / "stool.txt").write_text("Name: Alder Stool\nLive price: $89.00\n")
    (tmp_path / "noise.txt").write_bytes(bytes(range(256)) * 40)
    (tmp_path / "broken.png").write_bytes(b"\x89PNG\r\n\x1a\n not a picture")
    (tmp_path / "empty.csv").write_bytes(b"")
    (tmp_path / "film.mp4").write_bytes(b"\0\0\0\x18ftypmp42" + b"\0" * 64)
    ran = livecue("product", "add", tmp_path, "--name", "Alder Stool", "--json")
    assert ran.code == 1
    status = {source["file"]: source["status"] for source in ran.json["sources"]}
    assert status.pop("stool.txt") == "read"
    assert set(status.values()) == {"failed"}
    assert set(status) == {"noise.txt", "broken.png", "empty.csv", "film.mp4"}
    for name in status:
        assert name in ran.err
    [product] = ran.json["products"]
    stored = served.get(f"/api/v1/products/{product['product_id']}")
    assert stored["record"]["live_price"] == 89
    rejected = livecue("product", "reject", product["product_id"])
    assert (rejected.code, "rejected" in rejected.out) == (0, True)


def test_a_file_that_cannot_be_read_is_named(livecue: Livecue):
    unreadable = "/proc/self/mem"
    ran = livecue("product", "add", unreadable)
    assert ran.code == 1
    assert unreadable in ran.err
    ran = livecue("chat", f"Add {unreadable}")
    assert ran.code == 1
    assert unreadable in ran.err


def test_prompts_lint_is_silent_when_all_is_well(livecue: Livecue):
    assert livecue("prompts", "lint", "--json").json == {"problems": []}


def test_only_garbage_fails_and_stores_no_product(livecue: Livecue, tmp_path: Path):
    (tmp_path / "noise.bin").write_bytes(bytes(range(256)) * 40)
    before = livecue("product", "list", "--json").json
    ran = livecue("product", "add", tmp_path, "--json")
    assert ran.code == 1
    assert "noise.bin" in ran.json["error"]["message"]
    assert livecue("product", "list", "--json").json == before


def test_a_product_is_added_approved_and_removed(livecue: Livecue, tmp_path: Path):
    (tmp_path / "vase.md").write_text("# Ash Vase\n\nLive price: $31.50\n")
    added = livecue("product", "add", tmp_path, "--name", "Ash Vase", "--json")
    assert added.code == 0, added.err
    [product] = added.json["products"]
    assert product["status"] == "awaiting_approval"
    stale = livecue("product", "approve", product["product_id"], "--version", "2", "--json")
    assert (stale.code, stale.json["error"]["code"]) == (1, "state_conflict")
    approved = livecue("product", "approve", product["product_id"], "--version", "1", "--json")
    assert approved.json["status"] == "published"
    assert "31.5" in livecue("ask", "How much is the Ash Vase?").out
    assert livecue("product", "rm", product["product_id"]).code == 0
    assert livecue("product", "show", product["product_id"]).code == 1


def test_a_check_reads_a_file_or_stdin(livecue: Livecue, tmp_path: Path):
    text = tmp_path / "text.txt"
    text.write_text("\ufeffIt cures insomnia!", encoding="utf-8")
    from_file = livecue("check", text, "--json")
    assert from_file.json["violating"]
    assert livecue("check", "--json", stdin="It cures insomnia!").json["violating"]
    clean = livecue("check", "A mug of stoneware.", "--json")
    assert (clean.code, clean.json["violating"]) == (0, False)


def test_an_abstention_says_so(livecue: Livecue):
    answer = livecue("ask", "Does it fly?", "--json").json
    assert answer["abstained"]
    assert answer["citations"] == []


def test_chat_answers_and_keeps_the_talk(livecue: Livecue):
    once = livecue("chat", "How much is the Juniper Lamp?")
    assert once.code == 0
    assert "49" in once.out
    talk = livecue("chat", stdin="How much is the Juniper Lamp?\n\nWhat is it made of?\n")
    assert talk.code == 0
    assert "oak" in talk.out


def test_chat_takes_the_files_that_a_message_names(livecue: Livecue, tmp_path: Path):
    path = tmp_path / "my bench.txt"
    path.write_text("Name: Elm Bench\nLive price: $120.00\n")
    ran = livecue("chat", f"Add '{path}'")
    assert "120" in ran.out


def test_json_of_a_job_is_its_row(livecue: Livecue):
    jobs = livecue("jobs", "list", "--json").json["jobs"]
    shown = json.loads(livecue("jobs", "show", jobs[0]["job_id"], "--json").out)
    assert shown == jobs[0]
