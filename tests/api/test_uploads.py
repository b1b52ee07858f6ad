"""Files from outside: streamed, bounded, and never a path of ours."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from domain.settings import Limits
from tests.serving import Served, serve_home, settings_for

LIMIT = 64 * 1024


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server that takes files of at most 64 KiB."""
    home = tmp_path_factory.mktemp("small") / "home"
    with serve_home(settings_for(home, None, limits=Limits(upload_bytes=LIMIT))) as server:
        yield server


def stored_files(served: Served) -> set[Path]:
    blobs = served.settings.home_path / "blobs"
    return {path for path in blobs.rglob("*") if path.is_file()}


def chunks(size: int) -> Iterator[bytes]:
    yield from (b"x" * 1024 for _ in range(size // 1024))


def test_a_file_comes_back_with_its_hash(small: Served):
    data = b"Live price 19.90"
    receipt = small.upload("price.txt", data)
    assert receipt["size"] == len(data)
    assert receipt["sha256"] == hashlib.sha256(data).hexdigest()


def test_a_file_of_exactly_the_limit_is_taken(small: Served):
    assert small.upload("full.txt", b"x" * LIMIT)["size"] == LIMIT


@pytest.mark.parametrize("declared", [True, False], ids=["declared", "chunked"])
def test_a_file_over_the_limit_is_refused_and_leaves_nothing(small: Served, declared: bool):
    before = stored_files(small)
    size = LIMIT * 4
    body = b"y" * size if declared else chunks(size)
    answer = small.http.post("/api/v1/uploads", params={"file": "big.txt"}, content=body)
    assert answer.status_code == 413
    error = answer.json()["error"]
    assert "big.txt" in error["message"]
    assert "LIVECUE_LIMITS__UPLOAD_BYTES" in error["hint"]
    assert stored_files(small) == before


def test_an_empty_file_is_refused_and_leaves_nothing(small: Served):
    before = stored_files(small)
    answer = small.http.post("/api/v1/uploads", params={"file": "empty.txt"}, content=b"")
    assert answer.status_code == 422
    assert "empty.txt" in answer.json()["error"]["message"]
    assert stored_files(small) == before


@pytest.mark.parametrize(
    "name",
    [
        "価格表 ☕.txt",
        "../../../../tmp/escaped.txt",
        "/etc/passwd",
        "a\r\nb.txt",
        "n" * 396 + ".txt",
    ],
    ids=["unicode", "traversal", "absolute", "line break", "400 characters"],
)
def test_odd_names_are_only_labels(small: Served, name: str):
    receipt = small.upload(name, name.encode())
    assert receipt["file"] == name
    blobs = small.settings.home_path / "blobs"
    places = list(blobs.rglob(receipt["sha256"]))
    assert len(places) == 1
    assert places[0].is_relative_to(blobs)


@pytest.mark.parametrize("name", ["", "n" * 401])
def test_a_name_that_is_none_is_refused(small: Served, name: str):
    answer = small.http.post("/api/v1/uploads", params={"file": name}, content=b"x")
    assert answer.status_code == 422


def test_a_client_that_breaks_off_leaves_nothing(small: Served):
    before = stored_files(small)

    def broken() -> Iterator[bytes]:
        yield b"z" * 1024
        raise ConnectionError

    with pytest.raises(ConnectionError):
        small.http.post("/api/v1/uploads", params={"file": "half.txt"}, content=broken())
    small.get("/health")
    assert {p for p in stored_files(small) if ".incoming" not in p.parts} == before
