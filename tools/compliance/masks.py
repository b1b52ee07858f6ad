"""Latin words with digits and signs put for letters, or letters held apart: `c*re`, `g-u-t`."""

import re
from collections.abc import Iterator, Mapping
from itertools import islice, product

from tools.compliance.han import HAN
from tools.compliance.lookalikes import LEET
from tools.compliance.tracing import PLAIN, UNMASKED, Edit

_SIGNS = {
    "0": "o", "1": "il", "2": "z", "3": "e", "4": "a", "5": "s", "6": "gb", "7": "t", "8": "b",
    "9": "g", "@": "a", "$": "s", "!": "il", "€": "e", "£": "l", "¥": "y", "¢": "c", "+": "t",
    "|": "li", "(": "c", "^": "a", "*": "*", "#": "*",
}  # fmt: skip
_JOINTS = "-._/~·"
_AROUND = "()[]{}.,!?'-_/…*"
_LETTERS = re.compile(r"[a-z]{2}|[a-z].{1,3}[a-z]|[@$!€].?[a-z].|[a-z].?[@$!€].")
_MOST_READINGS = 128
_LEAST_LETTERS = 3
_LONGEST_WORD = 16
_SMALL_WORDS = frozenset(
    ["a", "i", "of", "in", "to", "my", "it", "is", "by", "on", "we", "us", "me", "up", "no", "at"]
)
_JOINT = re.compile(f"[{re.escape(_JOINTS)}]")
_SIGN = re.compile(f"[{re.escape(''.join(_SIGNS))}]")
_TOKEN = re.compile(rf"[^\s,，。；;：:{HAN}\"“”]{{2,40}}")
_NEEDED = re.compile(
    r"[0-9@$!€£¥¢|(*#+^\-./_~·]"
    r"(?:(?<=\S.)(?=[a-z])|(?<![a-z0-9].)(?=[a-z]{2}|[@$!€]{1,2}[a-z])"
    r"|(?<=[a-z][ .\-_*/|~·].)(?<![a-z0-9][a-z][ .\-_*/|~·].)|(?<=[a-z]{2}[$@€])(?![a-z0-9]))"
)
"""A sign inside or before a Latin word, or behind a letter that stands alone."""
_SPACED = re.compile(
    r"(?<![a-z0-9@$!'])[a-z0-9@$!*](?:([ .\-_*/|~·])[a-z0-9@$!*])(?:\1[a-z0-9@$!*]){1,40}"
    r"(?![a-z0-9@$])"
)
_JOINED = re.compile(r"[a-z]+(?:[-._/~·][a-z]+)+")
_PART = re.compile(f"[^{re.escape(_JOINTS)}]+")
_TONES = re.compile(r"(?:[a-z]{2,6}[1-4])+")
"""Syllables with the numbers of their tones."""
_LEET_WORD = re.compile(
    r"(?=[^a-z]*[a-z][^a-z]*[a-z])[a-z@$][a-z]{0,11}(?:[013457@$!]{1,2}[a-z]{1,12}){1,4}[@$3]?"
)


class MaskReader:
    """Reads masked Latin words; `words` are those that it may find, and how often they are used."""

    def __init__(self, words: Mapping[str, int]) -> None:
        self._words = frozenset(w for w in words if len(w) >= _LEAST_LETTERS)
        self._by_length: dict[int, list[str]] = {}
        for word in sorted(self._words, key=lambda w: (-words[w], w)):
            self._by_length.setdefault(len(word), []).append(word)

    def is_needed(self, text: str) -> bool:
        """True when a masked word is found; `text` is folded but for separators."""
        return _NEEDED.search(text) is not None and bool(
            self.spaced_edits(text) or next(self._edits(text), None)
        )

    def spaced_edits(self, text: str) -> list[Edit]:
        """Words whose letters are held apart by one and the same sign."""
        edits: list[Edit] = []
        for match in _SPACED.finditer(text):
            letters = match[0][::2]
            words = self._read(letters) or self._segment(letters)
            if words is not None:
                edits.append(Edit(*match.span(), words, UNMASKED))
        return edits

    def edits(self, text: str) -> list[Edit]:
        """Words with signs put for letters."""
        return list(self._edits(text))

    def _edits(self, text: str) -> Iterator[Edit]:
        for token in _TOKEN.finditer(text):
            start, end = token.start(), token.end()
            core = token[0].strip(_AROUND)
            if len(core) < _LEAST_LETTERS or (core.isalpha() and "*" not in token[0]):
                continue
            start += token[0].index(core)
            end = start + len(core)
            if (
                text[start - 1 : start] == "*"
                and text[end : end + 1] != "*"
                and start > token.start()
            ):
                start -= 1
            yield from self._token_edits(text, start, end, token.end())

    def _token_edits(self, text: str, start: int, end: int, limit: int) -> Iterator[Edit]:
        """A masked word in `[start, end)`, or with the sign behind it; else its parts."""
        written = text[start:end]
        joints = len(_JOINT.findall(written))
        for stop in (end, end + 1) if end < limit and text[end] in "!*" else (end,):
            longer = text[start:stop]
            signs = len(_SIGN.findall(longer))
            if _LETTERS.search(longer) is None or not (
                signs or (joints and _JOINED.fullmatch(longer))
            ):
                continue
            word = self._read(_JOINT.sub("", longer) if joints else longer)
            if word is not None:
                yield Edit(start, stop, word, UNMASKED if signs or joints > 1 else PLAIN)
                return
        if not joints:
            if _LEET_WORD.fullmatch(written) and not _TONES.fullmatch(written):
                yield Edit(start, end, written.translate(LEET), UNMASKED)
            return
        for part in _PART.finditer(text, start, end):
            if _SIGN.search(part[0]) and len(part[0]) >= _LEAST_LETTERS:
                yield from self._token_edits(text, *part.span(), part.end())

    def _segment(self, letters: str) -> str | None:
        """`letters` as known words side by side; None when they are not."""
        ways: list[str | None] = ["", *([None] * len(letters))]
        for end in range(2, len(letters) + 1):
            for start in range(max(0, end - _LONGEST_WORD), end):
                before, word = ways[start], letters[start:end]
                if before is not None and (word in self._words or word in _SMALL_WORDS):
                    ways[end] = f"{before} {word}".strip()
                    break
        return ways[-1]

    def _read(self, written: str) -> str | None:
        """The first known word that `written` can be."""
        options = [_SIGNS.get(c, c) for c in written]
        if not all(c.isalpha() or c == "*" for option in options for c in option):
            return None
        for reading in islice(product(*options), _MOST_READINGS):
            word = "".join(reading)
            if word in self._words:
                return word
            if "*" in word and len(word) > 3 and 2 * word.count("*") <= len(word):
                shape = re.compile(word.replace("*", "[a-z]"))
                for known in self._by_length.get(len(word), ()):
                    if shape.fullmatch(known):
                        return known
        return None
