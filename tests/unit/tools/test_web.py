"""The fetcher: what it brings, and every address that it does not ask."""

import gzip
import re
import time
from collections.abc import Generator, Sequence
from http.server import BaseHTTPRequestHandler

import pytest

from domain.errors import AddressRefused, FetchFailed, InvalidInput, LimitExceeded
from domain.settings import Fetching, Limits
from tests.fakes.web_server import Answer, answer, serve_web
from tools.web import Fetched, Resolve, fetch

PAGE = b"<!doctype html><html><h1>Kiln Mug</h1></html>"
PUBLIC = "93.184.215.14"

Seen = list[dict[str, str]]


def drip(handler: BaseHTTPRequestHandler) -> None:
    """A byte now and then, each soon enough for a timeout between bytes."""
    handler.send_response(200)
    handler.end_headers()
    try:
        for _ in range(100):
            handler.wfile.write(b"x")
            handler.wfile.flush()
            time.sleep(0.05)
    except ConnectionError:
        return


def without_end(handler: BaseHTTPRequestHandler) -> None:
    """One small packed page, then noughts as long as they are taken."""
    handler.send_response(200)
    handler.send_header("content-encoding", "gzip")
    handler.end_headers()
    try:
        handler.wfile.write(gzip.compress(PAGE))
        for _ in range(1000):
            handler.wfile.write(bytes(1 << 16))
            time.sleep(0.005)
    except ConnectionError:
        return


PAGES: dict[str, Answer] = {
    "/products/kiln-mug": answer(PAGE, content_type="text/html; charset=utf-8", set_cookie="a=b"),
    "/label.jpg": answer(b"\xff\xd8\xff\xe0", content_type="image/jpeg"),
    "/": answer(PAGE, content_type="text/html"),
    "/gz": answer(gzip.compress(PAGE), content_type="text/html", content_encoding="gzip"),
    "/bomb": answer(gzip.compress(bytes(30 << 20)), content_encoding="gzip"),
    "/cut": answer(gzip.compress(PAGE * 50)[:-20], content_encoding="gzip"),
    "/members": answer(gzip.compress(PAGE) + gzip.compress(PAGE), content_encoding="gzip"),
    "/padded": answer(gzip.compress(PAGE) + bytes(200_000), content_encoding="gzip"),
    "/after": answer(gzip.compress(PAGE) + b"\x1fx" * 9, content_encoding="gzip"),
    "/nothing": answer(gzip.compress(b"") * 20_000, content_encoding="gzip"),
    "/endless": without_end,
    "/%2e": answer(PAGE, content_type="text/html"),
    "/item.htm": answer(PAGE, content_type="text/html"),
    "/br": answer(b"x", content_encoding="br"),
    "/big": answer(b"x" * 200_000),
    "/empty": answer(b""),
    "/gone": answer(b"no", status=404),
    "/login": answer(b"no", status=403),
    "/slow": drip,
    "/once": answer(b"", status=302, location="/products/kiln-mug", set_cookie="a=b"),
    "/loop": answer(b"", status=301, location="/loop"),
    "/nowhere": answer(b"", status=302),
    "/odd-port": answer(b"", status=302, location="http://127.0.0.1:22/admin?token=1"),
    "/user": answer(b"", status=302, location="http://ann:token@127.0.0.1/"),
    "/file": answer(b"", status=302, location="file:///etc/passwd"),
}


@pytest.fixture(scope="module")
def seen() -> Seen:
    return []


@pytest.fixture(scope="module")
def port(seen: Seen) -> Generator[int]:
    with serve_web(PAGES, seen) as number:
        yield number


def resolving(*addresses: str) -> Resolve:
    async def resolve(host: str, port: int) -> Sequence[str]:
        return addresses

    return resolve


async def get(port: int, path: str, **limits: int | float) -> Fetched:
    return await fetch(
        f"http://127.0.0.1:{port}{path}",
        limits=Limits(**limits),  # type: ignore[arg-type]
        fetching=Fetching(allow_private=True, ports=(port,)),
    )


async def test_a_page_comes_with_a_name_of_host_and_path(port: int) -> None:
    page = await get(port, "/products/kiln-mug?ref=secret#top")
    assert page.data == PAGE
    assert re.fullmatch(r"127\.0\.0\.1/products/kiln-mug-q[0-9a-f]{8}\.html", page.file)
    assert page.media_type == "text/html"
    assert page.url == f"http://127.0.0.1:{port}/products/kiln-mug"
    assert (await get(port, "/label.jpg")).file == "127.0.0.1/label.jpg"
    assert (await get(port, "/")).file == "127.0.0.1/index.html"
    assert (await get(port, "/products/kiln-mug")).file == "127.0.0.1/products/kiln-mug.html"


async def test_pages_that_differ_by_their_query_have_names_of_their_own(port: int) -> None:
    first, second, again = [
        (await get(port, f"/item.htm?id={number}")).file for number in (1, 2, 1)
    ]
    assert first == again != second
    for name in (first, second):
        assert re.fullmatch(r"127\.0\.0\.1/item-q[0-9a-f]{8}\.htm", name)
    for path in ("/?id=1", "/%2e?id=1"):
        name = (await get(port, path)).file
        assert re.fullmatch(r"127\.0\.0\.1/index-q[0-9a-f]{8}\.html", name)


async def test_the_name_goes_to_the_host_and_the_connection_to_the_checked_address(
    port: int, seen: Seen
) -> None:
    asked: list[str] = []

    async def resolve(host: str, port: int) -> Sequence[str]:
        asked.append(host)
        return ["127.0.0.1"]

    fetching = Fetching(allow_private=True, ports=(port,))
    url = f"http://mugs.example:{port}/once"
    page = await fetch(url, limits=Limits(), fetching=fetching, resolve=resolve)
    assert page.file == "mugs.example/products/kiln-mug.html"
    assert asked == ["mugs.example", "mugs.example"]
    assert seen[-1]["host"] == f"mugs.example:{port}"
    assert "cookie" not in seen[-1]
    assert seen[-1]["user-agent"].startswith("Livecue")


async def test_proxies_of_the_environment_are_not_used(
    port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert (await get(port, "/")).data == PAGE


async def test_packed_answers_are_unpacked_within_the_limit(port: int) -> None:
    assert (await get(port, "/gz")).data == PAGE
    assert (await get(port, "/members")).data == PAGE * 2
    for path in ("/bomb", "/big", "/nothing"):
        with pytest.raises(LimitExceeded, match=path) as caught:
            await get(port, path, fetch_bytes=100_000)
        assert "LIVECUE_LIMITS__FETCH_BYTES" in caught.value.hint
    for path in ("/cut", "/br", "/after"):
        with pytest.raises(FetchFailed, match="unpacked"):
            await get(port, path)


async def test_what_follows_a_packed_answer_is_not_read(port: int) -> None:
    assert (await get(port, "/padded")).data == PAGE
    started = time.monotonic()
    assert (await get(port, "/endless", fetch_seconds=3)).data == PAGE
    assert time.monotonic() - started < 2


async def test_the_whole_fetch_has_one_time_limit(port: int) -> None:
    started = time.monotonic()
    with pytest.raises(LimitExceeded, match=r"/slow did not answer within 0\.3 s") as caught:
        await get(port, "/slow", fetch_seconds=0.3)
    assert time.monotonic() - started < 2
    assert "LIVECUE_LIMITS__FETCH_SECONDS" in caught.value.hint


@pytest.mark.parametrize(
    ("path", "error", "words"),
    [
        ("/gone?key=1", FetchFailed, "HTTP 404"),
        ("/login", FetchFailed, "HTTP 403"),
        ("/empty", InvalidInput, "is empty"),
        ("/loop", FetchFailed, "more than 5 redirects"),
        ("/nowhere", FetchFailed, "redirects to nowhere"),
        ("/file", AddressRefused, "only http and https"),
    ],
)
async def test_failures_are_named_without_the_query(
    port: int, path: str, error: type[Exception], words: str
) -> None:
    with pytest.raises(error, match=words) as caught:
        await get(port, path)
    assert "key=1" not in str(caught.value)


async def test_nobody_there_is_named(port: int) -> None:
    with pytest.raises(FetchFailed, match="cannot be reached"):
        await fetch(
            "http://127.0.0.1:9/x",
            limits=Limits(),
            fetching=Fetching(allow_private=True, ports=(9,)),
        )


@pytest.mark.parametrize(
    ("path", "words"), [("/odd-port", "port 22 is not asked"), ("/user", "user name or password")]
)
async def test_a_redirect_is_checked_like_the_first_address(
    port: int, path: str, words: str
) -> None:
    with pytest.raises(AddressRefused, match=words) as caught:
        await get(port, path)
    assert "token" not in caught.value.message


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.100.100.200",
        "100.64.0.1",
        "0.0.0.0",  # noqa: S104
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "192.0.2.1",
        "198.18.0.1",
        "::1",
        "::",
        "fe80::1",
        "fe80::1%eth0",
        "fc00::1",
        "fd00:ec2::254",
        "ff02::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "::127.0.0.1",
        "64:ff9b::a00:1",
        "2002:7f00:1::",
        "2001:db8::1",
    ],
)
async def test_addresses_of_the_own_network_are_refused(address: str) -> None:
    for found in ([address], [PUBLIC, address]):
        with pytest.raises(AddressRefused, match="no public address") as caught:
            await fetch(
                "https://mugs.example/a?key=1",
                limits=Limits(),
                fetching=Fetching(),
                resolve=resolving(*found),
            )
        assert "LIVECUE_FETCHING__ALLOW_PRIVATE" in caught.value.hint
        assert "key=1" not in caught.value.message


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("ftp://mugs.example/a", "only http and https"),
        ("file:///etc/passwd", "only http and https"),
        ("gopher://mugs.example", "only http and https"),
        ("mugs.example/a", "only http and https"),
        ("http://", "only http and https"),
        ("http://[::1", "no web address"),
        ("http://a\x00b/", "no web address"),
        ("http://ann:secret@mugs.example/", "user name or password"),
        ("http://mugs.example:22/", "port 22"),
        ("http://mugs.example:6379/", "port 6379"),
        (f"http://mugs.example/{'a' * 3000}", "is too long, with over 2,048"),
        (f"ftp://mugs.example/?secret={'a' * 3000}", "is too long"),
    ],
)
async def test_what_is_no_plain_web_address_is_refused(url: str, words: str) -> None:
    with pytest.raises(AddressRefused, match=words) as caught:
        await fetch(url, limits=Limits(), fetching=Fetching(), resolve=resolving(PUBLIC))
    assert "secret" not in caught.value.message


@pytest.mark.parametrize(
    "host", ["localhost", "127.1", "2130706433", "0x7f.1", "[::ffff:127.0.0.1]", "[::1]"]
)
async def test_other_spellings_of_this_machine_are_refused(host: str) -> None:
    with pytest.raises(AddressRefused):
        await fetch(f"http://{host}/", limits=Limits(), fetching=Fetching())


async def test_an_unknown_host_is_named() -> None:
    async def resolve(host: str, port: int) -> Sequence[str]:
        raise OSError("no such host")

    with pytest.raises(FetchFailed, match=r"the host mugs\.invalid is not known"):
        await fetch("http://mugs.invalid/", limits=Limits(), fetching=Fetching(), resolve=resolve)
