"""Whether a model's rewording of a sentence takes out what it should, and nothing else."""

import re
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import cast

import yaml

from domain.language import detect_language
from domain.quantities import find_codes, find_quantities, same_quantity
from tools.compliance import fold_text
from tools.english import stem_of, words_of
from tools.line_checks import negates

_HAN = re.compile(r"[\u3400-\u9fff]")

Span = tuple[int, int]


def find_objection(text: str, original: str, objected: Sequence[Span], plain: str) -> str | None:
    """Why `text` may not stand for the sentence `original`; None when it may.

    `objected` are the half-open spans of the original that have to go; `plain` is what code left of
    it: every clause that no rule touched and that can stand.
    """
    if not text.strip():
        return "empty"
    if "\n" in text.strip() or len(text) > len(original) * 1.2 + 4:
        return "too long"
    if detect_language(text) != detect_language(original):
        return "another language"
    rest = _without(original, objected)
    return (
        _find_kept(text, rest, original, objected)
        or _find_added(text, original)
        or _find_dropped(text, rest, original, plain)
    )


def _find_kept(text: str, rest: str, original: str, objected: Sequence[Span]) -> str | None:
    """Objected words that the text says although nothing else in the original does."""
    folded, left = fold_text(text).text, fold_text(rest).text
    for start, end in objected:
        words = fold_text(original[start:end]).text.strip()
        if words and folded.count(words) > left.count(words):
            return f"still says {original[start:end].strip()}"
    return None


def _find_added(text: str, original: str) -> str | None:
    """What the text says that the original does not: numbers, codes, other words."""
    there = find_quantities(original)
    codes = {code.text for code in find_codes(original)}
    new = [
        quantity.text
        for quantity in find_quantities(text)
        if not any(same_quantity(quantity, other) for other in there)
    ]
    new += [code.text for code in find_codes(text) if code.text not in codes]
    known = _content(original)
    new += [word for stem, word in _content(text).items() if stem not in known]
    return f"adds {', '.join(dict.fromkeys(new))}" if new else None


def _find_dropped(text: str, rest: str, original: str, plain: str) -> str | None:
    """What the text lost: a number above one, a denial, a word that code could leave."""
    kept = find_quantities(text)
    lost = [
        quantity.text
        for quantity in find_quantities(rest)
        if quantity.value != 1 and not any(same_quantity(quantity, other) for other in kept)
    ]
    said, there = _content(text), _content(original)
    lost += [word for stem, word in _content(plain).items() if stem in there and stem not in said]
    if lost:
        return f"drops {', '.join(dict.fromkeys(lost))}"
    return "drops a denial" if negates(rest) and not negates(text) else None


def _without(text: str, spans: Iterable[Span]) -> str:
    """`text` with blanks over `spans`."""
    for start, end in spans:
        text = text[:start] + " " * (end - start) + text[end:]
    return text


def _content(text: str) -> dict[str, str]:
    """The words that say something, by stem; a Chinese character is a word."""
    light = _load_function_words()
    words = [*words_of(text), *_HAN.findall(text)]
    return {stem_of(word): word for word in words if word not in light}


@cache
def _load_function_words() -> frozenset[str]:
    told = yaml.safe_load(Path(__file__).with_name("function_words.yaml").read_text("utf-8"))
    return frozenset(
        word for line in cast("dict[str, str]", told).values() for word in line.split()
    )
