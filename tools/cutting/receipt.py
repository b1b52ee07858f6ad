"""What a clip was made of, as data that is kept beside it."""

import hashlib
from collections.abc import Sequence
from typing import Any

from domain.timeline import Timeline
from tools.cutting.dressing import Dress
from tools.cutting.soundtrack import Track
from tools.effects.music import Music
from tools.effects.theme import Theme, digest_theme
from tools.film.ffmpeg import ffmpeg_version
from tools.film.segments import Segment, Stage

VERSION = 1


def write_receipt(
    timeline: Timeline,
    stage: Stage,
    segments: Sequence[Segment],
    worn: Dress,
    theme: Theme,
    music: Music | None,
    track: Track,
    notes: Sequence[str],
) -> dict[str, Any]:
    """The receipt's part on rendering: ranges of the recording, shots, tools and hashes."""
    layout = stage.layout
    return {
        "receipt": VERSION,
        "timeline": {
            "id": timeline.timeline_id,
            "version": timeline.version,
            "hash": hashlib.sha256(timeline.model_dump_json().encode()).hexdigest(),
        },
        "recording": {"id": timeline.recording_id, "digest": stage.recorded.digest},
        "clip": {
            "frames": layout.frames,
            "rate": str(layout.rate),
            "size": list(stage.size),
            "aspect": timeline.aspect,
        },
        "pieces": [
            {
                "piece_id": placed.piece.piece_id,
                "heard_ms": [placed.piece.start_ms, placed.piece.end_ms],
                "seen_from_s": str(placed.seen),
                "frames": [placed.first, placed.end],
                "tags": [tag.value for tag in placed.piece.tags],
                "text": " ".join(word.text.strip() for word in placed.piece.words),
                "framing": [
                    [span.first, span.frames, span.framing.mode]
                    for span in worn.spans[placed.piece.piece_id]
                ],
            }
            for placed in layout.pieces
        ],
        "shots": [
            {"hash": s.digest, "frames": [s.shot.first, s.shot.end], "card": s.shot.card}
            for s in segments
        ],
        "effects": timeline.effects.model_dump(mode="json"),
        "theme": {"name": timeline.effects.theme, "hash": digest_theme(theme)},
        "music": None
        if music is None
        else {
            "name": music.name,
            "hash": music.digest,
            "beat_s": None if music.beat is None else str(music.beat),
            "licence": "CC0-1.0, made by Livecue" if music.beat is not None else "the user's own",
        },
        "fonts": [font.name for font in worn.overlays.fonts],
        "models": {"person": "selfie_segmentation" if stage.backdrop is not None else None},
        "sound": None
        if track.heard is None
        else {"lufs": track.heard.integrated, "dbtp": track.heard.true_peak},
        "encoder": {"name": stage.encoding.name, "arguments": list(stage.encoding.arguments)},
        "ffmpeg": ffmpeg_version(),
        "notes": list(notes),
    }
