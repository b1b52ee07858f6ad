"""Whether a phrased answer may go on air: on its facts, on the question, in the language."""

import re
from collections.abc import Sequence

from domain.language import detect_language
from domain.lexicon import find_fields, find_terms, is_negated
from domain.product import Fact
from domain.quantities import find_quantities, same_quantity
from tools.grounding import find_unsupported
from tools.questions.decision import Decision
from tools.questions.reading import QuestionReading, content_words, covered
from tools.questions.similarity import passage_text

_SENTENCE_END = re.compile(r"[。！？!?]+[”\"']?|\.(?=\s|$)[\"']?")
_SAYS_YES = re.compile(
    r"\W*(?:yes\b|yeah\b|sure\b|of course|certainly|absolutely|有的|是的|可以|"
    r"能的?[，,。]|对的?[，,。]|当然|支持|没问题|有[，,。])",
    re.IGNORECASE,
)
_SAYS_NO = re.compile(
    r"\W*(?:no\b|nope\b|sorry\b|unfortunately|not\b|没有|不是|不可以|不能|不行|不支持|不[，,。]|抱歉|没[，,。])",
    re.IGNORECASE,
)
_IN_STOCK = re.compile(r"\b(?:in stock|available)\b|有货|现货|还有", re.IGNORECASE)
_SOLD_OUT = re.compile(
    r"\b(?:sold out|out of stock|unavailable)\b|"
    r"(?:\bnot|n['’]t)\b[^.,;!?]{0,20}\b(?:in stock|available)\b|"
    r"无货|没货|没有(?:现)?货|没有现货|售罄|卖完|缺货|断货|不在库",
    re.IGNORECASE,
)
_CLAUSE = re.compile(r"[^.!?;,\n。！？；，：:]+(?:[.:,](?=\d)[^.!?;,\n。！？；，：:]+)*[?？]?")
_MAX_FOREIGN = 0.34
"""The share of an answer's words that neither facts nor question hold."""

_ANSWERING_WORDS = frozenset(
    {
        "yes", "no", "price", "live", "list", "currently", "now", "cost", "hav", "available",
        "offer", "made", "size", "colour", "color", "stock", "sold", "only", "material", "within",
        "left", "was", "includ", "contain", "suitable", "current", "original", "product", "day",
        "item", "both", "商品", "产品", "目前", "直播", "这款",
    }
)  # fmt: skip


def split_sentences(text: str) -> tuple[list[str], str]:
    """The finished sentences of a growing text, and the rest."""
    sentences: list[str] = []
    start = 0
    for match in _SENTENCE_END.finditer(text):
        if match.group().startswith(".") and match.end() == len(text):
            break
        sentences.append(text[start : match.end()].strip())
        start = match.end()
    return [sentence for sentence in sentences if sentence], text[start:]


def find_fault(
    sentence: str,
    decision: Decision,
    known: Sequence[Fact],
    question: str,
    lang: str,
    *,
    first: bool,
) -> str | None:
    """Why a sentence may not be said, or None. `known` are the chosen facts and the currency."""
    if detect_language(sentence, default=lang) != lang:
        return f"not in the language of the question ({lang})"
    for item in find_unsupported(sentence, known):
        if decision.polarity is not False or not _is_denied(sentence, item.start, decision):
            return item.reason
    fault = _wrong_way(sentence, decision, first=first)
    if fault is not None:
        return fault
    if first and not _carries(sentence, decision):
        return "says nothing of the facts"
    return _obeys(sentence, known, question) or _strays(sentence, known, question)


def _obeys(sentence: str, known: Sequence[Fact], question: str) -> str | None:
    """Words that stand only beside what is asked: a viewer puts them into the host's mouth."""
    clauses = [one for one in _CLAUSE.findall(question) if one.strip()]
    asking = [one for one in clauses if "?" in one or "？" in one or _asks(one)]
    beside = " ; ".join(one for one in clauses if one not in asking)
    if not asking or not beside:
        return None
    source = " ; ".join([*(passage_text(fact) for fact in known), *asking])
    said = content_words(sentence) - _ANSWERING_WORDS
    beside_words = content_words(beside) & said
    taken = [word for word in beside_words if not covered(frozenset({word}), source)]
    return f"repeats what was asked of it: {taken[0]}" if taken else None


def _asks(clause: str) -> bool:
    return QuestionReading(clause).kind != "open"


def _wrong_way(sentence: str, decision: Decision, *, first: bool) -> str | None:
    """Yes where code says no, no where it says yes, either where code cannot tell."""
    says_yes, says_no = bool(_SAYS_YES.match(sentence)), bool(_SAYS_NO.match(sentence))
    if decision.polarity is None:
        return "says yes or no where the record does not" if says_yes or says_no else None
    if first and decision.polarity is True and not says_yes:
        return "does not begin with yes"
    if first and decision.polarity is False and not says_no:
        return "does not begin with no"
    about_stock = any(fact.field.startswith("variants.stock.") for fact in decision.facts)
    if about_stock and decision.polarity and _SOLD_OUT.search(sentence):
        return "says sold out of what is in stock"
    affirmed = _SOLD_OUT.sub("", sentence)
    if about_stock and decision.polarity is False and _IN_STOCK.search(affirmed):
        return "says in stock of what is sold out"
    if first and about_stock and decision.polarity is False and not _SOLD_OUT.search(sentence):
        return "does not say that it is sold out"
    return None


def _is_denied(sentence: str, start: int, decision: Decision) -> bool:
    """Whether the term at `start` is what was asked for and is denied (`not in the dishwasher`)."""
    concepts = {(t.cls, t.concept) for word in decision.asked for t in find_terms(word)}
    return any(
        term.start == start and (term.cls, term.concept) in concepts and is_negated(sentence, term)
        for term in find_terms(sentence)
    )


def _carries(sentence: str, decision: Decision) -> bool:
    """Whether the sentence tells something of the facts, and not just that there are some.

    A yes or no may do with the thing that was asked for, except about colours and sizes, where
    the viewer wants to hear which there are.
    """
    concepts = {(term.cls, term.concept) for term in find_terms(sentence)}
    quantities = find_quantities(sentence)
    words = content_words(sentence)
    told = [passage_text(fact) for fact in decision.facts if fact.field != "currency"]
    if decision.polarity is not None and decision.kind not in ("colour", "size"):
        told += decision.asked
    for text in told:
        if concepts & {(term.cls, term.concept) for term in find_terms(text)}:
            return True
        amounts = find_quantities(text)
        if any(q.value == a.value or same_quantity(q, a) for q in quantities for a in amounts):
            return True
        if words & content_words(text.partition(": ")[2]):
            return True
    return False


def _strays(sentence: str, known: Sequence[Fact], question: str) -> str | None:
    """The open-class words that come from nowhere, when they are too many."""
    spans = [*find_terms(sentence), *find_quantities(sentence), *find_fields(sentence)]
    rest = sentence
    for span in spans:
        rest = rest[: span.start] + " " * (span.end - span.start) + rest[span.end :]
    words = frozenset(w for w in content_words(rest) if w not in _ANSWERING_WORDS)
    source = " ".join([*(passage_text(fact) for fact in known), question])
    stray = 1 - covered(words, source) if words else 0.0
    if stray > _MAX_FOREIGN and round(stray * len(words)) > 1:
        return f"adds words of its own ({stray:.0%})"
    return None
