import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fakes.comment_pages import (
    BLUE,
    GOLD,
    GREY,
    PITCH,
    SAID,
    SIZE,
    WHITE,
    Ink,
    Page,
    inline,
    said,
    stack,
)
from tools.comments import recognize
from tools.comments.notices import is_interface, is_notice, is_price, is_tail


@pytest.mark.parametrize("colon", [": ", "： ", "  "])
def test_a_row_parts_into_user_and_text_with_a_colon_or_by_colour(colon: str):
    page = Page()
    inline(page, colon=colon)
    assert said(page.shot()) == SAID


def test_a_colon_parts_where_colours_are_alike():
    page = Page()
    for number, (user, text) in enumerate(SAID):
        page.write(20, 600 + 1.9 * SIZE * number, (f"{user}: {text}", WHITE))
    assert said(page.shot()) == SAID


def test_wrapped_rows_are_joined_with_a_blank_but_not_in_chinese():
    page = Page()
    page.write(20, 600, ("Ana: ", BLUE), ("is it waterproof? I walk my dogs", WHITE))
    page.write(20, 600 + PITCH, ("in the rain every single day of the", WHITE))
    page.write(20, 600 + 2 * PITCH, ("year", WHITE))
    page.write(20, 615 + 3 * PITCH, ("mike.t: ", BLUE), ("身高160体重120穿什么，平", WHITE))
    page.write(20, 615 + 4 * PITCH, ("时穿L码", WHITE))
    page.write(20, 630 + 5 * PITCH, ("KofiB: ", BLUE), ("ok", WHITE))
    assert [text for _, text in said(page.shot())] == [
        "is it waterproof? I walk my dogs in the rain every single day of the year",
        "身高160体重120穿什么，平时穿L码",
        "ok",
    ]


@pytest.mark.parametrize("ink", [GREY, GOLD, WHITE])
def test_a_user_stands_above_the_text(ink: Ink):
    page = Page()
    stack(page, ink=ink)
    assert said(page.shot()) == SAID


def test_times_are_no_part_of_a_name():
    page = Page()
    stack(
        page, [("Ana 12:45", "how much is it?"), ("mike.t 12:46", "love this"), ("JT", "ok then")]
    )
    assert said(page.shot()) == [
        ("Ana", "how much is it?"),
        ("mike.t", "love this"),
        ("JT", "ok then"),
    ]


def test_masked_names_need_neither_colon_nor_colour():
    page = Page()
    for number, text in enumerate(["t**3 how much is it", "a**k 3号链接", "j**y: 46码有吗"]):
        page.write(20, 600 + 1.9 * SIZE * number, (text, WHITE))
    assert said(page.shot()) == [
        ("t**3", "how much is it"),
        ("a**k", "3号链接"),
        ("j**y", "46码有吗"),
    ]


def test_what_the_platform_says_is_no_comment():
    page = Page()
    inline(page)
    page.write(20, 600 + 1.9 * SIZE * 3, ("Leo joined", GOLD))
    page.write(20, 600 + 1.9 * SIZE * 4, ("Mia: ", BLUE), ("sent Rose x5", WHITE))
    page.write(20, 600 + 1.9 * SIZE * 5, ("Zoe: ", BLUE), ("me too", WHITE))
    page.write(40, 900, ("Add comment...", GREY))
    reading = page.shot()
    assert said(reading) == [*SAID, ("Zoe", "me too")]
    assert recognize(reading, 60, 600 + 1.9 * SIZE * 3 + 10).text is None
    assert recognize(reading, 90, 910).text is None


def test_a_product_card_below_the_list_is_no_comment():
    page = Page()
    inline(page)
    page.panel((16, 735, 330, 850), WHITE)
    page.write(100, 745, ("Steel kettle 1.7 L", (30, 30, 30)), size=18)
    page.write(100, 785, ("$39.00", (220, 40, 40)), size=20)
    page.write(250, 815, ("Buy", (220, 40, 40)), size=18)
    reading = page.shot()
    assert said(reading) == SAID
    for x, y in ((150, 755), (120, 795), (40, 790)):
        assert recognize(reading, x, y).text is None


def test_print_on_goods_is_no_list_of_comments():
    page = Page(width=1280, height=720)
    for number, text in enumerate(
        ["Packing list", "Harness: 1", "Size: M", "Colour: Forest green", "Checked by: Tess"]
    ):
        page.write(60, 300 + PITCH * number, (text, WHITE))
    assert said(page.shot()) == []


def test_what_stands_centred_does_not_fly():
    page = Page(width=1280, height=720)
    for number, (x, text) in enumerate(
        [(520, "三层防漏设计"), (490, "食品级三零四不锈钢"), (548, "终身质保")]
    ):
        page.write(x, 300 + 1.5 * PITCH * number, (text, WHITE))
    assert said(page.shot()) == []


def test_rules_over_several_rows_are_no_comment():
    page = Page()
    inline(page)
    rules = [
        "Welcome to live chat! Remember to guard",
        "your privacy and abide by our",
        "guidelines.",
    ]
    for number, text in enumerate(rules):
        page.write(20, 600 + 1.9 * SIZE * 3 + PITCH * number, (text, WHITE))
    reading = page.shot()
    assert said(reading) == SAID
    assert recognize(reading, 60, 600 + 1.9 * SIZE * 3 + PITCH + 10).text is None


def test_a_number_may_begin_a_name():
    rows = [("88steps", "how much is it?"), ("007", "love this"), ("Ana", "does it come in black")]
    page = Page()
    inline(page, rows=rows)
    assert said(page.shot()) == rows


def test_times_after_the_text_are_no_part_of_it():
    page = Page()
    for number, (user, text) in enumerate(SAID):
        top = 600 + 1.9 * SIZE * number
        page.write(20, top, (f"{user} ", BLUE), (text, WHITE), (f"13:1{number}:07", GREY))
    assert said(page.shot()) == SAID


def test_a_list_without_colons_in_a_side_panel_does_not_fly():
    page = Page(width=1280, height=720)
    rows = [*SAID, ("Zoe", "me too"), ("Big Al", "is it heavy"), ("Rita", "ok then")]
    for number, (user, text) in enumerate(rows):
        page.write(960, 200 + 2 * SIZE * number, (f"{user}  ", GREY), (text, WHITE))
    assert said(page.shot()) == rows


def test_words_in_the_scene_are_no_comments():
    page = Page()
    inline(page)
    page.write(60, 160, ("NEW ARRIVALS", WHITE), size=48)
    page.write(250, 260, ("Genuine leather", GOLD), size=34)
    reading = page.shot()
    assert said(reading) == SAID
    assert recognize(reading, 100, 185).text is None
    assert recognize(reading, 300, 420).text is None


def test_a_click_between_two_offers_both_the_nearer_first():
    page = Page()
    stack(page)
    reading = page.shot()
    first, second = reading.comments[:2]
    found = recognize(reading, 80, (first.box[3] + second.box[1]) / 2 - 1)
    assert [one.text for one in found.alternatives] == [first.text, second.text]
    assert found.text == first.text


def test_a_click_beside_a_list_is_on_nothing():
    page = Page()
    inline(page)
    reading = page.shot()
    assert recognize(reading, 520, 610).text is None
    assert recognize(reading, 60, 500).text is None


@pytest.mark.parametrize("angle", [-6.0, 4.0])
def test_a_turned_frame_is_read_as_well(angle: float):
    page = Page(turned=angle)
    inline(page, rows=[*SAID, ("Mei Ling", "what's the material"), ("JT", "ok")])
    reading = page.shot()
    assert reading.angle == pytest.approx(angle, abs=0.2)
    assert said(reading) == [*SAID, ("Mei Ling", "what's the material"), ("JT", "ok")]
    for comment in reading.comments:
        line = comment.lines[0]
        x, y = np.mean(line.quad, axis=0)
        assert recognize(reading, float(x), float(y)).text == comment.text


def test_flying_comments_have_no_user_and_part_at_wide_gaps():
    page = Page(1280, 720)
    page.write(500, 20, ("love this", WHITE))
    page.write(90, 60, ("price?           the blue one is so pretty", WHITE))
    page.write(700, 60, ("where are you from", WHITE))
    page.write(330, 100, ("is it heavy", WHITE))
    page.write(900, 140, ("first time here", GOLD))
    page.write(200, 400, ("MADE IN ITALY", WHITE), size=60)
    reading = page.shot()
    assert reading.layout.kind == "flying"
    assert {text for _, text in said(reading)} == {
        "love this",
        "price?",
        "the blue one is so pretty",
        "where are you from",
        "is it heavy",
        "first time here",
    }
    assert recognize(reading, 100, 70).text == "price?"
    assert recognize(reading, 400, 70).text == "the blue one is so pretty"
    assert recognize(reading, 300, 420).text is None


def test_a_frame_without_text_has_no_comments():
    reading = Page().shot()
    assert reading.comments == ()
    assert reading.layout.kind == "none"
    assert recognize(reading, 10, 10).text is None


WORDS = ["how much is it?", "love this", "does it come in black", "1 please", "is it heavy", "ok!"]


@settings(deadline=None, max_examples=25)
@given(
    texts=st.lists(st.sampled_from(WORDS), min_size=3, max_size=9, unique=True),
    gap=st.floats(1.7, 2.6),
    across=st.floats(0.02, 0.98),
    stacked=st.booleans(),
)
def test_a_click_inside_a_comment_gives_it(
    texts: list[str], gap: float, across: float, stacked: bool
):
    page = Page()
    names = [f"user_{'abcdefghij'[i]}" for i in range(len(texts))]
    for number, (user, text) in enumerate(zip(names, texts, strict=True)):
        top = 300 + (gap + 1.25 * stacked) * SIZE * number
        if stacked:
            page.write(60, top, (user, GREY))
            page.write(60, top + 1.25 * SIZE, (text, WHITE))
        else:
            page.write(60, top, (f"{user}: ", BLUE), (text, WHITE))
    reading = page.shot()
    assert said(reading) == list(zip(names, texts, strict=True))
    for comment in reading.comments:
        for line in comment.lines:
            x0, y0, x1, y1 = line.box
            found = recognize(reading, x0 + across * (x1 - x0), (y0 + y1) / 2)
            assert (found.user, found.text) == (comment.user, comment.text)


@pytest.mark.parametrize(
    "line",
    [
        "Leo joined",
        "Ana has joined the live",
        "琪琪 来了",
        "欢迎 小鱼儿 加入直播间",
        "老刘 送出 小心心 x3",
        "KofiB sent Rose x5",
        "t**3 正在去买",
        "Rina telah bergabung",
        "João entrou",
        "Luz se ha unido",
        "23 people are buying",
    ],
)
def test_notices_are_known(line: str):
    assert is_notice(line)


@pytest.mark.parametrize(
    "line",
    ["关注了，什么时候发货？", "来了吗", "送运费险吗", "I joined last week, is it still on?", "1"],
)
def test_what_viewers_say_is_no_notice(line: str):
    assert not is_notice(line)
    assert not is_tail(line)


def test_who_comes_says_so_after_a_colon():
    assert is_tail("来了")
    assert not is_tail("来了", after_colon=True)
    assert is_tail("送出 小心心 x3", after_colon=True)


@pytest.mark.parametrize(
    "line", ["说点什么...", "Say something…", "Follow", "去抢购", "Live chat", "Add to cart"]
)
def test_hints_headers_and_buttons_are_known(line: str):
    assert is_interface(line)


@pytest.mark.parametrize(
    "line", ["$39.00", "¥129", "到手价 ¥129", "Rp 25.000", "1.299 €", "89.9元"]
)
def test_prices_are_known(line: str):
    assert is_price(line)
    assert not is_price(f"{line} 贵不贵")
