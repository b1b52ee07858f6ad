"""Splitting a text into sentences and clauses, with offsets, so that it can be cut and rejoined."""

import re
from dataclasses import dataclass
from itertools import pairwise

_TERMINAL = "。！？!?；;\n"
_CLOSING = "”’」』）)\"'】》"
_ABBREVIATION = re.compile(
    r"(?:^|[\s(])(?:no|vs|mr|mrs|ms|dr|st|approx|incl|e\.g|i\.e|[a-z](?:\.[a-z])*)$", re.I
)
_CLAUSE_END = re.compile(
    r"，|,(?!\d{3}(?!\d))|：|——?| - | – |…+|、(?=(?:还|又|也|并|而)(?:能|可|会))|"
    r"(?=(?:并且|而且|还能|又能|也能|并能|同时还?能?|又可以?|还可以|也可以))|"
    r"(?= (?:and|but|so|plus|while) )",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence with its final punctuation and the space after it; offsets are code points."""

    start: int
    end: int
    text: str


def split_sentences(text: str) -> list[Sentence]:
    """Every sentence of `text`, in order and without gaps: joined they are the text again.

    A full stop ends one only before a space, a Chinese character or the end, and not after an
    abbreviation or between digits.
    """
    sentences: list[Sentence] = []
    start = 0
    index = 0
    while index < len(text):
        if not _ends_sentence(text, index):
            index += 1
            continue
        index += 1
        while index < len(text) and (
            text[index] in _TERMINAL + _CLOSING + " \t"
            or (text[index] == "." and text[index - 1] == ".")
        ):
            index += 1
        sentences.append(Sentence(start, index, text[start:index]))
        start = index
    if start < len(text):
        sentences.append(Sentence(start, len(text), text[start:]))
    return sentences


def split_clauses(sentence: str) -> list[tuple[int, int]]:
    """Half-open spans of the clauses of one sentence, without gaps.

    A clause keeps the comma behind it; a connective begins the clause that it leads.
    """
    borders = sorted({0, *(match.end() for match in _CLAUSE_END.finditer(sentence)), len(sentence)})
    return [(a, b) for a, b in pairwise(borders) if b > a]


def _ends_sentence(text: str, index: int) -> bool:
    char = text[index]
    if char in _TERMINAL:
        return True
    if char != ".":
        return False
    after = text[index + 1 : index + 2]
    if after and not (after.isspace() or after in _CLOSING):
        return False
    return not (after == " " and _ABBREVIATION.search(text[max(0, index - 8) : index]))
