"""Cutting a clip: against one plain ffmpeg command and a MoviePy script, and one word again.

The edit: six stretches of a recording, cropped to 9:16, subtitles burnt in, the sound levelled.
MoviePy pins another Pillow, so it is measured where `LIVECUE_BENCH_MOVIEPY` names a Python that has
it.
"""

import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from bench.figure import Figure
from domain.timeline import ClipWord, Effects, Piece, Timeline
from tools.cutting import Assets, render
from tools.effects.fonts import find_font
from tools.film.ffmpeg import find_ffmpeg

SECONDS = 60
STRETCHES = ((3000, 7000), (12_000, 16_500), (21_000, 25_000), (30_000, 35_000), (41_000, 45_000),
             (52_000, 56_500))  # fmt: skip
LINES = (
    "This is the mug that you asked for", "It holds 350 ml and keeps warm for two hours",
    "Made of stoneware, fired twice", "It goes into the dishwasher as it is",
    "Today it is $19.90 instead of $26", "Tell me in the comments which colour you like",
)  # fmt: skip
SIZE = (1080, 1920)

_MOVIEPY = """
import sys
from moviepy import VideoFileClip, TextClip, CompositeVideoClip, concatenate_videoclips
source, out, font = sys.argv[1:4]
spans = [tuple(map(float, pair.split(","))) for pair in sys.argv[4].split(";")]
texts = sys.argv[5].split("|")
whole = VideoFileClip(source)
pieces = []
for (start, end), text in zip(spans, texts):
    piece = whole.subclipped(start, end)
    width = round(piece.h * 9 / 16)
    piece = piece.cropped(x_center=piece.w / 2, width=width).resized((1080, 1920))
    words = text.split()
    each = (end - start) / len(words)
    half = (len(words) + 1) // 2
    for number, part in enumerate((words[:half], words[half:])):
        line = TextClip(font=font, text=" ".join(part), font_size=64, color="white",
                        stroke_color="black", stroke_width=4, size=(900, 200), method="caption")
        line = line.with_start(number * half * each).with_duration(len(part) * each)
        piece = CompositeVideoClip([piece, line.with_position(("center", 1300))])
    pieces.append(piece)
clip = concatenate_videoclips(pieces)
clip.write_videofile(out, fps=30, codec="libx264", preset="veryfast", audio_codec="aac",
                     ffmpeg_params=["-crf", "20", "-pix_fmt", "yuv420p"], threads=2, logger=None)
"""


def measure() -> list[Figure]:
    """Seconds of the whole edit, of one changed word, and the memory of the programs."""
    return list(_measure())


def _measure() -> Iterator[Figure]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        source = folder / "show.mp4"
        _film(source)
        ours, again = folder / "ours", "It holds 380 ml and keeps warm for two hours"
        first = _timed(lambda: _render(source, ours, LINES))
        memory = float(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024)
        changed = _timed(lambda: _render(source, ours, (LINES[0], again, *LINES[2:])))
        plain = _timed(lambda: _plain(source, folder))
        yield from _figures("a clip of 26 s, 9:16, subtitles", first, "plain ffmpeg", plain)
        yield from _figures("one word changed", changed, "the first time", first)
        yield Figure("largest program", memory, "1 GiB", float(1 << 30), "B")
        moviepy = os.environ.get("LIVECUE_BENCH_MOVIEPY")
        if moviepy is None:
            print("| the same by MoviePy | not measured | LIVECUE_BENCH_MOVIEPY is not set | |")
            return
        by_moviepy = _timed(lambda: _by_moviepy(moviepy, source, folder))
        yield from _figures("a clip of 26 s, 9:16, subtitles", first, "MoviePy", by_moviepy)


def _figures(what: str, measured: "_Seconds", against: str, base: "_Seconds") -> Iterator[Figure]:
    yield Figure(what, measured.wall, against, base.wall)
    yield Figure(f"{what}, processor time", measured.processor, against, base.processor)


def _film(path: Path) -> None:
    _run(
        [
            *("-f", "lavfi", "-i", f"testsrc2=s=1920x1080:r=30:d={SECONDS}"),
            *("-f", "lavfi", "-i", f"sine=f=300:r=48000:d={SECONDS}"),
            *("-c:v", "libx264", "-preset", "veryfast", "-crf", "23", "-g", "60"),
            *("-pix_fmt", "yuv420p", "-c:a", "aac", str(path)),
        ]
    )


def _render(source: Path, folder: Path, lines: tuple[str, ...]) -> None:
    pieces: list[Piece] = []
    for number, ((start, end), line) in enumerate(zip(STRETCHES, lines, strict=True)):
        texts = line.split()
        each = (end - start) / len(texts)
        words = tuple(
            ClipWord(
                text=text, start_ms=round(start + n * each), end_ms=round(start + each * (n + 1))
            )
            for n, text in enumerate(texts)
        )
        pieces.append(Piece(piece_id=f"p{number}", start_ms=start, end_ms=end, words=words))
    timeline = Timeline(
        timeline_id="bench", recording_id="bench", product_id=None, lang="en", title="Bench",
        pieces=tuple(pieces), effects=Effects(bgm=None, cover=False, follow_subject=False),
    )  # fmt: skip
    assets = Assets(folder=folder / "assets")
    render(timeline, source, folder / "clip.mp4", work=folder / "work", assets=assets)


def _plain(source: Path, folder: Path) -> None:
    """One command: seek, crop, join, burn the same kind of subtitles in, level, code."""
    subtitles = folder / "lines.ass"
    family = find_font().family
    style = f"Style: Main,{family},64,&H00FFFFFF,&H00FFFFFF,&H00101010,&H80101010,1,0,0,0,100,100"
    head = f"[Script Info]\nPlayResX: {SIZE[0]}\nPlayResY: {SIZE[1]}\n\n[V4+ Styles]\n"
    head += "Format: Name,Fontname,Fontsize,PrimaryColour,SecondaryColour,OutlineColour,"
    head += "BackColour,Bold,Italic,Underline,StrikeOut,ScaleX,ScaleY,Spacing,Angle,BorderStyle,"
    head += f"Outline,Shadow,Alignment,MarginL,MarginR,MarginV,Encoding\n{style},0,0,1,4,2,2,"
    head += "60,60,500,1\n\n[Events]\nFormat: Layer,Start,End,Style,Name,MarginL,MarginR,MarginV,"
    head += "Effect,Text\n"
    at = 0
    for (start, end), line in zip(STRETCHES, LINES, strict=True):
        head += f"Dialogue: 0,{_stamp(at)},{_stamp(at + end - start)},Main,,0,0,0,,{line}\n"
        at += end - start
    subtitles.write_text(head, "utf-8")
    inputs: list[str] = []
    for start, end in STRETCHES:
        inputs += ["-ss", str(start / 1000), "-t", str((end - start) / 1000), "-i", str(source)]
    chains = [
        f"[{n}:v]crop=608:1080,scale={SIZE[0]}:{SIZE[1]},setsar=1[v{n}];[{n}:a]anull[a{n}]"
        for n in range(len(STRETCHES))
    ]
    pads = "".join(f"[v{n}][a{n}]" for n in range(len(STRETCHES)))
    chains.append(f"{pads}concat=n={len(STRETCHES)}:v=1:a=1[v][a]")
    chains.append("[v]ass=lines.ass[out];[a]loudnorm=I=-14:TP=-1[sound]")
    _run(
        [
            *inputs, "-filter_complex", ";".join(chains), "-map", "[out]", "-map", "[sound]",
            *("-c:v", "libx264", "-preset", "veryfast", "-crf", "20", "-pix_fmt", "yuv420p"),
            *("-r", "30", "-c:a", "aac", "-b:a", "192k", "-ar", "48000", "plain.mp4"),
        ],
        folder,
    )  # fmt: skip


def _by_moviepy(python: str, source: Path, folder: Path) -> None:
    spans = ";".join(f"{a / 1000},{b / 1000}" for a, b in STRETCHES)
    arguments = [str(source), str(folder / "moviepy.mp4"), str(find_font().file), spans]
    environment = os.environ | {"IMAGEIO_FFMPEG_EXE": find_ffmpeg()}
    subprocess.run(  # noqa: S603
        [python, "-c", _MOVIEPY, *arguments, "|".join(LINES)], check=True, env=environment,
        cwd=folder, stdout=sys.stderr,
    )  # fmt: skip


def _run(arguments: list[str], folder: Path | None = None) -> None:
    command = [find_ffmpeg(), "-v", "error", "-y", *arguments]
    subprocess.run(command, check=True, cwd=folder)  # noqa: S603


def _stamp(ms: int) -> str:
    return f"{ms // 3_600_000}:{ms // 60_000 % 60:02}:{ms // 1000 % 60:02}.{ms % 1000 // 10:02}"


class _Seconds(NamedTuple):
    wall: float
    processor: float


def _timed(work: Callable[[], object]) -> _Seconds:
    began, used = time.perf_counter(), _processor()
    work()
    return _Seconds(time.perf_counter() - began, _processor() - used)


def _processor() -> float:
    """Seconds of processors that this process and those that it waited for have used."""
    return sum(
        usage.ru_utime + usage.ru_stime
        for usage in map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    )
