"""Stickers: a price tag, a badge, an arrow, an emoji, drawn at four times their size."""

import hashlib
import math
from collections.abc import Sequence
from pathlib import Path

from PIL import Image, ImageDraw, ImageFilter

from domain.errors import InvalidInput
from domain.timeline import Aspect, Sticker
from tools.effects.drawing import draw_emoji, draw_lines, fit_text, rgb, without_emoji
from tools.effects.fonts import find_font
from tools.effects.theme import StickerLook, Theme, safe_areas
from tools.film.layout import Layout
from tools.film.overlays import Drawing
from tools.reframing.placing import Cover, cover_of

_OVER = 4
_SPOTS = ((0.27, 0.20), (0.70, 0.20), (0.27, 0.36), (0.70, 0.36), (0.27, 0.55), (0.70, 0.55))
"""Middles that are tried, as parts of the frame."""


def draw_sticker(sticker: Sticker, theme: Theme, short: int, fonts: Sequence[Path]) -> Image.Image:
    """The sticker with a transparent ground, for a frame whose shorter side has `short` pixels.

    Raises:
        InvalidInput: an emoji sticker without an emoji, or a text sticker without text.
        NotAvailable: no font holds its text.
    """
    look = theme.stickers
    size = round(look.size * short)
    if sticker.kind == "emoji":
        if not sticker.text or without_emoji(sticker.text):
            raise InvalidInput(
                f"The sticker {sticker.text!r} is no emoji.", hint="Give emoji, or another kind."
            )
        return _shadowed(draw_emoji(sticker.text, round(size * 0.8), fonts))
    if sticker.kind == "arrow":
        return _shadowed(_arrow(look, size, sticker.text))
    text = without_emoji(sticker.text)
    if not text:
        raise InvalidInput(
            f"The {sticker.kind} sticker has no text.", hint="Write what it is to say."
        )
    drawn = _price_tag if sticker.kind == "price_tag" else _badge
    return _shadowed(drawn(look, size, text, fonts))


def place_stickers(
    stickers: Sequence[Sticker],
    theme: Theme,
    layout: Layout,
    *,
    aspect: Aspect,
    size: tuple[int, int],
    fonts: Sequence[Path],
    taken: Cover | None,
    folder: Path,
) -> list[Drawing]:
    """Draw the stickers to files in `folder`, and put them where there is room.

    A sticker whose place is not given stands where it hides least of `taken`, and apart from those
    before it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    drawings: list[Drawing] = []
    boxes: list[tuple[int, int, float, float, float, float]] = []
    for sticker in stickers:
        picture = draw_sticker(sticker, theme, min(size), fonts)
        first = round(sticker.start_ms * layout.rate / 1000)
        end = min(max(first + 1, round(sticker.end_ms * layout.rate / 1000)), layout.frames)
        if first >= layout.frames or sticker.end_ms <= sticker.start_ms:
            raise InvalidInput(
                f"The sticker {sticker.text!r} lasts from {sticker.start_ms} to {sticker.end_ms}"
                f" ms, the clip {round(layout.duration * 1000)} ms.",
                hint="Let it begin within the clip and end after it begins.",
            )
        wide, high = picture.width / size[0], picture.height / size[1]
        others = [box[2:] for box in boxes if box[0] < end and first < box[1]]
        x, y = _choose(sticker, wide, high, aspect, taken, others)
        boxes.append((first, end, x - wide / 2, y - high / 2, x + wide / 2, y + high / 2))
        digest = hashlib.sha256(picture.tobytes() + repr(picture.size).encode()).hexdigest()[:32]
        file = folder / f"{digest}.png"
        if not file.is_file():
            part = file.with_suffix(".part")
            picture.save(part, "PNG")
            part.replace(file)
        left = round(x * size[0] - picture.width / 2)
        top = round(y * size[1] - picture.height / 2)
        drawings.append(Drawing(file, digest, left, top, first, end))
    return drawings


def _choose(
    sticker: Sticker,
    wide: float,
    high: float,
    aspect: Aspect,
    taken: Cover | None,
    others: Sequence[tuple[float, float, float, float]],
) -> tuple[float, float]:
    safe = safe_areas()[aspect]
    low_x, high_x = safe.left + wide / 2, 1 - safe.right - wide / 2
    low_y, high_y = safe.top + high / 2, 1 - safe.bottom - high / 2

    def within(x: float, y: float) -> tuple[float, float]:
        return (
            min(max(x, low_x), max(low_x, high_x)), min(max(y, low_y), max(low_y, high_y))
        )  # fmt: skip

    if sticker.x is not None and sticker.y is not None:
        return sticker.x, sticker.y

    def cost(spot: tuple[float, float]) -> float:
        x, y = spot
        box = (x - wide / 2, y - high / 2, x + wide / 2, y + high / 2)
        hidden = cover_of(taken, box) if taken is not None else 0.0
        over = sum(_overlap(box, other) for other in others)
        return hidden + 5 * over

    return min((within(x, y) for x, y in _SPOTS), key=cost)


def _overlap(
    one: tuple[float, float, float, float], two: tuple[float, float, float, float]
) -> float:
    wide = min(one[2], two[2]) - max(one[0], two[0])
    high = min(one[3], two[3]) - max(one[1], two[1])
    area = (one[2] - one[0]) * (one[3] - one[1])
    return max(0.0, wide) * max(0.0, high) / area if area else 0.0


def _price_tag(look: StickerLook, size: int, text: str, fonts: Sequence[Path]) -> Image.Image:
    """A tag with a hole at its pointed end, a little tilted."""
    big = size * _OVER
    lines, face = fit_text(
        text, find_font(fonts, text=text), size=round(big * 0.42), width=big * 1.5, lines=2
    )
    body = max(face.getlength(line) for line in lines) + big * 0.34
    height = round(big * (0.62 if len(lines) == 1 else 0.95))
    point = round(height * 0.42)
    width = round(body + point)
    picture = Image.new("RGBA", (width + 8, height + 8))
    draw = ImageDraw.Draw(picture)
    radius = round(height * 0.16)
    edge = max(2, round(big * 0.018))
    for inset, colour in ((0, look.edge), (edge, look.ground)):
        draw.rounded_rectangle(
            (point + inset, inset, width - inset, height - inset), radius, fill=colour
        )
        draw.polygon(
            [(point + radius, inset), (inset * 1.6, height / 2), (point + radius, height - inset)],
            fill=colour,
        )
    hole = height * 0.085
    draw.ellipse(
        (point * 0.95 - hole, height / 2 - hole, point * 0.95 + hole, height / 2 + hole),
        fill=look.edge,
    )
    middle = (point + (width - point) / 2 + big * 0.02, height / 2)
    draw_lines(picture, lines, face, middle=middle, colour=look.text)
    return _reduced(picture.rotate(6, Image.Resampling.BICUBIC, expand=True))


def _badge(look: StickerLook, size: int, text: str, fonts: Sequence[Path]) -> Image.Image:
    """A seal with a wavy edge."""
    big = round(size * 1.15) * _OVER
    picture = Image.new("RGBA", (big, big))
    draw = ImageDraw.Draw(picture)
    for radius, colour in ((0.5, look.edge), (0.478, look.ground)):
        draw.polygon(_wavy(big, radius), fill=colour)
    ring = big * 0.09
    draw.ellipse((ring, ring, big - ring, big - ring), outline=(*rgb(look.edge), 200),
                 width=max(2, big // 110))  # fmt: skip
    font = find_font(fonts, text=text)
    lines, face = fit_text(text, font, size=round(big * 0.26), width=big * 0.68, lines=3)
    draw_lines(picture, lines, face, middle=(big / 2, big / 2), colour=look.text)
    return _reduced(picture)


def _wavy(big: int, radius: float) -> list[tuple[float, float]]:
    points: list[tuple[float, float]] = []
    for step in range(720):
        angle = math.radians(step / 2)
        far = big * radius * (0.965 + 0.035 * math.cos(18 * angle))
        points.append((big / 2 + far * math.cos(angle), big / 2 + far * math.sin(angle)))
    return points


def _arrow(look: StickerLook, size: int, text: str) -> Image.Image:
    """A bent arrow; `text` says where it points: left, right, up or down (else down)."""
    big = size * _OVER
    picture = Image.new("RGBA", (big, big))
    draw = ImageDraw.Draw(picture)
    for width, colour in ((0.21, look.edge), (0.14, look.arrow)):
        grown = (width - 0.14) / 2
        draw.arc(
            (big * (0.02 - grown), big * (0.12 - grown), big * (0.72 + grown), big * (1.2 + grown)),
            270, 345, fill=colour, width=round(big * width),
        )  # fmt: skip
        tip, wide = 0.93 + grown * 1.6, 0.21 + grown * 1.7
        draw.polygon(
            [
                (big * (0.63 - wide), big * (0.58 - grown)),
                (big * (0.63 + wide), big * (0.54 - grown)),
                (big * 0.69, big * tip),
            ],
            fill=colour,
        )
    turns = {"left": -90, "right": 90, "up": 180, "down": 0}
    turned = picture.rotate(turns.get(text.strip().casefold(), 0), Image.Resampling.BICUBIC)
    return _reduced(turned)


def _reduced(picture: Image.Image) -> Image.Image:
    size = (max(1, picture.width // _OVER), max(1, picture.height // _OVER))
    return picture.resize(size, Image.Resampling.LANCZOS)


def _shadowed(picture: Image.Image) -> Image.Image:
    far = max(2, picture.height // 28)
    size = (picture.width + 4 * far, picture.height + 4 * far)
    shade = Image.new("RGBA", size)
    dark = Image.new("RGBA", picture.size, (0, 0, 0, 130))
    shade.paste(dark, (2 * far, 3 * far), picture.getchannel("A"))
    shade = shade.filter(ImageFilter.GaussianBlur(far))
    shade.alpha_composite(picture, (2 * far, 2 * far))
    return shade
