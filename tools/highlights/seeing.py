"""What a picture shows that may interest a viewer, measured on one small picture after another."""

import functools
from dataclasses import dataclass, fields

import cv2
import numpy as np
from numpy.typing import NDArray

from tools.highlights.motion import MotionMeter
from tools.highlights.sampling import Sample

Map = NDArray[np.float32]

_REMEMBERED_MS = 15_000
"""How long the usual picture of a shot takes to follow a change."""
_LONGEST_MS = 1500
_UNLIKE = 40
"""Difference of the three values of CIELAB (0..255 each) from which on a pixel is another."""
_SAME_SHOT = 0.55
"""Correlation of coarse brightness below which two pictures are of different shots."""
_CENTRE = 0.24
"""Deviation of the centre prior in sides of the picture (Judd et al. 2009, §3: people film and look
at the middle)."""


@dataclass(frozen=True, slots=True)
class Sight:
    """Raw measures of one sample, each 0 for nothing.

    `motion` in the middle and `edges` around it are what moves by itself (sides a second), `camera`
    and `zoom` what the camera does. `novelty` is how much of the middle is unlike the usual
    picture, `nearness` how much of it is unlike the picture's border. `detail` and `focus` are the
    sharpness of the middle, and its share of all; `text` is how much looks like writing in the
    middle, `slide` everywhere; `cut` a change of shot, `light` a change of brightness.
    """

    motion: float = 0.0
    edges: float = 0.0
    camera: float = 0.0
    zoom: float = 0.0
    novelty: float = 0.0
    nearness: float = 0.0
    detail: float = 0.0
    focus: float = 0.0
    text: float = 0.0
    slide: float = 0.0
    colour: float = 0.0
    cut: float = 0.0
    light: float = 0.0


SIGHTS = tuple(field.name for field in fields(Sight))


class Eye:
    """Looks at samples in the order of time."""

    def __init__(self) -> None:
        self._meter = MotionMeter()
        self._before: Sample | None = None
        self._grey: NDArray[np.uint8] | None = None
        self._usual: Map | None = None

    def look(self, sample: Sample) -> Sight:
        """Measure a sample against those before it."""
        grey = cv2.cvtColor(sample.picture, cv2.COLOR_BGR2GRAY).astype(np.uint8)
        lab = cv2.cvtColor(sample.picture, cv2.COLOR_BGR2LAB).astype(np.float32)
        prior = centre_prior(*grey.shape)
        before, before_grey = self._before, self._grey
        same_size = before_grey is not None and before_grey.shape == grey.shape
        waited = sample.at_ms - before.at_ms if before is not None else 0
        motion = edges = camera = zoom = cut = light = 0.0
        if before_grey is not None and same_size and 0 < waited <= _LONGEST_MS:
            level, last_level = float(grey.mean()) + 1, float(before_grey.mean()) + 1
            light = abs(level - last_level) / 255
            cut = float(_likeness(before_grey, grey) < _SAME_SHOT)
            if not cut:
                even = cv2.convertScaleAbs(grey, alpha=last_level / level).astype(np.uint8)
                found = self._meter.measure(before_grey, even)
                rate = 1000 / waited / max(grey.shape)
                own = np.minimum(found.local * rate, 1.0)
                motion = float((own * prior).sum() / prior.sum())
                edges = float((own * (1 - prior)).sum() / (1 - prior).sum())
                camera = min(1.0, found.pan * rate)
                zoom = min(1.0, abs(found.zoom) * 1000 / waited)
        self._before, self._grey = sample, grey
        detail, focus, text, slide = _sharpness(sample.luma)
        return Sight(
            motion=motion,
            edges=edges,
            camera=camera,
            zoom=zoom,
            novelty=self._novelty(lab, prior, waited),
            nearness=_nearness(lab, prior),
            detail=detail,
            focus=focus,
            text=text,
            slide=slide,
            colour=float((np.hypot(lab[..., 1] - 128, lab[..., 2] - 128) * prior).sum())
            / float(prior.sum())
            / 128,
            cut=cut,
            light=light,
        )

    def _novelty(self, lab: Map, prior: Map, waited: int) -> float:
        level = lab.copy()
        level[..., 0] -= float(level[..., 0].mean())
        if self._usual is None or self._usual.shape != level.shape:
            self._usual = level
            return 0.0
        apart = cv2.absdiff(level, self._usual)
        new = apart[..., 0] + apart[..., 1] + apart[..., 2] > _UNLIKE
        cv2.accumulateWeighted(level, self._usual, min(1.0, waited / _REMEMBERED_MS))
        return float(prior[new].sum() / prior.sum())


@functools.lru_cache(maxsize=8)
def centre_prior(high: int, wide: int) -> Map:
    """A bell over the middle of a picture, 1 at its top."""
    y = (np.arange(high, dtype=np.float32) / high - 0.5)[:, None]
    x = (np.arange(wide, dtype=np.float32) / wide - 0.5)[None, :]
    return np.exp(-(x * x + y * y) / (2 * _CENTRE**2)).astype(np.float32)


def _likeness(before: NDArray[np.uint8], after: NDArray[np.uint8]) -> float:
    """The correlation of two grey pictures, 1 for the same but for light and contrast."""
    a, b = (cv2.blur(grey, (9, 9))[::8, ::8].astype(np.float32) for grey in (before, after))
    a, b = a - a.mean(), b - b.mean()
    return float((a * b).sum() / (np.sqrt((a * a).sum() * (b * b).sum()) + 1e-3))


def _nearness(lab: Map, prior: Map) -> float:
    """How much of the middle has colours that the border lacks (Wei et al. 2012, §3.1)."""
    coarse = (lab / 32).astype(np.int64)
    codes = coarse[..., 0] * 64 + coarse[..., 1] * 8 + coarse[..., 2]
    high, wide = codes.shape
    up, aside = max(1, high // 12), max(1, wide // 12)
    border = np.concatenate(
        [codes[:up].ravel(), codes[:, :aside].ravel(), codes[:, -aside:].ravel()]
    )
    usual = np.bincount(border, minlength=512).astype(np.float32) / border.size
    strange = np.clip(1 - usual * 20, 0, 1)[codes]
    return float(np.vdot(strange, prior) / prior.sum())


def _sharpness(luma: NDArray[np.uint8]) -> tuple[float, float, float, float]:
    """Detail of the middle, its share of all, and how much looks like writing there and overall.

    Writing is where upright edges are dense and alternate (Liu and Samarabandu 2006).
    """
    prior = centre_prior(*luma.shape)
    lines = np.abs(cv2.Laplacian(luma, cv2.CV_16S)).astype(np.float32)
    all_of_it = float(lines.mean())
    middle = float(np.vdot(lines, prior) / prior.sum())
    upright = (np.abs(cv2.Sobel(luma, cv2.CV_16S, 1, 0)) > 160).astype(np.uint8)
    dense = cv2.boxFilter(upright.astype(np.float32), -1, (15, 5)) > 0.3
    return (
        middle / 255,
        middle / (middle + all_of_it + 1e-3),
        float(prior[dense].sum() / prior.sum()),
        float(dense.mean()),
    )
