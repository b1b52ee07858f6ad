"""What `livecue check` takes for a text, and what for a file."""

from pathlib import Path

import pytest

from tests.cli.conftest import Livecue


@pytest.mark.parametrize(
    "given", ["script_final.txt", "final cut.md", "./notes/final", "/no/such/file", "a/b.md"]
)
def test_a_file_that_is_not_there_is_an_error(livecue: Livecue, given: str):
    ran = livecue("check", given)
    assert (ran.code, ran.out) == (1, "")
    assert given in ran.err
    assert "check -" in ran.err


@pytest.mark.parametrize("given", ["/proc/self/mem", "/proc"])
def test_a_path_that_cannot_be_read_is_an_error(livecue: Livecue, given: str):
    ran = livecue("check", given)
    assert (ran.code, ran.out) == (1, "")
    assert given in ran.err


@pytest.mark.parametrize(
    "given",
    [
        "最好的杯子，买一送一/包邮！",
        "It cures insomnia and/or gout.",
        "It cures insomnia.txt!",
        "治愈失眠" * 300,
    ],
)
def test_a_text_with_signs_of_a_path_is_a_text(livecue: Livecue, given: str):
    assert livecue("check", given, "--json").json["violating"]


def test_an_empty_text_is_no_folder(livecue: Livecue):
    ran = livecue("check", " ")
    assert ran.code == 1
    assert "no text" in ran.err


def test_a_dash_is_what_comes_in(livecue: Livecue):
    assert livecue("check", "-", "--json", stdin="cures/insomnia").json["packs"]
    assert livecue("check", "-", "--json", stdin="It cures insomnia!").json["violating"]


def test_jurisdictions_are_read_with_small_letters_and_blanks(livecue: Livecue):
    found = livecue("check", "国家级配方，净含量50克。", "--jurisdiction", "cn, us", "--json").json
    assert {finding["jurisdiction"] for finding in found["findings"]} == {"CN"}
    assert {pack.split("-")[0] for pack in found["packs"]} == {"cn", "us"}


def test_packs_are_counted_and_named_on_demand(livecue: Livecue):
    plain = livecue("check", "A mug of stoneware.").out
    assert "rule packs" in plain
    assert "cn-" not in plain
    assert len(plain) < 100
    assert "cn-" in livecue("check", "A mug of stoneware.", "--verbose").out
    assert "cn-" in livecue("check", "国家级配方。", "--verbose").out


def test_a_language_without_reasons_is_refused(livecue: Livecue):
    ran = livecue("check", "It cures insomnia.", "--lang", "fr")
    assert (ran.code, ran.out) == (1, "")
    assert "`fr`" in ran.err
    assert "en, zh" in ran.err


def test_reasons_follow_the_language_of_the_words(livecue: Livecue):
    text = "国家级配方，治愈失眠。This cream cures your acne for good. 全网No.1的面霜。"
    findings = livecue("check", text, "--json").json["findings"]
    for finding in findings:
        words = text[finding["start"] : finding["end"]]
        is_english = words.isascii() and " " in words
        assert any("\u4e00" <= c <= "\u9fff" for c in finding["suggestion"]) is not is_english, (
            finding
        )


def test_reasons_come_in_the_language_asked_for(livecue: Livecue, tmp_path: Path):
    text = tmp_path / "text.txt"
    text.write_text("国家级配方。", encoding="utf-8")
    assert "法" not in livecue("check", text, "--lang", "en").out.split("rewrite:")[0].split("(")[0]
