"""A frame as a web page: a list of one form and the furniture of a live room around it."""

# ruff: noqa: E501 -- markup is not wrapped

import html
import random
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from training.comment_frames_b.around import card, header, label, put
from training.comment_frames_b.page import Sizes, tongue
from training.comment_frames_b.page import words as other_words
from training.comment_frames_c.forms import FACES, Form


@cache
def words() -> dict[str, Any]:
    """Names, texts and all else that is written on these frames."""
    return yaml.safe_load(Path(__file__).with_name("content.yaml").read_text("utf-8"))


@cache
def asking() -> frozenset[str]:
    """The texts that want an answer."""
    return frozenset(text for texts in words()["asks"].values() for text in texts)


def people(rng: random.Random, lang: str, count: int, masked: bool) -> list[tuple[str, str]]:
    """Users and their texts, none twice; half of the texts ask."""
    pools = {"mixed": ["en", "zh"], "other": ["other", "en"], "es": ["es", "en"]}.get(lang, [lang])
    names = list(words()["masked"]) if masked else [n for p in pools for n in words()["names"][p]]
    asks = [t for p in pools for t in words()["asks"][p]]
    says = [t for p in pools for t in words()["says"][p]]
    count = min(count, len(names), 2 * min(len(asks), len(says)))
    texts = rng.sample(asks, count // 2) + rng.sample(says, count - count // 2)
    rng.shuffle(texts)
    return list(zip(rng.sample(names, count), texts, strict=True))


def mark(rng: random.Random) -> str:
    """A level or club mark."""
    ground = rng.choice(
        [
            "#4b7bec",
            "linear-gradient(90deg,#ff8a00,#ff3d68)",
            "#8e5cf7",
            "#20a779",
            "#8d99ae",
            "#f2b705",
        ]
    )
    sign = rng.choice(["", "", "♥ ", "★ ", "◆ "])
    return f'<span class=m style="background:{ground}">{sign}{rng.choice(words()["badges"])}</span>'


def comment(rng: random.Random, form: Form, user: str, text: str) -> str:
    """One comment of the list."""
    e = html.escape
    name = f'<span class=u style="color:{rng.choice(form.names)}">{e(user)}</span>'
    marks = mark(rng) if rng.random() < form.marks else ""
    if marks and rng.random() < 0.25:
        marks += mark(rng)
    after = mark(rng) if rng.random() < form.marks_after else ""
    sign = e(user[0].upper()) if rng.random() < form.initials else ""
    hue = rng.randrange(360)
    face = f'<span class=a style="background:hsl({hue} 45% 50%)">{sign}</span>' if form.face else ""
    likes = f"<span class=l>{rng.randint(1, 480)}</span>" if rng.random() < form.likes else ""
    clock = rng.choice([f"{rng.randint(1, 23)}:{rng.randint(0, 59):02}", f"{rng.randint(1, 59)}m"])
    stamp = f"<span class=w>{clock}</span>"
    smile = "<i class=e></i>" * (rng.random() < 0.1)
    told = f'class=c data-k=comment data-u="{e(user)}" data-t="{e(text)}"'
    if form.above:
        foot = ""
        if form.foot:
            foot = f"<div class=r data-k=foot>{rng.randint(1, 59)}m&nbsp; Reply</div>"
        right = stamp if form.time == "after" else ""
        return f"<div {told}>{face}<div class=b><div class=h>{marks}{name}{after}{right}</div><div class=x>{e(text)}{smile}</div>{foot}</div>{likes}</div>"
    before, later = (
        (stamp if form.time == "before" else ""),
        (stamp if form.time == "after" else ""),
    )
    colon = form.colon.replace("   ", "&nbsp; &nbsp;").replace("  ", "&nbsp; ")
    return f'<div {told}>{face}<div class=b>{before}{marks}{name}{after}<span class=k style="color:{form.names[0]}">{colon}</span><span class=x>{e(text)}</span>{smile}{later}</div></div>'


def notice(rng: random.Random, form: Form, lang: str) -> str:
    """Who came, gave or bought."""
    own = tongue(lang)
    name = rng.choice(words()["masked"] if form.masked else words()["names"][own])
    text = html.escape(rng.choice(words()["notices"][own]).format(name))
    colour = rng.choice([form.names[0], "#ffe08a", form.ink])
    return f'<div class="c n" data-k=notice><div class=b style="color:{colour}">{text}</div></div>'


def list_html(rng: random.Random, form: Form, lang: str, only: int | None) -> str:
    """The list, newest last; `only` some comments where given."""
    rows = [comment(rng, form, u, t) for u, t in people(rng, lang, only or 26, form.masked)]
    for _ in range(rng.choice([0, 0, 1, 1, 2, 3]) if only is None else rng.choice([0, 0, 1])):
        rows.insert(rng.randint(max(0, len(rows) - 7), len(rows)), notice(rng, form, lang))
    return "".join(rows)


def gift(rng: random.Random, lang: str, x: float, y: float, em: float) -> str:
    """A gift in flight: who sent what, and how many."""
    own = tongue(lang)
    what, times = rng.choice(words()["gifts"][own])
    name = html.escape(rng.choice(words()["names"][own]))
    body = f"<div style='line-height:1.25'><div>{name}</div><div style='font-size:.8em;color:#ffe9a8'>{what}</div></div>"
    style = f"display:flex;gap:.8em;align-items:center;color:#fff;background:linear-gradient(90deg,#000a,#0000);border-radius:2em;padding:.2em 1em;font-size:{em:.1f}px"
    return put("gift", x, y, style, f"{body}<b style='font-size:1.5em;color:#ffd23f'>{times}</b>")


def pinned(rng: random.Random, form: Form, lang: str, x: float, y: float, em: float) -> str:
    """What the host has pinned above the list."""
    own = tongue(lang)
    text = html.escape(rng.choice(words()["pinned"][own]))
    title = {"en": "Pinned", "zh": "置顶"}[own]
    style = f"background:#0006;color:#fff;border-radius:.5em;padding:.3em .6em;font-size:{em:.1f}px"
    return put("pinned", x, y, style, f"<b style='color:#ffd479'>{title}</b> {text}")


def around(rng: random.Random, form: Form, size: Sizes, lang: str) -> list[str]:
    """Everything around the list."""
    w, h = size.width, size.height
    x0, y0, x1, y1 = form.area[0] * w, form.area[1] * h, form.area[2] * w, form.area[3] * h
    hint = html.escape(rng.choice(other_words()["inputs"][tongue(lang)]))
    rows: list[str] = []
    if form.ground:
        ink = "#eee" if form.ground[1] == "1" else "#333"
        box = f"background:#8883;color:#8a8d94;border-radius:1em;padding:.3em .9em;width:{(x1 - x0) * 0.8:.0f}px;font-size:{size.em:.1f}px"
        rows.append(put("input", x0 + size.em, y1 + 0.012 * h, box, hint))
        if form.wide:
            title = rng.choice(other_words()["headers"][tongue(lang)])
            rows.append(
                put(
                    "header",
                    x0 + size.em,
                    0.012 * h,
                    f"color:{ink};font-weight:700;font-size:{size.em:.1f}px",
                    title,
                )
            )
        if rng.random() < 0.5:
            free = 0.08 * w if x0 > 0.1 * w or not form.wide else x1 + 0.05 * w
            top, high = (0.12, 0.5) if form.wide else (0.08, 0.2)
            rows.append(label(rng, size, lang, free, rng.uniform(top, high) * h, 0.35 * w))
        return rows
    if form.wide:
        free = 0.45 * w if x0 < 0.4 * w else 0.1 * w
        if rng.random() < 0.6:
            rows.append(label(rng, size, lang, free, rng.uniform(0.1, 0.6) * h, 0.22 * w))
        return rows
    rows += header(rng, size, lang)
    if rng.random() < 0.85:
        box = f"background:{rng.choice(['#0006', '#fff3', '#0003'])};color:#ffffffc8;border-radius:1.2em;padding:.35em .9em;width:{rng.uniform(0.3, 0.6) * w:.0f}px;font-size:{size.em:.1f}px"
        rows.append(put("input", x0, 0.938 * h, box, hint))
    if rng.random() < 0.3:
        rows.append(gift(rng, lang, x0, y0 - rng.uniform(0.1, 0.16) * h, size.em))
    elif rng.random() < 0.25:
        rows.append(pinned(rng, form, lang, x0, y0 - rng.uniform(0.045, 0.07) * h, size.em))
    if rng.random() < 0.3:
        rows.append(
            label(rng, size, lang, rng.uniform(0.1, 0.5) * w, rng.uniform(0.14, 0.26) * h, 0.45 * w)
        )
    if rng.random() < 0.5:
        x = max(x1 + 0.01 * w, 0.66 * w)
        rows.append(card(rng, size, lang, x, y1 - rng.uniform(0.1, 0.2) * h, 0.98 * w - x))
    return rows


def sheet(rng: random.Random, form: Form, size: Sizes) -> str:
    """The rules of a page."""
    x0, y0, x1, y1 = form.area
    pad = size.em * rng.uniform(0.6, 1.2) if form.ground else 0
    gap = rng.uniform(0.08, 0.8) if not form.above else rng.uniform(0.3, 1.0)
    upright = "flex-start" if form.top else "flex-end"
    return f"""*{{box-sizing:border-box;margin:0}}
body{{width:{size.width}px;height:{size.height}px;overflow:hidden;position:relative;font-family:{rng.choice(FACES)},sans-serif;background:url(scene.bmp) 0 0/100% 100%;font-size:{size.em:.2f}px}}
.clip{{position:absolute;left:{x0 * size.width:.1f}px;top:{y0 * size.height:.1f}px;width:{(x1 - x0) * size.width:.1f}px;height:{(y1 - y0) * size.height:.1f}px;overflow:hidden;display:flex;flex-direction:column;justify-content:{upright};padding:0 {pad:.1f}px}}
.list{{display:flex;flex-direction:column;gap:{gap:.2f}em;line-height:{rng.uniform(1.15, 1.6):.2f};color:{form.ink};flex-shrink:0}}
.c{{display:flex;gap:.45em;flex-shrink:0;max-width:100%}}.b{{min-width:0;overflow-wrap:anywhere;flex:0 1 auto}}
.h{{display:flex;align-items:center;gap:.3em}}.h .w{{margin-left:.6em}}
.a{{width:{form.face:.2f}em;height:{form.face:.2f}em;border-radius:50%;flex:none;display:flex;align-items:center;justify-content:center;color:#fff;font-size:1em}}
.l{{margin-left:auto;padding-left:.8em;font-size:.75em;color:#b0b2b8}}
.m{{display:inline-block;font-size:{rng.uniform(0.66, 0.8):.2f}em;line-height:1.4;padding:0 .4em;border-radius:{rng.choice([0.2, 0.8])}em;color:#fff;margin-right:.35em;vertical-align:.08em;text-shadow:none}}
.w{{font-size:.8em;color:#94969d;margin:0 .5em 0 0;white-space:nowrap;font-weight:400}}
.r{{font-size:.76em;color:#c8c9cd;line-height:1.3}}
.e{{display:inline-block;width:1em;height:1em;border-radius:50%;background:#ffcc33;box-shadow:inset .2em -.2em 0 #0002;vertical-align:-.12em;margin-left:.2em}}
.abs{{position:absolute;white-space:nowrap}}{form.css}"""
