"""`livecue copy`: its options, by themselves and for the rows of a batch."""

import json
from pathlib import Path
from typing import Any

from tests.cli.conftest import Livecue


def test_options_hold_for_rows_that_say_nothing_else(livecue: Livecue, lamp: str, tmp_path: Path):
    given = tmp_path / "in.jsonl"
    out = tmp_path / "out.jsonl"
    own = {"id": 2, "product_id": lamp, "kind": "bullets", "jurisdiction": "CN, us"}
    given.write_text("\n".join(json.dumps(row) for row in ({"id": 1, "product_id": lamp}, own)))
    options = ("--kind", "title", "--jurisdiction", "US, EU")
    ran = livecue("copy", "--batch", given, "--out", out, *options)
    assert ran.code == 0, ran.err
    rows: list[dict[str, Any]] = [json.loads(line) for line in out.read_text().splitlines()]
    assert not rows[0]["copy"].startswith("• ")
    assert "\n\n" not in rows[0]["copy"]
    assert rows[1]["copy"].startswith("• ")
    packs = [{ref.partition("-")[0] for ref in row["compliance"]["packs"]} for row in rows]
    assert packs == [{"us", "eu"}, {"cn", "us"}]


def test_a_reply_answers_or_is_refused_with_the_mend(livecue: Livecue, lamp: str):
    refused = livecue("copy", lamp, "--kind", "reply")
    assert (refused.code, refused.out) == (1, "")
    assert "--comment" in refused.err
    swallowed = livecue("copy", lamp, "--comment", "How much?")
    assert swallowed.code == 1
    assert "kind reply" in swallowed.err
    told = livecue("copy", lamp, "--kind", "reply", "--comment", "How much is it? Is it blue?")
    assert told.code == 0, told.err
    assert "$49" in told.out
    assert "to the comment “How much is it? Is it blue?”" in told.err
    assert "note: the record does not settle “Is it blue?”" in told.err


def test_copies_are_listed_and_shown(livecue: Livecue, lamp: str):
    written = livecue("copy", lamp, "--kind", "title", "--json").json["copies"][0]
    listed = livecue("copy", "list", lamp)
    assert written["copy_id"] in listed.out
    assert written["text"][:40] in listed.out
    assert livecue("copy", "list", "--json").json["copies"][0]["copy_id"] == written["copy_id"]
    shown = livecue("copy", "show", written["copy_id"])
    assert written["text"] in shown.out
    assert "every sentence is composed from the record" in shown.err
    assert "<- name" in shown.err
    assert livecue("copy", "show", written["copy_id"], "--json").json["stale"] == []
    assert livecue("copy", "show", "nope").code == 1


def test_a_batch_writes_one_copy_a_row(livecue: Livecue, lamp: str, tmp_path: Path):
    given = tmp_path / "in.jsonl"
    given.write_text(json.dumps({"id": 1, "product_id": lamp}))
    ran = livecue("copy", "--batch", given, "--out", tmp_path / "out", "--variants", "2")
    assert ran.code == 2
    assert "--variants" in ran.err


def test_jurisdictions_may_stand_apart(livecue: Livecue, lamp: str):
    ran = livecue("copy", lamp, "--kind", "title", "--jurisdiction", "CN, US", "--json")
    assert ran.code == 0, ran.err
    assert json.loads(ran.out)["copies"][0]["status"] == "from_record"
    wrong = livecue("copy", lamp, "--jurisdiction", "Mars")
    assert wrong.code == 1
    assert "'platform'" in wrong.err
