"""What rendering clips takes, told before it is done."""

import os
from collections.abc import Sequence

from domain.clip import Clip, Estimate
from domain.timeline import SIZES, Timeline

_SECONDS_PER_MEGAPIXEL_FRAME = 0.048
"""Of one core, by a render of 6 s at 1080x1920 with subtitles, music and a followed subject, which
took 11.5 s on two cores, and 4.5 s as a preview."""
_PREVIEW = 0.22
_PER_CLIP = 2.5
"""Seconds for the sound, the cover and looking through the pieces."""
_BYTES_PER_MEGAPIXEL_SECOND = 450_000
"""What a busy picture takes at the encoders' usual quality; a quiet one takes less."""


def estimate(
    timelines: Sequence[Timeline],
    *,
    before: Sequence[Clip] = (),
    preview: bool = False,
    cores: int | None = None,
) -> Estimate:
    """The time and the disk that rendering takes on this machine; no model is called for it.

    Of `before`, clips that were rendered here, the median speed counts instead of the usual one.
    """
    speeds = sorted(
        clip.rendered.seconds_taken / work
        for clip in before
        if clip.rendered is not None
        and (work := _work(clip.timeline, preview=clip.rendered.preview)) > 0
    )
    cores = cores or os.cpu_count() or 1
    speed = speeds[len(speeds) // 2] if speeds else _SECONDS_PER_MEGAPIXEL_FRAME / cores
    seconds = sum(one.duration_ms for one in timelines) / 1000
    fixed = 0.0 if speeds else _PER_CLIP * len(timelines)
    size = sum(_pixels(one, preview=preview) * one.duration_ms / 1000 for one in timelines)
    return Estimate(
        clips=len(timelines),
        clip_seconds=round(seconds, 1),
        render_seconds=round(
            fixed + speed * sum(_work(one, preview=preview) for one in timelines), 1
        ),
        bytes=round(size * _BYTES_PER_MEGAPIXEL_SECOND),
        model_calls=0,
        measured=bool(speeds),
    )


def _work(timeline: Timeline, *, preview: bool) -> float:
    """Megapixels of all frames; those of a preview count less."""
    frames = float(timeline.duration_ms * timeline.rate / 1000)
    return frames * _pixels(timeline, preview=False) * (_PREVIEW if preview else 1.0)


def _pixels(timeline: Timeline, *, preview: bool) -> float:
    width, height = SIZES[timeline.aspect]
    return width * height / 1e6 / (4 if preview else 1)
