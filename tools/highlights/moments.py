"""The appeal of each second of a recording, from what is seen, heard, said and asked in it."""

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from domain.progress import Progress, ProgressSink
from domain.recording import Highlight
from domain.stream import Comment, Utterance
from tools.highlights.hearing import Ear, comment_heat, speech_rate
from tools.highlights.sampling import FilmReader, Loudness
from tools.highlights.scoring import Weights, scale, score

Row = NDArray[np.float32]

_TELL_SECONDS = 10


def score_moments(
    path: Path,
    *,
    utterances: Sequence[Utterance] = (),
    comments: Sequence[Comment] = (),
    pictures: Sequence[NDArray[np.uint8]] = (),
    pld: bool = False,
    progress: ProgressSink,
    cancelled: Callable[[], bool],
) -> list[Highlight]:
    """One highlight for each second of the video at `path`, in the order of time.

    `pictures` (BGR) show the product; `pld` takes PLD-VHD's map into the score. A signal that could
    not be measured (no sound, no words, no comments, no pictures of the product) is absent from
    `signals`, and the others decide.

    Raises:
        NotFound: there is no such file.
        InvalidInput: it is no media, is damaged, or has no picture.
        JobCancelled: `cancelled` said so.
    """
    raw, ends = measure_signals(
        path,
        utterances=utterances,
        comments=comments,
        pictures=pictures,
        pld=pld,
        progress=progress,
        cancelled=cancelled,
    )
    weights = Weights.load()
    signals = scale(raw, weights)
    scores = score(signals, weights)
    return [
        Highlight(
            start_ms=second * 1000,
            end_ms=end,
            score=float(scores[second]),
            signals={name: round(float(values[second]), 4) for name, values in signals.items()},
        )
        for second, end in enumerate(ends)
    ]


def measure_signals(
    path: Path,
    *,
    utterances: Sequence[Utterance] = (),
    comments: Sequence[Comment] = (),
    pictures: Sequence[NDArray[np.uint8]] = (),
    pld: bool = False,
    progress: ProgressSink,
    cancelled: Callable[[], bool],
) -> tuple[dict[str, Row], list[int]]:
    """The raw signals by the second, and where each second ends; as `score_moments`."""
    from tools.highlights.board import Board

    reader = FilmReader(path, cancelled)
    duration = reader.outline.duration_ms
    ear = Ear()
    board = Board(pictures, pld=pld)
    told = 0
    for piece in reader.read():
        if isinstance(piece, Loudness):
            ear.hear(piece)
            continue
        board.see(piece)
        if piece.at_ms >= told:
            told = piece.at_ms + _TELL_SECONDS * 1000
            progress(
                Progress(
                    stage="highlights",
                    message=f"looking at {path.name}",
                    done=min(piece.at_ms, duration) // 1000,
                    total=duration // 1000,
                    unit="seconds",
                )
            )
    raw = board.rows(max(1, -(-duration // 1000)), path.name)
    seconds = len(next(iter(raw.values())))
    if reader.outline.has_sound:
        raw["speech_energy"] = ear.energy(seconds)
        raw["speech_pulse"] = ear.pulse(seconds)
    if utterances:
        raw["speech_rate"] = speech_rate(utterances, seconds)
    if comments:
        raw["comment_heat"] = comment_heat(comments, seconds)
    return raw, [min((n + 1) * 1000, max(duration, n * 1000 + 1)) for n in range(seconds)]
