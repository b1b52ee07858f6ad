"""Chinese words written with a character of the same sound or look, or taken apart.

A word of three characters or more is known with any one of them changed for one of the same sound;
a word of two only with a character that is rare, or that is known to be put for the other, or where
the text says that it is not meant as written. What is an ordinary word itself is none.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, pairwise, product

from tools.compliance.automaton import Automaton
from tools.compliance.disguises import load_disguises
from tools.compliance.hints import HintReader
from tools.compliance.lexicon import load_lexicon
from tools.compliance.phonetics import flatten, is_rare, readings, syllables
from tools.compliance.tracing import PLAIN, UNMASKED, Edit, overlapping

_LONGEST = 6
_SILENT = "  "
_FUNCTION_WORDS = frozenset(
    "我你他她它们这那就都也还再把被让得的了是着吗呢吧己给里个不没有在来去到和跟"
)
"""Rules are made of wordings with these that say nothing by themselves."""


class _Sounds(dict[int, str]):
    """`str.translate` table from characters to two letters for their syllable."""

    def __init__(self) -> None:
        codes = {
            syllable: chr(ord("a") + i // 26) + chr(ord("A") + i % 26)
            for i, syllable in enumerate(syllables())
        }
        self._codes = codes
        self._alike: dict[str, list[str]] = {}
        for syllable, code in codes.items():
            self._alike.setdefault(flatten(syllable), []).append(code)
        super().__init__({ord(char): codes[sounds[0]] for char, sounds in readings().items()})

    def __missing__(self, code: int) -> str:
        return self.setdefault(code, _SILENT)

    def of_word(self, word: str, *, loosely: bool = False) -> Iterator[str]:
        """How `word` can sound, `loosely` with one syllable as hasty speakers say it."""
        options = [[self._codes[s] for s in readings().get(char, ())] for char in word]
        if loosely:
            for place, char in enumerate(word):
                alike = [c for s in readings().get(char, ()) for c in self._alike[flatten(s)]]
                for way in product(*options[:place], alike, *options[place + 1 :]):
                    yield "".join(way)
            return
        for way in product(*options):
            yield "".join(way)


class SoundReader:
    """Finds words of a list, all Chinese, that are written with other characters."""

    def __init__(self, words: Iterable[str]) -> None:
        table = load_disguises()
        self._lexicon = load_lexicon()
        self._hidden = hidden = frozenset(table.hidden)
        self._sounds = _Sounds()
        self._words = sorted(
            word
            for word in {*words}
            if 2 <= len(word) <= _LONGEST
            and (len(word) != 3 or word in hidden or _FUNCTION_WORDS.isdisjoint(word))
        )
        known = set(self._words)
        heard: dict[str, list[int]] = {}
        short: dict[str, list[int]] = {}
        self._pairs: dict[tuple[str, int, str], str] = {}
        self._taken_apart: dict[str, str] = {}
        for number, word in enumerate(self._words):
            if len(word) > 2 or word in hidden:
                for sound in {*self._sounds.of_word(word, loosely=word in hidden)}:
                    (heard if len(word) > 2 else short).setdefault(sound, []).append(number)
            for place, char in enumerate(word):
                for parts in table.parts.get(char, ()):
                    form = word[:place] + parts + word[place + 1 :]
                    is_telling = place > 0 or parts not in table.plain_splits
                    if is_telling and form not in known and not parts.isascii():
                        self._taken_apart.setdefault(form, word)
                if len(word) == 2:
                    kept = word[1 - place]
                    for other in table.substitutes(char):
                        self._pairs.setdefault((kept, place, other), word)
                    for sound in readings().get(char, ()):
                        self._pairs.setdefault((kept, place, sound), word)
        self._known = known
        self._automaton = Automaton((sound, tuple(ids)) for sound, ids in heard.items())
        self._short = Automaton((sound, tuple(ids)) for sound, ids in short.items())
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
        is_hinted = HintReader.tells_misspelt(text)
        found = [*self._pairs_in(text), *self._longer_in(text, is_hinted=is_hinted)]
        if not found:
            return []
        ordinary = [m.span() for m in self._ordinary.finditer(text)]
        edits: list[Edit] = []
        done = 0
        for start, end, word, mark in sorted(found, key=lambda f: (f[0], -f[1], -f[3])):
            if start >= done and not overlapping(ordinary, start, end):
                edits.append(Edit(start, end, word, mark))
                done = end
        return edits

    def _longer_in(self, text: str, *, is_hinted: bool) -> Iterator[tuple[int, int, str, int]]:
        sounds = text.translate(self._sounds)
        found = self._automaton.find(sounds)
        for end, numbers in chain(found, self._short.find(sounds)) if is_hinted else found:
            for number in numbers:
                word = self._words[number]
                start = end // 2 - len(word)
                written = text[start : end // 2]
                if written in self._known:
                    continue
                changed = [i for i, (a, b) in enumerate(zip(written, word, strict=True)) if a != b]
                if self._is_meant(text, start, word, changed, is_hinted=is_hinted):
                    is_sure = (
                        is_hinted
                        or len(word) > 3
                        or all(self._is_habit(written[i], word[i]) for i in changed)
                    )
                    yield start, end // 2, word, UNMASKED if is_sure else PLAIN

    @staticmethod
    def _is_habit(written: str, meant: str) -> bool:
        """True when a character is put for another by habit, or is a rare one."""
        return written in load_disguises().substitutes(meant) or is_rare(written)

    def _is_meant(
        self, text: str, start: int, word: str, changed: Sequence[int], *, is_hinted: bool
    ) -> bool:
        """True when what is written with these characters changed is hardly meant as it stands."""
        end = start + len(word)
        odd = [i for i in changed if not self._is_habit(text[start + i], word[i])]
        if any(
            text[at : at + 2] in self._lexicon.pairs
            for i in odd
            for at in (start + i - 1, start + i)
            if at >= 0
        ):
            return False
        if len(changed) == 1 and len(word) > 2:
            place = changed[0]
            inside = 0 < place < len(word) - 1
            if not odd or inside or text[start + place] not in self._frequent:
                return True
        most = len(word) - 1 if word in self._hidden or len(word) > 3 else 1
        if len(changed) > (len(word) if is_hinted else most):
            return False
        around = text[max(0, start - 1) : end + 1]
        pairs = [a + b for a, b in pairwise(around)]
        inner = pairs[1 if start else 0 :][: len(word) - 1]
        outer = [pair for pair in (pairs[0], pairs[-1]) if pair not in inner]
        return not any(map(self._lexicon.is_likely, inner)) and not any(
            pair in self._lexicon.pairs for pair in outer
        )

    def _is_known(self, text: str, at: int) -> bool:
        """True when a character belongs to a word that is looked for as it stands."""
        return any(
            text[start : start + size] in self._known
            for size in (2, 3, 4)
            for start in range(max(0, at - size + 1), at + 1)
        )

    def _pairs_in(self, text: str) -> Iterator[tuple[int, int, str, int]]:
        for match in self._odd.finditer(text):
            at = match.start()
            char = match[0]
            sounds = readings().get(char, ()) if is_rare(char) else ()
            for place, kept in ((0, text[at + 1 : at + 2]), (1, text[at - 1 : at] if at else "")):
                for key in (char, *sounds):
                    word = self._pairs.get((kept, place, key))
                    if word is not None and word[place] != char and not self._is_known(text, at):
                        yield at - place, at - place + 2, word, UNMASKED
                        break
