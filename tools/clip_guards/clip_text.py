"""What a clip says and shows, as the guards read it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, cast

import yaml

from domain.clip import Surface
from domain.recording import TaggedUtterance
from domain.timeline import Timeline

Pattern = re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Said:
    """An utterance of a clip; `joined` is True where the one before it in the recording precedes.

    `tags` are its speech tags.
    """

    number: int
    text: str
    at_ms: int
    joined: bool
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Shown:
    """A text that stands in the picture."""

    surface: Surface
    text: str


def read_said(timeline: Timeline, tagged: Sequence[TaggedUtterance]) -> list[Said]:
    """The utterances that a clip holds half of or more, in the clip's order."""
    said: list[Said] = []
    for piece in timeline.pieces:
        for number, one in enumerate(tagged):
            spoken = one.utterance
            shared = min(spoken.end_ms, piece.end_ms) - max(spoken.start_ms, piece.start_ms)
            if 2 * shared < max(1, spoken.end_ms - spoken.start_ms):
                continue
            joined = bool(said) and said[-1].number == number - 1
            tags = tuple(tag.value for tag in one.tags)
            said.append(Said(number, spoken.text, spoken.start_ms, joined, tags))
    return said


def read_shown(timeline: Timeline) -> list[Shown]:
    """The texts of stickers, cover and cards, and subtitles."""
    effects = timeline.effects
    shown = [Shown("sticker", one.text) for one in effects.stickers if one.kind != "emoji"]
    if effects.cover:
        shown.append(Shown("cover", effects.cover_title or timeline.title))
    shown += [Shown("card", text) for text in (effects.intro, effects.outro) if text]
    if effects.subtitles:
        shown += [Shown("subtitles", spell(piece.words)) for piece in timeline.pieces]
        shown += [Shown("subtitles", p.second_text) for p in timeline.pieces if p.second_text]
    return [one for one in shown if one.text.strip()]


def spell(words: Sequence[Any]) -> str:
    """Words as a text; recognisers give English ones with the blank before them."""
    text = ""
    for word in words:
        part = word.text
        glued = not text or part[:1].isspace() or not (text[-1].isascii() and part[:1].isascii())
        text += part if glued else f" {part}"
    return text.strip()


@cache
def load_patterns() -> dict[str, Any]:
    """The patterns of `patterns.yaml`."""
    path = Path(__file__).with_name("patterns.yaml")
    return cast("dict[str, Any]", yaml.safe_load(path.read_text("utf-8")))


@cache
def compile_pattern(*patterns: str, at_start: bool = False) -> Pattern:
    """One pattern of several; `at_start` after opening words that carry nothing."""
    whole = "|".join(f"(?:{one})" for one in patterns)
    if at_start:
        whole = rf"\s*(?:(?:um|uh|well|okay|ok|hey|oh|嗯|呃|啊|哎|好|来)[,，.。、 ]+)*(?:{whole})"
    return re.compile(whole, re.IGNORECASE)
