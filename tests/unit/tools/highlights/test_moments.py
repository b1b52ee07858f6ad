from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from domain.errors import InvalidInput, JobCancelled, NotFound
from domain.progress import Progress, discard, never
from domain.recording import Highlight
from domain.stream import Comment, SpokenWord, Utterance
from tests.fakes.media import tone, write_sound
from tests.fakes.shows import ORANGE, write_show
from tools.highlights import score_moments

SHOWN = (12, 18)


@pytest.fixture(scope="module")
def show(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_show(tmp_path_factory.mktemp("show") / "show.mp4", 30, SHOWN)


def score(path: Path, **given: object) -> list[Highlight]:
    return score_moments(path, progress=discard, cancelled=never, **given)  # pyright: ignore


def scores(found: list[Highlight]) -> NDArray[np.float64]:
    return np.array([one.score for one in found])


def test_a_thing_held_up_ranks_above_all_else(show: Path):
    found = scores(score(show))
    best = {int(second) for second in np.argsort(-found)[:4]}
    assert best <= set(range(*SHOWN))


def test_there_is_one_moment_for_each_second_without_gaps(show: Path):
    found = score(show)
    assert [one.start_ms for one in found] == [1000 * n for n in range(30)]
    assert [one.end_ms for one in found] == [1000 * n for n in range(1, 31)]
    assert all(0 <= value <= 1 for one in found for value in one.signals.values())


def test_what_was_not_there_is_no_signal(show: Path):
    absent = {"speech_energy", "speech_pulse", "speech_rate", "comment_heat", "product"}
    assert not absent & set(score(show)[0].signals)


def test_silence_is_measured_where_there_is_a_sound_track(tmp_path: Path):
    quiet = np.zeros(16_000 * 8, np.int16)
    quiet[16_000 * 4 : 16_000 * 6] = tone(2)
    found = score(write_show(tmp_path / "quiet.mp4", 8, sound=quiet))
    energy = [one.signals["speech_energy"] for one in found]
    assert energy[1] == 0
    assert energy[4] > 0.3


def test_a_still_picture_has_no_motion_and_no_favourite(tmp_path: Path):
    found = score(write_show(tmp_path / "still.mp4", 12, moves=False))
    assert max(one.signals["motion"] for one in found) < 0.05
    assert np.ptp(scores(found)[2:-2]) < 0.1


def test_words_and_comments_heat_the_seconds_they_belong_to(show: Path):
    words = tuple(
        SpokenWord(start_ms=20_000 + 100 * n, end_ms=20_100 + 100 * n, text="好") for n in range(10)
    )
    said = Utterance(start_ms=20_000, end_ms=21_000, text="好" * 10, words=words)
    slow = Utterance(start_ms=2_000, end_ms=6_000, text="well, here it is")
    asked = [Comment(start_ms=9_500 + n, user="u", text="?") for n in range(20)]
    signals = [one.signals for one in score(show, utterances=[said, slow], comments=asked)]
    assert max(range(30), key=lambda n: signals[n]["speech_rate"]) == 20
    assert 0 < signals[3]["speech_rate"] < signals[20]["speech_rate"]
    assert signals[7]["comment_heat"] > 0.5
    assert signals[12]["comment_heat"] == 0


def test_pictures_of_the_product_tell_where_it_is_shown(show: Path):
    picture = np.full((90, 90, 3), 255, np.uint8)
    picture[15:75, 15:75] = ORANGE[::-1]
    seen = [one.signals["product"] for one in score(show, pictures=[picture])]
    assert min(seen[13:17]) > 2 * max(seen[:11])


def test_a_turned_film_is_seen_upright(tmp_path: Path):
    path = write_show(tmp_path / "turned.mp4", 14, (5, 9), rotation=90)
    assert int(np.argmax(scores(score(path)))) in range(5, 9)


@pytest.mark.parametrize("key_seconds", [2, 7])
def test_of_a_film_of_many_pixels_enough_is_seen(tmp_path: Path, key_seconds: int):
    size, name = (1280, 720), tmp_path / "large.mp4"
    path = write_show(name, 7, (3, 6), size=size, rate=20, key_seconds=key_seconds)
    found = score(path)
    assert len(found) == 7
    assert int(np.argmax(scores(found))) in range(3, 6)


def test_sound_alone_has_no_moments(tmp_path: Path):
    path = write_sound(tmp_path / "talk.m4a", tone(3))
    with pytest.raises(InvalidInput, match=r"talk\.m4a has no picture"):
        score(path)


def test_a_damaged_film_is_refused_by_name(tmp_path: Path):
    path = tmp_path / "broken.mp4"
    path.write_bytes(b"\0\0\0\x18ftypmp42" + b"\7" * 4000)
    with pytest.raises(InvalidInput, match=r"broken\.mp4"):
        score(path)


def test_a_missing_film_is_named(tmp_path: Path):
    with pytest.raises(NotFound, match=r"gone\.mp4"):
        score(tmp_path / "gone.mp4")


def test_it_stops_when_asked_and_tells_how_far_it_is(show: Path):
    told: list[Progress] = []
    with pytest.raises(JobCancelled):
        score_moments(show, progress=told.append, cancelled=lambda: bool(told))
    assert told
    assert told[0].total == 30
