"""Films of rendered scenes with sound, words and comments, and which seconds are highlights."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

from domain.stream import Comment, Utterance
from training.highlights.scenes import FOCI, NOISES, OVERLAID, SIZES, Part, Scene
from training.highlights.things import Picture

FPS = 5
"""As often as the reader of films takes a picture: more would not be looked at."""
RATE = 16_000


@dataclass(frozen=True)
class Film:
    """A film with its truth by the second."""

    path: Path
    truth: tuple[bool, ...]
    parts: tuple[Part, ...]
    utterances: tuple[Utterance, ...]
    comments: tuple[Comment, ...]


def plan_parts(dice: np.random.Generator, seconds: int) -> list[Part]:
    """A show: stretches of calm, highlights and distractions, some at the same time."""
    parts: list[Part] = []
    at = float(dice.uniform(0, 5))
    share = float(dice.uniform(0.25, 0.55))
    while at < seconds - 3:
        long = float(dice.uniform(2.5, 7))
        if dice.random() < share:
            parts.append(Part(str(dice.choice(FOCI)), at, at + long, float(dice.random())))
            if dice.random() < 0.3:
                parts.append(Part(str(dice.choice(OVERLAID)), at, at + long, 1.0))
        else:
            kinds = dice.choice(NOISES, int(dice.integers(1, 3)), replace=False)
            parts += [Part(str(kind), at, at + long, 1.0) for kind in kinds]
        at += long + float(dice.uniform(0.3, 4))
    if not any(part.kind in FOCI for part in parts):
        parts.append(Part("approach", seconds / 2, seconds / 2 + 4, 0.6))
    return parts


def truth_of(parts: Sequence[Part], seconds: int) -> tuple[bool, ...]:
    """Whether at least half of each second lies in a highlight."""
    shown = np.zeros(seconds)
    for part in parts:
        if part.kind in FOCI:
            for second in range(seconds):
                shown[second] += max(0.0, min(part.end, second + 1) - max(part.start, second))
    return tuple(bool(value >= 0.5) for value in shown)


def make_film(seed: int, folder: Path, pictures: Sequence[Picture] = ()) -> Film:
    """Write the film of a seed; sound, words and comments may be missing or say nothing of it."""
    dice = np.random.default_rng([7, seed])
    seconds = int(dice.integers(30, 61))
    parts = plan_parts(dice, seconds)
    moved = [_moved(parts, seconds, dice) for _ in range(3)]
    sound = None if dice.random() < 0.2 else _sound(moved[0], dice)
    utterances = () if dice.random() < 0.25 else tuple(_talk(moved[1], dice))
    comments = () if dice.random() < 0.25 else tuple(_chat(moved[2], dice))
    size = SIZES[int(dice.integers(len(SIZES)))]
    path = folder / f"{seed:04}.mp4"
    _write(path, Scene(seed, size, parts, pictures), seconds, sound)
    return Film(path, truth_of(parts, seconds), tuple(parts), utterances, comments)


def _moved(parts: Sequence[Part], seconds: int, dice: np.random.Generator) -> NDArray[np.float64]:
    """How moved people are each second: with the highlights in two films of three."""
    level = dice.uniform(0, 0.25, seconds)
    if dice.random() < 0.67:
        spans = [(p.start, p.end) for p in parts if p.kind in FOCI and dice.random() < 0.85]
    else:
        starts = dice.uniform(0, seconds - 4, int(dice.integers(1, 5)))
        spans = [(start, start + dice.uniform(2, 7)) for start in starts]
    for start, end in spans:
        level[max(0, int(start)) : int(end) + 1] += dice.uniform(0.4, 1.0)
    return level


def _sound(moved: NDArray[np.float64], dice: np.random.Generator) -> NDArray[np.int16]:
    """Voiced pulses in syllables over hum; a jingle or applause now and then."""
    count = moved.size * RATE
    clock = np.arange(count) / RATE
    pitch = 140 * (1 + 0.3 * np.repeat(moved, RATE)) + 15 * np.sin(clock * 3)
    voice = np.sign(np.sin(2 * np.pi * np.cumsum(pitch) / RATE)) * 0.5
    gain = np.zeros(count)
    at = 0.2
    while at < moved.size - 0.4:
        level = moved[int(at)]
        long = dice.uniform(0.12, 0.26) / (1 + 0.5 * level)
        first, last = int(at * RATE), int((at + long) * RATE)
        gain[first:last] = (0.2 + 0.3 * level) * dice.uniform(0.6, 1.2) * np.hanning(last - first)
        at += long + (dice.uniform(0.3, 1.2) if dice.random() < 0.08 else dice.uniform(0.01, 0.05))
    wave = voice * gain + dice.normal(0, dice.uniform(0.001, 0.02), count)
    for _ in range(int(dice.integers(0, 3))):
        start = int(dice.integers(0, moved.size - 5)) * RATE
        burst = dice.normal(0, 0.25, 3 * RATE) * np.hanning(3 * RATE)
        wave[start : start + 3 * RATE] += burst
    return (np.clip(wave, -1, 1) * dice.uniform(8_000, 28_000)).astype(np.int16)


def _talk(moved: NDArray[np.float64], dice: np.random.Generator) -> list[Utterance]:
    """Sentences without times of their words, as a transcript file gives them."""
    found: list[Utterance] = []
    at = 300
    base = dice.uniform(2.0, 3.2)
    while at < (moved.size - 4) * 1000:
        words = int(dice.integers(4, 14))
        pace = base * (1 + 0.5 * moved[at // 1000]) * dice.uniform(0.85, 1.15)
        end = at + int(words / pace * 1000)
        found.append(Utterance(start_ms=at, end_ms=end, text=" ".join(["so"] * words)))
        at = end + int(dice.uniform(100, 1500))
    return found


def _chat(moved: NDArray[np.float64], dice: np.random.Generator) -> list[Comment]:
    found: list[Comment] = []
    base = dice.uniform(0.2, 2.0)
    delay = int(dice.integers(1, 5))
    for second in range(moved.size):
        level = moved[max(0, second - delay)]
        for _ in range(int(dice.poisson(base * (1 + 2.5 * max(0.0, level - 0.2))))):
            at = second * 1000 + int(dice.integers(1000))
            found.append(Comment(start_ms=at, user=f"v{dice.integers(60)}", text="+1"))
    return sorted(found, key=lambda comment: comment.start_ms)


def _write(path: Path, scene: Scene, seconds: int, sound: NDArray[np.int16] | None) -> None:
    with av.open(str(path), "w") as out:
        video = out.add_stream("libx264", rate=FPS)
        video.width, video.height, video.pix_fmt = *scene.size, "yuv420p"
        video.options = {"preset": "ultrafast", "crf": "27"}
        video.codec_context.gop_size = 3 * FPS
        audio = None if sound is None else out.add_stream("aac", rate=RATE, layout="mono")
        for index in range(seconds * FPS):
            picture, _ = scene.draw(index / FPS)
            frame = av.VideoFrame.from_ndarray(picture, format="bgr24")
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
