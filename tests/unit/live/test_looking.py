"""The eye of a session: comments and lines told once, also over a kill."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from domain.stream import Comment, LogEntry, LogRow, ScreenLine
from live.looking import READER, Looker
from live.merging import Merger
from live.remembering import ToldBefore
from live.sources import VideoFrame
from models.ocr import OcrLine
from tools.events.keyframes import KeyframeChooser

SIZE = (540, 960)
Pixels = NDArray[np.uint8]


class Screen:
    """A picture of comments, and the lines that OCR would read on it."""

    def __init__(self) -> None:
        self.comments: list[str] = []
        self.card = ""

    def frame(self, at_ms: int) -> VideoFrame:
        return VideoFrame(at_ms, *SIZE, self._draw)

    def _draw(self) -> Pixels:
        image = Image.new("RGB", SIZE, (20, 60, 30))
        pen = ImageDraw.Draw(image)
        for line in self._lines():
            x0, y0, x1, y1 = line.box
            pen.rectangle((x0, y0 + 4, x1, y1 - 4), fill=(250, 250, 250))
        return np.ascontiguousarray(np.asarray(image)[:, :, ::-1])

    def read(self, image: Pixels, *, upright: bool = False, within: object = None) -> list[OcrLine]:
        del image, upright
        return [line for line in self._lines() if within is None or line.box[1] > SIZE[1] // 3]

    def _lines(self) -> list[OcrLine]:
        texts = [(self.card, 60.0)] if self.card else []
        top = SIZE[1] - 40 - 34 * len(self.comments)
        texts += [(text, float(top + 34 * n)) for n, text in enumerate(self.comments)]
        lines: list[OcrLine] = []
        for text, y in texts:
            box = (20.0, y, 20.0 + 11 * len(text), y + 26)
            quad = ((box[0], y), (box[2], y), (box[2], y + 26), (box[0], y + 26))
            lines.append(OcrLine(text, 0.99, box, quad))
        return lines


def _look(
    screen: Screen, shown: Sequence[Sequence[str]], told: ToldBefore = ToldBefore(), at: int = 0
) -> list[LogRow]:
    merger = Merger([READER])
    chooser = KeyframeChooser(lambda _: "", most=0)
    looker = Looker(screen, merger, chooser, interval_ms=2000, waits=True, told=told)
    for step, comments in enumerate(shown):
        screen.comments = list(comments)
        looker.see(screen.frame(at + 2000 * step))
        while looker.take_cues(1 << 40) == []:
            pass
    looker.finish()
    return [row for _, row in merger.take()]


STEPS = (
    ["ann: how much is it?", "bo: hello from Leeds", "cy: love this one"],
    ["ann: how much is it?", "bo: hello from Leeds", "cy: love this one"],
    ["bo: hello from Leeds", "cy: love this one", "di: does it come in blue?"],
    ["bo: hello from Leeds", "cy: love this one", "di: does it come in blue?"],
    ["cy: love this one", "di: does it come in blue?", "eve: is it heavy at all?"],
    ["cy: love this one", "di: does it come in blue?", "eve: is it heavy at all?"],
)
NAMES = ["ann", "bo", "cy", "di", "eve"]


def _users(rows: Sequence[LogRow]) -> list[str | None]:
    return [row.user for row in rows if isinstance(row, Comment)]


def test_each_comment_is_told_once_as_it_scrolls() -> None:
    assert sorted(filter(None, _users(_look(Screen(), STEPS)))) == NAMES


def test_a_line_of_the_screen_is_told_once_when_it_was_read_twice() -> None:
    screen = Screen()
    screen.card = "Kiln Mug only today"
    rows = _look(screen, STEPS)
    assert [row.text for row in rows if isinstance(row, ScreenLine)] == ["Kiln Mug only today"]


def test_what_stood_on_the_screen_when_a_session_was_killed_is_not_told_again() -> None:
    screen = Screen()
    screen.card = "Kiln Mug only today"
    before = _look(screen, STEPS[:4])
    log = [LogEntry(seq=seq, row=row) for seq, row in enumerate(before, 1)]
    again = _look(screen, STEPS[3:], ToldBefore.from_log(log, 8000), at=8000)
    assert sorted(filter(None, [*_users(before), *_users(again)])) == NAMES
    assert not any(isinstance(row, ScreenLine) for row in again)


def test_what_was_told_long_ago_is_told_when_it_comes_again() -> None:
    log = [
        LogEntry(seq=1, row=Comment(start_ms=0, user="ann", text="how much is it?", via="frame"))
    ]
    later = _look(Screen(), STEPS[:2], ToldBefore.from_log(log, 600_000), at=600_000)
    assert "ann" in _users(later)
