"""Whether the wording of a fact in another language says the same, and nothing else.

Numbers, closed classes and denials are compared as they are everywhere; every other word of the
translation has to be a translation of some word of the fact by the dictionary. A small model that
does not know a word puts another that looks like it (`squalane`: paraffin).
"""

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import cast

import yaml

from domain.language import detect_language
from domain.lexicon import Term, find_terms
from domain.product import Fact
from domain.quantities import Quantity, find_quantities, same_quantity
from tools.copy_frames import load_host_words
from tools.dictionary import load_dictionary, root_of
from tools.english import words_of
from tools.grounding import find_unsupported
from tools.line_checks import Fault, negates

_UNTRANSLATED = re.compile(r"(?<![A-Za-z])[a-z]{3,}(?![A-Za-z])")
_HYPHENED = re.compile(r"[A-Za-z]+(?:-[A-Za-z]+)+")
"""What may be one word in the dictionary: `make-up`."""
_MOST_LOST = 0.5


def check_translation(text: str, fact: Fact, lang: str) -> list[Fault]:
    """What is wrong with `text` as the wording of `fact` in `lang`; empty when it may be used."""
    if detect_language(text, default=lang) != lang:
        return [Fault(text, f"not in the language asked for ({lang})")]
    faults = [Fault(part.text, part.reason) for part in find_unsupported(text, [fact])]
    said = find_quantities(text)
    faults += [
        Fault(text, f"leaves out: {wanted.text}")
        for wanted in find_quantities(fact.value)
        if not any(same_quantity(wanted, quantity) for quantity in said)
    ]
    concepts = {(term.cls, term.concept) for term in find_terms(text)}
    faults += [
        Fault(text, f"leaves out: {term.text}")
        for term in find_terms(fact.value)
        if term.cls != "yes_no" and (term.cls, term.concept) not in concepts
    ]
    if negates(text) != negates(fact.value):
        faults.append(Fault(text, "turns yes into no, or no into yes"))
    return faults or _compare_words(text, fact.value, lang)


def _compare_words(text: str, fact: str, lang: str) -> list[Fault]:
    """Words of the translation that no word of the fact accounts for, and too much left out."""
    chinese, english = (text, fact) if lang == "zh" else (fact, text)
    dictionary = load_dictionary()
    joined = (match[0].replace("-", "") for match in _HYPHENED.finditer(english))
    roots = {root_of(word) for word in (*words_of(english), *joined)}
    words = dictionary.words_in(chinese)
    new_words = [word for word in _telling_words(chinese) if not dictionary.says(word, roots)]
    telling = _telling_roots(english, beside=chinese)
    new_roots = [
        said for said, root in telling.items() if not any(dictionary.says(w, {root}) for w in words)
    ]
    if lang == "zh":
        added, lost, of = new_words, new_roots, len(telling)
        added += _UNTRANSLATED.findall(_mask(text, find_quantities(text)))
    else:
        added, lost, of = new_roots, new_words, len(_telling_words(chinese))
    faults = [Fault(word, f"no translation of anything in the fact: {word}") for word in added]
    if len(lost) > _MOST_LOST * of:
        faults.append(Fault(text, f"leaves out: {', '.join(lost)}"))
    return faults


def _telling_words(chinese: str) -> list[str]:
    """The Chinese words that say something, measures and closed classes aside."""
    host = load_host_words()
    plain = {*host.phrases, *_load_light_words("zh")}
    return [
        word
        for word in load_dictionary().segment(_mask_known(chinese))
        if word not in plain and not set(word) <= set(host.characters)
    ]


def _telling_roots(english: str, *, beside: str) -> dict[str, str]:
    """The English words that say something, with their roots, but for those the Chinese has too."""
    known = {*load_host_words().words, *words_of(beside), *_load_light_words("en")}
    return {word: root_of(word) for word in words_of(_mask_known(english)) if word not in known}


def _mask_known(text: str) -> str:
    """`text` without what is compared by itself: measures, and terms of closed classes."""
    return _mask(text, [*find_quantities(text), *find_terms(text)])


def _mask(text: str, parts: Iterable[Quantity | Term]) -> str:
    for part in parts:
        text = text[: part.start] + " " * (part.end - part.start) + text[part.end :]
    return text


@cache
def _load_light_words(lang: str) -> frozenset[str]:
    """Words that put a sentence together, and may be added."""
    told = yaml.safe_load(Path(__file__).with_name("light_words.yaml").read_text("utf-8"))
    return frozenset(cast("dict[str, str]", told)[lang].split())
