"""Finding where a source says a value, so that what a model proposes can be believed."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from domain.evidence import Evidence, Passage

OCR_ERRORS = 0.1
"""Share of characters that may differ in text read off a photo (MODELS.md: under 10 % CER)."""

_SHORTEST_FUZZY = 6
_LONGEST_QUOTE = 240
_WINDOW = 3
_SAME = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-", "−": "-"})
_HAN = re.compile(r"[\u3400-\u9fff]")
_STOPS = re.compile(r"(?<=[。！？；\n])|(?<=[.!?;])\s")


@dataclass(frozen=True, slots=True)
class _Folded:
    """A text without case, width and spacing, and where each of its characters came from."""

    text: str
    places: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Quote:
    """A value in the source's own `words`, and the sentence that holds them."""

    words: str
    evidence: Evidence


def find_quote(value: str, passages: Sequence[Passage]) -> Evidence | None:
    """Evidence for the place where `passages` say `value` (see `find_words`), or None."""
    quote = find_words(value, passages)
    return quote.evidence if quote else None


def find_words(value: str, passages: Sequence[Passage]) -> Quote | None:
    """The place where `passages` say `value`, or None.

    Case, width (NFKC), spacing, bold marks and the shapes of quotes and dashes do not count. A
    Latin word or a number is found whole only. In text read off a photo up to a tenth of the
    characters may differ, digits excepted. A value wrapped over neighbouring lines is found at the
    first. The evidence quotes the source as it stands, with the sentence around the value where it
    is short.
    """
    wanted = _fold(value).text.strip()
    if not wanted:
        return None
    for passage in passages:
        if span := _find(wanted, passage.text):
            words = passage.text[span[0] : span[1]]
            return Quote(words, passage.evidence(_quote(passage.text, *span)))
    for joined, first in _windows([p for p in passages if p.kind == "text"]):
        if span := _find(wanted, joined):
            words = joined[span[0] : span[1]]
            return Quote(words, first.evidence(words))
    for passage in passages:
        if passage.kind == "image" and _find_alike(wanted, _fold(passage.text).text):
            return Quote(passage.text, passage.evidence())
    return None


def says(value: str, text: str) -> bool:
    """Whether `text` holds `value`, read as `find_quote` reads."""
    wanted = _fold(value).text.strip()
    return bool(wanted) and _find(wanted, text) is not None


def fold_text(text: str) -> str:
    """`text` without case, width and needless spacing: equal for what reads the same."""
    return _fold(text).text.strip()


@lru_cache(maxsize=4096)
def _fold(text: str) -> _Folded:
    chars: list[str] = []
    places: list[int] = []
    for index, char in enumerate(text):
        if char == "`" or (char == "*" and "**" in text[max(0, index - 1) : index + 2]):
            continue
        for part in unicodedata.normalize("NFKC", char).translate(_SAME).casefold():
            if not part.isspace():
                chars.append(part)
            elif chars and chars[-1] != " " and not _HAN.match(chars[-1]):
                chars.append(" ")
            else:
                continue
            places.append(index)
            if _HAN.match(part) and len(chars) > 1 and chars[-2] == " ":
                del chars[-2], places[-2]
    return _Folded("".join(chars), tuple(places))


def _find(wanted: str, text: str) -> tuple[int, int] | None:
    folded = _fold(text)
    start = folded.text.find(wanted)
    while start >= 0:
        end = start + len(wanted)
        if _is_whole(folded.text, start, end):
            return folded.places[start], folded.places[end - 1] + 1
        start = folded.text.find(wanted, start + 1)
    return None


def _is_whole(text: str, start: int, end: int) -> bool:
    """No Latin word or number is cut at either end (`cap` in `capacity`, `1` in `19.9`)."""
    return not (
        _joins(text[start - 1 : start], text[start : start + 1])
        or _joins(text[end - 1 : end], text[end : end + 1])
        or re.match(r"\d[.,]\d", text[end - 1 : end + 2])
        or (start > 1 and re.match(r"\d[.,]\d", text[start - 2 : start + 1]))
    )


def _joins(left: str, right: str) -> bool:
    return (
        bool(left and right)
        and all(c.isalnum() and not _HAN.match(c) for c in left + right)
        and (left.isdigit() == right.isdigit())
    )


def _quote(text: str, start: int, end: int) -> str:
    """The sentence around the value; the value alone where that is long."""
    if len(text) <= _LONGEST_QUOTE:
        return text
    stops = [0, *(match.end() for match in _STOPS.finditer(text)), len(text)]
    left = max(stop for stop in stops if stop <= start)
    right = min(stop for stop in stops if stop >= end)
    sentence = text[left:right].strip()
    return sentence if len(sentence) <= _LONGEST_QUOTE else text[start:end]


def _windows(passages: Sequence[Passage]) -> Iterable[tuple[str, Passage]]:
    """Neighbouring passages of one source as one text."""
    for index, first in enumerate(passages):
        joined = first.text
        for following in passages[index + 1 : index + _WINDOW]:
            if following.source_id != first.source_id or following.cells or first.cells:
                break
            joined += "\n" + following.text
            yield joined, first


def _find_alike(wanted: str, text: str) -> bool:
    allowed = int(len(wanted) * OCR_ERRORS)
    if len(wanted) < _SHORTEST_FUZZY or allowed == 0:
        return False
    digits = re.findall(r"\d+", wanted)
    spans = (text[start : start + len(wanted) + extra]
             for extra in range(-allowed, allowed + 1)
             for start in range(max(1, len(text) - len(wanted) - extra + 1)))  # fmt: skip
    return any(
        re.findall(r"\d+", span) == digits and edit_distance(wanted, span, allowed) <= allowed
        for span in spans
    )


def edit_distance(a: str, b: str, limit: int) -> int:
    """Levenshtein distance, `limit + 1` where it is larger (Wagner and Fischer 1974)."""
    if abs(len(a) - len(b)) > limit:
        return limit + 1
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, start=1):
        previous, row[0] = row[0], i
        for j, y in enumerate(b, start=1):
            previous, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, previous + (x != y))
        if min(row) > limit:
            return limit + 1
    return row[-1]
