"""Chinese words spelt in whole or part with Latin letters: `zui hao`, `gao血ya`, `z疗`."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise
from operator import neg
from typing import NamedTuple

from tools.compliance.han import HAN, is_han
from tools.compliance.lexicon import load_lexicon
from tools.compliance.phonetics import flat_syllables, flatten, readings
from tools.compliance.tracing import PLAIN, UNMASKED, Edit, drop_overlaps

_REGION = re.compile(rf"[a-z{HAN}](?:[a-z{HAN}]| (?=[a-z])|(?<=[a-z]) (?=[{HAN}])|[1-4](?![0-9]))*")
_MIXED = re.compile(rf"[a-z](?:(?<=[{HAN}].)|(?=[1-4]?[{HAN}]))")
_INITIALS = re.compile(r"(?<![a-z0-9])[a-z]{2,8}(?![a-z0-9])")
_SYLLABLE = re.compile(
    r"(?<![a-z])(?:zh[aeiou]|z[uai][aino]|x[iu][aenu]?|qi[aeu]?|qu[ae]n|jia|jie|jiu|jun(?![ek])|guo|hao|wei(?!g|r)|yi(?!e)|liao"
    r"|yao|tian|mian|gao|bao|fang|jiang)[a-z]{0,3}?(?: [a-z]{2,6}|[a-z]{2,6})(?![a-z])"
)
"""Spelt words that begin as English words hardly do."""

_LETTERS = re.compile(r"[a-z]+")
_BESIDE_HAN = re.compile(
    rf"(?:(?<=[{HAN}])|(?<![a-z0-9])(?=[a-z]{{2,6}}[1-4]?[{HAN}]))([a-z]{{2,6}})[1-4]?(?![a-z0-9])"
)
"""Letters that may be a syllable, beside a Chinese character."""
_ANY_HAN = re.compile(f"[{HAN}]")
_REACH = 5
_LEAST_LETTERS = 6
_LEAST_INITIALS = 4


@dataclass(slots=True)
class _Node:
    """What may follow the characters so far: by character, flat syllable, or its first letter."""

    word: str | None = None
    by_char: "dict[str, _Node]" = field(default_factory=dict[str, "_Node"])
    by_sound: "dict[str, list[_Node]]" = field(default_factory=dict[str, list["_Node"]])
    by_initial: "dict[str, list[_Node]]" = field(default_factory=dict[str, list["_Node"]])


class _Path(NamedTuple):
    end: int
    word: str
    han: int = 0
    spelt: int = 0
    initials: int = 0
    letters: int = 0


class PinyinReader:
    """Finds words of a list that are spelt with letters; `words` are Chinese, and how often used.

    Of words of two characters only those of `initialled` may have one put as its first letter;
    `initials` are words that are known by the first letters of all their syllables, as are longer
    ones and those of three in `hidden`, but for `abbreviations`. A single syllable may belong to
    any common word.
    """

    def __init__(
        self,
        words: Mapping[str, int],
        initialled: Iterable[str] = (),
        initials: Mapping[str, str] | None = None,
        hidden: Iterable[str] = (),
        abbreviations: Iterable[str] = (),
    ) -> None:
        self._root = _Node()
        self._initialled = frozenset(initialled)
        self._by_initials = dict(initials or {})
        self._short = frozenset(word for word in hidden if len(word) == _LEAST_INITIALS - 1)
        self._abbreviations = frozenset(abbreviations)
        self._after_initial: dict[str, list[_Node]] = {}
        self._known = frozenset(words)
        self._found = lru_cache(maxsize=64)(self._find)
        self._uses = words
        self._beside = {
            pair
            for word in words
            if 2 < len(word) <= 6 or word in self._initialled
            for first, second in pairwise(word)
            for a, b in ((first, second), (second, first))
            for initial in {flatten(s)[0] for s in readings().get(a, ())}
            for pair in ((initial + b,) if a == first else (b + initial,))
        }
        for word in words:
            if 2 <= len(word) <= 6:
                self._add(word)
        self._first: dict[tuple[str, str], str] = {}
        self._second: dict[tuple[str, str], str] = {}
        for first, second in load_lexicon().pairs:
            for sound in {flatten(s) for s in readings().get(second, ())}:
                self._second.setdefault((first, sound), second)
            for sound in {flatten(s) for s in readings().get(first, ())}:
                self._first.setdefault((second, sound), first)

    def is_needed(self, text: str) -> bool:
        """True when letters touch Chinese characters, could be initials, or look like syllables."""
        if text.isascii() or _ANY_HAN.search(text) is None:
            return _SYLLABLE.search(text) is not None
        return _MIXED.search(text) is not None or not self._by_initials.keys().isdisjoint(
            _INITIALS.findall(text)
        )

    def edits(self, text: str) -> list[Edit]:
        """The words found, longest first where they overlap, sorted by place."""
        return self._found(text)

    def _find(self, text: str) -> list[Edit]:
        edits = [
            Edit(*match.span(), self._by_initials[match[0]], UNMASKED)
            for match in _INITIALS.finditer(text)
            if match[0] in self._by_initials and _is_beside_han(text, *match.span())
        ]
        found = [
            (start, best)
            for start, end in self._starts(text)
            if (best := self._best(text, start, end)) is not None
        ]
        taken = bytearray(len(text))
        for start, best in sorted(found, key=lambda f: (*map(neg, self._rank(f[1])), f[0])):
            if not any(taken[start : best.end]):
                taken[start : best.end] = b"1" * (best.end - start)
                mark = UNMASKED if best.han or not text.isascii() else PLAIN
                edits.append(Edit(start, best.end, best.word, mark))
        if text.isascii():
            return edits
        for match in _BESIDE_HAN.finditer(text):
            if not any(taken[match.start() : match.end()]):
                char = self._common(text, match)
                if char is not None:
                    edits.append(Edit(*match.span(), char, PLAIN))
        return drop_overlaps(edits)

    def _common(self, text: str, syllable: re.Match[str]) -> str | None:
        """The character that makes a common word with the one before or behind a syllable."""
        sound = flatten(syllable[1])
        start, end = syllable.span()
        before, after = text[start - 1 : start], text[end : end + 1]
        return self._second.get((before, sound)) or self._first.get((after, sound))

    def _starts(self, text: str) -> Iterator[tuple[int, int]]:
        """Where a word can begin that is spelt in part, with the end of what may belong to it."""
        if _ANY_HAN.search(text) is None:
            for match in _SYLLABLE.finditer(text):
                yield match.start(), len(text)
            return
        for region in _REGION.finditer(text):
            done = region.start()
            for run in _LETTERS.finditer(text, *region.span()):
                if not self._can_spell(text, *run.span()):
                    done = run.end()
                    continue
                for at in range(max(done, run.start() - _REACH), run.start()):
                    if is_han(text[at]):
                        yield at, region.end()
                yield run.start(), region.end()
                done = run.end()

    def _can_spell(self, text: str, start: int, end: int) -> bool:
        """True unless letters begin with no syllable, or one letter stands in no known word."""
        if end - start > 1:
            if text[start - 1 : start] == " " or text[end : end + 1] == " ":
                return True
            run = text[start:end]
            return any(flatten(run[:size]) in flat_syllables() for size in range(1, 7))
        return (
            text[start - 1 : end] in self._beside
            or text[start : end + 1] in self._beside
            or text[start - 1 : start] == " "
            or text[end : end + 1] == " "
        )

    def _add(self, word: str) -> None:
        node = self._root
        for char in word:
            if char not in node.by_char:
                child = node.by_char[char] = _Node()
                sounds = {flatten(s) for s in readings().get(char, ())}
                for sound in sounds:
                    node.by_sound.setdefault(sound, []).append(child)
                for initial in {sound[0] for sound in sounds}:
                    node.by_initial.setdefault(initial, []).append(child)
            node = node.by_char[char]
        node.word = word
        if len(word) >= _LEAST_INITIALS or word in self._short:
            initials = "".join(readings().get(char, ("?",))[0][0] for char in word)
            if initials not in self._abbreviations:
                self._by_initials.setdefault(initials, word)
        second = self._root.by_char[word[0]].by_char[word[1]]
        for initial in {flatten(s)[0] for s in readings().get(word[0], ())}:
            nodes = self._after_initial.setdefault(initial + word[1], [])
            if all(second is not known for known in nodes):
                nodes.append(second)

    def _best(self, text: str, start: int, end: int) -> _Path | None:
        found = [
            path
            for path in self._paths(self._root, text, start, end, _Path(start, ""))
            if _is_telling(path, text)
            and (
                len(path.word) > 2
                or not path.initials
                or (path.han + path.spelt == 1 and path.word in self._initialled)
            )
        ]
        return max(found, key=self._rank, default=None)

    def _rank(self, path: _Path) -> tuple[int, int, int, int]:
        """Longer words first, then those that account for more letters, and those used more."""
        return len(path.word), path.letters, path.han, self._uses[path.word]

    def _paths(self, node: _Node, text: str, at: int, end: int, path: _Path) -> Iterator[_Path]:
        if node.word is not None and at > path.end - 1:
            yield _Path(at, node.word, path.han, path.spelt, path.initials, path.letters)
        while at < end and text[at] == " ":
            at += 1
        if at >= end:
            return
        char = text[at]
        if is_han(char):
            child = node.by_char.get(char)
            if child is not None:
                step = _Path(at, "", path.han + 1, path.spelt, path.initials, path.letters)
                yield from self._paths(child, text, at + 1, end, step)
            return
        by_sound = node.by_sound
        for stop in range(at + 1, min(end, at + 6) + 1) if by_sound else ():
            letters = text[at:stop]
            if not ("a" <= letters[-1] <= "z"):
                break
            children = by_sound.get(flatten(letters))
            if children is None:
                continue
            after = stop + (stop < end and text[stop] in "1234")
            spelt = _Path(at, "", path.han, path.spelt + 1, path.initials, path.letters + stop - at)
            for child in children:
                yield from self._paths(child, text, after, end, spelt)
        if not _stands_alone(text, at):
            return
        if node is self._root and is_han(text[at + 1 : at + 2] or " "):
            step = _Path(at, "", path.han + 1, path.spelt, path.initials + 1, path.letters + 1)
            for child in self._after_initial.get(text[at : at + 2], ()):
                yield from self._paths(child, text, at + 2, end, step)
        else:
            initial = _Path(at, "", path.han, path.spelt, path.initials + 1, path.letters + 1)
            for child in node.by_initial.get(char, ()):
                yield from self._paths(child, text, at + 1, end, initial)


def _is_beside_han(text: str, start: int, end: int) -> bool:
    """True unless other letters or signs of them stand on both sides."""
    return is_han(text[start - 1 : start] or " ") or is_han(text[end : end + 1] or " ")


def _stands_alone(text: str, at: int) -> bool:
    """True for one letter beside a Chinese character."""
    before, after = text[at - 1 : at] if at else " ", text[at + 1 : at + 2] or " "
    return not ("a" <= before <= "z" or "a" <= after <= "z") and (is_han(before) or is_han(after))


def _is_telling(path: _Path, text: str) -> bool:
    """True when so spelt a word is no chance: no letters cut off, and enough of them."""
    if path.end < len(text) and "a" <= text[path.end] <= "z" and "a" <= text[path.end - 1] <= "z":
        return False
    if not path.spelt and not path.initials:
        return False
    if path.initials == 0:
        return bool(path.han) or path.letters >= _LEAST_LETTERS
    return path.han + path.spelt >= path.initials
