"""A recording's segments and jumps as chapters: WebVTT, the text of a video page, FFMETADATA."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from domain.recording import Jump, Segment

ChapterFormat = Literal["vtt", "txt", "ffmetadata"]

_MEDIA_TYPES: dict[ChapterFormat, str] = {
    "vtt": "text/vtt",
    "txt": "text/plain",
    "ffmetadata": "text/plain",
}

PAGE_SPACING_MS = 10_000
"""YouTube takes a list of chapters only where each lasts ten seconds or more."""

_TITLE_CHARS = 60
_ESCAPED = re.compile(r"([=;#\\])")


@dataclass(frozen=True, slots=True)
class Mark:
    """A place to jump to."""

    at_ms: int
    title: str
    is_segment: bool


def media_type_of(form: ChapterFormat) -> str:
    """The media type of a form of chapters."""
    return _MEDIA_TYPES[form]


def write_chapters(segments: Sequence[Segment], form: ChapterFormat, *, duration_ms: int) -> str:
    """The segments, each followed by its jumps, as chapters of a recording of `duration_ms`.

    `vtt` is a WebVTT chapter track, in which jumps are nested in their segment (W3C WebVTT, section
    on chapters); `txt` the list that a YouTube description takes, from 0:00 on and without
    chapters shorter than ten seconds; `ffmetadata` FFmpeg's metadata file, in milliseconds, its
    chapters end to end.
    """
    if form == "vtt":
        return _write_vtt(segments)
    marks = _marks(segments)
    if form == "txt":
        return _write_page(marks)
    return _write_ffmetadata(marks, duration_ms)


def title_of(jump: Jump) -> str:
    """A jump as people read it: what it is, and how it begins."""
    return f"{label_of(jump)}: {_short(jump.text)}"


def label_of(jump: Jump) -> str:
    """The tag in words."""
    return jump.tag.value.replace("_", " ").capitalize()


def _marks(segments: Sequence[Segment]) -> list[Mark]:
    marks: list[Mark] = []
    for segment in segments:
        marks.append(Mark(segment.start_ms, _line(segment.title), True))
        marks += [Mark(j.at_ms, title_of(j), False) for j in _inside(segment)]
    return marks


def _inside(segment: Segment) -> list[Jump]:
    """The jumps of a segment in order of time, one for a moment."""
    found = {j.at_ms: j for j in segment.jumps if segment.start_ms <= j.at_ms < segment.end_ms}
    return [found[at] for at in sorted(found) if at > segment.start_ms]


def _write_vtt(segments: Sequence[Segment]) -> str:
    cues: list[str] = []
    for segment in segments:
        cues.append(_cue(segment.start_ms, segment.end_ms, _line(segment.title)))
        jumps = _inside(segment)
        borders = [*(jump.at_ms for jump in jumps), segment.end_ms]
        cues += [
            _cue(jump.at_ms, end, title_of(jump))
            for jump, end in zip(jumps, borders[1:], strict=True)
        ]
    return "\n".join(["WEBVTT", "", *cues])


def _cue(start_ms: int, end_ms: int, title: str) -> str:
    escaped = title.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return f"{_stamp(start_ms)} --> {_stamp(end_ms)}\n{escaped}\n"


def _write_page(marks: Sequence[Mark]) -> str:
    """Segments first: a jump is left out where it is too near to one, or to another jump."""
    starts: list[int] = []
    lines: list[Mark] = []
    for mark in sorted(marks, key=lambda m: (not m.is_segment, m.at_ms)):
        at = 0 if mark.is_segment and not lines else mark.at_ms
        if all(abs(at - other) >= PAGE_SPACING_MS for other in starts):
            starts.append(at)
            lines.append(Mark(at, mark.title, mark.is_segment))
    lines.sort(key=lambda m: m.at_ms)
    hours = bool(lines) and lines[-1].at_ms >= 3_600_000
    return "".join(f"{_clock(line.at_ms, hours=hours)} {line.title}\n" for line in lines)


def _write_ffmetadata(marks: Sequence[Mark], duration_ms: int) -> str:
    parts = [";FFMETADATA1"]
    ends = [Mark(max(duration_ms, marks[-1].at_ms + 1), "", True)] if marks else []
    for mark, after in pairwise([*marks, *ends]):
        parts += [
            "[CHAPTER]",
            "TIMEBASE=1/1000",
            f"START={mark.at_ms}",
            f"END={after.at_ms}",
            f"title={_escape(mark.title)}",
        ]
    return "\n".join(parts) + "\n"


def _escape(title: str) -> str:
    return _ESCAPED.sub(r"\\\1", title)


def _stamp(ms: int) -> str:
    seconds, rest = divmod(ms, 1000)
    minutes, second = divmod(seconds, 60)
    return f"{minutes // 60:02}:{minutes % 60:02}:{second:02}.{rest:03}"


def _clock(ms: int, *, hours: bool) -> str:
    minutes, second = divmod(ms // 1000, 60)
    if hours:
        return f"{minutes // 60}:{minutes % 60:02}:{second:02}"
    return f"{minutes:02}:{second:02}"


def _line(text: str) -> str:
    return " ".join(text.split())


def _short(text: str) -> str:
    line = _line(text)
    return line if len(line) <= _TITLE_CHARS else f"{line[: _TITLE_CHARS - 1].rstrip()}…"
