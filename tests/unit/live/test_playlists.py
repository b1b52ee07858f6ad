"""HLS playlists and late tracks, as bytes."""

from pathlib import Path

import pytest

from live.sources.hls import choose_variant, make_absolute
from live.sources.late_tracks import WatchedBytes
from tests.fakes.clips import write_clip

MASTER = """#EXTM3U
#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="low",NAME="en",URI="low.m3u8"
#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="high",NAME="en",URI="high.m3u8"
#EXT-X-STREAM-INF:BANDWIDTH=9000000,RESOLUTION=3840x2160,AUDIO="high"
uhd.m3u8
#EXT-X-STREAM-INF:BANDWIDTH=4000000,RESOLUTION=1920x1080,AUDIO="high"
hd.m3u8
#EXT-X-STREAM-INF:BANDWIDTH=800000,RESOLUTION=640x360,AUDIO="low"

sd.m3u8
#EXT-X-I-FRAME-STREAM-INF:BANDWIDTH=1,URI="keys.m3u8"
"""


def test_one_variant_is_read_with_its_sound():
    chosen = choose_variant(MASTER)
    assert [line for line in chosen.splitlines() if ".m3u8" in line] == [
        '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="high",NAME="en",URI="high.m3u8"',
        "hd.m3u8",
    ]


def test_a_media_playlist_stays_as_it_is():
    media = "#EXTM3U\n#EXTINF:2,\na.ts\n"
    assert choose_variant(media) == media


def test_addresses_are_made_whole_by_where_redirects_led():
    text = '#EXT-X-MAP:URI="init.mp4"\n#EXTINF:2,\n../a.ts?x=1\nhttps://other.example/b.ts\n'
    assert make_absolute(text, "https://cdn.example/live/x/i.m3u8").splitlines() == [
        '#EXT-X-MAP:URI="https://cdn.example/live/x/init.mp4"',
        "#EXTINF:2,",
        "https://cdn.example/live/a.ts?x=1",
        "https://other.example/b.ts",
    ]


class Bytes:
    def __init__(self, data: bytes) -> None:
        self.data = data

    def read(self, size: int) -> bytes:
        head, self.data = self.data[:size], self.data[size:]
        return head


@pytest.mark.parametrize(("ending", "head"), [("flv", 13), ("ts", 0)])
@pytest.mark.parametrize("step", [7, 1000, 65536])
def test_sound_that_begins_late_is_noticed(tmp_path: Path, ending: str, head: int, step: int):
    mute = write_clip(tmp_path / f"mute.{ending}", 1, sound=False).read_bytes()
    both = write_clip(tmp_path / f"both.{ending}", 1).read_bytes()
    watched = WatchedBytes(Bytes(mute + both[head:]))
    passed = b""
    while len(passed) < len(mute) - step:
        passed += watched.read(step)
    watched.mark_opened()
    assert not watched.late
    while block := watched.read(step):
        passed += block
    assert passed == mute + both[head:]
    assert watched.late
