"""Clicks on a rendered frame: on comments, on what is none, between two comments."""

import itertools
import random
from collections.abc import Callable
from pathlib import Path

Move = Callable[[float, float], tuple[float, float]]


def clicks_of(
    rng: random.Random,
    frame: str,
    comments: list[dict],
    others: list[dict],
    move: Move,
    size: tuple[int, int],
) -> list[dict]:
    """Up to four clicks on comments, up to three on nothing, sometimes one between."""
    rows: list[dict] = []

    def add(
        kind: str,
        x: float,
        y: float,
        user: str | None = None,
        text: str | None = None,
        **more: object,
    ) -> None:
        px, py = move(x, y)
        told = {"kind": kind, "user": user, "text": text, **more}
        rows.append(
            {
                "id": f"{Path(frame).stem}-{len(rows) + 1}",
                "image": frame,
                "x": round(px),
                "y": round(py),
                **told,
            }
        )

    whole = [c for c in comments if c["whole"] and c["spots"]]
    covers = [o["box"] for o in others if o["kind"] in ("card", "banner")]
    clear = [c for c in whole if not any(overlaps(c["box"], box) for box in covers)]
    for c in rng.sample(clear, min(4, len(clear))):
        x0, y0, x1, y1 = rng.choice(c["spots"])
        add(
            "comment",
            rng.uniform(x0, x1),
            y0 + rng.uniform(0.2, 0.8) * (y1 - y0),
            c["user"],
            c["text"],
        )
    free = [o for o in others if not any(overlaps(o["box"], c["box"]) for c in comments)]
    for o in rng.sample(free, min(3, len(free))):
        x0, y0, x1, y1 = o["box"]
        add("null", x0 + rng.uniform(0.1, 0.9) * (x1 - x0), y0 + rng.uniform(0.3, 0.7) * (y1 - y0))
    if not comments:
        add("null", rng.uniform(0.1, 0.9) * size[0], rng.uniform(0.1, 0.9) * size[1])
    pairs = [
        (a, b)
        for a, b in itertools.pairwise(whole)
        if a["user"]
        and b["box"][1] - a["box"][3] > 1
        and not any(
            a["box"][3] - 1 < o["box"][3]
            and o["box"][1] < b["box"][1] + 1
            and o["kind"] in ("notice", "card")
            for o in others
        )
    ]
    if pairs and rng.random() < 0.4:
        a, b = rng.choice(pairs)
        bottom, top = max(s[3] for s in a["spots"]), min(s[1] for s in b["spots"])
        x = rng.uniform(
            max(a["spots"][0][0], b["spots"][0][0]),
            min(max(s[2] for s in c["spots"]) for c in (a, b)),
        )
        add("between", x, (bottom + top) / 2, alternatives=[a["text"], b["text"]])
    return rows


def overlaps(a: list[float], b: list[float]) -> bool:
    """Whether two boxes share ground."""
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]
