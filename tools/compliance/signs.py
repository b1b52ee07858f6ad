"""Emoji and other signs that are put for a syllable or for the thing that they show."""

import re
from collections.abc import Iterator, Mapping, Sequence

from tools.compliance.han import HAN, is_han
from tools.compliance.skeleton import fold_character
from tools.compliance.tracing import UNMASKED, Edit

_NEAR = 4
_PERHAPS = re.compile("[\u00a9-\u2fff\u3200-\u33ff\U0001f000-\U0010ffff]")
"""Where signs stand among the characters: one at a time."""
_LETTER = re.compile(rf"[a-z0-9{HAN}]")
_LEANS = re.compile(
    r"(?:\b(?:a|an|the|in|of|for|your|my|our|his|her|no|kills?|cures?|by|with|on|from|to|get|gets|and"
    r"|or|s|via|per|any|all|is|are|as|into|good|bad)|[0-9])[ -]*\Z"
)
"""Words after which something must follow, so that a sign there is read."""


class SignReader:
    """Reads signs as words; `words` are Chinese words that rules look for, and how often.

    `chinese` gives the readings of a sign, of which the one is taken that makes a word with its
    neighbours; `english` gives its word. Of `ornaments` it is known that they also stand for
    nothing: they are read only where a word comes out or is wanting.
    """

    def __init__(
        self,
        words: Mapping[str, int],
        chinese: Mapping[str, Sequence[str]],
        english: Mapping[str, str],
        ornaments: str,
    ) -> None:
        self._words = words
        self._chinese = {k[0]: v for k, v in chinese.items() if fold_character(k[0]) == k[0]}
        self._english = {k[0]: v for k, v in english.items() if fold_character(k[0]) == k[0]}
        self._ornaments = frozenset(ornaments)
        self._signs = frozenset({*self._chinese, *self._english})

    def is_needed(self, text: str) -> bool:
        """True when a sign is met; `text` is folded but for separators."""
        return any(sign in self._signs for sign in _PERHAPS.findall(text))

    def edits(self, text: str) -> Iterator[Edit]:
        """The words, sorted by place; a run of one sign is read once."""
        if not self.is_needed(text):
            return
        has_han = any(map(is_han, text))
        for match in _PERHAPS.finditer(text):
            start, end = match.span()
            sign = match[0]
            if sign not in self._signs:
                continue
            if start and text[start - 1] == sign:
                yield Edit(start, end, "", UNMASKED)
                continue
            run = 1
            while text[start + run : start + run + 1] == sign:
                run += 1
            read = self._chinese_word if has_han else self._english_word
            word = read(text, start, start + run)
            count = {"星": "五", " star ": " five"}.get(word, "") if run == 5 else ""
            if word.strip():
                yield Edit(start, end, count + word, UNMASKED)

    def _chinese_word(self, text: str, start: int, end: int) -> str:
        options = self._chinese.get(text[start], ("",))
        before, after = text[max(0, start - _NEAR) : start], text[end : end + _NEAR]
        left = "".join(c for c in before if is_han(c))
        right = "".join(c for c in after if is_han(c))
        weights = [self._weight(left, option, right) for option in options]
        best, without = max(weights), self._weight(left, "", right)
        if best > without:
            return options[weights.index(best)]
        return options[0] if not without and text[start] not in self._ornaments else ""

    def _english_word(self, text: str, start: int, end: int) -> str:
        if text[start - 1 : start].isalpha() and text[end : end + 1].isalpha():
            return "*"
        word = self._english.get(text[start], "")
        if text[start] in self._ornaments:
            before = text[max(0, start - 12) : start]
            after = text[end : end + 3].lstrip("\ufe0f ")
            if _LEANS.search(before) is None and not (
                _LETTER.search(before[-2:]) and _LETTER.match(after)
            ):
                return ""
        return f" {word} "

    def _weight(self, left: str, word: str, right: str) -> int:
        """How often the rules use the words that `word` makes with what stands around it."""
        around = left + word + right
        starts, ends = range(len(left) + 1), range(len(left) + len(word), len(around) + 1)
        return max(
            (
                self._words.get(around[a:b], -1) + 1
                for a in starts
                for b in ends
                if b - a > len(word)
            ),
            default=0,
        )
