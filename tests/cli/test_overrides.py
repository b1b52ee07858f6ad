"""Allow a wording on the command line, see it allowed, take it back."""

from tests.cli.conftest import Livecue

BOAST = "这是全网最好的杯子。"


def test_a_wording_is_allowed_shown_and_taken_back(livecue: Livecue) -> None:
    found = livecue("check", BOAST, "--jurisdiction", "CN", "--json").json["findings"][0]
    quote = BOAST[found["start"] : found["end"]]
    made = livecue("overrides", "add", found["rule"], quote, "--reason", "An award's name.")
    assert made.code == 0, made.err
    assert f"no longer objects to “{quote}”" in made.out
    ident = made.out.split(":")[0]
    checked = livecue("check", BOAST, "--jurisdiction", "CN")
    assert "allowed by local: An award's name." in checked.out
    assert "rewrite:" not in checked.out
    assert "An award's name." in livecue("overrides", "list").out
    assert "objects to" in livecue("overrides", "withdraw", ident).out
    assert "violation:" in livecue("check", BOAST, "--jurisdiction", "CN").out
    listed = livecue("overrides", "list")
    assert ident not in listed.out
    assert "withdrawn; see them with: livecue overrides list --withdrawn" in listed.err
    assert "withdrawn by local" in livecue("overrides", "list", "--withdrawn").out


def test_changes_are_shown_word_by_word(livecue: Livecue) -> None:
    text = "The mug holds 350 ml and cures insomnia."
    shown = livecue("check", text).out
    assert "The mug holds 350 ml[- and cures insomnia-]." in shown
    changes = livecue("check", text, "--json").json["diff"]
    assert "".join(c["text"] for c in changes if c["kind"] != "added") == text


def test_only_what_has_an_effect_is_allowed_and_only_once(livecue: Livecue):
    rule = "cn.absolute.superlative"
    refused = livecue("overrides", "add", rule, "最", "--reason", "x")
    assert (refused.code, refused.out) == (1, "")
    assert "does not object to “最” by itself" in refused.err
    add = ("overrides", "add", rule, "全网最好", "--text", BOAST, "--reason")
    ident = livecue(*add, "A prize.").out.split(":")[0]
    again = livecue(*add, "The same prize.")
    assert again.out.startswith(f"{ident}:")
    assert "allowed it already: A prize." in again.err
    assert "objects to “全网最好” again" in livecue("overrides", "withdraw", ident).out
    assert "violation:" in livecue("check", BOAST, "--jurisdiction", "CN").out


def test_withdrawing_names_what_still_allows_the_words(livecue: Livecue, lamp: str):
    add = ("overrides", "add", "cn.absolute.superlative", "全网最好", "--reason", "A prize.")
    ident = livecue(*add).out.split(":")[0]
    own = livecue(*add, "--product", lamp).out.split(":")[0]
    told = livecue("overrides", "withdraw", ident).out
    assert f"stays allowed for {lamp} by {own}" in told
    assert "again" not in told
    livecue("overrides", "withdraw", own)
