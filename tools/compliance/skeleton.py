"""The skeleton of a text: a normal form in which disguised wording reads as the wording itself.

Folded away: letter case, full and half width, accents, zero-width and variation characters,
enclosed digits and letters, traditional characters, common look-alikes, and separators, symbols or
emoji put between Chinese characters or inside a Latin word. The folded text is made by passes over
the whole text; where each of its characters came from is worked out only when it is asked for, by
the same passes, character by character.
"""

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from itertools import pairwise

from tools.compliance.han import HAN, is_han
from tools.compliance.lookalikes import CYRILLIC_AND_GREEK, HEARTS, LOOKALIKES, RADICALS
from tools.compliance.tracing import JOINED, PLAIN, UNMASKED, Edit, Traced

_KEPT = frozenset("\n,.。!?;:、%+#\"'()[]{}《》〈〉【】&@/-<>")
_KEPT_BETWEEN_HAN = frozenset('\n,。!?;:、%+#"《》〈〉<>&@')
_INVISIBLE = frozenset({"Cf", "Mn", "Me", "Mc", "Cs", "Co", "Cn"})
_COMMON = (("，", ","), ("！", "!"), ("？", "?"), ("：", ":"), ("；", ";"), ("“", '"'), ("”", '"'))
_BLANKS = "\t\r\f\v"


class Skeleton:
    """Folded text that leads back to its source.

    `folded` is the text with every character folded by itself, before separators were taken out;
    `is_odd` tells that the source holds characters beyond plain Chinese and ASCII.
    """

    __slots__ = ("_traced", "folded", "is_odd", "source", "text")

    def __init__(
        self, text: str, source: str, folded: str, *, is_odd: bool, traced: Traced | None = None
    ) -> None:
        self.text = text
        self.source = source
        self.folded = folded
        self.is_odd = is_odd
        self._traced = traced

    @property
    def spans(self) -> Sequence[tuple[int, int]]:
        """For each character of `text` the half-open span of the source behind it."""
        return self._trace().spans

    def original(self, start: int, end: int) -> tuple[int, int]:
        """The half-open source span behind the non-empty skeleton span `[start, end)`."""
        spans = self._trace().spans
        return spans[start][0], max(b for _, b in spans[start:end])

    def locate(self, start: int, end: int) -> tuple[int, int]:
        """The skeleton span that stands for the source span `[start, end)`; at least one long."""
        first = bisect_right(self.spans, start, key=lambda span: span[1])
        last = bisect_left(self.spans, end, key=lambda span: span[0])
        return first, max(last, first + 1)

    def is_disguised(self, start: int, end: int) -> bool:
        """True when part of `[start, end)` was put for a disguise, or signs stood inside it."""
        marks = self._trace().marks
        return UNMASKED in marks[start:end] or JOINED in marks[start + 1 : end]

    def _trace(self) -> Traced:
        if self._traced is None:
            self._traced = trace_skeleton(self.source)
        return self._traced


def fold_text(text: str) -> Skeleton:
    """The skeleton of `text`; its time is linear in the length."""
    characters, is_odd = _fold(text)
    folded = characters
    if not folded.isascii():
        if is_odd and _HEART_HINT.search(folded) is not None:
            folded = _HEART.sub("信", folded)
        folded = _RUN.sub(_separate, folded)
    elif is_odd or "  " in folded or _LOOSE.search(folded) is not None:
        folded = _RUN.sub(_separate, folded)
    if _SPACED_HINT.search(folded) is not None:
        folded = _SPACED.sub(_close_up, folded)
    return Skeleton(folded, text, characters, is_odd=is_odd)


def trace_skeleton(text: str) -> Traced:
    """The skeleton of `text` with the place that every character came from."""
    return trace_passes(trace_characters(text))


def trace_passes(traced: Traced) -> Traced:
    """What is left of folded characters when separators are taken out."""
    for hint, pattern, replace in _PASSES:
        if hint is None or hint.search(traced.text) is not None:
            edits = list(_edits(pattern, replace, traced.text))
            if edits:
                traced = traced.apply(edits)
    return traced


def _fold(text: str) -> tuple[str, bool]:
    """`text` with every character folded by itself, and whether it held odd ones."""
    if text.isascii():
        odd = _CONTROL.search(text) is not None
        return (text.translate(_FOLDED) if odd else text.lower()), odd
    plain = text.lower()
    for sign, half in _COMMON:
        plain = plain.replace(sign, half)
    if _ODD.search(plain) is None:
        return plain, False
    return text.translate(_FOLDED), True


def trace_characters(text: str) -> Traced:
    """`text` with every character folded by itself, and the place that it came from."""
    folded, is_odd = _fold(text)
    if not is_odd:
        return Traced(folded, [(i, i + 1) for i in range(len(text))], [PLAIN] * len(text))
    parts: list[str] = []
    spans: list[tuple[int, int]] = []
    marks: list[int] = []
    is_joined = False
    for index, char in enumerate(text):
        read = _FOLDED[ord(char)]
        if not read:
            is_joined = unicodedata.category(char) == "Cf"
            continue
        parts.append(read)
        mark = UNMASKED if char in _FOREIGN else JOINED if is_joined else PLAIN
        is_joined = False
        if len(read) == 1:
            spans.append((index, index + 1))
            marks.append(mark)
        else:
            spans += [(index, index + 1)] * len(read)
            marks += [mark] + [PLAIN if mark == JOINED else mark] * (len(read) - 1)
    return Traced("".join(parts), spans, marks)


@lru_cache(maxsize=8192)
def fold_character(char: str) -> str:
    """What one code point reads as; empty for what is invisible."""
    known = LOOKALIKES.get(char)
    if known is not None:
        return known
    category = unicodedata.category(char)
    if category in _INVISIBLE:
        return ""
    number = unicodedata.numeric(char, None)
    if number is not None and not is_han(char) and category in ("No", "Nd"):
        return f"{number:g}"
    plain = unicodedata.normalize("NFKD", char)
    if len(plain) == 3 and plain[0] == "(" and plain[2] == ")":
        plain = plain[1]
    plain = "".join(c for c in plain if unicodedata.category(c) != "Mn").lower()
    return "".join(LOOKALIKES.get(c, c) for c in plain)


class _Folded(dict[int, str]):
    """`str.translate` table of `fold_character`, filled as characters are met."""

    def __missing__(self, code: int) -> str:
        folded = fold_character(chr(code))
        if any(blank in folded for blank in _BLANKS):
            folded = "".join(" " if c in _BLANKS else c for c in folded)
        self[code] = folded
        return folded


def _ranges(codes: Sequence[int]) -> str:
    """A character class body for sorted code points."""
    starts = [codes[0], *(b for a, b in pairwise(codes) if b > a + 1)]
    ends = [*(a for a, b in pairwise(codes) if b > a + 1), codes[-1]]
    return "".join(f"{chr(a)}-{chr(b)}" for a, b in zip(starts, ends, strict=True))


def _separate(run: re.Match[str]) -> str:
    """What stays of the signs between two words."""
    text, (start, end) = run.string, run.span()
    before = text[start - 1] if start else " "
    after = text[end] if end < len(text) else " "
    touches_han = is_han(before) or is_han(after)
    stays = _KEPT_BETWEEN_HAN if is_han(before) and is_han(after) else _KEPT
    kept: list[str] = []
    for char in run[0]:
        if char == " ":
            if not touches_han and (not kept or kept[-1] != " "):
                kept.append(char)
        elif char == "~" and before.isdigit() and after.isdigit():
            kept.append("-")
        elif char in stays or _is_letter_or_money(char):
            kept.append(char)
    return "".join(kept)


@lru_cache(maxsize=1024)
def _is_letter_or_money(char: str) -> bool:
    return unicodedata.category(char)[0] in "LN" or unicodedata.category(char) == "Sc"


def _close_up(match: re.Match[str]) -> str:
    return match[0][::2]


def _edits(
    pattern: re.Pattern[str], replace: Callable[[re.Match[str]], str], text: str
) -> Iterator[Edit]:
    for match in pattern.finditer(text):
        new = replace(match)
        if new != match[0]:
            yield Edit(*match.span(), new, JOINED)


_FOLDED = _Folded()
_FOREIGN = frozenset({*CYRILLIC_AND_GREEK, *(c.upper() for c in CYRILLIC_AND_GREEK)})
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f]")
_PLAIN_HAN = _ranges(sorted({*range(0x4E00, 0x9FA6)} - {*map(ord, (*LOOKALIKES, *RADICALS))}))
_ODD = re.compile(rf"[^\n -~。、《》{_PLAIN_HAN}]")
_WORD = rf"a-z0-9〇{HAN}"
_RUN = re.compile(
    rf"[^{_WORD}](?!(?<=[,。!?;:、\n\"%+])(?:[{_WORD}]|\Z))"
    rf"(?:(?<=[{HAN}].)|(?!(?<=[,.!?'\"%-]) ?[a-z0-9]|(?<= )[a-z0-9]))[^{_WORD}]*",
    re.DOTALL,
)
_HEART = re.compile(rf"[{HEARTS}](?<=[微v].)[{HEARTS}]*(?!.{{0,2}}信)")
_HEART_HINT = re.compile(rf"[微v][{HEARTS}]")
_SPACED_HINT = re.compile(r"[ .\-_*](?=[a-z][ .\-_*][a-z](?![a-z0-9']))")
_SPACED = re.compile(r"(?<![a-z0-9'])[a-z](?:([ .\-_*])[a-z])(?:\1[a-z]){1,14}(?![a-z0-9'])")
_LOOSE = re.compile(r"[*|~^=_\\`]")
"""ASCII signs that never stay."""
_PASSES: tuple[
    tuple[re.Pattern[str] | None, re.Pattern[str], Callable[[re.Match[str]], str]], ...
] = (
    (_HEART_HINT, _HEART, lambda _: "信"),
    (None, _RUN, _separate),
    (_SPACED_HINT, _SPACED, _close_up),
)
