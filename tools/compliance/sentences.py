"""Splitting a text into sentences and clauses, with offsets, so that it can be cut and rejoined."""

import re
from dataclasses import dataclass
from itertools import pairwise

_TERMINAL = "。！？!?；;\n"
_CLOSING = "”’」』）)\"'】》"
_END = re.compile(
    rf"[。！？；\n!?;.](?:(?<=[。！？；\n])"
    rf"|(?<=[!?;])(?!(?<=[a-z0-9].)[a-z0-9$@]|(?<=[A-Z]!)[A-Z](?![a-z]))"
    rf"|(?<=\.)(?=[\s{re.escape(_CLOSING)}]|\Z))"
    rf"(?:[{re.escape(_TERMINAL + _CLOSING)} \t]|(?<=\.)\.)*"
)
_ABBREVIATION = re.compile(
    r"(?:^|[\s(])(?:no|vs|mr|mrs|ms|dr|st|approx|incl|e\.g|i\.e|[a-z](?:\.[a-z])*)$", re.I
)
_CLAUSE_END = re.compile(
    r"，|,(?!\d{3}(?!\d))|：|——?| - | – |…+|、(?=(?:还|又|也|并|而)(?:能|可|会))|"
    r"(?=(?:并且|而且|还能|又能|也能|并能|同时还?能?|又可以?|还可以|也可以))|"
    r":(?= )|(?= (?:and|but|so|plus|while) )|"
    r"(?<!and|but|yet)(?<!that|when|what|says)(?<! so| if| as)(?<!because)(?<!,)"
    r"(?= (?:(?:it|they) (?:is|are|has|have|comes?|holds?|weighs?|costs?)|it's|you get) )",
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

    A full stop ends one only before a space, a closing sign or the end, and not after an
    abbreviation; a sign inside a Latin word (`m!racle`) ends none.
    """
    sentences: list[Sentence] = []
    start = 0
    for match in _END.finditer(text):
        if match[0][0] == "." and _is_abbreviated(text, match):
            continue
        sentences.append(Sentence(start, match.end(), text[start : match.end()]))
        start = match.end()
    if start < len(text):
        sentences.append(Sentence(start, len(text), text[start:]))
    return sentences


def split_clauses(sentence: str) -> list[tuple[int, int]]:
    """Half-open spans of the clauses of one sentence, without gaps.

    A clause keeps the comma behind it; a connective begins the clause that it leads.
    """
    borders = sorted({0, *(match.end() for match in _CLAUSE_END.finditer(sentence)), len(sentence)})
    return [(a, b) for a, b in pairwise(borders) if b > a]


def _is_abbreviated(text: str, match: re.Match[str]) -> bool:
    start = match.start()
    return text[start + 1 : start + 2] == " " and bool(
        _ABBREVIATION.search(text[max(0, start - 8) : start])
    )
