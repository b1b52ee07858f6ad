"""In a chat the editor says how clips are cut, in the asker's language."""

import pytest

from agents.editor import Editor


@pytest.mark.parametrize(
    ("request_text", "lang", "parts"),
    [
        ("cut me a 45 s clip", "en", ["can't cut video from this chat", "--seconds 45"]),
        ("剪一条十五秒的视频", "zh", ["不能剪视频", "livecue clip", "15秒"]),
        ("add subtitles", "en", ["30 seconds"]),
    ],
)
def test_it_says_what_it_cannot_do_and_offers_what_it_can(
    request_text: str, lang: str, parts: list[str]
) -> None:
    reply = Editor().reply(request_text, lang)
    assert reply.status == "not_available"
    assert reply.lang == lang
    assert all(part in reply.text for part in parts)


def test_an_unknown_language_is_answered_in_english() -> None:
    assert Editor().reply("schneide das", "de").lang == "en"
