"""Briefs in plain words, English and Chinese: what code reads, what a model adds, what is told."""

import pytest

from agents.editor import Editor
from domain.clip_brief import ClipBrief
from domain.outputs import BriefItem, BriefItems
from domain.recording import SpeechTag
from models.prompts import PromptLibrary
from tests.fakes.scripted_chat import ScriptedChat

T = SpeechTag


async def read(text: str) -> ClipBrief:
    return await Editor().read_brief(text, products=[("mug", "Kiln Mug")])


@pytest.mark.parametrize(
    "text",
    ["30 s, petite women, no price, upbeat", "30秒，适合小个子女生，别提价格，欢快一点"],
)
async def test_the_brief_of_the_issue_is_understood_in_both_languages(text: str):
    brief = await read(text)
    assert brief.seconds == 30
    assert brief.unwanted == (T.PRICE_PROMO,)
    assert brief.audience in (("petite women",), ("小个子女生",))
    assert (brief.theme, brief.bgm) == ("bold", "upbeat")
    assert brief.not_understood == ()
    assert all(one.quote in text for one in brief.understood)


@pytest.mark.parametrize(
    ("text", "field", "value"),
    [
        ("a minute, please", "seconds", 60),
        ("15秒竖屏", "aspect", "9:16"),
        ("square, 20 seconds", "aspect", "1:1"),
        ("横屏", "aspect", "16:9"),
        ("three different versions", "variants", 3),
        ("来三条", "variants", 3),
        ("show the demo and the reviews", "wanted", (T.DEMO_USAGE, T.SOCIAL_PROOF)),
        ("多讲面料", "wanted", (T.MATERIAL_CRAFT,)),
        ("价格不要提", "unwanted", (T.PRICE_PROMO,)),
        ("don't mention shipping", "unwanted", (T.AFTER_SALES,)),
        ("no music", "bgm", None),
        ("不加字幕", "subtitles", False),
        ("中英双语字幕", "second_language", "en"),
        ("about the Kiln Mug", "product_id", "mug"),
        ("elegant", "theme", "boutique"),
    ],
)
async def test_each_constraint_is_read(text: str, field: str, value: object):
    brief = await read(text)
    assert getattr(brief, field) == value
    assert brief.not_understood == ()


async def test_what_is_unwanted_wins_and_a_number_is_brought_within_what_there_is():
    brief = await read("show the price, but no price, 900 seconds")
    assert brief.unwanted == (T.PRICE_PROMO,)
    assert brief.wanted == ()
    assert brief.seconds == 180
    assert any("900" in one for one in brief.not_understood)


async def test_what_nobody_understands_is_told():
    brief = await read("20 s, make it smell like rain")
    assert brief.seconds == 20
    assert brief.not_understood == ("make it smell like rain",)


async def test_the_words_go_before_what_was_given_beside_them():
    base = ClipBrief(seconds=45, aspect="4:5", wanted=(T.STYLE,))
    brief = await Editor().read_brief("20 s", base=base)
    assert (brief.seconds, brief.aspect, brief.wanted) == (20, "4:5", (T.STYLE,))


async def test_a_model_reads_the_rest_and_only_quotes():
    items = BriefItems(
        items=[
            BriefItem(quote="keep it gloomy", kind="tone", value="cool"),
            BriefItem(quote="words that are not there", kind="unwanted", value="price_promo"),
            BriefItem(quote="smelling of rain", kind="wanted", value="scent"),
        ]
    )
    chat = ScriptedChat([items])
    editor = Editor(chat, PromptLibrary())
    brief = await editor.read_brief("20 s, keep it gloomy, smelling of rain")
    assert (brief.theme, brief.bgm) == ("night", "groove")
    assert brief.unwanted == ()
    assert brief.not_understood == ("smelling of rain",)
    assert {one.by for one in brief.understood if one.kind == "theme"} == {"model"}


async def test_no_model_is_asked_where_code_has_read_everything():
    chat = ScriptedChat([])
    await Editor(chat, PromptLibrary()).read_brief("30 s, petite women, no price, upbeat")
    assert chat.asked == []
