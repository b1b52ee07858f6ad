"""The words that code puts around facts sell nothing by themselves."""

import string

import pytest

from domain.errors import InvalidInput
from domain.language import LANGUAGES
from domain.product import Fact
from tools.compliance import RulePackLibrary, check_text
from tools.copy_frames import load_frames, read_frames
from tools.grounding import find_unsupported

PACKS = RulePackLibrary.shipped()


class Blank(dict[str, str]):
    """Fills every slot of a frame with a letter that means nothing."""

    def __missing__(self, key: str) -> str:
        return "X"


TONES = (None, "lively", "gentle", "expert")


def filled(lang: str, tone: str | None = None) -> list[tuple[str, str]]:
    """Every frame's key and its words."""
    frames = load_frames(lang, tone)
    spoken = [
        *frames.spoken.items(),
        *frames.chat.items(),
        *(("trouble", trouble.says) for trouble in frames.troubles),
        *(("spec", tuple(entry["says"])) for entry in read_frames("specs")[lang]),
    ]
    return [
        (key, string.Formatter().vformat(text, (), Blank()))
        for key, texts in spoken
        for text in texts
    ]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_there_are_many_ways_to_say_each_thing(lang: str) -> None:
    few = {
        key: len(texts)
        for key, texts in load_frames(lang).spoken.items()
        if len(set(texts)) < (3 if key.endswith(("_more", "_until")) else 6)
    }
    assert {key for key in few if not key.startswith("point_short")} == set()


@pytest.mark.parametrize("tone", TONES)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_frame_claims_anything_or_breaks_a_rule(lang: str, tone: str | None) -> None:
    lines = filled(lang, tone)
    assert len(lines) > 60
    certificate = Fact(field="certifications[0]", value="X")
    for key, line in lines:
        facts = [certificate] if key == "certificate" else []
        assert check_text(line, PACKS).findings == [], line
        assert find_unsupported(line.replace("X", ""), facts) == [], line


def test_both_languages_have_the_same_frames() -> None:
    english, chinese = load_frames("en"), load_frames("zh")
    assert english.spoken.keys() == chinese.spoken.keys()
    assert english.bullets.keys() == chinese.bullets.keys()
    assert english.chat.keys() == chinese.chat.keys()


@pytest.mark.parametrize(
    ("lang", "words", "first"),
    [
        ("en", "warm and calm", "Hello, it's lovely"),
        ("en", "专业一点", "Welcome. On the table"),
        ("zh", "lively", "来来来"),
        ("zh", "as a pirate", "大家好，欢迎来到直播间"),
    ],
)
def test_a_tone_is_known_by_its_words_in_both_languages(lang: str, words: str, first: str) -> None:
    assert load_frames(lang, words).spoken["opening"][0].startswith(first)


def test_a_tone_in_other_words_costs_no_memory() -> None:
    assert load_frames("en", "calm") is load_frames("en", "as calm as can be")
    assert load_frames("zh", "as a pirate") is load_frames("zh")


def test_a_language_without_frames_is_named() -> None:
    with pytest.raises(InvalidInput, match="`fr`"):
        load_frames("fr")
