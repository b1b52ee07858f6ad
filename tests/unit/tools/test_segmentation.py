import itertools
from collections.abc import Sequence

import numpy as np
import pytest

from domain.product import ProductDocument, ProductRecord, ProductStatus
from domain.recording import Segment, TaggedUtterance
from domain.recording import SpeechTag as T
from domain.settings import Segmenting
from domain.stream import ScreenLine
from models.embeddings import EmbeddedE5
from tests.fakes.tag_classifier import say
from tools.segmentation import find_segments
from tools.segmentation.cutting import Lengths, choose_borders

KETTLE = [
    (
        "So this is the Brenholt kettle, a gooseneck kettle for pour-over coffee.",
        (T.PRODUCT_INTRO,),
    ),
    ("The kettle holds nine hundred millilitres of water.", (T.SPECIFICATION,)),
    ("The spout of the kettle pours thin and slow.", (T.FUNCTION,)),
    ("Watch me fill the kettle and set it on the base.", (T.DEMO_USAGE,)),
    ("The kettle body is brushed steel, the handle is walnut.", (T.MATERIAL_CRAFT,)),
    ("It keeps the water hot for an hour on the base.", (T.FUNCTION,)),
    ("If you brew coffee at home this kettle is yours.", (T.AUDIENCE,)),
    ("The kettle is thirty-nine dollars today.", (T.PRICE_PROMO,)),
    ("Only fifty kettles left, go.", (T.CALL_TO_ACTION,)),
    ("Water spills from my old kettle every morning.", (T.PAIN_POINT,)),
    ("The kettle ships tomorrow with free returns.", (T.AFTER_SALES,)),
    ("Two thousand people brew coffee with this kettle.", (T.SOCIAL_PROOF,)),
]
SCARF = [
    ("All right, that's the kettle, next up is something for your neck.", (T.TRANSITION,)),
    ("This is the Wynmere scarf, a lambswool scarf for winter.", (T.PRODUCT_INTRO,)),
    ("The scarf is woven from soft lambswool in Scotland.", (T.MATERIAL_CRAFT,)),
    ("The scarf comes in moss, plum and sand.", (T.STYLE,)),
    ("Fold the scarf once and pull the ends through, like this.", (T.DEMO_USAGE,)),
    ("The wool does not itch on the neck.", (T.FUNCTION,)),
    ("Wear the scarf on cold walks or over a coat.", (T.SCENARIO,)),
    ("The scarf is two metres long.", (T.SPECIFICATION,)),
    ("The scarf is twenty-five dollars, ten off.", (T.PRICE_PROMO,)),
    ("The lambswool scarves are nearly gone.", (T.CALL_TO_ACTION,)),
    ("Wash the wool by hand in cold water.", (T.DEMO_USAGE,)),
    ("The scarf comes in a gift box.", (T.GIFT_BONUS,)),
]
LAMP = [
    ("好，围脖讲完了，我们来看下一款。", (T.TRANSITION,)),
    ("这个是栖光台灯，一款护眼学习台灯。", (T.PRODUCT_INTRO,)),
    ("台灯的灯光分五档，光线很柔和。", (T.FUNCTION,)),
    ("台灯底座是实木的，灯罩是铝的。", (T.MATERIAL_CRAFT,)),
    ("我把台灯打开，你们看这个灯光。", (T.DEMO_USAGE,)),
    ("孩子写作业用这个台灯眼睛不累。", (T.BENEFIT,)),
    ("台灯高四十厘米，重一点二公斤。", (T.SPECIFICATION,)),
    ("今天台灯只要一百二十九。", (T.PRICE_PROMO,)),
    ("台灯就剩三十盏了，赶紧拍。", (T.CALL_TO_ACTION,)),
    ("台灯坏了两年内免费换新。", (T.AFTER_SALES,)),
    ("灯光不闪，拿手机拍给你们看。", (T.DEMO_USAGE,)),
    ("这款台灯卖了两万多盏了。", (T.SOCIAL_PROOF,)),
]


def broadcast(*parts: Sequence[tuple[str, tuple[T, ...]]]) -> list[TaggedUtterance]:
    lines = [line for part in parts for line in part]
    return [say(5000 * at, text, *tags) for at, (text, tags) in enumerate(lines)]


def product(product_id: str, name: str, category: str) -> ProductDocument:
    return ProductDocument(
        product_id=product_id,
        version=1,
        status=ProductStatus.PUBLISHED,
        record=ProductRecord(name=name, category=category),
    )


LINE_UP = [
    product("kettle", "Brenholt Kettle", "kettle"),
    product("scarf", "Wynmere Scarf", "scarf"),
]


def segments(
    utterances: Sequence[TaggedUtterance], products: Sequence[ProductDocument] = ()
) -> list[Segment]:
    return find_segments(utterances, products=products, embedder=EmbeddedE5())


@pytest.mark.models
def test_a_turn_ends_where_the_host_moves_on():
    found = segments(broadcast(KETTLE, SCARF))
    assert [(one.first, one.last) for one in found] == [(0, 12), (12, 24)]
    assert [one.number for one in found] == [1, 2]


@pytest.mark.models
def test_chinese_turns_are_found_too():
    found = segments(broadcast(LAMP, [("好，台灯先到这里，接下来看水杯。", (T.TRANSITION,)), *CUP]))
    assert [one.first for one in found] == [0, 12]


CUP = [
    ("这是渡口保温杯，一款钛内胆的水杯。", (T.PRODUCT_INTRO,)),
    ("水杯的内胆是纯钛的，杯盖不漏水。", (T.MATERIAL_CRAFT,)),
    ("我把水杯倒过来，一滴水都没有。", (T.DEMO_USAGE,)),
    ("水杯五百毫升，杯身很轻。", (T.SPECIFICATION,)),
    ("上班带着水杯，热水喝到下午。", (T.SCENARIO,)),
    ("水杯今天八十九，送一个杯套。", (T.PRICE_PROMO, T.GIFT_BONUS)),
    ("杯盖拧开就能喝，杯口不烫嘴。", (T.FUNCTION,)),
    ("杯子只剩二十个了。", (T.CALL_TO_ACTION,)),
    ("水杯摔坏了包换。", (T.AFTER_SALES,)),
    ("杯子有三个颜色。", (T.STYLE,)),
    ("买过水杯的都回来买第二个杯子。", (T.SOCIAL_PROOF,)),
]


@pytest.mark.models
def test_turns_cover_all_that_was_said_without_gaps():
    said = broadcast(KETTLE, SCARF, LAMP)
    found = segments(said)
    assert found[0].first == 0
    assert found[-1].last == len(said)
    assert found[-1].end_ms == said[-1].utterance.end_ms
    for before, after in itertools.pairwise(found):
        assert (before.last, before.end_ms) == (after.first, after.start_ms)


@pytest.mark.models
@pytest.mark.parametrize("count", [1, 2, 3])
def test_a_recording_of_a_few_sentences_is_one_turn(count: int):
    [found] = segments(broadcast(KETTLE[:count]))
    assert (found.first, found.last) == (0, count)


@pytest.mark.models
def test_talk_of_one_thing_is_one_turn():
    assert len(segments(broadcast(KETTLE))) == 1
    assert len(segments(broadcast(KETTLE[:1]))) == 1
    assert segments([]) == []


@pytest.mark.models
def test_the_product_of_the_line_up_gives_the_title():
    found = segments(broadcast(KETTLE, SCARF), LINE_UP)
    assert [(one.product_id, one.title) for one in found] == [
        ("kettle", "Brenholt Kettle"),
        ("scarf", "Wynmere Scarf"),
    ]


@pytest.mark.models
def test_without_a_product_the_title_is_in_the_hosts_words():
    (kettle, scarf) = segments(broadcast(KETTLE, SCARF))
    assert kettle.product_id is None
    assert "kettle" in kettle.title
    assert "scarf" in scarf.title
    assert len(scarf.title) <= 61


@pytest.mark.models
def test_goods_of_no_turn_are_not_forced_on_one():
    (lamp,) = segments(broadcast(LAMP[1:]), LINE_UP)
    assert lamp.product_id is None


@pytest.mark.models
def test_jumps_lead_to_where_a_tag_is_surest():
    said = broadcast(KETTLE)
    weaker = say(60_000, "And about forty dollars, roughly.", T.PRICE_PROMO)
    weaker = weaker.model_copy(update={"scores": weaker.scores | {T.PRICE_PROMO: 0.6}})
    (found,) = segments([*said, weaker])
    jumps = {jump.tag: jump for jump in found.jumps}
    assert jumps[T.PRICE_PROMO].utterance == 7
    assert jumps[T.PRICE_PROMO].at_ms == said[7].utterance.start_ms
    assert jumps[T.PRICE_PROMO].text == said[7].utterance.text
    assert T.GREETING not in jumps
    assert [jump.at_ms for jump in found.jumps] == sorted(jump.at_ms for jump in found.jumps)


@pytest.mark.models
def test_the_setting_decides_how_finely_is_cut():
    said = broadcast(KETTLE, SCARF)
    coarse = Segmenting(bias=-50)
    found = find_segments(said, products=(), embedder=EmbeddedE5(), settings=coarse)
    assert len(found) == 1


@pytest.mark.models
def test_cards_tell_the_product_where_the_host_does_not():
    said = broadcast([("Look at this.", ()), ("Lovely, isn't it?", ()), ("So soft.", ())])
    cards = [ScreenLine(start_ms=at, text="Wynmere Scarf $25") for at in (0, 4000, 9000)]
    (found,) = find_segments(
        said, products=LINE_UP, embedder=EmbeddedE5(), cards=cards, cuts_ms=[5000]
    )
    assert found.product_id == "scarf"


LENGTHS = Lengths(shortest=60, longest=300, cost=1.5)


def places(count: int, step: float = 30) -> list[float]:
    return [step * at for at in range(count)]


def test_borders_are_taken_where_the_odds_are_for_them():
    odds = np.full(12, -4.0)
    odds[6] = 2.0
    assert choose_borders(odds, places(12), 360, LENGTHS) == [6]
    odds[6] = -0.5
    assert choose_borders(odds, places(12), 360, LENGTHS) == []


def test_of_borders_close_together_the_likelier_is_taken():
    odds = np.full(12, -4.0)
    odds[5], odds[6] = 1.0, 1.2
    assert choose_borders(odds, places(12), 360, LENGTHS) == [6]


def test_too_long_a_turn_is_cut_where_it_is_least_unlikely():
    odds = np.full(100, -3.0)
    odds[48] = -0.5
    assert choose_borders(odds, places(100), 3000, LENGTHS) == [48]
    assert choose_borders(odds[:60], places(60, 5), 300, LENGTHS) == []


@pytest.mark.parametrize("count", [1, 2])
def test_the_shortest_recordings_are_one_turn(count: int):
    assert choose_borders(np.full(count, -4.0), places(count), 60, LENGTHS) == []
