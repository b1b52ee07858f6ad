from dataclasses import replace

import pytest

from tests.fakes.comment_pages import (
    BLUE,
    GOLD,
    GREY,
    PITCH,
    SAID,
    SIZE,
    WHITE,
    Page,
    inline,
    said,
    stack,
)
from tools.comments import recognize
from tools.comments.notices import is_foot, is_notice


def test_a_subtitle_far_above_does_not_tell_where_comments_wrap():
    page = Page()
    page.write(20, 400, ("and this one comes in three more colours", WHITE))
    page.write(20, 600, ("Ana: ", BLUE), ("is it waterproof? I walk", WHITE))
    page.write(20, 600 + PITCH, ("my dogs", WHITE))
    inline_below = [("mike.t", "love this"), ("KofiB", "ok")]
    for number, (user, text) in enumerate(inline_below):
        page.write(20, 620 + 2 * PITCH + 1.9 * SIZE * number, (user + ": ", BLUE), (text, WHITE))
    assert said(page.shot()) == [("Ana", "is it waterproof? I walk my dogs"), *inline_below]


@pytest.mark.parametrize("text", ["any coupon codes", "where do I find the coupon", "flash sale?"])
def test_a_viewer_may_speak_of_coupons(text: str):
    page = Page()
    inline(page, colon="  ", rows=[*SAID, ("Zoe", text)])
    assert said(page.shot()) == [*SAID, ("Zoe", text)]


def test_age_and_reply_beneath_a_comment_are_no_part_of_it():
    page = Page()
    for number, (user, text) in enumerate(SAID):
        top = 500 + 5 * SIZE * number
        page.write(60, top, (user, GREY))
        page.write(60, top + 1.25 * SIZE, (text, WHITE))
        page.write(60, top + 2.5 * SIZE, (f"{number + 1}m Reply", GREY), size=16)
    assert said(page.shot()) == SAID


@pytest.mark.parametrize(
    "line", ["7m Reply", "Reply", "3小时前 回复", "16m,Reply", "2h Reply 4 likes"]
)
def test_what_stands_beneath_comments_is_known(line: str):
    assert is_foot(line)
    assert not is_foot(f"{line} please")


def test_letters_on_pictures_are_no_part_of_names():
    page = Page()
    for number, (user, text) in enumerate(SAID):
        top = 560 + 3.4 * SIZE * number
        page.write(20, top + 0.6 * SIZE, (user[0].upper(), GOLD))
        page.write(60, top, (user, GREY))
        page.write(60, top + 1.25 * SIZE, (text, WHITE))
    assert said(page.shot()) == SAID


def test_what_is_pinned_ends_where_its_row_does():
    page = Page()
    page.write(60, 560, ("Pinned: orders ship on Monday", GOLD))
    rows = [("Zoe", "me too"), *SAID]
    stack(page, rows=rows, top=560 + 1.7 * SIZE)
    assert said(page.shot()) == rows


def test_a_name_ends_at_a_gap_where_no_blank_was_read():
    page = Page()
    inline(page, colon="  ", rows=[*SAID, ("Zoe", "me too"), ("Rita", "heavy")])
    page.lines[-1] = replace(page.lines[-1], text="Ritaheavy")
    assert said(page.shot())[-1] == ("Rita", "heavy")


@pytest.mark.parametrize(
    "line", ["Tash bought thisitem", "KofiB joinedthe live", "Mia sharedthe LIVE"]
)
def test_notices_are_known_where_words_run_together(line: str):
    assert is_notice(line)


def test_a_bar_to_type_in_is_no_comment_though_it_has_two_colours():
    page = Page()
    inline(page, colon="  ")
    page.write(24, 600 + 1.9 * SIZE * 4, ("Say ", BLUE), ("something", WHITE))
    reading = page.shot()
    assert said(reading) == SAID
    assert recognize(reading, 60, 610 + 1.9 * SIZE * 4).text is None
