"""Reading facts by code out of tables, labels, prices and plain words, English and Chinese."""

from collections.abc import Sequence
from dataclasses import dataclass

from domain.evidence import Evidence, Passage
from domain.extraction import ExtractedFact
from domain.product import SetAside
from tools.extraction.columns import read_tables
from tools.extraction.cues import is_advert, is_commercial, is_talk, split_topics, topic_of
from tools.extraction.directives import find_directive
from tools.extraction.facts import found_in
from tools.extraction.prices import find_prices
from tools.extraction.properties import find_certifications, find_properties, read_labelled
from tools.extraction.sentences import Sentence, read_sentences
from tools.extraction.variants import find_variants

ADVERT = "an advert for other goods"


@dataclass(frozen=True, slots=True)
class Reading:
    """What code could read, and the sentences that it could place nowhere (`rest`)."""

    facts: list[ExtractedFact]
    set_aside: list[SetAside]
    rest: list[Evidence]


def extract_facts(passages: Sequence[Passage]) -> Reading:
    """Everything that rules can read in `passages`, each fact with the sentence that says it.

    Orders to the assistant, lines that someone wants said on air, and marked adverts are set aside
    unread. Questions and what code cannot place are left in `rest` (questions excepted).
    """
    facts, sentences = read_tables(passages)
    set_aside: list[SetAside] = []
    rest: list[Evidence] = []
    advert_of: str | None = None
    for sentence in [*sentences, *read_sentences(passages)]:
        reason = find_directive(sentence.evidence.quote)
        if sentence.first:
            advert_of = None
        if reason is None and (advert_of or is_advert(sentence.evidence.quote)):
            advert_of, reason = sentence.passage.text, ADVERT
        if reason is not None:
            set_aside.append(
                SetAside(text=sentence.evidence.quote, file=sentence.passage.file, reason=reason)
            )
            continue
        found = _read(sentence)
        facts += found
        if not found and not sentence.is_question and sentence.meaning.field != "note":
            rest.append(sentence.evidence)
    return Reading(facts, set_aside, rest)


def _read(sentence: Sentence) -> list[ExtractedFact]:
    if sentence.is_question or (is_talk(sentence.text) and not sentence.label):
        return []
    facts = find_prices(sentence)
    facts += find_variants(sentence)
    facts += find_certifications(sentence)
    labelled = read_labelled(sentence)
    if labelled:
        return _distinct(facts + labelled)
    if sentence.label and sentence.meaning.field not in (None, "note"):
        return _distinct(facts)
    measured = find_properties(sentence)
    facts += measured
    if not measured:
        facts += [
            found_in(sentence, topic, clause)
            for clause, topic in split_topics(sentence.text)
            if topic is not None
        ]
    return _distinct(facts)


def _distinct(facts: list[ExtractedFact]) -> list[ExtractedFact]:
    return list({(fact.field, fact.key, fact.value.casefold()): fact for fact in facts}.values())


__all__ = ["ADVERT", "Reading", "extract_facts", "is_commercial", "is_talk", "topic_of"]
