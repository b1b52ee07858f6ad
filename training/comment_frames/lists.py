"""Draws a list of comments, with what runs among them, and gives its truth rows."""

import random

from PIL import Image, ImageDraw

from training.comment_frames.content import (
    BADGES,
    CHINESE_NAMES,
    JOINS,
    LATIN_NAMES,
    MASKED,
    ODD_JOINS,
    PINNED,
    TEXTS,
)
from training.comment_frames.pens import Pen, panel
from training.comment_frames.styles import PASTELS, Style

Row = dict


def split_list(items: str) -> list[str]:
    """What stands between bars and line ends."""
    return [item.strip() for item in items.replace("\n", "|").split("|") if item.strip()]


def spoken(rng: random.Random, lang: str, count: int) -> list[tuple[str, str]]:
    """Users and texts, none twice."""
    pool = (
        TEXTS[lang] if lang != "mixed" else TEXTS["mixed"] + "|" + TEXTS[rng.choice(["en", "zh"])]
    )
    texts = list(dict.fromkeys(split_list(pool)))
    names = split_list(CHINESE_NAMES if lang == "zh" else LATIN_NAMES)
    if lang == "mixed":
        names += ["小鱼儿", "阿强", "Amy小仙女", "momo", "可乐加冰"]
    return list(
        zip(
            rng.sample(names, min(count, len(names))),
            rng.sample(texts, min(count, len(texts))),
            strict=False,
        )
    )


def _union(boxes: list[list[int]]) -> list[int]:
    return [
        min(b[0] for b in boxes),
        min(b[1] for b in boxes),
        max(b[2] for b in boxes),
        max(b[3] for b in boxes),
    ]


def _badge(rng: random.Random, image: Image.Image, x: float, y: float, em: float) -> float:
    label = rng.choice(BADGES)
    pen = Pen("bold", int(em * 0.72))
    w = pen.measure(label) + em * 0.5
    panel(
        image,
        (x, y + em * 0.12, x + w, y + em * 1.12),
        rng.choice([(90, 120, 240), (240, 150, 40), (200, 70, 160), (60, 170, 120)]),
        0.95,
        em * 0.3,
    )
    pen.write(image, x + em * 0.25, y + em * 0.22, label, (255, 255, 255))
    return w + em * 0.3


def _avatar(rng: random.Random, image: Image.Image, x: float, y: float, size: float) -> None:
    draw = ImageDraw.Draw(image)
    draw.ellipse((x, y, x + size, y + size), fill=tuple(rng.randint(60, 230) for _ in range(3)))
    draw.ellipse(
        (x + size * 0.3, y + size * 0.2, x + size * 0.7, y + size * 0.6),
        fill=tuple(rng.randint(60, 230) for _ in range(3)),
    )


def draw_list(
    rng: random.Random, image: Image.Image, style: Style, lang: str, hard: set[str]
) -> tuple[list[Row], list[Row]]:
    """Comments from the bottom of the area upwards until it is full; a few notices among them."""
    width, height = image.size
    em = max(9.0, style.em * width)
    x0, top, x1, bottom = (
        style.area[0] * width,
        style.area[1] * height,
        style.area[2] * width,
        style.area[3] * height,
    )
    if style.paper:
        panel(image, (x0 - 0.012 * width, 0, x1 + 0.012 * width, height), style.paper, 1, 0)
    items: list[tuple[str, str, str]] = [("comment", u, t) for u, t in spoken(rng, lang, 26)]
    other = "zh" if lang == "zh" else "en"
    joins = (ODD_JOINS if style.odd else JOINS)[other].split("|")
    if style.odd:
        items.insert(rng.randint(2, 9), ("join", "", rng.choice(PINNED[other])))
    for spot in rng.sample(range(1, 12), rng.randint(1, 3)):
        name = rng.choice(
            split_list(MASKED)
            if style.masked
            else ["KofiB", "Hanna", "Leo"]
            if lang != "zh"
            else ["大海", "琪琪", "飞飞"]
        )
        items.insert(spot, ("join", name, rng.choice(joins).format(name)))
    comments: list[Row] = []
    others: list[Row] = []
    masked = rng.sample(split_list(MASKED), 12)
    y = bottom
    for index, (kind, user, text) in enumerate(items):
        if style.masked and kind == "comment":
            if index >= len(masked):
                break
            user = masked[index]
        tall = measure_item(style, em, x1 - x0, kind, user, text)
        head = y - tall
        if head < top:
            if "half-scrolled" not in hard or y - top < em * 0.7:
                break
            strip = image.crop((0, 0, width, round(top)))
            row = _draw_item(rng, image, style, em, x0, x1, head, kind, user, text)
            image.paste(strip, (0, 0))
            if kind == "comment":
                row["visible"] = round(max(0.0, (y - top) / tall), 2)
                row["box"][1] = max(row["box"][1], round(top))
                comments.append(row)
            break
        row = _draw_item(rng, image, style, em, x0, x1, head, kind, user, text)
        (comments if kind == "comment" else others).append(row)
        y = head - style.gap * em
    return comments[::-1], others


def _lines(
    style: Style, em: float, room: float, kind: str, user: str, text: str, taken: float
) -> list[str]:
    pen = Pen(style.text_face, em)
    room -= 2 * style.pad * em + (style.avatar * em * 1.25 if style.avatar else 0)
    if style.mode == "above" or kind == "join":
        return pen.wrap(text, room, room)
    lead = Pen(style.name_face, em * style.name_em).measure(user + style.colon) + taken
    return pen.wrap(text, room - lead, room)


def measure_item(style: Style, em: float, room: float, kind: str, user: str, text: str) -> float:
    """Height in pixels, generously for a badge."""
    lines = _lines(style, em, room, kind, user, text, em * 3 if style.badges else 0)
    tall = len(lines) * style.pitch * em
    if style.mode == "above" and kind == "comment":
        tall += style.inner * style.name_em * em
    return tall + 2 * style.pad * em * 0.7


def _draw_item(
    rng: random.Random,
    image: Image.Image,
    style: Style,
    em: float,
    x0: float,
    x1: float,
    y: float,
    kind: str,
    user: str,
    text: str,
) -> Row:
    pad = style.pad * em
    tall = measure_item(style, em, x1 - x0, kind, user, text)
    x = x0 + pad + (style.avatar * em * 1.25 if style.avatar else 0)
    badge = kind == "comment" and rng.random() < style.badges
    state = rng.getstate()
    taken = _badge(rng, Image.new("RGB", image.size), 0, 0, em) if badge else 0.0
    lines = _lines(style, em, x1 - x0, kind, user, text, taken if style.mode == "inline" else 0)
    pen, name_pen = (
        Pen(style.text_face, em, style.shadow, style.outline),
        Pen(style.name_face, em * style.name_em, style.shadow),
    )
    lead = name_pen.measure(user + style.colon)
    if style.bubble:
        longest = max(pen.measure(line) for line in lines)
        if kind == "comment" and style.mode == "inline":
            longest = max(longest, taken + lead + pen.measure(lines[0]))
        elif kind == "comment":
            longest = max(longest, taken + lead)
        panel(
            image,
            (
                x0 + (style.avatar * em * 1.25 if style.avatar else 0),
                y,
                x + longest + pad,
                y + tall,
            ),
            style.bubble[0],
            style.bubble[1],
            style.radius * em,
        )
    if style.avatar and kind == "comment":
        _avatar(rng, image, x0, y + style.pad * em * 0.7, style.avatar * em * 0.95)
    y += pad * 0.7
    ink = rng.choice(style.names) if style.names else style.text
    boxes: list[list[int]] = []
    if kind == "join":
        colour = rng.choice([ink, style.text, (255, 210, 90), PASTELS[0]])
        if style.paper and sum(style.paper) > 400:
            colour = rng.choice([(120, 120, 125), (200, 120, 20)])
        for number, line in enumerate(lines):
            boxes.append(pen.write(image, x, y + number * style.pitch * em, line, colour))
        return {"kind": "join", "text": text, "box": _union(boxes)}
    at = x
    if badge:
        after = rng.getstate()
        rng.setstate(state)
        at += _badge(rng, image, x, y, em)
        rng.setstate(after)
    if style.mode == "above":
        boxes.append(name_pen.write(image, at, y, user, ink))
        if style.times:
            stamp = f"{rng.randint(9, 23)}:{rng.randint(0, 59):02}"
            small = Pen("sans", em * 0.8)
            place = at + lead + em if rng.random() < 0.5 else x1 - small.measure(stamp)
            small.write(image, place, y + em * 0.1, stamp, (140, 140, 145))
        y += style.inner * style.name_em * em
        at = x
    else:
        boxes.append(name_pen.write(image, at, y, (user + style.colon).rstrip(), ink))
        at += lead
    for number, line in enumerate(lines):
        if line:
            boxes.append(
                pen.write(
                    image, at if number == 0 else x, y + number * style.pitch * em, line, style.text
                )
            )
    return {
        "user": user,
        "text": text,
        "box": _union(boxes),
        "lines": list(boxes),
        "visible": 1.0,
        "is_question": False,
    }


def draw_danmaku(
    rng: random.Random, image: Image.Image, style: Style, lang: str
) -> tuple[list[Row], list[Row]]:
    """Lines in lanes over the whole picture, without users."""
    width, height = image.size
    em = style.em * width
    pen = Pen(style.text_face, em, style.shadow, style.outline)
    comments: list[Row] = []
    todo = [t for _, t in spoken(rng, lang, 24)]
    y = style.area[1] * height
    while todo and y + style.pitch * em < style.area[3] * height:
        x = rng.uniform(-0.05, 0.5) * width
        while todo and x < width * 0.85:
            if rng.random() < 0.25:
                x += rng.uniform(0.1, 0.4) * width
                continue
            text = todo.pop()
            w = pen.measure(text)
            ink = (
                style.text
                if rng.random() < 0.75
                else rng.choice([(255, 80, 80), (120, 230, 120), (255, 230, 90), (110, 190, 255)])
            )
            box = pen.write(image, x, y, text, ink)
            seen = max(0.0, (min(box[2], width) - max(box[0], 0)) / max(1, box[2] - box[0]))
            box = [max(0, box[0]), box[1], min(width, box[2]), box[3]]
            comments.append(
                {
                    "user": None,
                    "text": text,
                    "box": box,
                    "lines": [box],
                    "visible": round(seen, 2),
                    "is_question": False,
                }
            )
            x += w + rng.uniform(1.0, 9) * em
        y += style.pitch * em * rng.choice([1, 1, 2])
    return comments, []
