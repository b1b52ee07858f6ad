import pytest

from domain.progress import Progress
from domain.recording import SpeechTag as T
from domain.settings import Settings
from tests.fakes.tag_classifier import TagClassifier
from tools.tagging import CARRIED, Tagger, load_tagger


def test_tags_are_what_is_likely_enough_and_the_likeliest_comes_first():
    told = {"both": {T.STYLE: 0.6, T.BENEFIT: 0.9, T.FUNCTION: CARRIED - 0.01}}
    (found,) = Tagger(lambda: TagClassifier(told)).tag(["both"])
    assert found.tags == (T.BENEFIT, T.STYLE)
    assert set(found.scores) == set(T)
    assert found.by == "classifier"


def test_a_blank_text_carries_nothing_and_is_not_asked_about():
    classifier = TagClassifier({"hi": {T.GREETING: 0.9}})
    found = Tagger(lambda: classifier).tag(["", "hi", "  \n"])
    assert [one.tags for one in found] == [(), (T.GREETING,), ()]
    assert classifier.asked == [["hi"]]


def test_texts_go_in_batches_and_progress_counts_them():
    classifier = TagClassifier()
    told: list[Progress] = []
    found = Tagger(lambda: classifier).tag([f"text {n}" for n in range(150)], progress=told.append)
    assert len(found) == 150
    assert max(map(len, classifier.asked)) <= 64
    assert (told[-1].done, told[-1].total) == (150, 150)


def test_a_cancelled_run_ends_after_the_batch_in_hand():
    classifier = TagClassifier()
    texts = [f"text {n}" for n in range(150)]
    found = Tagger(lambda: classifier).tag(texts, cancelled=lambda: bool(classifier.asked))
    assert len(found) == 64


def test_nothing_is_loaded_before_the_first_text():
    def load() -> TagClassifier:
        raise AssertionError("loaded")

    assert Tagger(load).tag([]) == []


@pytest.fixture(scope="module")
def tagger() -> Tagger:
    return load_tagger(Settings())


@pytest.mark.models
@pytest.mark.parametrize(
    ("text", "tag"),
    [
        ("Good evening everyone, welcome to the stream, so glad you could make it.", T.GREETING),
        ("大家晚上好，欢迎来到我们的直播间。", T.GREETING),
        ("If you can hear me, type a one in the chat for me.", T.ENGAGEMENT),
        ("喜欢的扣个一，没点关注的点点关注。", T.ENGAGEMENT),
        ("Alright, that's it for the kettle, let's move on to the next item.", T.TRANSITION),
        ("好，这款讲完了，我们来看下一款。", T.TRANSITION),
        ("Twenty-nine dollars today, and there's a five dollar coupon on top.", T.PRICE_PROMO),
        ("平时一百二十九，今天直播间只要六十九块九。", T.PRICE_PROMO),
        ("Only thirty left, go now before they're gone.", T.CALL_TO_ACTION),
        ("就剩最后二十单了，赶紧去拍。", T.CALL_TO_ACTION),
        ("Thirty-day returns, and we cover the postage both ways.", T.AFTER_SALES),
        ("七天无理由退换，运费险我们都买好了。", T.AFTER_SALES),
        ("It's forty centimetres wide and weighs two point one kilos.", T.SPECIFICATION),
        ("长四十厘米，宽三十厘米，重量一点二公斤。", T.SPECIFICATION),
        ("My neighbour bought one in May and came back for four more.", T.SOCIAL_PROOF),
        ("老客户都回购三四次了，好评几千条。", T.SOCIAL_PROOF),
    ],
)
def test_what_hosts_do_is_told_in_both_languages(tagger: Tagger, text: str, tag: T):
    (found,) = tagger.tag([text])
    assert tag in found.tags


@pytest.mark.models
@pytest.mark.parametrize(
    ("text", "not_tag"),
    [
        ("Let me drink some water, my throat is gone.", T.CALL_TO_ACTION),
        ("等一下啊，我喝口水。", T.CALL_TO_ACTION),
        ("Hello, puss, hello, get down from there.", T.PRICE_PROMO),
        ("The view up there was priceless, honestly.", T.PRICE_PROMO),
        ("这个是无糖的，配料表很干净。", T.PRICE_PROMO),
    ],
)
def test_a_key_word_in_passing_does_not_count(tagger: Tagger, text: str, not_tag: T):
    (found,) = tagger.tag([text])
    assert not_tag not in found.tags


@pytest.mark.models
def test_a_text_is_judged_by_itself(tagger: Tagger):
    text = "只要六十九块九，今天下单还送两双袜子。"
    alone = tagger.tag([text])[0]
    among = tagger.tag(["大家好", text, "let me drink some water"])[1]
    assert alone.tags == among.tags
    assert alone.scores == pytest.approx(among.scores, abs=0.02)
