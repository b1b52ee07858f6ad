"""Draws the two label photos of the example folders: a printed label, photographed at an angle.

Needs Pillow, fontconfig and the fonts DejaVu Sans and Noto Sans CJK SC (Debian: fonts-dejavu-core,
fonts-noto-cjk). The pictures hold rendered text only; no font is embedded. Run from any folder:
`python examples/make_labels.py`.
"""

import random
import subprocess
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageDraw, ImageFilter, ImageFont

HERE = Path(__file__).parent
PHOTO_SIZE = (1280, 960)
LABEL_SIZE = (900, 640)
MARGIN = 48


@dataclass(frozen=True)
class Label:
    """What one label says and how its photograph is taken.

    `corners` are the label's top left, top right, bottom right and bottom left in the photo, in
    pixels. `lines` are `(text, font size in pixels)`.
    """

    target: Path
    family: str
    lines: tuple[tuple[str, int], ...]
    paper: tuple[int, int, int]
    ink: tuple[int, int, int]
    table: tuple[int, int, int]
    corners: tuple[tuple[int, int], ...]
    seed: int


LABELS = (
    Label(
        target=HERE / "kiln-mug" / "label.jpg",
        family="DejaVu Sans",
        lines=(
            ("EMBERLOW", 68),
            ("Kiln Mug", 52),
            ("Stoneware, lead-free glaze", 36),
            ("Capacity: 350 ml", 36),
            ("Weight: 390 g", 36),
            ("Height: 9.5 cm", 36),
            ("Dishwasher safe. Microwave safe.", 36),
            ("Warning: not for oven or open flame", 36),
            ("Made in Portugal", 36),
            ("Batch 2026-09", 30),
        ),
        paper=(244, 238, 224),
        ink=(38, 44, 40),
        table=(122, 92, 66),
        corners=((178, 128), (1092, 166), (1118, 842), (150, 800)),
        seed=11,
    ),
    Label(
        target=HERE / "silk-quilt-zh" / "label.jpg",
        family="Noto Sans CJK SC",
        lines=(
            ("栖桑 合格证", 62),
            ("品名：桑蚕丝夏凉被", 40),
            ("填充物：100%桑蚕丝", 38),
            ("面料：100%棉", 38),
            ("填充物净重：500克", 38),
            ("等级：优等品", 38),
            ("执行标准：GB/T 24252-2019", 38),
            ("安全类别：GB 18401-2010 B类", 38),
            ("产地：浙江桐乡", 38),
            ("警告：不可水洗，不可漂白", 38),
        ),
        paper=(250, 250, 246),
        ink=(32, 36, 58),
        table=(146, 152, 150),
        corners=((160, 150), (1108, 112), (1096, 818), (186, 856)),
        seed=23,
    ),
)


def load_font(family: str, size: int) -> ImageFont.FreeTypeFont:
    """The installed font of `family` at `size` pixels; raises ValueError when it is missing."""
    found = subprocess.run(  # noqa: S603
        ["fc-match", "-f", "%{file}|%{index}|%{family}", family],  # noqa: S607
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    path, index, name = found.split("|")
    if family not in name:
        raise ValueError(f"no font {family!r} here (fontconfig offers {name!r})")
    return ImageFont.truetype(path, size, index=int(index))


def draw_label(label: Label) -> Image.Image:
    """The flat label as it comes from the printer, RGBA."""
    flat = Image.new("RGBA", LABEL_SIZE, (*label.paper, 255))
    draw = ImageDraw.Draw(flat)
    draw.rectangle(
        (14, 14, LABEL_SIZE[0] - 15, LABEL_SIZE[1] - 15), outline=(*label.ink, 255), width=3
    )
    heights = [size * 1.25 for _, size in label.lines]
    gap = (LABEL_SIZE[1] - 2 * MARGIN - sum(heights)) / (len(heights) - 1)
    top = float(MARGIN)
    for (text, size), height in zip(label.lines, heights, strict=True):
        font = load_font(label.family, size)
        draw.text((MARGIN, top), text, font=font, fill=(*label.ink, 255))
        top += height + gap
    return flat


def perspective_coefficients(
    corners: tuple[tuple[int, int], ...], size: tuple[int, int]
) -> list[float]:
    """The eight coefficients that map a photo pixel back into the flat label.

    Solves the homography of the four corner pairs by Gauss-Jordan elimination; the order is that
    of `Image.transform(..., PERSPECTIVE)`.
    """
    width, height = size
    flat = ((0, 0), (width, 0), (width, height), (0, height))
    rows: list[list[float]] = []
    for (x, y), (u, v) in zip(corners, flat, strict=True):
        rows.append([x, y, 1, 0, 0, 0, -u * x, -u * y, u])
        rows.append([0, 0, 0, x, y, 1, -v * x, -v * y, v])
    for column in range(8):
        pivot = max(range(column, 8), key=lambda row: abs(rows[row][column]))
        rows[column], rows[pivot] = rows[pivot], rows[column]
        lead = rows[column][column]
        rows[column] = [value / lead for value in rows[column]]
        for row in range(8):
            if row != column:
                factor = rows[row][column]
                rows[row] = [a - factor * b for a, b in zip(rows[row], rows[column], strict=True)]
    return [row[8] for row in rows]


def photograph(label: Label) -> Image.Image:
    """The label on a table: perspective, a shadow, light from one side, blur and sensor noise."""
    chance = random.Random(label.seed)  # noqa: S311
    photo = Image.new("RGB", PHOTO_SIZE, label.table)
    coefficients = perspective_coefficients(label.corners, LABEL_SIZE)
    placed = draw_label(label).transform(
        PHOTO_SIZE, Image.Transform.PERSPECTIVE, coefficients, Image.Resampling.BICUBIC
    )
    mask = placed.getchannel("A")
    shadow = Image.new("L", PHOTO_SIZE)
    shadow.paste(mask.point(lambda alpha: alpha * 0.45), (14, 18))
    photo.paste((20, 16, 14), mask=shadow.filter(ImageFilter.GaussianBlur(14)))
    photo.paste(placed.convert("RGB"), mask=mask)

    light = Image.linear_gradient("L").resize((2000, 2000)).rotate(60)
    light = light.crop((360, 520, 360 + PHOTO_SIZE[0], 520 + PHOTO_SIZE[1]))
    dim = photo.point(lambda value: value * 0.68)
    photo = Image.composite(dim, photo, light)

    noise = Image.frombytes("L", PHOTO_SIZE, chance.randbytes(PHOTO_SIZE[0] * PHOTO_SIZE[1]))
    noise = noise.filter(ImageFilter.GaussianBlur(0.6))
    photo = photo.filter(ImageFilter.GaussianBlur(0.9))
    return Image.blend(photo, Image.merge("RGB", (noise, noise, noise)), 0.06)


def main() -> None:
    """Write both photos beside the folders' other files."""
    for label in LABELS:
        photograph(label).save(label.target, quality=82, optimize=True)


if __name__ == "__main__":
    main()
