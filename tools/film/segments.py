"""Shots rendered to files of their own, each kept under the hash of all that goes into it."""

import hashlib
import json
import shutil
import tempfile
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from domain.errors import InvalidInput
from tools.film.backdrop import Backdrop, replace_background
from tools.film.encoding import Encoding
from tools.film.ffmpeg import Cancelled, ffmpeg_version, run_ffmpeg
from tools.film.filters import Graph, blend, draw_take, rate_text
from tools.film.layout import Layout
from tools.film.overlays import Overlays
from tools.film.shots import Shot
from tools.film.source import Recorded

RECIPE = 1
"""Counted up when the same shot comes out otherwise: older files are then not taken."""


@dataclass(frozen=True)
class Stage:
    """What all shots of a clip have in common. `card` gives the picture of a card by its text."""

    recorded: Recorded
    layout: Layout
    size: tuple[int, int]
    encoding: Encoding
    overlays: Overlays
    cards: dict[str, tuple[Path, str]]
    backdrop: Backdrop | None
    folder: Path
    threads: int


@dataclass(frozen=True)
class Segment:
    """A shot's file, and whether this call made it."""

    shot: Shot
    digest: str
    file: Path
    made: bool


def render_segments(
    stage: Stage,
    shots: Sequence[Shot],
    *,
    told: Callable[[int, int], None],
    cancelled: Cancelled,
) -> list[Segment]:
    """Render the shots that are not there yet, several at a time; in the order of `shots`.

    Raises:
        JobCancelled: `cancelled` said so; finished shots stay.
        InvalidInput: the recording has no picture where a shot needs one.
        StorageFull: the disk is full.
    """
    stage.folder.mkdir(parents=True, exist_ok=True)
    digests = [digest_shot(stage, shot) for shot in shots]
    missing = {
        digest: shot
        for digest, shot in zip(digests, shots, strict=True)
        if not _file(stage, digest).is_file()
    }
    told(0, len(missing))
    workers = max(1, min(len(missing), stage.threads))
    threads = max(1, stage.threads // workers)
    with ThreadPoolExecutor(workers) as pool:
        stopped = False

        def is_stopped() -> bool:
            return stopped or cancelled()

        waiting = [
            pool.submit(_render, stage, shot, digest, threads, is_stopped)
            for digest, shot in missing.items()
        ]
        try:
            for done, future in enumerate(waiting, start=1):
                future.result()
                told(done, len(missing))
        except BaseException:
            stopped = True
            for future in waiting:
                future.cancel()
            raise
    return [
        Segment(shot, digest, _file(stage, digest), digest in missing)
        for shot, digest in zip(shots, digests, strict=True)
    ]


def digest_shot(stage: Stage, shot: Shot) -> str:
    """The hash of all that a shot's picture is made of."""
    first = shot.first
    parts: dict[str, Any] = {
        "recipe": RECIPE,
        "ffmpeg": ffmpeg_version(),
        "recording": stage.recorded.digest,
        "size": stage.size,
        "rate": str(stage.layout.rate),
        "encoding": stage.encoding.arguments,
        "frames": shot.frames,
        "takes": [asdict(take) | {"piece_id": None} for take in shot.takes],
        "transition": shot.transition,
        "card": stage.cards[shot.card][1] if shot.card is not None else None,
        "subtitles": stage.overlays.script(shot, stage.layout.rate),
        "fonts": [font.name for font in stage.overlays.fonts],
        "drawings": [
            (d.digest, d.x, d.y, max(d.first - first, 0), min(d.end - first, shot.frames))
            for d in stage.overlays.drawn(shot)
        ],
        "backdrop": stage.backdrop.digest if stage.backdrop and shot.takes else None,
    }
    return hashlib.sha256(json.dumps(parts, sort_keys=True, default=str).encode()).hexdigest()[:32]


def _file(stage: Stage, digest: str) -> Path:
    return stage.folder / f"{digest}.mp4"


def _render(stage: Stage, shot: Shot, digest: str, threads: int, cancelled: Cancelled) -> None:
    with tempfile.TemporaryDirectory(prefix="shot-", dir=stage.folder) as name:
        folder = Path(name)
        graph = Graph()
        label = (
            _draw_card(graph, stage, shot, stage.cards[shot.card][0])
            if shot.card is not None
            else _draw_takes(graph, stage, shot, folder, cancelled)
        )
        label = _lay_over(graph, stage, shot, label)
        for file, text in graph.files.items():
            (folder / file).write_text(text, "utf-8")
        if (script := stage.overlays.script(shot, stage.layout.rate)) is not None:
            (folder / "lines.ass").write_text(script, "utf-8")
            _bring_fonts(stage.overlays.fonts, folder / "fonts")
        (folder / "graph.txt").write_text(";\n".join(graph.chains), "utf-8")
        arguments = [
            *("-filter_complex_threads", str(threads), *graph.inputs),
            *("-/filter_complex", "graph.txt", "-map", f"[{label}]"),
            *("-frames:v", str(shot.frames), "-r", rate_text(stage.layout.rate)),
            *("-threads", str(threads), *stage.encoding.arguments, "-an", "shot.mp4"),
        ]
        what = f"the picture of {_named(shot)}"
        run_ffmpeg(arguments, what=what, cwd=folder, cancelled=cancelled)
        _check_whole(stage, shot, folder / "shot.mp4")
        (folder / "shot.mp4").replace(_file(stage, digest))


def _draw_takes(graph: Graph, stage: Stage, shot: Shot, folder: Path, cancelled: Cancelled) -> str:
    labels: list[str] = []
    for number, take in enumerate(shot.takes):
        label = f"take{number}"
        drawn = None
        if stage.backdrop is not None:
            drawn = replace_background(
                graph, stage.backdrop, stage.recorded, take.at, shot.frames, stage.layout.rate,
                folder, label, cancelled,
            )  # fmt: skip
        draw_take(graph, stage.recorded, take, shot, stage.size, stage.layout, label, drawn=drawn)
        labels.append(label)
    if len(labels) == 1:
        return labels[0]
    graph.chains.append(blend(shot, labels[0], labels[1], "blend", stage.layout.rate))
    return "blend"


def _draw_card(graph: Graph, stage: Stage, shot: Shot, card: Path) -> str:
    """The card's picture, larger than the frame, moves slowly through it."""
    width, height = stage.size
    rate = rate_text(stage.layout.rate)
    number = graph.add_input("-loop", "1", "-framerate", rate, "-i",
                             str(card.resolve()))  # fmt: skip
    share = f"n/{shot.frames}"
    graph.chains.append(
        f"[{number}:v]format=yuv420p,crop={width}:{height}"
        f":x='(in_w-out_w)*{share}':y='(in_h-out_h)*{share}':exact=1,"
        f"trim=end_frame={shot.frames},setpts=N,setsar=1[card]"
    )
    return "card"


def _lay_over(graph: Graph, stage: Stage, shot: Shot, label: str) -> str:
    for count, drawing in enumerate(stage.overlays.drawn(shot)):
        number = graph.add_input("-i", str(drawing.file.resolve()))
        first = max(drawing.first - shot.first, 0)
        last = min(drawing.end - shot.first, shot.frames) - 1
        graph.chains.append(
            f"[{label}][{number}:v]overlay={drawing.x}:{drawing.y}:format=yuv420"
            f":enable='between(n,{first},{last})'[over{count}]"
        )
        label = f"over{count}"
    if stage.overlays.script(shot, stage.layout.rate) is not None:
        graph.chains.append(f"[{label}]ass=f=lines.ass:fontsdir=fonts[lines]")
        label = "lines"
    graph.chains.append(f"[{label}]format=yuv420p[picture]")
    return "picture"


def _bring_fonts(fonts: Sequence[Path], folder: Path) -> None:
    folder.mkdir()
    for font in fonts:
        try:
            (folder / font.name).symlink_to(font.resolve())
        except OSError:
            shutil.copyfile(font, folder / font.name)


def _check_whole(stage: Stage, shot: Shot, file: Path) -> None:
    import av

    with av.open(str(file)) as container:
        found = sum(1 for packet in container.demux(video=0) if packet.size)
    if found != shot.frames:
        at = Fraction(found) / stage.layout.rate
        begins = float(shot.takes[0].at + at) if shot.takes else float(at)
        raise InvalidInput(
            f"{stage.recorded.name} has no picture from {begins:.2f} s on, which"
            f" {_named(shot)} needs.",
            hint="Cut what lies within the picture, or save the recording anew.",
            details={"frames": shot.frames, "found": found},
        )


def _named(shot: Shot) -> str:
    if shot.card is not None:
        return "a card"
    return " and ".join(f"piece {take.piece_id}" for take in shot.takes)
