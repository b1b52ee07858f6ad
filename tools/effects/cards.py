"""Cards before and after a clip: a line of text on a gradient that moves slowly."""

import hashlib
from collections.abc import Sequence
from pathlib import Path

from PIL import Image, ImageDraw, ImageFilter

from tools.effects.drawing import draw_lines, fit_text, gradient, line_height, rgb, without_emoji
from tools.effects.fonts import find_font
from tools.effects.theme import Theme

_LARGER = 1.10
"""Of the frame: what the slow movement passes over."""


def draw_card(
    text: str, theme: Theme, size: tuple[int, int], *, fonts: Sequence[Path], folder: Path
) -> tuple[Path, str]:
    """The card's picture (larger than `size` by a tenth) and its hash.

    Raises:
        NotAvailable: no font holds its text.
    """
    look = theme.cards
    width, height = (round(side * _LARGER / 2) * 2 for side in size)
    picture = gradient((width, height), look.top, look.bottom)
    short = min(size)
    glow = Image.new("RGB", (width, height), rgb(look.accent))
    mask = Image.new("L", (width, height))
    ImageDraw.Draw(mask).ellipse(
        (width * 0.5, -height * 0.22, width * 1.35, height * 0.30), fill=60
    )
    mask = mask.filter(ImageFilter.GaussianBlur(short * 0.09))
    picture = Image.composite(glow, picture, mask)
    said = without_emoji(text) or text
    font = find_font(fonts, text=said)
    lines, face = fit_text(said, font, size=round(short * 0.115), width=size[0] * 0.78, lines=4)
    middle = (width / 2, height / 2)
    draw_lines(picture, lines, face, middle=middle, colour=look.text)
    under = height / 2 + line_height(face) * len(lines) / 2 + short * 0.03
    bar = short * 0.09
    ImageDraw.Draw(picture).rounded_rectangle(
        (width / 2 - bar, under, width / 2 + bar, under + short * 0.012), short, fill=look.accent
    )
    digest = hashlib.sha256(picture.tobytes() + repr(picture.size).encode()).hexdigest()[:32]
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"card-{digest}.png"
    if not file.is_file():
        part = file.with_suffix(".part")
        picture.save(part, "PNG")
        part.replace(file)
    return file, digest
