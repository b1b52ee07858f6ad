"""Subtitles as a transcript: SubRip (SRT) and WebVTT (W3C), cue by cue."""

import html
import re
from collections.abc import Iterator
from decimal import Decimal

from live.feeds.feed import Parsed
from live.feeds.rows import BadLine, FeedProblem, Speaker, TranscriptRow, clean, to_ms

_ARROW = "-->"
_TIME = r"(?:(\d{1,4}):)?(\d{1,2}):(\d{1,2})(?:[.,](\d{1,3}))?"
_TIMING = re.compile(rf"\s*{_TIME}\s*-->\s*{_TIME}(?:\s.*)?")
_NOT_CUES = ("NOTE", "STYLE", "REGION", "WEBVTT")
_VOICE = re.compile(r"<v(?:\.[^\s>]*)?\s+([^>]*)>")
_TAG = re.compile(r"</?[A-Za-z][^<>]*>|</?\d[\d:.]*>|\{\\[^}]*\}")

_SPEAKERS: dict[str, Speaker] = {
    "host": "host",
    "主播": "host",
    "主持人": "host",
    "screen": "screen",
    "on-screen text": "screen",
    "屏幕": "screen",
    "字幕": "screen",
    "guest": "guest",
    "嘉宾": "guest",
}


class CueParser:
    """Turns the lines of either format into rows, one for each voice of a cue.

    `<v Name>` tells the speaker. Of names that are none of ours, the first is the host's, as who
    speaks first is; others are guests'.
    """

    def __init__(self, *, file: str, most: int) -> None:
        self._file = file
        self._most = most
        self._host: str | None = None

    def parse(
        self, lines: Iterator[tuple[int, str | None] | None]
    ) -> Iterator[Parsed[TranscriptRow]]:
        """Rows and problems; a cue ends at a blank line."""
        block: list[tuple[int, str]] = []
        for entry in lines:
            if entry is None:
                yield None
                continue
            number, line = entry
            if line is None:
                yield FeedProblem(
                    self._file, number, f"it is longer than {self._most:,} characters"
                )
            elif line.strip():
                block.append((number, line))
            else:
                yield from self._cue(block)
                block = []
        yield from self._cue(block)

    def _cue(self, block: list[tuple[int, str]]) -> Iterator[Parsed[TranscriptRow]]:
        place = next((i for i, (_, line) in enumerate(block) if _ARROW in line), None)
        if not block or (place is None and block[0][1].startswith(_NOT_CUES)):
            return
        number = block[place or 0][0]
        try:
            if place is None or not (found := _TIMING.fullmatch(block[place][1])):
                raise BadLine("it is no cue with a time such as 00:01:02.500 --> 00:01:04.000")
            at_ms, end_ms = _moment(found.groups()[:4]), _moment(found.groups()[4:])
            if end_ms < at_ms:
                raise BadLine("it ends before it begins")
            text = "\n".join(line for _, line in block[place + 1 :])
            for speaker, said in self._voices(text):
                yield number, TranscriptRow(at_ms, end_ms, speaker, clean(said, self._most))
        except BadLine as error:
            yield FeedProblem(self._file, number, str(error))

    def _voices(self, text: str) -> Iterator[tuple[Speaker, str]]:
        first, *rest = _VOICE.split(text)
        if _plain(first) or not rest:
            yield "host", _plain(first)
        for name, said in zip(rest[::2], rest[1::2], strict=True):
            if _plain(said):
                yield self._speaker(_plain(name)), _plain(said)

    def _speaker(self, name: str) -> Speaker:
        known = _SPEAKERS.get(name.casefold())
        if known is not None:
            return known
        self._host = self._host or name.casefold()
        return "host" if name.casefold() == self._host else "guest"


def _plain(text: str) -> str:
    return html.unescape(_TAG.sub("", text)).strip()


def _moment(parts: tuple[str | None, ...]) -> int:
    hours, minutes, seconds, fraction = parts
    whole = 3600 * int(hours or 0) + 60 * int(minutes or 0) + int(seconds or 0)
    return to_ms(whole + Decimal(f"0.{fraction or 0}"))
