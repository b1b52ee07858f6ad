"""Text and shapes as pictures: what cards, covers and stickers share."""

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from tools.effects.cues import glue
from tools.effects.fonts import Font, emoji_face, find_emoji_font, is_emoji

Face = ImageFont.FreeTypeFont
_LEAST = 12


def rgb(colour: str) -> tuple[int, int, int]:
    """`#rrggbb` as numbers."""
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def gradient(size: tuple[int, int], top: str, bottom: str) -> Image.Image:
    """From one colour above to another below."""
    height = size[1]
    column = Image.new("RGB", (1, height))
    one, two = rgb(top), rgb(bottom)
    for y in range(height):
        share = y / max(1, height - 1)
        mixed = tuple(round(a + (b - a) * share) for a, b in zip(one, two, strict=True))
        column.putpixel((0, y), mixed)
    return column.resize(size)


def fit_text(
    text: str, font: Font, *, size: int, width: float, lines: int
) -> tuple[list[str], Face]:
    """The text in at most `lines` of `width` pixels, as large as it can be up to `size`."""
    now = size
    while True:
        face = font.sized(now)
        wrapped = wrap_text(text, face, width)
        if now <= _LEAST or (
            len(wrapped) <= lines and all(face.getlength(line) <= width for line in wrapped)
        ):
            return wrapped, face
        now = max(_LEAST, round(now * 0.92))


def wrap_text(text: str, face: Face, width: float) -> list[str]:
    """Lines of at most `width` pixels where words allow it; Chinese breaks anywhere."""
    lines: list[str] = []
    for paragraph in text.splitlines():
        words = break_words(paragraph)
        line = words[0] if words else ""
        for one, two in pairwise(words):
            longer = line + glue(one, two) + two
            if face.getlength(longer) > width:
                lines.append(line)
                line = two
            else:
                line = longer
        if line:
            lines.append(line)
    return lines


def draw_lines(
    picture: Image.Image,
    lines: Sequence[str],
    face: Face,
    *,
    middle: tuple[float, float],
    colour: str,
    stroke: int = 0,
    stroke_colour: str = "#000000",
) -> None:
    """Lines below each other around `middle`, in pixels."""
    draw = ImageDraw.Draw(picture)
    height = line_height(face)
    y = middle[1] - height * len(lines) / 2 + height / 2
    for line in lines:
        draw.text((middle[0], y), line, font=face, fill=colour, anchor="mm", stroke_width=stroke,
                  stroke_fill=stroke_colour)  # fmt: skip
        y += height


def line_height(face: Face) -> float:
    """From one line to the next, in pixels."""
    return face.size * 1.28


def draw_emoji(text: str, size: int, folders: Sequence[Path] = ()) -> Image.Image:
    """The emoji of a text side by side, `size` pixels high, in their own colours.

    Raises:
        NotAvailable: the emoji font is not installed.
    """
    face = emoji_face(find_emoji_font(folders))
    left, top, right, bottom = face.getbbox(text)
    drawn = Image.new("RGBA", (max(1, round(right - left)), max(1, round(bottom - top))))
    ImageDraw.Draw(drawn).text((-left, -top), text, font=face, embedded_color=True)
    scale = size / drawn.height
    return drawn.resize((max(1, round(drawn.width * scale)), size), Image.Resampling.LANCZOS)


def without_emoji(text: str) -> str:
    """The text that a plain font can draw."""
    return " ".join("".join(sign for sign in text if not is_emoji(sign)).split())


def break_words(text: str) -> list[str]:
    """Where a line may break: words, and single Chinese signs with the punctuation after them."""
    words: list[str] = []
    for part in text.split():
        run = ""
        for sign in part:
            if ord(sign) > 0x2E7F:
                if sign in "，。！？；：、）》”" and (run or words):
                    if run:
                        run += sign
                    else:
                        words[-1] += sign
                    continue
                words += [run, sign] if run else [sign]
                run = ""
            else:
                run += sign
        if run:
            words.append(run)
    return words
