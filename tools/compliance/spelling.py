"""English words hidden by their spelling: a letter off, as they sound, backwards, cut short.

Only words that are often hidden (`wordings.yaml`) are looked for, and what is an ordinary word
itself is none.
"""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from tools.compliance.tracing import UNMASKED, Edit, drop_overlaps

_TOKEN = re.compile(r"[a-z]+(?:['-][a-z]+)*")
_ROUGH = re.compile(r"[a-z][a-z'-]{3,}")
_VOWELS = "aeiou"
_LEAST_LETTERS = 5
_LEAST_MISSPELT = 6
_LEAST_SOUNDS = 5
_LEAST_PARTED_SOUNDS = 4
_NAMES = {
    "ay": "a", "eh": "a", "aye": "a", "bee": "b", "cee": "c", "see": "c", "dee": "d", "ee": "e",
    "eff": "f", "ef": "f", "gee": "g", "jee": "g", "aitch": "h", "haitch": "h", "eye": "i",
    "jay": "j", "kay": "k", "el": "l", "ell": "l", "em": "m", "en": "n", "enn": "n", "oh": "o",
    "pee": "p", "cue": "q", "queue": "q", "ar": "r", "arr": "r", "are": "r", "ess": "s", "es": "s",
    "tee": "t", "you": "u", "yoo": "u", "vee": "v", "doubleyou": "w", "ex": "x", "why": "y",
    "wye": "y", "zee": "z", "zed": "z",
}  # fmt: skip
"""What letters are called."""

_RADIO = frozenset({
    "alpha", "alfa", "bravo", "charlie", "delta", "echo", "foxtrot", "golf", "hotel", "india",
    "juliet", "juliett", "kilo", "lima", "mike", "november", "oscar", "papa", "quebec", "romeo",
    "sierra", "tango", "uniform", "victor", "whiskey", "whisky", "xray", "yankee", "zulu",
})  # fmt: skip
"""The spelling alphabet of radio operators."""
_LEAST_RADIO = 3
_SIGNS = (
    ("sth", "s"), ("tch", "C"), ("sch", "S"), ("ch", "C"), ("ssion", "Sn"), ("tion", "Sn"),
    ("cia", "Sa"), ("sh", "S"), ("ph", "f"), ("gh", ""), ("th", "0"), ("ck", "k"),
    ("dg", "j"), ("wh", "w"), ("qu", "k"), ("kw", "k"), ("x", "ks"), ("z", "s"),
    ("q", "k"), ("gu", "g"), ("gw", "g"),
)  # fmt: skip
"""How letters sound, the longest first."""
_STARTS = (("kn", "n"), ("wr", "r"), ("ps", "s"), ("pn", "n"), ("gn", "n"), ("rh", "r"))
_SOFT = re.compile(r"c(?=[eiy])")
_SOFT_G = re.compile(r"g(?=[eiy])")
_TURNED = str.maketrans("undpbq", "nupdqb")
"""How letters read that stand on their heads."""
_MUTE = re.compile(r"(?<=[a-z]{2})e(?:([sd])|(?<=[^aeiou]e))$")
_VOWEL_RUN = re.compile(r"[aeiouywh]+")
_REPEATED = re.compile(r"(.)\1+")
_LONG = re.compile(r"([a-z])\1\1")
_PIG_LATIN = re.compile(r"([a-z]{2,12})-?([bcdfghjklmnpqrstvwxyz]{1,3})ay")
_CUT = re.compile(
    r"([a-z]{4,12})-?(?:\.{2,4}|-|,)? ?-?(?:you[ -]know(?:[ -]what)?\b(?: the rest)?|y'know\b|"
    r"the rest (?:of the word|is banned)|dot dot dot\b|i can't (?:say|type|finish) )"
)
_RHYME = re.compile(r"rhymes with (?:the word )?['\"]?([a-z]{3,12})['\"]?")
_ENDING = re.compile(r"[aeiouy][a-z]*$")
_SWAPS = {"a": "eiou", "e": "ai", "i": "ey", "o": "ua", "u": "oa", "y": "i", "c": "ks", "k": "c",
          "s": "zc", "z": "s", "f": "v", "ph": "f"}  # fmt: skip


class SpellingReader:
    """Reads misspelt words; `words` are those that it may find, `ordinary` what it leaves alone."""

    def __init__(self, words: Iterable[str], ordinary: Iterable[str]) -> None:
        self._words = sorted(set(words))
        known = frozenset(self._words)
        ordinary = frozenset(ordinary)
        self._ordinary = ordinary | known
        self._misspelt: dict[str, str] = {}
        self._sounds: dict[str, str] = {}
        self._squeezed = {
            _REPEATED.sub(r"\1", word): word for word in [*sorted(ordinary), *self._words]
        }
        for word in self._words:
            for form in _forms(word):
                if form not in self._ordinary:
                    self._misspelt.setdefault(form, word)
            for sound in _sounds(word):
                self._sounds.setdefault(sound, word)
        self.read = lru_cache(maxsize=65536)(self._read)

    def is_needed(self, text: str) -> bool:
        """True when a word is found; `text` is folded."""
        tokens = _ROUGH.findall(text)
        if not tokens:
            return False
        if any(map(self.read, tokens)):
            return True
        if not _RADIO.isdisjoint(tokens) and any(True for _ in self._radio_edits(text)):
            return True
        return _is_hinting(text) and any(True for _ in self._hinted_edits(text))

    def edits(self, text: str) -> list[Edit]:
        """The words found, sorted by place."""
        if not self.is_needed(text):
            return []
        edits = [
            Edit(*match.span(), word, UNMASKED)
            for match in _TOKEN.finditer(text)
            if (word := self.read(match[0])) is not None
        ]
        return drop_overlaps([*edits, *self._radio_edits(text), *self._hinted_edits(text)])

    def _read(self, token: str) -> str | None:
        """What one word says, None when it says what it is."""
        token = token.strip("'-").removesuffix("'s")
        if token in self._ordinary or len(token) < 4:
            return None
        letters = token.replace("-", "").replace("'", "")
        found = self._misspelt.get(letters)
        if found is not None and (letters == token or found != letters):
            return found
        parts = token.split("-")
        if len(parts) > 1:
            if all(part in _NAMES for part in parts):
                spelt = "".join(_NAMES[part] for part in parts)
                return spelt if spelt in self._ordinary else None
            cut = token.partition("-you-know")
            if cut[1]:
                return self._completed(cut[0])
        if _LONG.search(letters) is not None:
            squeezed = self._squeezed.get(_REPEATED.sub(r"\1", letters))
            if squeezed is not None:
                return squeezed
        pig = _PIG_LATIN.fullmatch(token)
        if pig is not None and pig[2] + pig[1] in self._ordinary:
            return pig[2] + pig[1]
        return self._heard(parts, letters)

    def _heard(self, parts: list[str], letters: str) -> str | None:
        least = _LEAST_SOUNDS if len(parts) == 1 else _LEAST_PARTED_SOUNDS
        if len(letters) < _LEAST_LETTERS or (len(parts) == 1 and len(letters) < _LEAST_MISSPELT):
            return None
        sound = _REPEATED.sub(r"\1", "".join(map(_sound, parts)))
        word = self._sounds.get(sound) if len(sound) >= least else None
        return None if word == letters else word

    def _completed(self, start: str) -> str | None:
        """The one word that begins so; the shortest where there are several."""
        if start in self._ordinary:
            return None
        words = [w for w in self._words if w.startswith(start) and w != start]
        return min(words, key=len, default=None)

    def _radio_edits(self, text: str) -> Iterator[Edit]:
        run: list[re.Match[str]] = []
        if _RADIO.isdisjoint(_TOKEN.findall(text)):
            return
        for match in [*re.finditer(r"[a-z]+(?:-ray)?", text), None]:
            if match is not None and match[0].replace("-", "") in _RADIO:
                run.append(match)
                continue
            word = "".join(m[0][0] for m in run)
            if len(run) >= _LEAST_RADIO and word in self._ordinary:
                yield Edit(run[0].start(), run[-1].end(), word, UNMASKED)
            run = []

    def _hinted_edits(self, text: str) -> Iterator[Edit]:
        """Words cut short or left to a rhyme."""
        if _is_hinting(text):
            for match in _CUT.finditer(text):
                word = self._completed(match[1])
                if word is not None:
                    yield Edit(*match.span(), word, UNMASKED)
        if "rhymes" in text:
            for match in _RHYME.finditer(text):
                ending = _ENDING.search(match[1].rstrip("e"))
                words = [
                    w
                    for w in self._words
                    if ending is not None and w != match[1] and w.endswith(match[1][1:])
                ]
                if words:
                    yield Edit(*match.span(), min(words, key=len), UNMASKED)


def _is_hinting(text: str) -> bool:
    return (
        "know" in text
        or "the rest" in text
        or "dot dot" in text
        or "i can't" in text
        or "rhymes" in text
    )


def _forms(word: str) -> Iterator[str]:
    """`word` with one letter dropped, doubled, swapped or changed; backwards; without vowels."""
    if len(word) >= _LEAST_MISSPELT:
        for at, char in enumerate(word):
            if 0 < at < len(word) - 1:
                yield word[:at] + word[at + 1 :]
            yield word[:at] + char + word[at:]
            if at + 1 < len(word):
                yield word[:at] + word[at + 1] + char + word[at + 2 :]
            for other in _SWAPS.get(char, "") if at else "":
                yield word[:at] + other + word[at + 1 :]
    if len(word) >= 4:
        yield word[::-1]
        yield word[::-1].translate(_TURNED)
    bones = "".join(c for c in word if c not in _VOWELS)
    if len(bones) >= 4:
        yield bones


def _sounds(word: str) -> set[str]:
    """How `word` is heard."""
    heard = _REPEATED.sub(r"\1", _sound(word.replace("-", "").replace("'", "")))
    return {heard, heard.replace("C", "S"), heard.replace("C", "k")}


@lru_cache(maxsize=16384)
def _sound(part: str) -> str:
    """The consonants that are heard, with `V` for the vowels before, between and behind them."""
    for start, heard in _STARTS:
        if part.startswith(start):
            part = heard + part[len(start) :]
    part = _MUTE.sub(r"\1", part)
    part = _SOFT.sub("s", part)
    part = _SOFT_G.sub("j", part)
    for sign, heard in _SIGNS:
        part = part.replace(sign, heard)
    return _VOWEL_RUN.sub("V", part.replace("c", "k"))
