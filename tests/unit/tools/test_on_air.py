"""Which product is on air, from what is said and shown up to a moment."""

from collections.abc import Sequence
from itertools import pairwise

import pytest

from domain.product import ProductDocument, ProductRecord, ProductStatus
from domain.stream import Comment, LogEntry, LogRow, ScreenLine, Utterance
from tools.on_air import OnAir, OnAirProduct

LINE_UP = [
    OnAirProduct("mug", ("Emberlow Kiln Mug", "kiln mug")),
    OnAirProduct("bag", ("Trailfin Daypack", "daypack")),
    OnAirProduct("cooker", ("米悦电饭煲", "电饭煲")),
]


def said(*texts: str, each_ms: int = 4000, product_id: str | None = None) -> list[LogEntry]:
    return entries(
        [
            Utterance(
                start_ms=i * each_ms, end_ms=(i + 1) * each_ms - 200, text=t, product_id=product_id
            )
            for i, t in enumerate(texts)
        ]
    )


def entries(rows: Sequence[LogRow]) -> list[LogEntry]:
    return [LogEntry(seq=seq, row=row) for seq, row in enumerate(rows, start=1)]


def following(log: Sequence[LogEntry]) -> OnAir:
    on_air = OnAir(LINE_UP)
    on_air.feed(log)
    return on_air


def test_nothing_is_on_air_before_a_product_is_named():
    on_air = following(said("hello everybody", "how was your week"))
    assert on_air.product_at(7000) is None
    assert OnAir(LINE_UP).product_at(0) is None


def test_a_named_product_stays_until_another_is():
    texts = ["here is the kiln mug", "it is warm", "it is round", "next, the daypack", "two straps"]
    on_air = following(said(*texts))
    assert [on_air.product_at(at) for at in (1000, 5000, 9000, 13_000, 17_000)] == [
        "mug", "mug", "mug", "bag", "bag",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "this goes really well with the daypack",
        "and later, the daypack",
        "待会儿再给大家讲电饭煲",
    ],
)
def test_goods_of_another_time_do_not_go_on_air(text: str):
    on_air = following(said("the kiln mug", "it holds a lot", text, "so drink up"))
    assert on_air.product_at(14_000) == "mug"


@pytest.mark.parametrize("text", ["来看这个店饭煲", "这个电饭锅，米悦电饭堡"])
def test_a_chinese_name_is_known_by_its_sound(text: str):
    assert following(said(text, "四升的")).product_at(5000) == "cooker"


def test_a_latin_name_is_known_with_a_slip():
    assert following(said("this is the Trailfinn day pack", "ok")).product_at(5000) == "bag"


def test_what_the_transcript_says_decides():
    on_air = following(said("the kiln mug is here", product_id="bag"))
    assert on_air.product_at(3000) == "bag"


def test_text_on_the_screen_counts_and_comments_do_not():
    rows: list[LogRow] = [
        Comment(start_ms=0, user="a", text="the kiln mug please"),
        ScreenLine(start_ms=2000, text="Trailfin Daypack"),
        Utterance(start_ms=3000, end_ms=5000, text="look at that"),
    ]
    assert following(entries(rows)).product_at(4000) == "bag"


def test_only_what_was_known_counts():
    log = said("the kiln mug", "so warm", "and now", "something for the road", "the daypack")
    whole = following(log)
    for count in range(1, len(log) + 1):
        part = following(log[:count])
        as_of = log[count - 1].row.end_ms
        for at in range(0, as_of, 1500):
            assert whole.product_at(at, as_of_ms=as_of) == part.product_at(at)
    assert whole.product_at(100, as_of_ms=50) is None


def test_spans_are_in_order_without_gaps_in_bounded_memory():
    mug = ["next, the kiln mug", "the kiln mug is warm", "round"]
    texts = [*mug, "next, the daypack", "the daypack has straps", "zips"] * 400
    on_air = following(said(*texts))
    spans = on_air.spans()
    assert all(a.end_ms == b.start_ms for a, b in pairwise(spans))
    assert {span.product_id for span in spans[1:]} == {"mug", "bag"}
    assert len(spans) < 1700
    assert on_air.product_at(spans[0].start_ms) == spans[0].product_id


def test_a_record_names_its_product():
    record = ProductRecord(name="Nimbus Blanket", selling_points=["glass beads inside"])
    document = ProductDocument(
        product_id="b1", version=1, status=ProductStatus.PUBLISHED, record=record
    )
    on_air = OnAir([*LINE_UP, OnAirProduct.from_document(document, ["cosy cloud"])])
    on_air.feed(said("my cosy cloud", "full of glass beads"))
    assert on_air.product_at(5000) == "b1"
