"""What else stands on a live frame: header, product card, coupon, gift, input bar, player."""

import random

from PIL import Image, ImageDraw

from training.comment_frames.content import BUTTONS, GOODS, HINTS, HOSTS
from training.comment_frames.pens import Pen, panel

Row = dict


def draw_header(rng: random.Random, image: Image.Image, lang: str) -> list[Row]:
    """Host name, follow button and viewers at the top."""
    w, _ = image.size
    em = w * rng.uniform(0.026, 0.034)
    y, x = image.height * rng.uniform(0.03, 0.06), w * 0.03
    name = rng.choice(HOSTS[lang])
    pen, small = Pen("bold", em), Pen("sans", em * 0.75)
    panel(
        image,
        (x, y, x + em * 4.5 + pen.measure(name) + em * 4, y + em * 2.4),
        (0, 0, 0),
        0.3,
        em * 1.2,
    )
    ImageDraw.Draw(image).ellipse(
        (x + 2, y + 2, x + em * 2.4 - 2, y + em * 2.4 - 2), fill=(200, 150, 140)
    )
    rows = [
        {
            "kind": "host",
            "text": name,
            "box": pen.write(image, x + em * 2.9, y + em * 0.1, name, (255, 255, 255)),
        }
    ]
    count = rng.choice(["1.2K", "12.8万", "3,402", "86K likes", "2.1万本场点赞"])
    small.write(image, x + em * 2.9, y + em * 1.3, count, (220, 220, 220))
    button = "Follow" if lang == "en" else "关注"
    bx = x + em * 3.6 + pen.measure(name)
    panel(image, (bx, y + em * 0.4, bx + em * 4, y + em * 2), (254, 44, 85), 1, em)
    pen.write(image, bx + em * 0.5, y + em * 0.5, button, (255, 255, 255))
    rows.append(
        {
            "kind": "header",
            "text": button,
            "box": [round(bx), round(y), round(bx + em * 4), round(y + em * 2.4)],
        }
    )
    number = rng.choice(["824", "1.1万", "15.3K", "2093人"])
    Pen("sans", em * 0.9, 0.4).write(image, w * 0.86, y + em * 0.6, number, (255, 255, 255))
    if rng.random() < 0.5:
        label = rng.choice(
            ["Top 3 Ranking", "Hourly No.12"] if lang == "en" else ["带货榜第3名", "小时榜 >"]
        )
        panel(
            image,
            (x, y + em * 3, x + small.measure(label) + em, y + em * 4.3),
            (0, 0, 0),
            0.35,
            em * 0.6,
        )
        rows.append(
            {
                "kind": "header",
                "text": label,
                "box": small.write(image, x + em * 0.5, y + em * 3.2, label, (255, 235, 190)),
            }
        )
    return rows


def draw_card(
    rng: random.Random, image: Image.Image, lang: str, x: float, y: float, w: float
) -> Row:
    """A product card of width `w`, light or dark, with price and button."""
    title, price = rng.choice(GOODS[lang])
    em = w * rng.uniform(0.055, 0.075)
    dark = rng.random() < 0.25
    paper, ink = ((30, 30, 34), (240, 240, 240)) if dark else ((255, 255, 255), (30, 30, 30))
    h = em * 5
    panel(image, (x, y, x + w, y + h), paper, 0.85 if dark else rng.choice([1, 0.93]), em * 0.5)
    panel(
        image,
        (x + em * 0.4, y + em * 0.4, x + em * 4.6, y + em * 4.6),
        tuple(rng.randint(80, 220) for _ in range(3)),
        1,
        em * 0.3,
    )
    pen, bold = Pen("sans", em), Pen("bold", em * 1.1)
    lines = pen.wrap(title, w - em * 5.5, w - em * 5.5)[:2]
    for number, line in enumerate(lines):
        pen.write(image, x + em * 5, y + em * (0.4 + 1.25 * number), line, ink)
    bold.write(image, x + em * 5, y + em * 3.3, price, (230, 40, 40))
    label = rng.choice(BUTTONS[lang])
    bw = pen.measure(label) + em * 1.2
    if em * 5 + bold.measure(price) + bw + em < w:
        panel(
            image,
            (x + w - bw - em * 0.4, y + h - em * 2, x + w - em * 0.4, y + h - em * 0.4),
            (255, 60, 70),
            1,
            em * 0.8,
        )
        pen.write(image, x + w - bw + em * 0.2, y + h - em * 1.9, label, (255, 255, 255))
    return {
        "kind": "card",
        "text": f"{title} {price}",
        "box": [round(x), round(y), round(x + w), round(y + h)],
    }


def draw_input(
    rng: random.Random,
    image: Image.Image,
    lang: str,
    x0: float,
    x1: float,
    y: float,
    em: float,
    light: bool,
) -> Row:
    """The bar to type in."""
    hint = rng.choice(HINTS[lang])
    panel(
        image,
        (x0, y, x1, y + em * 2.2),
        (235, 235, 238) if light else (60, 60, 66),
        1 if light else 0.55,
        em * 1.1,
    )
    Pen("sans", em).write(
        image, x0 + em, y + em * 0.5, hint, (140, 140, 140) if light else (225, 225, 225)
    )
    return {
        "kind": "input",
        "text": hint,
        "box": [round(x0), round(y), round(x1), round(y + em * 2.2)],
    }


def draw_gift(rng: random.Random, image: Image.Image, lang: str, y: float) -> Row:
    """A gift combo that slides in above the comments."""
    w = image.width
    em, x = w * rng.uniform(0.028, 0.034), w * 0.03
    name, act = rng.choice(
        [("Leo88", "sent Rose"), ("Miss K", "sent Finger Heart")]
        if lang == "en"
        else [("琪琪", "送出 小心心"), ("老船长", "送 玫瑰花")]
    )
    pen, small, big = Pen("bold", em), Pen("sans", em * 0.85), Pen("bold", em * 2)
    panel(
        image,
        (x, y, x + em * 13, y + em * 3.2),
        rng.choice([(80, 30, 120), (0, 0, 0), (190, 60, 90)]),
        0.55,
        em * 1.6,
    )
    ImageDraw.Draw(image).ellipse((x + 3, y + 3, x + em * 3.1, y + em * 3.1), fill=(220, 190, 120))
    pen.write(image, x + em * 3.6, y + em * 0.3, name, (255, 255, 255))
    small.write(image, x + em * 3.6, y + em * 1.7, act, (255, 225, 120))
    big.write(image, x + em * 14, y + em * 0.5, f"x{rng.randint(2, 99)}", (255, 220, 60))
    return {
        "kind": "gift",
        "text": f"{name} {act}",
        "box": [round(x), round(y), round(x + em * 13), round(y + em * 3.2)],
    }


def draw_banner(rng: random.Random, image: Image.Image, lang: str, y: float) -> Row:
    """A coupon or a "going to buy" banner."""
    w = image.width
    em = w * rng.uniform(0.028, 0.034)
    texts = (
        ["23 people are buying", "New user coupon $5 off", "Flash sale ends in 04:59"]
        if lang == "en"
        else [
            "a**k 等12人正在去买",
            "满199减20 立即领取",
            "限时秒杀 04:59 后结束",
            "恭喜 小** 抽中福袋",
        ]
    )
    text = rng.choice(texts)
    pen = Pen("bold", em)
    x = w * rng.choice([0.03, 0.04, 0.5])
    box = (x, y, x + pen.measure(text) + em * 1.6, y + em * 2)
    panel(image, box, rng.choice([(255, 90, 40), (230, 40, 90), (250, 180, 60)]), 0.9, em)
    pen.write(image, x + em * 0.8, y + em * 0.35, text, (255, 255, 255))
    return {"kind": "banner", "text": text, "box": [round(v) for v in box]}
