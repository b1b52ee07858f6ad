"""Forms of lists, told by their geometry; ranges to draw one from. Sizes in em of the writing."""

import random
from collections.abc import Callable
from dataclasses import dataclass

PALE = ("#bfe9ff", "#ffe6a8", "#c9f7d9", "#ffd0de", "#d9d4ff", "#ffdfc2")
CLEAR = ("#49b8ff", "#ffb020", "#38d39f", "#ff6f91", "#a78bfa")
VEIL = (
    "rgba(255,255,255,.65)",
    "rgba(255,255,255,.75)",
    "rgba(255,255,255,.55)",
    "#dcdce0",
    "#c9cbd0",
)
INK = ("#5b616b", "#7a7f89", "#0a66c2", "#b3541e", "#6b4fbb", "#2e7d5b")
FACES = (
    "'Noto Sans CJK SC'", "'WenQuanYi Micro Hei'", "'DejaVu Sans','Noto Sans CJK SC'",
    "'DejaVu Sans Condensed','WenQuanYi Micro Hei'", "'Noto Serif CJK SC'",
    "'Liberation Sans','Noto Sans CJK SC'",
)  # fmt: skip


@dataclass
class Form:
    """One list: its place in parts of the frame, its em in parts of the width, and its rules.

    `face` is the width of round pictures, `initials` and `likes` the shares of comments with a
    letter on them and with a count at the right; `top` lets the list begin at its upper edge.
    """

    area: tuple[float, float, float, float]
    em: float
    names: tuple[str, ...]
    ink: str
    above: bool = False
    colon: str = ""
    css: str = ""
    face: float = 0.0
    initials: float = 0.0
    likes: float = 0.0
    marks: float = 0.0
    marks_after: float = 0.0
    masked: bool = False
    foot: str = ""
    time: str = ""
    ground: str = ""
    wide: bool = False
    top: bool = False
    langs: tuple[str, ...] = ("zh", "en", "mixed")


def foot(rng: random.Random) -> tuple[float, float, float, float]:
    """The lower left of a phone's screen."""
    top = rng.uniform(0.48, 0.66)
    return rng.uniform(0.012, 0.06), top, rng.uniform(0.6, 0.86), rng.uniform(0.82, 0.92)


def shadow(rng: random.Random) -> str:
    """What keeps white writing on a picture legible, or hardly."""
    return rng.choice(
        [
            "text-shadow:0 1px 1px rgba(0,0,0,.3);",
            "text-shadow:0 0 2px rgba(0,0,0,.5);",
            "text-shadow:0 1px 3px rgba(0,0,0,.6);",
            "text-shadow:1px 1px 0 rgba(0,0,0,.45);",
        ]
    )


def bubble(ground: str, rng: random.Random) -> str:
    """Each comment on its own ground, as wide as its text."""
    high, wide = rng.uniform(0.08, 0.42), rng.uniform(0.35, 0.9)
    return f".c{{background:{ground};padding:{high:.2f}em {wide:.2f}em;border-radius:{rng.choice([0.25, 0.7, 1.2])}em;width:fit-content}}"  # noqa: E501


def veil(rng: random.Random) -> str:
    """A thin veil: black, or a tinge of the app's colour."""
    colour = rng.choice(["0,0,0", "0,0,0", "20,20,40", "60,20,30", "90,90,90"])
    return f"rgba({colour},{rng.uniform(0.14, 0.5):.2f})"


def bubbles(rng: random.Random) -> Form:
    """Thin dark bubbles on the picture; name, colon or none, text."""
    names = rng.choice([PALE, PALE[:1], PALE[1:2], VEIL[:1], CLEAR, CLEAR[:2]])
    return Form(
        foot(rng),
        rng.uniform(0.03, 0.043),
        names,
        "#fff",
        colon=rng.choice(["：", "：", ": ", " ", "  "]),
        css=bubble(veil(rng), rng) + rng.choice(["", f".list{{{shadow(rng)}}}"]),
        marks=rng.choice([0.2, 0.6]),
        langs=("zh", "zh", "mixed", "en"),
    )


def bare(rng: random.Random) -> Form:
    """Straight on the picture; the name pale or see-through, the text white."""
    weight = rng.choice(
        ["", ".u{font-weight:700}", ".u{font-weight:500}", ".list{font-weight:500}"]
    )
    return Form(
        foot(rng),
        rng.uniform(0.031, 0.045),
        rng.choice([VEIL[:1], VEIL[1:2], VEIL[3:4], PALE[1:2], PALE]),
        "#fff",
        colon=rng.choice([" ", "  ", ": ", "："]),
        css=f".list{{{shadow(rng)}}}{weight}",
        marks=0.3,
        face=rng.choice([0, 0, 1.4, 1.8]),
        initials=rng.choice([0, 1]),
        langs=("zh", "en", "es", "mixed"),
    )


def stacked(rng: random.Random) -> Form:
    """A round picture, the name above the text; sometimes `3m  Reply` beneath."""
    small = rng.uniform(0.78, 1.0)
    bold = rng.choice([400, 500, 600, 700])
    return Form(
        foot(rng),
        rng.uniform(0.03, 0.041),
        rng.choice([VEIL[:1], VEIL[1:2], ("#fff",), VEIL[4:5]]),
        "#fff",
        above=True,
        css=f".list{{{shadow(rng)}}}.u{{font-weight:{bold};font-size:{small:.2f}em}}",
        face=rng.uniform(1.8, 2.6),
        initials=rng.choice([0, 0, 1]),
        marks=rng.choice([0, 0.3]),
        marks_after=rng.choice([0, 0.25]),
        foot=rng.choice(["", "", "reply"]),
        langs=("en", "en", "es", "other", "zh"),
    )


def market(rng: random.Random) -> Form:
    """A shop's list: small writing, name and text run on without colon, seller's marks."""
    style = rng.choice([bubble(veil(rng), rng), f".list{{{shadow(rng)}}}"])
    bold = rng.choice(["", ".u{font-weight:700}", ".x{font-weight:500}"])
    return Form(
        foot(rng),
        rng.uniform(0.028, 0.037),
        rng.choice([PALE[1:2], PALE[5:6], VEIL[:1], PALE[:1], ("#ffd9a0",), ("#9fe0d0",)]),
        "#fff",
        colon=rng.choice([" ", "  ", "   "]),
        css=style + bold,
        face=rng.choice([0, 1.3]),
        initials=rng.choice([0, 1]),
        marks=0.2,
        masked=rng.random() < 0.15,
        langs=("en", "other", "other", "es", "zh"),
    )


def masked(rng: random.Random) -> Form:
    """Masked names, a colon or none, on dark or pale bubbles."""
    pale = rng.random() < 0.35
    ground = f"rgba(255,255,255,{rng.uniform(0.6, 0.92):.2f})" if pale else veil(rng)
    return Form(
        foot(rng),
        rng.uniform(0.03, 0.04),
        ("#e85d04", "#7048e8")[rng.randrange(2) :][:1] if pale else PALE[1:2],
        "#262626" if pale else "#fff",
        colon=rng.choice(["：", ": ", " ", "  "]),
        css=bubble(ground, rng),
        marks=0.35,
        masked=True,
        langs=("zh", "zh", "mixed"),
    )


def beneath(rng: random.Random) -> Form:
    """A phone held upright, the video at the top, the list on plain ground beneath."""
    dark = rng.random() < 0.5
    above = rng.random() < 0.4
    top = rng.uniform(0.36, 0.46)
    return Form(
        (0.0, top, 1.0, rng.uniform(0.88, 0.92)),
        rng.uniform(0.03, 0.039),
        rng.choice([VEIL[4:5], CLEAR, PALE[:1]]) if dark else rng.choice([INK[:1], INK[1:2], INK]),
        "#f1f1f3" if dark else "#17181b",
        above=above,
        colon="" if above else rng.choice([": ", "：", "  ", " "]),
        css=rng.choice(
            ["", ".u{font-weight:600}", ".c{border-bottom:1px solid #8882;padding-bottom:.3em}"]
        ),
        face=rng.choice([0, 1.5, 2.0]),
        initials=rng.choice([0, 1]),
        likes=rng.choice([0, 0.5]),
        marks=0.2,
        time=rng.choice(["", "", "after"]) if above else "",
        ground="#17181c" if dark else rng.choice(["#ffffff", "#f6f6f8"]),
        top=rng.random() < 0.3,
        langs=("zh", "en", "mixed"),
    )


def column(rng: random.Random) -> Form:
    """A column beside a wide picture; rows striped, boxed or bare."""
    dark = rng.random() < 0.5
    above = rng.random() < 0.45
    wide = rng.uniform(0.2, 0.33)
    left = 0.0 if rng.random() < 0.2 else 1 - wide
    stripes = rng.choice(
        [
            "",
            ".c:nth-child(odd){background:#8881}",
            ".c{background:#8882;border-radius:.4em;padding:.35em .5em}",
        ]
    )
    return Form(
        (left, rng.uniform(0.05, 0.2), left + wide, rng.uniform(0.8, 0.93)),
        rng.uniform(0.0102, 0.0145),
        rng.choice([VEIL[4:5], CLEAR]) if dark else rng.choice([INK[:1], INK, INK[2:3]]),
        "#ececf0" if dark else "#1d1e22",
        above=above,
        colon="" if above else rng.choice([": ", "：", " ", "  "]),
        css=stripes + rng.choice(["", ".u{font-weight:700}", ".u{font-weight:500}"]),
        face=rng.choice([0, 1.6, 2.1]),
        initials=rng.choice([0, 1]),
        marks=0.25,
        marks_after=0.1,
        time=rng.choice(["", "before", "after"]),
        ground="#1e1f24" if dark else "#fff",
        wide=True,
        langs=("en", "zh", "mixed", "es"),
    )


def overlay(rng: random.Random) -> Form:
    """A box laid over a wide picture, outlined writing, bold names of many colours."""
    left = rng.choice([rng.uniform(0.01, 0.05), rng.uniform(0.66, 0.7)])
    top = rng.uniform(0.2, 0.5)
    return Form(
        (left, top, left + rng.uniform(0.24, 0.3), top + rng.uniform(0.35, 0.48)),
        rng.uniform(0.012, 0.016),
        CLEAR,
        "#fff",
        colon=rng.choice([": ", " ", "："]),
        css=".u{font-weight:700}.list{text-shadow:0 0 2px #000,0 1px 2px #000}"
        + rng.choice(["", bubble(veil(rng), rng)]),
        marks=0.2,
        wide=True,
        langs=("en", "zh", "mixed"),
    )


FORMS: dict[str, Callable[[random.Random], Form]] = {
    one.__name__: one for one in (bubbles, bare, stacked, market, masked, beneath, column, overlay)
}
