"""`python -m training.comment_frames_c OUT [PER_FORM] [SEED]`: frames, their truth and clicks.

Needs Debian's chromium; the same seed gives the same pages.
"""

import json
import random
import sys
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from training.comment_frames_b.clicks import clicks_of
from training.comment_frames_b.damage import HARD, Damage
from training.comment_frames_b.page import COLLECT, Sizes
from training.comment_frames_b.scenes import KINDS, paint_scene
from training.comment_frames_c.forms import FORMS
from training.comment_frames_c.page import around, asking, list_html, sheet

PHONES = ((375, 812), (450, 800), (540, 1170), (720, 1280), (828, 1792), (1080, 2340))
DESKS = ((1280, 720), (1440, 900), (1920, 1080))
CHROMIUM = "/usr/bin/chromium"
MOVED = "motion"


def render(page: Any, out: Path, name: str, number: int, seed: str) -> tuple[dict, list[dict]]:  # noqa: ANN401
    """Write one frame; its row and its clicks."""
    rng = random.Random(f"c/{seed}/{name}/{number}")  # noqa: S311
    form = FORMS[name](rng)
    lang = rng.choice(form.langs)
    hard = set(rng.sample([*HARD, MOVED, MOVED], rng.randint(1, 2))) if number % 2 else set()
    width, height = rng.choice(DESKS if form.wide else PHONES)
    size = Sizes(width, height, max(form.em * width, 10))
    only = rng.randint(1, 3) if rng.random() < 0.35 else None
    items = list_html(rng, form, lang, only)
    ground = ""
    if form.ground:
        x0, y0, x1, _ = form.area
        top = y0 * height if not form.wide else 0
        ground = (
            f'<div class=abs style="left:{x0 * width:.0f}px;top:{top:.0f}px;'
            f'width:{(x1 - x0) * width:.0f}px;height:{height}px;background:{form.ground}"></div>'
        )
    body = f"{ground}<div class=clip><div class=list>{items}</div></div>"
    body += "".join(around(rng, form, size, lang))
    scene = _light(rng, paint_scene(rng, width, height, rng.choice(KINDS)))
    if "background" not in form.css and not form.ground and rng.random() < 0.8:
        scene = _foot_in_shade(rng, scene)
    work = out / ".work"
    work.mkdir(exist_ok=True)
    cv2.imwrite(str(work / "scene.bmp"), scene)
    markup = f"<style>{sheet(rng, form, size)}</style><body>{body}</body>"
    (work / "page.html").write_text(f"<!doctype html><meta charset=utf-8>{markup}", "utf-8")
    page.set_viewport_size({"width": width, "height": height})
    page.goto((work / "page.html").as_uri())
    truth = page.evaluate(COLLECT)
    shot = np.frombuffer(page.screenshot(type="jpeg", quality=98), np.uint8)
    image = cv2.imdecode(shot, cv2.IMREAD_COLOR)
    clip = truth["clip"]
    if "half-scrolled" not in hard:
        image = _whole_rows(image, truth, clip)
    comments = [c for c in truth["comments"] if _whole(c, clip) or "half-scrolled" in hard]
    comments = [c for c in comments if c["box"][3] > clip[1] and c["box"][1] < clip[3]]
    for one in comments:
        one["whole"] = _whole(one, clip)
    inner = ("notice", "foot")
    others = [o for o in truth["others"] if o["kind"] not in inner or _inside(o["box"], clip)]
    others = [o for o in others if o["kind"] != "foot"]
    if MOVED in hard:
        image = _smear(rng, image)
    damage = Damage(rng, hard)
    image, move = damage.apply(image, clip)
    file = f"{name}-{number:02}.jpg"
    cv2.imwrite(str(out / file), image, [cv2.IMWRITE_JPEG_QUALITY, damage.quality])
    row = {
        "frame": file, "layout": name, "lang": lang, "difficulty": "hard" if hard else "easy",
        "hardness": sorted(hard), "width": image.shape[1], "height": image.shape[0],
        "comments": [{k: c[k] for k in ("user", "text", "box")} for c in comments],
        "others": [{k: o[k] for k in ("kind", "text", "box")} for o in others],
    }  # fmt: skip
    clicks = clicks_of(rng, file, comments, others, move, (width, height))
    for click in clicks:
        if click["kind"] == "comment":
            click["is_question"] = click["text"] in asking()
    return row, clicks


def _light(rng: random.Random, scene: np.ndarray) -> np.ndarray:
    """The scene, in three of five frames as bright as a lit studio."""
    if rng.random() < 0.4:
        return scene
    share = rng.uniform(0.3, 0.7)
    return (
        (scene * share + 255 * (1 - share) * rng.uniform(0.85, 1.0)).clip(0, 255).astype(np.uint8)
    )


def _foot_in_shade(rng: random.Random, scene: np.ndarray) -> np.ndarray:
    """The scene darker towards its foot, as apps do for writing without a ground of its own."""
    ramp = np.clip(np.linspace(1.25, rng.uniform(0.45, 0.75), scene.shape[0]), 0, 1)
    return (scene * ramp[:, None, None]).astype(np.uint8)


def _smear(rng: random.Random, image: np.ndarray) -> np.ndarray:
    """A camera that moves along a line while the shutter is open."""
    reach = max(3, round(min(image.shape[:2]) / 540 * rng.uniform(2.5, 5.0)))
    kernel = np.zeros((reach, reach), np.float32)
    kernel[reach // 2, :] = 1.0
    turn = cv2.getRotationMatrix2D((reach / 2 - 0.5, reach / 2 - 0.5), rng.uniform(-90, 90), 1)
    kernel = cv2.warpAffine(kernel, turn, (reach, reach))
    return cv2.filter2D(image, -1, kernel / kernel.sum())


def _whole_rows(image: np.ndarray, truth: dict, clip: list[float]) -> np.ndarray:
    """The frame without the row that an edge of the list cuts."""
    image = image.copy()
    left, top, right, bottom = (round(v) for v in clip)
    for one in truth["comments"] + truth["others"]:
        _, y0, _, y1 = one["box"]
        if one["kind"] not in ("comment", "notice") or _whole(one, clip):
            continue
        if y0 < top < y1:
            image[top : int(y1) + 2, left:right] = image[max(0, top - 3), left:right]
        if y0 < bottom < y1:
            below = min(image.shape[0] - 1, bottom + 3)
            image[int(y0) - 1 : bottom, left:right] = image[below, left:right]
    return image


def _inside(box: list[float], clip: list[float]) -> bool:
    return (
        box[1] >= clip[1] - 1
        and box[3] <= clip[3] + 1
        and box[0] >= clip[0] - 2
        and box[2] <= clip[2] + 2
    )


def _whole(comment: dict, clip: list[float]) -> bool:
    spots = comment["spots"] or [comment["box"]]
    return all(_inside(spot, clip) for spot in spots)


def main() -> None:
    """Write JPEG frames, `frames.jsonl` and `clicks.jsonl`."""
    from playwright.sync_api import sync_playwright

    out = Path(sys.argv[1])
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 18
    seed = sys.argv[3] if len(sys.argv) > 3 else "1"
    out.mkdir(parents=True, exist_ok=True)
    frames: list[dict] = []
    clicks: list[dict] = []
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page()
        for number in range(count):
            for name in FORMS:
                row, found = render(page, out, name, number, seed)
                frames.append(row)
                clicks += found
        browser.close()
    for name, rows in (("frames", frames), ("clicks", clicks)):
        text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        (out / f"{name}.jsonl").write_text(text, "utf-8")


if __name__ == "__main__":
    main()
