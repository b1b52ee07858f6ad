"""Whether a line leaves to each thing what the facts say it has.

A small model that is told of three ports for a laptop says that the laptop has three ports: every
word is the fact's, and the sentence is false.
"""

import re
from collections.abc import Iterator, Sequence

from domain.product import Fact
from tools.copy_frames import load_host_words
from tools.english import stem_of, words_of

_HAS = re.compile(
    r"\b([A-Za-z][\w-]*)(?:['’]s|\s+(?:has|have|had|got|gets?|comes? with|features?|with))"
    r"\s+([^.;!?]+)"
)
_TOWARDS = frozenset(("for", "to", "with"))
_LIGHT = _TOWARDS | frozenset(
    [
        "of",
        "from",
        "in",
        "into",
        "on",
        "onto",
        "at",
        "by",
        "under",
        "around",
        "a",
        "an",
        "the",
        "and",
        "your",
        "it",
        "is",
    ]
)
_COUNTED = re.compile(r"\d+|[a-z'’]+")
_HAN_HAS = re.compile(
    r"([\u4e00-\u9fff]{2})(?:自带|配有|带有|具有|都有|也有|有|的)([\u4e00-\u9fff\d]{2,8})"
)
_HAN_TOWARDS = re.compile(r"[给供让对]|适合|适用|用于")


def find_misowned(
    text: str, facts: Sequence[Fact], *, lang: str, named: Sequence[Fact] = ()
) -> list[str]:
    """What `text` says to have something that the facts say is there for it, as words of `text`.

    Left alone is whatever `named` (name, brand, category) calls the product by.
    """
    own = " ".join(fact.value for fact in named)
    found = _chinese(text, facts, own) if lang == "zh" else _english(text, facts, own)
    return list(dict.fromkeys(found))


def _english(text: str, facts: Sequence[Fact], own: str) -> Iterator[str]:
    aside = {*load_host_words().words, *words_of(own)}
    for match in _HAS.finditer(text):
        owner = match[1]
        if owner.casefold() in aside:
            continue
        had = {stem_of(word) for word in _COUNTED.findall(match[2].casefold())}
        if any(_is_meant_for(owner, had, fact.value) for fact in facts):
            yield owner


def _is_meant_for(owner: str, had: set[str], value: str) -> bool:
    """True where the fact names what is had first, and then that it is for the owner."""
    words = _COUNTED.findall(value.casefold().replace("-", " "))
    stems = [stem_of(word) for word in words]
    if stem_of(owner.casefold()) not in stems:
        return False
    at = stems.index(stem_of(owner.casefold()))
    if any(word in ("has", "have", "with") for word in words[at + 1 : at + 2]):
        return False
    return any(
        stems[i] in had and words[i] not in _LIGHT and _TOWARDS & set(words[i + 1 : at])
        for i in range(at)
    )


def _chinese(text: str, facts: Sequence[Fact], own: str) -> Iterator[str]:
    for match in _HAN_HAS.finditer(text):
        owner, had = match[1], match[2]
        if owner in own or _HAN_TOWARDS.search(re.split(r"[，。！？]", text[: match.start()])[-1]):
            continue
        pairs = {had[i : i + 2] for i in range(len(had) - 1)}
        for fact in facts:
            at = fact.value.find(owner)
            first = min((i for p in pairs if 0 <= (i := fact.value.find(p)) < at), default=-1)
            if first >= 0 and _HAN_TOWARDS.search(fact.value[first:at]):
                yield owner
