"""What the samples of a film show, gathered by the second."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from tools.foreign.media import damaged
from tools.highlights.goods import GoodsFinder
from tools.highlights.person import PersonFinder
from tools.highlights.pld import PixelDistiller, WindowKeeper
from tools.highlights.sampling import Sample
from tools.highlights.scoring import DISTINCTION
from tools.highlights.seeing import SIGHTS, Eye

Row = NDArray[np.float32]

_PERSON_MS = 4000
"""Between two looks for a person: they come and go slowly, and a look takes long."""
_DISTILLED_MS = 500
"""Between two looks of PLD-VHD."""


class Board:
    """Collects what samples show, second by second."""

    def __init__(self, pictures: Sequence[NDArray[np.uint8]], *, pld: bool) -> None:
        self._eye, self._person = Eye(), PersonFinder()
        self._goods = GoodsFinder(pictures) if pictures else None
        self._pld, self._windows = PixelDistiller() if pld else None, WindowKeeper()
        self._distinct, self._distilled_ms = 0.0, -_DISTILLED_MS
        extra = (("product",) if pictures else ()) + ((DISTINCTION,) if pld else ())
        self._names = (*SIGHTS, "person", *extra)
        self._sums: list[NDArray[np.float32]] = []
        self._counts: list[int] = []
        self._looked_ms, self._seen = -_PERSON_MS, 0.0

    def see(self, sample: Sample) -> None:
        """Take the next sample."""
        if sample.at_ms - self._looked_ms >= _PERSON_MS:
            self._looked_ms = sample.at_ms
            self._seen = float(self._person.find(sample.picture).mean())
        sight = self._eye.look(sample)
        values = [*(getattr(sight, name) for name in SIGHTS), self._seen]
        if self._goods is not None:
            values.append(self._goods.find(sample.picture))
        if self._pld is not None:
            window = self._windows.add(sample.at_ms, sample.picture)
            if sample.at_ms - self._distilled_ms >= _DISTILLED_MS:
                self._distilled_ms = sample.at_ms
                self._distinct = float(self._pld.distil(window).mean())
            values.append(self._distinct)
        second = sample.at_ms // 1000
        while len(self._sums) <= second:
            self._sums.append(np.zeros(len(self._names), np.float32))
            self._counts.append(0)
        self._sums[second] += np.array(values, np.float32)
        self._counts[second] += 1

    def rows(self, seconds: int, name: str) -> dict[str, Row]:
        """Each signal by the second; seconds without a sample are like those next to them."""
        seen = [n for n in range(min(seconds, len(self._sums))) if self._counts[n]]
        if not seen:
            raise damaged(name, "picture")
        means = np.stack([self._sums[n] / self._counts[n] for n in seen])
        between = (np.array(seen[1:]) + np.array(seen[:-1])) / 2
        table = means[np.searchsorted(between, np.arange(seconds))].astype(np.float32)
        return {name: table[:, column] for column, name in enumerate(self._names)}
