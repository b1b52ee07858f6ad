"""Clips over REST: made, decided, read, edited, rendered again, exported, forgotten."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import opentimelineio as otio
import pytest

from domain.scope import Scope
from domain.settings import Settings
from stores.blobs import BlobStore
from stores.recordings import RecordingStore
from stores.sql import open_database
from tests.fakes.clips_to_make import SPEECH, store_understood
from tests.fakes.openai_server import serve_openai
from tests.fakes.recordings_to_cut import beeps, record
from tests.serving import JSON, Served, serve_home, settings_for

CLIPS = "/api/v1/clips"

pytestmark = [pytest.mark.models, pytest.mark.slow]


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Served, str]]:
    """A served home with the models, and a recording in it that is understood."""
    folder = tmp_path_factory.mktemp("clips")
    film = record(
        folder / "show.mp4", seconds=len(SPEECH) * 4 + 2, sound=beeps(len(SPEECH) * 4 + 2)
    )
    with serve_openai() as fake:
        settings = settings_for(folder / "home", fake.base_url).model_copy(
            update={"models": Settings().models_path}
        )
        database = open_database(settings.home_path / "livecue.sqlite")
        store, blobs = RecordingStore(database), BlobStore(settings.home_path / "blobs")
        recording = store_understood(store, blobs, Scope(), film)
        database.close()
        with serve_home(settings) as server:
            yield server, recording.recording_id


@pytest.fixture(scope="module")
def made(known: tuple[Served, str]) -> JSON:
    """A clip that was made and rendered for real, small."""
    served, recording_id = known
    wanted = {
        "recording_id": recording_id, "brief": "9 s, 16:9, no price", "approve": True,
        "preview": True,
    }  # fmt: skip
    job = served.settled(served.post(CLIPS, wanted)["job_id"])
    assert job["status"] == "succeeded", job["error"]
    [clip_id] = job["result"]["clips"]
    return served.get(f"{CLIPS}/{clip_id}")


def test_a_clip_is_arranged_rendered_and_told_of(known: tuple[Served, str], made: JSON):
    served, recording_id = known
    assert (made["status"], made["recording_id"]) == ("rendered", recording_id)
    files = made["rendered"]
    assert (files["width"], files["height"]) == (960, 540)
    seconds = files["frames"] / 30
    assert seconds == pytest.approx(9, abs=2.5)
    assert made["brief"]["unwanted"] == ["price_promo"]
    listed = served.get(CLIPS, recording_id=recording_id)["clips"]
    assert made["clip_id"] in [one["clip_id"] for one in listed]


def test_every_kind_of_file_is_exported(known: tuple[Served, str], made: JSON, tmp_path: Path):
    served, _ = known
    place = f"{CLIPS}/{made['clip_id']}/files"
    data = {
        kind: served.http.get(f"{place}/{kind}")
        for kind in ("mp4", "cover", "receipt", "srt", "vtt", "ass", "otio", "edl", "fcpxml")
    }
    assert {kind: answer.status_code for kind, answer in data.items()} == dict.fromkeys(data, 200)
    assert data["mp4"].content[4:8] == b"ftyp"
    assert data["cover"].content[:2] == b"\xff\xd8"
    receipt = json.loads(data["receipt"].text)
    assert receipt["made_by"]["storyline"]["template"] == made["storyline"]["template"]
    assert "-->" in data["srt"].text
    out = tmp_path / "clip.otio"
    out.write_bytes(data["otio"].content)
    edit = cast("otio.schema.Timeline", otio.adapters.read_from_file(str(out)))  # pyright: ignore
    assert edit.duration().to_frames() == made["rendered"]["frames"]
    assert served.http.get(f"{place}/doc").status_code == 422


def test_a_word_is_edited_and_only_the_seen_version_changes(known: tuple[Served, str], made: JSON):
    served, _ = known
    place = f"{CLIPS}/{made['clip_id']}"
    version = served.get(f"{place}/timeline")["version"]
    piece = made["timeline"]["pieces"][0]["piece_id"]
    change = {"version": version, "piece_id": piece, "words": {"0": "CHILLY"}}
    answer = served.http.patch(f"{place}/words", json=change)
    assert answer.status_code == 200, answer.text
    assert answer.json()["pieces"][0]["words"][0]["text"] == "CHILLY"
    assert served.get(place)["status"] == "changed"
    assert served.http.patch(f"{place}/words", json=change).status_code == 409
    assert "CHILLY" in served.http.get(f"{place}/files/srt").text
    bad = {"version": version + 1, "effects": {"theme": 3}}
    assert served.http.patch(f"{place}/timeline", json=bad).status_code in (400, 422)
    job = served.settled(served.post(f"{place}/render", {"preview": True})["job_id"])
    assert job["status"] == "succeeded", job["error"]
    assert served.get(place)["rendered"]["version"] == version + 1


def test_a_clip_waits_for_a_word_and_is_forgotten(known: tuple[Served, str]):
    served, recording_id = known
    wanted = {"recording_id": recording_id, "seconds": 9, "variants": 2}
    job = served.settled(served.post(CLIPS, wanted)["job_id"])
    assert job["status"] == "waiting"
    first, second = job["result"]["clips"]
    assert served.http.get(f"{CLIPS}/{first}/files/mp4").status_code == 409
    for clip_id in (first, second):
        answer = served.post(f"{CLIPS}/{clip_id}/decision", {"approve": False})
        assert answer["status"] == "rejected"
    again = served.http.post(f"{CLIPS}/{first}/decision", json={"approve": True})
    assert again.status_code == 409
    assert served.http.delete(f"{CLIPS}/{first}").status_code == 204
    assert served.http.get(f"{CLIPS}/{first}").status_code == 404


def test_what_is_not_there_is_named(known: tuple[Served, str]):
    served, _ = known
    assert served.http.post(CLIPS, json={"recording_id": "rec_none"}).status_code == 404
    assert served.http.get(f"{CLIPS}/clip_none").status_code == 404
