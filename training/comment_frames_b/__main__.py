"""`python -m training.comment_frames_b OUT [PER_APP] [SEED]`: frames, their truth and clicks.

Needs Debian's chromium; the same seed gives the same pages.
"""

# ruff: noqa: E501 -- markup is not wrapped

import json
import random
import sys
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from training.comment_frames_b.apps import APPS, low
from training.comment_frames_b.around import flying, label, surroundings
from training.comment_frames_b.clicks import clicks_of
from training.comment_frames_b.damage import HARD, Damage
from training.comment_frames_b.looks import Look
from training.comment_frames_b.page import COLLECT, Sizes, list_html, people, sheet
from training.comment_frames_b.scenes import KINDS, paint_scene

PHONES = ((360, 640), (414, 896), (540, 960), (720, 1280), (720, 1600), (1080, 1920), (886, 1920))
DESKS = ((1280, 720), (1366, 768), (1600, 900), (1920, 1080))
CHROMIUM = "/usr/bin/chromium"


def frame_page(rng: random.Random, app: str, lang: str) -> tuple[str, Sizes]:
    """The page of a frame of `app`, `danmaku`, or `none` for a video without comments."""
    if app in ("danmaku", "none"):
        wide = rng.random() < 0.6
        w, h = rng.choice(DESKS if wide else PHONES)
        size = Sizes(w, h, min(w, h) * rng.uniform(0.028, 0.045))
        look = Look("inline", low(rng), 0.03, ("#fff",), "#fff")
        body = ""
        if app == "danmaku":
            body = flying(rng, size, lang, [t for _, t in people(rng, lang, 30, 0)])
            if rng.random() < 0.3:
                body += label(rng, size, lang, 0.3 * w, 0.72 * h, 0.4 * w)
        else:
            for number in range(rng.randint(1, 2)):
                x, y = rng.uniform(0.04, 0.35) * w, (rng.uniform(0.06, 0.3) + 0.42 * number) * h
                body += label(rng, size, lang, x, y, rng.uniform(0.35, 0.6) * w)
        return f"<style>{sheet(rng, look, size)}</style><body>{body}</body>", size
    look = APPS[app](rng)
    w, h = rng.choice(DESKS if look.wide else PHONES)
    size = Sizes(w, h, max(look.em * w, 9.5))
    only = rng.randint(1, 3) if rng.random() < 0.15 else None
    items = list_html(rng, look, lang, only)
    around = "".join(surroundings(rng, look, size, lang))
    panel = ""
    if look.panel:
        x0, x1 = look.area[0] * w, look.area[2] * w
        panel = f'<div class=abs style="left:{x0:.0f}px;top:0;width:{x1 - x0:.0f}px;height:{h}px;background:{look.panel}"></div>'
    page = f"<style>{sheet(rng, look, size)}</style><body>{panel}<div class=clip><div class=list>{items}</div></div>{around}</body>"
    return page, size


def render(
    page: Any,  # noqa: ANN401
    out: Path,
    app: str,
    number: int,
    seed: str,
) -> tuple[dict, list[dict]]:
    """Write one frame; its row and its clicks."""
    rng = random.Random(f"b/{seed}/{app}/{number}")  # noqa: S311
    langs = APPS[app](random.Random(0)).langs if app in APPS else ("zh", "zh", "en", "mixed")  # noqa: S311
    lang = rng.choice(langs)
    hard = set(rng.sample(HARD, rng.randint(1, 2))) if number % 2 else set()
    markup, size = frame_page(rng, app, lang)
    scene = paint_scene(rng, size.width, size.height, rng.choice(KINDS))
    if app != "none" and rng.random() < 0.5:
        ramp = np.clip(np.linspace(1.3, 0.45, size.height), 0, 1)[:, None, None]
        scene = (scene * ramp).astype(np.uint8)
    work = out / ".work"
    work.mkdir(exist_ok=True)
    cv2.imwrite(str(work / "scene.bmp"), scene)
    (work / "page.html").write_text(f"<!doctype html><meta charset=utf-8>{markup}", "utf-8")
    page.set_viewport_size({"width": size.width, "height": size.height})
    page.goto((work / "page.html").as_uri())
    truth = page.evaluate(COLLECT)
    shot = np.frombuffer(page.screenshot(type="jpeg", quality=98), np.uint8)
    image = cv2.imdecode(shot, cv2.IMREAD_COLOR)
    damage = Damage(rng, hard)
    clip = truth["clip"] or [0, 0, size.width, size.height]
    comments = [c for c in truth["comments"] if keep_visible(c, clip, half="half-scrolled" in hard)]
    others = [
        o
        for o in truth["others"]
        if inside(o["box"], clip if o["kind"] == "notice" else [0, 0, size.width, size.height])
    ]
    if "half-scrolled" not in hard and truth["clip"]:
        tops = [
            c["box"][1]
            for c in truth["comments"] + truth["others"]
            if c["box"][1] < clip[1] < c["box"][3]
        ]
        if tops:  # the row that is cut by the list's upper edge is taken away
            edge = min(
                c["box"][3]
                for c in truth["comments"] + truth["others"]
                if c["box"][1] < clip[1] < c["box"][3]
            )
            x0, x1, y0, y1 = int(clip[0]), int(clip[2]), int(clip[1]), int(edge) + 1
            image[y0:y1, x0:x1] = image[max(0, y0 - 3), x0:x1] if truth["comments"] else 0
    image, move = damage.apply(image, clip)
    name = f"{app}-{number:02}.jpg"
    cv2.imwrite(str(out / name), image, [cv2.IMWRITE_JPEG_QUALITY, damage.quality])
    row = {
        "frame": name, "layout": app, "lang": lang, "difficulty": "hard" if hard else "easy",
        "hardness": sorted(hard), "width": image.shape[1], "height": image.shape[0],
        "comments": [{k: c[k] for k in ("user", "text", "box")} for c in comments],
        "others": [{k: o[k] for k in ("kind", "text", "box")} for o in others],
    }  # fmt: skip
    return row, clicks_of(rng, name, comments, others, move, (size.width, size.height))


def inside(box: list[float], clip: list[float]) -> bool:
    """Whether a box lies within `clip`."""
    return (
        box[1] >= clip[1] - 1
        and box[3] <= clip[3] + 1
        and box[0] >= clip[0] - 2
        and box[2] <= clip[2] + 2
    )


def keep_visible(comment: dict, clip: list[float], *, half: bool) -> bool:
    """Whether enough of a comment can be seen that its text can be read."""
    x0, y0, x1, y1 = comment["box"]
    spots = comment["spots"]
    tops = [s[1] for s in spots] or [y0]
    whole = min(tops) >= clip[1] - 1 and max([s[3] for s in spots] or [y1]) <= clip[3] + 1
    comment["whole"] = (
        whole
        and min(s[0] for s in spots or [[x0]]) >= -1
        and max([s[2] for s in spots] or [x1]) <= clip[2] + 1
    )
    return whole or (half and y1 > clip[1])


def main() -> None:
    """Write JPEG frames, `frames.jsonl` and `clicks.jsonl`."""
    from playwright.sync_api import sync_playwright

    out = Path(sys.argv[1])
    per_app, seed = (
        int(sys.argv[2]) if len(sys.argv) > 2 else 18,
        sys.argv[3] if len(sys.argv) > 3 else "1",
    )
    out.mkdir(parents=True, exist_ok=True)
    frames: list[dict] = []
    clicks: list[dict] = []
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page()
        for number in range(per_app):
            for app in (*APPS, "danmaku", "none"):
                row, found = render(page, out, app, number, seed)
                frames.append(row)
                clicks += found
        browser.close()
    for name, rows in (("frames", frames), ("clicks", clicks)):
        text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        (out / f"{name}.jsonl").write_text(text, "utf-8")


if __name__ == "__main__":
    main()
