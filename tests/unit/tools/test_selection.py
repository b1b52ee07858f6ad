"""Candidates: whole sentences, ranked by appeal, each said once, with other pictures."""

from domain.recording import Highlight, Segment, SpeechTag, TaggedUtterance
from domain.stream import Utterance
from tools.selection import MOST_MS, select_candidates

PRICE, STYLE = SpeechTag.PRICE_PROMO, SpeechTag.STYLE


def said(text: str, start: int, end: int, *tags: SpeechTag, p: float = 0.9) -> TaggedUtterance:
    return TaggedUtterance(
        utterance=Utterance(start_ms=start, end_ms=end, text=text),
        tags=tags,
        scores=dict.fromkeys(tags, p),
    )


def segment(number: int, first: int, last: int, product: str | None = "mug") -> Segment:
    return Segment(
        number=number, start_ms=0, end_ms=1, first=first, last=last, product_id=product, title="t"
    )


def looks(*scores: float, each: int = 5_000) -> list[Highlight]:
    return [
        Highlight(start_ms=i * each, end_ms=(i + 1) * each, score=score, signals={})
        for i, score in enumerate(scores)
    ]


def test_the_better_looking_of_two_comes_first_and_lends_its_picture():
    tagged = [
        said("Tonight it is nineteen ninety.", 0, 4_000, PRICE),
        said("Look at the glaze.", 5_000, 9_000, STYLE),
        said("Two of them for thirty five, only here.", 10_000, 14_000, PRICE),
    ]
    found = select_candidates(tagged, [segment(1, 0, 3)], looks(0.1, 0.5, 0.9), most=5)
    assert [(c.tag, c.start_ms) for c in found] == [(STYLE, 5_000), (PRICE, 10_000), (PRICE, 0)]
    style, best, other = found
    assert best.appeal > other.appeal
    assert style.pictures == ()
    assert [p.start_ms for p in other.pictures] == [10_000]
    assert [p.start_ms for p in best.pictures] == [0]


def test_neighbours_with_the_tag_are_one_candidate_as_long_as_there_is_room():
    reasons = ["glaze", "handle", "lid", "weight", "colour", "box", "price", "gift", "feel"]
    tagged = [
        said(f"The {word} alone: {word * 3}!", n * 4_000, n * 4_000 + 3_900, PRICE)
        for n, word in enumerate(reasons)
    ]
    found = select_candidates(tagged, [segment(1, 0, 9)], [], most=9)
    assert all(c.end_ms - c.start_ms <= MOST_MS for c in found)
    assert len(found) > 1
    covered = sorted(index for c in found for index in c.utterances)
    assert len(covered) == len(set(covered))


def test_a_broken_sentence_is_completed_from_its_neighbours():
    tagged = [
        said("And with the code,", 0, 1_500),
        said("it is only nineteen", 1_600, 3_000, PRICE),
        said("ninety for you.", 3_100, 4_500),
        said("Next one.", 4_600, 5_500),
    ]
    [found] = select_candidates(tagged, [segment(1, 0, 4)], [], most=5)
    assert found.utterances == (0, 1, 2)
    assert found.text == "And with the code, it is only nineteen ninety for you."
    assert (found.start_ms, found.end_ms) == (0, 4_500)


def test_a_candidate_stays_within_its_segment():
    tagged = [
        said("still of the one before,", 0, 2_000, PRICE),
        said("now the other one is nine", 2_100, 4_000, PRICE),
    ]
    found = select_candidates(
        tagged, [segment(1, 0, 1, "mug"), segment(2, 1, 2, "bag")], [], most=5
    )
    assert sorted(c.utterances for c in found) == [(0,), (1,)]
    assert all(c.pictures == () for c in found)


def test_what_is_said_twice_is_offered_once_and_pictures_come_from_both():
    tagged = [
        said("今天直播间到手价只要一百二十九元。", 0, 4_000, PRICE, p=0.6),
        said("中间说点别的。", 5_000, 7_000),
        said("今天直播间到手价只要一百二十九元！", 10_000, 14_000, PRICE, p=0.95),
    ]
    one = [segment(1, 0, 3)]
    [found] = select_candidates(tagged, one, [], most=5)
    assert found.start_ms == 10_000
    two = [segment(1, 0, 2), segment(2, 2, 3)]
    assert len(select_candidates(tagged, two, [], most=5)) == 1
    strangers = [segment(1, 0, 2, "mug"), segment(2, 2, 3, "cup")]
    assert len(select_candidates(tagged, strangers, [], most=5)) == 2


def test_only_as_many_as_wanted_stay_of_a_tag_and_segment():
    texts = ["glaze so deep", "handle for big hands", "colour of moss", "weight in the palm"]
    tagged = [
        said(f"{text.capitalize()}.", n * 10_000, n * 10_000 + 4_000, STYLE)
        for n, text in enumerate(texts)
    ]
    found = select_candidates(tagged, [segment(1, 0, 4)], looks(0, 0, 1, 0, 0, 0), most=2)
    assert len(found) == 2
    assert found[0].start_ms == 10_000


def test_appeal_stays_between_zero_and_one():
    tagged = [said("Whole.", 0, 5_000, STYLE, p=1.0), said("short", 20_000, 20_100, STYLE, p=0.0)]
    found = select_candidates(tagged, [segment(1, 0, 2)], looks(1.0), most=5)
    assert [0 <= c.appeal <= 1 for c in found] == [True, True]
    assert found[0].appeal > 0.95
