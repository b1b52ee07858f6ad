"""How the lists of well-known apps are set, as CSS and HTML; sizes in em of the comments' writing.

Every app is a function of a random generator that gives a `Look`; the ranges are what screenshots
of the apps show over their versions, not any one version.
"""

# ruff: noqa: E501 -- markup is not wrapped

import random
from collections.abc import Callable

from training.comment_frames_b.looks import Look

WARM = ("#ffd479", "#ffb86b", "#ffe9b0", "#f7c59f")
COOL = ("#8ce8ff", "#9ad0ff", "#a5f0d0", "#b9b6ff")
VIVID = ("#ff7f50", "#1e90ff", "#00c07a", "#c56cf0", "#ff4f81", "#daa520", "#5f9ea0", "#9acd32")
DEEP = ("#0b5fff", "#b0004e", "#007a4d", "#7a3cff", "#a35200")
FACES = (
    "'Noto Sans CJK SC'", "'DejaVu Sans Condensed','Noto Sans CJK SC'", "'WenQuanYi Micro Hei'",
    "'DejaVu Sans','Noto Sans CJK SC'", "'Noto Sans CJK JP'",
)  # fmt: skip


def shade(rng: random.Random) -> str:
    """A shadow under white writing on video."""
    return rng.choice(
        [
            "text-shadow:0 .05em .12em rgba(0,0,0,.55);",
            "text-shadow:0 0 .14em rgba(0,0,0,.8);",
            "text-shadow:.04em .05em 0 rgba(0,0,0,.4);",
            "text-shadow:0 1px 2px rgba(0,0,0,.35);",
            "-webkit-text-stroke:.02em rgba(0,0,0,.35);",
        ]
    )


def low(rng: random.Random, top: float = 0.5) -> tuple[float, float, float, float]:
    """The lower left of a phone's screen."""
    return (
        rng.uniform(0.015, 0.05),
        rng.uniform(top, top + 0.16),
        rng.uniform(0.64, 0.84),
        rng.uniform(0.83, 0.915),
    )


def side(rng: random.Random) -> tuple[float, float, float, float]:
    """A panel at the right, sometimes at the left, of a computer's screen."""
    wide = rng.uniform(0.22, 0.34)
    area = (1 - wide, rng.uniform(0.06, 0.16), 1.0, rng.uniform(0.82, 0.92))
    return area if rng.random() < 0.85 else (0.0, area[1], wide, area[3])


def _bubble(rng: random.Random, ground: str, radius: float | None = None) -> str:
    pad = f"{rng.uniform(0.1, 0.35):.2f}em {rng.uniform(0.35, 0.75):.2f}em"
    radius = rng.choice([0.3, 0.6, 1.0]) if radius is None else radius
    return f".c{{background:{ground};padding:{pad};border-radius:{radius}em;width:fit-content}}"


def black(rng: random.Random, least: float = 0.12, most: float = 0.45) -> str:
    """A see-through black."""
    return f"rgba(0,0,0,{rng.uniform(least, most):.2f})"


def tiktok(rng: random.Random) -> Look:
    """Grey name above white text, round picture; later versions let a bold name lead."""
    stacked = rng.random() < 0.75
    grey = rng.choice(["rgba(255,255,255,.75)", "rgba(255,255,255,.6)", "#cfcfd2", "#e2e2e2"])
    css = shade(rng) + rng.choice(["", "font-weight:500;", "letter-spacing:-.01em;"])
    name = "font-weight:600;" if rng.random() < 0.5 else ""
    small = rng.uniform(0.84, 1.0)
    return Look(
        "stacked" if stacked else "inline",
        low(rng, 0.52),
        rng.uniform(0.032, 0.041),
        (grey,),
        "#fff",
        f".list{{{css}}}.u{{{name}font-size:{small:.2f}em}}",
        colon=" ",
        avatar=rng.uniform(1.9, 2.6),
        badge=0.25,
        badge_after=0.1,
        fade=0.4,
        langs=("en", "en", "es", "other", "mixed"),
        notice="color:" + rng.choice(["rgba(255,255,255,.7)", "#fff", "#ffe08a"]),
    )


def douyin(rng: random.Random) -> Look:
    """Rounded dark bubbles, coloured name and a full-width colon, marks before the name."""
    return Look(
        "inline",
        low(rng),
        rng.uniform(0.033, 0.042),
        rng.choice([COOL[:1], COOL[1:2], COOL + WARM, ("#8ce8ff", "#ffd479")]),
        "#fff",
        _bubble(rng, black(rng)) + f".list{{{rng.choice(['', shade(rng)])}}}",
        colon="：",
        badge=0.5,
        fade=0.5,
        notice="color:" + rng.choice(COOL + WARM),
        langs=("zh", "zh", "zh", "mixed"),
    )


def kuaishou(rng: random.Random) -> Look:
    """Larger writing, straight on the picture or on faint bubbles; name in cream or sky."""
    css = f".list{{{shade(rng)}font-weight:{rng.choice([400, 500, 700])}}}"
    if rng.random() < 0.5:
        css += _bubble(rng, black(rng, 0.08, 0.3), rng.choice([0.2, 1.0]))
    return Look(
        "inline",
        low(rng),
        rng.uniform(0.036, 0.046),
        rng.choice([WARM[:1], WARM[2:3], COOL[1:2], ("#ffffffb0",)]),
        "#fff",
        css,
        colon=rng.choice(["：", ": ", " "]),
        badge=0.35,
        notice="color:" + rng.choice(WARM),
        langs=("zh", "zh", "mixed"),
    )


def taobao(rng: random.Random) -> Look:
    """Masked names and a colon on dark or light bubbles, a follow button or a mark within."""
    light = rng.random() < 0.35
    ground = f"rgba(255,255,255,{rng.uniform(0.7, 0.95):.2f})" if light else black(rng, 0.15, 0.5)
    return Look(
        "inline",
        low(rng),
        rng.uniform(0.031, 0.039),
        ("#ff6a00", "#8a6bff") if light else (rng.choice([*WARM, *COOL, "#dcdcdc"]),),
        "#222" if light else "#fff",
        _bubble(rng, ground),
        colon=rng.choice(["：", ": ", " : ", " "]),
        badge=0.3,
        masked=rng.choice([0.0, 0.8, 1.0]),
        follow=rng.choice([0.0, 0.1]),
        notice="color:" + ("#c60" if light else "#ffd479"),
        langs=("zh", "zh", "mixed"),
    )


def instagram(rng: random.Random) -> Look:
    """Round picture, bold name above the text, both white, over a dark foot."""
    return Look(
        "stacked",
        low(rng, 0.5),
        rng.uniform(0.031, 0.039),
        ("#fff",),
        "#fff",
        f".list{{{shade(rng)}}}.u{{font-weight:700}}.u,.x{{line-height:{rng.uniform(1.15, 1.35):.2f}}}",
        avatar=rng.uniform(2.1, 2.7),
        badge_after=0.12,
        fade=0.6,
        notice="font-weight:" + rng.choice(["400", "700"]),
        langs=("en", "en", "es", "other", "ja"),
    )


def shopee(rng: random.Random) -> Look:
    """Name and text run on, told apart by colour or weight alone, bubbles or none."""
    css = _bubble(rng, black(rng, 0.15, 0.4)) if rng.random() < 0.6 else f".list{{{shade(rng)}}}"
    bold = ".u{font-weight:700}" if rng.random() < 0.5 else ""
    return Look(
        "inline",
        low(rng),
        rng.uniform(0.031, 0.038),
        (rng.choice([*WARM, "#cfd8dc", "#b8e0ff"]),),
        "#fff",
        css + bold,
        colon=rng.choice([" ", "  ", ": "]),
        avatar=rng.choice([0, 0, 1.5]),
        badge=0.15,
        notice="color:" + rng.choice(WARM),
        langs=("en", "other", "other", "es", "mixed"),
    )


def youtube(rng: random.Random) -> Look:
    """A side panel: time, picture, grey name, then the text on the same line, wrapped below."""
    dark = rng.random() < 0.5
    return Look(
        "inline",
        side(rng),
        rng.uniform(0.0105, 0.0145),
        ("#aaaaaa" if dark else "#606060",) if rng.random() < 0.7 else ("#8a8a8a", "#5e84f1"),
        "#f1f1f1" if dark else "#0f0f0f",
        f".u{{font-weight:{rng.choice([500, 700])};margin-right:.6em}}"
        f".c{{padding:{rng.uniform(0.15, 0.35):.2f}em 0}}",
        colon=" ",
        avatar=rng.uniform(1.6, 2.0),
        badge_after=0.12,
        time=rng.choice(["before", "none"]),
        panel="#0f0f0f" if dark else "#ffffff",
        wide=True,
        notice="color:#888",
        langs=("en", "en", "es", "ja", "mixed"),
    )


def twitch(rng: random.Random) -> Look:
    """A side panel: coloured bold name, colon, text; small square marks before the name."""
    dark = rng.random() < 0.7
    return Look(
        "inline",
        side(rng),
        rng.uniform(0.0105, 0.0145),
        VIVID if dark else DEEP,
        "#efeff1" if dark else "#0e0e10",
        f".u{{font-weight:{rng.choice([400, 700])}}}.c{{padding:{rng.uniform(0.1, 0.4):.2f}em 0}}",
        colon=": ",
        badge=0.3,
        time=rng.choice(["none", "none", "before"]),
        panel="#18181b" if dark else "#ffffff",
        wide=True,
        notice="color:#9a9aa6",
        langs=("en", "en", "es", "mixed"),
    )


def facebook(rng: random.Random) -> Look:
    """Bubbles with a bold name above the text; light grey on white or see-through on video."""
    wide = rng.random() < 0.4
    light = wide and rng.random() < 0.6
    ground = "#f0f2f5" if light else "#3a3b3c" if wide else black(rng, 0.3, 0.55)
    ink = "#050505" if light else "#f5f6f7"
    pad = f"{rng.uniform(0.3, 0.5):.2f}em {rng.uniform(0.6, 0.9):.2f}em"
    return Look(
        "stacked",
        side(rng) if wide else low(rng),
        rng.uniform(0.011, 0.0145) if wide else rng.uniform(0.03, 0.036),
        (ink,),
        ink,
        f".b{{background:{ground};border-radius:1.1em;padding:{pad};width:fit-content}}.u{{font-weight:700;font-size:{rng.uniform(0.86, 1):.2f}em}}",
        avatar=rng.uniform(2.0, 2.4),
        badge_after=0.1,
        panel=("#fff" if light else "#242526") if wide else "",
        wide=wide,
        notice="color:" + ("#65676b" if light else "#d0d2d6"),
        langs=("en", "es", "other", "zh"),
    )


def bilibili(rng: random.Random) -> Look:
    """A side panel: fan mark, coloured or grey name, colon, text; or a phone's lower left."""
    wide = rng.random() < 0.6
    light = wide and rng.random() < 0.7
    return Look(
        "inline",
        side(rng) if wide else low(rng),
        rng.uniform(0.0105, 0.014) if wide else rng.uniform(0.032, 0.04),
        (rng.choice(["#999999", "#00a1d6", "#fb7299"]),)
        if light
        else (rng.choice(["#9ad0ff", "#c0c0c8"]),),
        "#333" if light else "#f4f4f4",
        f".c{{padding:{rng.uniform(0.1, 0.3):.2f}em 0}}"
        + ("" if wide else _bubble(rng, black(rng))),
        colon=rng.choice([" : ", "：", ": "]),
        badge=0.45,
        panel=("#ffffff" if light else "#1b1c20") if wide else "",
        wide=wide,
        notice="color:" + ("#999" if light else "#b9bcc4"),
        langs=("zh", "zh", "ja", "mixed"),
    )


def wechat(rng: random.Random) -> Look:
    """Channels: bubbles, pale name, then a blank or colon; plain and small."""
    return Look(
        "inline",
        low(rng),
        rng.uniform(0.034, 0.041),
        (rng.choice(["rgba(255,255,255,.6)", "#d7c8a4", "#a9c7e8", "#f0d9a8"]),),
        "#fff",
        _bubble(rng, black(rng, 0.1, 0.35), rng.choice([0.3, 1.1])),
        colon=rng.choice(["：", " ", "  "]),
        badge=0.2,
        notice="color:rgba(255,255,255,.7)",
        langs=("zh", "zh", "mixed"),
    )


def xiaohongshu(rng: random.Random) -> Look:
    """Small pictures, a pale name, then white text on faint bubbles; or the name above."""
    stacked = rng.random() < 0.3
    return Look(
        "stacked" if stacked else "inline",
        low(rng),
        rng.uniform(0.032, 0.038),
        (rng.choice(["rgba(255,255,255,.65)", "#ffd6dc", "#d9e6ff"]),),
        "#fff",
        (f".list{{{shade(rng)}}}" if stacked else _bubble(rng, black(rng, 0.1, 0.35), 1.1)),
        colon=rng.choice(["  ", " ", "："]),
        avatar=1.3 if rng.random() < 0.5 else 0,
        badge=0.2,
        notice="color:#ffd6dc",
        langs=("zh", "zh", "mixed"),
    )


def web_panel(rng: random.Random) -> Look:
    """A web shop's live page: names above or before, a time at the right, much white."""
    dark = rng.random() < 0.35
    stacked = rng.random() < 0.55
    return Look(
        "stacked" if stacked else "inline",
        side(rng),
        rng.uniform(0.011, 0.0145),
        rng.choice([("#8b8f98",), ("#2962ff",), DEEP])
        if not dark
        else rng.choice([COOL, ("#8b8f98",)]),
        "#e8e8ea" if dark else "#1c1d20",
        f".c{{padding:{rng.uniform(0.2, 0.6):.2f}em 0;border-bottom:{rng.choice([0, 1])}px solid #8883}}"
        + rng.choice(["", ".u{font-weight:700}", ".u{font-size:.86em}" if stacked else ""]),
        colon=rng.choice([": ", "：", "  "]),
        avatar=rng.choice([0, 2.0]) if stacked else 0,
        badge=0.15,
        time=rng.choice(["after", "none", "before" if not stacked else "after"]),
        panel="#141519" if dark else rng.choice(["#fff", "#fafafa", "#f4f6f8"]),
        wide=True,
        notice="color:#8b8f98",
    )


APPS: dict[str, Callable[[random.Random], Look]] = {
    one.__name__: one
    for one in (
        tiktok, douyin, kuaishou, taobao, instagram, shopee, youtube, twitch, facebook, bilibili,
        wechat, xiaohongshu, web_panel,
    )
}  # fmt: skip
