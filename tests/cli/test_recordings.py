"""`livecue segments` and `livecue candidates`: what they print, write, and how they refuse."""

import json
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import av
import pytest

from domain.settings import Settings
from tests.cli.conftest import Livecue
from tests.fakes.clips import write_clip
from tests.fakes.openai_server import serve_openai
from tests.fakes.spoken_films import make_spoken_film
from tests.serving import Served, serve_home, settings_for

MUG_SECONDS, QUILT_SECONDS = 50, 40


def test_a_film_that_is_not_there_is_named(livecue: Livecue, tmp_path: Path):
    for command in ("segments", "candidates", "clip"):
        ran = livecue(command, tmp_path / "gone.mp4", "--json")
        assert ran.code == 1
        assert "gone.mp4 is not there" in ran.json["error"]["message"]
        assert ran.json["error"]["hint"]


def test_a_film_without_sound_fails_with_a_mend(livecue: Livecue, tmp_path: Path):
    film = write_clip(tmp_path / "mute.mp4", 2, sound=False)
    ran = livecue("segments", film, "--json")
    assert ran.code == 1
    assert "mute.mp4 has no sound" in ran.json["error"]["message"]
    assert "job " in ran.err


def test_chapters_of_an_unknown_form_are_a_usage_error(livecue: Livecue, tmp_path: Path):
    film = write_clip(tmp_path / "show.mp4", 1)
    ran = livecue("segments", film, "--chapters", tmp_path / "chapters.doc")
    assert ran.code == 2
    assert ".ffmetadata" in ran.err


def test_a_product_that_is_not_there_is_named_before_any_work(livecue: Livecue, tmp_path: Path):
    film = write_clip(tmp_path / "show.mp4", 1)
    ran = livecue("candidates", film, "--product", "no-such")
    assert (ran.code, "no-such" in ran.err, "job " in ran.err) == (1, True, False)


@pytest.fixture(scope="module")
def heard(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A served home with the models."""
    home = tmp_path_factory.mktemp("heard") / "home"
    with serve_openai() as fake:
        settings = settings_for(home, fake.base_url).model_copy(
            update={"models": Settings().models_path}
        )
        with serve_home(settings) as server:
            yield server


@pytest.fixture(scope="module")
def show(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("show")
    parts = {"1-mug": MUG_SECONDS, "2-quilt": QUILT_SECONDS}
    return make_spoken_film(folder / "show.mp4", parts)


@pytest.mark.models
@pytest.mark.slow
def test_a_recording_becomes_segments_chapters_and_candidates(
    livecue: Livecue,
    heard: Served,
    show: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setenv("LIVECUE_HOME", str(heard.settings.home_path))
    chapters = tmp_path / "show.vtt"
    first = livecue("segments", show, "--chapters", chapters, "--json")
    assert first.code == 0, first.err
    found = first.json
    assert found["file"] == "show.mp4"
    assert found["media"]["duration_ms"] == pytest.approx(92_000, abs=500)
    segments = found["segments"]
    assert segments
    assert all(a["end_ms"] <= b["start_ms"] for a, b in pairwise(segments))
    assert chapters.read_text("utf-8").startswith("WEBVTT")
    assert list(tmp_path.glob(".*")) == []

    again = livecue("candidates", show, "--json")
    assert again.code == 0, again.err
    assert "known from an earlier run" in again.err
    clip = again.json
    assert clip["segments"] == segments
    utterances = clip["transcript"]["utterances"]
    text = "".join(one["utterance"]["text"] for one in utterances)
    assert "good evening" in text.lower()
    assert any("\u4e00" <= char <= "\u9fff" for char in text)
    assert any(one["tags"] for one in utterances)
    assert len(clip["highlights"]) > 80
    assert clip["candidates"]
    for tag, ranked in clip["candidates"].items():
        assert [one["tag"] for one in ranked] == [tag] * len(ranked)
        assert [-one["appeal"] for one in ranked] == sorted(-one["appeal"] for one in ranked)
    for one in (one for ranked in clip["candidates"].values() for one in ranked):
        said = [utterances[number]["utterance"] for number in one["utterances"]]
        assert (said[0]["start_ms"], said[-1]["end_ms"]) == (one["start_ms"], one["end_ms"])
        assert 0 <= one["appeal"] <= 1

    shown = livecue("candidates", show)
    assert shown.code == 0
    assert "cut one: livecue clip" in shown.err
    assert json.dumps(segments[0]["title"], ensure_ascii=False).strip('"') in shown.out


@pytest.mark.models
@pytest.mark.slow
def test_a_brief_becomes_a_film(
    livecue: Livecue, heard: Served, show: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("LIVECUE_HOME", str(heard.settings.home_path))
    asked = livecue("clip", show, "--brief", "12 s, 16:9, no price", "--preview", "--json")
    assert asked.code == 0, asked.err
    assert asked.json["status"] == "waiting"
    assert asked.json["estimate"]["render_seconds"] > 0
    assert asked.json["candidates"]
    assert all(
        one["tag"] == tag for tag, found in asked.json["candidates"].items() for one in found
    )
    [clip] = asked.json["clips"]
    assert "price_promo" in clip["brief"]["unwanted"]
    approved = livecue("clips", "approve", clip["clip_id"], "--json")
    assert approved.json["status"] == "rendered", approved.err
    out = tmp_path / "clip.mp4"
    assert livecue("clips", "export", clip["clip_id"], out).code == 0
    with av.open(str(out)) as film:
        assert film.duration is not None
        seconds = film.duration / 1_000_000
    assert seconds == pytest.approx(12, abs=2.5)
    assert approved.json["rendered"]["loudness"] == pytest.approx(-14, abs=1)
