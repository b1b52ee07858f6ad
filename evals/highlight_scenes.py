"""Drawn shows with planted highlights: a studio, a host, goods on a table, and what happens.

Everything is drawn by Pillow from simple forms, by seed. What is a highlight and what only looks
like one is planted: a good is raised, shown near, zoomed at, demonstrated or lit up; and the camera
shakes, light flickers, comments and banners run, the host walks about, a title card stands there.
It has nothing in common with `training/highlights`, on which weights are fitted.
"""

import math
import random
from dataclasses import dataclass
from typing import Literal

from PIL import Image, ImageDraw, ImageEnhance, ImageFilter

Focus = Literal["raised", "near", "zoomed", "demonstrated", "lit"]
Noise = Literal["shake", "flicker", "comments", "banner", "walk", "title", "poster"]
Colour = tuple[int, int, int]
Size = tuple[int, int]

FOCI: tuple[Focus, ...] = ("raised", "near", "zoomed", "demonstrated", "lit")
NOISES: tuple[Noise, ...] = ("shake", "flicker", "comments", "banner", "walk", "title", "poster")

_SIZES: tuple[Size, ...] = ((216, 384), (384, 216), (288, 216))
_EASE_SECONDS = 0.8
_CHATTER = ("nice!", "how much?", "wow", "size M?", "hello", "ship to LA?", "love it", "again pls")


@dataclass(frozen=True)
class Happening:
    """Something from `start` to `end`, in seconds; a highlight when its kind is a focus."""

    kind: Focus | Noise
    start: float
    end: float

    def strength(self, at: float) -> float:
        """From 0 to 1 and back: it comes and goes smoothly."""
        if not self.start <= at < self.end:
            return 0.0
        near = min(at - self.start, self.end - at) / _EASE_SECONDS
        return 0.5 - 0.5 * math.cos(math.pi * min(1.0, near))


class Stage:
    """Draws a show, frame by frame."""

    def __init__(self, seed: int) -> None:
        self._dice = random.Random(seed)  # noqa: S311 (not a secret)
        dice = self._dice
        self.size: Size = _SIZES[seed % len(_SIZES)]
        self._skin: Colour = dice.choice(((236, 188, 160), (198, 140, 104), (120, 82, 62)))
        self._shirt, self._hair = self._colour(60, 220), self._colour(10, 110)
        self._good_colour, self._label = self._colour(40, 250), self._colour(150, 255)
        self._form = dice.choice(("bottle", "box", "mug", "lamp"))
        self._lean = dice.choice((-1, 1))
        self._tempo = dice.uniform(0.7, 1.5)
        self._room = self._draw_room()
        self._good = self._draw_good(min(self.size))
        self._titles = [self._draw_title() for _ in range(2)]

    def draw(self, at: float, now: list[Happening]) -> Image.Image:
        """The picture at a time, with what happens then."""
        power: dict[str, float] = {}
        for one in now:
            power[one.kind] = max(power.get(one.kind, 0.0), one.strength(at))
        if power.get("title", 0) > 0.5:
            picture = self._titles[int(at) // 20 % 2].copy()
        elif power.get("near", 0) > 0.5:
            picture = self._near(at)
        else:
            picture = self._whole(at, power)
        if zoom := power.get("zoomed", 0.0):
            picture = self._zoom(picture, zoom)
        if shake := power.get("shake", 0.0):
            dx, dy = (round(shake * self._dice.uniform(-7, 7)) for _ in range(2))
            picture = picture.transform(
                picture.size,
                Image.Transform.AFFINE,
                (1, 0, dx, 0, 1, dy),
                Image.Resampling.BILINEAR,
            )
        if flicker := power.get("flicker", 0.0):
            bright = 1 + 0.35 * flicker * math.sin(at * 19)
            picture = ImageEnhance.Brightness(picture).enhance(bright)
        self._overlays(picture, at, power)
        return picture

    def _whole(self, at: float, power: dict[str, float]) -> Image.Image:
        wide, high = self.size
        picture = self._room.copy()
        if power.get("poster", 0) > 0.5:
            self._poster(picture)
        lit = power.get("lit", 0.0)
        if lit:
            picture = ImageEnhance.Brightness(picture).enhance(1 - 0.45 * lit)
        walk = power.get("walk", 0.0) * math.sin(at * 1.9) * 0.32
        sway = 0.02 * math.sin(at * self._tempo)
        shown = power.get("demonstrated", 0.0)
        raised = power.get("raised", 0.0)
        host_x = wide * (0.5 + self._lean * 0.13 + sway + walk)
        rest = (wide * (0.5 - self._lean * 0.2), high * 0.8)
        centre = (wide * 0.5, high * 0.56)
        blend = max(raised, 0.6 * shown)
        x, y = (r + (c - r) * blend for r, c in zip(rest, centre, strict=True))
        if shown:
            x += shown * 0.05 * wide * math.sin(at * 7)
        size = min(self.size) * (0.2 + 0.34 * raised + 0.1 * shown)
        hand = (x, y) if blend > 0.05 else (host_x + wide * 0.14 * math.sin(at * 1.3), high * 0.7)
        if shown:
            other = (x + 0.12 * wide * math.sin(at * 9), y - 0.12 * high * abs(math.cos(at * 6)))
        else:
            other = (host_x - wide * 0.12, high * 0.76 + 4 * math.sin(at))
        self._host(ImageDraw.Draw(picture), host_x, hand, other, at)
        angle = 14 * raised * math.sin(at * 2.3) + 30 * shown * math.sin(at * 7)
        if lit:
            self._halo(picture, x, y, size * (1 + 0.1 * math.sin(at * 8)), lit)
            size *= 1 + 0.35 * lit
        self._put(picture, x, y, size, angle)
        if lit > 0.5:
            self._card(picture)
        return picture

    def _near(self, at: float) -> Image.Image:
        wide, high = self.size
        picture = self._room.filter(ImageFilter.GaussianBlur(6))
        size = min(self.size) * (0.68 + 0.06 * math.sin(at * 0.9))
        x = wide * (0.5 + 0.04 * math.sin(at * 1.7))
        self._put(picture, x, high * 0.52, size, 18 * math.sin(at * 1.1))
        return picture

    def _host(
        self,
        draw: ImageDraw.ImageDraw,
        x: float,
        hand: tuple[float, float],
        other: tuple[float, float],
        at: float,
    ) -> None:
        wide, high = self.size
        unit = min(wide, high) * 0.13
        top = high * 0.34 + 2 * math.sin(at * 2.1)
        shoulder = top + unit * 2.0
        draw.rounded_rectangle((x - unit * 1.5, shoulder, x + unit * 1.5, high), unit, self._shirt)
        draw.rectangle((x - unit * 0.35, top, x + unit * 0.35, shoulder + unit * 0.3), self._skin)
        draw.ellipse((x - unit * 1.05, top - unit * 1.3, x + unit * 1.05, top + unit), self._hair)
        draw.ellipse((x - unit * 0.85, top - unit, x + unit * 0.85, top + unit * 1.2), self._skin)
        for side in (-1, 1):
            eye = x + side * unit * 0.35
            draw.ellipse((eye - 2, top - 2, eye + 2, top + 2), (20, 20, 25))
        mouth = 1 + 3 * abs(math.sin(at * 11))
        draw.ellipse((x - 5, top + unit * 0.6, x + 5, top + unit * 0.6 + mouth), (150, 50, 60))
        thick = max(4, round(unit * 0.55))
        for side, end in ((1, hand), (-1, other)):
            start = (x + side * unit * 1.3, shoulder + unit * 0.4)
            draw.line((*start, *end), self._shirt, thick)
            draw.ellipse(
                (end[0] - thick, end[1] - thick, end[0] + thick, end[1] + thick), self._skin
            )

    def _put(self, picture: Image.Image, x: float, y: float, size: float, angle: float) -> None:
        side = max(8, round(size))
        good = self._good.resize((side, side), Image.Resampling.BILINEAR)
        if abs(angle) > 0.5:
            good = good.rotate(angle, Image.Resampling.BILINEAR)
        picture.paste(good, (round(x - side / 2), round(y - side / 2)), good)

    def _zoom(self, picture: Image.Image, power: float) -> Image.Image:
        wide, high = self.size
        factor = 1 + 1.3 * power
        x, y = wide * (0.5 - self._lean * 0.2), high * 0.8
        w, h = wide / factor, high / factor
        left = min(max(0.0, x - w / 2), wide - w)
        top = min(max(0.0, y - h / 2), high - h)
        box = (left, top, left + w, top + h)
        return picture.resize(self.size, Image.Resampling.BILINEAR, box)

    def _halo(self, picture: Image.Image, x: float, y: float, size: float, power: float) -> None:
        draw = ImageDraw.Draw(picture)
        for ring in range(4):
            r = size * (0.75 + 0.12 * ring)
            shade = round(255 * power * (1 - ring / 5))
            draw.ellipse((x - r, y - r, x + r, y + r), outline=(shade, shade, shade // 2), width=3)

    def _card(self, picture: Image.Image) -> None:
        wide, high = self.size
        draw = ImageDraw.Draw(picture)
        box = (wide * 0.3, high * 0.5, wide * 0.7, high * 0.62)
        draw.rounded_rectangle(box, 6, (250, 240, 90))
        draw.text(
            (wide * 0.5, high * 0.56), f"NOW ${self._lean + 30}.90", (200, 20, 20), anchor="mm"
        )

    def _overlays(self, picture: Image.Image, at: float, power: dict[str, float]) -> None:
        wide, high = self.size
        draw = ImageDraw.Draw(picture)
        pace = 14 if power.get("comments", 0) > 0.3 else 0.7
        shift = (at * pace * 4) % 18
        for row in range(5):
            text = _CHATTER[(row + int(at * pace * 4 / 18)) % len(_CHATTER)]
            y = high * 0.62 + row * 18 - shift
            draw.text((6, y), f"u{row}{len(text)}: {text}", (255, 255, 255))
        if power.get("banner", 0) > 0.3:
            draw.rectangle((0, high * 0.08, wide, high * 0.15), (210, 30, 60))
            start = wide - (at * 90) % (2 * wide)
            draw.text((start, high * 0.1), "SUMMER SALE - FOLLOW US - SUMMER SALE", (255, 255, 255))
            spot = wide * (0.5 + 0.4 * math.sin(at * 6))
            draw.ellipse((spot - 8, high * 0.09, spot + 8, high * 0.14), (255, 220, 0))

    def _poster(self, picture: Image.Image) -> None:
        wide, high = self.size
        draw = ImageDraw.Draw(picture)
        draw.rectangle((0, 0, wide, high * 0.3), (245, 245, 240))
        for row in range(3):
            for column in range(8):
                x, y = wide * column / 8, high * 0.1 * row
                draw.rectangle((x, y, x + wide / 16, y + high * 0.05), self._hair)

    def _draw_room(self) -> Image.Image:
        wide, high = self.size
        top, low = self._colour(120, 240), self._colour(60, 200)
        room = Image.linear_gradient("L").resize(self.size)
        room = Image.composite(
            Image.new("RGB", self.size, low), Image.new("RGB", self.size, top), room
        )
        draw = ImageDraw.Draw(room)
        for _ in range(self._dice.randint(4, 12)):
            x, y = self._dice.uniform(0, wide), self._dice.uniform(0, high * 0.7)
            w, h = self._dice.uniform(10, wide / 4), self._dice.uniform(8, high / 6)
            draw.rectangle((x, y, x + w, y + h), self._colour(30, 250), self._colour(0, 120))
        if self._dice.random() < 0.5:
            room = room.filter(ImageFilter.GaussianBlur(self._dice.uniform(1, 4)))
        ImageDraw.Draw(room).rectangle((0, high * 0.84, wide, high), self._colour(70, 170))
        return room

    def _draw_good(self, side: int) -> Image.Image:
        good = Image.new("RGBA", (side, side))
        draw = ImageDraw.Draw(good)
        main, mark = (*self._good_colour, 255), (*self._label, 255)
        dark = (*(value // 2 for value in self._good_colour), 255)
        s = side / 100
        match self._form:
            case "bottle":
                draw.rounded_rectangle((32 * s, 30 * s, 68 * s, 98 * s), 9 * s, main)
                draw.rectangle((42 * s, 4 * s, 58 * s, 32 * s), dark)
            case "box":
                draw.polygon(
                    [(x * s, y * s) for x, y in ((8, 30), (60, 14), (94, 30), (42, 46))], dark
                )
                draw.rectangle((8 * s, 32 * s, 92 * s, 94 * s), main)
            case "mug":
                draw.ellipse((62 * s, 34 * s, 96 * s, 74 * s), outline=main, width=round(8 * s))
                draw.rounded_rectangle((12 * s, 22 * s, 74 * s, 92 * s), 8 * s, main)
            case _:
                draw.polygon(
                    [(x * s, y * s) for x, y in ((34, 6), (66, 6), (90, 56), (10, 56))], main
                )
                draw.rectangle((46 * s, 56 * s, 54 * s, 90 * s), dark)
                draw.ellipse((24 * s, 84 * s, 76 * s, 98 * s), dark)
        draw.rectangle((34 * s, 58 * s, 66 * s, 80 * s), mark)
        draw.text((50 * s, 69 * s), "LUMO", (10, 10, 10, 255), anchor="mm")
        return good

    def _draw_title(self) -> Image.Image:
        wide, high = self.size
        card = Image.new("RGB", self.size, self._colour(10, 90))
        draw = ImageDraw.Draw(card)
        for row in range(6):
            text = self._dice.choice(("back in 5 minutes", "schedule 20:00", "rules of the draw"))
            draw.text(
                (wide / 2, high * (0.25 + row * 0.1)), text, self._colour(180, 255), anchor="mm"
            )
        return card

    def _colour(self, low: int, high: int) -> Colour:
        roll = self._dice.randint
        return roll(low, high), roll(low, high), roll(low, high)
