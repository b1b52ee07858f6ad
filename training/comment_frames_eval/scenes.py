# ruff: noqa: ANN001, ANN201, ANN204, ANN205, D101, D102, D103, RUF005
"""Invented studio scenes: wall, shelves or rails, signs, a presenter, a table of goods."""

import io
import random

import cv2
import draw
import numpy as np
from PIL import Image, ImageDraw, ImageFilter

LABELS = {
    "zh": [
        "净含量500g",
        "NEW",
        "¥99",
        "¥39.9",
        "买一送一",
        "轻养",
        "每日坚果",
        "保湿",
        "原味",
        "7折",
        "SALE",
        "限时",
        "¥129",
        "云朵",
        "小样",
        "0糖",
        "A3",
        "B12",
        "好物",
        "山野集",
    ],
    "en": [
        "NEW",
        "$19",
        "SALE",
        "50% OFF",
        "ORGANIC",
        "No. 5",
        "$24.99",
        "LUMA",
        "PURE",
        "200 ml",
        "OAK&CO",
        "DAILY",
        "SPF 30",
        "VEGAN",
        "XL PACK",
        "A3",
        "B12",
        "FRESH",
        "BEST",
        "2 for 1",
    ],
    "tw": [
        "淨重500g",
        "NEW",
        "$99",
        "$390",
        "買一送一",
        "每日堅果",
        "保濕",
        "原味",
        "7折",
        "SALE",
        "限時",
        "A3",
    ],
    "es": [
        "NUEVO",
        "$199",
        "OFERTA",
        "2x1",
        "NATURAL",
        "250 ml",
        "LUNA",
        "PURO",
        "-40%",
        "A3",
        "DIARIO",
        "$349",
        "CASA",
        "VIVA",
    ],
}
SIGNS = {
    "zh": ["今日特价", "全场5折起", "好物优选", "源头工厂", "LIVE", "新品首发"],
    "en": ["NEW IN", "FALL SALE", "studio nine", "LIVE TONIGHT", "good things"],
    "tw": ["今日特價", "全館5折起", "LIVE", "新品上市"],
    "es": ["OFERTAS", "NUEVA COLECCIÓN", "EN VIVO", "Todo al 2x1"],
}
BOARDS = {
    "zh": {
        "clothes": ["尺码表", "S  80-95斤", "M  95-110斤", "L  110-125斤", "XL 125-140斤"],
        "beauty": ["今日福利", "精华30ml ¥79", "面霜50g ¥99", "两件立减20"],
        "food": ["一箱30包", "到手 ¥49.9", "顺丰包邮", "满2件送勺"],
        "tech": ["1号 白色 ¥159", "2号 黑色 ¥159", "质保2年", "送数据线"],
    },
    "en": {
        "clothes": ["SIZE CHART", "S  0-4", "M  6-8", "L  10-12", "XL 14-16"],
        "beauty": ["TONIGHT", "serum $24", "cream $32", "both $48"],
        "food": ["12 bags $29", "free ship $35+", "code YUM10"],
        "tech": ["#1 white $59", "#2 black $59", "2 yr warranty"],
    },
    "tw": {
        "clothes": ["尺寸表", "S  40-46kg", "M  47-53kg", "L  54-60kg"],
        "beauty": ["今日優惠", "精華 $390", "面霜 $490"],
        "food": ["一箱30包", "直播價 $349", "滿千免運"],
        "tech": ["1號 白色", "2號 黑色", "保固2年"],
    },
    "es": {
        "clothes": ["TALLAS", "S  34-36", "M  38-40", "L  42-44"],
        "beauty": ["HOY", "suero $199", "crema $249"],
        "food": ["12 bolsas $299", "envío gratis"],
        "tech": ["#1 blanco", "#2 negro", "2 años garantía"],
    },
}


def gradient(w, h, top, bottom):
    t = np.linspace(0, 1, h)[:, None, None]
    a = np.array(top, float) * (1 - t) + np.array(bottom, float) * t
    return np.repeat(a, w, 1)


class Scene:
    def __init__(self, rng: random.Random, w: int, h: int, theme: str, lang: str, bright=False):
        self.rng, self.w, self.h, self.theme, self.lang = rng, w, h, theme, lang
        self.texts: list[tuple[str, list[int]]] = []
        self.drawn: list[tuple[str, list[int], np.ndarray]] = []
        self.unit = min(w, h * 0.62)
        val = (0.86, 0.99) if bright else (0.35, 0.9)
        sat = (0.03, 0.15) if bright else (0.1, 0.5)
        wall = gradient(w, h, draw.colour(rng, sat, val), draw.colour(rng, sat, val))
        wall *= 1 + draw.soft_noise(rng, w, h, max(8, w // 6), 0.09)[..., None]
        self.img = Image.fromarray(np.clip(wall, 0, 255).astype("uint8")).convert("RGBA")
        kind = rng.choice(["shelf", "shelf", "rack", "curtain", "panels"])
        getattr(self, kind)()
        if rng.random() < 0.6:
            self.lamp()
        self.img = self.img.filter(
            ImageFilter.GaussianBlur(rng.choice([0.5, 0.8, 1.4, 2.0, 2.8]) * min(w, h) / 540)
        )
        if rng.random() < 0.75:
            self.sign()
        if rng.random() < 0.85:
            self.presenter()
        if rng.random() < 0.9:
            self.table(bright)
        if rng.random() < 0.5:
            self.board()
        self.finish(bright)

    def label(self, words, x, y, size, fill, face="noto", bold=True, back=None, turn=0.0):
        f = draw.font(face, max(7, int(size)), bold)
        n = int(draw.width(words, f)) + 8
        m = int(size * 1.5)
        layer = Image.new("RGBA", (n, m), (0, 0, 0, 0))
        if back:
            ImageDraw.Draw(layer).rectangle((0, 0, n, m), fill=back)
        draw.text(layer, 4, m * 0.74, words, f, fill)
        if turn:
            layer = layer.rotate(turn, Image.BICUBIC, expand=True)
        draw.put(self.img, layer, x, y)
        if size >= 9:
            box = [int(x), int(y), int(x + layer.width), int(y + layer.height)]
            box = [max(0, box[0]), max(0, box[1]), min(self.w, box[2]), min(self.h, box[3])]
            if box[2] - box[0] > 5 and box[3] - box[1] > 5:
                self.drawn.append((words, box, self.grey(self.img, box)))

    @staticmethod
    def grey(img, box):
        return np.array(img.crop(tuple(box)).convert("L")).astype(float)

    def legible(self):
        """Keep the printed words that nothing was drawn over and no blur took away."""
        for words, box, was in self.drawn:
            now = self.grey(self.img, box)
            spread = now.std() * was.std()
            like = ((now - now.mean()) * (was - was.mean())).mean() / spread if spread > 1 else 0
            if like > 0.8:
                self.texts.append((words, box))

    def shelf(self):
        rng, w, h = self.rng, self.w, self.h
        d = ImageDraw.Draw(self.img)
        wood = draw.colour(rng, (0.15, 0.5), (0.3, 0.85))
        y, step = h * rng.uniform(0.12, 0.2), h * rng.uniform(0.13, 0.18)
        while y < h * 0.85:
            x = -w * rng.uniform(0, 0.05)
            while x < w:
                bw, bh = self.unit * rng.uniform(0.06, 0.16), step * rng.uniform(0.4, 0.85)
                if rng.random() < 0.86:
                    c = draw.colour(rng, (0.05, 0.8), (0.35, 0.98))
                    dark = tuple(int(v * 0.72) for v in c)
                    if rng.random() < 0.3:
                        d.rounded_rectangle((x, y - bh, x + bw, y), bw * 0.3, fill=c)
                        d.rectangle((x + bw * 0.3, y - bh * 1.12, x + bw * 0.7, y - bh), fill=dark)
                    else:
                        d.rectangle((x, y - bh, x + bw, y), fill=c)
                        d.rectangle((x + bw * 0.84, y - bh, x + bw, y), fill=dark)
                    if rng.random() < 0.7:
                        t = y - bh * rng.uniform(0.5, 0.75)
                        d.rectangle((x + 2, t, x + bw * 0.8, t + bh * 0.25), fill=(248, 246, 240))
                        word = rng.choice(LABELS[self.lang])
                        size = min(bh * 0.2, bw * 0.8 / max(2, len(word)) * 1.4)
                        self.label(word, x + 3, t, size, (60, 50, 50, 255))
                    elif rng.random() < 0.5:
                        for i in range(3):
                            t = y - bh * 0.3 - i * bh * 0.09
                            d.line((x + bw * 0.15, t, x + bw * 0.7, t), fill=dark, width=1)
                x += bw + self.unit * rng.uniform(0.004, 0.05)
            d.rectangle((0, y, w, y + h * 0.012), fill=wood)
            d.rectangle((0, y + h * 0.012, w, y + h * 0.02), fill=tuple(int(v * 0.6) for v in wood))
            for _ in range(3):
                word = rng.choice([t for t in LABELS[self.lang] if any(c in "¥$%折x" for c in t)])
                self.label(
                    word,
                    rng.uniform(0, w * 0.9),
                    y - 1,
                    self.unit * 0.026,
                    (200, 30, 30, 255),
                    back=(255, 240, 120, 255),
                )
            y += step

    def rack(self):
        rng, w, h = self.rng, self.w, self.h
        d = ImageDraw.Draw(self.img)
        for y in (h * rng.uniform(0.16, 0.24), h * rng.uniform(0.52, 0.6)):
            d.rectangle((0, y, w, y + h * 0.006), fill=(70, 70, 74))
            x = -10.0
            while x < w:
                bw, bh = self.unit * rng.uniform(0.07, 0.14), h * rng.uniform(0.2, 0.32)
                c = draw.colour(rng, (0.05, 0.7), (0.2, 0.95))
                d.line((x + bw / 2, y, x + bw / 2, y + h * 0.02), fill=(150, 150, 150), width=2)
                d.polygon(
                    [
                        (x + bw / 2, y + h * 0.014),
                        (x + bw, y + h * 0.045),
                        (x + bw * 1.05, y + bh),
                        (x - bw * 0.05, y + bh),
                        (x, y + h * 0.045),
                    ],
                    fill=c,
                )
                for i in range(3):
                    fx = x + bw * (0.25 + 0.25 * i)
                    d.line(
                        (fx, y + h * 0.06, fx + 2, y + bh),
                        fill=tuple(int(v * 0.8) for v in c),
                        width=2,
                    )
                if rng.random() < 0.4:
                    self.label(
                        rng.choice(LABELS[self.lang]),
                        x,
                        y + bh * 0.6,
                        self.unit * 0.022,
                        (30, 30, 30, 255),
                        back=(250, 250, 250, 255),
                    )
                x += bw * rng.uniform(0.7, 1.1)

    def curtain(self):
        rng, w, h = self.rng, self.w, self.h
        a = np.array(self.img)[..., :3].astype(float)
        xs = np.arange(w)
        fold = np.sin(xs / self.unit * rng.uniform(40, 80) + draw.soft_noise(rng, w, 4, 40, 2)[0])
        a *= (1 + 0.12 * fold)[None, :, None]
        self.img = Image.fromarray(np.clip(a, 0, 255).astype("uint8")).convert("RGBA")
        d = ImageDraw.Draw(self.img)
        for _ in range(40):
            x, y, r = (
                rng.uniform(0, w),
                rng.uniform(0, h * 0.6),
                self.unit * rng.uniform(0.004, 0.012),
            )
            d.ellipse((x - r, y - r, x + r, y + r), fill=(255, 236, 190))

    def panels(self):
        rng, w, h = self.rng, self.w, self.h
        d = ImageDraw.Draw(self.img)
        for _ in range(rng.randrange(3, 6)):
            x, y = rng.uniform(0, w * 0.8), rng.uniform(h * 0.08, h * 0.55)
            pw, ph = self.unit * rng.uniform(0.15, 0.35), self.unit * rng.uniform(0.15, 0.35)
            d.rectangle((x - 4, y - 4, x + pw + 4, y + ph + 4), fill=(60, 52, 46))
            c = Image.fromarray(
                gradient(int(pw), int(ph), draw.colour(rng), draw.colour(rng)).astype("uint8")
            ).convert("RGBA")
            k = ImageDraw.Draw(c)
            for _ in range(4):
                r = rng.uniform(0.1, 0.4) * pw
                px, py = rng.uniform(0, pw), rng.uniform(0, ph)
                k.ellipse((px - r, py - r, px + r, py + r), fill=draw.colour(rng))
            draw.put(self.img, c, x, y)
        for x in (w * 0.02, w * 0.86):
            for _ in range(18):
                lx, ly = x + self.unit * rng.uniform(-0.08, 0.14), h * rng.uniform(0.4, 0.75)
                a, b = self.unit * rng.uniform(0.03, 0.1), self.unit * rng.uniform(0.01, 0.03)
                d.ellipse(
                    (lx, ly, lx + b, ly + a),
                    fill=(30 + rng.randrange(50), 90 + rng.randrange(70), 50),
                )

    def lamp(self):
        rng, w, h = self.rng, self.w, self.h
        glow = Image.new("RGBA", (w, h), (255, 250, 230, 0))
        m = Image.new("L", (w, h), 0)
        x, y, r = rng.uniform(0, w), rng.uniform(0, h * 0.35), self.unit * rng.uniform(0.1, 0.3)
        ImageDraw.Draw(m).ellipse((x - r, y - r, x + r, y + r), fill=230)
        glow.putalpha(m.filter(ImageFilter.GaussianBlur(r * 0.6)))
        self.img.alpha_composite(glow)

    def sign(self):
        rng, w, h = self.rng, self.w, self.h
        words = rng.choice(SIGNS[self.lang])
        face = rng.choice(["noto", "serif"])
        size = min(self.unit * rng.uniform(0.06, 0.1), w * 0.55 / max(3, len(words)) * 1.5)
        c = draw.colour(rng, (0.4, 0.9), (0.8, 1.0)) + (255,)
        x, y = rng.uniform(w * 0.05, w * 0.4), h * rng.uniform(0.13, 0.3)
        self.label(words, x, y, size, c, face)

    def presenter(self):
        rng, w, h = self.rng, self.w, self.h
        r = self.unit * rng.uniform(0.11, 0.15)
        cx, cy = w * rng.uniform(0.42, 0.62), h * rng.uniform(0.26, 0.36)
        layer = Image.new("RGBA", (w, h), (0, 0, 0, 0))
        d = ImageDraw.Draw(layer)
        skin = rng.choice([(244, 208, 184), (228, 184, 150), (205, 150, 115), (140, 94, 68)])
        hair = rng.choice([(28, 22, 22), (62, 40, 28), (120, 80, 46), (16, 16, 22), (180, 140, 90)])
        dress = draw.colour(rng, (0.05, 0.7), (0.25, 0.97))
        long = rng.random() < 0.6
        d.ellipse(
            (cx - r * 1.15, cy - r * 1.4, cx + r * 1.15, cy + r * (1.1 if not long else 1.5)),
            fill=hair,
        )
        if long:
            d.rounded_rectangle(
                (cx - r * 1.2, cy - r * 0.3, cx + r * 1.2, cy + r * 2.4), r * 0.6, fill=hair
            )
        top = cy + r * 1.7
        d.rounded_rectangle((cx - r * 2.2, top, cx + r * 2.2, h * 1.1), r * 1.1, fill=dress)
        fold = tuple(int(v * 0.86) for v in dress)
        for i in (-1.2, -0.4, 0.5, 1.3):
            d.line(
                (cx + i * r, top + r, cx + i * r * 1.2, h), fill=fold, width=max(2, int(r * 0.12))
            )
        d.rounded_rectangle(
            (cx - r * 0.4, cy + r * 0.6, cx + r * 0.4, cy + r * 2.1),
            r * 0.35,
            fill=tuple(int(v * 0.88) for v in skin),
        )
        d.ellipse((cx - r * 0.7, top - r * 0.2, cx + r * 0.7, top + r * 0.6), fill=skin)
        d.ellipse((cx - r * 0.86, cy - r * 1.05, cx + r * 0.86, cy + r * 1.1), fill=skin)
        d.pieslice((cx - r * 0.98, cy - r * 1.3, cx + r * 0.98, cy + r * 0.5), 190, 350, fill=hair)
        for sx in (-1, 1):
            ex = cx + sx * r * 0.36
            d.ellipse(
                (ex - r * 0.16, cy - r * 0.1, ex + r * 0.16, cy + r * 0.08), fill=(250, 248, 246)
            )
            d.ellipse(
                (ex - r * 0.08, cy - r * 0.1, ex + r * 0.08, cy + r * 0.08), fill=(40, 26, 20)
            )
            d.arc(
                (ex - r * 0.24, cy - r * 0.36, ex + r * 0.24, cy),
                200,
                340,
                fill=hair,
                width=max(2, int(r * 0.06)),
            )
            d.ellipse(
                (
                    cx + sx * r * 0.55 - r * 0.18,
                    cy + r * 0.2,
                    cx + sx * r * 0.55 + r * 0.18,
                    cy + r * 0.45,
                ),
                fill=tuple(
                    min(255, int(v * f)) for v, f in zip(skin, (1.02, 0.9, 0.9), strict=True)
                ),
            )
        d.line(
            (cx, cy + r * 0.05, cx + r * 0.06, cy + r * 0.35),
            fill=tuple(int(v * 0.8) for v in skin),
            width=2,
        )
        d.chord(
            (cx - r * 0.3, cy + r * 0.42, cx + r * 0.3, cy + r * 0.78), 0, 180, fill=(190, 70, 80)
        )
        hx, hy = cx + r * rng.uniform(-0.3, 1.6), cy + r * rng.uniform(2.6, 3.6)
        for sx in (-1, 1):
            sh, el = (cx + sx * r * 1.9, top + r * 0.8), (cx + sx * r * 2.6, cy + r * 4.0)
            hand = (hx + sx * r * 0.5, hy + r * 0.4)
            wide = int(r * 0.62)
            d.line((sh, el), fill=fold, width=wide)
            d.line((el, hand), fill=skin, width=int(wide * 0.72))
            for p, q, c in ((el, wide / 2, fold), (hand, wide * 0.45, skin)):
                d.ellipse((p[0] - q, p[1] - q, p[0] + q, p[1] + q), fill=c)
        n = int(r * 2.1)
        item = draw.goods(rng, self.theme, n)
        cut = np.array(item)
        cut[(np.abs(cut[..., :3].astype(int) - np.array([244, 242, 240])).sum(-1) < 46), 3] = 0
        draw.put(layer, Image.fromarray(cut), hx - n / 2, hy - n * 0.6)
        shade = 1 + draw.soft_noise(rng, w, h, max(10, int(r * 0.9)), 0.1)
        a = np.array(layer).astype(float)
        a[..., :3] *= shade[..., None]
        layer = Image.fromarray(np.clip(a, 0, 255).astype("uint8"), "RGBA")
        layer = layer.filter(ImageFilter.GaussianBlur(w / 700))
        soft = (
            layer.getchannel("A")
            .filter(ImageFilter.GaussianBlur(r * 0.3))
            .point(lambda v: v * 70 // 255)
        )
        back = Image.new("RGBA", (w, h), (0, 0, 0, 255))
        back.putalpha(soft)
        draw.put(self.img, back, r * 0.15, r * 0.2)
        self.img.alpha_composite(layer)

    def table(self, bright):
        rng, w, h = self.rng, self.w, self.h
        y = h * rng.uniform(0.68, 0.8)
        top = draw.colour(rng, (0.03, 0.3), (0.88, 0.98) if bright else (0.4, 0.9))
        a = gradient(w, int(h - y), top, tuple(int(v * 0.8) for v in top))
        a *= 1 + draw.soft_noise(rng, w, int(h - y), max(6, w // 14), 0.05)[..., None]
        draw.put(
            self.img, Image.fromarray(np.clip(a, 0, 255).astype("uint8")).convert("RGBA"), 0, y
        )
        x = w * rng.uniform(-0.02, 0.1)
        while x < w * 0.95:
            n = self.unit * rng.uniform(0.14, 0.26)
            item = np.array(draw.goods(rng, self.theme, n))
            item[
                (np.abs(item[..., :3].astype(int) - np.array([244, 242, 240])).sum(-1) < 40), 3
            ] = 0
            draw.put(self.img, Image.fromarray(item), x, y - n * rng.uniform(0.4, 0.7))
            if rng.random() < 0.45:
                self.label(
                    rng.choice(LABELS[self.lang]),
                    x + n * 0.2,
                    y + h * rng.uniform(0.02, 0.1),
                    self.unit * rng.uniform(0.026, 0.04),
                    (180, 20, 40, 255),
                    back=(255, 252, 230, 255),
                    turn=rng.uniform(-6, 6),
                )
            x += n * rng.uniform(0.9, 1.7)

    def board(self):
        rng, w, h = self.rng, self.w, self.h
        lines = BOARDS[self.lang][self.theme]
        size = self.unit * rng.uniform(0.034, 0.046)
        f = draw.font("noto", int(size), True)
        bw = max(draw.width(t, f) for t in lines) + size
        bh = size * (1.45 * len(lines) + 0.6)
        x = w - bw - w * 0.02 if rng.random() < 0.7 else w * 0.02
        y = h * rng.uniform(0.16, 0.34)
        ink = rng.choice([(20, 20, 20, 255), (180, 20, 30, 255), (20, 40, 140, 255)])
        draw.rrect(
            self.img,
            (x, y, x + bw, y + bh),
            size * 0.3,
            (252, 250, 244, 255),
            (120, 90, 60, 255),
            3,
        )
        for i, t in enumerate(lines):
            self.label(t, x + size * 0.4, y + size * (0.3 + 1.45 * i), size, ink)

    def finish(self, bright):
        rng, w, h = self.rng, self.w, self.h
        a = np.array(self.img.convert("RGB")).astype(np.float32)
        a *= 1 + draw.soft_noise(rng, w, h, max(10, w // 3), 0.1)[..., None]
        yy, xx = np.mgrid[0:h, 0:w]
        d = ((xx / w - 0.5) ** 2 + (yy / h - 0.5) ** 2).astype(np.float32)
        a *= (1.04 - 0.35 * d)[..., None]
        if bright:
            a = 255 - (255 - a) * 0.78
        a += np.random.default_rng(rng.randrange(1 << 30)).normal(0, 2.2, a.shape)
        a = cv2.GaussianBlur(a, (0, 0), 0.6 * w / 540 if w < h else 0.6 * h / 540)
        img = Image.fromarray(np.clip(a, 0, 255).astype("uint8"))
        store = io.BytesIO()
        img.save(store, "JPEG", quality=rng.randrange(50, 72))
        self.img = Image.open(store).convert("RGBA")
        self.legible()
