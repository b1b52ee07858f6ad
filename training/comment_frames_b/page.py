"""A frame as a web page: the list of an app and what else stands around it; truth from the page."""

# ruff: noqa: E501 -- markup is not wrapped

import html
import random
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from training.comment_frames_b.apps import FACES
from training.comment_frames_b.looks import Look

EMOJI = ("#ffcf3f", "#ff5a5f", "#ff8ab3", "#5ac8fa")
"""What is painted for an emoji: a round spot with two eyes, which no face here has as a sign."""

COLLECT = """() => {
  const quads = (el) => {
    const rows = [];
    const walk = document.createTreeWalker(el, NodeFilter.SHOW_TEXT);
    while (walk.nextNode()) {
      const range = document.createRange();
      range.selectNodeContents(walk.currentNode);
      for (const r of range.getClientRects())
        if (r.width > 2) rows.push([r.left, r.top, r.right, r.bottom]);
    }
    return rows;
  };
  const told = (el) => ({kind: el.dataset.k, user: el.dataset.u || null, text: el.dataset.t || el.innerText,
    box: (({left, top, right, bottom}) => [left, top, right, bottom])(el.getBoundingClientRect()),
    spots: [...el.querySelectorAll('.u,.x')].flatMap(quads)});
  const list = document.querySelector('.clip');
  return {clip: list ? (({left, top, right, bottom}) => [left, top, right, bottom])(list.getBoundingClientRect()) : null,
    comments: [...document.querySelectorAll('.c[data-k=comment]')].map(told),
    others: [...document.querySelectorAll('[data-k]:not([data-k=comment])')].map(told)};
}"""


@cache
def words() -> dict[str, Any]:
    """Names, texts and all else that is written on frames."""
    return yaml.safe_load(Path(__file__).with_name("content.yaml").read_text("utf-8"))


def tongue(lang: str) -> str:
    """The language of an app's own words for viewers who write in `lang`."""
    return "zh" if lang == "zh" else "en"


def people(rng: random.Random, lang: str, count: int, masked: float) -> list[tuple[str, str]]:
    """Users and their texts, none twice."""
    pools = {"mixed": ["en", "zh"], "other": ["other", "en"]}.get(lang, [lang])
    names = [n for p in pools for n in words()["names"][p if p in ("en", "zh") else "other"]]
    texts = [t for p in pools for t in words()["texts"][p]]
    if rng.random() < masked:
        names = list(words()["masked"])
    count = min(count, len(names), len(texts))
    return list(zip(rng.sample(names, count), rng.sample(texts, count), strict=True))


def emoji(rng: random.Random) -> str:
    """A painted face."""
    return f'<i class=e style="background:{rng.choice(EMOJI)}"></i>'


def badge(rng: random.Random) -> str:
    """A level or club mark."""
    colour = rng.choice(["#5b7cff", "#ff9f2e", "#d0489b", "#3bb27a", "#7a5cff", "#999", "#e63946"])
    label = rng.choice(words()["badges"])
    return f'<span class=m style="background:{colour}">{label}</span>'


def comment(rng: random.Random, look: Look, user: str, text: str) -> str:
    """One comment of the list."""
    e = html.escape
    colour = rng.choice(look.names)
    painted = f" {emoji(rng)}" * rng.randint(1, 2) if rng.random() < 0.12 else ""
    marks = badge(rng) if rng.random() < look.badge else ""
    after = badge(rng) if rng.random() < look.badge_after else ""
    face = (
        f'<span class=av style="background:hsl({rng.randrange(360)} 40% 55%)"></span>'
        if look.avatar
        else ""
    )
    clock = f"{rng.randint(0, 23):02}:{rng.randint(0, 59):02}" + rng.choice(["", ":07"])
    stamp = f"<span class=w>{clock}</span>" if look.time in ("before", "after") else ""
    follow = (
        f"<span class=f>{rng.choice(['关注', '+'])}</span>" if rng.random() < look.follow else ""
    )
    attrs = f'class=c data-k=comment data-u="{e(user)}" data-t="{e(text)}"'
    name = f'<span class=u style="color:{colour}">{e(user)}</span>'
    if look.form == "stacked":
        right = stamp if look.time == "after" else ""
        return (
            f"<div {attrs}>{face}<div class=b><div class=h>{marks}{name}{after}{right}</div>"
            f"<div class=x>{e(text)}{painted}</div></div></div>"
        )
    colon = f'<span style="color:{colour}">{look.colon.replace("  ", "&nbsp; ")}</span>'
    before, later = (stamp, "") if look.time == "before" else ("", stamp)
    body = (
        f"{before}{marks}{name}{after}{colon}<span class=x>{e(text)}</span>{painted}{follow}{later}"
    )
    return f"<div {attrs}>{face}<div class=b>{body}</div></div>"


def notice(rng: random.Random, look: Look, lang: str) -> str:
    """Who came, gave or bought; now and then the platform's own words."""
    own = tongue(lang)
    name = rng.choice(words()["masked"] if look.masked > 0.5 else words()["names"][own])
    text = rng.choice(words()["notices"][own]).format(name)
    if rng.random() < 0.12:
        text = rng.choice(words()["rules"][own])
    return f'<div class="c n" data-k=notice style="{look.notice}"><div class=b>{html.escape(text)}</div></div>'


def list_html(rng: random.Random, look: Look, lang: str, only: int | None) -> str:
    """The list, newest last; `only` some comments where given."""
    rows = [comment(rng, look, u, t) for u, t in people(rng, lang, only or 30, look.masked)]
    if only is None or rng.random() < 0.3:
        for _ in range(rng.randint(1, 4) if only is None else 1):
            rows.insert(rng.randint(max(0, len(rows) - 9), len(rows)), notice(rng, look, lang))
    return "".join(rows)


@dataclass(frozen=True)
class Sizes:
    """A frame in pixels, and a list's em."""

    width: int
    height: int
    em: float


def sheet(rng: random.Random, look: Look, size: Sizes) -> str:
    """The rules of a page."""
    x0, y0, x1, y1 = look.area
    left, top = x0 * size.width, y0 * size.height
    pad = size.em * 0.8 if look.panel else 0
    flow = rng.uniform(1.2, 1.55)
    gap = rng.uniform(0.12, 0.75) if look.form == "inline" else rng.uniform(0.35, 0.9)
    mask = (
        "-webkit-mask-image:linear-gradient(transparent,#000 18%);"
        if rng.random() < look.fade
        else ""
    )
    return f"""*{{box-sizing:border-box;margin:0}}
body{{width:{size.width}px;height:{size.height}px;overflow:hidden;position:relative;font-family:{rng.choice(FACES)},sans-serif;
 background:url(scene.bmp) 0 0/100% 100%;font-size:{size.em:.2f}px}}
.clip{{position:absolute;left:{left:.1f}px;top:{top:.1f}px;width:{(x1 - x0) * size.width:.1f}px;height:{(y1 - y0) * size.height:.1f}px;
 overflow:hidden;display:flex;flex-direction:column;justify-content:flex-end;padding:0 {pad:.1f}px;{mask}}}
.list{{display:flex;flex-direction:column;gap:{gap:.2f}em;line-height:{flow:.2f};color:{look.text};flex-shrink:0}}
.c{{display:flex;gap:.45em;flex-shrink:0;max-width:100%}}.b{{min-width:0;overflow-wrap:anywhere}}
.n{{{look.notice}}}.h{{display:flex;align-items:center;gap:.3em}}.h .w{{margin-left:auto;padding-left:1em}}
.av{{width:{look.avatar:.2f}em;height:{look.avatar:.2f}em;border-radius:50%;flex:none}}
.m{{display:inline-block;font-size:.72em;line-height:1.35;padding:0 .35em;border-radius:.3em;color:#fff;margin-right:.3em;vertical-align:.08em;font-weight:700;text-shadow:none}}
.w{{font-size:.82em;color:#8f9096;margin-right:.5em;white-space:nowrap;font-weight:400}}
.f{{font-size:.75em;background:#ff3b5c;color:#fff;border-radius:1em;padding:0 .6em;margin-left:.5em}}
.e{{display:inline-block;width:1.05em;height:1.05em;border-radius:50%;vertical-align:-.15em;box-shadow:inset .25em -.3em 0 #0002}}
.abs{{position:absolute;white-space:nowrap}}{look.css}"""
