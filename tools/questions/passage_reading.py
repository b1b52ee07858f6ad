"""Reading a passage once: what it names, counts and measures, and how it speaks."""

import math
import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from domain.language import detect_language
from domain.lexicon import find_fields, find_terms
from domain.numerals import find_numbers
from domain.quantities import find_quantities
from tools.dictionary import load_dictionary, root_of
from tools.questions.reading import content_words

Named = frozenset[tuple[str, str]]

_LABELS: dict[str, frozenset[str]] = {
    "promotion": frozenset({"promotion", "gift", "price"}),
    "selling points": frozenset({"features"}),
    "certifications": frozenset({"certification"}),
    "included": frozenset({"package"}),
    "name": frozenset({"name"}),
}
"""Concepts of labels beside those that the lexicon finds in them."""
_MIXED = frozenset({"returns", "warranty"})
_EMPTY = frozenset(
    word
    for line in (
        "a an and the this that which who what how one with of in on at to for from by as or",
        "is be will can abl do doe does go com so it not no also mor very many much ha hav used",
        "surnam etc",
    )
    for word in line.split()
)
"""Roots that tell nothing: function words, and words that a dictionary explains with."""
_LONGEST_LABEL = 40
_NO_LABEL = re.compile(r"[.!?]\s|[，。！？]")

_COUNT = re.compile(r"\d{1,5}")
_METRES = re.compile(r"([一二三四五六七八九\d])米([一二三四五六七八九\d])(?!\d)")
_NUMBER = re.compile(
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
_REPORTS = re.compile(
    r"\b(?:some(?:one|body)(?:'s)?|people|you(?: all)? (?:keep )?ask\w*|asks?|asking|asked|says?"
    r"|wrote|that (?:guy|lady)|viewers?)\b|有人|有(?:个|位|姐妹|老铁|宝宝|朋友|哥)|都(?:在)?问"
    r"|问的",
    re.IGNORECASE,
)
_REPEATS = re.compile(
    r"\b(?:ask(?:s|ed|ing)?|wonder\w*|writes?|wants? to know)\b(?: me| us)?,? "
    r"(?:whether|if|about|is|does|do|can|how|what|when|where|for)\b[^.!?]*[.?!]?$"
    r"|(?:有人|都在?|老)问[^，。！？]*[？?。]?$",
    re.IGNORECASE,
)
_LEAVES_OPEN = re.compile(
    r"\b(?:let me (?:ask|check|find|look)|(?:i'll|i will|i have to|gotta) (?:ask|check|look|find)"
    r"|no (?:idea|clue)|not sure|don't know|dunno|come back to (?:that|it)|no answer"
    r"|can't (?:say|tell|promise)|remind me|(?:haven't|never) tried|not a doctor|no vet|ask your)\b"
    r"|不知道|不确定|不清楚|不敢(?:乱)?说|说不准|不能(?:乱)?说|等会儿|待会|回头问"
    r"|(?:我|得|去)问(?:一下|问)|看一下啊|不是(?:医生|大夫)|问(?:下|一下)?(?:医生|大夫)|你自己掂量|没[称试]过|没听说",
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
    r"\b(?:no|not|never|none|without|can't|cannot|don't|doesn't|isn't|won't|extra|sold out|only)\b"
    r"|n't\b|不|没|无|别|勿|未|售罄",
    re.IGNORECASE,
)
_AFFIRMS = re.compile(
    r"\b(?:yes|yeah|sure|of course|fine|ok|okay)\b|可以|能|会|有|行|是的|没问题", re.IGNORECASE
)
_FORMS = (_ASKS, _REPORTS, _REPEATS, _LEAVES_OPEN, _ELSEWHERE, _DENIES, _AFFIRMS)

FORMS = (
    "a number", "a bare count", "asks", "reports", "only repeats a question", "leaves it open",
    "tells of elsewhere", "denies", "affirms", "a label", "no label", "no field", "measures",
    "length",
)  # fmt: skip
"""What each of `Passage.form` tells."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A passage in parts; what stands before the colon of `weight: 280 g` is its label.

    `pieces` are runs of characters, which misspellings share; `roots` the English words that the
    passage holds or, in Chinese, means; `form` how it speaks, 0 to 1, as `FORMS` names it.
    """

    words: frozenset[str]
    label_words: frozenset[str]
    pieces: frozenset[str]
    label_fields: frozenset[str]
    fields: frozenset[str]
    terms: Named
    label_terms: Named
    dimensions: frozenset[str]
    numbers: frozenset[Decimal]
    label_numbers: frozenset[Decimal]
    roots: frozenset[str]
    label_roots: frozenset[str]
    chinese: bool
    form: tuple[float, ...]


def label_of(text: str) -> str:
    """The label of `weight: 280 g`, empty for a sentence."""
    label, colon, value = text.partition(":")
    named = colon and value[:1] in (" ", "") and 0 < len(label) <= _LONGEST_LABEL
    return label.strip() if named and not _NO_LABEL.search(label) else ""


@lru_cache(maxsize=16_384)
def read_passage(text: str) -> Passage:
    """The parts of a passage."""
    label = label_of(text)
    value = text[len(label) + 1 :].strip() if label else text
    terms = [term for term in find_terms(text) if term.cls not in ("yes_no", "time")]
    label_fields = _fields_of_label(label, value)
    fields = fields_of(value) | label_fields
    dimensions = frozenset(q.dimension for q in find_quantities(text) if q.dimension)
    bare = bool(label) and _COUNT.fullmatch(value) is not None and "price" not in label_fields
    form = (
        bool(_NUMBER.search(value)),
        bare,
        *(bool(form.search(value)) for form in _FORMS),
        bool(label),
        not label,
        not fields,
        bool(dimensions),
        math.log1p(len(text)) / 5,
    )
    return Passage(
        words=content_words(text),
        label_words=content_words(label),
        pieces=pieces_of(text),
        label_fields=label_fields,
        fields=fields,
        terms=frozenset((term.cls, term.concept) for term in terms),
        label_terms=frozenset((term.cls, term.concept) for term in terms if term.end <= len(label)),
        dimensions=dimensions,
        numbers=numbers_of(text),
        label_numbers=numbers_of(label),
        roots=frozenset[str]().union(*roots_of(text)),
        label_roots=frozenset[str]().union(*roots_of(label)),
        chinese=detect_language(text) == "zh",
        form=tuple(map(float, form)),
    )


def fields_of(text: str) -> frozenset[str]:
    """The field concepts that a text names."""
    return frozenset(term.concept for term in find_fields(text))


def pieces_of(text: str) -> frozenset[str]:
    """Runs of three Latin characters, and pairs of Chinese ones."""
    folded = " ".join(re.findall(r"[a-z0-9]+", text.lower()))
    han = "".join(re.findall(r"[\u3400-\u9fff]", text))
    latin = (folded[at : at + 3] for at in range(len(folded) - 2))
    return frozenset((*latin, *(han[at : at + 2] for at in range(len(han) - 1))))


def numbers_of(text: str) -> frozenset[Decimal]:
    """The numbers of a text but for one, which is as often a pronoun; 六米三 is 6.3."""
    found = {number.value for number in find_numbers(text)} - {Decimal(1)}
    for parts in _METRES.findall(text):
        ends = [number.value for part in parts for number in find_numbers(part)]
        if len(ends) == len(parts):
            found = (found - set(ends)) | {ends[0] + ends[1] / 10}
    return frozenset(found)


def roots_of(text: str) -> tuple[frozenset[str], ...]:
    """For each word that tells something, the roots of the English words that it is or means."""
    dictionary = load_dictionary()
    units = [frozenset({root_of(word)}) for word in content_words(text) if word.isascii()]
    units += [frozenset(dictionary.roots_of(word)) for word in dictionary.segment(text)]
    return tuple(found for unit in units if (found := unit - _EMPTY))


def _fields_of_label(label: str, value: str) -> frozenset[str]:
    """What a label names; of returns and warranty, which share one, what the value speaks of."""
    if not label:
        return frozenset()
    named = fields_of(label) | _LABELS.get(label.lower(), frozenset())
    if named >= _MIXED:
        return (named - _MIXED) | (fields_of(value) & _MIXED or frozenset({"returns"}))
    return named
