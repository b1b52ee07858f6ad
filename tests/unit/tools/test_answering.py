"""Does a passage answer a question: ranking, answerability, and what the caller may pass in."""

from collections.abc import Sequence
from time import perf_counter

import numpy as np
import pytest

from models.embeddings import EmbeddedE5
from tools.questions.answer_signs import COLUMNS, read_signs
from tools.questions.answering import AnswerRanker, without_names
from tools.questions.passage_reading import label_of, read_passage

RECORD = [
    "list price: 49",
    "live price: 35.5",
    "promotion: free brush with two",
    "colours: Fern",
    "colours: Chalk",
    "Fern 2 L: 14",
    "Chalk 2 L: 0",
    "weight: 1.2 kg",
    "material: enamelled steel",
    "usage: not for the dishwasher",
    "shipping: leaves Bremen within two days",
    "returns warranty: 30 days to send it back",
    "returns warranty: 5 years against rust",
]
SAID = [
    "Evening everyone, nice to see so many of you.",
    "It boils two litres in about six minutes on gas.",
    "Somebody wants to know if it whistles.",
    "It does whistle, and you can flip the whistle up at night.",
    "Last winter we had it at twenty nine.",
    "Right, I am taking it down to thirty one, refresh the page.",
    "Whether it works on induction I don't know, let me ask the maker.",
]
RECORD_ZH = [
    "live price: 269",
    "容量: 3L",
    "重量: 2.1kg",
    "材质: 304不锈钢",
    "usage: 不可放入洗碗机",
    "shipping: 宁波仓，48小时内发货",
    "returns warranty: 7天无理由退货",
    "returns warranty: 电机质保三年",
]


@pytest.fixture(scope="module")
def ranker() -> AnswerRanker:
    ranker = AnswerRanker(EmbeddedE5())
    ranker.warm([*RECORD, *RECORD_ZH])
    return ranker


def best(ranker: AnswerRanker, question: str, passages: Sequence[str]) -> str:
    return passages[int(np.argmax(ranker.odds(question, passages)))]


@pytest.mark.models
@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("how much is it rn", "live price: 35.5"),
        ("is it heavy??", "weight: 1.2 kg"),
        ("can i put it in the dishwasher", "usage: not for the dishwasher"),
        ("any chalk left", "Chalk 2 L: 0"),
        ("fern 2l still there?", "Fern 2 L: 14"),
        ("can i send it back", "returns warranty: 30 days to send it back"),
        ("how long is the warranty", "returns warranty: 5 years against rust"),
        ("多久发货", "shipping: leaves Bremen within two days"),
        ("这个多重", "weight: 1.2 kg"),
    ],
)
def test_the_field_that_answers_comes_first(ranker: AnswerRanker, question: str, answer: str):
    assert best(ranker, question, RECORD) == answer


@pytest.mark.models
@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("能放几升", "容量: 3L"),
        ("能用洗碗机洗不", "usage: 不可放入洗碗机"),
        ("坏了保几年", "returns warranty: 电机质保三年"),
        ("不想要了可以退吗", "returns warranty: 7天无理由退货"),
        ("how heavy is it", "重量: 2.1kg"),
        ("is it stainless steel", "材质: 304不锈钢"),
    ],
)
def test_a_chinese_record_is_asked_in_both_languages(
    ranker: AnswerRanker, question: str, answer: str
):
    assert best(ranker, question, RECORD_ZH) == answer


@pytest.mark.models
def test_the_host_answers_and_a_repeated_question_does_not(ranker: AnswerRanker):
    before = ["", *SAID[:-1]]
    odds = ranker.odds("does it whistle", SAID, before)
    assert SAID[int(odds.argmax())].startswith("It does whistle")
    assert odds[2] < odds[3]


@pytest.mark.models
@pytest.mark.parametrize(
    "question", ["is it made in portugal", "can i engrave my name", "有儿童款吗", "送茶叶吗"]
)
def test_what_nobody_told_has_low_odds(ranker: AnswerRanker, question: str):
    assert ranker.odds(question, RECORD).max() < 0.5


@pytest.mark.models
def test_odds_tell_an_answer_from_a_miss(ranker: AnswerRanker):
    told = ranker.odds("how much does it weigh", RECORD).max()
    untold = ranker.odds("does it have a thermometer", RECORD).max()
    assert told > 0.7
    assert untold < told - 0.3


@pytest.mark.models
def test_vectors_of_the_caller_are_used(ranker: AnswerRanker):
    embedder = EmbeddedE5()
    question = "is it heavy??"
    given = ranker.odds(
        question,
        RECORD,
        query=embedder.embed_queries([question])[0],
        vectors=embedder.embed_passages(RECORD),
    )
    assert np.allclose(given, ranker.odds(question, RECORD), atol=0.02)
    shuffled = embedder.embed_passages(RECORD[::-1])
    assert not np.allclose(given, ranker.odds(question, RECORD, vectors=shuffled), atol=0.02)


@pytest.mark.models
def test_two_hundred_passages_are_weighed_quickly(ranker: AnswerRanker):
    passages = [f"part {n}: {n} cm of cotton" for n in range(200)]
    ranker.warm(passages)
    query = EmbeddedE5().embed_queries(["how long is part 7"])[0]
    times: list[float] = []
    for _ in range(9):
        began = perf_counter()
        ranker.odds("how long is part 7", passages, query=query)
        times.append(perf_counter() - began)
    assert min(times) < 0.025  # 5 ms on an idle core


@pytest.mark.models
def test_nothing_to_rank(ranker: AnswerRanker):
    assert ranker.odds("how much", []).shape == (0,)


@pytest.mark.models
def test_contexts_and_vectors_must_be_as_many_as_passages(ranker: AnswerRanker):
    with pytest.raises(ValueError, match="1 contexts for 2 passages"):
        ranker.odds("how much", RECORD[:2], ["before"])
    with pytest.raises(ValueError, match="1 vectors for 2 passages"):
        ranker.odds("how much", RECORD[:2], vectors=np.zeros((1, 384), np.float32))


@pytest.mark.parametrize(
    ("question", "names", "rest"),
    [
        ("how loud is the Zephyr One blender", ["Zephyr One", "blender"], "how loud is the"),
        ("山岚保温壶多少钱", ["山岚玻璃保温壶"], "多少钱"),
        ("the blender?", ["blender"], "the blender?"),
        ("how heavy", [], "how heavy"),
    ],
)
def test_names_of_the_product_are_left_out(question: str, names: list[str], rest: str):
    assert without_names(question, names) == rest


def sign(question: str, texts: Sequence[str], name: str) -> list[float]:
    return [round(float(value), 3) for value in read_signs(question, texts)[:, COLUMNS.index(name)]]


def test_signs_tell_one_variant_from_another():
    texts = ["Fern 42: 3", "Fern 44: 0", "weight: 42 g"]
    assert sign("fern in forty four", texts, "number in label") == [0, 1, 0]
    assert sign("fern in forty four", texts, "other number in label") == [1, 0, 0]


def test_signs_reach_across_languages():
    texts = ["sole: rubber", "weight: 200 g"]
    first, second = sign("鞋底滑吗", texts, "translated words shared")
    assert first > 0.3
    assert second == 0


def test_returns_and_warranty_are_told_apart_by_what_they_say():
    assert "warranty" in read_passage("returns warranty: 5 years warranty").label_fields
    assert "returns" not in read_passage("returns warranty: 5 years warranty").label_fields
    assert read_passage("returns warranty: unworn, tags on").label_fields == {"returns"}


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("weight: 280 g", "weight"),
        ("重量: 2kg", "重量"),
        ("It starts at 12:30 sharp.", ""),
        ("Hi all, one thing: it leaks.", "Hi all, one thing"),
        ("好，我说一句: 别急", ""),
        ("plain words", ""),
    ],
)
def test_labels(text: str, label: str):
    assert label_of(text) == label
