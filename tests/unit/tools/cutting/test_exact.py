"""What comes out is measured on the file: frames, their order, sound, and where both stand."""

from fractions import Fraction
from pathlib import Path

import av
import pytest

from domain.timeline import Timeline
from tests.fakes.recordings_to_cut import (
    number_of,
    onsets,
    read_pictures,
    read_samples,
    record,
    timeline,
)
from tools.cutting import Assets, Rendered, render

pytestmark = pytest.mark.slow


def cut(made: Timeline, recording: Path, folder: Path, name: str = "clip.mp4") -> Rendered:
    work = folder / "work"
    work.mkdir(exist_ok=True)
    assets = Assets(folder=folder / "assets")
    return render(made, recording, folder / name, work=work, assets=assets, preview=True)


@pytest.mark.parametrize(("num", "den"), [(25, 1), (30, 1), (30_000, 1001)])
def test_every_piece_begins_and_ends_on_a_whole_frame(tmp_path: Path, num: int, den: int) -> None:
    recording = record(tmp_path / "r.mp4")
    spans = ((1013, 2500), (5200, 5230), (7001, 9000))
    clip = cut(timeline(*spans, rate_num=num, rate_den=den), recording, tmp_path)

    rate = Fraction(num, den)
    lengths = [-(-(end - start) * num // (1000 * den)) for start, end in spans]
    assert clip.frames == sum(lengths)
    with av.open(str(clip.video)) as container:
        stream = container.streams.video[0]
        assert stream.pix_fmt == "yuv420p"
        assert stream.average_rate == rate
        base = stream.time_base or Fraction(0)
        assert [f.pts * base for f in container.decode(stream) if f.pts is not None] == [
            n / rate for n in range(clip.frames)
        ]
    numbers = [number_of(picture) for picture in read_pictures(clip.video)]
    at = 0
    for (start, _), length in zip(spans, lengths, strict=True):
        for frame in range(length):
            expected = (Fraction(start, 1000) + frame / rate) * 25
            assert abs(numbers[at + frame] - expected) <= 1
        at += length


def test_sound_and_picture_stay_together_to_the_end(tmp_path: Path) -> None:
    recording = record(tmp_path / "r.mp4")
    spans = tuple((1000 * n + 487, 1000 * n + 1471) for n in range(1, 11))
    clip = cut(timeline(*spans, rate_num=25), recording, tmp_path)

    samples = read_samples(clip.video)
    assert abs(len(samples) / 48_000 - clip.frames / 25) < 1 / 25
    pictures = [number_of(picture) for picture in read_pictures(clip.video)]
    heard = onsets(samples)
    assert len(heard) == len(spans)
    shown = [n / 25 for n, number in enumerate(pictures) if number % 25 == 0]
    assert len(shown) == len(spans)
    assert max(abs(a - b) for a, b in zip(heard, shown, strict=True)) < 1 / 25


def test_pieces_that_run_on_are_heard_without_a_seam(tmp_path: Path) -> None:
    recording = record(tmp_path / "r.mp4")
    spans = ((920, 1517), (1517, 2233), (2233, 3920))
    clip = cut(timeline(*spans, rate_num=25), recording, tmp_path)
    assert clip.frames == 75
    assert [number_of(p) for p in read_pictures(clip.video)] == list(range(23, 98))
    assert onsets(read_samples(clip.video)) == pytest.approx([0.08, 1.08, 2.08], abs=0.002)


def test_it_is_as_loud_as_asked(tmp_path: Path) -> None:
    clip = cut(timeline((0, 8000)), record(tmp_path / "r.mp4"), tmp_path)
    assert clip.loudness == pytest.approx(-14, abs=1)
    assert clip.true_peak is not None
    assert clip.true_peak <= -1
