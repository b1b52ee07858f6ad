"""A piece framed shot by shot: the subject followed, or shown whole where it is too wide."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from tools.film.framing import centre
from tools.film.layout import Placed
from tools.film.shots import FramedSpan, Framing
from tools.film.source import Recorded
from tools.reframing.paths import smooth_path
from tools.reframing.subjects import Sighting
from tools.reframing.watching import Watched

Box = tuple[int, int, int, int]

_PERSON_WITHIN = 0.5
"""The crop holds at least this part of a person, else the picture is shown whole."""
_SALIENT_WITHIN = 0.5
_LEAST_LIT = 0.5
_SURE = 0.3
_MARGIN = 0.06
_WIDEST = 2.2
"""Of the crop: what is wider loses its sides rather than becoming a narrow strip."""
_EDGE = 0.004
"""Of the picture, cut off with black bars, whose edge is soft."""


@dataclass(frozen=True)
class FollowFramer:
    """Frames pieces by what was seen in them, by piece id; `size` is the frame's."""

    recorded: Recorded
    watched: Mapping[str, Watched]
    size: tuple[int, int]
    rate: float

    def __call__(self, placed: Placed) -> Sequence[FramedSpan]:
        """One span a shot of the picture."""
        seen = self.watched[placed.piece.piece_id]
        borders = [0, *(cut for cut in seen.cuts if 0 < cut < placed.frames), placed.frames]
        return [
            FramedSpan(first, end - first, self._frame(seen, first, end))
            for first, end in pairwise(borders)
        ]

    @property
    def area(self) -> Box:
        """The recording without the black bars that it has throughout, in pixels."""
        lit = [seen.lit for seen in self.watched.values()]
        left, top = min(box[0] for box in lit), min(box[1] for box in lit)
        right, bottom = max(box[2] for box in lit), max(box[3] for box in lit)
        if right - left < _LEAST_LIT:
            left, right = 0.0, 1.0
        if bottom - top < _LEAST_LIT:
            top, bottom = 0.0, 1.0
        left, top = left and left + _EDGE, top and top + _EDGE
        right, bottom = (edge if edge >= 1 else edge - _EDGE for edge in (right, bottom))
        x, y = _even(left * self.recorded.width), _even(top * self.recorded.height)
        width = min(_even(right * self.recorded.width), self.recorded.width) - x
        return x, y, width, min(_even(bottom * self.recorded.height), self.recorded.height) - y

    def _frame(self, seen: Watched, first: int, end: int) -> Framing:
        area = self.area
        still = centre(area, self.size)
        crop = still.region[2:]
        free = (area[2] - crop[0], area[3] - crop[1])
        sightings = [s for s in seen.sightings if first <= s.frame < end]
        if max(free) <= 0.02 * max(area[2:]) or not sightings:
            return still
        along = 0 if free[0] > free[1] else 1
        if not self._fits(sightings, crop[along], along):
            return Framing("fit", self._around(sightings, area, crop[along], along), self.size)
        path = self._path(sightings, area, crop, along, first, end)
        return _framed(path, area, crop, along, self.size)

    def _around(self, sightings: Sequence[Sighting], area: Box, least: int, along: int) -> Box:
        """The area narrowed to where the subject goes, so that it is shown large."""
        if along == 1:
            return area
        whole = (self.recorded.width, self.recorded.height)[along]
        low = np.quantile([(s.left, s.top)[along] for s in sightings], 0.1) * whole
        high = np.quantile([(s.right, s.bottom)[along] for s in sightings], 0.9) * whole
        wide = min(area[2 + along], max(least, (high - low) * (1 + 2 * _MARGIN)), _WIDEST * least)
        start = min(max((low + high - wide) / 2, area[along]), area[along] + area[2 + along] - wide)
        found = list(area)
        found[along], found[2 + along] = _even(float(start)), _even(float(wide))
        return found[0], found[1], found[2], found[3]

    def _fits(self, sightings: Sequence[Sighting], room: float, along: int) -> bool:
        whole = (self.recorded.width, self.recorded.height)[along]
        people = [s for s in sightings if s.sure >= _SURE]
        chosen = people if len(people) >= len(sightings) / 2 else sightings
        if along == 1 and chosen is not people:
            return False
        spans = [(s.right - s.left, s.bottom - s.top)[along] * whole for s in chosen]
        within = _PERSON_WITHIN if chosen is people else _SALIENT_WITHIN
        return room >= within * float(np.median(spans))

    def _path(
        self,
        sightings: Sequence[Sighting],
        area: Box,
        crop: Sequence[int],
        along: int,
        first: int,
        end: int,
    ) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
        whole = (self.recorded.width, self.recorded.height)[along]
        people = [s for s in sightings if s.sure >= _SURE]
        chosen = people if len(people) >= len(sightings) / 3 else sightings
        room = float(crop[along])
        wanted = np.asarray([(s.x, s.y)[along] * whole for s in chosen])
        if along == 1:
            wanted = wanted + 0.1 * room
        low, high = area[along] + room / 2, area[along] + area[2 + along] - room / 2
        middle = smooth_path(
            np.asarray([s.frame - first for s in chosen], np.float64),
            np.clip(wanted, low, high),
            np.asarray([s.sure for s in chosen]),
            end - first,
            room=room,
            rate=self.rate,
        )
        return np.clip(middle, low, high) - room / 2


def _framed(
    path: "np.ndarray[tuple[int], np.dtype[np.float64]]",
    area: Box,
    crop: Sequence[int],
    along: int,
    size: tuple[int, int],
) -> Framing:
    """The part of the picture that the path passes over, and the path in pixels of the frame."""
    start = int(np.floor(path.min()))
    stop = int(np.ceil(path.max())) + crop[along]
    limit = area[along] + area[2 + along]
    start, stop = max(area[along], start), min(limit, stop)
    region = list(area)
    region[along], region[2 + along] = start, stop - start
    if along == 0:
        region[3], region[1] = area[3], area[1]
    scale = size[along] / crop[along]
    scaled = list(size)
    scaled[along] = max(size[along], round((stop - start) * scale / 2) * 2)
    free = scaled[along] - size[along]
    moves = np.clip(np.round((path - start) * scale), 0, free).astype(int)
    places = [(int(m), 0) if along == 0 else (0, int(m)) for m in moves]
    if len(set(places)) == 1:
        places = places[:1]
    whole = (region[0], region[1], region[2], region[3])
    return Framing("crop", whole, (scaled[0], scaled[1]), tuple(places))


def _even(value: float) -> int:
    return round(value / 2) * 2
