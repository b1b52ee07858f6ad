"""The speech of a media file as passages: heard in stretches, written as it would be spelt."""

import re
import wave
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from domain.evidence import Source
from domain.language import detect_language
from models.asr import Utterance, Word
from tools.documents.reading import ReadContext
from tools.foreign.sound import RATE
from tools.isolation import run_isolated
from tools.spoken import mend_names, normalise_spoken

STRETCH_SECONDS = 40
"""Sound that is transcribed at once: two windows of the embedded Whisper, which it takes together;
how soon a cancel is heeded and how much is held in memory."""

_SHORTEST_STRETCH = 20
_PAUSE_SAMPLES = RATE // 5
_LONGEST_SENTENCE = {"zh": 40, "en": 160}
_LEAST_PART = {"zh": 8, "en": 40}
_CLAUSE_END = re.compile(r"[，,；;：:、]\s*$")
_SENTENCE_END = re.compile(r"[。！？!?…]\s*$|\.\s*$")
_KANA = re.compile(r"[\u3040-\u30ff]")
_COMMA_IN_HAN = re.compile(r"(?<=[\u4e00-\u9fff%\d]),(?=[\u4e00-\u9fff])")
_SPACE_IN_HAN = re.compile(r"(?<=[\u4e00-\u9fff]) +(?=[\u4e00-\u9fff])")


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
    samples = _decode(source, path, seconds, folder, context)
    lines: list[Line] = []
    known = (*context.terms, *context.spellings)
    total = max(1, round(seconds))
    for first, last in _stretches(samples):
        context.step(source, min(first // RATE, total), total, "seconds")
        said = context.transcriber().transcribe(
            _write_wav(folder / "stretch.wav", samples[first:last]), terms=context.terms
        )
        lines += [
            line
            for utterance in said
            for part in _part(utterance)
            if (line := _make_line(part, first / RATE, known)) is not None
        ]
    context.step(source, total, total, "seconds")
    return lines


def _decode(
    source: Source, path: Path, seconds: float, folder: Path, context: ReadContext
) -> NDArray[np.int16]:
    """The sound at 16 kHz, in a file that is mapped and not loaded."""
    raw = folder / "sound.raw"
    total = max(1, round(seconds))

    def tell(line: dict[str, float]) -> None:
        context.step(source, 0, total, "seconds")

    run_isolated(
        "tools.foreign.sound:decode_sound",
        {
            "path": str(path),
            "out": str(raw),
            "file": source.file,
            "max_seconds": context.limits.media_seconds,
        },
        file=source.file,
        limits=context.limits,
        cancelled=context.cancelled,
        on_line=tell,
    )
    if raw.stat().st_size == 0:
        return np.zeros(0, dtype=np.int16)
    return np.memmap(raw, dtype=np.int16, mode="r")


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


def _write_wav(path: Path, samples: NDArray[np.int16]) -> Path:
    with wave.open(str(path), "wb") as audio:
        audio.setnchannels(1)
        audio.setsampwidth(2)
        audio.setframerate(RATE)
        audio.writeframes(samples.tobytes())
    return path


def _part(utterance: Utterance) -> list[Utterance]:
    """The utterance in parts of a readable length: at commas, else at its longest pause."""
    language = detect_language(utterance.text)
    least, most = _LEAST_PART[language], _LONGEST_SENTENCE[language]
    words = utterance.words
    if len(utterance.text) <= most or len(words) < 2:
        return [utterance]
    lengths = np.cumsum([len(word.text) for word in words])
    places = [
        index
        for index in range(1, len(words))
        if least <= lengths[index - 1] <= lengths[-1] - least
        and not _within_number(words[index - 1], words[index])
    ]
    if not places:
        return [utterance]

    def fitness(index: int) -> tuple[bool, float]:
        before, after = words[index - 1], words[index]
        balance = abs(lengths[index - 1] / lengths[-1] - 0.5)
        ends = bool(_CLAUSE_END.search(before.text) or _SENTENCE_END.search(before.text))
        return ends, after.start_ms - before.end_ms - 1000 * balance * ends

    cut = max(places, key=fitness)
    return [part for piece in (words[:cut], words[cut:]) for part in _part(_utterance(piece))]


def _within_number(before: Word, after: Word) -> bool:
    return before.text.strip()[-1:].isdigit() and after.text.strip()[:1].isdigit()


def _utterance(words: Sequence[Word]) -> Utterance:
    text = "".join(word.text for word in words).strip()
    return Utterance(words[0].start_ms, words[-1].end_ms, text, tuple(words))


def _make_line(said: Utterance, offset: float, terms: Sequence[str]) -> Line | None:
    text = said.text.strip().rstrip(",，、")
    if not any(char.isalnum() for char in text):
        return None
    if detect_language(text) == "zh" and not _KANA.search(text):
        text = _COMMA_IN_HAN.sub("，", _SPACE_IN_HAN.sub("，", _simplified(text)))
    sure = [word.probability for word in said.words if word.probability is not None]
    return Line(
        round(offset + said.start_ms / 1000, 2),
        round(offset + said.end_ms / 1000, 2),
        mend_names(normalise_spoken(text), terms),
        round(sum(sure) / len(sure), 3) if sure else 1.0,
    )


def _simplified(text: str) -> str:
    from opencc import OpenCC

    return OpenCC("t2s").convert(text)
