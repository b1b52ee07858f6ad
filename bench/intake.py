"""Time and peak memory of reading each kind of source, and of twenty intakes at once.

Each kind is read in a process of its own; its memory is the peak of that process and of the largest
that it starts. The engines (OCR, speech) are loaded before the time is taken. The twenty intakes
are price lists and label photos that rules read whole: OCR runs for real, no language model does,
so that it is the intake's own memory which is measured.
"""

import json
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import httpx
import psutil

from bench.figure import Figure
from bench.material import LINES, draw_page, write_material
from evals.rows import EXAMPLES
from evals.server import running_server, take_in
from stores.home import read_owner

INTAKES = 20
_RECORDINGS = {"a minute of speech": ".mp3", "a minute of video": ".mp4"}
_SAMPLE_SECONDS = 0.05
_NO_MODEL = {
    "LIVECUE_CHAT__BASE_URL": "http://127.0.0.1:9/v1",
    "LIVECUE_CHAT__MODEL": "none",
    "LIVECUE_CHAT__MAX_RETRIES": "0",
}
"""Nothing listens there: an intake that asks a language model fails, and the benchmark with it."""


def measure() -> list[Figure]:
    """Every kind against plain text of the same content, recordings against decoding alone."""
    with tempfile.TemporaryDirectory(prefix="livecue-bench-") as folder:
        figures = [*_measure_pages(Path(folder)), *_measure_recordings()]
        return [*figures, *_measure_many(Path(folder))]


def _measure_pages(folder: Path) -> Generator[Figure]:
    paths = write_material(folder)
    read = {kind: _read(path) for kind, path in paths.items()}
    text = read.pop("text")
    for kind, measured in read.items():
        yield Figure(f"reading a {kind}", measured["seconds"], "as text", text["seconds"])
        yield Figure(
            f"peak memory of reading a {kind}", measured["memory"], "as text", text["memory"], "B"
        )


def _measure_recordings() -> Generator[Figure]:
    for what, suffix in _RECORDINGS.items():
        path = next(iter(sorted(EXAMPLES.glob(f"*/*{suffix}"))), None)
        if path is None:
            continue
        measured, decoded = _read(path), _read(path, "--decode")
        minutes = decoded["media_seconds"] / 60
        against = "decoding it alone"
        yield Figure(
            f"reading {what}", measured["seconds"] / minutes, against, decoded["seconds"] / minutes
        )
        yield Figure(f"reading {what}", measured["seconds"] / minutes, "its length", 60.0)
        yield Figure(
            f"peak memory of reading {what}", measured["memory"], against, decoded["memory"], "B"
        )


def _read(path: Path, *options: str) -> dict[str, float]:
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-m", "bench.reading", str(path), *options],
        check=True,
        capture_output=True,
        text=True,
    )
    return json.loads(done.stdout.splitlines()[-1])


def _measure_many(folder: Path) -> Generator[Figure]:
    one = _take_in_at_once(folder / "one", 1)
    many = _take_in_at_once(folder / "many", INTAKES)
    what = f"{INTAKES} intakes at once"
    yield Figure(f"{what}, all of them finished", many.seconds, "one intake", one.seconds)
    yield Figure(f"peak memory of {what}", many.memory, "one intake", one.memory, "B")


class _Peak:
    """The most resident memory of a process and its children while it is watched, in bytes."""

    def __init__(self, pid: int) -> None:
        self.memory = 0
        self.seconds = 0.0
        self._process = psutil.Process(pid)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    @contextmanager
    def watched(self) -> Generator[None]:
        began = time.perf_counter()
        self._thread.start()
        try:
            yield
        finally:
            self.seconds = time.perf_counter() - began
            self._stop.set()
            self._thread.join()

    def _watch(self) -> None:
        while not self._stop.wait(_SAMPLE_SECONDS):
            tree = [self._process, *self._process.children(recursive=True)]
            self.memory = max(self.memory, sum(map(_resident, tree)))


def _resident(process: psutil.Process) -> int:
    try:
        return process.memory_info().rss
    except psutil.NoSuchProcess:
        return 0


def _take_in_at_once(folder: Path, count: int) -> _Peak:
    """Take in `count` different folders at once; raises when one of them fails."""
    home = folder / "home"
    with running_server(home, _NO_MODEL) as client:
        owner = read_owner(home)
        assert owner is not None  # noqa: S101 - the server that runs owns its home
        sets = [_write_set(folder / str(number), number) for number in range(count)]
        peak = _Peak(owner.pid)
        with peak.watched(), ThreadPoolExecutor(count) as workers:
            list(workers.map(partial(_take, client), sets))
    return peak


def _take(client: httpx.Client, files: list[Path]) -> None:
    taken = take_in(client, files, name=f"Mug {files[0].parent.name}")
    if taken.failed or len(taken.documents) != 1:
        raise RuntimeError(f"an intake did not finish: {taken.failed}")


def _write_set(folder: Path, number: int) -> list[Path]:
    folder.mkdir(parents=True)
    photo, table = folder / "label.jpg", folder / "prices.csv"
    draw_page([f"Product name: Mug {number}", *LINES[:6]]).save(photo, "JPEG", quality=85)
    table.write_text(
        "Product,Colour,List price (USD),Live price (USD),Stock\n"
        f"Mug {number},Moss,{28 + number},{20 + number},{number + 1}\n",
        "utf-8",
    )
    return [photo, table]
