"""Pictures, samples and recordings that someone pushes."""

import io
import itertools
import threading
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from domain.errors import InvalidInput, LimitExceeded, StateConflict
from domain.settings import Streaming
from live.sources import NoticeKind, PushSource
from live.sources.pieces import begins_recording
from tests.fakes.clips import second_of, take, write_clip

SETTINGS = Streaming(frame_interval_ms=100)


def picture(colour: tuple[int, int, int] = (0, 0, 255), kind: str = "PNG") -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", (32, 24), colour).save(stream, kind)
    return stream.getvalue()


def tone(seconds: float, rate: int) -> bytes:
    at = np.arange(int(seconds * rate)) / rate
    return (8000 * np.sin(2 * np.pi * 440 * at)).astype("<i2").tobytes()


def pushed(source: PushSource) -> threading.Thread:
    thread = threading.Thread(target=source.end)
    thread.start()
    return thread


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_pictures_and_samples_get_the_times_of_their_sender(kind: str):
    source = PushSource(SETTINGS)
    for at_ms in range(500_000, 503_000, 1000):
        assert source.push_image(picture(kind=kind), at_ms)
        source.push_audio(tone(1, 48_000), at_ms, rate=48_000)
    pushed(source)
    taken = take(source)
    assert taken.times() == [0, 1000, 2000]
    assert taken.frames[0].image[0, 0][0] > 240 > 20 > taken.frames[0].image[0, 0][2]
    assert abs(taken.sound_ms - 3000) <= 5
    assert taken.kinds == [NoticeKind.CONNECTED, NoticeKind.ENDED]


def test_a_jump_of_the_senders_clock_is_told_and_taken_out():
    wall = [0.0]
    source = PushSource(SETTINGS, now=lambda: wall[0])
    for at_ms in (0, 1000, 90_000_000, 90_001_000, 5):
        source.push_image(picture(), at_ms)
        wall[0] += 1
    pushed(source)
    taken = take(source)
    assert taken.times() == [0, 1000, 2000, 3000, 4000]
    assert source.state.jumps == 2


def test_limits_of_bytes_pixels_and_rate():
    wall = [0.0]
    small = Streaming(
        frame_interval_ms=20,
        pushed_image_bytes=1000,
        pushed_sound_bytes=1000,
        pushed_images_per_second=2,
        max_pixels=32 * 24,
    )
    source = PushSource(small, now=lambda: wall[0])
    assert [source.push_image(picture(), at) for at in (0, 100, 200)] == [True, True, False]
    wall[0] = 0.5
    assert source.push_image(picture(), 500)
    wall[0] = 10
    with pytest.raises(LimitExceeded, match="bytes"):
        source.push_image(picture() + bytes(2000))
    with pytest.raises(InvalidInput, match="no picture"):
        source.push_image(b"\xff\xd8\xff nothing")
    wall[0] = 20
    large = io.BytesIO()
    Image.new("1", (64, 64)).save(large, "PNG")
    with pytest.raises(LimitExceeded, match="pixels"):
        source.push_image(large.getvalue())
    with pytest.raises(LimitExceeded):
        source.push_audio(bytes(2000))
    with pytest.raises(InvalidInput):
        source.push_audio(b"odd")
    with pytest.raises(InvalidInput):
        source.push_audio(b"", rate=1)


def test_two_recordings_in_pieces_follow_each_other(tmp_path: Path):
    source = PushSource(Streaming())
    recording = write_clip(tmp_path / "piece.mkv", 3).read_bytes()
    for _ in range(2):
        for start in range(0, len(recording), 1500):
            source.push_media(recording[start : start + 1500])
    pushed(source)
    taken = take(source)
    seconds = [second_of(frame) for frame in taken.frames]
    assert [second for second, _ in itertools.groupby(seconds)] == [0, 1, 2, 0, 1, 2]
    assert abs(taken.sound_ms - 6000) <= 150
    assert taken.kinds[-1] is NoticeKind.ENDED


def test_pieces_that_are_no_recording_do_not_end_the_rest():
    source = PushSource(Streaming(retry_seconds=0.01, give_up_seconds=0.05))
    source.push_media(b"\x1a\x45\xdf\xa3" + bytes(3000))
    source.push_image(picture(), 0)
    pushed(source)
    taken = take(source)
    assert len(taken.frames) == 1
    assert any("no audio or video" in notice.detail for notice in taken.notices)


def test_pieces_wait_within_a_bound():
    source = PushSource(Streaming(pushed_waiting_bytes=5000))
    with pytest.raises(LimitExceeded):
        source.push_media(bytes(5001))
    source.push_media(bytes(5000))
    source.close()


def test_after_the_end_nothing_is_taken():
    source = PushSource(SETTINGS)
    source.push_image(picture(), 0)
    source.close()
    assert take(source).frames == []
    with pytest.raises(StateConflict):
        source.push_image(picture(), 1000)


def test_silence_is_told_once():
    source = PushSource(Streaming(stall_seconds=0.1))
    source.push_image(picture(), 0)
    threading.Timer(0.5, source.end).start()
    told = [kind for kind in take(source).kinds if kind is not NoticeKind.NUDGE]
    assert told == [NoticeKind.CONNECTED, NoticeKind.STALLED, NoticeKind.ENDED]


def test_headers_of_recordings_are_known():
    assert begins_recording(b"\x1a\x45\xdf\xa3\x00")
    assert begins_recording(b"OggS\x00\x02rest")
    assert not begins_recording(b"OggS\x00\x00rest")
    assert not begins_recording(b"\x1f\x43\xb6\x75")
