"""Clicks and questions while the demo broadcast is watched live: seconds to the first sentence.

The four products are on sale with the facts of their gold; the film is watched at its own speed by
a server of its own, with its models. Beside it a host clicks on questions as they appear on the
frame, and asks what viewers usually ask, one after the other with a pause between. The time runs
from the request to the first verified sentence, the reading of the click included.
`LIVECUE_BENCH_FILM` names a film that `livecue demo` made; else one is made, which takes minutes.
"""

import json
import os
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from bench.figure import Figure
from domain.evidence import Evidence
from domain.product import ProductDocument, ProductStatus, iter_fields
from domain.progress import discard, never
from evals.demo import record_of
from evals.gold import read_example_gold
from evals.server import add_record, running_server
from live.demo import Programme, compose_demo, read_script
from live.demo.composing import EXAMPLE, DemoFiles

SECONDS = float(os.environ.get("LIVECUE_BENCH_SECONDS", "300"))
WARMING_SECONDS = 40.0
PAUSE_SECONDS = 1.5
DRAFTED_SECONDS, PHRASED_SECONDS = 0.150, 1.0
"""What is aimed at: an answer that lies ready or is taken from the record, and a phrased one."""
_STREAM = "bench"
_CLICKED_AFTER_MS, _CLICKED_UNTIL_MS = 2_500, 45_000
_ASKED: dict[str, Sequence[str]] = {
    "en": (
        "how much is it", "how heavy is it", "when does it ship", "what is it made of",
        "what colours do you have", "what sizes are there", "how many are left", "can I return it",
        "where is it made", "is it machine washable", "price?", "shipping time?", "what material",
        "how long until you send it out", "which sizes do you sell", "is there a discount",
        "does it come with a warranty", "how do I clean it", "is it still available", "weight pls",
    ),
    "zh": (
        "多少钱", "有多重", "什么时候发货", "什么材质的", "有哪些颜色", "有什么尺寸", "还有货吗",
        "可以退吗", "产地是哪里", "怎么清洗", "价格", "几天能发", "是什么做的", "包邮吗",
        "能便宜点吗", "有赠品吗", "保质期多久", "适合送人吗", "新疆能发吗", "可以水洗吗",
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Served:
    """An answer as the host met it: `seconds` to its first sentence, `stages` in milliseconds."""

    way: str
    method: str
    drafted: bool
    seconds: float
    stages: dict[str, float]

    @property
    def group(self) -> str:
        """Under which it is counted."""
        if self.method == "model":
            return "phrased ahead" if self.drafted else "phrased at once"
        return {"abstention": "abstained"}.get(self.method, self.method)


def measure() -> list[Figure]:
    """Half and 95 % of the answers by how they came about, the share phrased, and the stages."""
    with tempfile.TemporaryDirectory(prefix="livecue-bench-") as folder:
        given = os.environ.get("LIVECUE_BENCH_FILM")
        film = Path(given or Path(folder) / "demo.mp4")
        if given is None:
            compose_demo(EXAMPLE, film, discard, never)
        with running_server(Path(folder) / "home") as client:
            served = list(_serve(client, film))
    kept = os.environ.get("LIVECUE_BENCH_KEEP")
    if kept:
        rows = (json.dumps(vars(one) | {"group": one.group}) for one in served)
        Path(kept).write_text("\n".join(rows) + "\n", encoding="utf-8")
    return [*_by_group(served), *_shares(served), *_stages(served)]


def _serve(client: httpx.Client, film: Path) -> Iterator[Served]:
    programme = Programme(read_script(EXAMPLE))
    products = [product.product_id for product in programme.script.look.products]
    for document in _documents(products):
        add_record(client, document)
    watch = {"stream_id": _STREAM, "source": str(film), "speed": "live", "products": products}
    client.post("/api/v1/streams", json=watch).raise_for_status()
    time.sleep(WARMING_SECONDS)
    lines = DemoFiles.at(film).comments.read_text(encoding="utf-8").splitlines()
    asked = [row for row in map(json.loads, lines) if row["is_question"]]
    clicked: set[int] = set()
    numbers: Counter[str] = Counter()
    until = time.monotonic() + SECONDS
    while time.monotonic() < until:
        stream = client.get(f"/api/v1/streams/{_STREAM}").raise_for_status().json()
        at_ms: int = stream["position_ms"]
        for row in _standing(asked, at_ms):
            if row["comment"] not in clicked:
                clicked.add(row["comment"])
                x0, y0, x1, y1 = row["first_box"]
                look = programme.script.look
                place = {
                    "x_norm": (x0 + x1) / 2 / look.width,
                    "y_norm": (y0 + y1) / 2 / look.height,
                }
                body = {"frame_pts": row["from_ms"] + 500, **place}
                path = f"/api/v1/streams/{_STREAM}/click/stream"
                if (found := _first_sentence(client, path, body, "click")) is not None:
                    yield found
                break
        time.sleep(PAUSE_SECONDS)
        language = next(
            (t.language for t in programme.topics if t.start_ms <= at_ms < t.end_ms), "en"
        )
        usual = _ASKED[language]
        question = usual[numbers[language] % len(usual)]
        numbers[language] += 1
        body = {"question": question, "stream_id": _STREAM}
        if (found := _first_sentence(client, "/api/v1/answers/stream", body, "ask")) is not None:
            yield found
        time.sleep(PAUSE_SECONDS)


def _standing(asked: Sequence[dict[str, Any]], at_ms: int) -> list[dict[str, Any]]:
    """The questions that a host sees now, the newest first."""
    seen = [
        row
        for row in asked
        if _CLICKED_AFTER_MS <= at_ms - row["from_ms"] <= _CLICKED_UNTIL_MS
        and row["to_ms"] >= row["from_ms"] + 1000
    ]
    return seen[::-1]


def _first_sentence(
    client: httpx.Client, path: str, body: dict[str, Any], way: str
) -> Served | None:
    """One answer; None where nothing was under the click."""
    began = time.perf_counter()
    stages: dict[str, float] = {}
    seconds: float | None = None
    event = ""
    with client.stream("POST", path, json=body) as reply:
        for line in reply.iter_lines():
            name, _, value = line.partition(": ")
            if name == "event":
                event = value
                now = time.perf_counter() - began
                if event == "comment":
                    stages["find the comment"] = now * 1000
                elif event == "sentence" and seconds is None:
                    seconds = now
            elif name == "data" and event == "answer" and seconds is not None:
                answer = json.loads(value)
                stages |= answer["timings_ms"]
                return Served(way, answer["method"], answer["drafted"], seconds, stages)
    return None


def _documents(products: Sequence[str]) -> Iterator[ProductDocument]:
    for material in read_example_gold(products):
        record = record_of(material.gold.products[0])
        evidence = {
            path: [Evidence(source="gold", file=f"{material.gold.id}.gold.json", quote=value)]
            for path, value in iter_fields(record)
        }
        yield ProductDocument(
            product_id=material.gold.id,
            version=1,
            status=ProductStatus.PUBLISHED,
            record=record,
            evidence=evidence,
        )


def _by_group(served: Sequence[Served]) -> Iterator[Figure]:
    aims = {"phrased at once": PHRASED_SECONDS}
    groups = sorted({one.group for one in served})
    ready = [one for one in served if one.group not in aims]
    sets = {
        "clicks": [one for one in served if one.way == "click"],
        "asks": [one for one in served if one.way == "ask"],
        "all but phrased at once": ready,
        **{group: [one for one in served if one.group == group] for group in groups},
    }
    for name, ones in sets.items():
        times = sorted(one.seconds for one in ones)
        if times:
            aim = aims.get(name, DRAFTED_SECONDS)
            count = f"{name} ({len(times)})"
            yield Figure(f"{count}: first sentence, half within", _share(times, 0.5), "aim", aim)
            yield Figure(f"{count}: first sentence, 95 % within", _share(times, 0.95), "aim", aim)


def _shares(served: Sequence[Served]) -> Iterator[Figure]:
    grounded = [one for one in served if one.method != "abstention"]
    phrased = sum(one.method == "model" for one in grounded)
    if grounded:
        share = phrased / len(grounded)
        yield Figure(f"answers phrased, of {len(grounded)}", share, "aim", 0.5, "share")


def _stages(served: Sequence[Served]) -> Iterator[Figure]:
    names = dict.fromkeys(name for one in served for name in one.stages)
    for name in names:
        times = sorted(one.stages[name] / 1000 for one in served if name in one.stages)
        half, most = _share(times, 0.5), _share(times, 0.95)
        yield Figure(f"stage “{name}”, 95 % within", most, "half within", max(half, 1e-6))


def _share(times: Sequence[float], share: float) -> float:
    return times[min(len(times) - 1, int(share * len(times)))]
