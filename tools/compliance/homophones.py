"""Chinese words written with a character of the same sound or look, or taken apart.

A word of three characters or more is known with any one of them changed for one of the same sound;
a word of two only with a character that is rare, or that is known to be put for the other. What is
an ordinary word itself is none.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import product

from tools.compliance.automaton import Automaton
from tools.compliance.disguises import load_disguises
from tools.compliance.han import is_han
from tools.compliance.phonetics import is_rare, readings, syllables
from tools.compliance.tracing import UNMASKED, Edit

_LONGEST = 6
_SILENT = "  "


class _Sounds(dict[int, str]):
    """`str.translate` table from characters to two letters for their syllable."""

    def __init__(self) -> None:
        codes = {
            syllable: chr(ord("a") + i // 26) + chr(ord("A") + i % 26)
            for i, syllable in enumerate(syllables())
        }
        self._codes = codes
        super().__init__({ord(char): codes[sounds[0]] for char, sounds in readings().items()})

    def __missing__(self, code: int) -> str:
        return _SILENT

    def of_word(self, word: str) -> Iterator[str]:
        """How `word` can sound."""
        options = [[self._codes[s] for s in readings().get(char, ())] for char in word]
        for way in product(*options):
            yield "".join(way)


class SoundReader:
    """Finds words of a list, all Chinese, that are written with other characters."""

    def __init__(self, words: Iterable[str]) -> None:
        table = load_disguises()
        self._sounds = _Sounds()
        self._words = sorted({word for word in words if 2 <= len(word) <= _LONGEST})
        known = set(self._words)
        heard: dict[str, list[int]] = {}
        self._pairs: dict[tuple[str, int, str], str] = {}
        self._taken_apart: dict[str, str] = {}
        for number, word in enumerate(self._words):
            if len(word) > 2:
                for sound in self._sounds.of_word(word):
                    heard.setdefault(sound, []).append(number)
            for place, char in enumerate(word):
                for parts in table.splits.get(char, ()):
                    form = word[:place] + parts + word[place + 1 :]
                    is_telling = place > 0 or parts not in table.plain_splits
                    if is_telling and form not in known and all(map(is_han, parts)):
                        self._taken_apart.setdefault(form, word)
                if len(word) == 2:
                    kept = word[1 - place]
                    for other in table.substitutes(char):
                        self._pairs.setdefault((kept, place, other), word)
                    for sound in readings().get(char, ()):
                        self._pairs.setdefault((kept, place, sound), word)
        self._known = known
        self._automaton = Automaton((sound, tuple(ids)) for sound, ids in heard.items())
        self._frequent = frozenset(table.frequent)
        self._ordinary = re.compile("|".join(sorted(table.ordinary, key=len, reverse=True)))
        odd = {char for char in readings() if is_rare(char)}
        odd.update(*table.looks.values(), *table.sounds.values())
        self._odd = re.compile(f"[{''.join(sorted(odd))}]")

    @property
    def taken_apart(self) -> dict[str, str]:
        """Words with a character taken apart, and the words."""
        return self._taken_apart

    def edits(self, text: str) -> list[Edit]:
        """The words found, the longest first where they overlap, sorted by place."""
        found = [*self._pairs_in(text), *self._longer_in(text)]
        if not found:
            return []
        ordinary = [m.span() for m in self._ordinary.finditer(text)]
        edits: list[Edit] = []
        done = 0
        for start, end, word in sorted(found, key=lambda f: (f[0], -f[1])):
            if start >= done and not any(a < end and start < b for a, b in ordinary):
                edits.append(Edit(start, end, word, UNMASKED))
                done = end
        return edits

    def _longer_in(self, text: str) -> Iterator[tuple[int, int, str]]:
        for end, numbers in self._automaton.find(text.translate(self._sounds)):
            for number in numbers:
                word = self._words[number]
                start = end // 2 - len(word)
                written = text[start : end // 2]
                if written not in self._known and self._is_odd(written, word):
                    yield start, end // 2, word

    def _is_odd(self, written: str, word: str) -> bool:
        """True when no more than one character is changed, for one not in everybody's mouth."""
        changed = [i for i, (a, b) in enumerate(zip(written, word, strict=True)) if a != b]
        if len(changed) != 1:
            return False
        place = changed[0]
        inside = 0 < place < len(word) - 1
        return (
            written[place] in load_disguises().substitutes(word[place])
            or inside
            or written[place] not in self._frequent
        )

    def _pairs_in(self, text: str) -> Iterator[tuple[int, int, str]]:
        for match in self._odd.finditer(text):
            at = match.start()
            char = match[0]
            sounds = readings().get(char, ()) if is_rare(char) else ()
            for place, kept in ((0, text[at + 1 : at + 2]), (1, text[at - 1 : at] if at else "")):
                for key in (char, *sounds):
                    word = self._pairs.get((kept, place, key))
                    if word is not None and word[place] != char:
                        yield at - place, at - place + 2, word
                        break
