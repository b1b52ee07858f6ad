"""Recordings over REST: started, read stage by stage, forgotten; files that cannot be cut."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import TypeAdapter

from domain.job import JobStatus
from domain.recording import (
    Candidate,
    Highlight,
    Jump,
    Recording,
    Segment,
    SpeechTag,
    Stage,
    TaggedUtterance,
    Transcript,
)
from domain.scope import Scope
from domain.stream import Utterance
from stores.blobs import BlobStore
from stores.jobs import JobStore
from stores.recordings import RecordingStore
from stores.sql import open_database
from tests.fakes.clips import write_clip
from tests.fakes.media import tone, write_sound
from tests.fakes.openai_server import serve_openai
from tests.serving import JSON, Served, serve_home, settings_for
from tools.recordings import file_at

RECORDINGS = "/api/v1/recordings"

SAID = Utterance(start_ms=2_000, end_ms=5_000, text="This is the kiln mug.")
TAGGED = TaggedUtterance(
    utterance=SAID, tags=(SpeechTag.PRODUCT_INTRO,), scores={SpeechTag.PRODUCT_INTRO: 0.9}
)
SEGMENTS = [
    Segment(
        number=1, start_ms=2_000, end_ms=60_000, first=0, last=1, product_id="mug",
        title="Kiln mug",
        jumps=(Jump(tag=SpeechTag.PRODUCT_INTRO, at_ms=20_000, utterance=0, text="the mug"),),
    ),
    Segment(
        number=2, start_ms=60_000, end_ms=90_000, first=1, last=1, product_id=None, title="Else"
    ),
]  # fmt: skip
CANDIDATES = [
    Candidate(
        tag=SpeechTag.PRODUCT_INTRO, start_ms=2_000, end_ms=5_000, utterances=(0,), segment=1,
        appeal=0.8, text=SAID.text, product_id="mug",
    )
]  # fmt: skip
HIGHLIGHTS = [Highlight(start_ms=0, end_ms=1_000, score=0.5, signals={"motion": 0.5})]


def _dump(value: object) -> bytes:
    return TypeAdapter(type(value)).dump_json(value)


def understood(home: Path, film: Path) -> Recording:
    """A recording whose stages are all stored."""
    database = open_database(home / "livecue.sqlite")
    store, blobs, scope = RecordingStore(database), BlobStore(home / "blobs"), Scope()
    recording = store.find_or_create(scope, "understood", file_at(str(film)))
    made = {
        Stage.TRANSCRIPT: Transcript(heard_by="ear", utterances=(SAID,)),
        Stage.TAGS: [TAGGED],
        Stage.SEGMENTS: SEGMENTS,
        Stage.HIGHLIGHTS: HIGHLIGHTS,
        Stage.CANDIDATES: CANDIDATES,
    }
    results = {s: blobs.put_bytes(scope, _dump(value)).sha256 for s, value in made.items()}
    jobs = JobStore(database)
    job = jobs.create(scope, "recording", {"recording_id": recording.recording_id})
    jobs.claim(scope, job.job_id, "test", 30)
    jobs.finish(job.job_id, JobStatus.SUCCEEDED, result={})
    store.update(scope, recording.recording_id, results=results, job_id=job.job_id)
    database.close()
    return recording


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_clip(tmp_path_factory.mktemp("films") / "show.mp4", 3)


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory, film: Path) -> Iterator[tuple[Served, str]]:
    home = tmp_path_factory.mktemp("served") / "home"
    with serve_openai() as fake:
        settings = settings_for(home, fake.base_url)
        recording = understood(settings.home_path, film)
        with serve_home(settings) as server:
            yield server, f"{RECORDINGS}/{recording.recording_id}"


def test_what_was_understood_is_read_stage_by_stage(known: tuple[Served, str]):
    served, place = known
    shown = served.get(place)
    assert (shown["status"], shown["file"]["name"], shown["error"]) == (
        "succeeded",
        "show.mp4",
        None,
    )
    transcript = served.get(f"{place}/transcript")
    assert (transcript["heard_by"], transcript["stream_id"]) == ("ear", None)
    assert transcript["utterances"][0]["tags"] == ["product_intro"]
    assert [s["title"] for s in served.get(f"{place}/segments")["segments"]] == ["Kiln mug", "Else"]
    of_mug = served.get(f"{place}/segments", product_id="mug")["segments"]
    assert [s["number"] for s in of_mug] == [1]
    assert served.get(f"{place}/highlights")["highlights"][0]["signals"] == {"motion": 0.5}
    assert served.get(f"{place}/candidates", product_id="mug")["candidates"][0]["appeal"] == 0.8
    assert served.get(f"{place}/candidates", product_id="cup")["candidates"] == []
    listed = served.get(RECORDINGS)["recordings"]
    assert shown["recording_id"] in [one["recording_id"] for one in listed]


@pytest.mark.parametrize(
    ("form", "media", "begins"),
    [
        ("vtt", "text/vtt", "WEBVTT\n\n00:00:02.000 --> 00:01:00.000\nKiln mug"),
        ("txt", "text/plain", "00:00 Kiln mug\n00:20 Product intro: the mug\n01:00 Else"),
        ("ffmetadata", "text/plain", ";FFMETADATA1\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=2000\n"),
    ],
)
def test_chapters_come_in_three_forms(
    known: tuple[Served, str], form: str, media: str, begins: str
):
    served, place = known
    answer = served.http.get(f"{place}/chapters", params={"format": form})
    assert answer.headers["content-type"].startswith(media)
    assert answer.text.startswith(begins)
    assert served.http.get(f"{place}/chapters", params={"format": "doc"}).status_code == 422


def test_a_recording_is_forgotten_and_its_file_stays(
    known: tuple[Served, str], tmp_path: Path, film: Path
):
    served, _ = known
    other = tmp_path / "other.mp4"
    other.write_bytes(film.read_bytes())
    job = served.post(RECORDINGS, {"path": str(other)})
    place = f"{RECORDINGS}/{job['input']['recording_id']}"
    assert served.http.delete(place).status_code == 204
    gone = served.http.get(place)
    assert (gone.status_code, gone.json()["error"]["code"]) == (404, "not_found")
    assert served.http.delete(place).status_code == 404
    assert other.is_file()
    settled = served.settled(job["job_id"])
    assert settled["status"] in ("cancelled", "failed")


def _failed(served: Served, body: JSON) -> JSON:
    job = served.settled(served.post(RECORDINGS, body)["job_id"])
    assert job["status"] == "failed", job
    return job["error"]


def test_the_same_file_finds_its_recording_again(served: Served, tmp_path: Path):
    film = write_clip(tmp_path / "still.mp4", 2, sound=False)
    first = served.post(RECORDINGS, {"path": str(film)})
    again = served.post(RECORDINGS, {"path": str(film)})
    assert again["input"] == first["input"]
    other = served.post(RECORDINGS, {"path": str(film), "language": "en"})
    assert other["input"] != first["input"]
    place = f"{RECORDINGS}/{first['input']['recording_id']}"
    served.settled(again["job_id"])
    shown = served.get(place)
    assert (shown["status"], "no sound" in shown["error"]["message"]) == ("failed", True)
    unmade = served.http.get(f"{place}/segments")
    assert unmade.status_code == 409
    assert "not made yet" in unmade.json()["error"]["message"]


@pytest.mark.slow
def test_files_that_cannot_be_cut_are_named_with_a_mend(served: Served, tmp_path: Path):
    mute = write_clip(tmp_path / "mute.mp4", 2, sound=False)
    blind = write_sound(tmp_path / "blind.m4a", tone(2))
    whole = write_clip(tmp_path / "whole.mp4", 4).read_bytes()
    cut = tmp_path / "cut.mp4"
    cut.write_bytes(whole[: len(whole) // 2])
    note = tmp_path / "note.mp4"
    note.write_text("this is no film")
    found = {path.name: _failed(served, {"path": str(path)}) for path in (mute, blind, cut, note)}
    assert "mute.mp4 has no sound" in found["mute.mp4"]["message"]
    assert "blind.m4a has no picture" in found["blind.m4a"]["message"]
    assert "cut.mp4" in found["cut.mp4"]["message"]
    assert "note.mp4" in found["note.mp4"]["message"]
    assert all(error["hint"] for error in found.values())


def test_a_film_beyond_a_limit_names_the_setting(tmp_path: Path):
    film = write_clip(tmp_path / "long.mp4", 4)
    with serve_openai() as fake:
        settings = settings_for(tmp_path / "home", fake.base_url, recordings={"max_seconds": 2})
        with serve_home(settings) as served:
            error = _failed(served, {"path": str(film)})
    assert error["code"] == "limit_exceeded"
    assert "LIVECUE_RECORDINGS__MAX_SECONDS" in error["hint"]


def test_an_upload_is_a_recording_too(served: Served, tmp_path: Path):
    film = write_clip(tmp_path / "sent.mp4", 2, sound=False)
    sent = served.upload("sent.mp4", film.read_bytes())
    error = _failed(served, {"upload_id": sent["upload_id"]})
    assert "sent.mp4 has no sound" in error["message"]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 422),
        ({"path": "/nowhere/show.mp4"}, 404),
        ({"path": "show.mp4"}, 422),
        ({"path": "/"}, 422),
        ({"upload_id": "file-nope"}, 404),
        ({"path": "/a.mp4", "upload_id": "b"}, 422),
        ({"path": "/a.mp4", "language": "English please"}, 422),
    ],
)
def test_what_is_no_recording_is_refused_at_once(served: Served, body: JSON, status: int):
    answer = served.http.post(RECORDINGS, json=body)
    assert answer.status_code == status
    assert answer.json()["error"]["hint"]


def test_a_line_up_has_to_be_there(served: Served, film: Path):
    body = {"path": str(film), "products": ["no-such-product"]}
    answer = served.http.post(RECORDINGS, json=body)
    assert (answer.status_code, "no-such-product" in answer.text) == (404, True)
