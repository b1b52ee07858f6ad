"""Correct, decide, compare, export and import on the command line."""

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Livecue
from tests.serving import Served


@pytest.fixture
def shade(served: Served, tmp_path: Path) -> str:
    """The id of a product of its own for each test, with a disputed price."""
    ident = f"shade-{tmp_path.name.lower().replace('_', '-')[-40:]}"
    told = [
        {"value": value, "evidence": [{"source": "s", "file": file, "quote": value}]}
        for value, file in (("30", "a.txt"), ("35", "b.txt"))
    ]
    document = {
        "product_id": ident,
        "version": 1,
        "status": "published",
        "record": {"name": ident, "live_price": 30, "selling_points": ["Linen", "Washable"]},
        "evidence": {"live_price": [{"source": "s", "file": "a.txt", "quote": "30"}]},
        "conflicts": [{"field": "live_price", "values": told}],
    }
    served.post("/api/v1/products/import?approve=true", document)
    return ident


def test_a_value_is_corrected_and_the_change_is_shown(livecue: Livecue, shade: str):
    ran = livecue("product", "correct", shade, "selling_points[0]", "Pure linen", "--note", "tag")
    assert ran.code == 0, ran.err
    assert "Pure linen   <- person" in ran.out
    assert "Linen -> Pure linen [corrected by local" in ran.out
    assert f"product approve {shade}" in ran.err
    diff = livecue("product", "diff", shade)
    assert "version 1 -> version 2" in diff.out
    assert "~ selling_points[0]: Linen -> Pure linen" in diff.out
    asked = livecue("product", "diff", shade, "--from", "1", "--to", "2", "--json").json
    assert (asked["from"], asked["to"], len(asked["changes"])) == (1, 2, 1)
    versions = livecue("product", "versions", shade, "--json").json["versions"]
    assert [v["status"] for v in versions] == ["awaiting_approval", "published"]
    assert "published" in livecue("product", "versions", shade).out


def test_an_item_is_named_by_what_it_says_and_removed(livecue: Livecue, shade: str):
    ran = livecue(
        "product", "correct", shade, "selling_points", "--was", "washable", "--remove",
        "--approve", "--json",
    )  # fmt: skip
    assert ran.json["record"]["selling_points"] == ["Linen"]
    assert ran.json["status"] == "published"


def test_what_cannot_be_corrected_is_said(livecue: Livecue, shade: str):
    wrong = livecue("product", "correct", shade, "live_price", "cheap", "--json")
    assert (wrong.code, wrong.json["error"]["code"]) == (1, "invalid_input")
    unknown = livecue("product", "correct", shade, "prize", "1")
    assert unknown.code == 1
    assert "selling_points[N]" in unknown.err


def test_a_conflict_is_decided(livecue: Livecue, shade: str):
    asked = livecue("product", "resolve", shade, "name", "x")
    assert "live_price: 30 / 35" in asked.err
    ran = livecue("product", "resolve", shade, "live_price", "35", "--approve")
    assert "35 (person) / 30 (a.txt) [resolved, person]" in ran.out
    assert "live_price: 35   <- person" in ran.out


def test_an_export_is_imported_and_nothing_new_comes_of_it(
    livecue: Livecue, shade: str, tmp_path: Path
):
    exported = livecue("product", "export", shade).out
    good, bad, text = (tmp_path / name for name in ("good.json", "bad.json", "note.json"))
    good.write_text(exported, encoding="utf-8")
    document = json.loads(exported)
    bad.write_text(json.dumps(document | {"record": {"live_price": "35"}}))
    text.write_text("not JSON")
    same = livecue("product", "import", good)
    assert (same.code, "nothing new" in same.out) == (0, True)
    assert f"{shade}: no evidence for name, selling_points[0]" in same.err

    good.write_text(json.dumps(document | {"product_id": f"{shade}-b"}))
    ran = livecue("product", "import", bad, text, good, tmp_path / "gone.json", "--json")
    assert ran.code == 1
    assert [(p["product_id"], p["new"]) for p in ran.json["products"]] == [(f"{shade}-b", True)]
    assert [Path(item["file"]).name for item in ran.json["failed"]] == [
        "bad.json", "note.json", "gone.json",
    ]  # fmt: skip
    assert f"{bad}: record.live_price" in ran.err
    old = livecue("product", "export", f"{shade}-b", "--version", "1").json
    assert old["record"] == document["record"]


def test_json_ld_is_exported_without_what_is_disputed(livecue: Livecue, shade: str):
    ran = livecue("product", "export", shade, "--format", "jsonld")
    assert ran.json["@context"] == "https://schema.org"
    assert "offers" not in ran.json
    assert "live_price" in ran.err


def test_a_long_list_is_paged(livecue: Livecue, shade: str):
    first = livecue("product", "list", "--limit", "1")
    assert shade in first.out
    cursor = first.err.split()[-1]
    second = livecue("product", "list", "--limit", "1", "--cursor", cursor, "--json").json
    assert second["products"][0]["product_id"] != shade
