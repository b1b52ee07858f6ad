"""Recordings of every kind come out right, or are refused by name."""

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from domain.errors import InvalidInput, NotFound
from domain.timeline import Timeline
from tests.fakes.recordings_to_cut import (
    beeps,
    ffmpeg,
    number_of,
    onsets,
    read_pictures,
    read_samples,
    record,
    timeline,
)
from tools.cutting import Assets, Rendered, render

pytestmark = pytest.mark.slow


def cut(made: Timeline, recording: Path) -> Rendered:
    folder = recording.parent
    out, assets = folder / "clip.mp4", Assets(folder=folder / "assets")
    return render(made, recording, out, work=folder / "work", assets=assets, preview=True)


def check_beeps(clip: Rendered, *, frames: int = 50) -> None:
    """Both beeps of a clip from 2.5 s to 4.5 s are heard with the frame that they belong to."""
    assert clip.frames == frames
    pictures = [number_of(picture) for picture in read_pictures(clip.video)]
    assert onsets(read_samples(clip.video)) == pytest.approx([0.5, 1.5], abs=0.03)
    assert abs(pictures.index(75) - 12.5) <= 1
    assert abs(pictures.index(100) - 37.5) <= 1


SPAN = timeline((2500, 4500), rate_num=25)


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("mono.mp4", {}),
        ("surround.mp4", {"sound": beeps(6, channels=6), "audio": ("-c:a", "aac", "-ac", "6")}),
        ("ten_bit.mp4", {"video": ("-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt",
                                   "yuv420p10le", "-profile:v", "high10")}),
        ("full_chroma.mkv", {"video": ("-c:v", "libx264", "-preset", "ultrafast", "-crf", "12",
                                       "-pix_fmt", "yuv444p")}),
        ("odd.mkv", {"size": (257, 145), "video": ("-c:v", "ffv1", "-pix_fmt", "yuv444p")}),
        ("transport.ts", {"audio": ("-c:a", "mp2",)}),
        ("opus.webm", {"video": ("-c:v", "libvpx", "-deadline", "realtime", "-b:v", "2M"),
                       "audio": ("-c:a", "libopus",)}),
        ("late.mp4", {"more": ("-output_ts_offset", "3.7")}),
        ("b_frames.mp4", {"video": ("-c:v", "libx264", "-bf", "4", "-g", "250")}),
    ],
)  # fmt: skip
def test_kinds_of_recordings(tmp_path: Path, name: str, given: dict[str, object]) -> None:
    recording = record(tmp_path / name, seconds=6, **given)  # type: ignore[arg-type]
    clip = cut(SPAN, recording)
    check_beeps(clip)
    with av.open(str(clip.video)) as container:
        stream = container.streams.video[0]
        assert (stream.pix_fmt, stream.width, stream.height) == ("yuv420p", 960, 540)
        assert container.streams.audio[0].rate == 48_000
        assert container.streams.audio[0].channels == 2


def test_frames_of_unequal_length_stand_when_they_stood(tmp_path: Path) -> None:
    """Of a screen recording that keeps only every fourth frame, then none for over a second."""
    even = record(tmp_path / "even.mp4", seconds=6)
    recording = tmp_path / "uneven.mkv"
    kept = "select='not(mod(n,4))*not(between(n,61,95))'"
    ffmpeg("-i", str(even), "-vf", kept, "-fps_mode", "vfr", "-c:v", "libx264", "-preset",
           "ultrafast", "-crf", "12", "-c:a", "copy", str(recording))  # fmt: skip
    clip = cut(timeline((2500, 5000), rate_num=25), recording)
    shown = [number_of(picture) for picture in read_pictures(clip.video)]
    stood = [max(k for k in range(0, 150, 4) if k <= 62 + n and not 61 <= k <= 95)
             for n in range(len(shown))]  # fmt: skip
    assert clip.frames == 63
    # The clip begins half a frame after frame 62, so that a frame may come one earlier.
    assert all(number in stood[n : n + 2] for n, number in enumerate(shown))


@pytest.mark.parametrize("turned", [90, 180, 270])
def test_a_turned_phone_is_upright(tmp_path: Path, turned: int) -> None:
    picture = np.zeros((144, 256), np.uint8)
    picture[:72] = 220
    raw = tmp_path / "raw.gray"
    raw.write_bytes(picture.tobytes() * 50)
    flat, recording = tmp_path / "flat.mp4", tmp_path / "turned.mp4"
    ffmpeg("-f", "rawvideo", "-pix_fmt", "gray", "-s", "256x144", "-r", "25", "-i", str(raw),
           "-c:v", "libx264", "-pix_fmt", "yuv420p", str(flat))  # fmt: skip
    ffmpeg("-display_rotation", str(turned), "-i", str(flat), "-c", "copy", str(recording))
    shape = "9:16" if turned != 180 else "16:9"
    clip = cut(timeline((0, 1000), rate_num=25, aspect=shape), recording)
    shown = read_pictures(clip.video)[5]
    height, width = shown.shape
    bright = {90: shown[:, : width // 3], 270: shown[:, -width // 3 :], 180: shown[-height // 3 :]}
    assert bright[turned].mean() > 190
    assert shown.mean() == pytest.approx(110, abs=20)


def test_no_sound_is_silence_and_said(tmp_path: Path) -> None:
    clip = cut(SPAN, record(tmp_path / "r.mp4", seconds=6, silent=True))
    assert clip.loudness is None
    assert "there is no sound track" in clip.notes
    assert np.abs(read_samples(clip.video)).max() < 0.001


def test_a_silent_track_stays_silent(tmp_path: Path) -> None:
    recording = record(tmp_path / "r.mp4", seconds=6, sound=np.zeros((6 * 48_000, 1), np.int16))
    clip = cut(SPAN, recording)
    assert clip.loudness is None
    assert "the clip is silent" in clip.notes


def test_a_picture_that_ends_early_is_no_frozen_tail(tmp_path: Path) -> None:
    whole = record(tmp_path / "whole.mp4", seconds=6)
    recording = tmp_path / "short.mkv"
    ffmpeg("-t", "3", "-i", str(whole), "-i", str(whole), "-map", "0:v", "-map", "1:a", "-c",
           "copy", str(recording))  # fmt: skip
    with pytest.raises(InvalidInput, match=r"short\.mkv has no picture from 3\.\d\d s on"):
        cut(SPAN, recording)
    assert not (tmp_path / "clip.mp4").exists()


def test_files_that_are_no_recordings(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match=r"gone\.mp4"):
        cut(SPAN, tmp_path / "gone.mp4")
    damaged = tmp_path / "damaged.mp4"
    damaged.write_bytes(b"\0\0\0\x18ftypmp42" + bytes(range(256)) * 40)
    with pytest.raises(InvalidInput, match=r"damaged\.mp4 is damaged"):
        cut(SPAN, damaged)
    sound = tmp_path / "sound.m4a"
    ffmpeg("-f", "lavfi", "-i", "sine=d=3", "-c:a", "aac", str(sound))
    with pytest.raises(InvalidInput, match=r"sound\.m4a has no moving picture"):
        cut(SPAN, sound)


def test_a_slow_recording_keeps_its_pace(tmp_path: Path) -> None:
    recording = record(tmp_path / "slow.mp4", seconds=6, rate=Fraction(12))
    clip = cut(timeline((1000, 3000), rate_num=30), recording)
    shown = [number_of(picture) for picture in read_pictures(clip.video)]
    assert clip.frames == 60
    assert all(abs(n - (12 + k * 12 / 30)) <= 1 for k, n in enumerate(shown))
