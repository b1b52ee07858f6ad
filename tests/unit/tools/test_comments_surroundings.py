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
from tools.comments.notices import is_foot, is_notice, is_price


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


def test_print_of_the_scene_between_rows_does_not_part_a_comment_from_its_rest():
    page = Page()
    page.panel((2, 600 + 0.55 * PITCH, 62, 600 + 1.4 * PITCH), (240, 240, 235))
    page.write(6, 600 + 0.62 * PITCH, ("LUNA", (150, 30, 40)), size=20)
    page.write(70, 600, ("Ana: ", BLUE), ("is it waterproof? I walk my dogs", WHITE))
    page.write(70, 600 + PITCH, ("in the rain", WHITE))
    page.write(70, 620 + 2 * PITCH, ("mike.t: ", BLUE), ("love this so very much, really", WHITE))
    page.write(70, 640 + 3 * PITCH, ("KofiB: ", BLUE), ("ok", WHITE))
    reading = page.shot()
    assert said(reading) == [
        ("Ana", "is it waterproof? I walk my dogs in the rain"),
        ("mike.t", "love this so very much, really"),
        ("KofiB", "ok"),
    ]
    assert recognize(reading, 90, 600 + 1.2 * PITCH).user == "Ana"


@pytest.mark.parametrize("club", ["暖家人13", "小蟹包 15", "Bears7"])
def test_a_club_of_any_name_stands_before_the_user(club: str):
    page = Page()
    for number, (user, text) in enumerate(SAID):
        top = 600 + 1.9 * SIZE * number
        page.panel((16, top - 2, 120, top + 1.1 * SIZE), (215, 70, 110))
        page.write(22, top + 2, (club, WHITE), size=16)
        page.write(126, top, (f"{user}: ", BLUE), (text, WHITE))
    assert said(page.shot()) == SAID


def test_a_comment_whose_name_cannot_be_read_is_told_without():
    page = Page()
    rows = [("z**n", "how big"), ("s**2", "love it"), ("", "is it in stock"), ("m**y", "ok")]
    for number, (user, text) in enumerate(rows):
        top = 600 + 2.2 * SIZE * number
        if user:
            page.write(20, top, (f"{user}: ", BLUE), (text, WHITE))
        else:
            page.write(86, top, (text, WHITE))
    assert said(page.shot()) == [(user or None, text) for user, text in rows]


@pytest.mark.parametrize("text", ["$39.99 $78.00", "¥39.9 ¥78", "$1290 62454", "¥99起"])
def test_a_price_with_the_one_before_is_a_price(text: str):
    assert is_price(text)


@pytest.mark.parametrize("text", ["is it $5", "$5 each?", "¥39买的"])
def test_a_word_about_a_price_is_none(text: str):
    assert not is_price(text)


def test_between_two_lanes_of_flying_comments_both_are_offered():
    page = Page(width=1280, height=720)
    rows = [(640, "does it work with that"), (90, "worth every penny"), (300, "how loud is it")]
    for lane, (left, text) in enumerate(rows):
        page.write(left, 100 + 1.6 * SIZE * lane, (text, WHITE))
        page.write(left + 90, 420 + 1.6 * SIZE * lane, (text[::-1], WHITE))
    reading = page.shot()
    assert reading.layout.kind == "flying"
    got = recognize(reading, 305, 100 + 1.6 * SIZE + 1.4 * SIZE)
    assert {comment.text for comment in got.alternatives} == {rows[1][1], rows[2][1]}
