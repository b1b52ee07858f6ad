"""Recordings as sources: times, sampling, jumps, damage, and what is refused."""

import threading
import time
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image

from domain.errors import InvalidInput, LimitExceeded, NotFound
from domain.settings import Streaming
from live.sources import MediaSource, NoticeKind, VideoFrame, open_source
from tests.fakes.clips import second_of, take, write_clip

SETTINGS = Streaming()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("clips")


@pytest.fixture(scope="module")
def clip(folder: Path) -> Path:
    return write_clip(folder / "clip.mp4", 6)


def joined(path: Path, *parts: Path) -> Path:
    path.write_bytes(b"".join(part.read_bytes() for part in parts))
    return path


def test_a_file_gives_a_picture_a_second_and_all_of_its_sound(clip: Path):
    taken = take(open_source(str(clip), SETTINGS))
    assert taken.times() == [0, 1000, 2000, 3000, 4000, 5000]
    assert [second_of(frame) for frame in taken.frames] == [0, 1, 2, 3, 4, 5]
    assert taken.frames[0].image.shape == (96, 160, 3)
    assert taken.frames[0].image.dtype == np.uint8
    assert abs(taken.sound_ms - 6000) <= 50
    assert taken.chunks[0].start_ms == 0
    assert {chunk.samples.dtype for chunk in taken.chunks} == {np.dtype(np.float32)}
    assert 0.1 < max(abs(chunk.samples).max() for chunk in taken.chunks) <= 1
    assert taken.kinds == [NoticeKind.CONNECTED, NoticeKind.ENDED]


@pytest.mark.parametrize("resume_at_ms", [5_990, 6_000, 60_000])
def test_a_file_that_is_resumed_at_its_end_ends(clip: Path, resume_at_ms: int):
    taken = take(open_source(str(clip), SETTINGS, resume_at_ms=resume_at_ms))
    assert taken.kinds[-1] is NoticeKind.ENDED


def test_the_tone_is_a_tone_over_the_joints_of_chunks(clip: Path):
    taken = take(open_source(str(clip), SETTINGS))
    samples = np.concatenate([chunk.samples for chunk in taken.chunks])[16_000:48_000]
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples)))) ** 2
    peak = int(spectrum.argmax())
    assert abs(peak / 2 - 440) <= 1
    assert spectrum[peak - 8 : peak + 9].sum() > 0.99 * spectrum.sum()


def test_the_interval_may_change_while_it_plays(clip: Path):
    source = open_source(str(clip), Streaming(frame_interval_ms=2000, frames_waiting=1))
    times: list[int] = []
    for event in source:
        if isinstance(event, VideoFrame):
            times.append(event.at_ms)
            source.set_interval_ms(500)
    assert times[0] == 0
    assert times[-4:] == [4000, 4500, 5000, 5500]


@pytest.mark.parametrize("ending", ["mp4", "ts", "mkv"])
def test_it_resumes_where_it_was(folder: Path, ending: str):
    path = write_clip(folder / f"resumed.{ending}", 6)
    taken = take(open_source(str(path), SETTINGS, resume_at_ms=2500))
    assert taken.frames[0].at_ms in range(2500, 2650)
    assert [second_of(frame) for frame in taken.frames] == [2, 3, 4, 5]
    assert taken.times()[1:] == pytest.approx([3000, 4000, 5000], abs=60)
    assert taken.chunks[0].start_ms == pytest.approx(2500, abs=2)
    assert abs(taken.sound_ms - 3500) <= 60


def test_it_is_paced_by_the_wall_clock(clip: Path):
    source = open_source(str(clip), SETTINGS, speed=10)
    began = time.monotonic()
    late = 0.0
    for event in source:
        if isinstance(event, VideoFrame):
            due = event.at_ms / 10_000
            late = max(late, time.monotonic() - began - due)
            assert time.monotonic() - began >= due - 0.05
    assert 0.5 <= time.monotonic() - began < 5
    assert source.state.lag_ms < 3000


def test_clips_with_reset_time_stamps_play_one_after_the_other(folder: Path):
    parts = [write_clip(folder / f"part{i}.ts", 2, first_second=2 * i) for i in range(3)]
    source = open_source(str(joined(folder / "joined.ts", *parts)), SETTINGS)
    taken = take(source)
    assert [second_of(frame) for frame in taken.frames] == [0, 1, 2, 3, 4, 5]
    assert taken.times() == pytest.approx([0, 1000, 2000, 3000, 4000, 5000], abs=200)
    assert abs(taken.sound_ms - 6000) <= 250
    assert source.state.jumps == 2
    assert NoticeKind.GAP in taken.kinds


def test_what_a_decoder_holds_belongs_before_the_jump(folder: Path):
    parts = [
        write_clip(folder / f"held{i}.ts", 2, first_second=2 * i, sound=False, reorders=True)
        for i in range(2)
    ]
    path = joined(folder / "held.ts", *parts)
    taken = take(open_source(str(path), Streaming(frame_interval_ms=20)))
    assert [second_of(frame) for frame in taken.frames] == [i // 10 for i in range(40)]
    steps = np.diff(taken.times())
    assert steps.min() >= 50
    assert steps.max() <= 350


def test_a_clock_of_thirty_three_bits_runs_over_unnoticed(folder: Path):
    path = write_clip(folder / "wraps.ts", 6, start_ms=2**33 // 90 - 3000)
    source = open_source(str(path), SETTINGS)
    taken = take(source)
    assert [second_of(frame) for frame in taken.frames] == [0, 1, 2, 3, 4, 5]
    assert source.state.jumps == 0


def test_the_size_may_change_in_the_stream(folder: Path):
    small = write_clip(folder / "small.ts", 2, sound=False)
    large = write_clip(folder / "large.ts", 2, size=(320, 192), sound=False, first_second=2)
    path = joined(folder / "grows.ts", small, large)
    taken = take(open_source(str(path), SETTINGS))
    assert [frame.image.shape for frame in taken.frames] == [(96, 160, 3)] * 2 + [(192, 320, 3)] * 2
    resized = [n for n in taken.notices if n.kind is NoticeKind.RESOLUTION]
    assert "320x192" in resized[0].detail
    limited = take(open_source(str(path), Streaming(max_pixels=160 * 96)))
    assert [second_of(frame) for frame in limited.frames] == [0, 1]
    assert "MAX_PIXELS" in next(
        n.detail for n in limited.notices if n.kind is NoticeKind.RESOLUTION
    )


@pytest.mark.parametrize(("lacks", "kind"), [("sound", "video_only"), ("picture", "audio_only")])
def test_a_missing_track_is_told(folder: Path, lacks: str, kind: str):
    path = write_clip(
        folder / f"no_{lacks}.mp4", 2, sound=lacks != "sound", picture=lacks != "picture"
    )
    taken = take(open_source(str(path), SETTINGS))
    assert kind in [str(k) for k in taken.kinds]
    assert bool(taken.frames) == (lacks != "picture")
    assert bool(taken.chunks) == (lacks != "sound")


def test_sound_that_begins_late_has_its_own_time(folder: Path):
    mute = write_clip(folder / "mute.ts", 3, sound=False)
    both = write_clip(folder / "both.ts", 3, first_second=3, start_ms=3000)
    taken = take(open_source(str(joined(folder / "late.ts", mute, both)), SETTINGS))
    assert [second_of(frame) for frame in taken.frames] == [0, 1, 2, 3, 4, 5]
    assert taken.chunks[0].start_ms == pytest.approx(3000, abs=150)
    assert abs(taken.sound_ms - 3000) <= 150


def test_a_truncated_file_gives_what_it_holds(folder: Path):
    whole = write_clip(folder / "whole.mkv", 6)
    data = whole.read_bytes()
    cut = folder / "cut.mkv"
    cut.write_bytes(data[: len(data) // 2])
    taken = take(open_source(str(cut), SETTINGS))
    assert 1 <= len(taken.frames) < 6
    assert taken.kinds[-1] is NoticeKind.ENDED


def test_damage_in_the_middle_is_skipped(folder: Path):
    data = bytearray(write_clip(folder / "good.ts", 6).read_bytes())
    middle = len(data) // 2 // 188 * 188
    data[middle : middle + 188 * 12] = np.random.default_rng(5).bytes(188 * 12)
    path = folder / "damaged.ts"
    path.write_bytes(data)
    taken = take(open_source(str(path), SETTINGS))
    assert taken.frames[-1].at_ms >= 4900
    assert second_of(taken.frames[-1]) == 5
    assert taken.sound_ms > 4000


def test_turned_pictures_are_upright(folder: Path):
    path = folder / "turned.mp4"
    with av.open(str(path), "w") as out:
        video = out.add_stream("libx264", rate=10)
        video.width, video.height, video.pix_fmt = 160, 96, "yuv420p"
        video.set_display_rotation(90)
        pixels = np.zeros((96, 160, 3), np.uint8)
        pixels[:, :40] = 255
        for _ in range(5):
            out.mux(video.encode(av.VideoFrame.from_ndarray(pixels, format="rgb24")))
        out.mux(video.encode(None))
    frame = take(open_source(str(path), SETTINGS)).frames[0]
    assert (frame.height, frame.width) == (160, 96)
    assert frame.image.shape == (160, 96, 3)
    bright = frame.image.mean(axis=(1, 2))
    assert bright[-30:].min() > 200 > 50 > bright[:100].max()


def test_garbage_and_what_is_no_media_are_refused_at_once(tmp_path: Path):
    garbage = tmp_path / "garbage.mp4"
    garbage.write_bytes(np.random.default_rng(1).bytes(50_000))
    empty = tmp_path / "empty.mp4"
    empty.touch()
    playlist = tmp_path / "list.m3u8"
    playlist.write_text("#EXTM3U\n#EXTINF:1,\n/etc/passwd\n")
    concat = tmp_path / "list.ffconcat"
    concat.write_text("ffconcat version 1.0\nfile /etc/passwd\n")
    for path in (garbage, empty, playlist, concat):
        with pytest.raises(InvalidInput, match=path.name):
            open_source(str(path), SETTINGS)
    with pytest.raises(NotFound):
        open_source(str(tmp_path / "none.mp4"), SETTINGS)


@pytest.mark.parametrize(
    "address",
    [
        "file:///etc/passwd",
        "concat:a.ts|b.ts",
        "data:video/mp4;base64,AAAA",
        "subfile,,start,0,end,9,,:/etc/passwd",
        "pipe:0",
        "rtsp://127.0.0.1/x",
        "rtmp://",
        "srt://127.0.0.1:99999",
        "listen:http://127.0.0.1:80/x",
        "listen:clip.mp4",
        "rtmp://127.0.0.1/x -vf evil",
    ],
)
def test_other_protocols_are_not_opened(address: str):
    with pytest.raises((InvalidInput, NotFound)) as caught:
        open_source(address, SETTINGS)
    assert caught.value.hint


def test_keys_and_passwords_are_not_shown():
    shown = [
        open_source("rtmp://10.0.0.5:1935/live/SECRET", SETTINGS).name,
        open_source("listen:srt://127.0.0.1:9000?passphrase=SECRET123", SETTINGS).name,
        open_source("https://cdn.example/live.m3u8?token=SECRET", SETTINGS).name,
    ]
    assert shown == [
        "rtmp://10.0.0.5:1935/live/…",
        "listen:srt://127.0.0.1:9000",
        "https://cdn.example/live.m3u8",
    ]


def test_closing_ends_a_paced_file_at_once(clip: Path):
    source = open_source(str(clip), SETTINGS, speed=0.01)
    ended = threading.Event()

    def watch(watched: MediaSource) -> None:
        for _ in watched:
            pass
        ended.set()

    threading.Thread(target=watch, args=(source,), daemon=True).start()
    time.sleep(0.3)
    assert not ended.is_set()
    began = time.monotonic()
    source.close()
    assert ended.wait(2)
    assert time.monotonic() - began < 1


def test_breaking_off_ends_the_thread(clip: Path):
    before = threading.active_count()
    events = iter(open_source(str(clip), SETTINGS, speed=0.1))
    next(events)
    assert threading.active_count() == before + 1
    del events
    until = time.monotonic() + 3
    while threading.active_count() > before and time.monotonic() < until:
        time.sleep(0.01)
    assert threading.active_count() == before


def test_a_slow_taker_makes_a_recording_wait_and_nothing_is_lost(clip: Path):
    source = open_source(str(clip), Streaming(frame_interval_ms=100, frames_waiting=1))
    times: list[int] = []
    for event in source:
        if isinstance(event, VideoFrame):
            time.sleep(0.01)
            times.append(event.at_ms)
    assert times == list(range(0, 6000, 100))
    assert source.state.frames_dropped == 0


def test_a_screenshot_is_a_stream_of_one_picture(tmp_path: Path):
    path = tmp_path / "shot.png"
    Image.new("RGB", (40, 30), (255, 0, 0)).save(path)
    taken = take(open_source(str(path), SETTINGS))
    assert taken.frames[0].image[0, 0].tolist() == [0, 0, 255]
    assert taken.kinds == [NoticeKind.CONNECTED, NoticeKind.ENDED]
    with pytest.raises(LimitExceeded, match="pixels"):
        open_source(str(path), Streaming(max_pixels=100))
