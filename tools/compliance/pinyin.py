"""Chinese words spelt in whole or part with Latin letters: `zui hao`, `gao血ya`, `z疗`."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from tools.compliance.han import HAN, is_han
from tools.compliance.phonetics import flatten, readings
from tools.compliance.tracing import UNMASKED, Edit

_REGION = re.compile(rf"[a-z{HAN}](?:[a-z{HAN}]| (?=[a-z])|(?<=[a-z]) (?=[{HAN}])|[1-4](?![0-9]))*")
_MIXED = re.compile(rf"[a-z](?:(?<=[{HAN}].)|(?=[1-4]?[{HAN}]))")
_INITIALS = re.compile(r"(?<![a-z])[bcdfghjklmnpqrstwxyz]{4,8}(?![a-z])")
_SYLLABLE = re.compile(
    r"(?:zh[aeiou]|zui|x[iu][aenu]|qi[aeu]|quan|que|jia|jie|jiu|jun|guo|hao|wei|yi|liao|yao|tian|mian)"
    r"(?<![a-z].{2})(?<![a-z].{3})(?<![a-z].{4})"
)
"""Beginnings of syllables that English words hardly have."""

_LABELLED = frozenset(
    "级码号款型区类版字形杯罩面货座车位站店柜端线档盘恤领光超金弹板片口网卡值轨股幅家"
)
"""Characters that a single letter stands before in ordinary writing (`A货`, `M码`)."""

_LEAST_LETTERS = 6
_LEAST_INITIALS = 4


@dataclass(slots=True)
class _Node:
    """What may follow the characters so far: by character, by flat syllable, by its first letter."""

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
    """Finds words of a list that are spelt with letters; `words` are Chinese."""

    def __init__(self, words: Iterable[str]) -> None:
        self._root = _Node()
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
        edits: list[Edit] = []
        for region in _REGION.finditer(text):
            if not any("a" <= c <= "z" for c in region[0]):
                continue
            at = region.start()
            while at < region.end():
                best = self._best(text, at, region.end())
                if best is None:
                    at += 1
                    continue
                edits.append(Edit(at, best.end, best.word, UNMASKED))
                at = best.end
        return edits

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

    def _best(self, text: str, start: int, end: int) -> _Path | None:
        if "a" <= text[start] <= "z" and start and "a" <= text[start - 1] <= "z":
            return None
        if not is_han(text[start]) and not "a" <= text[start] <= "z":
            return None
        found = [
            path
            for path in self._paths(self._root, text, start, end, _Path(start, ""))
            if _is_telling(path, text, start)
        ]
        return max(found, key=lambda path: (len(path.word), path.han), default=None)

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
        initial = _Path(at, "", path.han, path.spelt, path.initials + 1, path.letters + 1)
        for child in node.by_initial.get(char, ()):
            yield from self._paths(child, text, at + 1, end, initial)


def _is_telling(path: _Path, text: str, start: int) -> bool:
    """True when so spelt a word is no chance: no letters cut off, and enough of them."""
    if path.end < len(text) and "a" <= text[path.end] <= "z" and "a" <= text[path.end - 1] <= "z":
        return False
    if not path.spelt and not path.initials:
        return False
    written = text[start : path.end]
    if path.initials == 0:
        return bool(path.han) or path.letters >= _LEAST_LETTERS
    if path.han + path.spelt == 0:
        return path.initials >= _LEAST_INITIALS and not set(written) & set("aeiou")
    if len(path.word) == 2:
        return not (written[1:] in _LABELLED or written[:1] in _LABELLED) and bool(path.han)
    return path.han + path.spelt >= path.initials or path.han > 0
