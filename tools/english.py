"""English words and their rough stems."""

import re

_WORD = re.compile(r"[A-Za-z]+(?:['’-][A-Za-z]+)*")
_ENDINGS = ("ingly", "ing", "edly", "ed", "ies", "es", "ly", "s")
_BRITISH = re.compile(r"is$")


def words_of(text: str) -> list[str]:
    """Words in small letters; hyphened words count as their parts, apostrophes stay."""
    found: list[str] = []
    for match in _WORD.finditer(text.replace("’", "'")):
        parts = match.group().casefold().split("-")
        found += [part.removesuffix("'s") if part.removesuffix("'s") else part for part in parts]
    return [word for word in found if len(word) > 1 or word in ("a", "i")]


def stem_of(word: str) -> str:
    """A rough stem, good enough to meet `locks` and `locking`, `moisturise` and `moisturize`."""
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            word = word[: -len(ending)]
            break
    word = word.rstrip("e")
    return _BRITISH.sub("iz", word) if len(word) > 5 else word
