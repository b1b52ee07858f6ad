"""Recordings and what was made of them: found again, shared by content, kept apart by workspace."""

from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest

from domain.errors import NotFound
from domain.recording import Media, Recording, RecordingFile, Stage
from domain.scope import Scope
from stores.recordings import RecordingStore
from stores.sql import Database

STRANGER = Scope("other")
FILE = RecordingFile(name="show.mp4", path="/films/show.mp4", size=9, modified_ns=1)
MEDIA = Media(
    duration_ms=60_000,
    width=720,
    height=1280,
    rotation=90,
    frame_rate=Fraction(30_000, 1_001),
    constant_rate=True,
    video_codec="h264",
    pixel_format="yuv420p",
    audio_codec="aac",
    sample_rate=48_000,
    channels=2,
)


@pytest.fixture
def store(database: Database) -> RecordingStore:
    moments = (datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=n) for n in range(1000))
    return RecordingStore(database, clock=lambda: next(moments))


def made(store: RecordingStore, scope: Scope, key: str, content: str | None = None) -> Recording:
    recording = store.find_or_create(scope, key, FILE, products=["mug"], language="en")
    if content is not None:
        store.update(scope, recording.recording_id, content=content, media=MEDIA)
    return store.get(scope, recording.recording_id)


def test_the_same_request_finds_its_recording(store: RecordingStore, scope: Scope):
    first = made(store, scope, "a")
    assert made(store, scope, "a") == first
    assert (first.file, first.products, first.language) == (FILE, ("mug",), "en")
    second = made(store, scope, "b")
    assert [one.recording_id for one in store.list(scope)] == [
        second.recording_id,
        first.recording_id,
    ]


def test_what_is_learned_of_it_comes_back_exactly(store: RecordingStore, scope: Scope):
    ident = made(store, scope, "a", "c0").recording_id
    store.update(scope, ident, results={Stage.TRANSCRIPT: "b1"}, job_id="job-1")
    found = store.update(scope, ident, results={Stage.TAGS: "b2"})
    assert found.media == MEDIA
    assert found.results == {Stage.TRANSCRIPT: "b1", Stage.TAGS: "b2"}
    assert store.get(scope, ident) == found


def test_parts_are_found_by_content_stage_and_key(store: RecordingStore, scope: Scope):
    store.keep_part(scope, "c0", "tags", "k", "blob-1")
    assert store.find_part(scope, "c0", "tags", "k") == "blob-1"
    assert store.find_part(scope, "c0", "tags", "other") is None
    assert store.find_part(scope, "c0", "segments", "k") is None
    assert store.find_part(scope, "c1", "tags", "k") is None
    assert store.find_part(STRANGER, "c0", "tags", "k") is None
    store.keep_part(scope, "c0", "tags", "k", "blob-2")
    assert store.find_part(scope, "c0", "tags", "k") == "blob-2"


def test_parts_go_with_the_last_recording_of_their_content(store: RecordingStore, scope: Scope):
    first, second = made(store, scope, "a", "c0"), made(store, scope, "b", "c0")
    theirs = made(store, STRANGER, "a", "c0")
    for owner in (scope, STRANGER):
        store.keep_part(owner, "c0", "tags", "k", "blob")
    store.delete(scope, first.recording_id)
    assert store.find_part(scope, "c0", "tags", "k") == "blob"
    store.delete(scope, second.recording_id)
    assert store.find_part(scope, "c0", "tags", "k") is None
    assert store.find_part(STRANGER, "c0", "tags", "k") == "blob"
    assert store.get(STRANGER, theirs.recording_id).content == "c0"


def test_a_stranger_sees_and_touches_nothing(store: RecordingStore, scope: Scope):
    ident = made(store, scope, "a").recording_id
    assert store.list(STRANGER) == []
    with pytest.raises(NotFound, match=ident):
        store.get(STRANGER, ident)
    with pytest.raises(NotFound):
        store.update(STRANGER, ident, job_id="job-9")
    with pytest.raises(NotFound):
        store.delete(STRANGER, ident)
    assert store.get(scope, ident).job_id is None
