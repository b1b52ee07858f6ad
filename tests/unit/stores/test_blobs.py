import errno
import hashlib
import io
import shutil
import threading
from pathlib import Path
from types import SimpleNamespace

import pytest

from domain.errors import InvalidInput, LimitExceeded, NotFound, StorageFull
from domain.scope import Scope
from stores.blobs import CHUNK_BYTES, BlobStore

DATA = b"label photo" * 1000
SHA = hashlib.sha256(DATA).hexdigest()


@pytest.fixture
def blobs(tmp_path: Path) -> BlobStore:
    return BlobStore(tmp_path / "blobs", reserve_bytes=0)


def files_under(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_bytes_streams_and_files_are_stored_under_their_hash(
    blobs: BlobStore, scope: Scope, tmp_path: Path
):
    given = tmp_path / "photo.jpg"
    given.write_bytes(DATA)
    refs = {
        blobs.put_bytes(scope, DATA),
        blobs.put_stream(scope, io.BytesIO(DATA)),
        blobs.put_file(scope, given),
    }
    (ref,) = refs
    assert (ref.sha256, ref.size) == (SHA, len(DATA))
    assert blobs.read_bytes(scope, SHA) == DATA
    with blobs.open(scope, SHA) as stream:
        assert stream.read(5) == b"label"
    assert files_under(tmp_path / "blobs") == [blobs.path(scope, SHA)]


def test_a_workspace_sees_its_own_only(blobs: BlobStore, scope: Scope):
    blobs.put_bytes(scope, DATA)
    assert blobs.exists(scope, SHA)
    assert not blobs.exists(Scope("other"), SHA)
    with pytest.raises(NotFound):
        blobs.open(Scope("other"), SHA)


@pytest.mark.parametrize("key", ["../../etc/passwd", "", SHA.upper(), SHA[:-1], SHA + "/x"])
def test_only_hashes_are_keys(blobs: BlobStore, scope: Scope, key: str):
    with pytest.raises(InvalidInput):
        blobs.path(scope, key)


@pytest.mark.parametrize("workspace", ["..", "a/b", "", ".incoming", "a\0"])
def test_only_names_are_workspaces(blobs: BlobStore, workspace: str):
    with pytest.raises(InvalidInput):
        blobs.put_bytes(Scope(workspace), DATA)


def test_more_than_the_limit_leaves_nothing(blobs: BlobStore, scope: Scope, tmp_path: Path):
    given = tmp_path / "big.bin"
    given.write_bytes(b"x" * (CHUNK_BYTES + 1))
    with pytest.raises(LimitExceeded, match=r"big\.bin"):
        blobs.put_file(scope, given, limit=CHUNK_BYTES)
    with given.open("rb") as stream, pytest.raises(LimitExceeded, match="video"):
        blobs.put_stream(scope, stream, name="video", limit=CHUNK_BYTES)
    assert files_under(tmp_path / "blobs") == []
    assert blobs.put_file(scope, given, limit=CHUNK_BYTES + 1).size == CHUNK_BYTES + 1


def test_a_writer_that_fails_leaves_nothing(blobs: BlobStore, scope: Scope, tmp_path: Path):
    def send():
        with blobs.writing(scope) as writer:
            writer.write(DATA)
            raise ConnectionError

    with pytest.raises(ConnectionError):
        send()
    assert files_under(tmp_path / "blobs") == []


def test_the_reserve_of_the_disk_is_kept(tmp_path: Path, scope: Scope):
    blobs = BlobStore(tmp_path / "blobs", reserve_bytes=1 << 60)
    with pytest.raises(StorageFull, match="full") as caught:
        blobs.put_bytes(scope, DATA)
    assert caught.value.details["free_bytes"] > 0
    assert files_under(tmp_path / "blobs") == []


def test_a_disk_that_fills_up_on_the_way_is_noticed(
    blobs: BlobStore, scope: Scope, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    free = iter([10 << 30, 0, 0])
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: SimpleNamespace(free=next(free)))  # pyright: ignore[reportUnknownLambdaType, reportUnknownArgumentType]
    blobs = BlobStore(tmp_path / "blobs", reserve_bytes=1)
    with pytest.raises(StorageFull):
        blobs.put_stream(scope, io.BytesIO(bytes(40 * CHUNK_BYTES)))
    assert files_under(tmp_path / "blobs") == []


def test_no_space_left_is_storage_full(
    blobs: BlobStore, scope: Scope, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    def full(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(StorageFull):
        blobs.put_bytes(scope, DATA)
    assert files_under(tmp_path / "blobs") == []


def test_what_a_killed_writer_left_is_removed(blobs: BlobStore, scope: Scope, tmp_path: Path):
    blobs.put_bytes(scope, DATA)
    (tmp_path / "blobs" / ".incoming" / "tmpabc").write_bytes(b"half")
    assert blobs.remove_partial() == 1
    assert blobs.remove_partial() == 0
    assert blobs.read_bytes(scope, SHA) == DATA


def test_writers_of_the_same_bytes_do_not_disturb_each_other(
    blobs: BlobStore, scope: Scope, tmp_path: Path
):
    threads = [threading.Thread(target=blobs.put_bytes, args=(scope, DATA)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert files_under(tmp_path / "blobs") == [blobs.path(scope, SHA)]
    assert blobs.read_bytes(scope, SHA) == DATA
