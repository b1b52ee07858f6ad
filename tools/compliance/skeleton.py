"""The skeleton of a text: a normal form in which disguised wording reads as the wording itself.

Folded away: letter case, full and half width, accents, zero-width and variation characters,
enclosed digits and letters, traditional characters, common look-alikes, and separators, symbols or
emoji put between Chinese characters or inside a Latin word. Every character of the skeleton knows
the code points of the original that it came from.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from tools.compliance.lookalikes import HEARTS, LEET, LOOKALIKES

_KEPT = frozenset("\n,.。!?;:、%+#\"'()[]{}《》〈〉【】&@/-<>")
_KEPT_BETWEEN_HAN = frozenset('\n,。!?;:、%+#"《》〈〉<>&@')
_INVISIBLE = frozenset({"Cf", "Mn", "Me", "Mc", "Cs", "Co", "Cn"})
_SPACED_LETTERS = re.compile(
    r"(?<![a-z0-9'])[a-z](?:([ .\-_*])[a-z])(?:\1[a-z]){1,14}(?![a-z0-9'])"
)
_MASKED_WORD = re.compile(
    r"(?<![a-z0-9@$.])[a-z]{1,12}[013457@$]{1,2}(?:[a-z]{1,12}[013457@$]{1,2}){0,3}[a-z]{1,12}"
    r"(?![a-z0-9@$]|\.[a-z])"
)


@dataclass(frozen=True, slots=True)
class Skeleton:
    """Folded text; `spans[i]` is the half-open span of the original behind character `i`."""

    text: str
    spans: tuple[tuple[int, int], ...]

    def original(self, start: int, end: int) -> tuple[int, int]:
        """The half-open original span behind the non-empty skeleton span `[start, end)`."""
        return self.spans[start][0], self.spans[end - 1][1]


@dataclass(frozen=True, slots=True)
class _Unit:
    char: str
    start: int
    end: int


def fold_text(text: str) -> Skeleton:
    """The skeleton of `text`, in one pass over its code points and two over the result."""
    units = _drop_separators(_fold_characters(text))
    units = _unmask_words(_join_spaced_letters(units))
    return Skeleton("".join(u.char for u in units), tuple((u.start, u.end) for u in units))


def is_han(char: str) -> bool:
    """True for a Chinese character."""
    return "\u4e00" <= char <= "\u9fff" or "\u3400" <= char <= "\u4dbf"


@lru_cache(maxsize=8192)
def fold_character(char: str) -> str:
    """What one code point reads as; empty for what is invisible."""
    known = LOOKALIKES.get(char)
    if known is not None:
        return known
    if unicodedata.category(char) in _INVISIBLE:
        return ""
    number = unicodedata.numeric(char, None)
    if number is not None and not is_han(char) and unicodedata.category(char) in ("No", "Nd"):
        return f"{number:g}"
    plain = unicodedata.normalize("NFKD", char)
    if len(plain) == 3 and plain[0] == "(" and plain[2] == ")":
        plain = plain[1]
    plain = "".join(c for c in plain if unicodedata.category(c) != "Mn").lower()
    return "".join(LOOKALIKES.get(c, c) for c in plain)


def _fold_characters(text: str) -> list[_Unit]:
    units: list[_Unit] = []
    for index, char in enumerate(text):
        if (
            char in HEARTS
            and units
            and units[-1].char in "微v"
            and "信" not in text[index : index + 3]
        ):
            units.append(_Unit("信", index, index + 1))
            continue
        units.extend(
            _Unit(" " if folded in "\t\r\f\v" else folded, index, index + 1)
            for folded in fold_character(char)
        )
    return units


def _is_word(char: str) -> bool:
    return is_han(char) or (char.isascii() and char.isalnum()) or char == "〇"


def _drop_separators(units: list[_Unit]) -> list[_Unit]:
    """Remove what stands between two Chinese characters or hides inside a Latin word."""
    kept: list[_Unit] = []
    i = 0
    while i < len(units):
        if _is_word(units[i].char):
            kept.append(units[i])
            i += 1
            continue
        j = i
        while j < len(units) and not _is_word(units[j].char):
            j += 1
        before = kept[-1].char if kept else ""
        after = units[j].char if j < len(units) else ""
        kept.extend(_separator(units[i:j], before, after))
        i = j
    return kept


def _separator(run: list[_Unit], before: str, after: str) -> list[_Unit]:
    han = is_han(before or " ") or is_han(after or " ")
    both = is_han(before or " ") and is_han(after or " ")
    kept: list[_Unit] = []
    for unit in run:
        char = unit.char
        if char == " ":
            if not han and (not kept or kept[-1].char != " "):
                kept.append(unit)
        elif char == "~" and before.isdigit() and after.isdigit():
            kept.append(_Unit("-", unit.start, unit.end))
        elif char in (_KEPT_BETWEEN_HAN if both else _KEPT) or _is_letter_or_money(char):
            kept.append(unit)
    return kept


def _is_letter_or_money(char: str) -> bool:
    return unicodedata.category(char)[0] in "LN" or unicodedata.category(char) == "Sc"


def _join_spaced_letters(units: list[_Unit]) -> list[_Unit]:
    text = "".join(u.char for u in units)
    gone = {
        match.start() + offset
        for match in _SPACED_LETTERS.finditer(text)
        for offset in range(1, match.end() - match.start(), 2)
    }
    return [u for i, u in enumerate(units) if i not in gone] if gone else units


def _unmask_words(units: list[_Unit]) -> list[_Unit]:
    text = "".join(u.char for u in units)
    masked = {i for match in _MASKED_WORD.finditer(text) for i in range(*match.span())}
    if not masked:
        return units
    return [
        _Unit(u.char.translate(LEET), u.start, u.end) if i in masked else u
        for i, u in enumerate(units)
    ]
