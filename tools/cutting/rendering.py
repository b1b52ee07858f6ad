"""A timeline rendered to a file: shots, sound, and what lies over them, put together."""

import errno
import shutil
import tempfile
import time
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path

from domain.errors import InvalidInput, StorageFull
from domain.progress import Progress, ProgressSink, discard, never
from domain.timeline import SIZES, Timeline
from tools.cutting.dressing import Dress, choose_transition, dress
from tools.cutting.receipt import write_receipt
from tools.cutting.soundtrack import make_track
from tools.effects.covers import best_moment, draw_cover, title_cover
from tools.effects.music import open_music
from tools.effects.theme import Theme, load_theme
from tools.film.assets import Assets, Rendered
from tools.film.backdrop import open_backdrop
from tools.film.encoding import choose_encoding
from tools.film.ffmpeg import Cancelled
from tools.film.joining import count_frames, join
from tools.film.layout import Layout, lay_out
from tools.film.segments import Stage, render_segments
from tools.film.shots import Shot, plan_shots
from tools.film.source import Recorded, open_recording

_TAIL = Fraction(1, 10)
"""Seconds by which a piece may reach beyond the recording: a track's last frame."""
_STALE_SECONDS = 6 * 3600


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
    appears whole or not at all; the cover stands beside it as `<name>.cover.jpg`. A `preview` has
    half the size and is coded fast.

    Raises:
        JobCancelled: `cancelled` said so.
        NotFound: there is no such recording, theme or music.
        InvalidInput: the recording cannot be decoded, a piece lies outside it, or an effect's
            value is none that there is.
        NotAvailable: an effect needs a font, a model or an encoder that is not here.
        StorageFull: the disk is full.
    """
    with _told_when_full(out):
        work.mkdir(parents=True, exist_ok=True)
        _sweep(work)
        return _render(timeline, recording, out, work, assets, preview, progress, cancelled)


def _render(
    timeline: Timeline,
    recording: Path,
    out: Path,
    work: Path,
    assets: Assets,
    preview: bool,
    progress: ProgressSink,
    cancelled: Cancelled,
) -> Rendered:
    effects = timeline.effects
    theme = load_theme(effects.theme, assets.themes)
    music = open_music(effects.bgm, assets, cancelled) if effects.bgm else None
    recorded = open_recording(recording)
    size = SIZES[timeline.aspect]
    if preview:
        size = (size[0] // 4 * 2, size[1] // 4 * 2)
    card_ms = round(theme.cards.seconds * 1000)
    layout = lay_out(
        timeline,
        intro_ms=card_ms if effects.intro else 0,
        outro_ms=card_ms if effects.outro else 0,
    )
    _check_within(layout, recorded)
    transition = choose_transition(timeline, theme)
    progress(Progress(stage="watch", message="looking through the pieces"))
    worn = dress(
        timeline, recorded, layout, theme, size, work=work, assets=assets, cancelled=cancelled
    )
    stage = Stage(
        recorded=recorded,
        layout=layout,
        size=size,
        encoding=choose_encoding(assets.encoder, layout.rate, preview=preview),
        overlays=worn.overlays,
        cards=worn.cards,
        backdrop=open_backdrop(effects.background, assets.files, assets.person)
        if effects.background
        else None,
        folder=work / "shots",
        threads=assets.threads,
    )
    shots = _with_cards(
        plan_shots(
            layout,
            worn.frame,
            transition=transition,
            transition_frames=round(layout.rate * effects.transition_ms / 1000),
        ),
        layout,
        timeline,
    )

    def told(done: int, total: int) -> None:
        progress(
            Progress(stage="pictures", message="rendering", done=done, total=total, unit="shots")
        )

    segments = render_segments(stage, shots, told=told, cancelled=cancelled)
    progress(Progress(stage="sound", message="mixing the sound"))
    track = make_track(
        recorded,
        layout,
        music=music,
        below_lu=theme.music.below_lu,
        ducking=effects.ducking,
        on_beat=effects.beat_cuts,
        folder=work / "sound",
        cancelled=cancelled,
    )
    out.parent.mkdir(parents=True, exist_ok=True)
    cover = _cover(timeline, stage, worn, theme, out, assets, cancelled)
    progress(Progress(stage="join", message="joining the shots"))
    with _part_of(out) as part, tempfile.TemporaryDirectory(prefix="join-", dir=work) as name:
        join(
            [segment.file for segment in segments],
            track.file,
            part,
            title=timeline.title,
            rate=layout.rate,
            work=Path(name),
            cancelled=cancelled,
        )
        frames = count_frames(part, layout.rate)
        if frames != layout.frames:
            raise InvalidInput(
                f"The clip has {frames} frames where it should have {layout.frames}.",
                hint="Delete the folder of kept pieces and render again.",
            )
        part.replace(out)
    notes = worn.notes if recorded.sound is not None else (*worn.notes, "there is no sound track")
    if track.heard is None:
        notes = (*notes, "the clip is silent")
    return Rendered(
        video=out,
        cover=cover,
        width=size[0],
        height=size[1],
        frames=frames,
        rate=layout.rate,
        loudness=track.heard.integrated if track.heard else None,
        true_peak=track.heard.true_peak if track.heard else None,
        made=sum(segment.made for segment in segments),
        kept=sum(not segment.made for segment in segments),
        notes=notes,
        receipt=write_receipt(timeline, stage, segments, worn, theme, music, track, notes),
    )


def _with_cards(shots: Sequence[Shot], layout: Layout, timeline: Timeline) -> list[Shot]:
    whole = list(shots)
    if layout.intro:
        whole.insert(0, Shot(0, layout.intro, card=timeline.effects.intro))
    if layout.outro:
        first = layout.frames - layout.outro
        whole.append(Shot(first, layout.outro, card=timeline.effects.outro))
    return whole


def _cover(
    timeline: Timeline,
    stage: Stage,
    worn: Dress,
    theme: Theme,
    out: Path,
    assets: Assets,
    cancelled: Cancelled,
) -> Path | None:
    if not timeline.effects.cover:
        return None
    placed, frame = best_moment(stage.layout, worn.watched)
    cover = out.with_suffix(".cover.jpg")
    with tempfile.TemporaryDirectory(prefix="cover-", dir=out.parent) as name:
        still = Path(name) / "still.png"
        draw_cover(
            stage.recorded,
            stage.layout,
            placed,
            frame,
            worn.frame(placed),
            size=stage.size,
            out=still,
            cancelled=cancelled,
        )
        title = timeline.effects.cover_title
        title_cover(
            still,
            timeline.title if title is None else title,
            theme,
            timeline.aspect,
            fonts=assets.fonts,
            out=cover,
        )
    return cover


def _check_within(layout: Layout, recorded: Recorded) -> None:
    for placed in layout.pieces:
        piece = placed.piece
        last = Fraction(piece.end_ms, 1000)
        if piece.picture_ms is not None:
            last = max(last, placed.seen + placed.frames / layout.rate)
        if last > recorded.duration + _TAIL:
            raise InvalidInput(
                f"Piece {piece.piece_id} ends at {float(last):.3f} s, but {recorded.name} at"
                f" {float(recorded.duration):.3f} s.",
                hint="Cut what lies within the recording.",
                details={"piece": piece.piece_id},
            )


@contextmanager
def _part_of(out: Path) -> Generator[Path]:
    """A name beside `out` to write to; nothing is left under it."""
    part = out.with_name(f".{out.stem}.part.mp4")
    try:
        yield part
    finally:
        part.unlink(missing_ok=True)


@contextmanager
def _told_when_full(out: Path) -> Generator[None]:
    try:
        yield
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        raise StorageFull(
            f"The disk is full, so {out.name} cannot be written.",
            hint="Free some space, then render again; the pieces that are finished are kept.",
        ) from error


def _sweep(work: Path) -> None:
    """Folders that a killed run left behind."""
    limit = time.time() - _STALE_SECONDS
    for prefix, place in (("shot-", "shots"), ("sound-", "sound"), ("join-", ".")):
        for folder in (work / place).glob(f"{prefix}*"):
            if folder.is_dir() and folder.stat().st_mtime < limit:
                shutil.rmtree(folder, ignore_errors=True)
