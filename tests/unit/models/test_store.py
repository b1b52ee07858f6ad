import hashlib
import os
from collections.abc import Generator
from pathlib import Path

import pytest

from domain.errors import JobCancelled, ModelFileCorrupt, ModelUnavailable, NotFound, StorageFull
from domain.progress import Progress
from models.manifest import HubRepo, Manifest, ModelFile, ModelSpec, load_manifest
from models.store import ModelStatus, ModelStore
from tests.fakes.file_hub import FileHub, serving

CONTENT = os.urandom(3_000_000)
NAME = "tiny.gguf"


def make_manifest(content: bytes = CONTENT) -> Manifest:
    spec = ModelSpec(
        name="chat",
        title="Tiny",
        upstream="maker/tiny",
        licence="MIT",
        files=(
            ModelFile(name=NAME, size=len(content), sha256=hashlib.sha256(content).hexdigest()),
        ),
        sources=(HubRepo(kind="hub", repo="maker/tiny", revision="main"),),
    )
    return Manifest(models=(spec,))


@pytest.fixture
def hub() -> Generator[FileHub]:
    with serving(FileHub({NAME: CONTENT})) as running:
        yield running


def make_store(root: Path, hub: FileHub, *given: Path, free: int = 10**12) -> ModelStore:
    return ModelStore(
        root, given, manifest=make_manifest(), hub=hub.address, free_bytes=lambda _: free
    )


def test_pull_leaves_the_verified_file_and_nothing_else(tmp_path: Path, hub: FileHub):
    store = make_store(tmp_path, hub)
    events: list[Progress] = []

    path = store.pull("chat", events.append)

    assert path == tmp_path / "chat" / NAME == store.path("chat")
    assert path.read_bytes() == CONTENT
    assert store.status("chat") is ModelStatus.PRESENT
    assert not (tmp_path / ".partial" / "chat").exists()
    fetching = [event for event in events if "fetching" in event.message]
    assert (fetching[-1].done, fetching[-1].total) == (len(CONTENT), len(CONTENT))


def test_pull_of_a_present_model_asks_nobody(tmp_path: Path, hub: FileHub):
    store = make_store(tmp_path, hub)
    store.pull("chat")
    store.pull("chat")
    assert len(hub.asked) == 1


def test_a_missing_model_is_named_with_the_command_that_brings_it(tmp_path: Path, hub: FileHub):
    store = make_store(tmp_path, hub)
    assert store.status("chat") is ModelStatus.MISSING
    with pytest.raises(ModelUnavailable, match="Tiny is not in") as caught:
        store.path("chat")
    assert "livecue models pull chat" in caught.value.hint


def test_an_unknown_name_is_refused_with_the_known_ones(tmp_path: Path, hub: FileHub):
    with pytest.raises(NotFound) as caught:
        make_store(tmp_path, hub).status("vision")
    assert "chat" in caught.value.hint


def test_a_cut_connection_goes_on_where_it_stopped(tmp_path: Path, hub: FileHub):
    hub.cut_after = 2_000_000
    make_store(tmp_path, hub).pull("chat")
    assert hub.asked == [None, "bytes=2000000-"]
    assert hub.sent == len(CONTENT)


def test_a_hub_that_ignores_ranges_is_read_from_the_start(tmp_path: Path, hub: FileHub):
    work = tmp_path / ".partial" / "chat"
    work.mkdir(parents=True)
    (work / f"{NAME}.hub").write_bytes(CONTENT[:1000])
    hub.ranges = False
    assert make_store(tmp_path, hub).pull("chat").read_bytes() == CONTENT
    assert hub.asked == ["bytes=1000-"]


def test_the_wrong_bytes_are_refused_and_removed(tmp_path: Path, hub: FileHub):
    hub.files[NAME] = CONTENT[:-1] + bytes([CONTENT[-1] ^ 1])
    store = make_store(tmp_path, hub)
    with pytest.raises(ModelFileCorrupt, match="has not the pinned SHA-256"):
        store.pull("chat")
    assert store.status("chat") is ModelStatus.MISSING
    assert [p for p in tmp_path.rglob("*") if p.is_file() and p.stat().st_size > 1000] == []

    hub.files[NAME] = CONTENT
    assert store.pull("chat").read_bytes() == CONTENT


def test_a_hub_that_sends_too_much_is_stopped(tmp_path: Path, hub: FileHub):
    hub.files[NAME] = CONTENT * 3
    with pytest.raises(ModelFileCorrupt, match="sends more than"):
        make_store(tmp_path, hub).pull("chat")


def test_no_source_within_reach_names_each_reason(tmp_path: Path, hub: FileHub):
    hub.files.clear()
    with pytest.raises(ModelUnavailable, match=r"Tiny could not be fetched.*404") as caught:
        make_store(tmp_path, hub).pull("chat")
    assert "LIVECUE_MODEL_SOURCES" in caught.value.hint


def test_damage_after_the_fact_is_found_and_mended(tmp_path: Path, hub: FileHub):
    store = make_store(tmp_path, hub)
    path = store.pull("chat")
    damaged = CONTENT[:-1] + bytes([CONTENT[-1] ^ 1])
    path.write_bytes(damaged)

    assert store.status("chat") is ModelStatus.UNVERIFIED
    with pytest.raises(ModelFileCorrupt, match="damaged"):
        store.path("chat")

    assert store.pull("chat").read_bytes() == CONTENT
    assert path.with_name(f"{NAME}.refused").read_bytes() == damaged


def test_a_truncated_file_is_corrupt_without_hashing(tmp_path: Path, hub: FileHub):
    store = make_store(tmp_path, hub)
    store.pull("chat").write_bytes(CONTENT[:10])
    assert store.status("chat") is ModelStatus.CORRUPT


def test_a_file_put_in_place_by_hand_is_verified_once_and_used(tmp_path: Path, hub: FileHub):
    (tmp_path / "chat").mkdir()
    (tmp_path / "chat" / NAME).write_bytes(CONTENT)
    store = make_store(tmp_path, hub)
    assert store.status("chat") is ModelStatus.UNVERIFIED
    assert store.path("chat").name == NAME
    assert store.status("chat") is ModelStatus.PRESENT
    assert hub.asked == []


def test_a_users_file_of_any_name_is_linked_by_its_hash(tmp_path: Path, hub: FileHub):
    mine = tmp_path / "mine" / "downloads"
    mine.mkdir(parents=True)
    (mine / "decoy.gguf").write_bytes(bytes(len(CONTENT)))
    (mine / "llm (1).gguf").write_bytes(CONTENT)

    events: list[Progress] = []
    path = make_store(tmp_path / "models", hub, tmp_path / "mine").pull("chat", events.append)

    assert path.samefile(mine / "llm (1).gguf")
    assert any("decoy.gguf is not the pinned" in event.message for event in events)
    assert hub.asked == []


def test_a_users_wrong_file_is_refused_and_the_next_source_serves(tmp_path: Path, hub: FileHub):
    wrong = tmp_path / "wrong.gguf"
    wrong.write_bytes(bytes(len(CONTENT)))
    events: list[Progress] = []
    given = (wrong, tmp_path / "nowhere")
    path = make_store(tmp_path / "models", hub, *given).pull("chat", events.append)
    said = " ".join(event.message for event in events)
    assert path.read_bytes() == CONTENT
    assert "wrong.gguf is not the pinned" in said
    assert "nowhere (LIVECUE_MODEL_SOURCES) does not exist" in said


def test_a_full_disk_is_told_before_anything_is_fetched(tmp_path: Path, hub: FileHub):
    with pytest.raises(StorageFull) as caught:
        make_store(tmp_path, hub, free=1_000_000).pull("chat")
    assert str(tmp_path) in caught.value.message
    assert "needs 3 MB; 1 MB are free" in caught.value.message
    assert "LIVECUE_MODELS" in caught.value.hint
    assert hub.asked == []


def test_a_cancelled_pull_stops_and_can_go_on(tmp_path: Path, hub: FileHub):
    store = make_store(tmp_path, hub)
    done: list[int] = []

    def note(event: Progress) -> None:
        done.append(event.done or 0)

    with pytest.raises(JobCancelled) as caught:
        store.pull("chat", note, lambda: max(done, default=0) > 0 or len(hub.asked) > 0)
    assert "livecue models pull chat" in caught.value.hint
    assert store.status("chat") is ModelStatus.MISSING
    assert store.pull("chat").read_bytes() == CONTENT


def test_a_models_folder_that_cannot_be_made_is_named(tmp_path: Path, hub: FileHub):
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(ModelUnavailable, match="cannot be made") as caught:
        make_store(tmp_path / "file" / "models", hub).pull("chat")
    assert "LIVECUE_MODELS" in caught.value.hint


def test_the_manifest_that_ships_is_whole():
    manifest = load_manifest()
    assert set(manifest.by_name) == {"chat", "asr"}
    for spec in manifest.models:
        for file in spec.files:
            assert all(source.offers(file) for source in spec.sources)
