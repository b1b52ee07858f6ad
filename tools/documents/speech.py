"""The speech of a media file as passages: heard in stretches, written as it would be spelt."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from domain.evidence import Source
from models.asr import Utterance
from tools.documents.reading import ReadContext
from tools.sound import RATE, load_sound, write_wav
from tools.spoken import part_sentence, write_spoken

STRETCH_SECONDS = 40
"""Sound that is transcribed at once: two windows of the embedded Whisper, which it takes together;
how soon a cancel is heeded and how much is held in memory."""

_SHORTEST_STRETCH = 20
_PAUSE_SAMPLES = RATE // 5


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence that was said; `start` and `end` in seconds of the media."""

    start: float
    end: float
    text: str
    confidence: float


def read_speech(
    source: Source, path: Path, seconds: float, folder: Path, context: ReadContext
) -> list[Line]:
    """The sentences that are said in the media at `path`, which plays for `seconds`.

    Chinese is written in simplified characters, whichever the recogniser chose: speech has no
    script of its own, and records, rules and extractors read simplified. Amounts are in digits
    (`normalise_spoken`), names as `context.terms` and words as `context.spellings` have them. An
    endless sentence is parted at its commas and pauses. `folder` is for files that are deleted
    with it.
    """
    total = max(1, round(seconds))
    samples = load_sound(
        path,
        source.file,
        folder,
        limits=context.limits,
        max_seconds=context.limits.media_seconds,
        cancelled=context.cancelled,
        tell=lambda _second: context.step(source, 0, total, "seconds"),
    )
    lines: list[Line] = []
    known = (*context.terms, *context.spellings)
    for first, last in _stretches(samples):
        context.step(source, min(first // RATE, total), total, "seconds")
        said = context.transcriber().transcribe(
            write_wav(folder / "stretch.wav", samples[first:last]), terms=context.terms
        )
        lines += [
            line
            for utterance in said
            for part in part_sentence(utterance)
            if (line := _make_line(part, first / RATE, known)) is not None
        ]
    context.step(source, total, total, "seconds")
    return lines


def _stretches(samples: NDArray[np.int16]) -> Iterator[tuple[int, int]]:
    """First and last sample of each stretch; it ends where it is quietest."""
    start = 0
    while start < samples.size:
        end = start + STRETCH_SECONDS * RATE
        if end >= samples.size:
            yield start, samples.size
            return
        begin = start + _SHORTEST_STRETCH * RATE
        window = np.abs(samples[begin:end].astype(np.int32))
        loudness = window[: window.size // _PAUSE_SAMPLES * _PAUSE_SAMPLES]
        quiet = int(loudness.reshape(-1, _PAUSE_SAMPLES).mean(axis=1).argmin())
        middle = begin + quiet * _PAUSE_SAMPLES + _PAUSE_SAMPLES // 2
        yield start, middle
        start = middle


def _make_line(said: Utterance, offset: float, terms: Sequence[str]) -> Line | None:
    text = said.text.strip().rstrip(",，、")
    if not any(char.isalnum() for char in text):
        return None
    sure = [word.probability for word in said.words if word.probability is not None]
    return Line(
        round(offset + said.start_ms / 1000, 2),
        round(offset + said.end_ms / 1000, 2),
        write_spoken(text, terms),
        round(sum(sure) / len(sure), 3) if sure else 1.0,
    )
