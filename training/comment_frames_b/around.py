"""What else stands on a live frame, as HTML: header, card, coupon, input bar, likes, labels."""

# ruff: noqa: E501 -- markup is not wrapped

import html
import random

from training.comment_frames_b.looks import Look
from training.comment_frames_b.page import Sizes, tongue, words


def put(kind: str, x: float, y: float, style: str, body: str) -> str:
    """A block at a place in pixels."""
    return f'<div class=abs data-k={kind} style="left:{x:.0f}px;top:{y:.0f}px;{style}">{body}</div>'


def header(rng: random.Random, size: Sizes, lang: str) -> list[str]:
    """Host, count and follow button in a pill; viewers at the right."""
    own, em = tongue(lang), size.width * rng.uniform(0.026, 0.034)
    host, count = rng.choice(words()["hosts"][own]), rng.choice(words()["counts"][own])
    follow = {"en": "Follow", "zh": "关注"}[own]
    pill = (
        f"<span style='width:2em;height:2em;border-radius:50%;background:#c98;flex:none'></span>"
        f"<div><div style='font-weight:700'>{host}</div><div style='font-size:.72em'>{count}</div></div>"
        f"<span style='background:#fe2c55;border-radius:1em;padding:.25em .8em'>{follow}</span>"
    )
    style = (
        f"display:flex;gap:.5em;align-items:center;color:#fff;background:#0005;border-radius:2em;"
        f"padding:.2em .4em;font-size:{em:.1f}px;line-height:1.25"
    )
    y = size.height * rng.uniform(0.02, 0.06)
    rows = [put("host", size.width * 0.03, y, style, pill)]
    number = rng.choice(["513", "2.6K", "1.9万", "88"])
    rows.append(
        put(
            "count",
            size.width * 0.86,
            y + em * 0.4,
            f"color:#fff;font-size:{em * 0.9:.1f}px",
            number,
        )
    )
    if rng.random() < 0.4:
        text = rng.choice(
            {"en": ["Daily Ranking", "Top 9 in Home"], "zh": ["小时榜第5", "家居榜第2名"]}[own]
        )
        style = f"color:#fe9;background:#0004;border-radius:1em;padding:.1em .6em;font-size:{em * 0.75:.1f}px"
        rows.append(put("header", size.width * 0.03, y + em * 2.9, style, text))
    return rows


def card(rng: random.Random, size: Sizes, lang: str, x: float, y: float, wide: float) -> str:
    """A product with picture, title, price and button; light, dark, or upright."""
    own, upright = tongue(lang), rng.random() < 0.4
    title, price = rng.choice(words()["goods"][own])
    em = max(9.0, wide * (rng.uniform(0.085, 0.11) if upright else rng.uniform(0.05, 0.068)))
    dark = rng.random() < 0.25
    paper, ink = ("#26272bdd", "#f2f2f2") if dark else ("#fffffff2", "#202124")
    hue = rng.randrange(360)
    picture = f"<div style='background:linear-gradient(hsl({hue} 50% 70%),hsl({hue + 60} 40% 45%));"
    picture += f"{'height:6em' if upright else 'width:4.6em;height:4.6em;flex:none'};border-radius:.3em'></div>"
    note = rng.choice(
        ["", f"<div style='color:#888;font-size:.8em'>{rng.choice(words()['banners'][own])}</div>"]
    )
    button = rng.choice(words()["buttons"][own])
    body = (
        f"{picture}<div style='flex:1;white-space:normal;line-height:1.3'><div>{title}</div>{note}"
        f"<div style='display:flex;justify-content:space-between;align-items:center;gap:.5em'>"
        f"<b style='color:#e4002b'>{price}</b>"
        f"<span style='background:#fe2c55;color:#fff;border-radius:1em;padding:.1em .7em'>{button}</span></div></div>"
    )
    flow = "block" if upright else "flex"
    style = (
        f"width:{wide:.0f}px;display:{flow};gap:.6em;background:{paper};color:{ink};"
        f"border-radius:.5em;padding:.5em;font-size:{em:.1f}px"
    )
    return put("card", x, y, style, body)


def bar(
    rng: random.Random, lang: str, x: float, y: float, wide: float, em: float, light: bool
) -> str:
    """The bar to type in."""
    hint = rng.choice(words()["inputs"][tongue(lang)])
    ground, ink = ("#ececef", "#8a8a90") if light else (rng.choice(["#0006", "#fff3"]), "#ffffffc0")
    style = f"width:{wide:.0f}px;background:{ground};color:{ink};border-radius:1.2em;padding:.35em .9em;font-size:{em:.1f}px"
    return put("input", x, y, style, html.escape(hint))


def banner(rng: random.Random, size: Sizes, lang: str, x: float, y: float, em: float) -> str:
    """A coupon, a countdown, or how many buy."""
    text = rng.choice(words()["banners"][tongue(lang)])
    ground = rng.choice(["#ff5a28e8", "#e6285ae8", "#fab43ce8", "#7a3cffd0", "#0007"])
    style = f"background:{ground};color:#fff;border-radius:.8em;padding:.2em .8em;font-weight:700;font-size:{em:.1f}px"
    return put("banner", x, y, style, text)


def label(rng: random.Random, size: Sizes, lang: str, x: float, y: float, wide: float) -> str:
    """Print on goods, slides or subtitles: lines under one another that nobody wrote as comments."""
    lines = rng.choice(words()["labels"][tongue(lang)])
    longest = max(sum(1.0 if ord(s) > 0x2E80 else 0.56 for s in line) for line in lines)
    em = min(wide / (longest + 1), size.width * rng.uniform(0.02, 0.06), size.height * 0.05)
    look = rng.choice(
        [
            "background:#f7f3e8;color:#2a2a2a;", "background:#234;color:#f2e9c9;", "color:#fff;text-shadow:0 0 .2em #000;",
            "background:#ffffffd8;color:#111;", "background:#b3202a;color:#fff;", "color:#151515;background:#d9c6a0;",
        ]
    )  # fmt: skip
    turned = rng.choice([0, 0, 0, rng.uniform(-4, 4)])
    style = (
        f"{look}font-size:{em:.1f}px;line-height:{rng.uniform(1.25, 1.8):.2f};padding:.5em;"
        f"text-align:{rng.choice(['left', 'left', 'center'])};transform:rotate({turned:.1f}deg)"
    )
    first = f"<div style='font-weight:700;font-size:{rng.choice([1, 1, 1.3])}em'>{html.escape(lines[0])}</div>"
    return put(
        "label", x, y, style, first + "".join(f"<div>{html.escape(s)}</div>" for s in lines[1:])
    )


def surroundings(rng: random.Random, look: Look, size: Sizes, lang: str) -> list[str]:
    """Everything around the list of `look`."""
    w, h = size.width, size.height
    x0, y0, x1, y1 = look.area[0] * w, look.area[1] * h, look.area[2] * w, look.area[3] * h
    if look.wide:
        left = (
            (0.04 * w, 0.6 * w) if look.area[0] > 0.3 else (look.area[2] * w + 0.03 * w, 0.95 * w)
        )
        title = rng.choice(words()["headers"][tongue(lang)])
        ink = (
            "#eee"
            if look.panel in ("#0f0f0f", "#18181b", "#242526", "#1b1c20", "#141519")
            else "#222"
        )
        rows = [put("header", x0 + size.em, 0.02 * h, f"color:{ink};font-weight:700", title)]
        rows.append(
            bar(rng, lang, x0 + size.em, y1 + 0.02 * h, (x1 - x0) * 0.85, size.em, ink == "#222")
        )
        if rng.random() < 0.4:
            rows.append(label(rng, size, lang, left[0] + 0.05 * w, 0.15 * h, 0.4 * w))
        if rng.random() < 0.4:
            rows.append(card(rng, size, lang, left[0], 0.78 * h, 0.26 * w))
        return rows
    rows = header(rng, size, lang)
    if rng.random() < 0.35:
        rows.append(
            label(rng, size, lang, rng.uniform(0.1, 0.4) * w, rng.uniform(0.15, 0.28) * h, 0.5 * w)
        )
    if rng.random() < 0.85:
        rows.append(bar(rng, lang, x0, 0.935 * h, rng.uniform(0.4, 0.62) * w, size.em, False))
    if rng.random() < 0.35:
        place = (x0, y0 - 0.05 * h) if rng.random() < 0.6 else (0.7 * w, 0.2 * h)
        rows.append(banner(rng, size, lang, *place, size.em))
    where = rng.choice(["right", "right", "below", "none", "over"])
    if where == "right":
        x = max(x1 + 0.01 * w, 0.64 * w)
        rows.append(card(rng, size, lang, x, y1 - rng.uniform(0.13, 0.2) * h, 0.975 * w - x))
    elif where == "below" and y1 < 0.85 * h:
        rows.append(card(rng, size, lang, x0, y1 + 0.006 * h, rng.uniform(0.4, 0.6) * w))
    elif where == "over":
        rows.append(card(rng, size, lang, 0.68 * w, y1 - 0.12 * h, 0.3 * w))
    if rng.random() < 0.5:
        likes = rng.choice(["4.2K", "918", "1.3万", "36K"])
        rows.append(
            put("likes", 0.88 * w, 0.955 * h, f"color:#fff;font-size:{size.em * 0.8:.1f}px", likes)
        )
    return rows


def flying(rng: random.Random, size: Sizes, lang: str, lines: list[str]) -> str:
    """Comments in lanes over the picture."""
    pitch, share = rng.uniform(1.3, 1.9), rng.uniform(0.3, 0.9)
    lanes = int(size.height * share / (size.em * pitch))
    free = [rng.uniform(-2, 6) for _ in range(lanes)]
    bold = rng.choice([400, 700])
    rim = rng.choice(
        [
            "text-shadow:1px 0 1px #000,0 1px 1px #000,0 -1px 1px #000,-1px 0 1px #000",
            "-webkit-text-stroke:.03em #000",
            "text-shadow:0 1px 3px #000",
        ]
    )
    rows = []
    for text in lines:
        lane = rng.randrange(lanes)
        wide = sum(1.0 if ord(s) > 0x2E80 else 0.58 for s in text)
        if (free[lane] + wide) * size.em > size.width * 1.08:
            continue
        colour = rng.choice(["#fff", "#fff", "#fff", "#ff6", "#6f6", "#f66", "#6cf"])
        style = f"left:{free[lane] * size.em:.1f}px;top:{(lane + 0.3) * pitch * size.em:.1f}px;color:{colour};font-weight:{bold};{rim}"
        safe = html.escape(text)
        rows.append(
            f'<div class="abs c" data-k=comment data-t="{safe}" style="{style}"><span class=x>{safe}</span></div>'
        )
        free[lane] += wide + rng.uniform(1.5, 12)
    return "".join(rows)
