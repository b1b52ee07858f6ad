"""The labelled speech of several hands, utterance by utterance."""

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from domain.recording import SpeechTag

TAGS = tuple(SpeechTag)


@dataclass(frozen=True, slots=True)
class Row:
    """An utterance, who wrote it, and the product segment that it stands in."""

    hand: str
    segment: str
    lang: str
    style: str
    text: str
    tags: frozenset[SpeechTag]


def read_rows(folder: Path | None = None) -> list[Row]:
    """Every utterance of every hand, in the order in which they are said."""
    files = sorted((folder or Path(__file__).parent).glob("*.jsonl"))
    return [
        Row(
            hand=file.stem,
            segment=segment["segment"],
            lang=segment["lang"],
            style=segment["style"],
            text=one["text"],
            tags=frozenset(map(SpeechTag, one["tags"])),
        )
        for file in files
        for segment in map(json.loads, file.read_text("utf-8").splitlines())
        for one in segment["utterances"]
    ]


def as_targets(rows: list[Row]) -> NDArray[np.float32]:
    """`(n, 21)` of zeros and ones."""
    return np.array([[tag in row.tags for tag in TAGS] for row in rows], dtype=np.float32)
