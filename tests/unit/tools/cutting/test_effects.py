"""Text, music and drawings as they are made, before they are rendered."""

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from domain.errors import InvalidInput, NotAvailable, NotFound
from domain.timeline import SIZES, ClipWord, Piece, Sticker
from tests.fakes.recordings_to_cut import timeline, words
from tools.effects import fonts
from tools.effects.cards import draw_card
from tools.effects.cues import cue_words, join_words
from tools.effects.fonts import find_font
from tools.effects.music import best_shift, lay_under, open_music
from tools.effects.stickers import draw_sticker
from tools.effects.subtitles import PLACES, Setting, write_subtitles
from tools.effects.synth import SCORES
from tools.effects.theme import load_theme, safe_areas, theme_names
from tools.film.assets import Assets
from tools.film.layout import lay_out
from tools.film.overlays import Overlays
from tools.film.shots import Shot


def cues_of(text: str, each_ms: int = 300) -> list[list[str]]:
    said = words(text, 0, each_ms)
    layout = lay_out(timeline(pieces=(Piece(
        piece_id="a", start_ms=0, end_ms=said[-1].end_ms + 400, words=said),)))  # fmt: skip
    found = cue_words(layout, room=20, measure=len)
    return [[join_words([w.text for w in line]) for line in cue.lines] for cue in found]


def test_cues_are_two_even_lines_and_end_with_sentences() -> None:
    assert cues_of("It holds water. Only today it is yours") == [
        ["It holds water."], ["Only today", "it is yours"]
    ]  # fmt: skip
    shared = cues_of("one two three four five six seven eight nine ten eleven twelve")
    assert all(len(line) <= 20 for cue in shared for line in cue)
    lengths = [sum(map(len, cue)) for cue in shared]
    assert max(lengths) < 2 * min(lengths)


def test_chinese_words_join_without_spaces() -> None:
    assert join_words(["栖桑", "夏凉被", "重", "500", "克"]) == "栖桑夏凉被重500克"
    assert join_words(["It", "holds", "350", "ml", "."]) == "It holds 350 ml."


def test_a_pause_ends_a_cue() -> None:
    said = (
        ClipWord(text="So", start_ms=0, end_ms=200),
        ClipWord(text="look", start_ms=1500, end_ms=1800),
    )
    piece = Piece(piece_id="a", start_ms=0, end_ms=3000, words=said)
    layout = lay_out(timeline(pieces=(piece,)))
    cues = cue_words(layout, room=20, measure=len)
    assert [(cue.text, cue.first, cue.end) for cue in cues] == [("So", 0, 21), ("look", 45, 69)]


def script_of(text: str, theme: str, names: tuple[str, ...] = ()) -> str:
    said = words(text, 100)
    piece = Piece(piece_id="a", start_ms=0, end_ms=said[-1].end_ms + 500, words=said)
    layout = lay_out(timeline(pieces=(piece,), aspect="9:16"))
    setting = Setting(load_theme(theme).subtitles, find_font(), "9:16", (1080, 1920))
    head, lines, _ = write_subtitles(
        layout, setting, names=names, second=False, place_of=lambda _: PLACES[0]
    )
    script = Overlays(head, lines).script(Shot(0, layout.frames), layout.rate)
    assert script is not None
    return script


def test_numbers_and_names_stand_out_and_emoji_are_left_to_stickers() -> None:
    script = script_of("The Kiln Mug 🔥 holds 350 ml {now}", "plain", names=("Kiln Mug",))
    (line,) = [row for row in script.splitlines() if row.startswith("Dialogue")]
    mark = r"{\r\c&H4DD8FF&\fscx108\fscy108}"
    text = line.split(",,0,0,0,,")[1].replace("\\N", " ")
    assert text.split("}", 1)[1] == rf"The {mark}Kiln Mug {{\r}}holds {mark}350 ml {{\r}}\{{now\}}"


def test_the_word_that_is_said_is_coloured_in_its_time() -> None:
    rows = [r for r in script_of("one two three", "bold").splitlines() if r.startswith("Dialogue")]
    coloured = [row for row in rows if r"\c&H4AE1FF&" in row]
    assert [row.split("&}")[1].split("{")[0].strip() for row in coloured] == ["ONE", "TWO", "THREE"]
    assert coloured[1].split(",")[1:3] == ["0:00:00.38", "0:00:00.68"]


@pytest.mark.parametrize("name", theme_names())
def test_subtitles_keep_to_the_safe_area(name: str) -> None:
    for shape, safe in safe_areas().items():
        setting = Setting(load_theme(name).subtitles, find_font(), shape, SIZES[shape])
        for place in PLACES:
            middle = setting.middle_of(place)
            assert middle + setting.block / 2 <= 1 - safe.bottom + 1e-9
            assert middle - setting.block / 2 >= safe.top / 2


def test_music_is_the_same_each_time_and_loops_without_a_click(tmp_path: Path) -> None:
    one = open_music("upbeat", Assets(folder=tmp_path / "a"), lambda: False)
    two = open_music("upbeat", Assets(folder=tmp_path / "b"), lambda: False)
    assert (one.samples == two.samples).all()
    steps = np.abs(np.diff(one.samples, axis=0)).max()
    assert np.abs(one.samples[0] - one.samples[-1]).max() <= steps
    assert one.beat is not None
    assert len(one.samples) / 48_000 == pytest.approx(float(32 * one.beat), abs=0.001)


def test_music_lies_under_the_speech_and_on_the_beat(tmp_path: Path) -> None:
    music = open_music("calm", Assets(folder=tmp_path), lambda: False)
    speech = np.random.default_rng(1).normal(0, 0.1, (10 * 48_000, 2)).astype(np.float32)
    laid = lay_under(music, speech, below_lu=14, cuts=(), on_beat=False)
    middle = laid[2 * 48_000 : 8 * 48_000]
    below = 20 * np.log10(0.1 / np.sqrt((middle**2).mean()))
    assert below == pytest.approx(14, abs=1.5)
    assert np.abs(laid[-480:]).max() < 0.001
    assert best_shift(Fraction(1, 2), [Fraction(3, 10), Fraction(13, 10)]) == pytest.approx(0.2)


def test_every_track_and_theme_is_whole() -> None:
    for score in SCORES.values():
        assert len(score.drums) == 16
        assert set(score.tune) <= set("-0123")
    assert {"plain", "bold", "boutique", "night"} <= set(theme_names())
    for name in theme_names():
        assert load_theme(name).title


def test_a_theme_that_breaks_the_format_is_named(tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text("title: Mine\ncolour: red\n")
    with pytest.raises(InvalidInput, match=r"mine\.yaml breaks the format"):
        load_theme("mine", [tmp_path])
    with pytest.raises(NotFound, match=r"no theme \.\./mine"):
        load_theme("../mine", [tmp_path])


@pytest.mark.parametrize("kind", ["price_tag", "badge", "arrow"])
def test_stickers_have_a_transparent_ground_and_fill_their_size(kind: str) -> None:
    given = Sticker.model_validate({"kind": kind, "text": "¥399", "start_ms": 0, "end_ms": 1})
    picture = draw_sticker(given, load_theme("bold"), 1080, ())
    alpha = np.asarray(picture.getchannel("A"))
    assert alpha[0].max() == 0
    assert 0.15 < (alpha > 200).mean() < 0.9
    assert 120 < picture.height < 480


def test_a_long_price_still_fits(tmp_path: Path) -> None:
    text = "Only today: three for the price of two, and shipping is free"
    given = Sticker(kind="price_tag", text=text, start_ms=0, end_ms=1)
    assert draw_sticker(given, load_theme("plain"), 1080, ()).width < 1080 / 2
    card, _ = draw_card(text * 3, load_theme("plain"), (1080, 1920), fonts=(), folder=tmp_path)
    with Image.open(card) as picture:
        assert picture.size == (1188, 2112)


def test_a_machine_without_fonts_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    def none(_: object) -> dict[str, fonts.Font]:
        return {}

    monkeypatch.setattr(fonts, "_look", none)
    with pytest.raises(NotAvailable, match="holds Chinese") as chinese:
        find_font(text="夏凉被")
    assert "fonts-noto-cjk" in chinese.value.hint
    emoji = Sticker(kind="emoji", text="🔥", start_ms=0, end_ms=1)
    with pytest.raises(NotAvailable, match="emoji"):
        draw_sticker(emoji, load_theme("plain"), 1080, ())
    with pytest.raises(InvalidInput, match="is no emoji"):
        draw_sticker(emoji.model_copy(update={"text": "fire"}), load_theme("plain"), 1080, ())
