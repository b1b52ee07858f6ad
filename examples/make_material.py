"""Draws, prints and records what the example folders hold beside their text files.

Photos of labels and posters, the text PDF, the scan, the price workbooks, and, where a speech
command is given, the narrations and the video. Chats, pages and CSV files are written by hand.

Needs Pillow, openpyxl, fontconfig and the fonts DejaVu Sans and Noto Sans CJK SC (Debian:
fonts-dejavu-core, fonts-noto-cjk); for the HEIC photo pillow-heif, for the video FFmpeg, which are
not packages of this project. The pictures hold rendered text only; no font is embedded. Run from
any folder: `python examples/make_material.py [--only NAME] [--say COMMAND] [--ffmpeg COMMAND]`.
COMMAND of `--say` takes `TEXT OUT.mp3 --lang en|zh --voice NAME` with voices of Kokoro-82M.
"""

import argparse
import importlib
import random
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Font
from PIL import Image, ImageDraw, ImageFilter, ImageFont

HERE = Path(__file__).parent
LABEL_SIZE = (900, 640)
MARGIN = 48
LATIN = "DejaVu Sans"
CHINESE = "Noto Sans CJK SC"
SCAN_SIZE = (1000, 1414)
SCAN_DPI = 121
VIDEO_SIZE = (1280, 720)
VIDEO_FPS = 12
EXIF_ORIENTATION = 0x0112
TURNED_CLOCKWISE = 6

Colour = tuple[int, int, int]
Corners = tuple[tuple[int, int], ...]
Lines = tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Label:
    """What one label or poster says and how its photograph is taken.

    `corners` are the label's top left, top right, bottom right and bottom left in the photo, in
    pixels. `lines` are `(text, font size in pixels)`; an empty text is a gap of that size. `band`
    colours a bar behind the first line, as posters have it, and centres the lines. `turned` keeps
    the camera's sideways pixels and says in EXIF how to turn them.
    """

    target: Path
    family: str
    lines: Lines
    paper: Colour
    ink: Colour
    table: Colour
    corners: Corners
    seed: int
    size: tuple[int, int] = LABEL_SIZE
    photo: tuple[int, int] = (1280, 960)
    band: Colour | None = None
    turned: bool = False
    quality: int = 82


@dataclass(frozen=True)
class Sheet:
    """One sheet of a workbook: rows as typed, ranges to merge, the row (from 1) of headings."""

    title: str
    rows: tuple[tuple[str | float | None, ...], ...]
    widths: tuple[int, ...]
    merged: tuple[str, ...] = ()
    heading: int | None = None


@dataclass(frozen=True)
class Speech:
    """A narration: who says what."""

    target: Path
    language: str
    voice: str
    text: str


LABELS = (
    Label(
        target=HERE / "kiln-mug" / "label.jpg",
        family=LATIN,
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
        family=CHINESE,
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
    Label(
        target=HERE / "robot-vacuum" / "box-label.jpg",
        family=LATIN,
        lines=(
            ("DUNNICK", 64),
            ("Pebble 2  Robot Vacuum and Mop", 38),
            ("Model DP2-26    Colour: Slate", 34),
            ("Rated power 40 W   14.4 V", 34),
            ("Battery: Li-ion, 5000 mAh", 34),
            ("CE   UKCA", 34),
            ("Made in Vietnam", 34),
            ("Keep away from children under 3: small parts.", 31),
            ("Lift cables and laces off the floor before use.", 31),
            ("Dunnick Home Ltd, Unit 4, Selby", 28),
        ),
        paper=(232, 234, 236),
        ink=(24, 26, 30),
        table=(172, 142, 104),
        corners=((140, 164), (1120, 120), (1136, 812), (172, 846)),
        seed=31,
        turned=True,
        quality=78,
    ),
    Label(
        target=HERE / "linen-dress" / "care-label.heic",
        family=LATIN,
        lines=(
            ("OATFIELD ROW", 60),
            ("Sabine   Size M", 42),
            ("", 8),
            ("Shell 100% linen", 38),
            ("Skirt lining 100% viscose", 38),
            ("Wash at 30 °C, gentle cycle", 38),
            ("Do not bleach", 38),
            ("Do not tumble dry", 38),
            ("Iron while damp", 38),
            ("Wash dark colours separately", 38),
            ("Made in Portugal", 38),
        ),
        paper=(246, 244, 238),
        ink=(60, 52, 48),
        table=(196, 178, 150),
        corners=((172, 120), (846, 150), (800, 1150), (150, 1128)),
        seed=41,
        size=(700, 1000),
        photo=(960, 1280),
        quality=42,
    ),
    Label(
        target=HERE / "face-serum-zh" / "poster.webp",
        family=CHINESE,
        lines=(
            ("岑露 CENLU", 76),
            ("", 20),
            ("烟酰胺亮肤精华液", 84),
            ("5%烟酰胺 + 透明质酸钠", 56),
            ("", 24),
            ("提亮暗沉肤色", 54),
            ("水润不黏，后续上妆不卡粉", 54),
            ("无香精 无酒精", 54),
            ("", 30),
            ("30ml 按压滴管瓶", 50),
            ("标价¥198", 50),
            ("9月16日晚8点直播价¥129", 60),
        ),
        paper=(238, 226, 216),
        ink=(84, 46, 40),
        table=(206, 208, 204),
        corners=((150, 118), (856, 84), (878, 1196), (128, 1170)),
        seed=53,
        size=(900, 1300),
        photo=(1000, 1280),
        band=(214, 160, 140),
        quality=76,
    ),
    Label(
        target=HERE / "nut-gift-box-zh" / "box.jpg",
        family=CHINESE,
        lines=(
            ("山有榛 坚果礼盒", 56),
            ("食品类别：熟制坚果与籽类食品", 34),
            ("配料：榛子、核桃仁、巴旦木仁、腰果、开心果、", 34),
            ("夏威夷果、碧根果、南瓜子仁、食用盐", 34),
            ("净含量：1.28千克（160克×8罐）", 34),
            ("保质期：9个月", 34),
            ("贮存条件：阴凉干燥处，开罐后15天内吃完", 34),
            ("致敏物质提示：含坚果", 34),
            ("3岁以下幼儿请勿整粒食用", 34),
            ("产品标准：GB 19300", 34),
            ("生产许可证编号：SC11823079900412", 34),
            ("产地：黑龙江省伊春市", 34),
        ),
        paper=(150, 36, 30),
        ink=(250, 232, 190),
        table=(96, 84, 74),
        corners=((128, 148), (1150, 96), (1176, 836), (110, 812)),
        seed=61,
        size=(960, 760),
        quality=80,
    ),
    Label(
        target=HERE / "dog-harness" / "poster.jpg",
        family=LATIN,
        lines=(
            ("WICKALOO", 84),
            ("", 16),
            ("Burrow Trail", 92),
            ("Harness", 92),
            ("Nothing goes over the ears.", 46),
            ("", 16),
            ("Reflective piping, seen from 150 m", 42),
            ("Soft mesh lining that dries fast", 42),
            ("Webbing: 25 mm recycled nylon", 42),
            ("Buckles: aluminum", 42),
            ("For dogs from 18 to 95 lb", 42),
            ("", 16),
            ("Sewn in Oregon, USA", 42),
        ),
        paper=(226, 214, 170),
        ink=(34, 56, 44),
        table=(138, 142, 146),
        corners=((132, 90), (856, 140), (830, 1186), (146, 1216)),
        seed=71,
        size=(900, 1300),
        photo=(980, 1280),
        band=(214, 132, 60),
        quality=76,
    ),
)

CLIP = HERE / "dog-harness" / "packing-room.mp4"
CLIP_SHOTS = (
    Label(
        target=CLIP,
        family=LATIN,
        lines=(("WICKALOO", 90), ("Burrow Trail Harness", 60), ("Size M   Dusk", 50)),
        paper=(34, 56, 44),
        ink=(240, 226, 180),
        table=(170, 132, 92),
        corners=((180, 110), (1110, 90), (1130, 650), (160, 636)),
        seed=81,
        size=(900, 540),
        photo=VIDEO_SIZE,
    ),
    Label(
        target=CLIP,
        family=LATIN,
        lines=(
            ("Shell 100% recycled nylon", 46),
            ("Padding closed-cell foam", 46),
            ("Loop for a clip-on light", 46),
            ("Check every strap before each walk", 42),
            ("Warning: not a car restraint", 46),
        ),
        paper=(236, 232, 220),
        ink=(36, 40, 38),
        table=(128, 104, 80),
        corners=((170, 80), (1120, 104), (1096, 640), (190, 660)),
        seed=83,
        size=(900, 540),
        photo=VIDEO_SIZE,
    ),
)

WORKBOOKS = (
    (
        HERE / "robot-vacuum" / "prices-2026-10.xlsx",
        (
            Sheet(
                title="Trade",
                rows=(
                    ("Dunnick Home – trade price list, valid from 1 October 2026",),
                    ("GBP incl. VAT. Takes the place of the June list.",),
                    (),
                    ("Item", "Product", "Colour", "RRP", "Stream price", "In stock"),
                    ("DP2-SL", "Pebble 2 Robot Vacuum and Mop", "Slate", 299.0, 229.0, 64),
                    ("DP2-CH", None, "Chalk", 299.0, 229.0, 11),
                    ("DPL-SL", "Pebble Lite Robot Vacuum", "Slate", 189.0, 149.0, 80),
                    ("DPA-FL", "Filter pack (4)", None, 15.0, 12.0, 280),
                    ("DPA-MP", "Mop pads (3)", None, 12.5, 9.5, 140),
                ),
                widths=(12, 34, 12, 10, 14, 10),
                merged=("A1:F1", "B5:B6"),
                heading=4,
            ),
        ),
    ),
    (
        HERE / "face-serum-zh" / "prices.xlsx",
        (
            Sheet(
                title="直播",
                rows=(
                    ("岑露 2026年9月直播价格表（单位：元）",),
                    ("货号", "品名", "规格", "标价", "直播价", "库存"),
                    ("CL-JH-30", "烟酰胺亮肤精华液", "30ml", 198, 129, 420),
                    ("CL-MS-50", "神经酰胺修护面霜", "50g", 238, 168, 300),
                    ("CL-JM-12", "氨基酸洁面乳", "120g", 89, 59, 655),
                    ("CL-HX-15", "积雪草化妆水", "150ml", 109, 79, 210),
                ),
                widths=(14, 24, 10, 10, 10, 10),
                merged=("A1:F1",),
                heading=2,
            ),
        ),
    ),
    (
        HERE / "nut-gift-box-zh" / "quotation.xlsx",
        (
            Sheet(
                title="礼盒",
                rows=(
                    ("山有榛食品 2026年中秋礼盒报价（9月1日起执行）",),
                    (),
                    ("品名", "规格", "盒色", "日常价", "直播价", "库存（盒）"),
                    ("坚果礼盒", "8罐装", "朱红", 218, 169, 150),
                    ("坚果礼盒", "8罐装", "墨绿", 218, 169, 0),
                    ("果干礼盒", "6袋装", "米黄", 118, 89, 200),
                    ("菌菇礼盒", "5袋装", "墨绿", 198, 158, 96),
                    ("榛子油双瓶", "500ml×2", None, 156, 119, 60),
                ),
                widths=(16, 12, 10, 10, 10, 12),
                merged=("A1:F1",),
                heading=3,
            ),
            Sheet(
                title="说明",
                rows=(
                    ("坚果礼盒全国包邮，新疆、西藏、内蒙古每盒补运费15元",),
                    ("坚果礼盒直播间满2盒立减20元，可叠加店铺券以外的优惠",),
                    ("开票请联系客服，提供抬头和税号",),
                ),
                widths=(60,),
            ),
        ),
    ),
    (
        HERE / "dog-harness" / "price-list.xlsx",
        (
            Sheet(
                title="Fall",
                rows=(
                    ("Wickaloo fall price list, updated 09/02/2026, USD",),
                    ("SKU", "Item", "Color", "Size", "List", "Wholesale", "Stream", "On hand"),
                    ("BT-BR-S", "Burrow Trail Harness", "Bracken", "S", 54, 36, 39, 40),
                    ("BT-BR-M", "Burrow Trail Harness", "Bracken", "M", 54, 36, 39, 72),
                    ("BT-BR-L", "Burrow Trail Harness", "Bracken", "L", 54, 36, 39, 55),
                    ("BT-BR-XL", "Burrow Trail Harness", "Bracken", "XL", 54, 36, 39, 6),
                    ("BT-DU-S", "Burrow Trail Harness", "Dusk", "S", 54, 36, 39, 0),
                    ("BT-DU-M", "Burrow Trail Harness", "Dusk", "M", 54, 36, 39, 31),
                    ("BT-DU-L", "Burrow Trail Harness", "Dusk", "L", 54, 36, 39, 28),
                    ("RL-BR", "Ridge Leash", "Bracken", "6 ft", 28, 18.5, 22, 90),
                    ("PC-YE-M", "Puddle Coat", "Yellow", "M", 64, 42, 49, 17),
                ),
                widths=(12, 26, 12, 8, 8, 11, 9, 10),
                merged=("A1:H1",),
                heading=2,
            ),
        ),
    ),
)

SPEC_SHEET = HERE / "robot-vacuum" / "spec-sheet.pdf"
SPEC_TITLE = "Dunnick Pebble 2 Robot Vacuum and Mop"
SPEC_LEAD = (
    "Laser navigation maps a whole floor in under ten minutes and remembers three floors.",
    "Draw no-go lines in the app; the Pebble keeps to them when the Wi-Fi is down.",
)
SPEC_TABLE = (
    ("Suction", "4,500 Pa"),
    ("Battery", "5,200 mAh lithium-ion"),
    ("Run time", "up to 140 min (quiet mode)"),
    ("Charging time", "4 h"),
    ("Noise", "58 dB(A) in quiet mode"),
    ("Water tank", "220 ml"),
    ("Diameter", "34 cm"),
    ("Weight", "3.1 kg"),
    ("Wi-Fi", "2.4 GHz only"),
)
SPEC_CARE = (
    "Care",
    "Rinse the filter once a week and let it dry for 24 hours before it goes back in.",
    "Wash the mop pad at 40 °C, without softener.",
    "",
    "Please note",
    "Not for carpets with a pile over 20 mm. Do not let it pick up liquids or hot ash.",
    "",
    "Dunnick Home Ltd, Unit 4, Selby. Subject to change.",
)

SCAN = HERE / "face-serum-zh" / "filing-scan.pdf"
SCAN_LINES: Lines = (
    ("产品信息表", 46),
    ("产品名称：岑露烟酰胺亮肤精华液", 30),
    ("备案编号：粤G妆网备字2026134772", 30),
    ("备案人：广州岑露生物科技有限公司", 30),
    ("化妆品生产许可证：粤妆20260988", 30),
    ("净含量：30ml", 30),
    ("保质期：三年", 30),
    ("", 10),
    ("全成分：水、甘油、烟酰胺（3%）、丁二醇、", 30),
    ("透明质酸钠、泛醇、卡波姆、苯氧乙醇、", 30),
    ("乙基己基甘油", 30),
    ("", 10),
    ("使用方法：早晚洁面后取2～3滴涂于面部，", 30),
    ("轻拍至吸收。白天请配合防晒。", 30),
    ("注意事项：请避开眼周。", 30),
    ("如出现红肿、刺痛请停用并就医。", 30),
    ("贮存：置于阴凉避光处，开封后6个月内用完。", 30),
    ("", 10),
    ("产地：广东省广州市", 30),
)

DRESS_TALK = Speech(
    target=HERE / "linen-dress" / "rehearsal.mp3",
    language="en",
    voice="bf_emma",
    text=(
        "Right, so this is the Sabine dress. In size M it is 118 centimetres from shoulder to hem, "
        "so it ends at mid-calf on most of us. The skirt is lined to the knee, so it is not "
        "see-through. If you are between two sizes, take the smaller one, because it wraps. You "
        "can tie the belt at the side or at the back. Tonight it is 99 euros instead of 129, until "
        "midnight. When you wash it, hang it up wet, then you hardly need the iron. And the office "
        "wrote: the most flattering dress in the world, it makes everybody look two sizes slimmer. "
        "I am leaving that one out."
    ),
)
NUT_TALK = Speech(
    target=HERE / "nut-gift-box-zh" / "rehearsal.mp3",
    language="zh",
    voice="zf_xiaoyi",
    text=(
        "大家晚上好，今天带来的是山有榛坚果礼盒。里面的坚果都是今年的新货，低温慢烤四十分钟，"
        "没有额外加糖。中秋送长辈、送客户都合适。家里老人牙口不好的，先吃腰果和核桃仁，比较软。"
        "开罐以后放进冰箱，口感更脆。吃完了铁罐洗干净还可以装茶叶。"
    ),
)
CLIP_TALK = Speech(
    target=CLIP,
    language="en",
    voice="am_michael",
    text=(
        "Okay, this is the Burrow Trail Harness in Dusk. There is a padded handle on the back, so "
        "you can lift your dog over a fence. The medium weighs 210 grams. Set the straps once, and "
        "after that it goes on in ten seconds."
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
    width, height = label.size
    flat = Image.new("RGBA", label.size, (*label.paper, 255))
    draw = ImageDraw.Draw(flat)
    if label.band is not None:
        bottom = MARGIN + label.lines[0][1] * 1.25 + 14
        draw.rectangle((0, 0, width, bottom), fill=(*label.band, 255))
    draw.rectangle((14, 14, width - 15, height - 15), outline=(*label.ink, 255), width=3)
    heights = [size * 1.25 for _, size in label.lines]
    gap = (height - 2 * MARGIN - sum(heights)) / (len(heights) - 1)
    top = float(MARGIN)
    for (text, size), line in zip(label.lines, heights, strict=True):
        font = load_font(label.family, size)
        left = MARGIN if label.band is None else (width - font.getlength(text)) / 2
        draw.text((left, top), text, font=font, fill=(*label.ink, 255))
        top += line + gap
    return flat


def perspective_coefficients(corners: Corners, size: tuple[int, int]) -> list[float]:
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


def grain(size: tuple[int, int], seed: int) -> Image.Image:
    """Sensor noise, grey; the same for the same seed."""
    chance = random.Random(seed)  # noqa: S311
    noise = Image.frombytes("L", size, chance.randbytes(size[0] * size[1]))
    return noise.filter(ImageFilter.GaussianBlur(0.6))


def photograph(label: Label) -> Image.Image:
    """The label on a table: perspective, a shadow, light from one side, blur and sensor noise."""
    photo = Image.new("RGB", label.photo, label.table)
    coefficients = perspective_coefficients(label.corners, label.size)
    placed = draw_label(label).transform(
        label.photo, Image.Transform.PERSPECTIVE, coefficients, Image.Resampling.BICUBIC
    )
    mask = placed.getchannel("A")
    shadow = Image.new("L", label.photo)
    shadow.paste(mask.point(lambda alpha: alpha * 0.45), (14, 18))
    photo.paste((20, 16, 14), mask=shadow.filter(ImageFilter.GaussianBlur(14)))
    photo.paste(placed.convert("RGB"), mask=mask)

    light = Image.linear_gradient("L").resize((2000, 2000)).rotate(60)
    light = light.crop((360, 520, 360 + label.photo[0], 520 + label.photo[1]))
    dim = photo.point(lambda value: value * 0.68)
    photo = Image.composite(dim, photo, light)

    noise = grain(label.photo, label.seed)
    photo = photo.filter(ImageFilter.GaussianBlur(0.9))
    return Image.blend(photo, Image.merge("RGB", (noise, noise, noise)), 0.06)


def take_photo(label: Label) -> None:
    """Write the photo in the format of its name."""
    photo = photograph(label)
    if label.turned:
        exif = Image.Exif()
        exif[EXIF_ORIENTATION] = TURNED_CLOCKWISE
        sideways = photo.transpose(Image.Transpose.ROTATE_90)
        sideways.save(label.target, quality=label.quality, optimize=True, exif=exif)
    elif label.target.suffix == ".heic":
        importlib.import_module("pillow_heif").register_heif_opener()
        photo.save(label.target, quality=label.quality)
    elif label.target.suffix == ".webp":
        photo.save(label.target, quality=label.quality, method=6)
    else:
        photo.save(label.target, quality=label.quality, optimize=True)


def scan_page(target: Path, lines: Lines, family: str, seed: int) -> None:
    """A printed page as an office scanner leaves it: grey, a little skewed, an image in a PDF."""
    page = Image.new("L", SCAN_SIZE, 246)
    draw = ImageDraw.Draw(page)
    top = 120.0
    for text, size in lines:
        draw.text((110, top), text, font=load_font(family, size), fill=44)
        top += size * 1.75
    page = page.rotate(0.9, Image.Resampling.BICUBIC, fillcolor=214)
    page = page.filter(ImageFilter.GaussianBlur(0.6))
    page = Image.blend(page, grain(SCAN_SIZE, seed), 0.07)
    page.save(target, resolution=SCAN_DPI, quality=62)


def pdf_string(text: str) -> bytes:
    """A literal string of a PDF in WinAnsi."""
    raw = text.encode("cp1252")
    for sign in (b"\\", b"(", b")"):
        raw = raw.replace(sign, b"\\" + sign)
    return b"(" + raw + b")"


def write_spec_sheet(target: Path) -> None:
    """The data sheet as an A4 PDF with text, set in the standard Helvetica without embedding."""
    marks: list[bytes] = []

    def put(x: float, y: float, size: float, text: str, font: str = "F1") -> None:
        place = f"BT /{font} {size:g} Tf {x:g} {y:g} Td ".encode()
        marks.append(place + pdf_string(text) + b" Tj ET")

    put(60, 770, 20, SPEC_TITLE, "F2")
    put(60, 750, 10, "Technical data")
    y = 716.0
    for line in SPEC_LEAD:
        put(60, y, 11, line)
        y -= 16
    y -= 18
    for name, value in SPEC_TABLE:
        marks.append(f"0.6 w 60 {y - 7:g} 475 24 re S 230 {y - 7:g} m 230 {y + 17:g} l S".encode())
        put(68, y, 11, name, "F2")
        put(238, y, 11, value)
        y -= 24
    y -= 20
    for line in SPEC_CARE:
        put(60, y, 11, line, "F2" if line in {"Care", "Please note"} else "F1")
        y -= 17
    content = b"\n".join(marks)
    helvetica = "<< /Type /Font /Subtype /Type1 /BaseFont /{} /Encoding /WinAnsiEncoding >>"
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources 7 0 R >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
        helvetica.format("Helvetica").encode(),
        helvetica.format("Helvetica-Bold").encode(),
        b"<< /Font << /F1 5 0 R /F2 6 0 R >> >>",
    ]
    data = b"%PDF-1.4\n"
    places: list[int] = []
    for number, body in enumerate(objects, 1):
        places.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(data)
    data += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    data += b"".join(b"%010d 00000 n \n" % place for place in places)
    data += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n" % (len(objects) + 1)
    target.write_bytes(data + b"%d\n%%%%EOF\n" % start)


def write_workbook(target: Path, sheets: tuple[Sheet, ...]) -> None:
    """A price list as a merchant keeps it: title row, merged cells, headings in bold."""
    book = Workbook()
    for old in book.worksheets:
        book.remove(old)
    for sheet in sheets:
        page = book.create_sheet(sheet.title)
        for row in sheet.rows:
            page.append(row)
        for cells in sheet.merged:
            page.merge_cells(cells)
        for column, width in zip("ABCDEFGH", sheet.widths, strict=False):
            page.column_dimensions[column].width = width
        if sheet.heading is not None:
            for cell in page[sheet.heading]:
                cell.font = Font(bold=True)
    book.properties.creator = "price desk"
    book.save(target)


def speak(say: str, speech: Speech, target: Path) -> None:
    """Have the speech command say the text into `target`."""
    subprocess.run(  # noqa: S603
        [say, speech.text, str(target), "--lang", speech.language, "--voice", speech.voice],
        check=True,
    )


def clip_frames(shots: tuple[Label, ...], count: int) -> Iterator[Image.Image]:
    """`count` frames that move in slowly on one shot after the other, as held in a hand."""
    width, height = VIDEO_SIZE
    each = -(-count // len(shots))
    for shot in shots:
        still = photograph(shot).filter(ImageFilter.MedianFilter(3))
        for step in range(min(each, count)):
            inset = 40 + 50 * step / each
            side = inset * width / height
            box = (side, inset, width - side, height - inset)
            yield still.resize(VIDEO_SIZE, Image.Resampling.BILINEAR, box=box)
        count -= each


def seconds_of(ffmpeg: str, sound: Path) -> float:
    """How long a sound file lasts, by decoding it to 8 kHz samples of one byte."""
    samples = subprocess.run(  # noqa: S603
        [ffmpeg, "-v", "error", "-i", str(sound), "-f", "u8", "-ar", "8000", "-ac", "1", "-"],
        check=True,
        capture_output=True,
    ).stdout
    return len(samples) / 8000


def film(say: str, ffmpeg: str) -> None:
    """The clip from the packing room: the shots, and the talk over them."""
    with tempfile.TemporaryDirectory() as folder:
        talk = Path(folder) / "talk.mp3"
        speak(say, CLIP_TALK, talk)
        count = round((seconds_of(ffmpeg, talk) + 0.5) * VIDEO_FPS)
        size = f"{VIDEO_SIZE[0]}x{VIDEO_SIZE[1]}"
        pictures = ["-f", "rawvideo", "-pix_fmt", "rgb24", "-s", size, "-r", str(VIDEO_FPS)]
        video = ["-c:v", "libx264", "-preset", "slow", "-crf", "35", "-pix_fmt", "yuv420p"]
        sound = ["-c:a", "aac", "-b:a", "48k", "-ar", "48000"]
        command = [ffmpeg, "-v", "error", "-y", *pictures, "-i", "-", "-i", str(talk)]
        command += [*video, *sound, "-movflags", "+faststart", "-map_metadata", "-1", str(CLIP)]
        frames = b"".join(frame.tobytes() for frame in clip_frames(CLIP_SHOTS, count))
        subprocess.run(command, input=frames, check=True)  # noqa: S603


def jobs(say: str | None, ffmpeg: str) -> Iterator[tuple[Path, Callable[[], None]]]:
    """Every file that this script makes, with what makes it."""
    for label in LABELS:
        yield label.target, lambda label=label: take_photo(label)
    for target, sheets in WORKBOOKS:
        yield target, lambda target=target, sheets=sheets: write_workbook(target, sheets)
    yield SPEC_SHEET, lambda: write_spec_sheet(SPEC_SHEET)
    yield SCAN, lambda: scan_page(SCAN, SCAN_LINES, CHINESE, 97)
    if say is not None:
        for speech in (DRESS_TALK, NUT_TALK):
            yield speech.target, lambda speech=speech: speak(say, speech, speech.target)
        yield CLIP, lambda: film(say, ffmpeg)


def main() -> None:
    """Write the files whose path holds `--only`, or all."""
    parser = argparse.ArgumentParser(description="Make the pictures, documents and sounds.")
    parser.add_argument("--only", default="", help="part of the path, such as robot-vacuum")
    parser.add_argument("--say", help="speech command; without it sound and video are left alone")
    parser.add_argument("--ffmpeg", default="ffmpeg")
    given = parser.parse_args()
    for target, make in jobs(given.say, given.ffmpeg):
        if given.only in target.relative_to(HERE).as_posix():
            make()


if __name__ == "__main__":
    main()
