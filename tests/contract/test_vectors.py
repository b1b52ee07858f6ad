"""One suite for every vector index.

The server adapter runs on qdrant-client's in-memory engine: no Qdrant server can be installed
from a package registry. What depends on a server (threads, connection errors) is tested apart.
"""

import signal
import subprocess
import sys
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from domain.errors import StateConflict, StoreUnavailable
from domain.settings import Settings
from stores.vectors import IndexMeta, IndexStatus, VectorIndex, VectorPoint, open_vectors
from stores.vectors.edge import META_FILE, EdgeIndex
from stores.vectors.memory import MemoryIndex
from stores.vectors.server import ServerIndex, connect
from tests.fakes.qdrant import refusing_qdrant

DIM = 16
META = IndexMeta("e5@1", DIM)
ROOT = Path(__file__).parents[2]

Opener = Callable[[IndexMeta], VectorIndex]


@pytest.fixture(params=["memory", "edge", "server"])
def opener(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Opener]:
    """Opens an index; opened again, the durable ones find what was there."""
    opened: list[VectorIndex] = []

    def keep(index: VectorIndex) -> VectorIndex:
        opened.append(index)
        return index

    match request.param:
        case "memory":
            yield lambda meta: keep(MemoryIndex(meta))
        case "edge":
            yield lambda meta: keep(EdgeIndex(tmp_path / "vectors", meta))
        case _:
            from qdrant_client import QdrantClient

            client = QdrantClient(":memory:")
            with warnings.catch_warnings():
                warnings.filterwarnings("ignore", "Payload indexes have no effect")
                yield lambda meta: keep(ServerIndex(client, meta))
    for index in opened:
        index.close()


@pytest.fixture
def index(opener: Opener) -> VectorIndex:
    return opener(META)


def axis(at: int, length: float = 1.0) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
    vector = np.zeros(DIM, np.float32)
    vector[at] = length
    return vector


def point(id: str, at: int = 0, workspace: str = "shop", **payload: object) -> VectorPoint:  # noqa: A002
    return VectorPoint(id, axis(at), {"workspace_id": workspace, **payload})


def test_nearest_first_by_cosine(index: VectorIndex):
    assert index.status is IndexStatus.NEW
    middle = axis(0) * 30 + axis(1) * 40
    index.upsert(
        [
            point("far", 1),
            point("near", 0, title="近", numbers=[1, 2]),
            VectorPoint("middle", middle, {"workspace_id": "shop"}),
        ]
    )
    hits = index.search(axis(0, 5), "shop")
    assert [hit.id for hit in hits] == ["near", "middle", "far"]
    assert [hit.score for hit in hits] == pytest.approx([1, 0.6, 0], abs=1e-5)
    assert hits[0].payload == {"workspace_id": "shop", "title": "近", "numbers": [1, 2]}
    assert [hit.id for hit in index.search(axis(0), "shop", limit=1)] == ["near"]


def test_a_point_of_the_same_id_is_replaced(index: VectorIndex):
    index.upsert([point("a", 0, version=1)])
    index.upsert([point("a", 1, version=2)])
    (hit,) = index.search(axis(1), "shop")
    assert (hit.payload["version"], index.count("shop")) == (2, 1)
    assert hit.score == pytest.approx(1)


def test_workspaces_do_not_see_each_other(index: VectorIndex):
    index.upsert([point("a", 0), point("a", 0, "other", secret=True)])
    (hit,) = index.search(axis(0), "shop")
    assert "secret" not in hit.payload
    assert index.count("shop") == index.count("other") == 1
    forced = index.search(axis(0), "shop", {"workspace_id": "other"})
    assert all(hit.payload["workspace_id"] == "shop" for hit in forced)
    index.delete("shop")
    assert (index.count("shop"), index.count("other")) == (0, 1)


def test_filters_match_values_lists_and_types(index: VectorIndex):
    index.upsert(
        [
            point("a", 0, product="p1", page=1, tags=["red", "blue"]),
            point("b", 0, product="p2", page=2, tags=["green"]),
            point("c", 0, product="p3", page=12),
        ]
    )

    def found(**where: str | int | list[str] | list[int]) -> set[str]:
        hits = {hit.id for hit in index.search(axis(0), "shop", where)}
        assert index.count("shop", where) == len(hits)
        return hits

    assert found(product="p1") == {"a"}
    assert found(product=["p1", "p3", "none"]) == {"a", "c"}
    assert found(page=1) == {"a"}
    assert found(page="1") == set()
    assert found(tags="blue") == {"a"}
    assert found(tags=["green", "red"]) == {"a", "b"}
    assert found(page=[2, 12]) == {"b", "c"}
    assert found(product=["p1", "p2"], tags="green") == {"b"}
    assert found(missing="x") == set()
    with pytest.raises(ValueError, match="booleans"):
        found(draft=True)


def test_delete_by_filter(index: VectorIndex):
    index.upsert([point("a", product="p1"), point("b", product="p1"), point("c", product="p2")])
    index.delete("shop", {"product": "p1"})
    assert [hit.id for hit in index.search(axis(0), "shop")] == ["c"]
    index.delete("shop", {"product": "p1"})


def test_an_empty_index_answers(index: VectorIndex):
    index.upsert([])
    index.delete("shop")
    assert index.search(axis(0), "shop") == []
    assert index.count("shop") == 0


def test_wrong_points_are_refused_before_any_is_stored(index: VectorIndex):
    short = VectorPoint("b", np.zeros(3, np.float32), {"workspace_id": "shop"})
    homeless = VectorPoint("b", axis(0), {})
    for wrong in (short, homeless):
        with pytest.raises(ValueError, match="point b"):
            index.upsert([point("a"), wrong])
    with pytest.raises(ValueError, match="query"):
        index.search(np.zeros(3, np.float32), "shop")
    assert index.count("shop") == 0


def test_clear_drops_everything(index: VectorIndex):
    index.upsert([point("a"), point("a", workspace="other")])
    index.clear()
    assert index.status is IndexStatus.NEW
    assert index.count("shop") + index.count("other") == 0
    index.upsert([point("b")])
    assert index.count("shop") == 1


def test_many_points_in_one_call(index: VectorIndex):
    rng = np.random.default_rng(7)
    vectors = rng.normal(size=(600, DIM)).astype(np.float32)
    points = [VectorPoint(str(n), v, {"workspace_id": "shop"}) for n, v in enumerate(vectors)]
    index.upsert(points)
    assert index.count("shop") == 600
    cosine = (vectors @ vectors[5]) / np.linalg.norm(vectors, axis=1)
    best = [str(n) for n in np.argsort(-cosine)[:10].tolist()]
    assert [hit.id for hit in index.search(vectors[5], "shop")] == best


@pytest.mark.parametrize("opener", ["edge", "server"], indirect=True)
def test_reopened_it_holds_what_was_put_in(opener: Opener, request: pytest.FixtureRequest):
    index = opener(META)
    index.upsert([point("a")])
    if isinstance(index, EdgeIndex):
        index.close()
    again = opener(META)
    assert again.status is IndexStatus.READY
    assert [hit.id for hit in again.search(axis(0), "shop")] == ["a"]


@pytest.mark.parametrize("opener", ["edge", "server"], indirect=True)
@pytest.mark.parametrize("asked", [IndexMeta("other", DIM), IndexMeta("e5@1", DIM * 2)])
def test_an_index_of_another_embedder_is_a_mismatch(opener: Opener, asked: IndexMeta):
    index = opener(META)
    index.upsert([point("a")])
    if isinstance(index, EdgeIndex):
        index.close()
    again = opener(asked)
    assert again.status is IndexStatus.MISMATCH
    assert "e5@1" in again.reason
    with pytest.raises(StateConflict, match="e5@1") as caught:
        again.count("shop")
    assert "rebuild-index" in caught.value.hint
    with pytest.raises(StateConflict):
        again.upsert([VectorPoint("b", np.ones(asked.dim, np.float32), {"workspace_id": "shop"})])

    again.clear()
    assert (again.status, again.reason) == (IndexStatus.NEW, "")
    again.upsert([VectorPoint("b", np.ones(asked.dim, np.float32), {"workspace_id": "shop"})])
    assert again.count("shop") == 1


@pytest.mark.parametrize("opener", ["memory", "edge"], indirect=True)
def test_threads_write_search_and_clear_together(opener: Opener):
    index = opener(META)
    errors: list[Exception] = []
    stop = threading.Event()

    def write(name: str) -> None:
        for n in range(10):
            index.upsert([point(f"{name}{n}", n % DIM, product=name)])

    def search() -> None:
        while not stop.is_set():
            hits = index.search(axis(0), "shop", limit=5)
            assert all(hit.payload["workspace_id"] == "shop" for hit in hits)
            time.sleep(0.001)

    def guarded(work: Callable[[], None]) -> None:
        try:
            work()
        except Exception as error:  # noqa: BLE001 - whatever a thread meets fails the test
            errors.append(error)

    writers = [
        threading.Thread(target=guarded, args=(lambda name=name: write(name),)) for name in "abcd"
    ]
    readers = [threading.Thread(target=guarded, args=(search,)) for _ in range(4)]
    for thread in [*writers, *readers]:
        thread.start()
    for writer in writers:
        writer.join()
    assert index.count("shop") == 40
    index.clear()
    index.upsert([point("z")])
    stop.set()
    for reader in readers:
        reader.join()
    assert errors == []
    assert index.count("shop") == 1


def test_edge_one_opener_at_a_time(tmp_path: Path):
    index = EdgeIndex(tmp_path, META)
    with pytest.raises(StateConflict, match="another process"):
        EdgeIndex(tmp_path, META)
    index.close()
    EdgeIndex(tmp_path, META).close()


@pytest.mark.parametrize("victim", [META_FILE, "shard-*/edge_config.json"])
def test_edge_damaged_files_are_named_and_cleared(tmp_path: Path, victim: str):
    index = EdgeIndex(tmp_path, META)
    index.upsert([point("a")])
    index.close()
    (damaged,) = tmp_path.glob(victim)
    damaged.write_text("{ not json")
    again = EdgeIndex(tmp_path, META)
    assert again.status is IndexStatus.DAMAGED
    assert again.reason
    with pytest.raises(StateConflict, match="cannot be read"):
        again.search(axis(0), "shop")
    again.clear()
    again.upsert([point("b")])
    assert [hit.id for hit in again.search(axis(0), "shop")] == ["b"]
    again.close()
    assert len(list(tmp_path.glob("shard-*"))) == 1


@pytest.mark.slow
def test_edge_upserts_survive_a_kill(tmp_path: Path):
    program = f"""
import sys
from pathlib import Path
import numpy as np
from stores.vectors import IndexMeta, VectorPoint
from stores.vectors.edge import EdgeIndex
index = EdgeIndex(Path(sys.argv[1]), IndexMeta("e5@1", {DIM}))
for n in range(100000):
    index.upsert([VectorPoint(str(n), np.eye({DIM}, dtype=np.float32)[0], {{"workspace_id": "s"}})])
    print(n, flush=True)
"""
    for _ in range(2):
        process = subprocess.Popen(  # noqa: S603
            [sys.executable, "-c", program, str(tmp_path)],
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
        )
        assert process.stdout is not None
        while int(process.stdout.readline()) < 20:
            pass
        process.send_signal(signal.SIGKILL)
        confirmed = [20, *(int(line) for line in process.stdout.read().split("\n")[:-1])][-1]
        process.wait(10)
        process.stdout.close()
        index = EdgeIndex(tmp_path, META)
        assert index.status is IndexStatus.READY
        assert index.count("s") >= confirmed + 1
        index.close()


def test_server_that_is_not_there_is_named(tmp_path: Path):
    client = connect("http://127.0.0.1:9")
    with pytest.raises(StoreUnavailable, match="cannot be reached") as caught:
        ServerIndex(client, META)
    assert "QDRANT_URL" in caught.value.hint
    client.close()


def test_server_that_refuses_the_key_is_named():
    keys: list[str | None] = []
    with refusing_qdrant(keys) as url:
        with pytest.warns(UserWarning, match="insecure connection"):
            client = connect(url, "secret")
        with pytest.raises(StoreUnavailable, match="status 401") as caught:
            ServerIndex(client, META)
        client.close()
    assert keys == ["secret"]
    assert "QDRANT_API_KEY" in caught.value.hint
    assert "secret" not in caught.value.message


def test_settings_choose_the_adapter(tmp_path: Path):
    index = open_vectors(Settings(), tmp_path / "vectors", META_EMBEDDER)
    assert isinstance(index, EdgeIndex)
    assert index.meta == META
    index.close()
    with pytest.raises(StoreUnavailable):
        open_vectors(Settings(qdrant_url="http://127.0.0.1:9"), tmp_path, META_EMBEDDER)


class _Embedder:
    name = META.embedder
    dim = META.dim


META_EMBEDDER = _Embedder()
