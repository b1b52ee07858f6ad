"""Chapters of a clip: a piece or more with one leading tag, as WebVTT or FFMETADATA."""

from itertools import groupby
from pathlib import Path
from typing import Literal

from domain.timeline import Timeline
from tools.clip_exports.files import write_whole
from tools.clip_exports.spans import clip_layout
from tools.film.layout import Placed

ChapterFormat = Literal["vtt", "ffmetadata", "txt"]


def write_chapters(timeline: Timeline, out: Path, form: ChapterFormat) -> Path:
    """Write the clip's chapters to `out`; pieces in a row with one leading tag share one.

    `txt` is what video platforms read from a description: a time and a title a line.

    Raises:
        StorageFull: the disk is full.
    """
    layout = clip_layout(timeline)
    chapters: list[tuple[int, int, str]] = []
    for title, group in groupby(layout.pieces, key=_title):
        pieces = list(group)
        begin = round(pieces[0].first / layout.rate * 1000) if chapters else 0
        chapters.append((begin, round(pieces[-1].end / layout.rate * 1000), title))
    if form == "vtt":
        cues = [f"{_stamp(a)} --> {_stamp(b)}\n{title}\n" for a, b, title in chapters]
        return write_whole(out, "\n".join(["WEBVTT\n", *cues]))
    if form == "txt":
        lines = [f"{a // 60_000:02}:{a // 1000 % 60:02} {title}" for a, _, title in chapters]
        return write_whole(out, "\n".join(lines) + "\n")
    parts = [
        f"[CHAPTER]\nTIMEBASE=1/1000\nSTART={a}\nEND={b}\ntitle={_escape(title)}\n"
        for a, b, title in chapters
    ]
    return write_whole(out, "\n".join([f";FFMETADATA1\ntitle={_escape(timeline.title)}\n", *parts]))


def _title(placed: Placed) -> str:
    tags = placed.piece.tags
    return tags[0].value.replace("_", " ").capitalize() if tags else "Clip"


def _stamp(ms: int) -> str:
    return f"{ms // 3_600_000:02}:{ms // 60_000 % 60:02}:{ms // 1000 % 60:02}.{ms % 1000:03}"


def _escape(text: str) -> str:
    for sign in "\\=;#\n":
        text = text.replace(sign, f"\\{sign}")
    return text
