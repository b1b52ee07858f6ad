"""The demo broadcast becomes a film that shows what its truth says; a killed run goes on."""

import json
from itertools import pairwise
from pathlib import Path

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from domain.errors import JobCancelled, NotAvailable
from domain.progress import Progress, discard, never
from domain.settings import Settings
from evals.comments import CLOSE, error_rate, fold
from live.demo import Programme, compose_demo, fonts, read_script
from live.demo.composing import EXAMPLE
from models.ocr import load_ocr
from tools.comments import read_frame

WELCOME = (0, 10_000)


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("demo") / "demo.mp4"
    return compose_demo(EXAMPLE, out, discard, never, only_ms=WELCOME)


def _frame(film: Path, at_ms: int) -> NDArray[np.uint8]:
    with av.open(str(film)) as opened:
        for frame in opened.decode(video=0):
            if frame.time * 1000 >= at_ms:
                return np.asarray(frame.to_ndarray(format="bgr24"), np.uint8)
    raise AssertionError(f"no frame at {at_ms}")


@pytest.mark.slow
def test_it_is_a_portrait_film_with_sound_and_a_keyframe_each_two_seconds(film: Path):
    topic = Programme(read_script(EXAMPLE)).topics[0]
    with av.open(str(film)) as opened:
        video, sound = opened.streams.video[0], opened.streams.audio[0]
        assert (video.width, video.height, video.codec_context.name) == (720, 1280, "h264")
        assert sound.codec_context.name == "aac"
        assert opened.duration is not None
        assert abs(opened.duration / 1000 - (topic.end_ms - topic.start_ms)) < 300
        packets = [p for p in opened.demux(video) if p.pts is not None]
        keys = [float(p.pts * p.time_base) for p in packets if p.is_keyframe and p.pts is not None]
    assert all(b - a <= 2.01 for a, b in pairwise(keys))


@pytest.mark.slow
@pytest.mark.models
def test_the_frame_shows_the_comments_where_the_truth_says(film: Path):
    told = film.with_suffix(".comments.jsonl").read_text("utf-8")
    rows = [json.loads(line) for line in told.splitlines()]
    at = max(row["from_ms"] for row in rows) + 200
    shown = [r for r in rows if r["from_ms"] <= at < r["to_ms"] and not r["is_notice"]]
    assert len(shown) >= 4
    read = read_frame(_frame(film, at), load_ocr(Settings())).comments
    for row in shown:
        x0, y0, x1, y1 = row["last_box"]
        here = [
            c
            for c in read
            if x0 < (c.box[0] + c.box[2]) / 2 < x1 and y0 < (c.box[1] + c.box[3]) / 2 < y1
        ]
        assert any(error_rate(fold(c.text), fold(row["text"])) <= CLOSE for c in here), row["text"]


@pytest.mark.slow
def test_a_cancelled_run_goes_on_with_the_shots_that_are_finished(tmp_path: Path):
    out = tmp_path / "demo.mp4"
    two = (0, Programme(read_script(EXAMPLE)).topics[0].end_ms + 1000)
    told: list[Progress] = []

    def second_has_begun() -> bool:
        return bool(told) and told[-1].done == 1

    with pytest.raises(JobCancelled):
        compose_demo(EXAMPLE, out, told.append, second_has_begun, only_ms=two)
    assert not out.exists()
    (kept,) = out.with_suffix(".parts").rglob("*.mp4")
    stamp = kept.stat().st_mtime_ns
    seen: list[int] = []

    def look(event: Progress) -> None:
        if kept.exists():
            seen.append(kept.stat().st_mtime_ns)

    compose_demo(EXAMPLE, out, look, never, only_ms=two)
    assert out.is_file()
    assert set(seen) == {stamp}
    assert not out.with_suffix(".parts").exists()
    made = out.stat().st_mtime_ns
    compose_demo(EXAMPLE, out, discard, never, only_ms=two)
    assert out.stat().st_mtime_ns == made


def test_without_a_chinese_font_the_package_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(fonts, "_FOLDERS", (str(tmp_path),))
    fonts.find_font.cache_clear()
    try:
        with pytest.raises(NotAvailable) as raised:
            compose_demo(EXAMPLE, tmp_path / "demo.mp4", discard, never, only_ms=WELCOME)
    finally:
        fonts.find_font.cache_clear()
    assert "fonts-noto-cjk" in raised.value.hint
    assert not (tmp_path / "demo.mp4").exists()
