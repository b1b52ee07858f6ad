"""Rows of host speech by product segment, and broadcasts made of them."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from pydantic import BaseModel, ConfigDict

from domain.language import detect_language
from domain.recording import SpeechTag
from domain.stream import Utterance
from evals.rows import DATA

FOLDER = DATA / "recordings"
SETS = ("authored", "noisy")
"""Clean and as speech recognition writes real streams: a file each."""

_WORDS_PER_SECOND = 2.6
_CHARS_PER_SECOND = 4.6
_LEAST_SECONDS = 1.2
_SEED = 20_260_711
_PRODUCTS = (4, 6)


class TaggedText(BaseModel):
    """An utterance with the tags that it carries, often none."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    text: str
    tags: frozenset[SpeechTag]


class SpokenSegment(BaseModel):
    """A product's turn in a broadcast, utterance after utterance."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    segment: str
    lang: Literal["en", "zh"]
    style: str
    utterances: tuple[TaggedText, ...]


@dataclass(frozen=True)
class Concatenation:
    """Segments of unseen products said one after another; a border is where a segment begins."""

    lang: str
    texts: tuple[str, ...]
    borders: tuple[int, ...]


def read_segments(name: str) -> list[SpokenSegment] | None:
    """The segments of `evals/data/recordings/<name>.jsonl`, None where there is no such file."""
    path = FOLDER / f"{name}.jsonl"
    if not path.is_file():
        return None
    lines = path.read_text("utf-8").splitlines()
    return [SpokenSegment.model_validate_json(line) for line in lines if line.strip()]


def concatenate(segments: Sequence[SpokenSegment], *, rounds: int) -> list[Concatenation]:
    """Broadcasts of four to six whole segments of one language, in `rounds` orders by seed."""
    rng = random.Random(_SEED)  # noqa: S311 - reproducible, not secret
    made: list[Concatenation] = []
    for _ in range(rounds):
        for lang in ("en", "zh"):
            order = [one for one in segments if one.lang == lang]
            rng.shuffle(order)
            while len(order) >= _PRODUCTS[0]:
                count = min(rng.randint(*_PRODUCTS), len(order))
                made.append(_join(lang, order[:count]))
                del order[:count]
    return made


def timed(texts: Sequence[str]) -> list[Utterance]:
    """The texts at the pace at which hosts speak, one right after another."""
    found: list[Utterance] = []
    at = 0
    for text in texts:
        pace = _CHARS_PER_SECOND if detect_language(text) == "zh" else _WORDS_PER_SECOND
        units = len(text) if detect_language(text) == "zh" else len(text.split())
        end = at + round(1000 * max(_LEAST_SECONDS, units / pace))
        found.append(Utterance(start_ms=at, end_ms=end, text=text))
        at = end
    return found


def _join(lang: str, segments: Sequence[SpokenSegment]) -> Concatenation:
    texts: list[str] = []
    borders: list[int] = []
    for segment in segments:
        if texts:
            borders.append(len(texts))
        texts += [one.text for one in segment.utterances]
    return Concatenation(lang, tuple(texts), tuple(borders))
