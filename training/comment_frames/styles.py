"""How each layout looks: ranges to draw a style from."""

import random
from dataclasses import dataclass, replace

from training.comment_frames.pens import Colour

Pair = tuple[float, float]
GREYS: tuple[Colour, ...] = ((200, 200, 205), (180, 182, 190), (215, 215, 215))
PASTELS: tuple[Colour, ...] = (
    (140, 200, 255),
    (255, 205, 120),
    (160, 235, 200),
    (255, 160, 190),
    (200, 175, 255),
    (120, 225, 235),
)


@dataclass(frozen=True)
class Style:
    """One list of comments; sizes in parts of the frame's width or in em of the text."""

    mode: str
    em: float
    area: tuple[float, float, float, float]
    names: tuple[Colour, ...]
    text: Colour
    colon: str = ""
    bubble: tuple[Colour, float] | None = None
    pad: float = 0.0
    radius: float = 0.6
    avatar: float = 0.0
    badges: float = 0.0
    name_em: float = 1.0
    name_face: str = "sans"
    text_face: str = "sans"
    pitch: float = 1.35
    inner: float = 1.25
    gap: float = 0.6
    shadow: float = 0.5
    outline: int = 0
    masked: bool = False
    times: bool = False
    paper: Colour | None = None
    odd: bool = False


def draw_style(rng: random.Random, layout: str) -> Style:
    """A style of `layout`, its colours, faces and distances drawn from wide ranges."""
    sans = rng.choice(["sans", "sans", "hei", "dejavu", "bold"])
    latin = rng.choice(["sans", "hei", "dejavu", "condensed"])
    white = rng.choice([(255, 255, 255), (250, 250, 250), (240, 240, 240)])
    left, right = rng.uniform(0.02, 0.05), rng.uniform(0.66, 0.82)
    top, bottom = rng.uniform(0.45, 0.66), rng.uniform(0.84, 0.91)
    area = (left, top, right, bottom)
    if layout == "tiktok":
        return Style(
            "above",
            rng.uniform(0.031, 0.04),
            area,
            (rng.choice(GREYS),),
            white,
            avatar=rng.choice([1.9, 2.2, 2.5]),
            badges=0.3,
            name_em=rng.uniform(0.85, 1.0),
            text_face=latin,
            name_face=rng.choice([latin, "bold"]),
            pitch=rng.uniform(1.25, 1.4),
            inner=rng.uniform(1.15, 1.35),
            gap=rng.uniform(0.4, 1.0),
            shadow=rng.uniform(0.3, 0.9),
        )
    if layout == "instagram":
        bubble = ((0, 0, 0), rng.uniform(0.1, 0.3)) if rng.random() < 0.2 else None
        return Style(
            "above",
            rng.uniform(0.031, 0.038),
            area,
            (white,),
            white,
            avatar=rng.choice([2.0, 2.3]),
            name_face="bold",
            bubble=bubble,
            pad=0.3 if bubble else 0,
            text_face=rng.choice(["sans", "hei"]),
            inner=rng.uniform(1.2, 1.35),
            gap=rng.uniform(0.5, 1.1),
            shadow=rng.uniform(0.2, 0.7),
        )
    if layout == "douyin":
        return Style(
            "inline",
            rng.uniform(0.031, 0.04),
            area,
            PASTELS[: rng.choice([1, 6])],
            white,
            colon="：",
            bubble=((0, 0, 0), rng.uniform(0.2, 0.5)),
            pad=rng.uniform(0.25, 0.5),
            badges=0.5,
            text_face=sans,
            name_face=sans,
            gap=rng.uniform(0.2, 0.5),
            shadow=rng.choice([0, 0.4]),
        )
    if layout == "kuaishou":
        bubble = (
            ((rng.choice([(0, 0, 0), (40, 40, 60)])), rng.uniform(0.2, 0.4))
            if rng.random() < 0.6
            else None
        )
        return Style(
            "inline",
            rng.uniform(0.036, 0.045),
            area,
            (rng.choice([*PASTELS, (255, 220, 150)]),),
            white,
            colon=rng.choice(["：", ":"]),
            bubble=bubble,
            pad=0.35 if bubble else 0.0,
            radius=rng.choice([0.2, 0.9]),
            badges=0.4,
            text_face=sans,
            name_face=rng.choice([sans, "bold"]),
            gap=rng.uniform(0.25, 0.6),
            shadow=rng.uniform(0.2, 0.7),
        )
    if layout == "taobao":
        return Style(
            "inline",
            rng.uniform(0.03, 0.038),
            area,
            (rng.choice([(255, 200, 130), (255, 225, 190), (150, 215, 255), (220, 220, 220)]),),
            white,
            colon=rng.choice(["：", ":", " "]),
            bubble=(rng.choice([(0, 0, 0), (60, 30, 30)]), rng.uniform(0.2, 0.45)),
            pad=rng.uniform(0.25, 0.45),
            badges=0.25,
            text_face=sans,
            name_face=sans,
            gap=rng.uniform(0.2, 0.45),
            masked=True,
            shadow=0,
        )
    if layout == "shopee":
        bubble = ((0, 0, 0), rng.uniform(0.15, 0.35)) if rng.random() < 0.5 else None
        return Style(
            "inline",
            rng.uniform(0.031, 0.038),
            area,
            (rng.choice([(255, 190, 120), (180, 220, 255), (200, 200, 200), (255, 225, 130)]),),
            white,
            colon=rng.choice(["  ", " "]),
            bubble=bubble,
            pad=0.35 if bubble else 0,
            avatar=rng.choice([0, 0, 1.4]),
            text_face=latin,
            name_face=rng.choice([latin, "dejavu-bold", "bold"]),
            gap=rng.uniform(0.3, 0.6),
            shadow=rng.uniform(0.3, 0.7),
        )
    if layout in ("panel-inline", "panel-above"):
        dark = rng.random() < 0.5
        paper = (
            rng.choice([(24, 24, 27), (14, 14, 16), (35, 38, 46)])
            if dark
            else rng.choice([(255, 255, 255), (247, 247, 250)])
        )
        text = (235, 235, 240) if dark else (25, 25, 30)
        names = rng.choice(
            [
                GREYS[:1] if dark else ((130, 130, 138),),
                ((110, 170, 255),) if dark else ((50, 100, 200),),
                PASTELS if dark else ((200, 60, 60), (40, 110, 200), (30, 140, 80), (150, 60, 180)),
            ]
        )
        side = rng.random() < 0.85
        wide = rng.uniform(0.24, 0.32)
        area = (1 - wide + 0.012, 0.14, 0.988, 0.88) if side else (0.012, 0.14, wide - 0.012, 0.88)
        above = layout == "panel-above"
        return Style(
            "above" if above else "inline",
            rng.uniform(0.0115, 0.0145),
            area,
            names,
            text,
            colon="" if above else rng.choice([": ", "：", "  "]),
            avatar=rng.choice([0, 1.8]),
            name_face=rng.choice([latin, "bold"]),
            text_face=latin,
            pitch=rng.uniform(1.3, 1.5),
            inner=rng.uniform(1.25, 1.5),
            gap=rng.uniform(0.4, 1.0),
            shadow=0,
            times=rng.random() < 0.5,
            paper=paper,
            badges=0.15,
        )
    return Style(
        "danmaku",
        rng.uniform(0.017, 0.026),
        (0, 0.03, 1, rng.choice([0.4, 0.6, 0.95])),
        (),
        white,
        text_face=rng.choice(["sans", "bold", "hei"]),
        outline=rng.choice([1, 1, 2]),
        shadow=rng.choice([0, 0.7]),
        pitch=rng.uniform(1.4, 1.9),
    )


SIZES = {
    "portrait": (
        (360, 640),
        (480, 854),
        (540, 960),
        (720, 1280),
        (720, 1560),
        (750, 1334),
        (1080, 1920),
        (1080, 2340),
    ),
    "landscape": ((1280, 720), (1600, 900), (1920, 1080)),
}
LAYOUTS = (
    "tiktok",
    "douyin",
    "kuaishou",
    "taobao",
    "instagram",
    "shopee",
    "panel-inline",
    "panel-above",
    "danmaku",
)


def make_odd(rng: random.Random, style: Style) -> Style:
    """A style pushed out of its layout's usual range: tighter, plainer, in other colours."""
    changes: dict = {
        "odd": True,
        "gap": style.gap * rng.uniform(0.5, 1.3),
        "pitch": rng.uniform(1.2, 1.6),
    }
    if style.mode == "above":
        changes["inner"] = rng.uniform(1.1, 1.6)
        changes["gap"] = max(changes["gap"], changes["inner"] - changes["pitch"] + 0.3)
        changes["name_em"] = rng.uniform(0.75, 1.1)
        if style.paper is None:
            changes["names"] = (
                rng.choice([(255, 255, 255), (255, 214, 120), (150, 220, 255), (190, 190, 190)]),
            )
    elif style.mode == "inline":
        if style.colon.strip() and rng.random() < 0.4:
            changes["names"] = (style.text,)
        elif style.paper is None:
            changes["names"] = (
                rng.choice([(255, 190, 60), (255, 130, 130), (130, 255, 190), (190, 190, 255)]),
            )
        if style.paper is None and rng.random() < 0.3:
            changes["bubble"], changes["text"] = ((255, 255, 255), 0.75), (30, 30, 30)
            changes["names"], changes["pad"], changes["shadow"] = (
                ((120, 90, 200), (200, 90, 40)),
                0.4,
                0,
            )
    return replace(style, **changes)
