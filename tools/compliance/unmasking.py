"""Undoing disguises of wording: the second skeleton of a sentence that holds any.

What counts as a disguise is decided by the words that the rules are made of: a sign, a spelling or
an odd character is read as another only where one of these words comes out.
"""

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from itertools import pairwise

from tools.compliance.automaton import Automaton
from tools.compliance.disguises import coded_words, load_disguises
from tools.compliance.han import HAN, is_han
from tools.compliance.hints import HintReader
from tools.compliance.homophones import SoundReader
from tools.compliance.lexicon import load_lexicon
from tools.compliance.lookalikes import RADICALS
from tools.compliance.masks import MaskReader
from tools.compliance.pinyin import PinyinReader
from tools.compliance.quickening import compile_quick
from tools.compliance.signs import SignReader
from tools.compliance.skeleton import Skeleton, trace_characters, trace_passes
from tools.compliance.spelling import SpellingReader
from tools.compliance.tracing import JOINED, PLAIN, UNMASKED, Edit, Traced, overlapping

_Edits = Callable[[str], Iterable[Edit]]
_SHORT = 4
_JOINT = re.compile(
    rf"[.\-_~](?:(?<=[{HAN}].)(?=[a-z]{{1,6}}(?![a-z@]|[.][a-z]))|(?<=[a-z].)(?=[{HAN}]))"
)
"""A sign between a Chinese character and a spelt one."""
_GAP = re.compile(rf"[ ](?:(?<=[{HAN}].)|(?=[{HAN}]))")


class Unmasker:
    """Reads through disguises of `words`, the wordings that rules are made of, counted."""

    def __init__(self, words: Mapping[str, int]) -> None:
        words = dict(sorted(words.items(), key=lambda item: (-item[1], item[0])))
        table = load_disguises()
        self._lexicon = load_lexicon()
        rules = {w: n for w, n in words.items() if len(w) > 1 and all(map(is_han, w))}
        han = rules | {w: rules.get(w, 0) for w in table.hidden}
        known = {word: n for word, n in han.items() if not _is_disguise(word, han)}
        latin = {w: count for w, count in words.items() if w.isascii() and w.isalpha()}
        extra = [w for w in table.hidden_en if w.isalpha()] + [*_letters_of(table.codes_en)]
        self._masks = MaskReader(dict.fromkeys(extra, 0) | latin)
        self._pinyin = PinyinReader(
            dict.fromkeys(table.initialled, 0) | known,
            table.initialled,
            table.initials,
            table.hidden,
            table.abbreviations,
        )
        self._sounds = SoundReader(han)
        self._signs = SignReader(known, table.emoji, table.emoji_en, table.ornaments)
        self._hints = HintReader(known, table.hidden, table.initialled, table.starred)
        self._spelling = SpellingReader(table.hidden_en, {*latin, *table.ordinary_en})
        forms = table.swapped | self._sounds.taken_apart
        codes = coded_words()
        self._forms = [
            (form, word, PLAIN if form in codes and _is_wordy(form, word, latin) else UNMASKED)
            for form, word in (forms | codes).items()
            if form != word
        ]
        parts = {p: c for c, all_parts in table.parts.items() for p in all_parts}
        self._parted = {p: c for p, c in parts.items() if set(p) & set(RADICALS)}
        self._parted_pattern = _longest_first(self._parted)
        self._ordinary = _longest_first(table.ordinary)
        self._automaton = Automaton((form, (i,)) for i, (form, *_) in enumerate(self._forms))

    @property
    def literals(self) -> list[str]:
        """Strings one of which stands in every skeleton with a disguise that no sign betrays."""
        return [
            f" {form} " if len(form) < _SHORT and form.isascii() else form
            for form, *_ in self._forms
        ]

    def unmask(self, plain: Skeleton, *, is_coded: bool) -> Skeleton | None:
        """The skeleton with its disguises undone; None when there is none.

        `is_coded` tells that one of `literals` stands in it.
        """
        if not self._is_needed(plain, is_coded=is_coded):
            return None
        before: tuple[_Edits, ...] = (
            self._signs.edits,
            self._masks.spaced_edits,
            self._masks.edits,
            self._hints.hole_edits,
            _joint_edits,
        )
        after: tuple[_Edits, ...] = (
            self._coded_edits,
            self._parted_edits,
            self._pinyin_edits,
            self._spelling.edits,
            self._sounds.edits,
            self._hints.hinted_edits,
        )
        traced = trace_passes(_apply(trace_characters(plain.source), before))
        before_all = traced.text
        traced = _apply(traced, after)
        if traced.text != before_all:
            if _GAP.search(traced.text) is not None:
                traced = trace_passes(traced)
            traced = _apply(traced, (self._coded_edits,))
        if traced.text == plain.text:
            return None
        return Skeleton(traced.text, plain.source, plain.folded, is_odd=plain.is_odd, traced=traced)

    def _is_needed(self, plain: Skeleton, *, is_coded: bool) -> bool:
        text = plain.text
        if is_coded and next(iter(self._coded_edits(text)), None) is not None:
            return True
        if self._masks.is_needed(plain.folded):
            return True
        joined = _JOINT.sub("", text) if not text.isascii() else text
        if self._pinyin.is_needed(joined) and self._pinyin.edits(joined):
            return True
        if self._spelling.is_needed(text):
            return True
        if text.isascii() and not plain.is_odd:
            return False
        if plain.is_odd and (
            self._signs.is_needed(plain.folded) or self._parted_pattern.search(text) is not None
        ):
            return True
        return (
            self._hints.has_holes(plain.folded)
            or self._hints.is_hinted(text)
            or bool(self._sounds.edits(text))
        )

    def _is_split(self, text: str, start: int, end: int) -> bool:
        """True when two or three characters belong to words with what stands around them."""
        if end - start > 3 or not is_han(text[start]) or not is_han(text[end - 1]):
            return False
        pairs = self._lexicon.pairs
        return text[max(0, start - 1) : start + 1] in pairs or text[end - 1 : end + 1] in pairs

    def _parted_edits(self, text: str) -> Iterable[Edit]:
        for match in self._parted_pattern.finditer(text):
            yield Edit(*match.span(), self._parted[match[0]], UNMASKED)

    def _pinyin_edits(self, text: str) -> Iterable[Edit]:
        return self._pinyin.edits(text) if self._pinyin.is_needed(text) else ()

    def _coded_edits(self, text: str) -> Iterable[Edit]:
        """Code words and changed characters, the longest first where they overlap."""
        found: list[tuple[int, int, str, int]] = []
        for end, (index,) in self._automaton.find(text):
            form, word, mark = self._forms[index]
            start = end - len(form)
            if (
                _is_whole(text, start, end)
                and not self._is_split(text, start, end)
                and not _is_plain(text, start, form, word)
            ):
                found.append((start, end, word, mark))
        if not found:
            return
        ordinary = [m.span() for m in self._ordinary.finditer(text)]
        done = 0
        for start, end, word, mark in sorted(found, key=lambda f: (f[0], -f[1])):
            around = overlapping(ordinary, start, end)
            if start >= done and not any(b - a > end - start for a, b in around):
                yield Edit(start, end, word, mark)
                done = end


def _is_wordy(form: str, word: str, latin: Collection[str]) -> bool:
    """True for a code word that may well mean what it says."""
    if form.isascii():
        return all(len(w) < _SHORT or w in latin for w in re.findall(r"[^ ]+", form))
    return all(map(is_han, form)) and (
        len(form) != len(word) or all(load_lexicon().is_likely(a + b) for a, b in pairwise(form))
    )


def _joint_edits(text: str) -> Iterable[Edit]:
    return (Edit(*match.span(), "", JOINED) for match in _JOINT.finditer(text))


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


def _is_plain(text: str, start: int, form: str, word: str) -> bool:
    """True where a code word is part of the plain word, and this is what stands there."""
    at = word.find(form)
    return at >= 0 and text.startswith(word, max(0, start - at))


def _is_whole(text: str, start: int, end: int) -> bool:
    """True unless a Latin word or a number goes on beyond the span."""
    return not (_goes_on(text, start) or _goes_on(text, end))


def _goes_on(text: str, at: int) -> bool:
    sides = text[max(0, at - 1) : at + 1] if at else ""
    return len(sides) == 2 and sides.isascii() and sides.isalnum()


def _letters_of(codes: Mapping[str, Iterable[str]]) -> set[str]:
    return {w for forms in codes.values() for f in forms for w in re.findall(r"[a-z]{3,}", f)}


def _longest_first(words: Iterable[str]) -> re.Pattern[str]:
    return compile_quick("|".join(map(re.escape, sorted(words, key=len, reverse=True))))
