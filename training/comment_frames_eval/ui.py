# ruff: noqa: ANN001, ANN201, ANN202, ANN204, D102, RUF005
"""A live room's screen: rows of comments, notices, and what stands around them."""

import random
from dataclasses import dataclass, field

import draw
import numpy as np
from draw import WHITE, put, rrect, shorten, text, width, wrap
from PIL import Image


@dataclass
class Row:
    """A line of the list, drawn; rectangles are within ``img``."""

    img: Image.Image
    kind: str  # comment, join, gift, banner
    user: str | None
    words: str
    question: bool = False
    box: tuple = ()
    parts: list = field(default_factory=list)  # (name | line1…, rectangle)


@dataclass
class Comment:
    """A comment on the screen; rectangles are in pixels of the drawn frame."""

    user: str | None
    words: str
    question: bool
    box: list
    parts: list
    order: int
    seen: float = 1.0
    clip: tuple | None = None


class Screen:
    """What a layout draws on."""

    def __init__(self, rng: random.Random, img, lang, theme, hardness, deck):
        self.rng, self.img, self.lang, self.theme = rng, img, lang, theme
        self.hard, self.deck = hardness, deck
        self.w, self.h = img.size
        self.s = self.w / 375 if self.w < self.h else self.h / 420
        self.comments: list[Comment] = []
        self.others: list[dict] = []
        self.covers: list[tuple] = []
        self.chain = 0
        self.host = None
        small = "small_font" in hardness
        self.scale = rng.uniform(0.76, 0.84) if small else rng.uniform(0.95, 1.08)
        if lang == "zh":
            self.face = "tc" if deck.variant == "tw" else rng.choice(["noto", "noto", "wqy"])
        else:
            self.face = rng.choice(["noto", "noto", "wqy", "condensed", "dejavu"])

    def f(self, pt, bold=False, scaled=False):
        return draw.font(
            self.face, max(6, round(pt * self.s * (self.scale if scaled else 1))), bold
        )

    def other(self, kind, words, box):
        x0, y0, x1, y1 = box
        box = [max(0, int(x0)), max(0, int(y0)), min(self.w, int(x1)), min(self.h, int(y1))]
        if box[2] - box[0] > 4 and box[3] - box[1] > 4:
            self.others.append({"kind": kind, "text": words, "box": box})

    def say(self, zh, en, es):
        pick = {"zh": zh, "en": en, "es": es}[self.lang]
        return self.rng.choice(pick) if isinstance(pick, list) else pick

    def label(self, x, y, words, pt, fill=WHITE, bold=False, shadow=0.0):
        """Text whose line box begins at y; the answer is its box."""
        f = self.f(pt, bold)
        n = text(self.img, x, y + f.size * 1.0, words, f, fill, shadow)
        return (x, y, x + n, y + f.size * 1.3)

    # rows

    def notice(self, runs, st, kind, room):
        f = self.f(st["pt"], scaled=True)
        words = "".join(t for t, _ in runs)
        px, py = (v * self.s for v in st.get("pad", (0, 0)))
        px += st.get("indent", 0) * self.s
        lines = wrap(words, f, room - 2 * px)
        lh = f.size * 1.36
        w = max(width(t, f) for t in lines) + 2 * px
        h = lh * len(lines) + 2 * py
        img = Image.new("RGBA", (int(w + 6), int(h + 4)), (0, 0, 0, 0))
        if st.get("bubble"):
            rrect(img, (0, 0, w, h), st["radius"] * self.s, st["bubble"])
        if len(lines) == 1:
            x = px
            for t, c in runs:
                x += text(img, x, py + lh * 0.78, t, f, c, st.get("shadow", 0))
        else:
            for i, t in enumerate(lines):
                text(img, px, py + lh * (i + 0.78), t, f, runs[-1][1], st.get("shadow", 0))
        return Row(img, kind, None, words, box=(0, 0, w, h))

    def badge(self, words, fill, end=None, ink=WHITE, pt=9.0):
        f = self.f(pt, True, scaled=True)
        w, h = int(width(words, f) + 8 * self.s), int(f.size * 1.45)
        img = Image.new("RGBA", (w, h), (0, 0, 0, 0))
        rrect(img, (0, 0, w, h), h * 0.4, fill + (255,), gradient=(end + (255,)) if end else None)
        text(img, 4 * self.s, h * 0.76, words, f, ink)
        return img

    def inline(self, c, st, room, badges=()):
        """``user: comment`` in one flow, as a bubble or bare."""
        user, words, question = c
        f, fb = (
            self.f(st["pt"], scaled=True),
            self.f(st["pt"], st.get("bold_name", False), scaled=True),
        )
        px, py = (v * self.s for v in st.get("pad", (0, 0)))
        lh = f.size * st.get("lead", 1.36)
        gap = 4 * self.s
        face = 0.0
        if st.get("avatar"):
            face = st["avatar"] * self.s * self.scale + 5 * self.s
        head = sum(b.width + gap for b in badges)
        shown = shorten(user, fb, room * 0.5)
        sep = st.get("sep", "：")
        first = head + width(shown + sep, fb) + st.get("space", 0) * self.s
        inner = room - 2 * px - face
        lines = wrap(words, f, inner, first)
        wide = first + width(lines[0], f)
        w = max([wide] + [width(t, f) for t in lines[1:]]) + 2 * px + face
        h = max(lh * len(lines) + 2 * py, face and st["avatar"] * self.s * self.scale)
        img = Image.new("RGBA", (int(w + 8), int(h + 8)), (0, 0, 0, 0))
        if st.get("bubble"):
            rrect(img, (face and face - 2 * self.s, 0, w, h), st["radius"] * self.s, st["bubble"])
        if face:
            put(img, draw.avatar(self.rng, st["avatar"] * self.s * self.scale), 0, 0)
        x, base = px + face, py + lh * 0.78
        for b in badges:
            put(img, b, x, py + (lh - b.height) / 2)
            x += b.width + gap
        sh = st.get("shadow", 0)
        x2 = x + text(img, x, base, shown + sep, fb, st["ink_name"], sh)
        parts = [("name", (x, py, x2, py + lh))]
        x2 += st.get("space", 0) * self.s
        for i, t in enumerate(lines):
            at = x2 if i == 0 else px + face
            n = text(img, at, py + lh * (i + 0.78), t, f, st["ink"], sh)
            if t:
                parts.append((f"line{i + 1}", (at, py + lh * i, at + n, py + lh * (i + 1))))
        return Row(img, "comment", shown, words, question, (0, 0, w, h), parts)

    def stacked(self, c, st, room, badges=(), stamp=None):
        """The user's name above the comment, with an avatar at the left."""
        user, words, question = c
        f, fn = (
            self.f(st["pt"], scaled=True),
            self.f(st["pt_name"], st.get("bold_name", False), scaled=True),
        )
        px, py = (v * self.s for v in st.get("pad", (0, 0)))
        face = st["avatar"] * self.s * self.scale
        left = px + (face + 8 * self.s if face else 0)
        lh, ln = f.size * 1.34, fn.size * 1.42
        gap = 4 * self.s
        head = sum(b.width + gap for b in badges)
        tail = width(stamp, fn) + 8 * self.s if stamp else 0
        shown = shorten(user, fn, room - left - head - tail - px)
        lines = wrap(words, f, room - left - px)
        w = max([left + head + width(shown, fn) + tail] + [left + width(t, f) for t in lines]) + px
        h = max(ln + lh * len(lines), face) + 2 * py
        img = Image.new("RGBA", (int(w + 8), int(h + 8)), (0, 0, 0, 0))
        if st.get("bubble"):
            rrect(img, (0, 0, w, h), st["radius"] * self.s, st["bubble"])
        if face:
            put(img, draw.avatar(self.rng, face), px, py + 1 * self.s)
        x, sh = left, st.get("shadow", 0)
        after = st.get("badges_after")
        if not after:
            for b in badges:
                put(img, b, x, py + (ln - b.height) / 2)
                x += b.width + gap
        x2 = x + text(img, x, py + ln * 0.75, shown, fn, st["ink_name"], sh)
        parts = [("name", (x, py, x2, py + ln))]
        if after:
            x2 += gap
            for b in badges:
                put(img, b, x2, py + (ln - b.height) / 2)
                x2 += b.width + gap
        if stamp:
            text(img, x2 + 8 * self.s, py + ln * 0.75, stamp, fn, st["ink_stamp"], sh)
        for i, t in enumerate(lines):
            n = text(img, left, py + ln + lh * (i + 0.76), t, f, st["ink"], sh)
            parts.append(
                (f"line{i + 1}", (left, py + ln + lh * i, left + n, py + ln + lh * (i + 1)))
            )
        return Row(img, "comment", shown, words, question, (0, 0, w, h), parts)

    def stack(self, make, left, top, bottom, gap, fade=18.0, firm=False):
        """Fill an area from the bottom up; ``make`` gives the next row, newest first."""
        gap, fade = gap * self.s, fade * self.s
        cut = "scrolled" in self.hard
        if not firm:
            top = min(top, bottom - 0.29 * self.h)
        placed, y = [], float(bottom)
        while True:
            row = make(len(placed))
            if row is None:
                break
            y -= row.box[3]
            if y < top + fade * 0.8:
                if row.kind != "comment" and cut:
                    y += row.box[3]
                    continue
                if cut:
                    placed.append((row, y))
                break
            placed.append((row, y))
            y -= gap
        edge = float(top)
        if cut and placed:
            row, ry = placed[-1]
            edge = max(ry + row.box[3] * self.rng.uniform(0.45, 0.7), top if firm else 0)
        ramp = np.ones(self.h, np.float32)
        ramp[: int(edge)] = 0
        n = max(2, int(fade * (0.35 if cut else 1)))
        ramp[int(edge) : int(edge) + n] = np.linspace(0.1 if fade else 1, 1, n)[
            : len(ramp[int(edge) : int(edge) + n])
        ]
        layer = Image.new("RGBA", (self.w, self.h), (0, 0, 0, 0))
        for row, ry in placed:
            put(layer, row.img, left, ry)
        a = np.array(layer)
        a[..., 3] = (a[..., 3] * ramp[:, None]).astype("uint8")
        self.img.alpha_composite(Image.fromarray(a, "RGBA"))
        sure = edge + (n * 0.4 if cut else n * 0.5)
        for row, ry in reversed(placed):
            self.keep(row, left, ry, (0, sure if fade else edge, self.w, self.h), edge)
        return placed[-1][1] if placed else bottom

    def keep(self, row, left, y, clip, edge=0.0):
        def move(b):
            return [b[0] + left, b[1] + y, b[2] + left, b[3] + y]

        box = move(row.box)
        if row.kind != "comment":
            self.chain += 2
            self.other(row.kind, row.words, (box[0], max(box[1], edge), box[2], box[3]))
            return
        box[1] = max(box[1], edge)
        self.chain += 1
        self.comments.append(
            Comment(
                row.user,
                row.words,
                row.question,
                box,
                [(n, move(r)) for n, r in row.parts],
                self.chain,
                clip=clip,
            )
        )

    def cover(self, box):
        """Something opaque that now stands over what was drawn before."""
        self.covers.append((box, len(self.comments)))

    def settle(self):
        """How much of each comment's text can be seen."""
        for i, c in enumerate(self.comments):
            total = shown = 0.0
            for _, r in c.parts:
                area = max(1e-6, (r[2] - r[0]) * (r[3] - r[1]))
                left, top, right, bottom = r
                clip = c.clip or (0, 0, self.w, self.h)
                left, right = max(left, clip[0], 0), min(right, clip[2], self.w)
                top, bottom = max(top, clip[1], 0), min(bottom, clip[3], self.h)
                ok = max(0.0, right - left) * max(0.0, bottom - top)
                for b, n in self.covers:
                    if i < n:
                        ok -= max(0.0, min(right, b[2]) - max(left, b[0])) * max(
                            0.0, min(bottom, b[3]) - max(top, b[1])
                        )
                total += area
                shown += max(0.0, ok)
            c.seen = shown / total
            c.box = [
                max(0, c.box[0]),
                max(0, c.box[1]),
                min(self.w, c.box[2]),
                min(self.h, c.box[3]),
            ]
        self.comments = [
            c
            for c in self.comments
            if c.seen > 0.05 and c.box[3] - c.box[1] > 3 and c.box[2] - c.box[0] > 3
        ]

    # what is not comment

    def gift(
        self, x, y, who, what, count, colours=((240, 60, 120, 235), (120, 60, 220, 60)), pt=12.0
    ):
        s = self.s
        w, h = (170 + self.rng.randrange(20)) * s, 38 * s
        rrect(self.img, (x, y, x + w, y + h), h / 2, colours[0], gradient=colours[1])
        put(self.img, draw.avatar(self.rng, h * 0.86), x + h * 0.07, y + h * 0.07)
        room = w - h * 2.1
        name = shorten(who, self.f(pt, True), room)
        self.label(x + h + 4 * s, y + 3 * s, name, pt, WHITE, True)
        self.label(x + h + 4 * s, y + 19 * s, what, pt - 1.5, (255, 232, 170, 255))
        size = int(h * 0.9)
        if self.rng.random() < 0.6:
            c = draw.colour(self.rng, (0.6, 0.9), (0.8, 1.0))
            draw.heart(self.img, x + w - size * 0.6, y + h * 0.5, size * 0.42, c + (255,))
        else:
            icon = draw.disc(draw.goods(self.rng, self.theme, size).convert("RGB"), size)
            put(self.img, icon, x + w - size * 1.1, y + h * 0.05)
        f = self.f(20, True)
        text(
            self.img,
            x + w + 4 * s,
            y + h * 0.78,
            f"x{count}",
            f,
            (255, 220, 80, 255),
            0.8,
            max(1, int(s)),
            (200, 60, 30, 255),
        )
        box = (x, y, x + w + 4 * s + width(f"x{count}", f), y + h)
        self.other("gift", f"{name} {what} x{count}", box)
        self.cover((x, y, x + w * 0.95, y + h))
        return box

    def hearts(self, cx, bottom, top):
        for _ in range(self.rng.randrange(6, 12)):
            r = self.s * self.rng.uniform(5, 11)
            y = self.rng.uniform(top, bottom)
            c = draw.colour(self.rng, (0.4, 0.85), (0.85, 1.0)) + (self.rng.randrange(110, 220),)
            draw.heart(self.img, cx + self.rng.uniform(-18, 18) * self.s, y, r, c)

    def card(self, box, title, price, button, accent, old=None, tag=None, side=True):
        s = self.s
        x0, y0, x1, y1 = box
        rrect(self.img, box, 8 * s, (255, 255, 255, 245))
        if side:
            n = (y1 - y0) - 12 * s
            put(self.img, draw.goods(self.rng, self.theme, n, False), x0 + 6 * s, y0 + 6 * s)
            tx, ty, room = x0 + n + 13 * s, y0 + 7 * s, x1 - x0 - n - 20 * s
        else:
            n = (x1 - x0) - 12 * s
            put(self.img, draw.goods(self.rng, self.theme, n, False), x0 + 6 * s, y0 + 6 * s)
            tx, ty, room = x0 + 7 * s, y0 + n + 9 * s, x1 - x0 - 14 * s
        ink = (34, 34, 34, 255)
        title = shorten(title, self.f(12), room)
        self.label(tx, ty, title, 12, ink)
        words = [title, price]
        self.label(tx, ty + 18 * s, price, 15, accent + (255,), True)
        if old and side:
            at = tx + width(price, self.f(15, True)) + 6 * s
            b = self.label(at, ty + 21 * s, old, 10.5, (150, 150, 150, 255))
            rrect(
                self.img,
                (b[0], (b[1] + b[3]) / 2, b[2], (b[1] + b[3]) / 2 + max(1, s)),
                0,
                (150, 150, 150, 255),
            )
            words.append(old)
        f = self.f(11.5, True)
        bw = width(button, f) + 18 * s
        if side:
            by = y1 - 28 * s
            rrect(self.img, (x1 - bw - 6 * s, by, x1 - 6 * s, by + 22 * s), 11 * s, accent + (255,))
            text(self.img, x1 - bw + 3 * s, by + 15.5 * s, button, f)
        else:
            by = y1 - 27 * s
            rrect(self.img, (x0 + 6 * s, by, x1 - 6 * s, by + 21 * s), 5 * s, accent + (255,))
            text(self.img, (x0 + x1) / 2 - width(button, f) / 2, by + 15 * s, button, f)
        words.append(button)
        if tag:
            ft = self.f(9.5, True)
            rrect(
                self.img,
                (x0 + 6 * s, y0 + 6 * s, x0 + 14 * s + width(tag, ft), y0 + 20 * s),
                3 * s,
                accent + (240,),
            )
            text(self.img, x0 + 10 * s, y0 + 16.5 * s, tag, ft)
            words.append(tag)
        self.other("card", " ".join(words), box)
        self.cover(box)

    def pill(
        self,
        x,
        y,
        words,
        pt,
        fill,
        ink=WHITE,
        bold=False,
        kind=None,
        right=False,
        radius=None,
        end=None,
    ):
        s, f = self.s, self.f(pt, bold)
        w, h = width(words, f) + 16 * s, f.size * 1.75
        if right:
            x -= w
        rrect(
            self.img,
            (x, y, x + w, y + h),
            h / 2 if radius is None else radius * s,
            fill,
            gradient=end,
        )
        text(self.img, x + 8 * s, y + h * 0.68, words, f, ink)
        if kind:
            self.other(kind, words, (x, y, x + w, y + h))
        return x, y, x + w, y + h

    def input_bar(self, words, y, x0, x1, icons=3, fill=(0, 0, 0, 90), outline=None, h=36.0):
        s = self.s
        rrect(self.img, (x0, y, x1, y + h * s), h * s / 2, fill, outline, 1.2 * s)
        self.label(x0 + 14 * s, y + (h / 2 - 8) * s, words, 13, (255, 255, 255, 200))
        self.other("input", words, (x0, y, x1, y + h * s))
        cx = x1 + 14 * s
        for i in range(icons):
            c = [(0, 0, 0, 90), (254, 44, 85, 255), (255, 170, 40, 255), (255, 255, 255, 60)]
            x = cx + i * 42 * s
            rrect(self.img, (x, y, x + h * s, y + h * s), h * s / 2, c[(i + 1) % 4])
            if i % 3 == 0:
                draw.heart(self.img, x + h * s / 2, y + h * s / 2, 8 * s, WHITE)
            elif i % 3 == 1:
                rrect(
                    self.img,
                    (x + 10 * s, y + 14 * s, x + (h - 10) * s, y + (h - 9) * s),
                    2 * s,
                    WHITE,
                )
                rrect(self.img, (x + 8 * s, y + 10 * s, x + (h - 8) * s, y + 15 * s), 2 * s, WHITE)
            else:
                rrect(
                    self.img,
                    (x + 10 * s, y + h * s * 0.4, x + (h - 10) * s, y + h * s * 0.6),
                    2 * s,
                    WHITE,
                )
