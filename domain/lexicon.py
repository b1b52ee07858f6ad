"""The bilingual lexicon of closed classes: what a surface form means in English or Chinese.

The words live in `lexicon.yaml` beside this file. Matching takes the longest form at each place and
respects word boundaries in Latin script.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any, cast

import yaml

from domain.quantities import Quantity, find_quantities
from domain.quantity_wording import say_quantity
from domain.trade_units import GRADES

_WORD = re.compile(r"[A-Za-z0-9.&]*[A-Za-z0-9]%?(?:'[a-z]+)?")
_JOINT = re.compile(r"[ \-’']{1,2}")
_HAN = re.compile(r"[\u3400-\u9fff]")
_LONGEST_PHRASE = 5
_NEGATION_BEFORE = re.compile(
    r"(?:\b(?:no|not|non|never|without|don['’]t|doesn['’]t|isn['’]t|aren['’]t|can['’]t|cannot|avoid"
    r"|nor|free of)\b[^.!?;,，。！？；]{0,24}"
    r"|(?:不是|不能|不可|不宜|不要|不得|不含|不支持|不建议|没有|请勿|切勿|禁止|避免|并非|没|勿|无|非"
    r"|(?<![能可是会要行好])不)[^，。！？；,.!?;]{0,4})$",
    re.IGNORECASE,
)
_NEGATION_AFTER = re.compile(r"[ -]free\b|\s*(?:is|are)?(?:n't|n’t| not)\b", re.IGNORECASE)

_JOINTS = {
    "zh": {
        "or": "或",
        "and": "和",
        "&": "和",
        "to": "到",
        "x": "×",
        "by": "×",
        ",": "、",
        "/": "、",
        "": "",
    },
    "en": {
        "或": " or ",
        "和": " and ",
        "到": " to ",
        "至": " to ",
        "、": ", ",
        "，": ", ",
        "": " ",
    },
}


@dataclass(frozen=True, slots=True)
class Term:
    """A known word at code points `start` to `end`, its class and the concept that it names."""

    start: int
    end: int
    text: str
    cls: str
    concept: str


@dataclass(slots=True)
class _Forms:
    """Surface forms of some classes, ready for look-up."""

    cased: dict[str, tuple[str, str]] = field(default_factory=dict[str, tuple[str, str]])
    folded: dict[str, tuple[str, str]] = field(default_factory=dict[str, tuple[str, str]])
    han: dict[str, tuple[str, str]] = field(default_factory=dict[str, tuple[str, str]])
    longest_han: int = 0

    def add(self, form: str, cls: str, concept: str) -> None:
        if _HAN.search(form):
            self.han.setdefault(form.lower(), (cls, concept))
            self.longest_han = max(self.longest_han, len(form))
            return
        key = " ".join(_words(form))
        target = self.folded if form == form.lower() else self.cased
        target.setdefault(key, (cls, concept))

    def find(self, text: str) -> list[Term]:
        found = [*self._latin(text), *self._chinese(text)]
        found.sort(key=lambda term: (term.start, -(term.end - term.start)))
        kept: list[Term] = []
        for term in found:
            if not kept or term.start >= kept[-1].end:
                kept.append(term)
        return [term for term in kept if term.cls != "swallow"]

    def _chinese(self, text: str) -> list[Term]:
        lowered = text.lower()
        found: list[Term] = []
        at = 0
        while at < len(lowered):
            for length in range(min(self.longest_han, len(lowered) - at), 0, -1):
                hit = self.han.get(lowered[at : at + length])
                if hit is not None:
                    found.append(Term(at, at + length, text[at : at + length], *hit))
                    at += length
                    break
            else:
                at += 1
        return found

    def _latin(self, text: str) -> list[Term]:
        words = list(_WORD.finditer(text))
        found: list[Term] = []
        index = 0
        while index < len(words):
            length, hit = self._longest(text, words, index)
            if hit is not None:
                start, end = words[index].start(), words[index + length - 1].end()
                found.append(Term(start, end, text[start:end], *hit))
            index += max(length, 1)
        return found

    def _longest(
        self, text: str, words: list[re.Match[str]], index: int
    ) -> tuple[int, tuple[str, str] | None]:
        phrase: list[str] = []
        best: tuple[int, tuple[str, str] | None] = (0, None)
        for offset, word in enumerate(words[index : index + _LONGEST_PHRASE]):
            if offset and not _JOINT.fullmatch(text, words[index + offset - 1].end(), word.start()):
                break
            phrase.append(word.group())
            joined = " ".join(phrase)
            hit = self.cased.get(joined) or self._fold(joined.lower())
            if hit is not None:
                best = (offset + 1, hit)
        return best

    def _fold(self, phrase: str) -> tuple[str, str] | None:
        for form in (phrase, phrase.removesuffix("'s"), phrase.removesuffix("s"),
                     phrase.removesuffix("es")):  # fmt: skip
            if hit := self.folded.get(form):
                return hit
        return None


@dataclass(slots=True)
class _Lexicon:
    terms: _Forms
    claims: _Forms
    fields: _Forms
    shown: dict[tuple[str, str], dict[str, str]]
    broader: dict[tuple[str, str], frozenset[str]]


def find_terms(text: str) -> list[Term]:
    """Every closed-class term in `text`, left to right, longest form first."""
    return [term for term in _lexicon().terms.find(text) if not _is_fragment(text, term)]


def find_claims(text: str) -> list[Term]:
    """Every word that praises, compares, hurries, gives, discounts or claims proof."""
    return _lexicon().claims.find(text)


def find_fields(text: str) -> list[Term]:
    """What a question asks about: terms of class `field`, concept `price`, `size`, `weight` ..."""
    return _lexicon().fields.find(text)


def broader_concepts(cls: str, concept: str) -> frozenset[str]:
    """The concept itself and every broader one (navy: navy, dark_blue, blue)."""
    return _lexicon().broader.get((cls, concept), frozenset()) | {concept}


def display_form(cls: str, concept: str, lang: str) -> str | None:
    """The form of a concept that is shown to a reader of `lang` (`en` or `zh`)."""
    return _lexicon().shown.get((cls, concept), {}).get(lang)


def translate_terms(value: str, lang: str, *, about: str = "") -> str | None:
    """`value` in `lang` when it consists of closed-class terms, quantities and joints, else None.

    `Moss, Cream White` becomes 苔绿色、奶油色 and `350 ml or 500 ml` becomes 350毫升或500毫升.
    `about` is the name of what it is the value of, which may tell its unit (克重: 260克).
    """
    quantities = _quantities_of(value, about)
    graded = [quantity for quantity in quantities if quantity.dimension in GRADES]
    terms = [t for t in find_terms(value) if t.cls != "yes_no" and not _overlaps(t, graded)]
    found: list[Term | Quantity] = [*terms, *(q for q in quantities if not _overlaps(q, terms))]
    found.sort(key=lambda part: part.start)
    joints = _JOINTS[lang]
    said, position = "", 0
    for number, part in enumerate(found):
        following = found[number + 1] if number + 1 < len(found) else None
        text = _say_part(part, following, lang)
        between = _say_joint(value[position : part.start], joints, lang)
        if text is None or between is None:
            return None
        said += between + text
        position = part.end
    rest = _say_joint(value[position:], joints, lang)
    return (said + rest).strip() if found and rest is not None else None


def _overlaps(part: Term | Quantity, others: Sequence[Term | Quantity]) -> bool:
    return any(other.start < part.end and part.start < other.end for other in others)


def _quantities_of(value: str, about: str) -> list[Quantity]:
    """The quantities of `value`, read after the name of what it is the value of."""
    lead = f"{about}：" if about else ""
    return [
        replace(quantity, start=quantity.start - len(lead), end=quantity.end - len(lead))
        for quantity in find_quantities(lead + value)
        if quantity.start >= len(lead)
    ]


def _say_part(part: Term | Quantity, following: Term | Quantity | None, lang: str) -> str | None:
    if isinstance(part, Term):
        return display_form(part.cls, part.concept, lang) or part.text
    is_before = isinstance(following, Term) and following.start == part.end
    return say_quantity(part, lang, before_noun=is_before)


def _say_joint(between: str, joints: dict[str, str], lang: str) -> str | None:
    """What stands between two parts, in `lang`; None where it says something of its own."""
    word = between.strip().lower()
    if word in joints:
        between = joints[word]
    elif re.search(r"[A-Za-z\u3400-\u9fff]", between):
        return None
    return between.strip() if lang == "zh" else between


def is_negated(text: str, term: Term) -> bool:
    """Whether the clause around `term` denies it (`not dishwasher safe`, 不可机洗, `BPA-free`)."""
    return bool(
        _NEGATION_BEFORE.search(text[: term.start]) or _NEGATION_AFTER.match(text, term.end)
    )


def _is_fragment(text: str, term: Term) -> bool:
    """A size letter after a digit or an apostrophe is a unit or an ending (5 L, IT'S)."""
    if term.cls != "size" or len(term.text) != 1:
        return False
    before = text[: term.start].rstrip(" ")
    return before[-1:].isdigit() or text[: term.start].endswith(("'", "’"))


def _words(form: str) -> list[str]:
    return [match.group() for match in _WORD.finditer(form)]


@cache
def _lexicon() -> _Lexicon:
    path = Path(__file__).with_name("lexicon.yaml")
    data = cast("dict[str, Any]", yaml.safe_load(path.read_text(encoding="utf-8")))
    terms, claims, fields = _Forms(), _Forms(), _Forms()
    shown: dict[tuple[str, str], dict[str, str]] = {}
    broader: dict[tuple[str, str], frozenset[str]] = {}
    for section, forms in (("terms", terms), ("claims", claims), ("fields", fields)):
        for word in cast("dict[str, list[str]]", data["swallow"])[section]:
            forms.add(word, "swallow", "")
    for section, forms in (("terms", terms), ("claims", claims)):
        for cls, concepts in cast("dict[str, dict[str, Any]]", data[section]).items():
            for concept, entry in cast("dict[str, dict[str, list[str]]]", concepts).items():
                for lang in ("en", "zh"):
                    for form in entry[lang]:
                        forms.add(form, cls, concept)
                shown[cls, concept] = {lang: entry[lang][0] for lang in ("en", "zh")}
                broader[cls, concept] = frozenset(entry.get("is", ()))
    for concept, entry in cast("dict[str, dict[str, list[str]]]", data["fields"]).items():
        for form in (*entry["en"], *entry["zh"]):
            fields.add(form, "field", concept)
    return _Lexicon(terms, claims, fields, shown, broader)
