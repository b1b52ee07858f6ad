import errno
import hashlib
import shutil
import threading
from pathlib import Path
from types import SimpleNamespace

import pytest

from domain.errors import InvalidInput, LimitExceeded, NotFound, StorageFull
from domain.scope import Scope
from stores.blobs import BlobStore

DATA = b"label photo" * 1000
SHA = hashlib.sha256(DATA).hexdigest()


@pytest.fixture
def blobs(tmp_path: Path) -> BlobStore:
    return BlobStore(tmp_path / "blobs", reserve_bytes=0)


def files_under(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_bytes_at_once_and_in_pieces_are_stored_under_their_hash(
    blobs: BlobStore, scope: Scope, tmp_path: Path
):
    with blobs.writing(scope) as writer:
        writer.write(DATA[:100])
        writer.write(DATA[100:])
    assert writer.ref == blobs.put_bytes(scope, DATA)
    assert (writer.ref.sha256, writer.ref.size) == (SHA, len(DATA))
    assert blobs.read_bytes(scope, SHA) == DATA
    assert files_under(tmp_path / "blobs") == [blobs.path(scope, SHA)]


def test_a_workspace_sees_its_own_only(blobs: BlobStore, scope: Scope):
    blobs.put_bytes(scope, DATA)
    assert blobs.path(scope, SHA).is_file()
    for read in (blobs.path, blobs.read_bytes):
        with pytest.raises(NotFound):
            read(Scope("other"), SHA)


@pytest.mark.parametrize("key", ["../../etc/passwd", "", SHA.upper(), SHA[:-1], SHA + "/x"])
def test_only_hashes_are_keys(blobs: BlobStore, scope: Scope, key: str):
    with pytest.raises(InvalidInput):
        blobs.path(scope, key)


@pytest.mark.parametrize("workspace", ["..", "a/b", "", ".incoming", "a\0"])
def test_only_names_are_workspaces(blobs: BlobStore, workspace: str):
    with pytest.raises(InvalidInput):
        blobs.put_bytes(Scope(workspace), DATA)


def test_more_than_the_limit_leaves_nothing(blobs: BlobStore, scope: Scope, tmp_path: Path):
    def send(data: bytes, size: int = 0) -> int:
        with blobs.writing(scope, name="video", limit=10, size=size) as writer:
            writer.write(data[:5])
            writer.write(data[5:])
        return writer.ref.size

    with pytest.raises(LimitExceeded, match="video is larger"):
        send(b"x" * 11)
    with pytest.raises(LimitExceeded, match="video is 11 bytes"):
        send(b"x" * 10, size=11)
    assert files_under(tmp_path / "blobs") == []
    assert send(b"x" * 10) == 10


@pytest.mark.parametrize("size", [0, 3])
def test_only_a_limit_that_is_set_somewhere_names_its_setting(
    blobs: BlobStore, scope: Scope, size: int
):
    def refuse(setting: str | None) -> str:
        with (
            pytest.raises(LimitExceeded) as refused,
            blobs.writing(scope, limit=2, size=size, setting=setting) as writer,
        ):
            writer.write(b"xxx")
        return refused.value.hint

    assert refuse(None) == "Send a smaller file."
    assert (
        refuse("LIVECUE_LIMITS__FRAMES") == "Send a smaller file, or raise LIVECUE_LIMITS__FRAMES."
    )


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

    def send() -> None:
        with blobs.writing(scope) as writer:
            for _ in range(40):
                writer.write(bytes(1 << 20))

    with pytest.raises(StorageFull):
        send()
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
