"""What is laid over the picture: heading, card, comments, input bar; drawn only when it changes."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from PIL import Image, ImageDraw

from live.demo.comment_lists import STYLES, Placed, place
from live.demo.fonts import font
from live.demo.programme import Card, Programme, TimedComment, TimedTopic
from live.demo.script import Language

_SCROLL = 3
"""Frames in which the list moves up for a new comment."""
_MOST = 24
_CARD = (20, 1066, 580, 1176)
_NARROW_CARD = (20, 940, 390, 1090)
_INPUT: dict[Language, str] = {"en": "Add a comment...", "zh": "说点什么..."}


@dataclass(frozen=True)
class Layer:
    """A picture to lay over the frames from number `first` on, and the comments on it.

    `at_rest` is false while the list scrolls.
    """

    first: int
    image: Image.Image
    placed: list[Placed]
    at_rest: bool


class Layers:
    """The layers of a programme at its frame rate."""

    def __init__(self, programme: Programme) -> None:
        self._programme = programme
        look = programme.script.look
        self._fps = look.fps
        self._size = (look.width, look.height)

    def frame_of(self, at_ms: int) -> int:
        """The number of the frame that is shown at a time."""
        return round(at_ms * self._fps / 1000)

    def of(self, topic: TimedTopic) -> Iterator[Layer]:
        """The layers from the first frame of a topic to its last."""
        first, end = self.frame_of(topic.start_ms), self.frame_of(topic.end_ms)
        for frame in self._changes(first, end):
            yield self._layer(topic, frame)

    @cached_property
    def _arrivals(self) -> list[tuple[int, TimedComment]]:
        return [(self.frame_of(c.at_ms), c) for c in self._programme.comments]

    def _changes(self, first: int, end: int) -> list[int]:
        frames = {first}
        for arrival, _ in self._arrivals:
            frames.update(range(arrival, arrival + _SCROLL))
        frames.update(self.frame_of(card.at_ms) for card in self._programme.cards)
        return sorted(frame for frame in frames if first <= frame < end)

    def _layer(self, topic: TimedTopic, frame: int) -> Layer:
        style = STYLES[topic.layout]
        own = [(arrival, c) for arrival, c in self._arrivals if c.block == topic.block]
        shown = [comment for arrival, comment in own if arrival <= frame][-_MOST:]
        lift = sum(
            style.height(comment) * (_SCROLL - 1 - (frame - arrival)) / _SCROLL
            for arrival, comment in own
            if 0 <= frame - arrival < _SCROLL - 1
        )
        image, placed = place(style, shown, self._size, round(lift))
        draw = ImageDraw.Draw(image)
        self._heading(draw, topic)
        card = next(
            (c for c in reversed(self._programme.cards) if self.frame_of(c.at_ms) <= frame), None
        )
        if card is not None and card.product is not None:
            self._card(draw, card, _NARROW_CARD if topic.layout == "panel" else _CARD)
        return Layer(frame, image, placed, not lift)

    def _heading(self, draw: ImageDraw.ImageDraw, topic: TimedTopic) -> None:
        draw.rounded_rectangle((20, 28, 300, 92), 32, fill=(0, 0, 0, 120))
        draw.ellipse((26, 34, 78, 86), fill=(240, 200, 170, 255))
        host = self._programme.script.look.hosts[topic.block]
        draw.text((90, 60), host, font=font(26), fill="white", anchor="lm")
        draw.rounded_rectangle((206, 42, 288, 78), 18, fill=(230, 45, 80, 255))
        draw.text((247, 60), "LIVE", font=font(20), fill="white", anchor="mm")
        draw.rounded_rectangle((20, 1200, 600, 1256), 28, fill=(0, 0, 0, 110))
        ink = (210, 210, 214, 255)
        draw.text((44, 1228), _INPUT[topic.language], font=font(24), fill=ink, anchor="lm")
        draw.polygon(((644, 1214), (684, 1228), (644, 1242)), fill=(255, 255, 255, 220))

    def _card(self, draw: ImageDraw.ImageDraw, card: Card, box: tuple[int, int, int, int]) -> None:
        look = self._programme.script.look
        shown = next(p for p in look.products if p.product_id == card.product)
        x0, y0, x1, y1 = box
        draw.rounded_rectangle(box, 16, fill=(255, 255, 255, 235))
        draw.rounded_rectangle((x0 + 12, y0 + 12, x0 + 92, y1 - 12), 10, fill=shown.colours[0])
        draw.text((x0 + 106, y0 + 30), shown.card, font=font(25), fill="#222222", anchor="lm")
        price = card.price or shown.price
        draw.text((x0 + 106, y0 + 76), price, font=font(34), fill="#d8263c", anchor="lm")
        if card.note:
            at = (x0 + 106, y1 - 22) if y1 - y0 > 120 else (x1 - 16, y0 + 80)
            anchor = "lm" if y1 - y0 > 120 else "rm"
            draw.text(at, card.note, font=font(22), fill="#666666", anchor=anchor)


class CommentTruth:
    """When each comment stands whole on the frame, and where it stands first and last.

    One row a comment: `{comment, user, text, is_question, is_notice, about, at_ms,
    layout, from_ms, to_ms, first_box, last_box}`; boxes are `(x0, y0, x1, y1)` in pixels.
    """

    def __init__(self, fps: int) -> None:
        self._fps = fps
        self._rows: dict[int, dict[str, object]] = {}

    def watch(self, topic: TimedTopic, layers: Iterable[Layer], end: int) -> Iterator[Layer]:
        """Pass on the layers of a topic that is shown until the frame `end`, and take note."""
        before: Layer | None = None
        for layer in layers:
            if before is not None:
                self._see(topic, before, layer.first)
            before = layer
            yield layer
        if before is not None:
            self._see(topic, before, end)

    def _see(self, topic: TimedTopic, layer: Layer, end: int) -> None:
        if not layer.at_rest:
            return
        since, until = layer.first * 1000 // self._fps, end * 1000 // self._fps
        for placed in layer.placed:
            viewer = placed.comment.viewer
            row = self._rows.setdefault(
                placed.comment.number,
                {
                    "comment": placed.comment.number,
                    "user": viewer.user,
                    "text": viewer.text,
                    "is_question": viewer.asks,
                    "is_notice": viewer.notice,
                    "about": viewer.about,
                    "at_ms": placed.comment.at_ms,
                    "layout": topic.layout,
                    "from_ms": since,
                    "first_box": placed.box,
                },
            )
            row |= {"to_ms": until, "last_box": placed.box}

    def as_jsonl(self) -> str:
        """The rows in the order of time."""
        rows = (json.dumps(row, ensure_ascii=False) for row in self._rows.values())
        return "".join(f"{row}\n" for row in rows)
