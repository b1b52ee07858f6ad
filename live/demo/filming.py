"""ffmpeg at work on the demo broadcast: still pictures with layers over them, and joins."""

import subprocess
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from pathlib import Path

from PIL import Image

from domain.errors import JobCancelled, NotAvailable, StorageFull
from live.demo.layers import Layer
from live.demo.pictures import MARGIN
from live.demo.script import Look
from live.sources.pump import find_ffmpeg

KEYFRAME_SECONDS = 2
_POLL_SECONDS = 0.05
_DRIFT = (
    f"x='{MARGIN}+{MARGIN - 6}*sin(t/3.7)'",
    f"y='{MARGIN}+{MARGIN - 6}*cos(t/4.9)'",
)
"""A camera held by hand: a slow circle within the margin."""


def shoot(
    look: Look,
    picture: Image.Image,
    layers: Iterable[Layer],
    end: int,
    out: Path,
    is_stopped: Callable[[], bool],
) -> None:
    """Film `picture` with `layers` over it, from the first layer's frame to the frame `end`.

    Raises:
        JobCancelled: `is_stopped` said so.
    """
    with tempfile.TemporaryDirectory(prefix="shot-", dir=out.parent) as name:
        folder = Path(name)
        picture.save(folder / "picture.png", compress_level=1)
        starts: list[int] = []
        for number, layer in enumerate(layers):
            if is_stopped():
                raise _cancelled()
            layer.image.save(folder / f"{number:04}.png", compress_level=1)
            starts.append(layer.first)
        listed = ["ffconcat version 1.0"]
        for number, (start, stop) in enumerate(pairwise([*starts, end])):
            listed += [f"file {number:04}.png", f"duration {(stop - start) / look.fps:.6f}"]
        listed.append(f"file {len(starts) - 1:04}.png")
        (folder / "layers.ffconcat").write_text("\n".join(listed) + "\n", "utf-8")
        part = folder / "shot.mp4"
        run_ffmpeg(_shot(look, folder, end - starts[0], part), is_stopped)
        part.replace(out)


def _shot(look: Look, folder: Path, frames: int, out: Path) -> list[str]:
    moving = f"format=yuv420p,loop=loop=-1:size=1,setpts=N/({look.fps}*TB)"
    crop = f"crop={look.width}:{look.height}:{':'.join(_DRIFT)}"
    graph = (
        f"[0:v]{moving},{crop}[under];[1:v]format=yuva420p,fps={look.fps}[over];"
        "[under][over]overlay=eof_action=repeat:format=yuv420"
    )
    gop = str(KEYFRAME_SECONDS * look.fps)
    return [
        *("-framerate", str(look.fps), "-i", str(folder / "picture.png")),
        *("-f", "concat", "-safe", "0", "-i", str(folder / "layers.ffconcat")),
        *("-filter_complex", graph, "-frames:v", str(frames), "-r", str(look.fps)),
        *("-c:v", "libx264", "-preset", "veryfast", "-crf", "27", "-bf", "0"),
        *("-g", gop, "-keyint_min", gop, "-sc_threshold", "0"),
        *("-video_track_timescale", "12288", str(out)),
    ]


def join_parts(
    parts: Sequence[Path],
    sounds: Sequence[Path],
    span_ms: tuple[int, int],
    work: Path,
    out: Path,
) -> list[str]:
    """What ffmpeg is asked to lay `parts` end to end under the stretch `span_ms` of the sound."""
    listed = work / "parts.ffconcat"
    lines = [f"file '{part.name}'" for part in parts]
    listed.write_text("\n".join(["ffconcat version 1.0", *lines]) + "\n", "utf-8")
    start, end = span_ms
    inputs = [argument for sound in sounds for argument in ("-i", str(sound))]
    streams = "".join(f"[{number}:a]" for number in range(1, len(sounds) + 1))
    graph = (
        f"{streams}concat=n={len(sounds)}:v=0:a=1,"
        f"atrim={start / 1000}:{end / 1000},asetpts=N/SR/TB[sound]"
    )
    return [
        *("-f", "concat", "-safe", "0", "-i", str(listed)),
        *inputs,
        *("-filter_complex", graph, "-map", "0:v", "-map", "[sound]", "-c:v", "copy"),
        *("-c:a", "aac", "-b:a", "64k", "-ar", "48000", "-ac", "1"),
        *("-movflags", "+faststart", "-map_metadata", "-1", str(out)),
    ]


def run_ffmpeg(arguments: Sequence[str], is_stopped: Callable[[], bool]) -> None:
    """Run ffmpeg to its end.

    Raises:
        JobCancelled: `is_stopped` said so; the process has ended.
        StorageFull: the disk is full.
        NotAvailable: ffmpeg is missing, or does not do what it is asked.
    """
    command = [find_ffmpeg(), "-nostdin", "-hide_banner", "-v", "error", "-y", *arguments]
    with tempfile.TemporaryFile() as told:
        process = subprocess.Popen(  # noqa: S603
            command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=told
        )
        try:
            while process.poll() is None:
                if is_stopped():
                    raise _cancelled()
                time.sleep(_POLL_SECONDS)
        finally:
            if process.poll() is None:
                process.kill()
            process.wait()
        told.seek(0)
        said = told.read().decode("utf-8", "replace").strip()
    if process.returncode == 0:
        return
    if "No space left on device" in said:
        raise StorageFull(
            "The disk is full, so the demo broadcast cannot be written.",
            hint="Free about 200 MB, then start the demo again.",
        )
    raise NotAvailable(
        f"ffmpeg could not make the demo broadcast: {said.splitlines()[-1] if said else 'no word'}",
        hint="Reinstall the package imageio-ffmpeg, then start the demo again.",
        details={"ffmpeg": said[-2000:]},
    )


def _cancelled() -> JobCancelled:
    return JobCancelled("The demo broadcast was cancelled.", hint="Start it again.")
