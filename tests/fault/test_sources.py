"""Real senders and servers, by the ffmpeg program, that come, go, and come back."""

import itertools
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from domain.settings import Fetching, Streaming
from live.sources import MediaSource, NoticeKind, open_source
from live.sources.pump import find_ffmpeg
from tests.fakes.clips import Taken, second_of, take, write_clip

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
SETTINGS = Streaming(retry_seconds=0.2, retry_cap_seconds=0.4, give_up_seconds=1)


class Programs:
    """Starts ffmpeg; what still runs at the end is killed."""

    def __init__(self) -> None:
        self._started: list[subprocess.Popen[bytes]] = []

    def ffmpeg(self, *arguments: str | Path) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(  # noqa: S603
            [find_ffmpeg(), "-nostdin", "-v", "error", *map(str, arguments)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self._started.append(process)
        return process

    def send(self, clip: Path, to: str, kind: str, *more: str) -> subprocess.Popen[bytes]:
        return self.ffmpeg("-re", "-i", clip, "-c", "copy", "-f", kind, *more, to)

    def close(self) -> None:
        for process in self._started:
            process.kill()
            process.wait()


@pytest.fixture
def programs() -> Iterator[Programs]:
    started = Programs()
    yield started
    started.close()


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_clip(tmp_path_factory.mktemp("clips") / "clip.mp4", 8)


def free_port(kind: int = socket.SOCK_STREAM) -> int:
    with socket.socket(socket.AF_INET, kind) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def seconds_of(taken: Taken) -> list[int]:
    """The seconds that were seen, without neighbours that are the same."""
    return [second for second, _ in itertools.groupby(second_of(frame) for frame in taken.frames)]


def test_an_rtmp_server_that_is_gone_for_three_seconds(programs: Programs, clip: Path):
    url = f"rtmp://127.0.0.1:{free_port()}/live/x"

    def serve() -> None:
        first = programs.send(clip, url, "flv", "-listen", "1")
        time.sleep(3)
        first.kill()
        time.sleep(3)
        programs.send(clip, url, "flv", "-listen", "1", "-t", "2")

    threading.Thread(target=serve, daemon=True).start()
    source = open_source(url, SETTINGS.model_copy(update={"give_up_seconds": 3.5}))
    began = time.monotonic()
    taken = take(source)
    state = source.state
    assert state.connections == 2
    assert NoticeKind.RECONNECTING in taken.kinds
    gap = next(n for n in taken.notices if n.kind is NoticeKind.GAP)
    assert int(gap.detail.split()[0]) >= 2500
    seconds = seconds_of(taken)
    again = seconds.index(0, 1)
    assert seconds[:again] == list(range(again))
    assert seconds[again:] == list(range(len(seconds) - again))
    first = next(f for f in taken.frames[again:] if second_of(f) == 0)
    assert first.at_ms >= taken.frames[again - 1].at_ms + 2500
    assert taken.frames[-1].at_ms <= (time.monotonic() - began) * 1000 + 500
    assert state.lag_ms < 2000


def test_waiting_for_an_rtmp_sender_with_the_right_key(programs: Programs, clip: Path):
    base = f"rtmp://127.0.0.1:{free_port()}/live"

    def push() -> None:
        time.sleep(0.7)
        programs.send(clip, f"{base}/stolen", "flv").wait()
        time.sleep(0.7)
        programs.send(clip, f"{base}/key", "flv", "-t", "2")

    threading.Thread(target=push, daemon=True).start()
    taken = take(open_source(f"listen:{base}/key", SETTINGS))
    assert any("another app name or stream key" in notice.detail for notice in taken.notices)
    assert seconds_of(taken) == [0, 1]
    assert taken.sound_ms > 1600
    assert taken.kinds[-1] is NoticeKind.ENDED
    assert not any("/key" in notice.detail for notice in taken.notices)


@pytest.mark.parametrize("listens", [True, False])
def test_srt_both_ways(programs: Programs, clip: Path, listens: bool):
    port = free_port(socket.SOCK_DGRAM)
    theirs = "caller" if listens else "listener"

    def send() -> None:
        time.sleep(0.7 if listens else 0)
        programs.send(clip, f"srt://127.0.0.1:{port}?mode={theirs}", "mpegts", "-t", "2")

    threading.Thread(target=send, daemon=True).start()
    address = f"{'listen:' if listens else ''}srt://127.0.0.1:{port}"
    taken = take(open_source(address, SETTINGS))
    assert seconds_of(taken)[-1] == 1
    assert taken.sound_ms > 900
    assert taken.kinds[-1] is NoticeKind.ENDED


def test_hls_whose_server_is_gone_for_three_seconds(programs: Programs, tmp_path: Path):
    folder = tmp_path / "hls"
    folder.mkdir()
    clip = write_clip(tmp_path / "long.mp4", 11)
    port = free_port()

    def serve() -> subprocess.Popen[bytes]:
        return subprocess.Popen(  # noqa: S603
            [sys.executable, "-m", "http.server", "-b", "127.0.0.1", "-d", str(folder), str(port)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    options = ("-hls_time", "1", "-hls_list_size", "6", "-hls_flags", "delete_segments")
    programs.ffmpeg("-re", "-i", clip, "-c", "copy", "-f", "hls", *options, folder / "i.m3u8")
    servers = [serve()]

    def interrupt() -> None:
        time.sleep(3)
        servers[0].kill()
        time.sleep(3)
        servers.append(serve())

    source = open_source(
        f"http://127.0.0.1:{port}/i.m3u8",
        SETTINGS.model_copy(update={"give_up_seconds": 20}),
        fetching=Fetching(allow_private=True, ports=(port,)),
    )
    threading.Thread(target=interrupt, daemon=True).start()
    try:
        taken = take(source)
    finally:
        for server in servers:
            server.kill()
            server.wait()
    assert source.state.connections >= 2
    seconds = [second_of(frame) for frame in taken.frames]
    assert seconds == sorted(set(seconds)), "a segment came twice"
    assert seconds[-1] == 10
    assert len(seconds) >= 6
    first = taken.frames[0].at_ms - 1000 * seconds[0]
    assert all(
        abs(frame.at_ms - first - 1000 * second) <= 150
        for frame, second in zip(taken.frames, seconds, strict=True)
    )
    assert taken.kinds[-1] is NoticeKind.ENDED


def watch(source: MediaSource, ended: threading.Event) -> None:
    for _ in source:
        pass
    ended.set()


def test_closing_ends_a_listener_and_its_program_at_once():
    source = open_source(f"listen:rtmp://127.0.0.1:{free_port()}/live/key", SETTINGS)
    ended = threading.Event()
    threading.Thread(target=watch, args=(source, ended), daemon=True).start()
    children = psutil.Process().children
    until = time.monotonic() + 10
    while not children() and time.monotonic() < until:
        time.sleep(0.05)
    assert children()
    began = time.monotonic()
    source.close()
    assert ended.wait(2)
    assert time.monotonic() - began < 2
    assert children() == []


def test_the_program_dies_with_a_killed_parent():
    code = (
        "import sys, domain.settings, live.sources\n"
        "s = live.sources.open_source(sys.argv[1], domain.settings.Streaming())\n"
        "print('ready', flush=True)\n"
        "for event in s: print(event, flush=True)\n"
    )
    parent = subprocess.Popen(  # noqa: S603
        [sys.executable, "-c", code, f"listen:rtmp://127.0.0.1:{free_port()}/live/key"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
    )
    try:
        children: list[psutil.Process] = []
        until = time.monotonic() + 20
        while time.monotonic() < until and not any("ffmpeg" in c.name() for c in children):
            time.sleep(0.1)
            children = psutil.Process(parent.pid).children()
        assert any("ffmpeg" in child.name() for child in children)
    finally:
        os.kill(parent.pid, signal.SIGKILL)
        parent.communicate()
    _, alive = psutil.wait_procs(children, timeout=5)
    assert alive == []
