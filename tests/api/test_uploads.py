"""Files from outside: streamed, bounded, and never a path of ours."""

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from domain.settings import Fetching, Limits
from tests.fakes.web_server import answer, serve_web
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
    ("name", "label"),
    [
        ("価格表 ☕.txt", "価格表 ☕.txt"),
        ("mug/labels/front.jpg", "mug/labels/front.jpg"),
        ("../../../../tmp/escaped.txt", "tmp/escaped.txt"),
        ("/etc/passwd", "etc/passwd"),
        ("C:\\Users\\ann\\..\\prices.xlsx", "Users/ann/prices.xlsx"),
        ("\\\\server\\share\\a.txt", "server/share/a.txt"),
        ("a\r\nb\t c.txt", "a b c.txt"),
        ("a\x00b\x1b[31m.txt", "ab[31m.txt"),
        ("invoice\u202etxt.exe", "invoicetxt.exe"),
        ("zero\u200bwidth\ufeff.txt", "zerowidth.txt"),
        ("e\u0301te\u0301.txt", "été.txt"),
        ("././.", "unnamed"),
        ("n" * 396 + ".txt", "n" * 195 + "….txt"),
        ("n" * 4000, "n" * 199 + "…"),
    ],
    ids=[
        "unicode", "folders", "traversal", "absolute", "windows", "share", "line break", "control",
        "bidi", "zero width", "composed", "dots", "400 characters", "4000 characters",
    ],
)  # fmt: skip
def test_odd_names_are_only_labels(small: Served, name: str, label: str):
    receipt = small.upload(name, name.encode())
    assert receipt["file"] == label
    blobs = small.settings.home_path / "blobs"
    places = list(blobs.rglob(receipt["sha256"]))
    assert len(places) == 1
    assert places[0].is_relative_to(blobs)


@pytest.mark.parametrize("name", ["", "n" * 4097])
def test_a_name_that_is_none_is_refused(small: Served, name: str):
    answer = small.http.post("/api/v1/uploads", params={"file": name}, content=b"x")
    assert answer.status_code == 422


PAGE = b"<!doctype html><html><h1>Kiln Mug</h1></html>"


@pytest.fixture(scope="module")
def fetching(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Served, str]]:
    """A home that may ask this machine, and the address of a server on it."""
    home = tmp_path_factory.mktemp("fetching") / "home"
    pages = {"/mug": answer(PAGE, content_type="text/html"), "/gone": answer(b"", status=404)}
    with serve_web(pages, []) as port:
        settings = settings_for(home, None, fetching=Fetching(allow_private=True, ports=(port,)))
        with serve_home(settings) as server:
            yield server, f"http://127.0.0.1:{port}"


def test_an_address_becomes_an_upload(fetching: tuple[Served, str]):
    served, web = fetching
    receipt = served.post("/api/v1/uploads/url", {"url": f"{web}/mug?ref=1"})
    assert re.fullmatch(r"127\.0\.0\.1/mug-q[0-9a-f]{8}\.html", receipt["file"])
    assert receipt["size"] == len(PAGE)
    assert receipt["sha256"] == hashlib.sha256(PAGE).hexdigest()
    assert len(list((served.settings.home_path / "blobs").rglob(receipt["sha256"]))) == 1


def test_an_address_that_fails_is_a_named_error(fetching: tuple[Served, str], small: Served):
    served, web = fetching
    for server, url, status, code in (
        (served, f"{web}/gone?token=1", 502, "fetch_failed"),
        (served, "http://127.0.0.1:22/?token=1", 422, "address_refused"),
        (small, "http://127.0.0.1/mug?token=1", 422, "address_refused"),
        (small, "ftp://mugs.example/mug?token=1", 422, "address_refused"),
    ):
        answered = server.http.post("/api/v1/uploads/url", json={"url": url})
        assert answered.status_code == status
        assert answered.json()["error"]["code"] == code
        assert "token" not in answered.text


def test_a_client_that_breaks_off_leaves_nothing(small: Served):
    before = stored_files(small)

    def broken() -> Iterator[bytes]:
        yield b"z" * 1024
        raise ConnectionError

    with pytest.raises(ConnectionError):
        small.http.post("/api/v1/uploads", params={"file": "half.txt"}, content=broken())
    small.get("/health")
    assert {p for p in stored_files(small) if ".incoming" not in p.parts} == before
