"""From a file to its feed: the format by its name, else by how it begins."""

import threading
from collections.abc import Iterator
from pathlib import Path

from domain.errors import InvalidInput, NotFound
from domain.settings import Streaming
from live.feeds.danmaku import parse_danmaku
from live.feeds.feed import Feed, Parsed
from live.feeds.json_rows import comment_row, parse_rows, transcript_row
from live.feeds.lines import TextBlocks, split_lines
from live.feeds.rows import CommentRow, TranscriptRow
from live.feeds.subtitles import CueParser

_FORMATS = {
    ".jsonl": "json",
    ".ndjson": "json",
    ".json": "json",
    ".srt": "cues",
    ".vtt": "cues",
    ".xml": "xml",
}
_HEAD = 4096


def read_transcript(
    path: Path, settings: Streaming, *, follow: bool = False
) -> Feed[TranscriptRow]:
    """The transcript at `path`: JSON lines, SRT or WebVTT; `follow` waits for more, like `tail -f`.

    Raises NotFound, InvalidInput for another format; LimitExceeded while it is iterated.
    """
    found, most = _format(path), settings.feed_line_chars
    if found == "xml":
        raise _unknown(path, "a transcript", "JSON lines, SRT or WebVTT")

    def parse(stopped: threading.Event) -> Iterator[Parsed[TranscriptRow]]:
        lines = split_lines(iter(_blocks(path, settings, follow, stopped)), most)
        if found == "cues":
            return CueParser(file=path.name, most=most).parse(lines)
        return parse_rows(lines, transcript_row, file=path.name, most=most)

    return Feed(path.name, settings, parse, follow=follow)


def read_comments(path: Path, settings: Streaming, *, follow: bool = False) -> Feed[CommentRow]:
    """The comments at `path`: JSON lines or danmaku XML; `follow` waits for more, like `tail -f`.

    Raises NotFound, InvalidInput for another format; while it is iterated LimitExceeded, and
    InvalidInput for XML that declares entities.
    """
    found, most = _format(path), settings.feed_line_chars
    if found == "cues":
        raise _unknown(path, "a list of comments", "JSON lines or bilibili XML")

    def parse(stopped: threading.Event) -> Iterator[Parsed[CommentRow]]:
        blocks = iter(_blocks(path, settings, follow, stopped))
        if found == "xml":
            return parse_danmaku(blocks, file=path.name, most=most)
        lines = split_lines(blocks, most)
        return parse_rows(lines, comment_row, file=path.name, most=most)

    return Feed(path.name, settings, parse, follow=follow)


def _blocks(path: Path, settings: Streaming, follow: bool, stopped: threading.Event) -> TextBlocks:
    return TextBlocks(path, follow=follow, poll_seconds=settings.feed_poll_seconds, stopped=stopped)


def _format(path: Path) -> str:
    if not path.is_file():
        raise NotFound(
            f"There is no file {path.name}.", hint="Check the path.", details={"path": str(path)}
        )
    known = _FORMATS.get(path.suffix.lower())
    if known is not None:
        return known
    with path.open("rb") as file:
        head = file.read(_HEAD).decode("utf-8-sig", "replace").lstrip()
    if head.startswith("{"):
        return "json"
    if head.startswith("<"):
        return "xml"
    if head.startswith("WEBVTT") or "-->" in head:
        return "cues"
    raise _unknown(path, "a feed", "JSON lines, SRT, WebVTT or bilibili XML")


def _unknown(path: Path, what: str, formats: str) -> InvalidInput:
    return InvalidInput(
        f"{path.name} is not {what} that can be read.",
        hint=f"Give {formats}.",
        details={"file": path.name},
    )
