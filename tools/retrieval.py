"""Deciding, without a model, whether a record answers a question, and from which facts."""

import re
from collections.abc import Sequence

import numpy as np

from domain.language import detect_language
from domain.lexicon import find_terms
from domain.product import Fact, ProductDocument
from models.embeddings import Embedder
from tools.questions.asides import asks_beside
from tools.questions.decision import BY_WORDS, LIKELY, Decision
from tools.questions.entities import decide_entity
from tools.questions.lookup import conflict_of, facts_of, is_spec, spec_name
from tools.questions.odds import AnswersQuestion
from tools.questions.reading import QuestionReading, content_words, covered
from tools.questions.refusals import find_refusal
from tools.questions.similarity import (
    choose_similar,
    passage_text,
    rank_similar,
    wants_unnamed,
    warm_passages,
)
from tools.questions.variants import decide_variant, offers
from tools.variant_words import find_meant

__all__ = ["Decision", "decide", "warm_passages"]

# These are fields of the record or closed lists: where they are empty, the record is silent, and
# a merely similar sentence must not stand in for them.
_HARD = frozenset(
    {
        "price", "promotion", "gift", "stock", "colour", "size", "fit", "material", "shipping",
        "returns", "warranty", "origin", "brand", "certification", "shelf_life", "weight",
        "capacity", "battery", "power",
    }
)  # fmt: skip
_TOLD_BY_FIELD = (
    "name",
    "brand",
    "category",
    "currency",
    "variants.stock",
    "list_price",
    "live_price",
)
"""Fields that are found by what a question asks for, never by likeness."""
_CASES = (
    re.compile(r"\b(?:once|after|when|if) (?:it(?:'s| is) )?open(?:ed|ing)?\b|开封|拆封|开盖"),
    re.compile(r"\bupstairs\b|\binstall(?:ed|ation|ing)?\b|上楼|安装费|上门"),
    re.compile(r"\b(?:spare|replacement|extra) (?:one|part|cup|lid|set)\b|单独(?:买|卖|配)|另外买"),
    re.compile(r"\bengrav|\bgift[- ]wrap|\bcustom|定制|刻字|礼品包装"),
)
"""Cases of which a fact has to speak itself: the shelf life is not that of an opened one."""
_BY_SIZE = frozenset({"weight", "dimensions", "package"})
_TOLD_APART = frozenset({"price", "stock"})
"""Kinds whose facts are numbers alone, which the odds say little of."""
_NEARLY = 0.15
"""A second fact that is nearly as likely to answer is told too."""
_DOUBTED, _OVERRULES, _UNLIKELY = 0.35, 0.6, 0.2
_MOST_FACTS = 3
_WHOLE_LISTS = frozenset({"price", "colour", "size", "stock", "material", "ingredients"})
_ORIGINAL = ("original", "rrp", "原价", "list price", "was")


def decide(
    question: str,
    document: ProductDocument,
    embedder: Embedder,
    *,
    min_similarity: float = 0.8,
    min_margin: float = 0.02,
    other_goods: Sequence[str] = (),
    ranker: AnswersQuestion | None = None,
    min_odds: float = 0.6,
) -> Decision:
    """Whether `document` answers `question`.

    Field and entity look-up by the bilingual lexicon comes first, then shared words, then meaning
    (e5 cosine). `min_similarity` is the floor of that cosine and `min_margin` the lead that the
    best fact must have; with a `ranker` its odds decide instead, from `min_odds` on, also where a
    field of its own is missing. `other_goods` are names of further products: what is asked about
    them is not answered from this record. Nothing in the question is ever followed as an
    instruction: it only selects facts.
    """
    reading = QuestionReading(_without_name(question, document))
    refusal = find_refusal(reading, document, other_goods)
    if refusal is not None:
        return refusal
    beside = ranker is not None and asks_beside(reading, document)
    decision = None if beside else decide_variant(reading, document)
    decision = decision or decide_entity(reading, document)
    if decision is None and beside and ranker is not None:
        decision = _by_odds(reading, _told_by_meaning(document), ranker, min_odds)
    elif decision is None:
        facts = facts_of(reading.kind, document)
        if facts and _is_of_another_case(reading, facts):
            decision = _unanswerable(reading, "the field is of another case")
        elif facts and not _answers(reading, facts) and ranker is not None:
            decision = _by_odds(reading, facts, ranker, min_odds)
        elif facts and not _answers(reading, facts):
            decision = Decision(
                status="unanswerable",
                kind=reading.kind,
                yes_no=True,
                reason="the field does not speak of the particular",
            )
        elif facts:
            decision = _from_field(reading, facts, embedder)
            if _is_of_another_size(reading, decision, document):
                decision = Decision(
                    status="unanswerable",
                    kind=reading.kind,
                    yes_no=reading.yes_no,
                    reason="the measure is not given for that size",
                )
        elif ranker is not None:
            decision = _by_odds(reading, _told_by_meaning(document), ranker, min_odds)
        elif reading.kind in _HARD:
            decision = Decision(
                status="unanswerable",
                kind=reading.kind,
                yes_no=reading.yes_no,
                reason="no such field",
            )
        else:
            decision = _by_meaning(reading, document, embedder, min_similarity, min_margin)
    if ranker is not None:
        decision = _as_likely(decision, reading, document, ranker)
    conflict = conflict_of(decision.kind, decision.facts, document)
    if conflict is not None:
        return decision.model_copy(
            update={"status": "conflict", "conflict": conflict, "polarity": None}
        )
    return decision


def _without_name(question: str, document: ProductDocument) -> str:
    """The question without the product's own name: a thermal mug is no question about heat."""
    name = document.record.name
    if not name:
        return question
    rest = re.sub(re.escape(name), " ", question, flags=re.IGNORECASE)
    return rest if re.search(r"\w", rest) else question


def _is_of_another_size(
    reading: QuestionReading, decision: Decision, document: ProductDocument
) -> bool:
    """Whether a measure is asked of one of several variants, and the facts are not of that one."""
    if decision.kind not in _BY_SIZE and decision.kind != "open":
        return False
    variants = document.record.variants
    said = " ".join(f"{fact.field} {fact.value}" for fact in decision.facts)
    listed = [one for one in (variants.sizes, variants.colours, [*variants.stock]) if len(one) > 1]
    for values in listed:
        asked, told = find_meant(reading.text, values), find_meant(said, values)
        if asked and told and len(asked) < len(values) and not set(asked) & set(told):
            return True
    sizes = facts_of("size", document)
    if decision.kind not in _BY_SIZE or len(sizes) < 2:
        return False
    named = [q for q in reading.quantities if any(offers(size.value, q) for size in sizes)]
    return bool(named) and not all(offers(said, quantity) for quantity in named)


def _answers(reading: QuestionReading, facts: list[Fact]) -> bool:
    """Whether a field speaks of what a yes-no question asks in particular.

    `Does it support wireless charging` is not answered by a fact about charging alone. Whole lists
    answer by themselves, and so does a record in the other language, whose words cannot meet.
    """
    said = " ".join(fact.value for fact in facts)
    particulars = reading.particulars
    if reading.kind == "shipping":  # "today?" is answered by when it is sent
        times = " ".join(t.text for t in find_terms(reading.text) if t.cls == "time")
        particulars -= content_words(times)
    if not reading.yes_no or reading.kind in _WHOLE_LISTS or not particulars:
        return True
    if detect_language(said) != detect_language(reading.text):
        return True
    names = " ".join(spec_name(fact) for fact in facts if is_spec(fact))
    return covered(particulars, f"{names} {said}") > 0


def _from_field(reading: QuestionReading, facts: list[Fact], embedder: Embedder) -> Decision:
    chosen = tuple(facts)
    if reading.kind == "price":
        chosen = _prices(reading, facts)
    elif reading.kind not in _WHOLE_LISTS:
        chosen = rank_similar(reading, facts, embedder, _MOST_FACTS)
    return Decision(
        status="answerable",
        kind=reading.kind,
        facts=chosen,
        asked=tuple(term.text for term in reading.terms),
        yes_no=reading.yes_no,
        reason="field",
    )


def _prices(reading: QuestionReading, facts: list[Fact]) -> tuple[Fact, ...]:
    """The price of the variant that is meant, else the live price.

    Where the question asks for the list price, that one first and the live price after it.
    """
    own = {spec_name(fact): fact for fact in facts if is_spec(fact)}
    meant = find_meant(reading.text, list(own))
    if meant:
        return tuple(own[name] for name in meant)
    facts = [fact for fact in facts if not is_spec(fact)] or facts
    lowered = reading.text.lower()
    if any(word in lowered for word in _ORIGINAL):
        return tuple(sorted(facts, key=lambda fact: fact.field != "list_price"))
    has_live = any(fact.field == "live_price" for fact in facts)
    return tuple(fact for fact in facts if not (has_live and fact.field == "list_price"))


def _told_by_meaning(document: ProductDocument) -> list[Fact]:
    return [fact for fact in document.facts() if not fact.field.startswith(_TOLD_BY_FIELD)]


def _is_of_another_case(reading: QuestionReading, facts: Sequence[Fact]) -> bool:
    """Whether a question asks of a case (`once opened`, `carried upstairs`) that no fact is of."""
    said = " ".join(f"{fact.field} {fact.value}" for fact in facts).lower()
    asked = reading.text.lower()
    return any(case.search(asked) and not case.search(said) for case in _CASES)


def _unanswerable(reading: QuestionReading, reason: str) -> Decision:
    return Decision(status="unanswerable", kind=reading.kind, yes_no=reading.yes_no, reason=reason)


def _by_odds(
    reading: QuestionReading, facts: Sequence[Fact], ranker: AnswersQuestion, min_odds: float
) -> Decision:
    """The fact that most likely answers, where it is likely enough."""
    texts = [passage_text(fact) for fact in facts]
    odds = ranker.odds(reading.text, texts)
    best = int(np.argmax(odds)) if facts else 0
    is_likely = bool(facts) and float(odds[best]) >= min_odds and not wants_unnamed(reading, texts)
    second = [
        fact
        for fact, odd in zip(facts, odds, strict=True)
        if fact is not facts[best] and float(odd) >= max(min_odds, float(odds[best]) - _NEARLY)
    ]
    return Decision(
        status="answerable" if is_likely else "unanswerable",
        kind=reading.kind,
        facts=(facts[best], *second[:1]) if is_likely else (),
        yes_no=reading.yes_no,
        reason="likely" if is_likely else "no fact is likely to answer",
        similarity=round(float(odds[best]), 4) if facts else None,
    )


def _as_likely(
    decision: Decision, reading: QuestionReading, document: ProductDocument, ranker: AnswersQuestion
) -> Decision:
    """What shared words decided, unless the odds are clearly against it.

    Where another fact is much likelier to answer, that one does; where none is, nothing does.
    """
    if (
        decision.status != "answerable"
        or decision.reason not in BY_WORDS - {LIKELY}
        or decision.kind in _TOLD_APART
    ):
        return decision
    facts = [*_told_by_meaning(document)]
    facts += [fact for fact in decision.facts if fact not in facts]
    odds = ranker.odds(reading.text, [passage_text(fact) for fact in facts])
    own = max(float(odds[facts.index(fact)]) for fact in decision.facts)
    best = int(np.argmax(odds))
    if own < _DOUBTED and float(odds[best]) >= _OVERRULES:
        return Decision(
            status="answerable",
            kind=decision.kind,
            facts=(facts[best],),
            yes_no=reading.yes_no,
            reason=LIKELY,
            similarity=round(float(odds[best]), 4),
        )
    foreign = detect_language(decision.facts[0].value) != detect_language(reading.text)
    if own < (_UNLIKELY / 2 if foreign else _UNLIKELY):
        return _unanswerable(reading, "no fact is likely to answer")
    return decision.model_copy(update={"similarity": round(own, 4)})


def _by_meaning(
    reading: QuestionReading,
    document: ProductDocument,
    embedder: Embedder,
    min_similarity: float,
    min_margin: float,
) -> Decision:
    choice = choose_similar(
        reading, document, embedder, min_similarity=min_similarity, min_margin=min_margin
    )
    if choice is None:
        return Decision(
            status="unanswerable",
            kind=reading.kind,
            yes_no=reading.yes_no,
            reason="no fact stands out",
        )
    return Decision(
        status="answerable",
        kind=reading.kind,
        facts=choice.facts,
        yes_no=reading.yes_no,
        reason=choice.how,
        similarity=round(choice.similarity, 4),
    )
