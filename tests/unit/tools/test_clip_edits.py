"""Edits of a timeline by a person, and what rendering is told to take."""

import pytest

from domain.clip import ClipStatus
from domain.errors import InvalidInput, NotFound
from domain.timeline import ClipWord, Piece, Timeline
from tests.fakes.clips_to_make import stored_clip
from tools.clip_edits import changed, edit_timeline, edit_words
from tools.clip_estimates import estimate


def timeline() -> Timeline:
    words = (
        ClipWord(text=" warm", start_ms=0, end_ms=500),
        ClipWord(text=" hands", start_ms=500, end_ms=900),
    )
    spans = [("p1", 0, 1000), ("p2", 1000, 2500), ("p3", 7000, 9000)]
    pieces = tuple(Piece(piece_id=n, start_ms=a, end_ms=b, words=words) for n, a, b in spans)
    return Timeline(
        timeline_id="t", recording_id="r", product_id=None, lang="en", title="Mug", pieces=pieces
    )


def test_pieces_are_put_in_another_order_and_left_out():
    made = edit_timeline(timeline(), order=["p3", "p1"])
    assert [p.piece_id for p in made.pieces] == ["p3", "p1"]
    assert (made.version, made.duration_ms) == (2, 3000)
    assert [p.gap_after for p in edit_timeline(timeline(), title="Cup").pieces] == [
        False,
        True,
        True,
    ]


def test_effects_change_one_by_one():
    made = edit_timeline(timeline(), aspect="1:1", effects={"theme": "bold", "bgm": None})
    assert (made.aspect, made.effects.theme, made.effects.bgm) == ("1:1", "bold", None)
    assert made.effects.subtitles
    with pytest.raises(InvalidInput, match="transition_ms"):
        edit_timeline(timeline(), effects={"transition_ms": 9999})
    with pytest.raises(InvalidInput, match="glitter"):
        edit_timeline(timeline(), effects={"glitter": True})


def test_a_word_keeps_its_time():
    made = edit_words(timeline(), "p2", {1: " fingers"})
    assert made.pieces[1].words[1] == ClipWord(text=" fingers", start_ms=500, end_ms=900)
    assert made.pieces[0] == timeline().pieces[0]


@pytest.mark.parametrize("order", [[], ["p1", "p1"]])
def test_an_order_that_is_none_is_refused(order: list[str]):
    with pytest.raises(InvalidInput):
        edit_timeline(timeline(), order=order)


def test_what_is_not_there_is_named():
    with pytest.raises(NotFound, match="p9"):
        edit_timeline(timeline(), order=["p9"])
    with pytest.raises(NotFound, match="no word 2"):
        edit_words(timeline(), "p1", {2: "x"})


def test_an_edited_clip_is_to_be_rendered_again():
    clip = stored_clip("clip_1", rendered=True)
    assert changed(clip, timeline()).status is ClipStatus.CHANGED


def test_the_estimate_follows_what_was_measured_here():
    plain = estimate([timeline()], cores=2)
    assert (plain.clips, plain.clip_seconds, plain.measured) == (1, 4.5, False)
    assert plain.render_seconds > 0
    assert plain.model_calls == 0
    twice = estimate([timeline(), timeline()], cores=2)
    assert twice.render_seconds == pytest.approx(2 * plain.render_seconds, abs=0.2)
    before = stored_clip("clip_1", rendered=True)
    told = estimate([before.timeline], before=[before])
    assert told.measured
    assert told.render_seconds == pytest.approx(12.0, abs=0.1)
    assert estimate([timeline()], cores=2, preview=True).bytes < plain.bytes
