"""Undoing disguises of wording: the second skeleton of a sentence that holds any.

What counts as a disguise is decided by the words that the rules are made of: a sign, a spelling or
an odd character is read as another only where one of these words comes out.
"""

import re
from collections.abc import Callable, Iterable

from tools.compliance.automaton import Automaton
from tools.compliance.disguises import coded_words, load_disguises
from tools.compliance.han import is_han
from tools.compliance.homophones import SoundReader
from tools.compliance.masks import MaskReader
from tools.compliance.pinyin import PinyinReader
from tools.compliance.skeleton import (
    Skeleton,
    fold_character,
    fold_characters,
    trace_characters,
    trace_passes,
)
from tools.compliance.tracing import UNMASKED, Edit, Traced

_Edits = Callable[[str], Iterable[Edit]]
_NEAR = 4


class Unmasker:
    """Reads through disguises of `words`, the wordings that rules are made of."""

    def __init__(self, words: Iterable[str]) -> None:
        table = load_disguises()
        wanted = set(words)
        han = {w for w in wanted if len(w) > 1 and all(map(is_han, w))}
        self._han = frozenset(han)
        self._masks = MaskReader(
            {*(w for w in wanted if w.isascii() and w.isalpha()), *_letters_of(table.codes_en)}
        )
        self._pinyin = PinyinReader(han)
        self._sounds = SoundReader(han)
        self._forms = [*(self._sounds.taken_apart | coded_words()).items()]
        self._emoji = {fold_character(k[0]): v for k, v in table.emoji.items()}
        self._emoji_en = {fold_character(k[0]): v for k, v in table.emoji_en.items()}
        signs = "".join(map(re.escape, {*self._emoji, *self._emoji_en}))
        self._signs = re.compile(f"[{signs}]")
        self._radicals = re.compile(f"[{table.radicals}]")
        parts = {p: c for c, all_parts in table.splits.items() for p in all_parts}
        self._parted = {p: c for p, c in parts.items() if self._radicals.search(p)}
        self._parted_pattern = _longest_first(self._parted)
        self._automaton = Automaton((form, (i,)) for i, (form, _) in enumerate(self._forms))

    @property
    def literals(self) -> list[str]:
        """Strings one of which stands in every skeleton with a disguise that no sign betrays."""
        return [form for form, _ in self._forms]

    def is_needed(self, source: str, skeleton: str) -> bool:
        """True when signs of a disguise are seen in a text or its skeleton.

        To be asked only of texts that hold none of `literals`; those need it anyway.
        """
        if source.isascii():
            return self._masks.is_needed(source.lower()) or self._pinyin.is_needed(skeleton)
        folded = fold_characters(source)
        return (
            self._pinyin.is_needed(skeleton)
            or self._masks.is_needed(folded)
            or self._signs.search(folded) is not None
            or self._radicals.search(skeleton) is not None
            or bool(self._sounds.edits(skeleton))
        )

    def unmask(self, source: str, plain: str) -> Skeleton | None:
        """The skeleton of `source` with its disguises undone; None when that is `plain`."""
        traced = trace_characters(source)
        before: tuple[_Edits, ...] = (
            self._emoji_edits,
            self._masks.spaced_edits,
            self._masks.edits,
        )
        after: tuple[_Edits, ...] = (
            self._coded_edits,
            self._parted_edits,
            self._pinyin.edits,
            self._sounds.edits,
            self._coded_edits,
        )
        traced = trace_passes(_apply(traced, before))
        traced = _apply(traced, after)
        return Skeleton(traced.text, source, traced) if traced.text != plain else None

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
                word = self._chinese_reading(sign, text[:start], text[start + run :])
                count = "五" if run == 5 and word == "星" else ""
            else:
                word = f" {self._emoji_en.get(sign, '')} "
                count = " five" if run == 5 and word == " star " else ""
            if word.strip():
                yield Edit(start, end, count + word, UNMASKED)

    def _chinese_reading(self, sign: str, before: str, after: str) -> str:
        options = self._emoji.get(sign, [""])
        left = "".join(c for c in before[-_NEAR:] if is_han(c))
        right = "".join(c for c in after[:_NEAR] if is_han(c))
        for option in options:
            around = left + option + right
            for a in range(len(left) + 1):
                for b in range(len(left) + len(option), len(around) + 1):
                    if b - a > len(option) and around[a:b] in self._han:
                        return option
        return options[0]

    def _parted_edits(self, text: str) -> Iterable[Edit]:
        for match in self._parted_pattern.finditer(text):
            yield Edit(*match.span(), self._parted[match[0]], UNMASKED)

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
