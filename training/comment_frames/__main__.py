"""`python -m training.comment_frames OUT [PER_LAYOUT] [SEED]`: frames, their truth and clicks."""

import json
import random
import sys
from pathlib import Path

from PIL import Image

from training.comment_frames.content import POSTERS, SUBTITLES
from training.comment_frames.damage import move_box, overlap, shrink, turn
from training.comment_frames.furniture import (
    draw_banner,
    draw_card,
    draw_gift,
    draw_header,
    draw_input,
)
from training.comment_frames.lists import draw_danmaku, draw_list
from training.comment_frames.pens import Pen
from training.comment_frames.scenes import paint_scene, print_words
from training.comment_frames.styles import LAYOUTS, SIZES, draw_style, make_odd

HARD = ("low-resolution", "jpeg", "overlap", "half-scrolled", "rotated", "perspective")


def render(
    rng: random.Random, layout: str, lang: str, hard: set[str], odd: bool = False
) -> tuple[Image.Image, list[dict], list[dict]]:
    """A frame with its comments and what is not a comment."""
    style = draw_style(rng, layout)
    if odd:
        style = make_odd(rng, style)
    wide = layout.startswith("panel") or (layout == "danmaku" and rng.random() < 0.85)
    w, h = rng.choice(SIZES["landscape" if wide else "portrait"])
    other = "zh" if lang == "zh" else "en"
    image = paint_scene(
        rng,
        w,
        h,
        rng.choice(["bright", "dark", "busy", "plain"]),
        0.0 if style.bubble or wide else rng.uniform(0.3, 0.6),
    )
    others: list[dict] = []
    if layout == "danmaku":
        others += print_words(
            rng,
            image,
            rng.sample(POSTERS[other], rng.randint(0, 3)),
            (0.1 * w, 0.3 * h, 0.9 * w, 0.85 * h),
        )
        comments, more = draw_danmaku(rng, image, style, lang)
        return image, comments, others + more
    x0, y0, x1, y1 = (style.area[0] * w, style.area[1] * h, style.area[2] * w, style.area[3] * h)
    if layout.startswith("panel"):
        free = (
            (0.03 * w, 0.1 * h, 0.68 * w, 0.7 * h)
            if style.area[0] > 0.5
            else (0.36 * w, 0.1 * h, 0.97 * w, 0.7 * h)
        )
        others += print_words(rng, image, rng.sample(POSTERS[other], rng.randint(1, 4)), free)
        if rng.random() < 0.5:
            others.append(draw_card(rng, image, other, free[0] + 0.02 * w, 0.78 * h, 0.26 * w))
        comments, more = draw_list(rng, image, style, lang, hard)
        em = max(9, style.em * w)
        title = rng.choice(
            ["Live chat", "Top chat", "Comments (132)"]
            if other == "en"
            else ["互动评论", "实时评论", "聊天"]
        )
        box = Pen("bold", em * 1.2).write(image, x0, 0.04 * h, title, style.text)
        others.append({"kind": "header", "text": title, "box": box})
        others.append(
            draw_input(rng, image, other, x0, x1, 0.925 * h, em, sum(style.paper or (0,)) > 400)
        )
        return image, comments, others + more
    others += print_words(
        rng,
        image,
        rng.sample(POSTERS[other], rng.randint(1, 4)),
        (0.05 * w, 0.14 * h, 0.95 * w, (style.area[1] - 0.12) * h),
    )
    others += draw_header(rng, image, other)
    gift = rng.random() < 0.4
    if gift:
        others.append(draw_gift(rng, image, other, y0 - 0.075 * h))
    elif rng.random() < 0.4:
        others.append(draw_banner(rng, image, other, y0 - 0.05 * h))
    comments, more = draw_list(rng, image, style, lang, hard)
    others += more
    em = style.em * w
    where = rng.choice(["right", "below", "none", "right"])
    if where == "right":
        others.append(
            draw_card(
                rng,
                image,
                other,
                max(x1 + 0.01 * w, 0.6 * w),
                y1 - 0.12 * h,
                0.97 * w - max(x1 + 0.01 * w, 0.6 * w),
            )
        )
    if where == "below" and y1 < 0.86 * h:
        others.append(draw_card(rng, image, other, x0, y1 + 0.012 * h, 0.55 * w))
    elif rng.random() < 0.9:
        others.append(
            draw_input(rng, image, other, x0, rng.uniform(0.5, 0.7) * w, 0.94 * h, em, False)
        )
    if odd and rng.random() < 0.5:
        words = rng.choice(SUBTITLES[other])
        pen = Pen("bold", w * 0.042, outline=2)
        box = pen.write(image, (w - pen.measure(words)) / 2, y0 - 0.14 * h, words, (255, 255, 255))
        others.append({"kind": "scene_text", "text": words, "box": box})
    if "overlap" in hard:
        overlap(rng, image, (x0, y0, x1, y1))
    return image, comments, others


def clicks_of(
    rng: random.Random, frame: str, comments: list[dict], others: list[dict]
) -> list[dict]:
    """Three or four on comments, one or two on nothing, some between."""
    rows: list[dict] = []

    def add(kind: str, x: float, y: float, comment: dict | None, **more: object) -> None:
        told = (
            {"user": comment["user"], "text": comment["text"]}
            if comment
            else {"user": None, "text": None}
        )
        rows.append(
            {
                "id": f"{Path(frame).stem}-{len(rows) + 1}",
                "image": frame,
                "x": round(x),
                "y": round(y),
                "kind": kind,
                **told,
                "is_question": False if comment else None,
                **more,
            }
        )

    whole = [c for c in comments if c["visible"] >= 0.6]
    for comment in rng.sample(whole, min(4, len(whole))):
        quad = rng.choice(comment["spots"])
        a, b = rng.uniform(0.03, 0.97), rng.uniform(0.15, 0.85)
        x = (
            (1 - a) * (1 - b) * quad[0][0]
            + a * (1 - b) * quad[1][0]
            + a * b * quad[2][0]
            + (1 - a) * b * quad[3][0]
        )
        y = (
            (1 - a) * (1 - b) * quad[0][1]
            + a * (1 - b) * quad[1][1]
            + a * b * quad[2][1]
            + (1 - a) * b * quad[3][1]
        )
        add("comment", x, y, comment)
    for other in rng.sample(others, min(2, len(others))):
        x0, y0, x1, y1 = other["box"]
        add("null", rng.uniform(0.1, 0.9) * (x1 - x0) + x0, (y0 + y1) / 2, None)
    if len(whole) > 2 and rng.random() < 0.4 and whole[0]["user"] is not None:
        k = rng.randrange(len(whole) - 1)
        one, two = whole[k]["box"], whole[k + 1]["box"]
        if 1 < two[1] - one[3] < 3 * (one[3] - one[1]) and "quad" not in whole[k]:
            blocked = any(
                o["box"][1] < two[1] and o["box"][3] > one[3] and o["box"][0] < one[2]
                for o in others
            )
            if not blocked:
                x = rng.uniform(max(one[0], two[0]), min(one[2], two[2]))
                add(
                    "between",
                    x,
                    (one[3] + two[1]) / 2,
                    None,
                    alternatives=[whole[k]["text"], whole[k + 1]["text"]],
                )
    return rows


def main() -> None:
    """Write JPEG frames, `frames.jsonl` and `clicks.jsonl`."""
    out, per_layout, seed = (
        Path(sys.argv[1]),
        int(sys.argv[2]) if len(sys.argv) > 2 else 8,
        sys.argv[3] if len(sys.argv) > 3 else "1",
    )
    out.mkdir(parents=True, exist_ok=True)
    frames, clicks = [], []
    for layout in LAYOUTS:
        for number in range(per_layout):
            rng = random.Random(f"{seed}/{layout}/{number}")  # noqa: S311
            lang = (
                ("zh", "en", "mixed")[(number + rng.randrange(3)) % 3]
                if layout in ("panel-inline", "panel-above", "shopee")
                else rng.choice(
                    ["en", "en", "mixed"]
                    if layout in ("tiktok", "instagram")
                    else ["zh", "zh", "mixed"]
                )
            )
            hard = set(rng.sample(HARD, rng.randint(1, 2))) if number % 2 else set()
            image, comments, others = render(rng, layout, lang, hard, seed.startswith("odd"))
            for comment in comments:
                comment["spots"] = [move_box(_same(), b)[1] for b in comment.pop("lines")]
            maps = []
            if hard & {"rotated", "perspective"}:
                image, matrix = turn(rng, image, "perspective" in hard)
                maps.append(matrix)
            if "low-resolution" in hard:
                image, matrix = shrink(
                    rng,
                    image,
                    round(image.width * 0.5)
                    if image.width > 900
                    else max(320, round(image.width * 0.7)),
                )
                maps.append(matrix)
            for matrix in maps:
                _move(comments, others, matrix)
            name = f"{layout}-{number:02}.jpg"
            image.save(out / name, quality=rng.randint(28, 45) if "jpeg" in hard else 85)
            clicks += clicks_of(rng, name, comments, others)
            for comment in comments:
                comment.pop("spots")
            frames.append(
                {
                    "frame": name,
                    "layout": layout,
                    "lang": lang,
                    "difficulty": "hard" if hard else "easy",
                    "hardness": sorted(hard),
                    "width": image.width,
                    "height": image.height,
                    "comments": comments,
                    "others": others,
                }
            )
    for name, rows in (("frames", frames), ("clicks", clicks)):
        (out / f"{name}.jsonl").write_text(
            "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8"
        )


def _same():  # noqa: ANN202
    import numpy as np

    return np.eye(3)


def _move(comments: list[dict], others: list[dict], matrix: object) -> None:
    import cv2
    import numpy as np

    for row in [*comments, *others]:
        source = row.get("quad")
        if source is None:
            row["box"], row["quad"] = move_box(matrix, row["box"])
        else:
            moved = cv2.perspectiveTransform(np.float32([source]), matrix)[0]
            row["quad"] = [[int(x), int(y)] for x, y in moved]
            row["box"] = [
                int(moved[:, 0].min()),
                int(moved[:, 1].min()),
                int(moved[:, 0].max()),
                int(moved[:, 1].max()),
            ]
        if "spots" in row:
            row["spots"] = [
                cv2.perspectiveTransform(np.float32([quad]), matrix)[0].tolist()
                for quad in row["spots"]
            ]


if __name__ == "__main__":
    main()
