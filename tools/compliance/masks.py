"""Latin words with digits and signs put for letters, or letters held apart: `c*re`, `g-u-t`."""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from itertools import islice, product

from tools.compliance.han import HAN
from tools.compliance.lookalikes import LEET
from tools.compliance.tracing import PLAIN, UNMASKED, Edit, drop_overlaps

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
_BOUNDS = rf"\s,，。；;：:{HAN}\"“”"
_TOKEN = re.compile(
    rf"(?<![^{_BOUNDS}])[^{_BOUNDS}{re.escape(''.join(_SIGNS) + _JOINTS)}]{{0,40}}+"
    rf"[{re.escape(''.join(_SIGNS) + _JOINTS)}][^{_BOUNDS}]{{0,40}}"
)
"""What stands between blanks and holds a sign."""
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
    r"(?=[^a-z]*[a-z][^a-z]*[a-z])[a-z@$][a-z]{0,11}(?:[013457@$!€£¢]{1,2}[a-z]{1,12}){1,4}[@$3]?"
    r"(?:'[a-z]{1,2})?|[0€][a-z]{3,12}(?:[013457@$!€][a-z]{1,12}){0,3}"
)
_SMALL_LEET = {
    "n0": "no", "g0": "go", "s0": "so", "t0": "to", "d0": "do", "0f": "of", "0n": "on", "0r": "or",
    "1n": "in", "1t": "it", "!n": "in", "!t": "it", "@t": "at", "@s": "as", "@n": "an",
    "!s": "is", "0ff": "off", "@ll": "all", "!f": "if", "8y": "by", "w!ll": "will",
}  # fmt: skip
_SMALL = re.compile(
    rf"(?<![a-z0-9.@$€£%/-])(?:{'|'.join(map(re.escape, _SMALL_LEET))})(?![a-z0-9@$%.-])"
)
_ZEROS = re.compile(r"(?<![a-z0-9.])([0-9]{1,5})(o{1,3})(?![a-z0-9])")
"""Letters put for the zeros of a number."""
_LONG_SPACED = re.compile(r"(?<![a-z0-9'])[a-z0-9](?: {1,4}[a-z0-9@$!*]){5,120}(?![a-z0-9'])")
"""A sentence of single letters, with wider gaps between its words."""
_DOTTED = re.compile(r"(?<![a-z0-9'.])[a-z](?:[.,] [a-z0-9@$]){2,20}(?![a-z0-9'])")
"""Letters with a stop and a blank between them: `c. u. r. e.`"""
_HINT = re.compile(r"[0-9.,](?:(?<=[0-9])o{1,3}(?![a-z0-9])|(?<![0-9]) [a-z0-9@$][.,] [a-z0-9@$])")
"""Where the two last are worth looking for."""
_PAIR = re.compile(r"(?<![a-z0-9-])([a-z])[-.]([a-z])(?![a-z0-9-])")


class MaskReader:
    """Reads masked Latin words; `words` are those that it may find, and how often they are used."""

    def __init__(self, words: Mapping[str, int]) -> None:
        self._words = frozenset(w for w in words if len(w) >= _LEAST_LETTERS)
        self._by_length: dict[int, list[str]] = {}
        for word in sorted(self._words, key=lambda w: (-words[w], w)):
            self._by_length.setdefault(len(word), []).append(word)

        self._edits = lru_cache(maxsize=16)(self._find)

    def is_needed(self, text: str) -> bool:
        """True when a masked word is found; `text` is folded but for separators."""
        is_hinted = _HINT.search(text) is not None
        if is_hinted and _ZEROS.search(text) is not None:
            return True
        return (is_hinted or _NEEDED.search(text) is not None or "  " in text) and bool(
            self.spaced_edits(text) or self._edits(text)
        )

    def spaced_edits(self, text: str) -> list[Edit]:
        """Words whose letters are held apart by one and the same sign."""
        edits: list[Edit] = []
        if "  " in text:
            for match in _LONG_SPACED.finditer(text):
                words = [w.replace(" ", "") for w in re.split(" {2,}", match[0])]
                if 1 < len(words) < len(match[0]) / 4:
                    edits.append(Edit(*match.span(), " ".join(words), UNMASKED))
        for match in _SPACED.finditer(text):
            letters = match[0][::2]
            if 2 * sum(c.isalpha() for c in letters) < len(letters):
                continue
            words = self._read(letters) or self._segment(letters)
            if words is not None:
                edits.append(Edit(*match.span(), words, UNMASKED))
        for match in _DOTTED.finditer(text):
            word = self._read(match[0][::3])
            if word is not None:
                edits.append(Edit(*match.span(), word, UNMASKED))
        if edits:
            edits += [
                Edit(*match.span(), match[1] + match[2], UNMASKED)
                for match in _PAIR.finditer(text)
                if match[1] + match[2] in _SMALL_WORDS
            ]
        return drop_overlaps(edits)

    def edits(self, text: str) -> list[Edit]:
        """Words with signs put for letters."""
        zeros = [Edit(*m.span(), m[1] + "0" * len(m[2]), UNMASKED) for m in _ZEROS.finditer(text)]
        edits = list(self._edits(text))
        if edits:
            edits += [Edit(*m.span(), _SMALL_LEET[m[0]], UNMASKED) for m in _SMALL.finditer(text)]
        return drop_overlaps([*zeros, *edits])

    def _find(self, text: str) -> tuple[Edit, ...]:
        return tuple(self._words_in(text))

    def _words_in(self, text: str) -> Iterator[Edit]:
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
        if joints == 1 and (parts := self._in_parts(text, start, end)) is not None:
            yield from parts
            return
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

    def _in_parts(self, text: str, start: int, end: int) -> list[Edit] | None:
        """The masked part of a word with a hyphen whose other part is a plain word."""
        edits: list[Edit] = []
        for part in _PART.finditer(text, start, end):
            if part[0].isalpha() and part[0] in self._words:
                continue
            word = self._read(part[0]) if _SIGN.search(part[0]) else None
            if word is None:
                return None
            edits.append(Edit(*part.span(), word, UNMASKED))
        return edits or None

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
            if "*" in word and len(word) > 2 and 2 * word.count("*") <= len(word):
                shape = re.compile(word.replace("*", "[a-z]"))
                for known in self._by_length.get(len(word), ()):
                    if shape.fullmatch(known):
                        return known
        return None
