"""Looking through a piece's picture once, small: cuts, the subject, burnt-in text, good frames."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tools.film.assets import PersonFinder, find_person
from tools.film.ffmpeg import Cancelled, reading
from tools.film.filters import Graph, open_take
from tools.film.source import Recorded
from tools.reframing.cuts import CutFinder
from tools.reframing.subjects import Sighting, find_salient, see_person
from tools.reframing.writing import GRID, busy_cells

Picture = NDArray[np.uint8]

_RECIPE = 2
_LONG_SIDE = 432
_EACH_SECONDS = Fraction(1, 5)
_TEXT_EACH = 4
_DARK = 28
"""Brightness that the bars of a letterboxed film stay below."""


@dataclass(frozen=True)
class Look:
    """How well a frame would do as a still: `score` from 0 to 1."""

    frame: int
    score: float


@dataclass(frozen=True)
class Watched:
    """What was seen in `frames` of a recording.

    `cuts` are the frames that begin another shot. `lit` are the parts of height and width
    (left, top, right, bottom) outside of which it stays black. `busy` tells for a grid of the
    picture (rows of columns) how much of the time each cell looks like writing.
    """

    frames: int
    cuts: tuple[int, ...]
    sightings: tuple[Sighting, ...]
    lit: tuple[float, float, float, float]
    busy: tuple[tuple[float, ...], ...]
    looks: tuple[Look, ...]


def watch(
    recorded: Recorded,
    at: Fraction,
    frames: int,
    rate: Fraction,
    *,
    person: PersonFinder | None,
    kept: Path,
    cancelled: Cancelled,
    exact: bool = True,
) -> Watched:
    """Look through `frames` from the moment `at` (seconds) on; kept in the folder `kept`.

    The frames are those that are rendered. With `person` the subject is the person in the picture,
    else what moves and stands out. Without `exact` only key frames are decoded, many times faster:
    enough for writing and stills, not for cuts.
    """
    made_of = (_RECIPE, recorded.digest, str(at), frames, str(rate), person is not None, exact)
    key = hashlib.sha256(repr(made_of).encode()).hexdigest()[:32]
    file = kept / f"{key}.json"
    if file.is_file():
        return _read(file)
    found = _look(_pictures(recorded, at, frames, rate, exact, cancelled), rate, person)
    kept.mkdir(parents=True, exist_ok=True)
    part = file.with_suffix(".part")
    part.write_text(json.dumps(asdict(found)), "utf-8")
    part.replace(file)
    return found


def small_size(recorded: Recorded) -> tuple[int, int]:
    """Width and height in which a recording is looked through."""
    scale = min(1.0, _LONG_SIDE / max(recorded.width, recorded.height))
    return max(2, round(recorded.width * scale)), max(2, round(recorded.height * scale))


def _pictures(
    recorded: Recorded,
    at: Fraction,
    frames: int,
    rate: Fraction,
    exact: bool,
    cancelled: Cancelled,
) -> Iterator[Picture]:
    width, height = small_size(recorded)
    graph = Graph()
    decoding = ["-skip_loop_filter", "all", *([] if exact else ["-skip_frame", "nokey"])]
    pad, timed = open_take(graph, recorded, at, frames, rate, decoding=decoding)
    chain = f"{pad}scale={width}:{height}:flags=fast_bilinear,{timed},format=bgr24[out]"
    arguments = [*graph.inputs, "-filter_complex", chain, "-map", "[out]"]
    arguments += ["-f", "rawvideo", "pipe:1"]
    size = width * height * 3
    with reading(arguments, what=f"the picture of {recorded.name}", cancelled=cancelled) as pipe:
        while len(data := pipe.read(size)) == size:
            yield np.frombuffer(data, np.uint8).reshape(height, width, 3)


def _look(pictures: Iterator[Picture], rate: Fraction, person: PersonFinder | None) -> Watched:
    every = max(1, round(rate * _EACH_SECONDS))
    cuts = CutFinder()
    sightings: list[Sighting] = []
    looks: list[Look] = []
    busy = np.zeros(GRID, np.float64)
    lit: NDArray[np.uint8] | None = None
    before: Picture | None = None
    texts = seen = 0
    for number, picture in enumerate(pictures):
        cuts.see(number, picture)
        seen = number + 1
        if number % every:
            continue
        brightest = picture.max(axis=2)
        lit = brightest if lit is None else np.maximum(lit, brightest)
        mask = find_person(person, picture) if person is not None else None
        sighting = see_person(number, mask) if mask is not None else None
        sightings.append(sighting or find_salient(number, picture, before))
        looks.append(Look(number, _still(picture, sighting)))
        if (number // every) % _TEXT_EACH == 0:
            busy += busy_cells(picture)
            texts += 1
        before = picture
    best = sorted(looks, key=lambda look: -look.score)[:5]
    return Watched(
        frames=seen,
        cuts=tuple(cuts.found()),
        sightings=tuple(sightings),
        lit=_lit(lit),
        busy=tuple(tuple(round(float(v), 4) for v in row) for row in busy / max(1, texts)),
        looks=tuple(best),
    )


def _still(picture: Picture, sighting: Sighting | None) -> float:
    """Sharp, neither dark nor washed out, and with a person: what makes a good still."""
    import cv2

    grey = cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY)
    sharp = float(cv2.Laplacian(grey, cv2.CV_32F).std())
    light = float(grey.mean()) / 255
    contrast = float(grey.std()) / 64
    colour = float((picture.max(axis=2).astype(np.int16) - picture.min(axis=2)).mean()) / 64
    exposed = max(0.0, 1 - abs(light - 0.48) / 0.48)
    there = 1.0 if sighting is not None and sighting.sure > 0.5 else 0.0
    return (
        0.3 * min(1.0, sharp / 30)
        + 0.25 * exposed
        + 0.15 * min(1.0, contrast)
        + 0.1 * min(1.0, colour)
        + 0.2 * there
    )


def _lit(brightest: NDArray[np.uint8] | None) -> tuple[float, float, float, float]:
    if brightest is None:
        return (0.0, 0.0, 1.0, 1.0)
    rows = np.flatnonzero(np.percentile(brightest, 98, axis=1) > _DARK)
    columns = np.flatnonzero(np.percentile(brightest, 98, axis=0) > _DARK)
    if not len(rows) or not len(columns):
        return (0.5, 0.5, 0.5, 0.5)
    height, width = brightest.shape
    return (
        float(columns[0] / width), float(rows[0] / height),
        float((columns[-1] + 1) / width), float((rows[-1] + 1) / height),
    )  # fmt: skip


def _read(file: Path) -> Watched:
    raw = json.loads(file.read_text("utf-8"))
    return Watched(
        frames=raw["frames"],
        cuts=tuple(raw["cuts"]),
        sightings=tuple(Sighting(**one) for one in raw["sightings"]),
        lit=tuple(raw["lit"]),
        busy=tuple(tuple(row) for row in raw["busy"]),
        looks=tuple(Look(**one) for one in raw["looks"]),
    )
