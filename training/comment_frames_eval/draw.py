# ruff: noqa: ANN001, ANN201, D103, RUF005, RUF046
"""Text, shapes and small pictures that the layouts and scenes share."""

import functools
import random
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

NOTO = "/usr/share/fonts/opentype/noto/NotoSansCJK-{}.ttc"
SERIF = "/usr/share/fonts/opentype/noto/NotoSerifCJK-{}.ttc"
DEJAVU = "/usr/share/fonts/truetype/dejavu/DejaVuSans{}.ttf"
WQY = "/usr/share/fonts/truetype/wqy/wqy-microhei.ttc"
WHITE = (255, 255, 255, 255)
NO_LINE_START = set("，。！？、：；）,.!?:;)…~～％%")


@functools.cache
def font(face: str, size: int, bold: bool = False):
    weight = "Bold" if bold else "Regular"
    if face == "tc":
        return ImageFont.truetype(NOTO.format(weight), size, index=3)
    if face == "serif":
        return ImageFont.truetype(SERIF.format(weight), size, index=2)
    if face == "dejavu":
        return ImageFont.truetype(DEJAVU.format("-Bold" if bold else ""), size)
    if face == "condensed":
        return ImageFont.truetype(DEJAVU.format("Condensed" + ("-Bold" if bold else "")), size)
    if face == "wqy" and not bold and Path(WQY).exists():
        return ImageFont.truetype(WQY, size)
    return ImageFont.truetype(NOTO.format(weight), size, index=2)


def width(text: str, f) -> float:
    return f.getlength(text)


def put(img, layer, x, y):
    """Composite a layer that may hang over the edges."""
    x, y = int(round(x)), int(round(y))
    left, top = max(0, -x), max(0, -y)
    right = min(layer.width, img.width - x)
    bottom = min(layer.height, img.height - y)
    if right > left and bottom > top:
        img.alpha_composite(layer.crop((left, top, right, bottom)), (x + left, y + top))


def text(img, x, base, words, f, fill=WHITE, shadow=0.0, stroke=0, stroke_fill=(0, 0, 0, 255)):
    """Draw at a baseline; the answer is the advance. ``shadow`` is its strength, 0 to 1."""
    if not words:
        return 0.0
    size = f.size
    pad = max(4, size // 3)
    w, h = int(width(words, f)) + 2 * pad, size * 2 + pad
    mask = Image.new("L", (w, h), 0)
    d = ImageDraw.Draw(mask)
    fx, fy = x - int(x), base - int(base)
    at = (pad + fx, int(size * 1.2) + pad // 2 + fy)
    ox, oy = int(x) - pad, int(base) - int(size * 1.2) - pad // 2
    d.text(at, words, fill=255, font=f, anchor="ls")
    if shadow:
        dark = Image.new("L", (w, h), 0)
        off = max(1, size // 18)
        ImageDraw.Draw(dark).text(
            (at[0] + off * 0.5, at[1] + off), words, fill=255, font=f, anchor="ls"
        )
        dark = dark.filter(ImageFilter.GaussianBlur(max(0.8, size / 14)))
        dark = dark.point(lambda v: min(255, int(v * 1.5 * shadow)))
        layer = Image.new("RGBA", (w, h), (0, 0, 0, 255))
        layer.putalpha(dark)
        put(img, layer, ox, oy)
    if stroke:
        edge = Image.new("L", (w, h), 0)
        ImageDraw.Draw(edge).text(
            at, words, fill=255, font=f, anchor="ls", stroke_width=stroke, stroke_fill=255
        )
        layer = Image.new("RGBA", (w, h), stroke_fill[:3] + (255,))
        layer.putalpha(edge.point(lambda v: v * stroke_fill[3] // 255))
        put(img, layer, ox, oy)
    layer = Image.new("RGBA", (w, h), tuple(fill[:3]) + (255,))
    alpha = fill[3] if len(fill) > 3 else 255
    layer.putalpha(mask if alpha == 255 else mask.point(lambda v: v * alpha // 255))
    put(img, layer, ox, oy)
    return width(words, f)


def rrect(img, box, radius, fill, outline=None, line=0, gradient=None):
    """An antialiased rounded rectangle; ``gradient`` is the colour at its right edge."""
    x0, y0, x1, y1 = (int(round(v)) for v in box)
    w, h = max(1, x1 - x0), max(1, y1 - y0)
    radius = min(radius, w / 2, h / 2)
    k = 3
    mask = Image.new("L", (w * k, h * k), 0)
    ImageDraw.Draw(mask).rounded_rectangle((0, 0, w * k - 1, h * k - 1), radius * k, fill=255)
    mask = mask.resize((w, h), Image.BOX)
    if gradient:
        ramp = np.linspace(0, 1, w)[None, :, None]
        a = np.array(fill, float)[None, None] * (1 - ramp) + np.array(gradient, float) * ramp
        layer = Image.fromarray(np.repeat(a, h, 0).astype("uint8"), "RGBA")
        layer.putalpha(
            Image.fromarray((np.array(mask) / 255.0 * np.array(layer)[..., 3]).astype("uint8"))
        )
    else:
        layer = Image.new("RGBA", (w, h), tuple(fill[:3]) + (255,))
        a = fill[3] if len(fill) > 3 else 255
        layer.putalpha(mask.point(lambda v: v * a // 255))
    if outline:
        ring = Image.new("L", (w * k, h * k), 0)
        ImageDraw.Draw(ring).rounded_rectangle(
            (0, 0, w * k - 1, h * k - 1), radius * k, outline=255, width=max(1, int(line * k))
        )
        ring = ring.resize((w, h), Image.BOX)
        top = Image.new("RGBA", (w, h), tuple(outline[:3]) + (255,))
        a = outline[3] if len(outline) > 3 else 255
        top.putalpha(ring.point(lambda v: v * a // 255))
        layer.alpha_composite(top)
    put(img, layer, x0, y0)


def wrap(words: str, f, room: float, first: float = 0.0):
    """Lines of a text; the first has ``first`` less room. Words of Latin script stay whole."""
    tokens, word = [], ""
    for c in words:
        if ord(c) < 0x2E80 and c != " ":
            word += c
            continue
        if word:
            tokens.append(word)
            word = ""
        if c in NO_LINE_START and tokens:
            tokens[-1] += c
        else:
            tokens.append(c)
    if word:
        tokens.append(word)
    lines, line, left = [], "", room - first
    for t in tokens:
        if width(line + t.rstrip(), f) <= left or (not line.strip() and left >= room):
            line += t
            continue
        lines.append(line.strip())
        line, left = t.lstrip(), room
        while width(line, f) > room:
            cut = len(line)
            while width(line[:cut], f) > room:
                cut -= 1
            lines.append(line[:cut])
            line = line[cut:]
    lines.append(line.strip())
    return lines


def shorten(words: str, f, room: float) -> str:
    if width(words, f) <= room:
        return words
    while words and width(words + "…", f) > room:
        words = words[:-1]
    return words.rstrip() + "…"


def soft_noise(rng, w, h, cell, depth=1.0):
    """Low-frequency noise between -depth and depth."""
    n = np.random.default_rng(rng.randrange(1 << 30)).uniform(
        -depth, depth, (max(2, h // cell + 2), max(2, w // cell + 2))
    )
    img = Image.fromarray(n.astype("float32")).resize((w, h), Image.BICUBIC)
    return np.array(img)


def colour(rng, sat=(0.25, 0.8), val=(0.4, 0.95)):
    import colorsys

    r, g, b = colorsys.hsv_to_rgb(rng.random(), rng.uniform(*sat), rng.uniform(*val))
    return int(r * 255), int(g * 255), int(b * 255)


def disc(img, size):
    mask = Image.new("L", (size * 3, size * 3), 0)
    ImageDraw.Draw(mask).ellipse((0, 0, size * 3 - 1, size * 3 - 1), fill=255)
    img.putalpha(mask.resize((size, size), Image.BOX))
    return img


def avatar(rng: random.Random, size: int):
    """A round picture: a face, a landscape, or plain with a shape."""
    size = max(8, int(size))
    k = 64
    img = Image.new("RGB", (k, k), colour(rng))
    d = ImageDraw.Draw(img)
    kind = rng.randrange(4)
    if kind == 0:
        skin = rng.choice([(240, 205, 180), (224, 172, 140), (150, 100, 72), (250, 220, 200)])
        hair = rng.choice([(30, 24, 22), (80, 50, 30), (170, 120, 60), (20, 20, 30)])
        d.ellipse((12, 4, 52, 60), fill=hair)
        d.ellipse((18, 14, 46, 48), fill=skin)
        d.pieslice((6, 46, 58, 92), 180, 360, fill=colour(rng))
        d.ellipse((25, 28, 28, 31), fill=(30, 20, 20))
        d.ellipse((36, 28, 39, 31), fill=(30, 20, 20))
        d.arc((27, 33, 37, 41), 20, 160, fill=(160, 60, 60), width=2)
    elif kind == 1:
        d.rectangle((0, 0, k, 36), fill=(150 + rng.randrange(80), 190, 235))
        d.ellipse((40, 6, 54, 20), fill=(255, 240, 190))
        d.polygon([(0, 46), (20, 20), (38, 46)], fill=(80, 100, 110))
        d.polygon([(24, 46), (46, 26), (70, 48)], fill=(60, 90, 80))
        d.rectangle((0, 44, k, k), fill=(70, 120 + rng.randrange(60), 90))
    elif kind == 2:
        d.ellipse((14, 20, 50, 58), fill=colour(rng))
        d.polygon([(14, 32), (18, 10), (32, 24)], fill=colour(rng))
        d.polygon([(50, 32), (46, 10), (32, 24)], fill=colour(rng))
        d.ellipse((23, 32, 28, 38), fill=(20, 20, 20))
        d.ellipse((36, 32, 41, 38), fill=(20, 20, 20))
    else:
        for _ in range(5):
            x, y, r = rng.randrange(k), rng.randrange(k), rng.randrange(8, 28)
            d.ellipse((x - r, y - r, x + r, y + r), fill=colour(rng))
        img = img.filter(ImageFilter.GaussianBlur(3))
    return disc(img.resize((size, size), Image.LANCZOS), size)


def goods(rng: random.Random, theme: str, size: int, plain=True):
    """A square picture of a product, as a card shows it."""
    k = 160
    back = (244, 242, 240) if plain else colour(rng, (0.1, 0.4), (0.7, 0.95))
    img = Image.new("RGB", (k, k), back)
    d = ImageDraw.Draw(img)
    c, e = colour(rng), colour(rng, (0.1, 0.5), (0.3, 0.9))
    d.ellipse((30, 128, 132, 148), fill=tuple(int(v * 0.85) for v in back))
    if theme == "clothes":
        d.polygon(
            [
                (52, 30),
                (108, 30),
                (142, 62),
                (124, 82),
                (112, 70),
                (114, 140),
                (46, 140),
                (48, 70),
                (36, 82),
                (18, 62),
            ],
            fill=c,
        )
        d.pieslice((64, 18, 96, 46), 0, 180, fill=back)
        d.line((80, 46, 80, 140), fill=e, width=2)
    elif theme == "beauty":
        d.rounded_rectangle((56, 52, 104, 142), 10, fill=c)
        d.rectangle((66, 30, 94, 54), fill=e)
        d.rectangle((60, 80, 100, 112), fill=(250, 250, 248))
        d.line((66, 90, 94, 90), fill=(90, 90, 90), width=3)
        d.line((66, 100, 86, 100), fill=(150, 150, 150), width=2)
    elif theme == "food":
        d.polygon([(44, 34), (116, 34), (124, 142), (36, 142)], fill=c)
        d.polygon([(44, 34), (116, 34), (112, 20), (48, 20)], fill=e)
        d.ellipse((54, 60, 106, 108), fill=(250, 236, 190))
        d.ellipse((64, 72, 96, 100), fill=(200, 120, 50))
    else:
        d.rounded_rectangle((40, 40, 120, 136), 14, fill=(40, 42, 48))
        d.rounded_rectangle((48, 48, 112, 110), 6, fill=c)
        d.ellipse((72, 116, 88, 132), fill=(190, 190, 195))
    img = img.filter(ImageFilter.GaussianBlur(0.8))
    return img.resize((int(size), int(size)), Image.LANCZOS).convert("RGBA")


def heart(img, cx, cy, r, fill):
    k = 4
    n = int(r * 2.4) * k
    layer = Image.new("L", (n, n), 0)
    d = ImageDraw.Draw(layer)
    q = n / 2.4
    d.ellipse((n * 0.05, n * 0.08, n * 0.05 + q * 1.12, n * 0.08 + q * 1.12), fill=255)
    d.ellipse((n * 0.95 - q * 1.12, n * 0.08, n * 0.95, n * 0.08 + q * 1.12), fill=255)
    d.polygon([(n * 0.08, n * 0.42), (n * 0.92, n * 0.42), (n * 0.5, n * 0.93)], fill=255)
    layer = layer.resize((n // k, n // k), Image.LANCZOS)
    a = fill[3] if len(fill) > 3 else 255
    out = Image.new("RGBA", layer.size, tuple(fill[:3]) + (255,))
    out.putalpha(layer.point(lambda v: v * a // 255))
    put(img, out, cx - layer.width / 2, cy - layer.height / 2)
