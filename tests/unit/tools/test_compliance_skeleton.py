"""The skeleton: disguises read as the wording, and every place leads back to the original."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.compliance import fold_text
from tools.compliance.skeleton import trace_skeleton


@pytest.mark.parametrize(
    ("text", "skeleton"),
    [
        ("ＢＥＳＴ", "best"),
        ("最.好", "最好"),
        ("最 💛 好", "最好"),
        ("最\u200b\ufe0f好", "最好"),
        ("第①", "第1"),
        ("第❶", "第1"),
        ("第1️⃣", "第1"),
        ("國家級", "国家级"),
        ("蕞好", "最好"),
        ("薇信", "微信"),
        ("V❤", "v信"),
        ("🅥🅧", "vx"),
        ("b.e.s.t", "best"),
        ("c u r e s", "cures"),
        ("cu*res", "cures"),
        ("Сures", "cures"),
        ("best  selling", "best selling"),
        ("don’t", "don't"),
        ("5~7 days", "5-7 days"),
        ("1,299.00", "1,299.00"),
        ("50% off", "50% off"),
        ("me@shop.com", "me@shop.com"),
    ],
)
def test_disguises_read_as_the_wording(text: str, skeleton: str) -> None:
    assert fold_text(text).text == skeleton


def test_sentence_punctuation_stays() -> None:
    assert fold_text("排在最后，好的。").text == "排在最后,好的。"


def test_a_span_leads_back_to_the_original() -> None:
    text = "看,这是 最 . 好 的"
    folded = fold_text(text)
    start = folded.text.index("最好")
    a, b = folded.original(start, start + 2)
    assert text[a:b] == "最 . 好"


@given(st.text(max_size=80))
def test_spans_are_in_order_and_inside_the_text(text: str) -> None:
    folded = fold_text(text)
    assert len(folded.text) == len(folded.spans)
    last = 0
    for start, end in folded.spans:
        assert last <= start < end <= len(text)
        last = start


@given(
    st.text(
        alphabet=st.sampled_from(
            "最好的微V vab.c-d_*~'\"，。！\n\t03❤💓薇🔟Ａ①½(|疒氵\u200bßİé國%+"
        ),
        max_size=30,
    )
)
def test_the_quick_passes_and_the_traced_ones_agree(text: str) -> None:
    assert fold_text(text).text == trace_skeleton(text).text
