import pytest

from domain.lexicon import (
    broader_concepts,
    find_claims,
    find_fields,
    find_terms,
    is_negated,
    translate_terms,
)


def concepts(text: str) -> list[tuple[str, str]]:
    return [(term.cls, term.concept) for term in find_terms(text)]


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        ("Navy Blue", "藏青色"),
        ("moss green", "苔绿色"),
        ("XL", "XL码"),
        ("304 stainless steel", "304不锈钢"),
        ("made in Italy", "意大利"),
        ("dishwasher safe", "可用洗碗机"),
        ("free shipping", "包邮"),
        ("refunds", "退款"),
        ("sensitive skin", "敏感肌"),
    ],
)
def test_both_languages_name_one_concept(english: str, chinese: str):
    assert concepts(english) == concepts(chinese) != []


@pytest.mark.parametrize(
    "text",
    [
        "contact us",
        "redeem",
        "5 L bottle",
        "IT'S",
        "蓝牙音箱",
        "红包",
        "明白了",
        "防紫外线",
        "口红",
    ],
)
def test_a_word_inside_another_is_no_term(text: str):
    assert [term for term in find_terms(text) if term.cls in ("colour", "size", "country")] == []


def test_the_longest_form_wins_and_spans_are_exact():
    text = "the Rose Gold one, not red"
    terms = find_terms(text)
    assert [(text[t.start : t.end], t.concept) for t in terms] == [
        ("Rose Gold", "rose_gold"),
        ("red", "red"),
    ]


def test_a_shade_is_its_colour_and_not_the_other_way_round():
    assert "blue" in broader_concepts("colour", "navy")
    assert "navy" not in broader_concepts("colour", "blue")


@pytest.mark.parametrize(
    ("text", "negated"),
    [
        ("Not dishwasher safe", True),
        ("Do not tumble dry", True),
        ("请勿机洗", True),
        ("不可用洗碗机清洗", True),
        ("Dishwasher safe", False),
        ("Not for kids. Machine wash", False),
        ("可机洗", False),
    ],
)
def test_a_denial_is_seen_in_its_clause(text: str, negated: bool):
    assert is_negated(text, find_terms(text)[-1]) is negated


@pytest.mark.parametrize(
    ("text", "claims"),
    [
        ("the best gift, hurry!", {"superlative", "gift", "scarcity"}),
        ("限时优惠，全网最低价", {"scarcity", "discount", "superlative"}),
        ("最后三件", set[str]()),
        ("FDA approved", {"proof"}),
    ],
)
def test_claims_are_seen(text: str, claims: set[str]):
    assert {claim.cls for claim in find_claims(text)} == claims


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("how much is it", "price"),
        ("怎么卖", "price"),
        ("什么时候发货", "shipping"),
        ("净含量", "weight"),
        ("Country of origin", "origin"),
        ("can I send it back", "returns"),
    ],
)
def test_field_words_name_what_is_asked(text: str, kind: str):
    assert kind in {term.concept for term in find_fields(text)}


@pytest.mark.parametrize(
    ("value", "lang", "said"),
    [
        ("Red", "zh", "红色"),
        ("Moss, Cream White", "zh", "苔绿色、奶油白"),
        ("350 ml or 500 ml", "zh", "350毫升或500毫升"),
        ("95%棉", "en", "95% cotton"),
        ("三年", "en", "3 years"),
        ("Hand wash only", "zh", None),
        ("Ships from Ohio", "zh", None),
    ],
)
def test_only_closed_classes_are_translated(value: str, lang: str, said: str | None):
    assert translate_terms(value, lang) == said
