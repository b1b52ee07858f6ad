"""Streams over http from a server of the test, and what is not asked."""

import time
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from domain.errors import AddressRefused, FetchFailed, LivecueError
from domain.settings import Fetching, Streaming
from live.sources import MediaSource, NoticeKind, SourceNotice, open_source
from tests.fakes.clips import Taken, second_of, take, write_clip
from tests.fakes.web_server import Answer, serve_web

QUICK = Streaming(retry_seconds=0.01, give_up_seconds=0.2, read_seconds=1, open_seconds=1)


def sends(data: bytes, *, length: bool = True) -> Answer:
    def answer(request: BaseHTTPRequestHandler) -> None:
        request.send_response(200)
        if length:
            request.send_header("content-length", str(len(data)))
        request.end_headers()
        request.wfile.write(data)

    return answer


def redirects(to: str) -> Answer:
    def answer(request: BaseHTTPRequestHandler) -> None:
        request.send_response(302)
        request.send_header("location", to)
        request.end_headers()

    return answer


def opened(port: int, path: str, *, private: bool = True, **settings: float) -> MediaSource:
    return open_source(
        f"http://127.0.0.1:{port}/{path}",
        QUICK.model_copy(update=settings),
        fetching=Fetching(allow_private=private, ports=(port,)),
    )


def playlist(*segments: str, ends: bool = True) -> bytes:
    lines = ["#EXTM3U", "#EXT-X-VERSION:3", "#EXT-X-TARGETDURATION:2", "#EXT-X-MEDIA-SEQUENCE:0"]
    for segment in segments:
        lines += ["#EXTINF:2.0,", segment]
    return "\n".join([*lines, *(["#EXT-X-ENDLIST"] if ends else [])]).encode()


@pytest.fixture
def segments(tmp_path: Path) -> list[bytes]:
    return [
        write_clip(tmp_path / f"{i}.ts", 2, first_second=2 * i, start_ms=2000 * i).read_bytes()
        for i in range(3)
    ]


def test_a_finished_playlist_is_a_recording(segments: list[bytes]):
    pages = {f"/{i}.ts": sends(data) for i, data in enumerate(segments)}
    pages["/i.m3u8"] = sends(playlist("0.ts", "1.ts", "2.ts"))
    with serve_web(pages, []) as port:
        taken = take(opened(port, "i.m3u8"))
    assert [second_of(frame) for frame in taken.frames] == [0, 1, 2, 3, 4, 5]
    assert abs(taken.sound_ms - 6000) <= 200
    assert taken.kinds[-1] is NoticeKind.ENDED


def test_redirects_are_followed_and_segments_found_beside_where_they_led(segments: list[bytes]):
    pages = {f"/deep/{i}.ts": sends(data) for i, data in enumerate(segments)}
    pages["/deep/i.m3u8"] = sends(playlist("0.ts", "1.ts", "2.ts"))
    pages["/i.m3u8"] = redirects("/deep/i.m3u8")
    with serve_web(pages, []) as port:
        assert len(take(opened(port, "i.m3u8")).frames) == 6


@pytest.mark.parametrize("ending", ["flv", "ts"])
def test_a_stream_without_an_end_is_live(tmp_path: Path, ending: str):
    data = write_clip(tmp_path / f"a.{ending}", 3).read_bytes()
    with serve_web({"/live": sends(data, length=False)}, []) as port:
        source = opened(port, "live")
        taken = take_connection(source)
    assert [second_of(frame) for frame in taken.frames] == [0, 1, 2]
    assert taken.kinds[-1] is NoticeKind.RECONNECTING


def take_connection(source: MediaSource) -> Taken:
    """What comes until the first connection is lost."""
    kept = Taken()
    for event in source:
        kept.add(event)
        if kept.kinds[-1:] == [NoticeKind.RECONNECTING]:
            source.close()
    return kept


def test_a_recording_with_a_length_ends(tmp_path: Path):
    data = write_clip(tmp_path / "a.ts", 3).read_bytes()
    with serve_web({"/a.ts": sends(data)}, []) as port:
        taken = take(opened(port, "a.ts"))
    assert taken.kinds == [NoticeKind.CONNECTED, NoticeKind.ENDED]


@pytest.mark.parametrize(
    ("pages", "private", "reason"),
    [
        ({}, False, "no public address"),
        ({"/i": redirects("http://127.0.0.1:1/x")}, True, "port 1 is not asked"),
        ({"/i": redirects("file:///etc/passwd")}, True, "http and https"),
    ],
)
def test_private_and_foreign_addresses_are_not_asked(
    pages: dict[str, Answer], private: bool, reason: str
):
    with serve_web(pages, []) as port, pytest.raises(LivecueError, match=reason):
        take(opened(port, "i", private=private))


def test_a_playlist_cannot_lead_to_private_hosts_or_files(segments: list[bytes]):
    seen: list[dict[str, str]] = []
    for named in ("http://inner.example/0.ts", "file:///etc/passwd", "concat:0.ts|1.ts"):
        pages = {"/i.m3u8": sends(playlist(named)), "/0.ts": sends(segments[0])}
        with serve_web(pages, seen) as port:
            source = open_source(
                f"http://127.0.0.1:{port}/i.m3u8",
                QUICK,
                fetching=Fetching(allow_private=True, ports=(port,)),
                resolve=lambda host, _: ["127.0.0.1"] if host == "127.0.0.1" else ["10.0.0.1"],
            )
            with pytest.raises((AddressRefused, FetchFailed)):
                take(source)
    assert all("inner" not in request.get("host", "") for request in seen)


def test_every_address_of_a_name_is_checked():
    source = open_source(
        "http://cdn.example/live.flv",
        QUICK,
        fetching=Fetching(),
        resolve=lambda _host, _port: ["93.184.216.34", "127.0.0.1"],
    )
    with pytest.raises(AddressRefused, match=r"leads to 127\.0\.0\.1"):
        take(source)


def test_what_is_not_on_air_is_given_up_with_its_reason():
    def missing(request: BaseHTTPRequestHandler) -> None:
        request.send_response(404)
        request.end_headers()

    with serve_web({"/live.flv": missing}, []) as port:
        source = opened(port, "live.flv")
        with pytest.raises(FetchFailed, match="HTTP 404"):
            take(source)


def test_garbage_is_given_up_with_its_reason():
    with (
        serve_web({"/x": sends(b"<html>" * 5000, length=False)}, []) as port,
        pytest.raises(FetchFailed, match="no audio or video"),
    ):
        take(opened(port, "x"))


def test_a_silent_server_is_told_and_closing_ends_at_once(tmp_path: Path):
    data = write_clip(tmp_path / "a.ts", 4).read_bytes()

    def stalls(request: BaseHTTPRequestHandler) -> None:
        request.send_response(200)
        request.end_headers()
        request.wfile.write(data)
        request.wfile.flush()
        time.sleep(5)

    with serve_web({"/live.ts": stalls}, []) as port:
        source = opened(port, "live.ts", read_seconds=30, stall_seconds=0.3)
        kinds: list[NoticeKind] = []
        closed_at = 0.0
        for event in source:
            if isinstance(event, SourceNotice):
                kinds.append(event.kind)
            if kinds[-1] is NoticeKind.STALLED:
                closed_at = time.monotonic()
                source.close()
        assert time.monotonic() - closed_at < 1.5
    assert NoticeKind.STALLED in kinds


def test_a_picture_that_is_too_large_is_left_out(tmp_path: Path):
    path = write_clip(tmp_path / "big.ts", 2, size=(320, 192))
    with serve_web({"/big.ts": sends(path.read_bytes())}, []) as port:
        taken = take(opened(port, "big.ts", max_pixels=10_000))
    assert taken.frames == []
    assert abs(taken.sound_ms - 2000) < 100
    assert NoticeKind.RESOLUTION in taken.kinds
