"""What code can read in the words of a brief for a clip, in English and Chinese."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, cast

import yaml

from domain.clip_brief import ConstraintKind, Understood
from domain.recording import SpeechTag
from tools.product_names import mentions
from tools.turn_details import seconds_in

_CLAUSE = re.compile(r"[^,.;!?，。；！？、\n]+")
_VARIANTS = re.compile(
    r"\b(\d|two|three|four|five|six)\s+(?:different\s+)?(?:variants?|versions?|clips|videos|ads|cuts)\b"
    r"|([2-6二两三四五六])(?:个|条|版|支)(?:不同)?(?:的)?(?:版本|视频|切片|广告|变体|片子)?",
    re.IGNORECASE,
)
_NUMBERS = {"two": 2, "three": 3, "four": 4, "five": 5, "six": 6,
            "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6}  # fmt: skip
_SECONDS = re.compile(
    r"(?:about |around |max(?:imum)? |up to |under )?"
    r"(?:\d{1,4}|half a|one|two|a|[一二两三四五六八十]+|半)"
    r"\s*-?\s*(?:seconds?|secs?|s\b|minutes?|mins?|分钟|秒)(?:\s*-?\s*long)?(?:钟|左右|以内)?",
    re.IGNORECASE,
)


@dataclass
class ReadBrief:
    """What was found, and the clauses of which words are left that nothing was taken from."""

    found: list[Understood] = field(default_factory=list[Understood])
    rest: list[str] = field(default_factory=list[str])


def read_words(text: str, products: Sequence[tuple[str, str]] = ()) -> ReadBrief:
    """What a brief asks for; `products` are ids and names, of which it may name one.

    A constraint that is asked for twice is as its last words say; a tag is unwanted once it was
    said not to come.
    """
    read = ReadBrief()
    read.found += _whole(text, products)
    for clause in _CLAUSE.finditer(text):
        words = clause.group()
        taken = [one for one in read.found if one.quote in words]
        more = [one for one in _clause(words) if not _within(one, taken)]
        read.found += more
        left = words
        for one in sorted([*taken, *more], key=lambda u: -len(u.quote)):
            left = left.replace(one.quote, " ")
        if _means_something(left):
            read.rest.append(words.strip())
    return read


def carries(text: str) -> bool:
    """Whether words are left beside those that carry nothing."""
    return _means_something(text)


def _whole(text: str, products: Sequence[tuple[str, str]]) -> Iterator[Understood]:
    seconds = seconds_in(text)
    if seconds is not None and (match := _SECONDS.search(text)):
        yield Understood(quote=match.group(), kind="seconds", value=str(seconds))
    if match := _VARIANTS.search(text):
        said = (match[1] or match[2]).lower()
        yield Understood(
            quote=match.group(), kind="variants", value=str(_NUMBERS.get(said) or int(said))
        )
    words = _words()
    for aspect, patterns in words["aspects"].items():
        yield from _first(text, patterns, "aspect", aspect)
    yield from _first(text, words["no_music"], "bgm", "none")
    yield from _first(text, words["no_subtitles"], "subtitles", "none")
    for language, patterns in words["second_language"].items():
        yield from _first(text, patterns, "second_language", language)
    for tone in words["tones"].values():
        for one in _first(text, tone["words"], "theme", tone["theme"]):
            yield one
            if not _any(words["no_music"]).search(text):
                yield one.model_copy(update={"kind": "bgm", "value": tone["bgm"]})
    for product_id, name in products:
        if mentions(text, name):
            match = re.search(re.escape(name), text, re.IGNORECASE)
            quote = match.group() if match else name
            yield Understood(quote=quote, kind="product", value=product_id)


def _clause(words: str) -> Iterator[Understood]:
    lists = _words()
    negation = _any(lists["deny"]).search(words)
    audience: set[str] = set()
    for pattern in lists["audience"]:
        for match in _any([pattern]).finditer(words):
            who = match["who"].strip()
            if not any(who in other or other in who for other in audience):
                audience.add(who)
                yield Understood(quote=match.group(), kind="audience", value=who)
    for name, patterns in lists["tags"].items():
        match = _any(patterns).search(words)
        if match is None or any(match.group() in who for who in audience):
            continue
        denied = negation is not None and (negation.start() <= match.start() or not words.isascii())
        quote = match.group()
        if denied and negation is not None:
            begin, end = min(negation.start(), match.start()), max(negation.end(), match.end())
            quote = words[begin:end]
        kind: ConstraintKind = "unwanted" if denied else "wanted"
        yield Understood(quote=quote, kind=kind, value=SpeechTag(name).value)


def _first(
    text: str, patterns: Sequence[str], kind: ConstraintKind, value: str
) -> Iterator[Understood]:
    if match := _any(patterns).search(text):
        yield Understood(quote=match.group(), kind=kind, value=value)


def _within(one: Understood, taken: Sequence[Understood]) -> bool:
    return any(one.quote in other.quote for other in taken)


def _means_something(text: str) -> bool:
    left = _any(_words()["filler"]).sub(" ", text)
    return any(sign.isalpha() for sign in left)


@cache
def _words() -> dict[str, Any]:
    path = Path(__file__).with_suffix(".yaml")
    return cast("dict[str, Any]", yaml.safe_load(path.read_text("utf-8")))


def _any(patterns: Sequence[str]) -> re.Pattern[str]:
    return _compiled(tuple(patterns))


@cache
def _compiled(patterns: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{one})" for one in patterns), re.IGNORECASE)


def tones() -> dict[str, dict[str, str]]:
    """The theme and the music of each tone."""
    return {
        name: {"theme": tone["theme"], "bgm": tone["bgm"]}
        for name, tone in _words()["tones"].items()
    }
