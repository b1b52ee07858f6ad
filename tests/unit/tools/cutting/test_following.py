"""The subject stays in the frame, and the camera does not tremble."""

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from domain.timeline import Effects
from tests.fakes.recordings_to_cut import ffmpeg, read_pictures, timeline
from tools.cutting import Assets, Rendered, render
from tools.film.layout import lay_out
from tools.film.source import open_recording
from tools.reframing.following import FollowFramer
from tools.reframing.paths import smooth_path
from tools.reframing.watching import watch

SIZE = (320, 180)


class RedFinder:
    """Takes what is red for a person."""

    def find(self, picture: NDArray[np.uint8], /) -> NDArray[np.float32]:
        blue, _, red = (picture[:, :, n].astype(np.int16) for n in range(3))
        return ((red - blue) > 90).astype(np.float32)


def film(path: Path, seconds: float, middle: Callable[[float], float], *, wide: int = 36) -> Path:
    """A red figure over grey noise, at a part of the width that depends on the second."""
    ground = np.random.default_rng(2).integers(90, 120, (SIZE[1], SIZE[0], 1), np.uint8)
    frames: list[bytes] = []
    for n in range(int(seconds * 25)):
        picture = np.repeat(ground, 3, axis=2)
        at = int(middle(n / 25) * SIZE[0])
        picture[40:170, max(0, at - wide // 2) : at + wide // 2] = (220, 30, 30)
        frames.append(picture.tobytes())
    raw = path.with_suffix(".raw")
    raw.write_bytes(b"".join(frames))
    ffmpeg("-f", "rawvideo", "-pix_fmt", "rgb24", "-s", f"{SIZE[0]}x{SIZE[1]}", "-r", "25", "-i",
           str(raw), "-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-crf", "14",
           str(path))  # fmt: skip
    return path


def cut(recording: Path, end_ms: int, aspect: str = "9:16") -> Rendered:
    folder = recording.parent
    made = timeline((0, end_ms), rate_num=25, aspect=aspect,
                    effects=Effects(subtitles=False, cover=False, bgm=None))  # fmt: skip
    assets = Assets(folder=folder / "assets", person=RedFinder())
    return render(made, recording, folder / "clip.mp4", work=folder / "work", assets=assets,
                  preview=True)  # fmt: skip


def figure(picture: NDArray[np.uint8]) -> tuple[float, float]:
    """The figure's edges, as parts of the width: it is darker than the ground."""
    height = len(picture)
    dark = picture[height * 2 // 5 : height * 3 // 5].mean(axis=0) < 88
    at = np.flatnonzero(dark)
    return float(at[0] / len(dark)), float(at[-1] / len(dark))


@pytest.mark.slow
def test_a_walking_person_stays_in_the_frame_without_a_tremble(tmp_path: Path) -> None:
    recording = film(tmp_path / "walk.mp4", 6, lambda t: 0.2 + 0.1 * t + 0.01 * np.sin(9 * t))
    edges = [figure(picture) for picture in read_pictures(cut(recording, 6000).video)]
    assert all(left > 0.02 and right < 0.98 for left, right in edges[5:-5])
    middles = np.asarray([(left + right) / 2 for left, right in edges])
    swing = np.abs(np.diff(middles[10:-10], n=2))
    walked = 0.01 * 9 * 9 / 25 / 25 * SIZE[0] / (SIZE[1] * 9 / 16)
    assert swing.max() < walked + 0.025


@pytest.mark.slow
def test_the_camera_cuts_when_the_picture_does(tmp_path: Path) -> None:
    one = film(tmp_path / "one.mp4", 2, lambda _: 0.2)
    two = film(tmp_path / "two.mp4", 2, lambda _: 0.8)
    both = tmp_path / "both.mp4"
    ffmpeg("-i", str(one), "-i", str(two), "-filter_complex",
           "[1:v]negate=components=y[n];[0:v][n]concat=n=2", "-c:v", "libx264", "-crf", "14",
           str(both))  # fmt: skip
    recorded = open_recording(both)
    seen = watch(recorded, Fraction(0), 100, Fraction(25), person=RedFinder(),
                 kept=tmp_path / "kept", cancelled=lambda: False)  # fmt: skip
    assert seen.cuts == (50,)
    placed = lay_out(timeline((0, 4000), rate_num=25)).pieces[0]
    spans = FollowFramer(recorded, {"p0": seen}, (540, 960), 25.0)(placed)
    assert [(span.first, span.frames) for span in spans] == [(0, 50), (50, 50)]
    assert [len(set(span.framing.path)) for span in spans] == [1, 1]
    assert spans[0].framing.region[0] < 40
    assert cut(both, 4000).made == 2


@pytest.mark.slow
def test_what_does_not_fit_is_shown_whole(tmp_path: Path) -> None:
    recording = film(tmp_path / "wide.mp4", 2, lambda _: 0.5, wide=250)
    clip = cut(recording, 2000)
    assert any("shown whole" in note for note in clip.notes)
    picture = read_pictures(clip.video)[20]
    top, middle = picture[: len(picture) // 8], picture[len(picture) // 2]
    assert np.abs(np.diff(top.astype(int), axis=1)).mean() < 3
    assert (middle < 88).mean() > 0.85


def test_a_subject_that_hardly_moves_is_not_followed() -> None:
    at = np.arange(0, 150, 5, dtype=np.float64)
    wanted = 500 + 12 * np.sin(at)
    path = smooth_path(at, wanted, np.ones(len(at)), 150, room=300, rate=30)
    assert len(set(path)) == 1
    assert abs(path[0] - 500) < 12


def test_a_steady_walk_is_followed_at_a_steady_speed() -> None:
    at = np.arange(0, 300, 6, dtype=np.float64)
    noise = np.random.default_rng(5).normal(0, 8, len(at))
    path = smooth_path(at, 200 + 2 * at + noise, np.ones(len(at)), 300, room=300, rate=30)
    speed = np.diff(path)[20:-20]
    assert speed.mean() == pytest.approx(2, abs=0.1)
    assert speed.std() < 0.25
    assert np.abs(path - (200 + 2 * np.arange(300))).max() < 25


def test_the_camera_is_never_faster_than_the_eye() -> None:
    at = np.arange(0, 120, 6, dtype=np.float64)
    wanted = np.where(at < 60, 100.0, 900.0)
    path = smooth_path(at, wanted, np.ones(len(at)), 120, room=300, rate=30)
    assert np.abs(np.diff(path)).max() * 30 <= 0.35 * 300 + 1e-6
