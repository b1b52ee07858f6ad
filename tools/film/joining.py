"""Shots joined by stream copy under the sound, and the result counted."""

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

from domain.errors import InvalidInput
from tools.film.encoding import timescale
from tools.film.ffmpeg import Cancelled, run_ffmpeg


def join(
    segments: Sequence[Path],
    sound: Path,
    out: Path,
    *,
    title: str,
    rate: Fraction,
    work: Path,
    cancelled: Cancelled,
) -> None:
    """Lay the segments end to end under `sound` (AAC) as `out`, each frame on its exact tick.

    Raises:
        JobCancelled: `cancelled` said so.
        StorageFull: the disk is full.
        InvalidInput: a segment is not as the others are.
    """
    _check_alike(segments)
    listed = [f"file '{segment.resolve()}'".replace("\\", "/") for segment in segments]
    (work / "segments.ffconcat").write_text("\n".join(["ffconcat version 1.0", *listed, ""]))
    ticks = timescale(rate)[1]
    exact = f"setts=pts=round(PTS/{ticks})*{ticks}:dts=round(DTS/{ticks})*{ticks}:duration={ticks}"
    run_ffmpeg(
        [
            *("-f", "concat", "-safe", "0", "-i", "segments.ffconcat", "-i", str(sound.resolve())),
            *("-map", "0:v", "-map", "1:a", "-c:v", "copy", "-bsf:v", exact),
            *("-c:a", "copy"),
            *("-video_track_timescale", str(timescale(rate)[0]), "-movflags", "+faststart"),
            *("-map_metadata", "-1", "-metadata", f"title={title}"),
            *("-fflags", "+bitexact", str(out.resolve())),
        ],
        what="the clip", cwd=work, cancelled=cancelled,
    )  # fmt: skip


def count_frames(path: Path, rate: Fraction) -> int:
    """How many frames a clip has, each standing at its exact time.

    Raises:
        InvalidInput: one does not.
    """
    import av

    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        base = stream.time_base or Fraction(1)
        stamps = sorted(p.pts for p in container.demux(stream) if p.pts is not None and p.size)
    wrong = next((n for n, stamp in enumerate(stamps) if stamp * base != n / rate), None)
    if wrong is not None:
        raise InvalidInput(
            f"Frame {wrong} of {path.name} stands at {float(stamps[wrong] * base):.6f} s.",
            hint="Delete the folder of kept pieces and render again.",
        )
    return len(stamps)


def _check_alike(segments: Sequence[Path]) -> None:
    """Streams that are joined share one header: the first one's."""
    import av

    heads: set[bytes] = set()
    for segment in set(segments):
        with av.open(str(segment)) as container:
            heads.add(bytes(container.streams.video[0].codec_context.extradata or b""))
    if len(heads) > 1:
        raise InvalidInput(
            "The pieces of the clip are coded in different ways, so they cannot be joined.",
            hint="Delete the folder of kept pieces and render again.",
        )
