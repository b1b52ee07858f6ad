"""Undoing disguises of wording: the second skeleton of a sentence that holds any.

What counts as a disguise is decided by the words that the rules are made of: a sign, a spelling or
an odd character is read as another only where one of these words comes out.
"""

import re
from collections.abc import Callable, Iterable, Mapping

from tools.compliance.automaton import Automaton
from tools.compliance.disguises import coded_words, load_disguises
from tools.compliance.han import is_han
from tools.compliance.homophones import SoundReader
from tools.compliance.lookalikes import RADICALS
from tools.compliance.masks import MaskReader
from tools.compliance.pinyin import PinyinReader
from tools.compliance.skeleton import (
    Skeleton,
    fold_character,
    trace_characters,
    trace_passes,
)
from tools.compliance.tracing import UNMASKED, Edit, Traced

_Edits = Callable[[str], Iterable[Edit]]
_NEAR = 4
_SHORT = 4


class Unmasker:
    """Reads through disguises of `words`, the wordings that rules are made of, counted."""

    def __init__(self, words: Mapping[str, int]) -> None:
        words = dict(sorted(words.items(), key=lambda item: (-item[1], item[0])))
        table = load_disguises()
        han = {w: n for w, n in words.items() if len(w) > 1 and all(map(is_han, w))}
        self._han = {word: n for word, n in han.items() if not _is_disguise(word, han)}
        latin = {w: count for w, count in words.items() if w.isascii() and w.isalpha()}
        self._masks = MaskReader(dict.fromkeys(_letters_of(table.codes_en), 0) | latin)
        self._pinyin = PinyinReader(
            dict.fromkeys(table.initialled, 0) | self._han, table.initialled
        )
        self._sounds = SoundReader(han)
        self._forms = [*(self._sounds.taken_apart | coded_words()).items()]
        self._emoji = {k[0]: v for k, v in table.emoji.items() if fold_character(k[0]) == k[0]}
        self._emoji_en = {
            k[0]: v for k, v in table.emoji_en.items() if fold_character(k[0]) == k[0]
        }
        signs = "".join(map(re.escape, {*self._emoji, *self._emoji_en}))
        self._signs = re.compile(f"[{signs}]")
        parts = {p: c for c, all_parts in table.splits.items() for p in all_parts}
        self._parted = {p: c for p, c in parts.items() if set(p) & set(RADICALS)}
        self._parted_pattern = _longest_first(self._parted)
        self._automaton = Automaton((form, (i,)) for i, (form, _) in enumerate(self._forms))

    @property
    def literals(self) -> list[str]:
        """Strings one of which stands in every skeleton with a disguise that no sign betrays."""
        return [
            f" {form} " if len(form) < _SHORT and form.isascii() else form
            for form, _ in self._forms
        ]

    def unmask(self, plain: Skeleton, *, is_coded: bool) -> Skeleton | None:
        """The skeleton with its disguises undone; None when there is none.

        `is_coded` tells that one of `literals` stands in it.
        """
        if not self._is_needed(plain, is_coded=is_coded):
            return None
        before: tuple[_Edits, ...] = (
            self._emoji_edits,
            self._masks.spaced_edits,
            self._masks.edits,
        )
        after: tuple[_Edits, ...] = (
            self._coded_edits,
            self._parted_edits,
            self._pinyin_edits,
            self._sounds.edits,
            self._coded_edits,
        )
        traced = trace_passes(_apply(trace_characters(plain.source), before))
        traced = _apply(traced, after)
        if traced.text == plain.text:
            return None
        return Skeleton(traced.text, plain.source, plain.folded, is_odd=plain.is_odd, traced=traced)

    def _is_needed(self, plain: Skeleton, *, is_coded: bool) -> bool:
        text = plain.text
        if is_coded and next(iter(self._coded_edits(text)), None) is not None:
            return True
        if self._masks.is_needed(plain.folded):
            return True
        if self._pinyin.is_needed(text) and self._pinyin.edits(text):
            return True
        if text.isascii() and not plain.is_odd:
            return False
        if plain.is_odd and (
            self._signs.search(plain.folded) is not None
            or self._parted_pattern.search(text) is not None
        ):
            return True
        return bool(self._sounds.edits(text))

    def _emoji_edits(self, text: str) -> Iterable[Edit]:
        has_han = not text.isascii() and any(map(is_han, text))
        for match in self._signs.finditer(text):
            start, end = match.span()
            sign = match[0]
            if start and text[start - 1] == sign:
                yield Edit(start, end, "", UNMASKED)
                continue
            run = 1
            while text[start + run : start + run + 1] == sign:
                run += 1
            if has_han:
                after = text[start + run : start + run + _NEAR]
                word = self._chinese_reading(sign, text[max(0, start - _NEAR) : start], after)
                count = "五" if run == 5 and word == "星" else ""
            else:
                word = f" {self._emoji_en.get(sign, '')} "
                count = " five" if run == 5 and word == " star " else ""
            if word.strip():
                yield Edit(start, end, count + word, UNMASKED)

    def _chinese_reading(self, sign: str, before: str, after: str) -> str:
        options = self._emoji.get(sign, [""])
        left = "".join(c for c in before if is_han(c))
        right = "".join(c for c in after if is_han(c))
        return max(options, key=lambda option: self._weight(left, option, right))

    def _weight(self, left: str, word: str, right: str) -> int:
        """How often the rules use the words that `word` makes with what stands around it."""
        around = left + word + right
        starts, ends = range(len(left) + 1), range(len(left) + len(word), len(around) + 1)
        return max(
            (self._han.get(around[a:b], 0) for a in starts for b in ends if b - a > len(word)),
            default=0,
        )

    def _parted_edits(self, text: str) -> Iterable[Edit]:
        for match in self._parted_pattern.finditer(text):
            yield Edit(*match.span(), self._parted[match[0]], UNMASKED)

    def _pinyin_edits(self, text: str) -> Iterable[Edit]:
        return self._pinyin.edits(text) if self._pinyin.is_needed(text) else ()

    def _coded_edits(self, text: str) -> Iterable[Edit]:
        """Code words and changed characters, the longest first where they overlap."""
        found: list[tuple[int, int, str]] = []
        for end, (index,) in self._automaton.find(text):
            form, word = self._forms[index]
            start = end - len(form)
            if _is_whole(text, start, end):
                found.append((start, end, word))
        done = 0
        for start, end, word in sorted(found, key=lambda f: (f[0], -f[1])):
            if start >= done:
                yield Edit(start, end, word, UNMASKED)
                done = end


def _is_disguise(word: str, words: Mapping[str, int]) -> bool:
    """True when a rule lists a disguise of another of its words, so that none leads to it."""
    return any(
        word[:place] + plain + word[place + 1 :] in words
        for place, char in enumerate(word)
        for plain in load_disguises().stands_for(char)
    )


def _apply(traced: Traced, passes: Iterable[_Edits]) -> Traced:
    for edits in passes:
        wanted = sorted(edits(traced.text), key=lambda edit: edit.start)
        if wanted:
            traced = traced.apply(wanted)
    return traced


def _is_whole(text: str, start: int, end: int) -> bool:
    """True unless a Latin word or a number goes on beyond the span."""
    return not (_goes_on(text, start) or _goes_on(text, end))


def _goes_on(text: str, at: int) -> bool:
    sides = text[max(0, at - 1) : at + 1] if at else ""
    return len(sides) == 2 and sides.isascii() and sides.isalnum()


def _letters_of(codes: dict[str, str]) -> set[str]:
    return {word for code in codes for word in re.findall(r"[a-z]{3,}", code)}


def _longest_first(words: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, sorted(words, key=len, reverse=True))))
