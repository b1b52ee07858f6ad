# ruff: noqa: ANN001, ANN201, ANN202, ANN204, D102, D103, RUF005, RUF046, RUF059, S311
"""Render the evaluation frames and their truth: ``python render.py OUT [NAME…]``."""

import json
import math
import random
import sys
from pathlib import Path
from typing import ClassVar

import cv2
import draw
import numpy as np
from layouts import LAYOUTS
from PIL import Image
from scenes import Scene
from ui import Screen

HERE = Path(__file__).parent
SEED = 20260
LANGS = {
    "tiktok": ["en", "es", "en", "tw", "en", "es", "en", "en", "en"],
    "douyin": ["zh", "zh", "zh", "zh", "en", "zh", "zh", "zh", "zh"],
    "kuaishou": ["zh", "zh", "zh", "zh", "zh", "zh", "en", "zh", "zh"],
    "taobao": ["zh", "zh", "zh", "en", "zh", "zh", "zh", "zh", "zh"],
    "instagram": ["en", "en", "es", "en", "zh", "en", "en", "es", "en"],
    "shopee": ["en", "es", "tw", "en", "en", "tw", "en", "es", "en"],
    "panel": ["en", "zh", "en", "es", "zh", "en", "zh", "es", "en"],
    "danmaku": ["zh", "zh", "en", "zh", "zh", "zh", "en", "zh", "zh"],
}
HARD = [
    ["lowres", "jpeg"],
    ["scrolled", "gift_overlap"],
    ["rotated", "jpeg"],
    ["upscaled", "bright"],
    ["perspective", "scrolled"],
    ["small_font", "jpeg"],
    ["motion_blur", "scrolled"],
    ["bright", "jpeg", "gift_overlap"],
    ["rotated", "upscaled"],
    ["lowres", "scrolled", "gift_overlap"],
    ["perspective", "small_font"],
    ["motion_blur", "jpeg", "bright"],
]
PORTRAIT = [(720, 1280), (720, 1280), (750, 1334), (720, 1560), (1080, 1920)]
PORTRAIT_HARD = [(720, 1280), (540, 960), (720, 1560), (576, 1024)]


def load():
    """The texts by section."""
    out: dict[str, list] = {}
    for line in (HERE / "texts.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            part = out.setdefault(line[1:-1], [])
        elif line and not line.startswith("#"):
            part.append(line)
    return out


class Deck:
    """Comments and names, dealt so that all come up before one comes again."""

    piles: ClassVar[dict[str, list]] = {}

    def __init__(self, texts, rng, lang, theme):
        self.texts, self.rng, self.theme = texts, rng, theme
        self.variant, self.lang = lang, "zh" if lang == "tw" else lang
        self.used: set[str] = set()
        self.host, self.by_host, self.replied = None, False, False

    def deal(self, section, longer=0):
        pile = self.piles.setdefault(section, [])
        for _ in range(400):
            if not pile:
                pile += self.texts[section]
                self.rng.shuffle(pile)
            at = next((i for i, row in enumerate(pile) if len(row) > longer), len(pile) - 1)
            pick = pile.pop(at if longer else -1)
            if pick not in self.used:
                self.used.add(pick)
                return pick
            if pick in self.used and len(pile) == 0 and len(self.texts[section]) < 8:
                return None
        return None

    def name(self, masked=False):
        for _ in range(60):
            pick = self.deal("names mask" if masked else f"names {self.variant}")
            if not masked or self.lang == "zh" or pick.isascii():
                return pick
        return pick

    def row(self, longer=0):
        own = f"{self.variant} {self.theme}"
        if own in self.texts and self.rng.random() < 0.38:
            pick = self.deal(own, longer)
            if pick:
                return pick
        section = f"{self.variant} any"
        if self.variant == "zh" and self.rng.random() < 0.04:
            section = "en any"
        return self.deal(section, longer)

    def next(self, masked=False, limit=None):
        self.by_host = False
        if self.host and not masked and not limit and not self.replied and self.rng.random() < 0.05:
            self.by_host = self.replied = True
            return self.host, self.deal(f"{self.variant} host")[2:], False
        want = 17 if self.lang == "zh" else 40
        longer = want if not limit and self.rng.random() < 0.3 else 0
        for _ in range(200):
            row = self.row(longer)
            if limit is None or len(row) - 2 <= limit:
                break
        return self.name(masked), row[2:], row[0] == "?"

    def back(self, words):
        """A comment that found no room."""


def line_kernel(n, angle):
    k = np.zeros((n, n), np.float32)
    c = (n - 1) / 2
    for t in np.linspace(-c, c, n * 4):
        k[int(round(c + t * math.sin(angle))), int(round(c + t * math.cos(angle)))] = 1
    return k / k.sum()


def apply(m, pts):
    p = np.concatenate([np.array(pts, float), np.ones((len(pts), 1))], 1) @ m.T
    return p[:, :2] / p[:, 2:]


def degrade(img, rng, hard, lang, easy_out):
    """The picture as it is stored, where its points went, and the quality."""
    a = np.array(img.convert("RGB"))
    h, w = a.shape[:2]
    m = np.eye(3)
    land = w > h

    def to(width_, how):
        nonlocal a, m
        k = width_ / a.shape[1]
        size = (width_, round(a.shape[0] * k))
        m = np.diag([k, size[1] / a.shape[0], 1]) @ m
        a = cv2.resize(a, size, interpolation=how)

    if easy_out and easy_out != w:
        to(easy_out, cv2.INTER_AREA)
    if "motion_blur" in hard:
        n = max(3, round(min(w, h) / 375 * rng.uniform(2.4, 3.6) * (0.55 if land else 1)) | 1)
        a = cv2.filter2D(a, -1, line_kernel(n, rng.choice([0, math.pi / 2, math.pi / 4])))
    if "lowres" in hard:
        low = (
            rng.randrange(800, 900)
            if land
            else rng.randrange(420, 480)
            if lang in ("zh", "tw")
            else rng.randrange(360, 440)
        )
        to(low, cv2.INTER_AREA)
    if "upscaled" in hard:
        full = a.shape[1]
        low = (
            rng.randrange(800, 940)
            if land
            else rng.randrange(430, 500)
            if lang in ("zh", "tw")
            else rng.randrange(380, 460)
        )
        to(low, cv2.INTER_AREA)
        ok, store = cv2.imencode(".jpg", a, [cv2.IMWRITE_JPEG_QUALITY, rng.randrange(60, 80)])
        a = cv2.imdecode(store, cv2.IMREAD_COLOR)
        to(max(full, 720), cv2.INTER_CUBIC)
    warped = "rotated" in hard or "perspective" in hard
    if warped:
        h, w = a.shape[:2]
        src = np.array([[0, 0], [w, 0], [w, h], [0, h]], np.float32)
        if "rotated" in hard:
            t = math.radians(rng.uniform(2, 6) * rng.choice([-1, 1]))
            k = rng.uniform(0.93, 1.0)
            c = np.array([w / 2, h / 2])
            r = np.array([[math.cos(t), -math.sin(t)], [math.sin(t), math.cos(t)]])
            dst = ((src - c) @ r.T * k + c).astype(np.float32)
        else:
            j = np.array(
                [[rng.uniform(0.02, 0.09) * w, rng.uniform(0.015, 0.06) * h] for _ in range(4)]
            )
            dst = (src + j * np.array([[1, 1], [-1, 1], [-1, -1], [1, -1]])).astype(np.float32)
        p = cv2.getPerspectiveTransform(src, dst)
        desk = np.full_like(a, rng.randrange(14, 60))
        grain = draw.soft_noise(rng, w, h, max(20, w // 5), 18)
        desk = np.clip(desk.astype(np.float32) + grain[..., None] + np.array([6, 2, -4]), 0, 255)
        bezel = cv2.warpPerspective(np.full((h, w), 255, np.uint8), p, (w, h))
        frame = cv2.dilate(bezel, np.ones((9, 9), np.uint8), iterations=max(1, w // 160))
        desk[frame > 0] = 10
        inner = cv2.warpPerspective(
            a, p, (w, h), flags=cv2.INTER_AREA if "perspective" in hard else cv2.INTER_CUBIC
        )
        mask = (bezel / 255.0)[..., None]
        f = desk * (1 - mask) + inner * mask
        if "perspective" in hard:
            yy, xx = np.mgrid[0:h, 0:w].astype(np.float32)
            moire = 1 + 0.018 * np.sin(xx * rng.uniform(0.5, 0.9) + yy * rng.uniform(0.2, 0.6))
            gx, gy = rng.uniform(0, w), rng.uniform(0, h)
            glare = np.exp(
                -(((xx - gx) / (w * 0.35)) ** 2 + ((yy - gy) / (h * 0.2)) ** 2)
            ) * rng.uniform(10, 38)
            f = f * moire[..., None] * np.array([1.02, 1.0, 0.95]) + glare[..., None]
            f = cv2.GaussianBlur(f, (0, 0), 0.55)
        a = np.clip(f, 0, 255).astype(np.uint8)
        m = p.astype(float) @ m
    quality = rng.randrange(30, 46) if "jpeg" in hard else 82 if not hard else rng.randrange(58, 74)
    if "lowres" in hard and quality < 45 and lang in ("zh", "tw"):
        quality = rng.randrange(38, 46)
    return a, m, quality, warped


def quad(m, b):
    return apply(m, [(b[0], b[1]), (b[2], b[1]), (b[2], b[3]), (b[0], b[3])])


def around(q, w, h):
    x0, y0 = np.maximum(0, np.floor(q.min(0))).astype(int)
    x1, y1 = np.minimum([w, h], np.ceil(q.max(0))).astype(int)
    return [int(x0), int(y0), int(x1), int(y1)]


def holds(q, x, y):
    return cv2.pointPolygonTest(np.array(q, np.float32), (float(x), float(y)), False) >= 0


def far(q, x, y):
    return -cv2.pointPolygonTest(np.array(q, np.float32), (float(x), float(y)), True)


def share_inside(m, parts, w, h):
    hit = total = 0
    for _, r in parts:
        g = [
            (r[0] + (r[2] - r[0]) * i / 11, r[1] + (r[3] - r[1]) * j / 3)
            for i in range(12)
            for j in range(4)
        ]
        p = apply(m, g)
        hit += int(((p[:, 0] >= 0) & (p[:, 1] >= 0) & (p[:, 0] < w) & (p[:, 1] < h)).sum())
        total += len(g)
    return hit / total


def clicks_of(name, file, rng, sc, m, w, h, quads, others, seen):
    """About five clicks: comments, nothing, and now and then between two comments."""
    rows = []

    def owners(x, y):
        return [i for i, q in enumerate(quads) if holds(q, x, y)]

    def free(x, y, gap):
        return all(far(q, x, y) > gap for q in quads)

    good = [i for i, v in enumerate(seen) if v >= 0.97]
    want = min(len(good), rng.choice([3, 4, 4]))
    long = [i for i in good if len(sc.comments[i].parts) > 2]
    chosen = rng.sample(good, want)
    if long and chosen and rng.random() < 0.8:
        first = rng.choice(long)
        chosen = [first] + [i for i in chosen if i != first][: want - 1]
    for i in chosen:
        c = sc.comments[i]
        lines = [p for p in c.parts if p[0] != "name"]
        kinds = (
            ["line"] * 4
            + ["end"] * 2
            + ["edge"]
            + (["name"] * 2 if c.user else [])
            + (["wrapped"] * 12 if len(lines) > 1 else [])
        )
        for _ in range(300):
            kind = rng.choice(kinds)
            if kind == "edge":
                r, fx, fy = c.box, rng.uniform(0.02, 0.98), rng.uniform(0.04, 0.96)
            else:
                part = {
                    "name": c.parts[0],
                    "wrapped": lines[
                        -1
                        if len(lines) == 2
                        else rng.randrange(1, len(lines))
                        if len(lines) > 1
                        else 0
                    ],
                    "end": lines[-1],
                    "line": lines[0],
                }[kind]
                r = part[1]
                fx = rng.uniform(0.9, 1.0) if kind == "end" else rng.uniform(0.03, 0.97)
                fy = rng.uniform(0.15, 0.85)
            if r[2] - r[0] < 2:
                continue
            p = apply(m, [(r[0] + (r[2] - r[0]) * fx, r[1] + (r[3] - r[1]) * fy)])[0]
            x, y = int(p[0]), int(p[1])
            if 0 <= x < w and 0 <= y < h and owners(x, y) == [i]:
                rows.append(
                    {
                        "x": x,
                        "y": y,
                        "kind": "comment",
                        "part": kind,
                        "user": c.user,
                        "text": c.words,
                        "is_question": c.question,
                    }
                )
                break
    blanks = rng.choice([1, 1, 2])
    tries, kinds = [], sorted({o["kind"] for o in others})
    weight = {
        "join": 5,
        "banner": 3,
        "gift": 3,
        "card": 3,
        "scene_text": 3,
        "host": 1,
        "header": 1,
        "input": 1,
    }
    while kinds:
        kind = rng.choices(kinds, [weight[k] for k in kinds])[0]
        tries.append(rng.choice([o for o in others if o["kind"] == kind]))
        kinds.remove(kind)
    for _ in range(blanks):
        bare = rng.random() < 0.3
        for _ in range(200):
            if bare or not tries:
                x, y, part = rng.randrange(w), rng.randrange(h), "bare"
                if not free(x, y, 0.08 * min(w, h)) or any(holds(o["quad"], x, y) for o in others):
                    continue
            else:
                o = tries[0]
                b = o["raw"]
                p = apply(
                    m,
                    [
                        (
                            b[0] + (b[2] - b[0]) * rng.uniform(0.15, 0.85),
                            b[1] + (b[3] - b[1]) * rng.uniform(0.25, 0.75),
                        )
                    ],
                )[0]
                x, y, part = int(p[0]), int(p[1]), o["kind"]
                gap = 1.5 if part in ("join", "banner", "gift") else 0.02 * min(w, h)
                if not (0 <= x < w and 0 <= y < h) or not free(x, y, gap):
                    if rng.random() < 0.1:
                        tries.pop(0)
                    continue
                if part == "scene_text" and any(
                    holds(q["quad"], x, y) for q in others if q["kind"] != "scene_text"
                ):
                    tries.pop(0)
                    continue
                tries.pop(0)
            rows.append(
                {
                    "x": x,
                    "y": y,
                    "kind": "null",
                    "part": part,
                    "user": None,
                    "text": None,
                    "is_question": False,
                }
            )
            break
    if rng.random() < 0.62:
        pairs = []
        for i in good:
            for j in good:
                a, b = sc.comments[i], sc.comments[j]
                if b.order != a.order + 1:
                    continue
                left, right = max(a.box[0], b.box[0]), min(a.box[2], b.box[2])
                if right - left > 12 and b.box[1] - a.box[3] >= 3:
                    pairs.append((i, j, left, right))
        rng.shuffle(pairs)
        done = False
        for i, j, left, right in pairs:
            a, b = sc.comments[i], sc.comments[j]
            for _ in range(40):
                p = apply(
                    m, [(left + (right - left) * rng.uniform(0.08, 0.7), (a.box[3] + b.box[1]) / 2)]
                )[0]
                x, y = int(p[0]), int(round(p[1]))
                if (
                    0 <= x < w
                    and 0 <= y < h
                    and not owners(x, y)
                    and min(far(quads[i], x, y), far(quads[j], x, y)) >= 0.8
                ):
                    rows.append(
                        {
                            "x": x,
                            "y": y,
                            "kind": "between",
                            "part": "gap",
                            "user": None,
                            "text": None,
                            "is_question": None,
                            "alternatives": [a.words, b.words],
                        }
                    )
                    done = True
                    break
            if done:
                break
    return [{"id": f"cf-{name}-{n + 1}", "image": file, **r} for n, r in enumerate(rows)]


def frame(texts, layout, index, lang, hard, out):
    name = f"{layout}-{index + 1:02d}"
    rng = random.Random(f"{SEED}-{name}")
    theme = rng.choice(["clothes", "beauty", "food", "tech"])
    base = "zh" if lang == "tw" else lang
    easy_out = None
    if layout == "panel":
        size = (1920, 1080)
        easy_out = rng.choice([1280, 1280, 1440, 1600])
        if hard:
            easy_out = 1280
        if rng.random() < 0.3:
            size, easy_out = (1280, 720), None
    elif layout == "danmaku" and index % 3 != 2:
        size = (1280, 720)
    else:
        size = rng.choice(PORTRAIT_HARD if hard else PORTRAIT)
        if hard and ("upscaled" in hard or "lowres" in hard or "perspective" in hard):
            size = rng.choice([(720, 1280), (720, 1560)])
        if size[0] == 1080 and rng.random() < 0.4:
            size = (720, 1280)
    scene = Scene(rng, *size, theme, lang, "bright" in hard)
    sc = Screen(rng, scene.img, base, theme, hard, Deck(texts, rng, lang, theme))
    for words, box in scene.texts:
        sc.other("scene_text", words, box)
    LAYOUTS[layout](sc)
    sc.settle()
    keep = []
    for o in sc.others:
        b = o["box"]
        size_o = (b[2] - b[0]) * (b[3] - b[1])
        over = [c for c in sc.covers if o["kind"] == "scene_text"]
        hidden = (
            max(
                [
                    max(0, min(b[2], c[2]) - max(b[0], c[0]))
                    * max(0, min(b[3], c[3]) - max(b[1], c[1]))
                    for c, _ in over
                ]
                + [0]
            )
            / size_o
        )
        if layout == "panel" and o["kind"] == "scene_text" and b[2] > size[0] * 0.7:
            continue
        if hidden < 0.4:
            keep.append(o)
    a, m, quality, warped = degrade(sc.img, rng, hard, lang, easy_out)
    h, w = a.shape[:2]
    file = f"frames/{name}.jpg"
    Image.fromarray(a).save(out / file, "JPEG", quality=quality, optimize=True)
    comments, quads, seen = [], [], []
    for c in sc.comments:
        q = quad(m, c.box)
        v = c.seen * share_inside(m, c.parts, w, h)
        quads.append(q)
        seen.append(v)
        row = {
            "user": c.user,
            "text": c.words,
            "box": around(q, w, h),
            "visible": round(min(1.0, v), 2),
            "is_question": c.question,
        }
        if warped:
            row["quad"] = [[round(float(x), 1), round(float(y), 1)] for x, y in q]
        comments.append(row)
    others = []
    for o in keep:
        q = quad(m, o["box"])
        box = around(q, w, h)
        if box[2] - box[0] > 3 and box[3] - box[1] > 3:
            others.append(
                {"kind": o["kind"], "text": o["text"], "box": box, "quad": q, "raw": o["box"]}
            )
    told = [x for x in hard if not (x == "scrolled" and not any(c.seen < 0.9 for c in sc.comments))]
    clicks = clicks_of(name, file, rng, sc, m, w, h, quads, others, seen)
    shown = [
        c
        for c in comments
        if c["visible"] > 0.05 and c["box"][2] > c["box"][0] and c["box"][3] > c["box"][1]
    ]
    for o in others:
        del o["quad"], o["raw"]
    row = {
        "frame": file,
        "layout": layout,
        "lang": base,
        "difficulty": "hard" if hard else "easy",
        "hardness": told,
        "width": w,
        "height": h,
        "comments": shown,
        "others": others,
    }
    return row, clicks


def main():
    """Draw all frames, or those named."""
    out = Path(sys.argv[1])
    only = set(sys.argv[2:])
    (out / "frames").mkdir(parents=True, exist_ok=True)
    texts = load()
    frames, clicks, turn = [], [], 0
    for n, layout in enumerate(LAYOUTS):
        for index in range(9):
            hard = []
            if index % 2 == n % 2:
                hard = list(HARD[turn % len(HARD)])
                turn += 1
            if layout == "panel":
                hard = ["small_font" if x == "bright" else x for x in hard]
            if only and f"{layout}-{index + 1:02d}" not in only:
                continue
            row, more = frame(texts, layout, index, LANGS[layout][index], hard, out)
            frames.append(row)
            clicks += more
    if not only:
        for file, rows in (("frames.jsonl", frames), ("clicks.jsonl", clicks)):
            body = "".join(json.dumps(r, ensure_ascii=False) + "\n" for r in rows)
            (out / file).write_text(body, encoding="utf-8")
    print(
        len(frames),
        "frames",
        sum(len(r["comments"]) for r in frames),
        "comments",
        len(clicks),
        "clicks",
    )


if __name__ == "__main__":
    main()
