"""A clip's cuts for editing programs: OpenTimelineIO, a CMX 3600 edit list, Final Cut Pro XML.

Ranges of the recording are given in whole frames of the clip's rate, as edit lists need them; OTIO
carries the exact milliseconds as metadata.
"""
# pyright: basic

from fractions import Fraction
from math import ceil
from pathlib import Path
from typing import Literal

import opentimelineio as otio
from opentimelineio.opentime import RationalTime, TimeRange

from domain.errors import InvalidInput
from domain.timeline import Timeline
from tools.clip_exports.files import write_whole
from tools.clip_exports.final_cut import final_cut_xml
from tools.clip_exports.spans import clip_layout
from tools.film.layout import Layout, Placed
from tools.film.source import Recorded, open_recording

EditFormat = Literal["otio", "edl", "fcpxml"]

_ADAPTERS = {"otio": "otio_json", "edl": "cmx_3600"}
_EDL_RATES = (Fraction(24), Fraction(25), Fraction(30), Fraction(50), Fraction(60))
_TRACKS = {"otio": ("Video", "Audio"), "edl": ("Video",)}


def write_edit(timeline: Timeline, recording: Path, out: Path, form: EditFormat) -> Path:
    """Write the clip's cuts of `recording` to `out`.

    An edit list holds the picture's cuts alone: the format has no room for a second source for the
    sound. Cards are gaps.

    Raises:
        NotFound: there is no such recording.
        InvalidInput: the format cannot carry the clip's rate.
        StorageFull: the disk is full.
    """
    layout = clip_layout(timeline)
    if form == "edl" and layout.rate not in _EDL_RATES:
        raise InvalidInput(
            f"An edit list cannot carry {float(layout.rate):.3f} frames a second.",
            hint="Export as OTIO or FCPXML, or render at 24, 25, 30, 50 or 60 frames a second.",
        )
    recorded = open_recording(recording)
    if form == "fcpxml":
        return write_whole(out, final_cut_xml(timeline, recorded, layout))
    edit = build_edit(timeline, recorded, layout, _TRACKS[form])
    options = {"rate": float(layout.rate)} if form == "edl" else {}
    text = otio.adapters.write_to_string(edit, adapter_name=_ADAPTERS[form], **options)
    return write_whole(out, str(text))


def build_edit(
    timeline: Timeline, recorded: Recorded, layout: Layout, kinds: tuple[str, ...]
) -> otio.schema.Timeline:
    """The clip as an OTIO timeline with a track of each kind."""
    edit = otio.schema.Timeline(name=timeline.title)
    edit.global_start_time = RationalTime(0, float(layout.rate))
    edit.metadata["livecue"] = {
        "timeline_id": timeline.timeline_id,
        "version": timeline.version,
        "recording_id": timeline.recording_id,
        "rate": str(layout.rate),
    }
    for kind in kinds:
        track = otio.schema.Track(name=kind[0] + "1", kind=kind)
        if layout.intro:
            track.append(_gap(layout.intro, layout.rate))
        for placed in layout.pieces:
            track.append(_clip(placed, recorded, layout, kind))
        if layout.outro and kind == "Audio":
            track.append(_gap(layout.outro, layout.rate))
        edit.tracks.append(track)
    return edit


def _clip(placed: Placed, recorded: Recorded, layout: Layout, kind: str) -> otio.schema.Clip:
    rate = float(layout.rate)
    start = placed.heard if kind == "Audio" else placed.seen
    media = otio.schema.ExternalReference(
        target_url=recorded.path.resolve().as_uri(),
        available_range=TimeRange(
            RationalTime(0, rate), RationalTime(ceil(recorded.duration * layout.rate), rate)
        ),
    )
    media.name = recorded.path.stem
    piece = placed.piece
    return otio.schema.Clip(
        name=piece.piece_id,
        media_reference=media,
        source_range=TimeRange(
            RationalTime(round(start * layout.rate), rate), RationalTime(placed.frames, rate)
        ),
        metadata={
            "livecue": {
                "start_ms": piece.start_ms,
                "end_ms": piece.end_ms,
                "picture_ms": piece.picture_ms,
                "tags": [tag.value for tag in piece.tags],
                "text": " ".join(word.text.strip() for word in piece.words),
            }
        },
    )


def _gap(frames: int, rate: Fraction) -> otio.schema.Gap:
    length = TimeRange(RationalTime(0, float(rate)), RationalTime(frames, float(rate)))
    return otio.schema.Gap(source_range=length)
