"""Check the truth of the evaluation frames: ``python check.py FOLDER``."""

import json
import sys
from collections import Counter
from pathlib import Path

import cv2
import draw
import numpy as np
from PIL import Image


def inside(comment: dict, x: float, y: float) -> bool:
    """Whether a point lies in a comment's quad, or its box where there is none."""
    x0, y0, x1, y1 = comment["box"]
    if "quad" in comment:
        return cv2.pointPolygonTest(np.array(comment["quad"], np.float32), (x, y), False) >= 0
    return x0 <= x <= x1 and y0 <= y <= y1


def drawable(text: str) -> bool:
    """Whether the main font has every character."""
    f = draw.font("noto", 24)
    none = bytes(f.getmask("\uffff"))
    return all(c == " " or bytes(f.getmask(c)) != none for c in text)


def main() -> None:
    """Print what is wrong, then the counts."""
    root = Path(sys.argv[1])
    frames = [json.loads(r) for r in (root / "frames.jsonl").read_text("utf-8").splitlines()]
    clicks = [json.loads(r) for r in (root / "clicks.jsonl").read_text("utf-8").splitlines()]
    by_file = {f["frame"]: f for f in frames}
    bad: list[str] = []
    for f in frames:
        size = Image.open(root / f["frame"]).size
        if size != (f["width"], f["height"]):
            bad.append(f"{f['frame']}: size {size}")
        texts = [c["text"] for c in f["comments"]]
        if len(set(texts)) != len(texts) or not texts:
            bad.append(f"{f['frame']}: comments alike or none")
        users = [c["user"] for c in f["comments"] if c["user"]]
        if len(set(users)) != len(users):
            bad.append(f"{f['frame']}: users alike")
        for c in f["comments"] + f["others"]:
            x0, y0, x1, y1 = c["box"]
            if not (0 <= x0 < x1 <= size[0] and 0 <= y0 < y1 <= size[1]):
                bad.append(f"{f['frame']}: box {c['box']}")
            if not drawable(c["text"]):
                bad.append(f"{f['frame']}: glyph missing in {c['text']}")
    if len({c["id"] for c in clicks}) != len(clicks):
        bad.append("click ids alike")
    for c in clicks:
        f = by_file[c["image"]]
        own = [k for k in f["comments"] if inside(k, c["x"], c["y"])]
        if not (0 <= c["x"] < f["width"] and 0 <= c["y"] < f["height"]):
            bad.append(f"{c['id']}: outside")
        if c["kind"] == "comment":
            k = own[0] if len(own) == 1 else {}
            if any(c[n] != k.get(n) for n in ("user", "text", "is_question")):
                bad.append(f"{c['id']}: in {len(own)} comments")
            elif k["visible"] < 0.6:
                bad.append(f"{c['id']}: on a hidden comment")
        elif own:
            bad.append(f"{c['id']}: {c['kind']} in a comment")
        if c["kind"] == "between" and not set(c["alternatives"]) <= {
            k["text"] for k in f["comments"]
        }:
            bad.append(f"{c['id']}: alternatives")
    print("\n".join(bad) or "nothing wrong")
    comments = [c for f in frames for c in f["comments"]]
    print(len(frames), "frames", len(comments), "comments", len(clicks), "clicks")
    for key in ("layout", "lang", "difficulty"):
        print(key, dict(Counter(f[key] for f in frames)))
    print("layout/difficulty", dict(Counter((f["layout"], f["difficulty"]) for f in frames)))
    print("hardness", dict(Counter(h for f in frames for h in f["hardness"])))
    print("sizes", dict(Counter((f["width"], f["height"]) for f in frames).most_common(12)))
    print("clicks", dict(Counter(c["kind"] for c in clicks)))
    print("parts", dict(Counter((c["kind"], c["part"]) for c in clicks)))
    print(
        "click difficulty",
        dict(Counter((by_file[c["image"]]["difficulty"], c["kind"]) for c in clicks)),
    )
    print("questions", sum(c["is_question"] for c in comments), "of", len(comments))
    on = [c for c in clicks if c["kind"] == "comment"]
    print("asked clicks", sum(c["is_question"] for c in on), "of", len(on))
    print(
        "different texts",
        len({c["text"] for c in comments}),
        "below 0.6:",
        sum(c["visible"] < 0.6 for c in comments),
    )
    print("others", dict(Counter(o["kind"] for f in frames for o in f["others"])))
    total = sum(p.stat().st_size for p in (root / "frames").iterdir())
    print("bytes", total)


if __name__ == "__main__":
    main()
