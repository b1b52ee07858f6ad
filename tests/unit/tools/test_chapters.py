"""Chapters as players and video pages take them."""

import subprocess
from pathlib import Path

import av
import imageio_ffmpeg
import pytest

from domain.recording import Jump, Segment, SpeechTag
from tests.fakes.media import tone, write_sound
from tools.chapters import write_chapters


def jump(at_ms: int, text: str, tag: SpeechTag = SpeechTag.PRICE_PROMO) -> Jump:
    return Jump(tag=tag, at_ms=at_ms, utterance=0, text=text)


def segment(number: int, start: int, end: int, title: str, *jumps: Jump) -> Segment:
    return Segment(
        number=number, start_ms=start, end_ms=end, first=0, last=1,
        product_id=None, title=title, jumps=jumps,
    )  # fmt: skip


SEGMENTS = [
    segment(
        1, 2_000, 90_500, "Mug & <kiln>",
        jump(60_000, "It costs $19.90 tonight."),
        jump(30_000, "Feel the glaze; it = matte #1", SpeechTag.MATERIAL_CRAFT),
        jump(65_000, "too near"),
    ),
    segment(2, 90_500, 200_000, "桑蚕丝被"),
]  # fmt: skip


def test_webvtt_nests_jumps_in_their_segment_and_escapes():
    text = write_chapters(SEGMENTS, "vtt", duration_ms=200_000)
    lines = text.splitlines()
    assert lines[0] == "WEBVTT"
    assert lines[2:4] == ["00:00:02.000 --> 00:01:30.500", "Mug &amp; &lt;kiln&gt;"]
    assert "00:00:30.000 --> 00:01:00.000" in lines
    assert "00:01:05.000 --> 00:01:30.500" in lines
    assert lines[-2:] == ["桑蚕丝被", ""] or lines[-1] == "桑蚕丝被"


def test_a_page_list_starts_at_zero_and_keeps_its_distance():
    text = write_chapters(SEGMENTS, "txt", duration_ms=200_000)
    assert text.splitlines() == [
        "00:00 Mug & <kiln>",
        "00:30 Material craft: Feel the glaze; it = matte #1",
        "01:00 Price promo: It costs $19.90 tonight.",
        "01:30 桑蚕丝被",
    ]


def test_a_long_recording_counts_hours():
    text = write_chapters(
        [segment(1, 0, 10, "a"), segment(2, 3_725_000, 3_800_000, "b")], "txt", duration_ms=1
    )
    assert text.splitlines() == ["0:00:00 a", "1:02:05 b"]


@pytest.mark.slow
def test_ffmpeg_reads_the_metadata_and_a_player_finds_the_chapters(tmp_path: Path):
    meta = tmp_path / "show.ffmetadata"
    meta.write_text(write_chapters(SEGMENTS, "ffmetadata", duration_ms=200_000), "utf-8")
    sound, out = write_sound(tmp_path / "a.wav", tone(1), "pcm_s16le"), tmp_path / "out.mkv"
    subprocess.run(  # noqa: S603
        [
            imageio_ffmpeg.get_ffmpeg_exe(), "-loglevel", "error", "-i", sound, "-i", meta,
            "-map_chapters", "1", "-c", "copy", out,
        ],
        check=True,
    )  # fmt: skip
    with av.open(str(out)) as opened:
        chapters = opened.chapters()
    assert [c["metadata"]["title"] for c in chapters] == [
        "Mug & <kiln>",
        "Material craft: Feel the glaze; it = matte #1",
        "Price promo: It costs $19.90 tonight.",
        "Price promo: too near",
        "桑蚕丝被",
    ]
    starts = [c["start"] * (c["time_base"] or 0) for c in chapters]
    ends = [c["end"] * (c["time_base"] or 0) for c in chapters]
    assert starts == [2, *ends[:-1]]
    assert ends[-1] == 200


def test_no_segments_make_an_empty_list():
    assert write_chapters([], "txt", duration_ms=5) == ""
    assert write_chapters([], "vtt", duration_ms=5).startswith("WEBVTT")
    assert write_chapters([], "ffmetadata", duration_ms=5) == ";FFMETADATA1\n"
