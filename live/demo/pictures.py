"""What stands behind the comments: a host, a product's photo, or a drawing of the product."""

import math
from pathlib import Path

from PIL import Image, ImageDraw, ImageFilter, ImageOps

from live.demo.fonts import font
from live.demo.programme import TimedTopic
from live.demo.script import Script, ShownProduct

MARGIN = 36
"""Pixels on every side of the frame between which the camera drifts."""

_PLAIN = ("#5b5470", "#c9a9a6")
_SHADOW = (0, 0, 0, 90)


def draw_shot(script: Script, topic: TimedTopic, number: int) -> Image.Image:
    """The picture of a topic's shot, larger than the frame by `MARGIN` on every side.

    A product is shown in turn as the photo of its label and as a drawing.
    """
    size = (script.look.width + 2 * MARGIN, script.look.height + 2 * MARGIN)
    product = next((p for p in script.look.products if p.product_id == topic.product), None)
    colours = product.colours if product else _PLAIN
    image = _slope(size, colours, number)
    centre = _centre(size, topic)
    if product is None:
        _host(image, centre)
    elif number % 2:
        _photo(image, script.folder / product.picture, centre, topic.layout == "panel")
    else:
        _DRAWINGS[product.product_id](ImageDraw.Draw(image, "RGBA"), centre, product)
    return image


def _centre(size: tuple[int, int], topic: TimedTopic) -> tuple[int, int]:
    """The middle of what comments leave free."""
    if topic.layout == "panel":
        return int(size[0] * 0.28), int(size[1] * 0.38)
    return size[0] // 2, int(size[1] * 0.30)


def _slope(size: tuple[int, int], colours: tuple[str, str], number: int) -> Image.Image:
    """A soft slope from one colour to the other, with a table's edge and grain."""
    grey = ImageOps.flip(Image.linear_gradient("L")).resize(size)
    if number % 3 == 1:
        grey = ImageOps.mirror(grey.rotate(90).resize(size))
    dark = tuple(int(v * 0.55) for v in _rgb(colours[0]))
    image = ImageOps.colorize(grey, black=dark, white=_rgb(colours[1])).convert("RGB")
    draw = ImageDraw.Draw(image, "RGBA")
    edge = int(size[1] * (0.52 + 0.04 * (number % 3)))
    draw.rectangle((0, edge, size[0], size[1]), fill=(*dark, 150))
    grain = Image.effect_noise(size, 14).convert("RGB")
    return Image.blend(image, grain, 0.05)


def _host(image: Image.Image, centre: tuple[int, int]) -> None:
    draw = ImageDraw.Draw(image, "RGBA")
    x, y = centre
    draw.ellipse((x - 210, y + 120, x + 210, y + 620), fill=(64, 58, 88, 255))
    draw.rectangle((x - 40, y + 60, x + 40, y + 160), fill=(214, 172, 148, 255))
    draw.ellipse((x - 105, y - 135, x + 105, y + 115), fill=(226, 186, 162, 255))
    draw.pieslice((x - 122, y - 165, x + 122, y + 80), 180, 360, fill=(70, 48, 40, 255))
    for side in (-40, 40):
        draw.ellipse((x + side - 9, y - 22, x + side + 9, y - 4), fill=(40, 32, 30, 255))
    draw.arc((x - 38, y + 10, x + 38, y + 60), 20, 160, fill=(150, 70, 70, 255), width=6)


def _photo(image: Image.Image, path: Path, centre: tuple[int, int], narrow: bool) -> None:
    with Image.open(path) as opened:
        picture = ImageOps.exif_transpose(opened).convert("RGB")
    picture.thumbnail((400, 470) if narrow else (640, 520))
    box = (centre[0] - picture.width // 2, centre[1] - picture.height // 2)
    shade = Image.new("RGBA", image.size, (0, 0, 0, 0))
    around = (box[0] + 8, box[1] + 14, box[0] + picture.width + 8, box[1] + picture.height + 14)
    ImageDraw.Draw(shade).rectangle(around, fill=_SHADOW)
    image.paste(_SHADOW[:3], mask=shade.filter(ImageFilter.GaussianBlur(12)).getchannel("A"))
    image.paste(picture, box)


def _mug(draw: ImageDraw.ImageDraw, centre: tuple[int, int], product: ShownProduct) -> None:
    x, y = centre
    body, rim = _rgb(product.colours[0]), _rgb(product.colours[1])
    draw.arc((x + 90, y - 80, x + 240, y + 110), 270, 90, fill=(*body, 255), width=34)
    draw.rounded_rectangle((x - 150, y - 160, x + 150, y + 190), 46, fill=(*body, 255))
    draw.ellipse((x - 150, y - 205, x + 150, y - 115), fill=(*rim, 255))
    draw.ellipse((x - 124, y - 192, x + 124, y - 128), fill=(92, 52, 30, 255))
    draw.rectangle((x - 150, y + 160, x + 150, y + 186), fill=(196, 170, 140, 255))


def _quilt(draw: ImageDraw.ImageDraw, centre: tuple[int, int], product: ShownProduct) -> None:
    x, y = centre
    draw.rounded_rectangle((x - 290, y - 190, x + 290, y + 240), 50, fill=(245, 240, 232, 255))
    draw.rounded_rectangle(
        (x - 280, y - 60, x + 280, y + 260), 40, fill=(*_rgb(product.colours[0]), 255)
    )
    for step in range(-240, 281, 80):
        draw.line((x + step, y - 50, x + step, y + 250), fill=(255, 255, 255, 120), width=4)
    for step in range(20, 260, 80):
        draw.line((x - 270, y + step, x + 270, y + step), fill=(255, 255, 255, 120), width=4)
    for side in (-190, 40):
        draw.rounded_rectangle(
            (x + side, y - 170, x + side + 150, y - 70), 30, fill=(255, 255, 255, 255)
        )


def _harness(draw: ImageDraw.ImageDraw, centre: tuple[int, int], product: ShownProduct) -> None:
    x, y = centre
    strap = (*_rgb(product.colours[0]), 255)
    draw.ellipse((x - 150, y - 150, x + 30, y + 150), outline=strap, width=30)
    draw.ellipse((x - 20, y - 170, x + 180, y + 170), outline=strap, width=30)
    draw.rounded_rectangle((x - 90, y - 60, x + 120, y + 60), 40, fill=strap)
    draw.arc((x - 40, y - 120, x + 70, y - 20), 180, 360, fill=(30, 30, 30, 255), width=16)
    for at in (-118, 118):
        draw.rectangle((x + at - 22, y - 16, x + at + 22, y + 16), fill=(205, 208, 212, 255))


def _nuts(draw: ImageDraw.ImageDraw, centre: tuple[int, int], product: ShownProduct) -> None:
    x, y = centre
    box = (x - 290, y - 200, x + 290, y + 220)
    draw.rounded_rectangle(box, 24, fill=(*_rgb(product.colours[0]), 255))
    for place in range(8):
        left = x - 260 + (place % 4) * 132
        top = y - 165 + (place // 4) * 190
        draw.ellipse((left, top, left + 122, top + 122), fill=(*_rgb(product.colours[1]), 255))
        for nut in range(5):
            turn = nut * 2 * math.pi / 5 + place
            nx, ny = left + 61 + 30 * math.cos(turn), top + 61 + 30 * math.sin(turn)
            draw.ellipse((nx - 17, ny - 12, nx + 17, ny + 12), fill=(126 - 8 * nut, 78, 44, 255))
    draw.text((x, y + 250), product.brand, font=font(30), fill="white", anchor="mm")


def _rgb(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


_DRAWINGS = {
    "kiln-mug": _mug,
    "silk-quilt-zh": _quilt,
    "dog-harness": _harness,
    "nut-gift-box-zh": _nuts,
}
