"""Web addresses among the paths of `product add`."""

from pathlib import Path

from tests.cli.conftest import Livecue


def test_an_address_that_is_refused_does_not_stop_the_files(livecue: Livecue, tmp_path: Path):
    notes = tmp_path / "stool.txt"
    notes.write_text("Name: Alder Stool\nLive price: $89.00\nMaterial: alder\n")
    ran = livecue("product", "add", "http://127.0.0.1/stool?key=1", notes, "--json")
    assert ran.code == 1
    sources = {source["file"]: source for source in ran.json["sources"]}
    assert sources["stool.txt"]["status"] == "read"
    refused = sources["http://127.0.0.1/stool?key=1"]
    assert refused["status"] == "failed"
    assert refused["error"]["code"] == "address_refused"


def test_an_address_alone_that_is_refused_is_the_error(livecue: Livecue):
    ran = livecue("product", "add", "https://[::1]/stool", "--json")
    assert ran.code == 1
    error = ran.json["error"]
    assert "https://[::1]/stool is not fetched" in error["message"]
    assert "save the page" in error["hint"].lower()
    assert "text" not in error["hint"]
