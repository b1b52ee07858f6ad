"""Mending names that speech recognition spelt its own way."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

_WORD = re.compile(r"[A-Za-z]+(?:['’][A-Za-z]+)?")
_HAN = re.compile(r"[\u4e00-\u9fff]+")
_LEAST_LETTERS = 6
_LETTERS_PER_SLIP = 5
_MOST_SLIPS = 2
_LEAST_HAN = 4
_HAN_PER_SLIP = 4
_LEAST_SOUNDS = 3
_HUSHED = re.compile(r"^([zcs])h")
_NASAL = re.compile(r"([aei])ng$")


@dataclass(frozen=True, slots=True)
class _Name:
    text: str
    letters: str
    words: int


def mend_names(text: str, terms: Iterable[str]) -> str:
    """`text` with near misses of the terms spelt as the terms are.

    Latin: a run of words whose letters, spaces and case aside, equal the term's (`ember low`,
    `emberlow`), or differ in one letter of five at most (`Emberlo`), two in all; the first letter
    has to agree, a plural is no miss, and a term of fewer than six letters or with digits is only
    put into its case. Chinese: as many characters as the term, at least three, that sound like it
    (监国里河 for 坚果礼盒: pinyin without tones, nor what many speakers do not tell apart), or at
    least four of which one in four may differ, but neither the first nor one that stands for a
    number. Anything further off is another word more often than a slip, and stays.
    """
    for term in terms:
        if _HAN.fullmatch(term):
            text = _mend_han(text, term)
        elif name := _latin(term):
            text = _mend_latin(text, name)
    return text


def _latin(term: str) -> _Name | None:
    words = _WORD.findall(term)
    if re.search(r"[^A-Za-z'’ \-]", term) or not words:
        return None
    return _Name(term, _letters(term), len(words))


def _letters(text: str) -> str:
    return re.sub(r"[^a-z]", "", text.lower())


def _mend_latin(text: str, name: _Name) -> str:
    words = list(_WORD.finditer(text))
    parts: list[str] = []
    done = index = 0
    while index < len(words):
        for count in range(min(name.words + 1, len(words) - index), 0, -1):
            start, end = words[index].start(), words[index + count - 1].end()
            run = text[start:end]
            if re.fullmatch(r"[A-Za-z'’ \-]+", run) and _is_miss(run, name):
                parts += [text[done:start], name.text]
                done = end
                index += count
                break
        else:
            index += 1
    return "".join([*parts, text[done:]])


def _is_miss(run: str, name: _Name) -> bool:
    said, meant = _letters(run), name.letters
    if said == meant:
        return run != name.text
    if len(meant) < _LEAST_LETTERS or said[:1] != meant[:1]:
        return False
    if said in (f"{meant}s", f"{meant}es") or meant in (f"{said}s", f"{said}es"):
        return False
    return _slips(said, meant) <= min(_MOST_SLIPS, len(meant) // _LETTERS_PER_SLIP)


def _mend_han(text: str, term: str) -> str:
    size = len(term)
    if size < _LEAST_SOUNDS or term in text:
        return text
    sound = _sound(term)
    index = 0
    while index + size <= len(text):
        said = text[index : index + size]
        if _HAN.fullmatch(said) and (_is_slip(said, term) or _sound(said) == sound):
            text = text[:index] + term + text[index + size :]
            index += size
        else:
            index += 1
    return text


def _is_slip(said: str, term: str) -> bool:
    """Few characters differ, and none that matters."""
    wrong = [i for i in range(len(term)) if said[i] != term[i]]
    return (
        len(term) >= _LEAST_HAN
        and 0 < len(wrong) <= len(term) // _HAN_PER_SLIP
        and wrong[0] != 0
        and not any(_counts(said[i]) or _counts(term[i]) for i in wrong)
    )


@lru_cache(maxsize=65536)
def _sound(text: str) -> tuple[str, ...]:
    """The syllables of Chinese characters without tone, alike where many speakers hear one sound.

    z c s stand for zh ch sh, and the endings an en in for ang eng ing.
    """
    from pypinyin import Style, lazy_pinyin

    syllables = lazy_pinyin(text, style=Style.NORMAL)
    return tuple(_NASAL.sub(r"\1n", _HUSHED.sub(r"\1", syllable)) for syllable in syllables)


def _counts(char: str) -> bool:
    """Whether a character tells an amount, a size or a part, where one stands for another."""
    return char in "零一二三四五六七八九十百千万两半双单大中小长短男女红橙黄绿蓝紫黑白灰粉"


def _slips(a: str, b: str) -> int:
    """Letters to insert, delete or replace (Levenshtein 1966)."""
    row = list(range(len(b) + 1))
    for i, left in enumerate(a, start=1):
        diagonal, row[0] = row[0], i
        for j, right in enumerate(b, start=1):
            diagonal, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, diagonal + (left != right))
    return row[-1]
