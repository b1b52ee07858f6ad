"""Writing on an image: fonts, shadow, outline, wrapping; boxes of the ink that was laid."""

from functools import lru_cache

from PIL import Image, ImageDraw, ImageFilter, ImageFont

_OPEN = "/usr/share/fonts/"
_NOTO = _OPEN + "opentype/noto/Noto"
FACES = {
    "sans": (_NOTO + "SansCJK-Regular.ttc", 2),
    "bold": (_NOTO + "SansCJK-Bold.ttc", 2),
    "serif": (_NOTO + "SerifCJK-Bold.ttc", 2),
    "hei": (_OPEN + "truetype/wqy/wqy-microhei.ttc", 0),
    "dejavu": (_OPEN + "truetype/dejavu/DejaVuSans.ttf", 0),
    "dejavu-bold": (_OPEN + "truetype/dejavu/DejaVuSans-Bold.ttf", 0),
    "condensed": (_OPEN + "truetype/dejavu/DejaVuSansCondensed.ttf", 0),
}
Colour = tuple[int, ...]


@lru_cache(maxsize=512)
def _font(face: str, size: int) -> ImageFont.FreeTypeFont:
    path, index = FACES[face]
    return ImageFont.truetype(path, size, index=index)


def is_cjk(text: str) -> bool:
    """Whether a Latin face lacks its signs."""
    return any(ord(ch) > 0x2E80 for ch in text)


class Pen:
    """Writes in one face and size; a Latin face gives way to Noto for Chinese."""

    def __init__(self, face: str, size: int, shadow: float = 0.0, outline: int = 0) -> None:
        self.face, self.size, self.shadow, self.outline = face, max(8, int(size)), shadow, outline

    def font(self, text: str) -> ImageFont.FreeTypeFont:
        """The font that has all signs of `text`."""
        face = self.face
        if face.startswith(("dejavu", "condensed")) and is_cjk(text):
            face = "bold" if "bold" in face else "sans"
        return _font(face, self.size)

    def measure(self, text: str) -> float:
        """The advance of `text` in pixels."""
        return self.font(text).getlength(text)

    def write(
        self, image: Image.Image, x: float, y: float, text: str, ink: Colour, alpha: float = 1.0
    ) -> list[int]:
        """Write with the line's top at `y`; the box of the ink."""
        font = self.font(text)
        ascent, _ = font.getmetrics()
        at = (round(x), round(y + self.size * 0.95))
        box = font.getbbox(text, anchor="ls")
        layer = Image.new("RGBA", image.size, (0, 0, 0, 0))
        draw = ImageDraw.Draw(layer)
        if self.shadow:
            off = max(1, round(self.size * 0.05))
            draw.text(
                (at[0] + off, at[1] + off),
                text,
                font=font,
                fill=(0, 0, 0, int(255 * self.shadow)),
                anchor="ls",
            )
            crop = (
                at[0] + box[0] - 12,
                at[1] + box[1] - 12,
                at[0] + box[2] + 12,
                at[1] + box[3] + 12,
            )
            layer.paste(layer.crop(crop).filter(ImageFilter.GaussianBlur(off * 0.7)), crop[:2])
        draw.text(
            at,
            text,
            font=font,
            fill=(*ink[:3], int(255 * alpha)),
            anchor="ls",
            stroke_width=self.outline,
            stroke_fill=(0, 0, 0, int(255 * alpha)),
        )
        region = (
            max(0, at[0] + box[0] - 16),
            max(0, at[1] + box[1] - 16),
            min(image.width, at[0] + box[2] + 16),
            min(image.height, at[1] + box[3] + 16),
        )
        if region[0] < region[2] and region[1] < region[3]:
            part = image.crop(region).convert("RGBA")
            part.alpha_composite(layer.crop(region))
            image.paste(part.convert("RGB"), region[:2])
        del ascent
        return [at[0] + box[0], at[1] + box[1], at[0] + box[2], at[1] + box[3]]

    def wrap(self, text: str, first: float, width: float) -> list[str]:
        """Lines of at most `width` pixels, the first of `first`; Chinese breaks anywhere."""
        words: list[str] = []
        for ch in text:
            if (
                words
                and not is_cjk(ch)
                and ch != " "
                and not is_cjk(words[-1][-1])
                and words[-1] != " "
            ):
                words[-1] += ch
            else:
                words.append(ch)
        lines, line, room = [], "", first
        for word in words:
            if line.strip() and self.measure(line + word) > room:
                lines.append(line.strip())
                line, room = "", width
            elif not line.strip() and not lines and self.measure(word) > room and first < width:
                lines.append("")
                room = width
            line = line + word if line or word != " " else ""
        return [*lines, line.strip()]


def panel(
    image: Image.Image, box: tuple[float, ...], colour: Colour, alpha: float, radius: float
) -> None:
    """A rounded rectangle laid over the image."""
    x0, y0, x1, y1 = (round(v) for v in box)
    if x1 <= x0 or y1 <= y0:
        return
    scale = 3
    mask = Image.new("L", ((x1 - x0) * scale, (y1 - y0) * scale), 0)
    ImageDraw.Draw(mask).rounded_rectangle(
        (0, 0, mask.width - 1, mask.height - 1), radius * scale, fill=int(255 * alpha)
    )
    image.paste(
        Image.new("RGB", (x1 - x0, y1 - y0), colour[:3]), (x0, y0), mask.resize((x1 - x0, y1 - y0))
    )
