"""The demo broadcast as a film: shot by shot by ffmpeg, then joined under its sound."""

import hashlib
import shutil
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from domain.errors import JobCancelled
from domain.progress import Progress, ProgressSink
from live.demo.filming import join_parts, run_ffmpeg, shoot
from live.demo.fonts import find_font
from live.demo.layers import CommentTruth, Layers
from live.demo.pictures import draw_shot
from live.demo.programme import Programme, TimedTopic
from live.demo.script import read_script

EXAMPLE = Path(__file__).parents[2] / "examples" / "broadcast"


@dataclass(frozen=True)
class DemoFiles:
    """The film, and beside it where each comment stands on the frame (`CommentTruth`)."""

    film: Path
    comments: Path
    stamp: Path

    @classmethod
    def at(cls, film: Path) -> "DemoFiles":
        """Where the files of a film are."""
        return cls(film, film.with_suffix(".comments.jsonl"), film.with_suffix(".made-of"))


def make_demo(
    given: dict[str, Any], progress: ProgressSink, is_stopped: Callable[[], bool]
) -> dict[str, Any]:
    """Blocking work of a job: `{out, folder?, only_ms?}` to `{film, comments, seconds}`."""
    folder = Path(given.get("folder") or EXAMPLE)
    out = Path(given["out"])
    compose_demo(folder, out, progress, is_stopped, only_ms=given.get("only_ms"))
    seconds = Programme(read_script(folder)).end_ms / 1000
    return {"film": str(out), "comments": str(DemoFiles.at(out).comments), "seconds": seconds}


def compose_demo(
    folder: Path,
    out: Path,
    progress: ProgressSink,
    is_stopped: Callable[[], bool],
    *,
    only_ms: tuple[int, int] | None = None,
) -> Path:
    """Write the film of the script in `folder` to `out` (MP4, H.264 and AAC, a keyframe each 2 s).

    A film of the same script is left as it is. Shots that an earlier run has finished are kept
    beside `out` until the film is whole, so a run that was killed goes on with the next. `only_ms`
    films the topics that touch a stretch of time, whole, without what lies around them.

    Raises:
        JobCancelled: `is_stopped` said so; what is finished stays for the next run.
        NotAvailable: no font with Chinese, or no ffmpeg.
        NotFound: a file of the script is missing.
    """
    files = DemoFiles.at(out)
    made_of = _digest(folder, only_ms)
    if out.is_file() and files.stamp.is_file() and files.stamp.read_text("utf-8") == made_of:
        progress(Progress(stage="demo", message="the demo broadcast is there"))
        return out
    find_font()
    programme = Programme(read_script(folder))
    start, end = only_ms or (0, programme.end_ms)
    topics = [t for t in programme.topics if t.start_ms < end and t.end_ms > start]
    parts_folder = out.with_suffix(".parts")
    for old in out.parent.glob(f"{out.stem}.parts/*"):
        if old.is_dir() and old.name != made_of:
            shutil.rmtree(old, ignore_errors=True)
    work = parts_folder / made_of
    work.mkdir(parents=True, exist_ok=True)
    layers = Layers(programme)
    truth = CommentTruth(programme.script.look.fps)
    parts: list[Path] = []
    for number, topic in enumerate(topics):
        _tell(progress, f"filming {topic.topic}", number, topics)
        if is_stopped():
            raise JobCancelled("The demo broadcast was cancelled.", hint="Start it again.")
        last = layers.frame_of(topic.end_ms)
        drawn = truth.watch(topic, layers.of(topic), last)
        part = work / f"{number:03}.mp4"
        if part.is_file():
            deque(drawn, maxlen=0)
        else:
            picture = draw_shot(programme.script, topic, number)
            shoot(programme.script.look, picture, drawn, last, part, is_stopped)
        parts.append(part)
    _tell(progress, "joining the shots", len(topics), topics)
    whole = out.with_suffix(".part.mp4")
    sounds = [programme.script.sound(name) for name in programme.script.blocks]
    span = (topics[0].start_ms, topics[-1].end_ms)
    run_ffmpeg(join_parts(parts, sounds, span, work, whole), is_stopped)
    files.comments.write_text(truth.as_jsonl(), "utf-8")
    whole.replace(out)
    files.stamp.write_text(made_of, "utf-8")
    shutil.rmtree(parts_folder, ignore_errors=True)
    _tell(progress, "the demo broadcast is ready", len(topics) + 1, topics)
    return out


def _tell(progress: ProgressSink, message: str, done: int, topics: Sequence[TimedTopic]) -> None:
    total = len(topics) + 1
    progress(Progress(stage="demo", message=message, done=done, total=total, unit="shots"))


def _digest(folder: Path, only_ms: tuple[int, int] | None) -> str:
    """What a film is made of: the script, the code that draws it, the font, the stretch of time."""
    total = hashlib.sha256(repr(only_ms).encode())
    sources = sorted(Path(__file__).parent.glob("*.py"))
    for path in [*sorted(path for path in folder.rglob("*") if path.is_file()), *sources]:
        total.update(path.name.encode())
        total.update(path.read_bytes())
    return total.hexdigest()[:24]
