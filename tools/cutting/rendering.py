"""A timeline rendered to a file: shots, sound, and what lies over them, put together."""

import os
import tempfile
from fractions import Fraction
from pathlib import Path
from typing import Any

from domain.errors import InvalidInput, StorageFull
from domain.progress import Progress, ProgressSink, discard, never
from domain.timeline import SIZES, Timeline
from tools.cutting import loudness
from tools.cutting.assets import Assets, Rendered
from tools.cutting.encoding import choose_encoding
from tools.cutting.ffmpeg import Cancelled, cancelled_error
from tools.cutting.framing import CentreFramer
from tools.cutting.joining import count_frames, join
from tools.cutting.layout import Layout, lay_out
from tools.cutting.overlays import Overlays
from tools.cutting.segments import Segment, Stage, render_segments
from tools.cutting.shots import Shot, plan_shots
from tools.cutting.sound import assemble, read_sound, write_wave
from tools.cutting.source import Recorded, open_recording


def render(
    timeline: Timeline,
    recording: Path,
    out: Path,
    *,
    work: Path,
    assets: Assets,
    preview: bool = False,
    progress: ProgressSink = discard,
    cancelled: Cancelled = never,
) -> Rendered:
    """Render `timeline` of `recording` to `out` (MP4, H.264 and AAC).

    `work` keeps finished shots between calls: what has not changed is not rendered again. `out`
    appears whole or not at all. A `preview` has half the size and is coded fast.

    Raises:
        JobCancelled: `cancelled` said so.
        NotFound: there is no such recording, theme, font or file.
        InvalidInput: the recording cannot be decoded, or a piece lies outside it.
        StorageFull: the disk is full.
    """
    recorded = open_recording(recording)
    size = SIZES[timeline.aspect]
    if preview:
        size = (size[0] // 2, size[1] // 2)
    layout = lay_out(timeline)
    _check_within(layout, recorded)
    framer = CentreFramer(recorded.width, recorded.height, size)
    shots = plan_shots(layout, framer, transition=None, transition_frames=0)
    stage = Stage(
        recorded=recorded,
        layout=layout,
        size=size,
        encoding=choose_encoding(assets.encoder, layout.rate, preview=preview),
        overlays=Overlays(),
        cards={},
        backdrop=None,
        folder=work / "shots",
        threads=assets.threads,
    )

    def told(done: int, total: int) -> None:
        progress(
            Progress(stage="render", message="rendering", done=done, total=total, unit="shots")
        )

    segments = render_segments(stage, shots, told=told, cancelled=cancelled)
    return _finish(timeline, stage, segments, out, work, cancelled)


def _finish(
    timeline: Timeline,
    stage: Stage,
    segments: list[Segment],
    out: Path,
    work: Path,
    cancelled: Cancelled,
) -> Rendered:
    layout = stage.layout
    out.parent.mkdir(parents=True, exist_ok=True)
    part = out.with_name(f".{out.stem}.part.mp4")
    with tempfile.TemporaryDirectory(prefix="sound-", dir=work) as name:
        folder = Path(name)
        runs = read_sound(
            stage.recorded,
            [(run.start, run.start + run.frames / layout.rate) for run in layout.runs],
            cancelled=cancelled,
        )
        write_wave(folder / "speech.wav", assemble(layout, runs))
        loudness.mix("speech.wav", None, "mixed.wav", work=folder, ducking=True,
                     cancelled=cancelled)  # fmt: skip
        heard = loudness.code_levelled("mixed.wav", "sound.m4a", work=folder, cancelled=cancelled)
        try:
            join([s.file for s in segments], folder / "sound.m4a", part, title=timeline.title,
                 rate=layout.rate, work=folder, cancelled=cancelled)  # fmt: skip
            frames = count_frames(part, layout.rate)
            if frames != layout.frames:
                raise InvalidInput("x", hint="y")
            part.replace(out)
        finally:
            part.unlink(missing_ok=True)
    return Rendered(
        video=out, cover=None, width=stage.size[0], height=stage.size[1], frames=frames,
        rate=layout.rate, loudness=heard.integrated if heard else None,
        true_peak=heard.true_peak if heard else None,
        made=sum(s.made for s in segments), kept=sum(not s.made for s in segments),
        notes=(), receipt={},
    )  # fmt: skip


def _check_within(layout: Layout, recorded: Recorded) -> None:
    for placed in layout.pieces:
        piece = placed.piece
        last = max(Fraction(piece.end_ms, 1000), placed.seen + placed.frames / layout.rate)
        if last > recorded.duration + Fraction(1, 10):
            raise InvalidInput(
                f"Piece {piece.piece_id} ends at {float(last):.3f} s, but {recorded.name} at"
                f" {float(recorded.duration):.3f} s.",
                hint="Cut what lies within the recording.",
                details={"piece": piece.piece_id},
            )
