"""Chinese words spelt in whole or part with Latin letters: `zui hao`, `gao血ya`, `z疗`."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from tools.compliance.han import HAN, is_han
from tools.compliance.phonetics import flatten, readings
from tools.compliance.tracing import UNMASKED, Edit, drop_overlaps

_REGION = re.compile(rf"[a-z{HAN}](?:[a-z{HAN}]| (?=[a-z])|(?<=[a-z]) (?=[{HAN}])|[1-4](?![0-9]))*")
_MIXED = re.compile(rf"[a-z](?:(?<=[{HAN}].)|(?=[1-4]?[{HAN}]))")
_INITIALS = re.compile(r"(?<![a-z])[bcdfghjklmnpqrstwxyz]{4,8}(?![a-z])")
_SYLLABLE = re.compile(
    r"(?<![a-z])(?:zh[aeiou]|z[uai][aino]|x[iu][aenu]?|qi[aeu]?|qu[ae]n|jia|jie|jiu|jun(?![ek])|guo|hao|wei(?!g|r)|yi(?!e)|liao"
    r"|yao|tian|mian|gao|bao|fang|jiang)[a-z]{0,3}?(?: [a-z]{2,6}|[a-z]{2,6})(?![a-z])"
)
"""Spelt words that begin as English words hardly do."""

_LETTERS = re.compile(r"[a-z]+")
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


@dataclass(frozen=True, slots=True)
class _Path:
    end: int
    word: str
    han: int = 0
    spelt: int = 0
    initials: int = 0
    letters: int = 0


class PinyinReader:
    """Finds words of a list that are spelt with letters; `words` are Chinese, and how often used.

    Of words of two characters only those of `initialled` may have one put as its first letter.
    """

    def __init__(self, words: Mapping[str, int], initialled: Iterable[str] = ()) -> None:
        self._root = _Node()
        self._initialled = frozenset(initialled)
        self._uses = words
        self._by_initials: dict[str, str] = {}
        self._after_initial: dict[str, list[_Node]] = {}
        for word in words:
            if 2 <= len(word) <= 6:
                self._add(word)

    def is_needed(self, text: str) -> bool:
        """True when letters touch Chinese characters, could be initials, or look like syllables."""
        if text.isascii():
            return _SYLLABLE.search(text) is not None
        return _MIXED.search(text) is not None or _INITIALS.search(text) is not None

    def edits(self, text: str) -> list[Edit]:
        """The words found, longest first where they overlap, sorted by place."""
        edits = [
            Edit(*match.span(), self._by_initials[match[0]], UNMASKED)
            for match in _INITIALS.finditer(text)
            if match[0] in self._by_initials
        ]
        done = 0
        for start, end in self._starts(text):
            if start < done:
                continue
            best = self._best(text, start, end)
            if best is not None:
                edits.append(Edit(start, best.end, best.word, UNMASKED))
                done = best.end
        return drop_overlaps(edits)

    def _starts(self, text: str) -> Iterator[tuple[int, int]]:
        """Where a word can begin that is spelt in part, with the end of what may belong to it."""
        if text.isascii():
            for match in _SYLLABLE.finditer(text):
                yield match.start(), len(text)
            return
        for region in _REGION.finditer(text):
            done = region.start()
            for run in _LETTERS.finditer(text, *region.span()):
                for at in range(max(done, run.start() - _REACH), run.start()):
                    if is_han(text[at]):
                        yield at, region.end()
                yield run.start(), region.end()
                done = run.end()

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
        if len(word) >= _LEAST_INITIALS:
            initials = "".join(readings().get(char, ("?",))[0][0] for char in word)
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
                or (path.han == 1 and path.word in self._initialled)
            )
        ]
        return max(found, key=self._rank, default=None)

    def _rank(self, path: _Path) -> tuple[int, int, int]:
        return len(path.word), path.han, self._uses[path.word]

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
        for stop in range(at + 1, min(end, at + 6) + 1):
            letters = text[at:stop]
            if not ("a" <= letters[-1] <= "z"):
                break
            after = stop + (stop < end and text[stop] in "1234")
            spelt = _Path(at, "", path.han, path.spelt + 1, path.initials, path.letters + stop - at)
            for child in node.by_sound.get(flatten(letters), ()):
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
