"""Exports read back: the ranges that an editor sees are those that were rendered."""

import xml.etree.ElementTree as ET
from fractions import Fraction
from pathlib import Path
from typing import Any

import opentimelineio as otio
import pysubs2
import pytest

from domain.errors import InvalidInput
from domain.recording import SpeechTag
from domain.timeline import Effects, Piece, Timeline
from tests.fakes.recordings_to_cut import record, timeline, words
from tools.clip_exports import (
    EditFormat,
    SubtitleFormat,
    write_chapters,
    write_edit,
    write_subtitle_file,
)
from tools.clip_exports.spans import clip_layout

SPANS = ((1000, 2480), (5200, 6000), (8040, 9960))


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return record(tmp_path_factory.mktemp("r") / "show.mp4")


@pytest.mark.parametrize("form", ["otio", "edl"])
@pytest.mark.parametrize("intro", [None, "Hello"])
def test_cuts_are_read_back_as_they_are(
    recording: Path, tmp_path: Path, form: EditFormat, intro: str | None
) -> None:
    made = timeline(*SPANS, rate_num=25, effects=Effects(intro=intro))
    out = write_edit(made, recording, tmp_path / f"clip.{form}", form)
    adapter = {"otio": "otio_json", "edl": "cmx_3600"}[form]
    given: dict[str, Any] = {"rate": 25} if form == "edl" else {}
    read = otio.adapters.read_from_string(out.read_text("utf-8"), adapter_name=adapter, **given)
    clips = [clip for clip in read.find_clips() if clip.parent().kind == "Video"]
    layout = clip_layout(made)
    ranges = [clip.source_range for clip in clips]
    assert [(r.start_time.value, r.duration.value, r.start_time.rate) for r in ranges] == [
        (round(placed.seen * 25), placed.frames, 25) for placed in layout.pieces
    ]
    places = [clip.transformed_time_range(clip.source_range, clip.parent()) for clip in clips]
    if form == "otio":
        assert [p.start_time.value for p in places] == [placed.first for placed in layout.pieces]


@pytest.mark.parametrize(("num", "den"), [(25, 1), (30_000, 1001)])
def test_final_cut_reads_exact_fractions(
    recording: Path, tmp_path: Path, num: int, den: int
) -> None:
    made = timeline(*SPANS, rate_num=num, rate_den=den, effects=Effects(intro="Hello"))
    pieces = (made.pieces[0], made.pieces[1].model_copy(update={"picture_ms": 9000}))
    made = made.model_copy(update={"pieces": pieces})
    text = write_edit(made, recording, tmp_path / "clip.fcpxml", "fcpxml").read_text("utf-8")
    spine = ET.fromstring(text).find(".//spine")  # noqa: S314
    assert spine is not None

    def at(element: ET.Element, key: str) -> Fraction:
        return Fraction(element.attrib[key].removesuffix("s"))

    layout = clip_layout(made)
    rate = layout.rate
    assert [(at(e, "offset") * rate, at(e, "duration") * rate) for e in spine] == [
        (0, layout.intro), *((p.first, p.frames) for p in layout.pieces)
    ]  # fmt: skip
    assert at(spine[1], "start") == round(Fraction(1) * rate) / rate
    sound = spine[2][0]
    assert sound.attrib["srcEnable"] == "audio"
    assert at(sound, "start") == round(Fraction(5200, 1000) * rate) / rate
    assert at(sound, "offset") == at(spine[2], "start") == round(9 * rate) / rate


def test_an_edit_list_says_what_it_cannot_carry(recording: Path, tmp_path: Path) -> None:
    made = timeline(*SPANS, rate_num=30_000, rate_den=1001)
    with pytest.raises(InvalidInput, match=r"29\.970"):
        write_edit(made, recording, tmp_path / "clip.edl", "edl")
    assert list(tmp_path.iterdir()) == []


def spoken() -> Timeline:
    pieces = (
        Piece(piece_id="a", start_ms=1000, end_ms=3000, words=words("It holds 350 ml.", 1100),
              tags=(SpeechTag.SPECIFICATION,), second_text="容量350毫升。"),
        Piece(piece_id="b", start_ms=7000, end_ms=8000, words=words("Only $19.90 🔥!", 7000),
              tags=(SpeechTag.PRICE_PROMO,)),
    )  # fmt: skip
    return timeline(pieces=pieces, rate_num=25)


@pytest.mark.parametrize("form", ["srt", "vtt", "ass"])
def test_subtitles_are_timed_as_the_clip_is(tmp_path: Path, form: SubtitleFormat) -> None:
    out = write_subtitle_file(spoken(), tmp_path / f"clip.{form}", form, second=True)
    read = pysubs2.load(str(out))
    first, last = read.events
    assert first.plaintext.splitlines() == ["It holds 350 ml.", "容量350毫升。"]
    assert abs(first.start - 100) <= 20
    assert first.end <= 2000
    assert last.plaintext == "Only $19.90!"
    assert abs(last.start - 2000) <= 20


def test_chapters_stand_where_the_tags_change(tmp_path: Path) -> None:
    text = write_chapters(spoken(), tmp_path / "c.txt", "txt").read_text("utf-8")
    assert text == "00:00 Specification\n00:02 Price promo\n"
    vtt = write_chapters(spoken(), tmp_path / "c.vtt", "vtt").read_text("utf-8")
    assert "00:00:02.000 --> 00:00:03.000\nPrice promo" in vtt
    meta = write_chapters(spoken(), tmp_path / "c.meta", "ffmetadata").read_text("utf-8")
    assert "START=2000\nEND=3000" in meta
