"""Reading facts by code out of tables, labels, prices and plain words, English and Chinese."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from domain.evidence import OTHER_GOODS, Evidence, Passage
from domain.extraction import ExtractedFact
from domain.product import SetAside
from tools.extraction.asking import as_field, is_question
from tools.extraction.columns import read_tables
from tools.extraction.cues import is_advert, is_commercial, is_talk, split_topics, topic_of
from tools.extraction.dating import date_facts
from tools.extraction.directives import find_directive
from tools.extraction.facts import found_in
from tools.extraction.price_terms import find_price_terms
from tools.extraction.prices import find_prices
from tools.extraction.properties import (
    find_answer,
    find_certifications,
    find_properties,
    read_labelled,
    read_property,
)
from tools.extraction.sentences import Sentence, read_sentences
from tools.extraction.takebacks import find_takebacks
from tools.extraction.titles import read_title
from tools.extraction.variants import find_variants

_SIGNS = " ，,。.！!？?；;~、"
_SHORTEST = 4
"""Code points below which a clause such as 不能 only answers someone."""

_SHORTEST_LEFT = 6
_FEWEST_WORDS = 2
_NO_POINT = re.compile(
    r"\b(?:effective \d|replaces all|(?:technical|data|spec\w*) sheet|certificate|certified"
    r"|tested to|valid until|what can i|absolutely not|give or take|it is \w+$|it gets$)"
    r"|清单$|零售$|证书|检测",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Reading:
    """What code could read, and the sentences that it could place nowhere (`rest`)."""

    facts: list[ExtractedFact]
    set_aside: list[SetAside]
    rest: list[Evidence]


def extract_facts(passages: Sequence[Passage]) -> Reading:
    """Everything that rules can read in `passages`, each fact with the sentence that says it.

    Orders to the assistant, lines that someone wants said on air, adverts and customers' reviews
    are set aside unread. What code cannot place is left in `rest`, questions excepted.
    """
    set_aside = [
        SetAside(text=passage.text, file=passage.file, reason=passage.aside)
        for passage in passages
        if passage.aside is not None
    ]
    passages = [passage for passage in passages if passage.aside is None]
    tables = read_tables(passages)
    facts = tables.facts
    if not any(fact.field == "name" for fact in facts):
        facts += read_title(passages)
    for remark, product in tables.remarks:
        said = _read(remark)[0] if find_directive(remark.text) is None else []
        facts += [fact.model_copy(update={"product": product}) for fact in said]
    rest: list[Evidence] = []
    advert_of: str | None = None
    said = [*tables.sentences, *read_sentences(passages)]
    for sentence in said:
        reason = find_directive(sentence.evidence.quote)
        if sentence.first:
            advert_of = None
        if reason is None and (advert_of or is_advert(sentence.evidence.quote)):
            advert_of, reason = sentence.passage.text, OTHER_GOODS
        if reason is not None:
            set_aside.append(
                SetAside(text=sentence.evidence.quote, file=sentence.passage.file, reason=reason)
            )
            continue
        found, left = _read(sentence)
        facts += found
        if not found and not sentence.is_question and sentence.meaning.field != "note":
            rest.append(sentence.evidence)
        rest += [sentence.passage.evidence(clause) for clause in left if found]
    known = {(fact.field, fact.evidence.quote) for fact in facts}
    facts += [
        fact
        for fact in find_takebacks(said, facts)
        if (fact.field, fact.evidence.quote) not in known
    ]
    return Reading(facts, set_aside, rest)


def name_goods(passages: Sequence[Passage]) -> list[str]:
    """Names and brands that tables and labelled lines among `passages` give, as written."""
    found = extract_facts(passages).facts
    named = [fact.value for fact in found if fact.field == "name"]
    listed = [fact.product for fact in found if fact.product]
    brands = [fact.value for fact in found if fact.field == "brand"]
    return list(dict.fromkeys([*named, *listed, *brands]))


def _read(sentence: Sentence) -> tuple[list[ExtractedFact], list[str]]:
    """What a sentence says, and those of its clauses that no rule could place."""
    if sentence.is_question or sentence.passage.heading:
        return [], []
    if is_talk(sentence.text) and not sentence.label:
        return [], []
    if answered := find_answer(sentence):
        return answered, []
    if sentence.under and not sentence.label:
        return read_property(sentence, sentence.under, sentence.text), []
    facts = find_prices(sentence)
    facts += find_price_terms(sentence, facts)
    facts += find_variants(sentence)
    facts += find_certifications(sentence)
    labelled = read_labelled(sentence)
    if labelled:
        return _distinct(facts + labelled), []
    if sentence.label and sentence.meaning.field not in (None, "note"):
        return _distinct(facts), []
    measured = find_properties(sentence)
    facts += measured
    left: list[str] = []
    clauses = [] if measured else split_topics(sentence.text)
    for clause, topic in clauses:
        if topic is not None and len(clause.strip(_SIGNS)) >= _SHORTEST:
            facts.append(found_in(sentence, topic, clause))
        elif topic is None and len(clause.strip(_SIGNS)) >= _SHORTEST_LEFT:
            left.append(clause.strip(_SIGNS))
    field = as_field(sentence.topic) if sentence.topic and not facts else None
    if field is not None and len(sentence.text.strip(_SIGNS)) >= _SHORTEST:
        return [found_in(sentence, field, sentence.text)], []
    return _distinct(facts), left if len(clauses) > 1 else []


def _distinct(facts: list[ExtractedFact]) -> list[ExtractedFact]:
    return list({(fact.field, fact.key, fact.value.casefold()): fact for fact in facts}.values())


def is_point(text: str) -> bool:
    """Whether `text` may be a selling point: says something, and neither asks nor chats."""
    bare = text.strip(_SIGNS)
    han = len(re.findall(r"[\u3400-\u9fff]", bare))
    enough = han >= _SHORTEST if han else len(bare.split()) >= _FEWEST_WORDS
    if not enough or bare.isupper() or _NO_POINT.search(bare):
        return False
    return not is_question(text) and not is_talk(text)


__all__ = [
    "Reading",
    "date_facts",
    "extract_facts",
    "is_commercial",
    "is_point",
    "is_talk",
    "name_goods",
    "topic_of",
]
