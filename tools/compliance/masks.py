"""Latin words with digits and signs put for letters, or letters held apart: `c*re`, `g-u-t`."""

import re
from collections.abc import Iterable, Iterator
from itertools import islice, product

from tools.compliance.han import HAN
from tools.compliance.lookalikes import LEET
from tools.compliance.tracing import PLAIN, UNMASKED, Edit

_SIGNS = {
    "0": "o", "1": "il", "2": "z", "3": "e", "4": "a", "5": "s", "6": "gb", "7": "t", "8": "b",
    "9": "g", "@": "a", "$": "s", "!": "il", "€": "e", "£": "l", "¥": "y", "¢": "c", "+": "t",
    "|": "li", "(": "c", "^": "a", "*": "*", "#": "*",
}  # fmt: skip
_JOINTS = "-._/~·'"
_MOST_READINGS = 128
_LEAST_LETTERS = 3
_TOKEN = re.compile(rf"[^\s,，。；;：:{HAN}\"“”]{{2,40}}")
_NEEDED = re.compile(
    r"[0-9@$!€£¥¢+|(^*#](?:(?<=[a-z].)(?=[0-9@$!€£¥¢|*#]{0,2}[a-z])|(?<![a-z0-9].)(?=[a-z]{2}))"
    r"|[a-z0-9@$!][ .\-_*/|~·](?=[a-z0-9@$!*][ .\-_*/|~·][a-z0-9@$!*](?![a-z0-9]))"
    r"|[\-./_](?<=[a-z].)(?=[a-z])|[$@0-9!](?<=[a-z]{2}.)(?![a-z0-9])"
)
_SPACED = re.compile(
    r"(?<![a-z0-9@$!'])[a-z0-9@$!*](?:([ .\-_*/|~·])[a-z0-9@$!*])(?:\1[a-z0-9@$!*]){1,14}"
    r"(?![a-z0-9@$])"
)
_LEET_WORD = re.compile(r"[a-z]{1,12}[013457@$]{1,2}(?:[a-z]{1,12}[013457@$]{1,2}){0,3}[a-z]{1,12}")


class MaskReader:
    """Reads masked Latin words; `words` are those that it may find."""

    def __init__(self, words: Iterable[str]) -> None:
        self._words = frozenset(w for w in words if len(w) >= _LEAST_LETTERS)
        self._by_length: dict[int, list[str]] = {}
        for word in sorted(self._words):
            self._by_length.setdefault(len(word), []).append(word)

    def is_needed(self, text: str) -> bool:
        """True when a sign stands inside or before a Latin word."""
        return _NEEDED.search(text) is not None

    def spaced_edits(self, text: str) -> list[Edit]:
        """Words whose letters are held apart by one and the same sign."""
        edits: list[Edit] = []
        for match in _SPACED.finditer(text):
            word = self._read(match[0][::2])
            if word is not None:
                edits.append(Edit(*match.span(), word, UNMASKED))
        return edits

    def edits(self, text: str) -> list[Edit]:
        """Words with signs put for letters."""
        return list(self._edits(text))

    def _edits(self, text: str) -> Iterator[Edit]:
        for token in _TOKEN.finditer(text):
            start, end = token.span()
            while start < end and text[start] in "()[]{}.,!?'-_/…*":
                start += 1
            for stop in dict.fromkeys((end, start + len(text[start:end].rstrip(")]}.,!?'-_/…*")))):
                written = text[start:stop]
                letters = sum("a" <= c <= "z" for c in written)
                if letters < 2 or written.isalpha():
                    continue
                word, mark = self._unmask(written)
                if word is not None:
                    yield Edit(start, stop, word, mark)
                    break

    def _unmask(self, written: str) -> tuple[str | None, int]:
        joints = sum(c in _JOINTS for c in written)
        signs = sum(c in _SIGNS for c in written)
        if joints and not signs and not (written.isascii() and _is_joined(written)):
            return None, PLAIN
        bare = "".join(c for c in written if c not in _JOINTS) if joints else written
        word = self._read(bare) if len(bare) >= _LEAST_LETTERS else None
        if word is not None:
            return word, UNMASKED if signs or joints > 1 else PLAIN
        if _LEET_WORD.fullmatch(written):
            return written.translate(LEET), UNMASKED
        return None, PLAIN

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


def _is_joined(written: str) -> bool:
    return all(part.isalpha() for part in re.split(r"[-._/~·']", written))
