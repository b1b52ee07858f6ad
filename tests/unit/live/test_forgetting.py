"""A forgotten stream takes with it the pictures that nothing else shows."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from domain.errors import NotFound
from domain.scope import Scope
from domain.stream import Event, Keyframe, StreamSpec, StreamStatus, Utterance
from live.forgetting import StreamForgetter
from stores.blob_uses import BlobUses
from stores.blobs import BlobStore
from stores.sql import Database
from stores.streams import StreamStore
from stores.uploads import UploadStore
from tests.fakes.word_embedder import WordEmbedder
from tools.memory import StreamMemory


class Home:
    def __init__(self, database: Database, folder: Path, scope: Scope) -> None:
        self.scope = scope
        self.store = StreamStore(database)
        self.blobs = BlobStore(folder / "blobs", reserve_bytes=0)
        self.uploads = UploadStore(database)
        self.memory = StreamMemory(self.store, folder / "memory", WordEmbedder())
        self.forgetter = StreamForgetter(
            self.store, lambda: self.memory, self.blobs, BlobUses(database)
        )
        (folder / "blobs").mkdir()

    def show(self, stream_id: str, *pictures: bytes, source: str | None = None) -> None:
        self.store.create(self.scope, stream_id, StreamSpec(source=source))
        row = Utterance(start_ms=0, end_ms=1, text="hello")
        self.store.append(self.scope, stream_id, [("a", row)])
        frames = tuple(
            Keyframe(at_ms=n, blob=self.blobs.put_bytes(self.scope, data).sha256, width=1, height=1)
            for n, data in enumerate(pictures)
        )
        event = Event(event_id="e", start_ms=0, end_ms=9, available_at_ms=9, keyframes=frames)
        self.store.save_events(self.scope, stream_id, [event])
        self.store.update(self.scope, stream_id, status=StreamStatus.ENDED)

    def has(self, data: bytes) -> bool:
        sha = self.blobs.put_bytes(Scope(workspace_id="other"), data).sha256
        try:
            self.blobs.path(self.scope, sha)
        except NotFound:
            return False
        return True


@pytest.fixture
def home(database: Database, tmp_path: Path, scope: Scope) -> Iterator[Home]:
    home = Home(database, tmp_path, scope)
    yield home
    home.memory.close()


def test_pictures_go_with_the_last_stream_that_shows_them(home: Home) -> None:
    home.show("night", b"own", b"shared", b"uploaded")
    home.show("replay", b"shared")
    ref = home.blobs.put_bytes(home.scope, b"uploaded")
    home.uploads.add(home.scope, "frame.jpg", "image/jpeg", ref)
    assert home.forgetter.forget(home.scope, "night") == 1
    assert not home.has(b"own")
    assert home.has(b"shared")
    assert home.has(b"uploaded")
    assert home.forgetter.forget(home.scope, "replay") == 1
    assert not home.has(b"shared")
    with pytest.raises(NotFound):
        home.forgetter.forget(home.scope, "night")


def test_pictures_stay_while_the_same_source_is_watched(home: Home) -> None:
    home.show("night", b"own", source="film.mp4")
    home.store.create(home.scope, "again", StreamSpec(source="film.mp4"))
    assert home.forgetter.forget(home.scope, "night") == 0
    assert home.has(b"own")
