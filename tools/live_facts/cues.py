"""The words by which statements are told from questions, hearsay, wishes and what was."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import cast

import yaml

from tools.spoken import normalise_spoken

_FILE = Path(__file__).with_suffix(".yaml")
_SENTENCE = re.compile(r"[^.!?。！？…\n]+(?:\.(?=\d)[^.!?。！？…\n]+)*[.!?。！？…]*")
_CLAUSE = re.compile(r"[^,;，；、:：—]+")
_QUOTED = re.compile(r"“[^”]*”|\"[^\"]*\"|「[^」]*」|(?<!\w)'[^']{12,}'(?!\w)")
_ASKING = re.compile(
    r"[?？]\s*$|[吗呢么]\s*[?？。!！]?\s*$|^(?:how|what|which|when|why|who|where)\b"
    r"|^(?:is|are|was|will|do|does|did|can|could) (?:it|they|this|that|there|you|we|the|i|he|she)\b"
    r"|多少钱|什么价|有没有|是不是|能不能|几[块元]|怎么卖",
    re.IGNORECASE,
)


def split_statements(text: str) -> Iterator[str]:
    """The sentences of a text that ask nothing."""
    for match in _SENTENCE.finditer(text):
        if not is_asking(match.group()):
            yield match.group()


def split_clauses(plain: str) -> list[tuple[int, str]]:
    """The clauses of a sentence, each with where it begins."""
    return [(m.start(), m.group().strip()) for m in _CLAUSE.finditer(plain) if m.group().strip()]


def is_asking(sentence: str) -> bool:
    """Whether a sentence is a question, with or without its mark."""
    return _ASKING.search(sentence.strip()) is not None


def is_hearsay(text: str) -> bool:
    """Whether a text only asks, or repeats what somebody asked, said or guessed."""
    return is_asking(text) or says("reported", plain_words(text))


def is_firm(text: str) -> bool:
    """Whether a text states something that holds here and now, as far as its words tell."""
    plain = plain_words(text)
    kinds = ("unsure", "elsewhere", "deal_condition")
    return not (is_hearsay(text) or any(says(kind, plain) for kind in kinds))


def plain_words(sentence: str) -> str:
    """A sentence with its amounts in digits and without what it quotes."""
    return normalise_spoken(_QUOTED.sub(" ", sentence))


def says(kind: str, text: str) -> bool:
    """Whether words of a kind of `cues.yaml` stand in a text."""
    return cue(kind).search(text) is not None


@cache
def cue(kind: str) -> re.Pattern[str]:
    """The words of a kind of `cues.yaml`."""
    lists = cast("dict[str, list[str]]", yaml.safe_load(_FILE.read_text(encoding="utf-8")))
    return re.compile("|".join(f"(?:{pattern})" for pattern in lists[kind]), re.IGNORECASE)
