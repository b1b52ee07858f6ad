"""The list of comments over the picture, in three layouts: where each stands, and its drawing."""

from dataclasses import dataclass
from typing import Protocol

from PIL import Image, ImageDraw

from live.demo.fonts import font, wrap
from live.demo.programme import TimedComment
from live.demo.script import LayoutName

Box = tuple[int, int, int, int]
_SHADE = (0, 0, 0, 110)
_WHITE = (255, 255, 255, 255)
_NOTICE = (190, 205, 225, 255)
_NAMES = ((150, 205, 255), (255, 205, 140), (170, 230, 170), (250, 170, 200), (205, 190, 255))
_DARK_NAMES = ((30, 90, 160), (160, 85, 20), (40, 120, 60), (165, 45, 95), (95, 70, 165))


@dataclass(frozen=True)
class Placed:
    """A comment in the list: its box in pixels of the frame, `(x0, y0, x1, y1)`."""

    comment: TimedComment
    box: Box


class ListStyle(Protocol):
    """How a list of comments looks. `area` is where it stands; what leaves it is cut off."""

    area: Box

    def height(self, comment: TimedComment) -> int:
        """Pixels that a comment takes, the gap below it included."""
        ...

    def draw(self, draw: ImageDraw.ImageDraw, comment: TimedComment, top: int) -> Box:
        """Draw a comment with its upper edge at `top`; gives its box."""
        ...

    def furnish(self, draw: ImageDraw.ImageDraw) -> None:
        """Draw what lies below all comments."""
        ...


class Inline:
    """`user: text` in one flow, each on a shade of its own, over the lower left."""

    area: Box = (20, 640, 560, 1050)
    size = 27
    _pad, _gap = 9, 8

    def height(self, comment: TimedComment) -> int:
        """Pixels with the gap."""
        return len(self._lines(comment)) * self._step + 2 * self._pad + self._gap

    def draw(self, draw: ImageDraw.ImageDraw, comment: TimedComment, top: int) -> Box:
        """Shade, name in colour, text in white."""
        lines = self._lines(comment)
        face = font(self.size)
        x0 = self.area[0]
        width = max(face.getlength(line) for line in lines)
        bottom = top + self.height(comment) - self._gap
        box = (x0, top, int(x0 + width + 2 * self._pad), bottom)
        draw.rounded_rectangle(box, 16, fill=_SHADE)
        y = top + self._pad
        name = self._name(comment)
        for number, line in enumerate(lines):
            x = float(x0 + self._pad)
            if number == 0 and line.startswith(name):
                draw.text((x, y), name, font=face, fill=_name_colour(comment, _NAMES))
                x += face.getlength(name)
                line = line[len(name) :]
            draw.text((x, y), line, font=face, fill=_ink(comment, _WHITE))
            y += self._step
        return box

    def furnish(self, draw: ImageDraw.ImageDraw) -> None:
        """Nothing."""

    @property
    def _step(self) -> int:
        return round(self.size * 1.3)

    def _name(self, comment: TimedComment) -> str:
        viewer = comment.viewer
        return f"{viewer.user} " if viewer.notice else f"{viewer.user}: "

    def _lines(self, comment: TimedComment) -> list[str]:
        text = self._name(comment) + comment.viewer.text
        return wrap(text, self.size, self.area[2] - self.area[0] - 2 * self._pad)


class Stacked:
    """The user in small letters over the text, in bubbles."""

    area: Box = (20, 600, 580, 1050)
    size = 27
    name_size = 21
    ink = _WHITE
    names = _NAMES
    bubble: tuple[int, ...] | None = (20, 24, 40, 135)
    _pad, _gap = 11, 10

    def height(self, comment: TimedComment) -> int:
        """Pixels with the gap."""
        lines = len(self._lines(comment))
        name = 0 if comment.viewer.notice else round(self.name_size * 1.35)
        return name + lines * self._step + 2 * self._pad + self._gap

    def draw(self, draw: ImageDraw.ImageDraw, comment: TimedComment, top: int) -> Box:
        """Bubble, name, text below it."""
        lines = self._lines(comment)
        face, small = font(self.size), font(self.name_size)
        viewer = comment.viewer
        width = max([face.getlength(line) for line in lines] + [small.getlength(viewer.user)])
        x0 = self.area[0]
        bottom = top + self.height(comment) - self._gap
        box = (x0, top, int(x0 + width + 2 * self._pad), bottom)
        if self.bubble is not None:
            draw.rounded_rectangle(box, 18, fill=self.bubble)
        x, y = x0 + self._pad, top + self._pad
        if not viewer.notice:
            draw.text((x, y), viewer.user, font=small, fill=_name_colour(comment, self.names))
            y += round(self.name_size * 1.35)
        for line in lines:
            draw.text((x, y), line, font=face, fill=_ink(comment, self.ink))
            y += self._step
        return box

    def furnish(self, draw: ImageDraw.ImageDraw) -> None:
        """Nothing."""

    @property
    def _step(self) -> int:
        return round(self.size * 1.3)

    def _lines(self, comment: TimedComment) -> list[str]:
        viewer = comment.viewer
        text = f"{viewer.user} {viewer.text}" if viewer.notice else viewer.text
        return wrap(text, self.size, self.area[2] - self.area[0] - 2 * self._pad)


class Panel(Stacked):
    """A white column on the right, the user over the text."""

    area: Box = (412, 176, 712, 1176)
    size = 25
    name_size = 20
    ink = (28, 30, 36, 255)
    names = _DARK_NAMES
    bubble = None

    def furnish(self, draw: ImageDraw.ImageDraw) -> None:
        """The column and its heading."""
        draw.rectangle((404, 110, 720, 1186), fill=(248, 248, 250, 255))
        draw.text((424, 124), "Live chat", font=font(28), fill=(28, 30, 36, 255))
        draw.line((404, 168, 720, 168), fill=(210, 212, 218, 255), width=2)


STYLES: dict[LayoutName, ListStyle] = {"inline": Inline(), "stacked": Stacked(), "panel": Panel()}


def place(
    style: ListStyle, shown: list[TimedComment], size: tuple[int, int], lift: int = 0
) -> tuple[Image.Image, list[Placed]]:
    """The list with the newest at the bottom, `lift` pixels lower than at rest while it scrolls.

    `shown` is in the order of time. Gives the layer and the comments that are whole.
    """
    layer = Image.new("RGBA", size, (0, 0, 0, 0))
    draw = ImageDraw.Draw(layer)
    x0, y0, x1, y1 = style.area
    top = y1 + lift
    placed: list[Placed] = []
    for comment in reversed(shown):
        top -= style.height(comment)
        if top + style.height(comment) <= y0:
            break
        box = style.draw(draw, comment, top)
        if top >= y0 and box[3] <= y1:
            placed.append(Placed(comment, box))
    within = Image.new("L", size, 0)
    ImageDraw.Draw(within).rectangle((x0, y0, x1, y1), fill=255)
    cut = Image.new("RGBA", size, (0, 0, 0, 0))
    style.furnish(ImageDraw.Draw(cut))
    cut.alpha_composite(Image.composite(layer, Image.new("RGBA", size, (0, 0, 0, 0)), within))
    return cut, placed[::-1]


def _name_colour(comment: TimedComment, names: tuple[tuple[int, int, int], ...]) -> tuple[int, ...]:
    return (*names[sum(map(ord, comment.viewer.user)) % len(names)], 255)


def _ink(comment: TimedComment, ink: tuple[int, ...]) -> tuple[int, ...]:
    if not comment.viewer.notice:
        return ink
    return _NOTICE if ink == _WHITE else (110, 116, 128, 255)
