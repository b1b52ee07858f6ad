"""Whether a line of copy may be said: in its language, on its facts, nothing beyond them.

`find_unsupported` finds numbers, closed-class terms and promotional claims that the facts lack;
this module adds what only copy needs: every other word of content must come from the facts or
from the host's vocabulary, the facts must really be said, and no line repeats another.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from domain.language import detect_language
from domain.product import Fact
from tools.copy_frames import load_host_words
from tools.english import stem_of, words_of
from tools.grounding import find_unsupported
from tools.owners import find_misowned

_HAN_RUN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]+")
_CLAUSE = re.compile(r"[^,.;!?，。；！？—–]+[,.;!?，。；！？—–]*\s*")
_DECIMAL = re.compile(r"(?<=\d)[.,](?=\d)")
_NEGATION = re.compile(
    r"\b(?:not|never|no|without|cannot|nor)\b|n['’]t\b|不|没|勿|无|非(?!常)", re.IGNORECASE
)
_HARMLESS_NEGATION = re.compile(
    r"有没有|是不是|要不要|能不能|好不好|不急|没错|不仅|不光|\bnot only\b|\bno worries\b",
    re.IGNORECASE,
)
_OWN_USE = re.compile(
    r"\b(?:I|we)(?:['’]ve| have)? (?:been )?(?:personally )?"
    r"(?:used?|using|tried|worn|wear|owned?|tested|swear by)\b|\bmy own\b|\bmine\b"
    r"|(?:我|咱)(?:们|家|自己|妈|一直)*(?:都|也|在)*"
    r"(?:用过|用了|用的|用着|在用|试过|试了|穿过|穿了|吃过|喝过|戴过|睡过|亲测)|亲测",
    re.IGNORECASE,
)
"""A host who speaks of own use recommends what nobody told that they have used (Advertising Law of
the PRC art. 38; FTC 16 CFR 255.1)."""
_COVERED = 0.6
_ALIKE = 0.7


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a line may not be said; `quote` is the offending part (the whole line at the most)."""

    quote: str
    reason: str


def check_line(
    text: str,
    facts: Sequence[Fact],
    *,
    lang: str,
    named: Sequence[Fact] = (),
    others: Sequence[str] = (),
    examples: Sequence[str] = (),
) -> list[Fault]:
    """What is wrong with a model's line about `facts` (values in the line's language).

    `named` are facts that any line may mention (name, brand, category), `others` the lines that
    stand already, `examples` the prompt's own sentences. Empty when the line may be said.
    """
    if not text.strip():
        return [Fault(text, "empty")]
    if detect_language(text, default=lang) != lang:
        return [Fault(text, f"not in the language asked for ({lang})")]
    if any(are_alike(text, example) for example in examples):
        return [Fault(text, "copied from the instructions")]
    if any(are_alike(text, other) for other in others):
        return [Fault(text, "repeats another line")]
    known = [*facts, *named]
    faults = [
        Fault(part.text, f"not in the record: {part.text} ({part.reason})")
        for part in find_unsupported(text, known)
    ]
    faults += [
        Fault(word, f"not in the record: {word}") for word in find_additions(text, known, lang)
    ]
    faults += [
        Fault(word, f"has what the record says of another: {word}")
        for word in find_misowned(text, facts, lang=lang, named=named)
    ]
    faults += [
        Fault(use.group(), f"tells of own use, of which nothing is known: {use.group()}")
        for use in _OWN_USE.finditer(text)
        if not any(use.group() in fact.value for fact in facts)
    ]
    faults += [Fault(clause, f"says nothing new: {clause}") for clause in _idle(text, named, lang)]
    if negates(text) != any(negates(fact.value) for fact in facts):
        faults.append(Fault(text, "turns yes into no, or no into yes"))
    faults += [
        Fault(text, f"leaves out: {fact.value}") for fact in facts if not covers(text, fact, lang)
    ]
    return faults


def find_additions(text: str, facts: Sequence[Fact], lang: str) -> list[str]:
    """Words of content that neither the facts nor the host's vocabulary have."""
    values = " ".join(fact.value for fact in facts)
    return _chinese_additions(text, values) if lang == "zh" else _english_additions(text, values)


def _english_additions(text: str, values: str) -> list[str]:
    known = {stem for word in words_of(values) for stem in (stem_of(word), word)}
    host = load_host_words().words
    return [
        word
        for word in words_of(text)
        if word not in host and word not in known and stem_of(word) not in known
    ]


def _chinese_additions(text: str, values: str) -> list[str]:
    """Runs of characters that are part of no word of the facts and of no host phrase.

    There is no word segmentation: a pair of characters counts as known when the facts have it.
    """
    words = load_host_words()
    strays: list[str] = []
    for run in _HAN_RUN.findall(text):
        known = _covered_characters(run, values)
        for phrase in words.phrases:
            for match in re.finditer(re.escape(phrase), run):
                known.update(range(match.start(), match.end()))
        known.update(i for i, ch in enumerate(run) if ch in words.characters)
        strays += "".join(" " if i in known else ch for i, ch in enumerate(run)).split()
    return strays


def _covered_characters(run: str, values: str) -> set[int]:
    """Positions in `run` that belong to a pair of characters which `values` has too."""
    known: set[int] = set()
    for i in range(len(run) - 1):
        if run[i : i + 2] in values:
            known.update((i, i + 1))
    return known


def _idle(text: str, named: Sequence[Fact], lang: str) -> list[str]:
    """Clauses after the first that only name the product or say again what was just said."""
    said = set[str]()
    found: list[str] = []
    names = _content(" ".join(fact.value for fact in named), lang)
    for index, match in enumerate(_CLAUSE.finditer(text)):
        own = _content(match.group(), lang)
        if index and own and (own <= names or own <= said):
            found.append(match.group().strip())
        said |= own
    return found


def _content(text: str, lang: str) -> set[str]:
    """What a text is about: stems and numbers in English, pairs of characters in Chinese."""
    if lang == "zh":
        return _pairs(text) | set(re.findall(r"\d+|[A-Za-z]+", text))
    host = load_host_words().words
    return {stem_of(w) for w in words_of(text) if w not in host} | set(re.findall(r"\d+", text))


def covers(text: str, fact: Fact, lang: str) -> bool:
    """True when `text` really says `fact`: its numbers and most of its words."""
    if not set(re.findall(r"\d+", fact.value)) <= set(re.findall(r"\d+", text)):
        return False
    if lang == "zh":
        pairs = _pairs(fact.value)
        own = {ch for ch in fact.value if _HAN_RUN.match(ch)}
        return not own or (
            len(own & set(text)) >= _COVERED * len(own)
            and (not pairs or len(pairs & _pairs(text)) >= _COVERED * len(pairs) / 2)
        )
    host = load_host_words().words
    own = {stem_of(word) for word in words_of(fact.value) if word not in host}
    said = {stem_of(word) for word in words_of(text)}
    return not own or len(own & said) >= _COVERED * len(own)


def cut_additions(text: str, faults: Sequence[Fault]) -> str:
    """`text` without the clauses that hold a fault; empty when nothing or no sentence is left.

    A small model says the fact and then praises it ("…, perfect for your trip"): the praise goes.
    """
    masked = _DECIMAL.sub("\x00", text)
    kept: list[str] = []
    for match in _CLAUSE.finditer(masked):
        clause = text[match.start() : match.end()]
        if not any(fault.quote.casefold() in clause.casefold() for fault in faults):
            kept.append(clause)
    cut = "".join(kept).strip().rstrip(",，;；—– ")
    if not cut or cut == text.strip():
        return ""
    if cut[-1] not in ".!?。！？":
        cut += "。" if _HAN_RUN.search(cut) else "."
    return cut[:1].upper() + cut[1:]


def are_alike(one: str, other: str) -> bool:
    """True when two lines say nearly the same words (Jaccard of character triples)."""
    a, b = _triples(one), _triples(other)
    return bool(a and b) and len(a & b) / min(len(a), len(b)) >= _ALIKE


def _pairs(text: str) -> set[str]:
    return {run[i : i + 2] for run in _HAN_RUN.findall(text) for i in range(len(run) - 1)}


def _triples(text: str) -> set[str]:
    plain = re.sub(r"[\W_]+", "", text).casefold()
    return {plain[i : i + 3] for i in range(len(plain) - 2)} or {plain}


def negates(text: str) -> bool:
    """True when the text denies something."""
    return _NEGATION.search(_HARMLESS_NEGATION.sub("", text)) is not None
