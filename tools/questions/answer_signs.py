"""Signs that a passage answers a question: shared words, fields, terms, measures, and form."""

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from domain.language import detect_language
from domain.lexicon import find_fields, find_terms
from domain.numerals import find_numbers
from domain.quantities import find_quantities
from tools.dictionary import load_dictionary, root_of
from tools.questions.reading import QuestionReading, content_words

_LABELS: dict[str, frozenset[str]] = {
    "promotion": frozenset({"promotion", "gift", "price"}),
    "selling points": frozenset({"features"}),
    "certifications": frozenset({"certification"}),
    "included": frozenset({"package"}),
    "name": frozenset({"name"}),
}
"""Concepts of labels beside those that the lexicon finds in them."""

_CONCEPTS = (
    "price", "promotion", "gift", "stock", "colour", "size", "fit", "material", "shipping",
    "returns", "warranty", "usage", "audience", "certification", "ingredients", "warnings",
    "origin", "weight", "capacity", "dimensions", "battery", "insulation", "power", "shelf_life",
    "storage", "package", "flavour", "features",
)  # fmt: skip
_WANTED = {
    "price": frozenset({"currency"}),
    "weight": frozenset({"mass"}),
    "capacity": frozenset({"volume"}),
    "dimensions": frozenset({"length", "area"}),
    "battery": frozenset({"charge", "time"}),
    "power": frozenset({"power"}),
    "shelf_life": frozenset({"time", "calendar"}),
    "warranty": frozenset({"time", "calendar"}),
    "returns": frozenset({"time", "calendar"}),
    "shipping": frozenset({"time", "business_time", "calendar", "currency"}),
    "insulation": frozenset({"time", "temperature"}),
}
"""The dimensions of the quantities that a question of a kind wants to hear."""

_MIXED = frozenset({"returns", "warranty"})
_EMPTY = frozenset(
    [
        "to",
        "of",
        "in",
        "on",
        "for",
        "a",
        "as",
        "b",
        "be",
        "is",
        "or",
        "and",
        "the",
        "used",
        "what",
        "how",
        "many",
        "much",
        "with",
        "surnam",
        "etc",
        "at",
        "from",
        "by",
        "it",
        "not",
        "also",
        "mor",
        "very",
        "no",
        "so",
        "ha",
        "hav",
        "doe",
        "do",
        "go",
        "com",
        "abl",
        "can",
        "will",
        "one",
        "an",
        "that",
        "this",
        "which",
        "who",
    ]
)
"""Roots that tell nothing: function words, and words that a dictionary explains with."""
_LONGEST_LABEL = 40
_COUNT = re.compile(r"\d{1,5}")
_METRES = re.compile(r"([一二三四五六七八九\d])米([一二三四五六七八九\d])(?!\d)")
_NUMBER_WORD = re.compile(
    r"\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty"
    r"|forty|fifty|sixty|seventy|eighty|ninety|hundred|thousand|half|dozen)\b"
    r"|[二三四五六七八九十百千两半]|一(?!个|点|下|样|直|定|般|起|些)",
    re.IGNORECASE,
)
_ASKS = re.compile(
    r"[?？]\s*$|^(?:do|does|is|are|can|could|will|would|how|what|which|when|where|who|why)\b"
    r"|[吗呢么]\s*[?？。]?$",
    re.IGNORECASE,
)
_REPORTED = re.compile(
    r"\b(?:some(?:one|body|body's|one's)|people|you(?: all)? (?:keep )?ask\w*|asks?|asking|asked|says?"
    r"|wrote|that (?:guy|lady)|viewers?)\b|有人|有(?:个|位|姐妹|老铁|宝宝|朋友|哥)|都(?:在)?问|问的",
    re.IGNORECASE,
)
_REPEATS = re.compile(
    r"\b(?:ask(?:s|ed|ing)?|wonder\w*|writes?|wants? to know)\b(?: me| us)?,? "
    r"(?:whether|if|about|is|does|do|can|how|what|when|where|for)\b[^.!?]*[.?!]?$|(?:有人|都在?|老)问[^，。！？]*[？?。]?$",
    re.IGNORECASE,
)
_ELSEWHERE = re.compile(
    r"\b(?:last (?:year|week|month|summer|time|season)|yesterday|used to|was|were|years? ago|old"
    r"|other (?:site|shop|store|one)|that's theirs|previous|next (?:week|month)|tomorrow|monday"
    r"|tuesday|wednesday|thursday|friday|saturday|sunday)\b|去年|上(?:个)?(?:月|周|次|场|一代)|昨天"
    r"|以前|之前|老款|旧版|别(?:人)?家|隔壁|超市|明天|下周",
    re.IGNORECASE,
)
_DENIES = re.compile(
    r"\b(?:no|not|never|none|without|can't|cannot|don't|doesn't|isn't|won't|n't|extra|sold out"
    r"|only)\b|n't\b|不|没|无|别|勿|未|售罄",
    re.IGNORECASE,
)
_AFFIRMS = re.compile(
    r"\b(?:yes|yeah|sure|of course|fine|ok|okay)\b|可以|能|会|有|行|是的|没问题", re.I
)
_COUNTS = re.compile(
    r"\bhow (?:many|much|long|big|tall|wide|thick|deep|heavy|high|far|often|old|fast|strong|soon)\b"
    r"|\bprice\b|\bcost\b|多(?:少|大|久|长|高|重|宽|厚|远|快|深)|几|啥价|什么价",
    re.IGNORECASE,
)
_OWNED = re.compile(r"\b(?:i|my|me|we|your?|you)\b|我|主播|你", re.IGNORECASE)
_WHERE = re.compile(r"\bwhere\b|哪(?:里|儿|产|发)|产地", re.IGNORECASE)
_WHEN = re.compile(
    r"\bwhen\b|什么时候|啥时候|几点|多久|几天|几时|\bhow (?:soon|long)\b", re.IGNORECASE
)

SIGNS = (
    "words shared", "words shared, rare ones", "words in label", "label words asked",
    "pieces shared", "kind in label", "kind in text", "fields in label", "fields in text",
    "other field", "no field", "terms shared", "terms of class", "other term", "wanted measure",
    "other measure", "measures", "numbers shared", "other number", "number in label",
    "other number in label", "term in label", "other term in label", "number for a count",
    "no number for a count", "bare count", "bare count for stock", "asks", "reported", "elsewhere",
    "denies", "affirms", "yes or no", "owned", "has a label", "speech", "length", "length asked",
    "translated words shared", "translated words in label", "only repeats a question",
    "cross-lingual", "Chinese", "Chinese asked", "where", "when", "open", "few candidates",
)  # fmt: skip
"""What each column of `read_signs` tells; one for each concept asked and labelled follows.

Last come `_RELATIVE` as they fall short of the best candidate.
"""

_RELATIVE = (
    "words shared", "words shared, rare ones", "words in label", "label words asked",
    "pieces shared", "numbers shared", "translated words shared", "terms shared", "kind in label",
)  # fmt: skip

COLUMNS = len(SIGNS) + 2 * len(_CONCEPTS) + len(_RELATIVE)


@dataclass(frozen=True, slots=True)
class Passage:
    """A passage as it is read once: what it names, measures and how it speaks."""

    label: str
    words: frozenset[str]
    label_words: frozenset[str]
    pieces: frozenset[str]
    label_fields: frozenset[str]
    fields: frozenset[str]
    terms: frozenset[tuple[str, str]]
    classes: frozenset[str]
    dimensions: frozenset[str]
    numbers: frozenset[Decimal]
    label_numbers: frozenset[Decimal]
    label_terms: frozenset[tuple[str, str]]
    roots: tuple[frozenset[str], ...]
    label_roots: frozenset[str]
    form: tuple[float, ...]
    chinese: bool


def label_of(text: str) -> str:
    """The label of `weight: 280 g`, empty for a sentence."""
    label, colon, value = text.partition(":")
    named = colon and value[:1] in (" ", "") and 0 < len(label) <= _LONGEST_LABEL
    return label.strip() if named and not re.search(r"[.!?,，。！？]\s|[，。！？]", label) else ""


@lru_cache(maxsize=16_384)
def read_passage(text: str) -> Passage:
    """The parts of a passage that signs are read from."""
    label = label_of(text)
    value = text[len(label) + 1 :].strip() if label else text
    terms = [term for term in find_terms(text) if term.cls not in ("yes_no", "time")]
    label_fields = _fields_of_label(label, value)
    bare = bool(label) and _COUNT.fullmatch(value) is not None
    return Passage(
        label=label,
        words=content_words(text),
        label_words=content_words(label),
        pieces=_pieces(text),
        label_fields=label_fields,
        fields=_fields(value) | label_fields,
        terms=frozenset((term.cls, term.concept) for term in terms),
        classes=frozenset(term.cls for term in terms),
        dimensions=_dimensions(text),
        numbers=_numbers(text),
        label_numbers=_numbers(label),
        label_terms=frozenset((term.cls, term.concept) for term in terms if term.end <= len(label)),
        roots=_roots(text),
        label_roots=frozenset[str]().union(*_roots(label)),
        form=(
            float(bool(_NUMBER_WORD.search(value))),
            float(bare and not label_fields & {"price"}),
            *(float(bool(sign.search(value))) for sign in (_ASKS, _REPORTED, _ELSEWHERE, _DENIES)),
            float(bool(_AFFIRMS.search(value))),
            float(bool(_REPEATS.search(value))),
            math.log1p(len(text)) / 5,
        ),
        chinese=detect_language(text) == "zh",
    )


def read_signs(question: str, texts: Sequence[str]) -> NDArray[np.float32]:
    """`(n, COLUMNS)` signs, each about 0 to 1, that `texts` answer `question`."""
    asked = QuestionReading(question)
    passages = [read_passage(text) for text in texts]
    words, pieces = asked.content, _pieces(question)
    terms = frozenset((term.cls, term.concept) for term in asked.terms)
    classes = frozenset(cls for cls, _ in terms)
    numbers = _numbers(question)
    fields, kind = asked.fields, asked.kind
    wanted = _WANTED.get(kind, frozenset())
    counts = bool(_COUNTS.search(question))
    chinese = detect_language(question) == "zh"
    held = Counter(word for passage in passages for word in passage.words & words)
    rarity = {word: math.log1p(len(texts) / (0.5 + held[word])) for word in words}
    whole = sum(rarity.values()) or 1.0
    spoken_of = [frozenset[str]().union(*passage.roots) for passage in passages]
    across = [chinese != passage.chinese for passage in passages]
    units = _roots(question) if any(across) else ()
    worth = [
        math.log1p(len(texts) / (0.5 + sum(bool(unit & said) for said in spoken_of)))
        for unit in units
    ]
    worths = sum(worth) or 1.0
    form = (
        float(asked.yes_no),
        float(bool(_OWNED.search(question))),
        float(bool(_WHERE.search(question))),
        float(bool(_WHEN.search(question))),
    )
    concepts = [float(concept == kind or concept in fields) for concept in _CONCEPTS]
    few = 1 / math.sqrt(max(len(texts), 1))
    rows: list[list[float]] = []
    for passage, foreign, said in zip(passages, across, spoken_of, strict=True):
        shared = words & passage.words
        has_number, bare, asks, reported, elsewhere, denies, affirms, repeats, length = passage.form
        label_shared = fields & passage.label_fields
        rows.append(
            [
                len(shared) / (len(words) or 1),
                sum(rarity[word] for word in shared) / whole,
                len(words & passage.label_words) / (len(words) or 1),
                len(words & passage.label_words) / (len(passage.label_words) or 1),
                len(pieces & passage.pieces) / (len(pieces) or 1),
                float(kind in passage.label_fields),
                float(kind in passage.fields),
                float(bool(label_shared)),
                float(bool(fields & passage.fields)),
                float(bool(fields and passage.label_fields and not label_shared)),
                float(not passage.fields),
                len(terms & passage.terms) / (len(terms) or 1),
                float(bool(classes & passage.classes)),
                float(bool((classes & passage.classes) and not terms & passage.terms)),
                float(any(d.startswith(tuple(wanted)) for d in passage.dimensions))
                if wanted
                else 0.0,
                float(bool(wanted and passage.dimensions) and not wanted & passage.dimensions),
                float(bool(passage.dimensions)),
                len(numbers & passage.numbers) / (len(numbers) or 1),
                float(bool(numbers and passage.numbers and not numbers & passage.numbers)),
                float(bool(numbers & passage.label_numbers)),
                float(bool(numbers and passage.label_numbers - numbers)),
                float(bool(terms & passage.label_terms)),
                float(any(c in classes and (c, t) not in terms for c, t in passage.label_terms)),
                float(counts and has_number),
                float(counts and not has_number),
                bare,
                float(bare and kind == "stock"),
                asks,
                reported,
                elsewhere,
                denies,
                affirms,
                form[0],
                form[1],
                float(bool(passage.label)),
                float(not passage.label),
                length,
                min(len(question) / 60, 2.0),
                sum(w for u, w in zip(units, worth, strict=True) if u & said) / worths
                if foreign
                else 0.0,
                sum(w for u, w in zip(units, worth, strict=True) if u & passage.label_roots)
                / worths
                if foreign
                else 0.0,
                repeats,
                float(foreign),
                float(passage.chinese),
                float(chinese),
                form[2],
                form[3],
                float(kind == "open"),
                few,
                *concepts,
                *(float(concept in passage.label_fields) for concept in _CONCEPTS),
            ]
        )
    signs = np.asarray(rows, dtype=np.float32).reshape(len(texts), COLUMNS - len(_RELATIVE))
    relative = signs[:, [SIGNS.index(name) for name in _RELATIVE]]
    return np.hstack([signs, relative - relative.max(axis=0, initial=0)])


def _fields(text: str) -> frozenset[str]:
    return frozenset(term.concept for term in find_fields(text))


def _fields_of_label(label: str, value: str) -> frozenset[str]:
    """What a label names; of returns and warranty, which share one, what the value speaks of."""
    if not label:
        return frozenset()
    named = _fields(label) | _LABELS.get(label.lower(), frozenset())
    if named >= _MIXED:
        return (named - _MIXED) | (_fields(value) & _MIXED or frozenset({"returns"}))
    return named


@lru_cache(maxsize=32_768)
def _roots(text: str) -> tuple[frozenset[str], ...]:
    """The roots of English words that each word of `text` is or means, but for function words."""
    dictionary = load_dictionary()
    units = [frozenset({root_of(word)}) for word in content_words(text) if word.isascii()]
    units += [frozenset(dictionary.roots_of(word)) for word in dictionary.segment(text)]
    return tuple(found for unit in units if (found := unit - _EMPTY))


def _numbers(text: str) -> frozenset[Decimal]:
    """The numbers of a text but for one, which is as often a pronoun; 六米三 is 6.3."""
    found = {number.value for number in find_numbers(text)} - {Decimal(1)}
    for whole, tenths in _METRES.findall(text):
        ends = [number.value for part in (whole, tenths) for number in find_numbers(part)]
        found = (found - set(ends)) | {ends[0] + ends[1] / 10} if len(ends) == 2 else found
    return frozenset(found)


def _dimensions(text: str) -> frozenset[str]:
    found = {q.dimension for q in find_quantities(text)}
    return frozenset(dimension for dimension in found if dimension)


def _pieces(text: str) -> frozenset[str]:
    """Runs of three Latin characters and pairs of Chinese ones, which misspellings share."""
    folded = " ".join(re.findall(r"[a-z0-9]+", text.lower()))
    latin = {folded[at : at + 3] for at in range(len(folded) - 2)} if folded else set[str]()
    han = "".join(re.findall(r"[\u3400-\u9fff]", text))
    return frozenset(latin | {han[at : at + 2] for at in range(len(han) - 1)})
