"""Films of drawn shows with sound, words and comments, and which seconds are highlights."""

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from domain.stream import Comment, SpokenWord, Utterance
from evals.highlight_scenes import FOCI, NOISES, Happening, Stage

FPS = 10
SECONDS = 40
RATE = 16_000
_COMMENT_DELAY_MS = 2500
"""Viewers type that long after what made them write."""


@dataclass(frozen=True)
class Film:
    """A film with what is known of it; `truth[i]` is whether second `i` is a highlight."""

    path: Path
    truth: tuple[bool, ...]
    happenings: tuple[Happening, ...]
    utterances: tuple[Utterance, ...]
    comments: tuple[Comment, ...]


def make_film(seed: int, folder: Path) -> Film:
    """Write the film of a seed into `folder` (MP4, H.264 with a key frame each 2 s, AAC).

    One film in five has no sound track, one in four no words, one in four no comments; where they
    are, they follow the highlights in two of three films only.
    """
    dice = random.Random(1_000 + seed)  # noqa: S311 (not a secret)
    happenings = _plan(dice)
    foci = [one for one in happenings if one.kind in FOCI]
    truth = tuple(sum(_overlap(one, second) for one in foci) >= 0.5 for second in range(SECONDS))
    told = [value if dice.random() < 0.67 else False for value in (True, True, True)]
    loud, fast, heated = (_spans(foci, dice, follows=follows) for follows in told)
    sound = None if seed % 5 == 4 else _sound(loud, dice)
    utterances = () if seed % 4 == 1 else tuple(_talk(fast, dice))
    comments = () if seed % 4 == 3 else tuple(_chat(heated, dice))
    path = folder / f"{seed:02}.mp4"
    _write(path, Stage(seed), happenings, sound)
    return Film(path, truth, tuple(happenings), utterances, comments)


def _plan(dice: random.Random) -> list[Happening]:
    """Highlights and distractions in turn, and now and then a distraction over a highlight."""
    found: list[Happening] = []
    at = dice.uniform(1, 4)
    while at < SECONDS - 4:
        long = dice.uniform(3, 6)
        if dice.random() < 0.42:
            found.append(Happening(dice.choice(FOCI), at, at + long))
            if dice.random() < 0.3:
                extra = dice.choice(("shake", "flicker", "comments", "banner"))
                found.append(Happening(extra, at, at + long))
        else:
            found.append(Happening(dice.choice(NOISES), at, at + long))
        at += long + dice.uniform(0.5, 3)
    if not any(one.kind in FOCI for one in found):
        found.append(Happening(dice.choice(FOCI), 18, 23))
    return found


def _overlap(one: Happening, second: int) -> float:
    return max(0.0, min(one.end, second + 1) - max(one.start, second))


def _spans(
    foci: Sequence[Happening], dice: random.Random, *, follows: bool
) -> list[tuple[float, float]]:
    """When people are moved: at the highlights, or at any time."""
    if follows:
        return [(one.start, one.end) for one in foci if dice.random() < 0.85]
    starts = [dice.uniform(0, SECONDS - 5) for _ in range(3)]
    return [(start, start + dice.uniform(3, 6)) for start in starts]


def _within(at: float, spans: Sequence[tuple[float, float]]) -> bool:
    return any(start <= at < end for start, end in spans)


def _sound(loud: Sequence[tuple[float, float]], dice: random.Random) -> NDArray[np.int16]:
    """Noise in syllables, more and quicker where somebody is moved; music at times."""
    noise = np.random.default_rng(dice.randrange(1 << 30)).standard_normal(SECONDS * RATE)
    breath = np.convolve(noise, np.ones(6) / 6, "same")
    gain = np.zeros(SECONDS * RATE)
    at = 0.3
    while at < SECONDS - 0.5:
        moved = _within(at, loud)
        long = dice.uniform(0.08, 0.14) if moved else dice.uniform(0.12, 0.24)
        height = dice.uniform(0.35, 0.6) if moved else dice.uniform(0.12, 0.4)
        first, last = int(at * RATE), int((at + long) * RATE)
        gain[first:last] = height * np.hanning(last - first)
        at += long + (dice.uniform(0.4, 0.9) if dice.random() < 0.06 else 0.02)
    wave = breath * gain
    if dice.random() < 0.4:
        start = dice.randrange(2, SECONDS - 8)
        clock = np.arange(start * RATE, (start + 6) * RATE) / RATE
        wave[start * RATE : (start + 6) * RATE] += 0.2 * np.sin(2 * math.pi * 330 * clock)
    return (np.clip(wave, -1, 1) * 20_000).astype(np.int16)


def _talk(fast: Sequence[tuple[float, float]], dice: random.Random) -> list[Utterance]:
    found: list[Utterance] = []
    at = 200
    while at < (SECONDS - 3) * 1000:
        words: list[SpokenWord] = []
        for _ in range(dice.randint(5, 11)):
            each = dice.randint(170, 280) if _within(at / 1000, fast) else dice.randint(260, 430)
            words.append(SpokenWord(start_ms=at, end_ms=at + each, text="word"))
            at += each
        text = " ".join(word.text for word in words)
        found.append(
            Utterance(start_ms=words[0].start_ms, end_ms=at, text=text, words=tuple(words))
        )
        at += dice.randint(100, 900)
    return found


def _chat(heated: Sequence[tuple[float, float]], dice: random.Random) -> list[Comment]:
    found: list[Comment] = []
    for tenth in range(SECONDS * 10):
        at = tenth * 100
        often = 0.3 if _within((at - _COMMENT_DELAY_MS) / 1000, heated) else 0.06
        if dice.random() < often:
            found.append(Comment(start_ms=at, user=f"u{dice.randrange(40)}", text="how much?"))
    return found


def _write(
    path: Path, stage: Stage, happenings: list[Happening], sound: NDArray[np.int16] | None
) -> None:
    import av

    with av.open(str(path), "w") as out:
        video = out.add_stream("libx264", rate=FPS)
        video.width, video.height = stage.size
        video.pix_fmt = "yuv420p"
        video.options = {"preset": "ultrafast", "crf": "26"}
        video.codec_context.gop_size = 2 * FPS
        audio = None if sound is None else out.add_stream("aac", rate=RATE, layout="mono")
        for index in range(SECONDS * FPS):
            at = index / FPS
            now = [one for one in happenings if one.start <= at < one.end]
            drawn = np.asarray(stage.draw(at, now).convert("RGB"))
            frame = av.VideoFrame.from_ndarray(drawn, format="rgb24")
            frame.pts, frame.time_base = index, Fraction(1, FPS)
            out.mux(video.encode(frame))
        out.mux(video.encode(None))
        if audio is not None and sound is not None:
            for start in range(0, sound.size, 1024):
                block = av.AudioFrame.from_ndarray(
                    sound[start : start + 1024].reshape(1, -1), format="s16", layout="mono"
                )
                block.sample_rate, block.pts, block.time_base = RATE, start, Fraction(1, RATE)
                out.mux(audio.encode(block))
            out.mux(audio.encode(None))
