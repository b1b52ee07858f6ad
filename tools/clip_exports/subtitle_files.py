"""Subtitles as files: SubRip, WebVTT and Advanced SubStation Alpha."""

from fractions import Fraction
from pathlib import Path
from typing import Literal

import pysubs2

from domain.timeline import Timeline
from tools.clip_exports.files import write_whole
from tools.clip_exports.spans import clip_layout
from tools.effects.cues import cue_words, join_words

SubtitleFormat = Literal["srt", "vtt", "ass"]

_ROOM = 42.0
"""Signs on a line, as broadcasters keep to; a Chinese sign counts for two."""


def write_subtitle_file(
    timeline: Timeline, out: Path, form: SubtitleFormat, *, second: bool = False
) -> Path:
    """Write the clip's subtitles to `out`, timed as the clip is; emoji are kept.

    With `second` a piece's second language stands under its last cue's words, over all of it.

    Raises:
        StorageFull: the disk is full.
    """
    layout = clip_layout(timeline)
    script = pysubs2.SSAFile()
    seconds = {p.piece.piece_id: p.piece.second_text for p in layout.pieces if second}
    for cue in cue_words(layout, room=_ROOM, measure=_signs):
        lines = [join_words([word.text for word in line]) for line in cue.lines]
        if below := seconds.pop(cue.piece_id, ""):
            lines.append(below)
        event = pysubs2.SSAEvent(start=_ms(cue.first / layout.rate), end=_ms(cue.end / layout.rate))
        event.plaintext = "\n".join(lines)
        script.events.append(event)
    return write_whole(out, script.to_string(form))


def _ms(seconds: Fraction) -> int:
    return round(seconds * 1000)


def _signs(text: str) -> float:
    return float(sum(2 if ord(sign) > 0x2E7F else 1 for sign in text))
