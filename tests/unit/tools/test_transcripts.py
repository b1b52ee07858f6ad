"""Chunks that are cut in silence, joined without loss or repetition, and written in sentences."""

import threading
from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from domain.errors import InvalidInput, JobCancelled
from domain.progress import Progress, never
from domain.settings import Limits, Recordings
from models.utterances import Utterance, Word
from tests.fakes.media import tone, write_sound
from tests.fakes.recordings import find_loud, silence
from tools.transcripts import Hearing, write_utterances
from tools.transcripts.chunking import OVERLAP_MS, Chunk, plan_chunks
from tools.transcripts.joining import join_words
from tools.transcripts.writing import respell

RATE = 16_000
pytestmark = pytest.mark.slow


def words(*texts: str, at: int = 0, each: int = 400) -> list[Word]:
    return [Word(at + i * each, at + (i + 1) * each, text, 0.9) for i, text in enumerate(texts)]


def plan(sound: NDArray[np.int16], longest: int = 30) -> list[Chunk]:
    return list(plan_chunks(sound, longest_seconds=longest, find_speech=find_loud))


def test_chunks_cover_the_sound_and_end_in_silence():
    talk = [
        tone(7),
        silence(0.4),
        tone(9),
        silence(0.9),
        tone(8),
        silence(0.5),
        tone(11),
        silence(0.6),
    ]
    sound = np.concatenate([*talk, *talk, *talk])
    chunks = plan(sound)
    assert [c.start_ms for c in chunks] == [0, *(c.end_ms for c in chunks[:-1])]
    assert chunks[-1].end_ms == sound.size * 1000 // RATE
    assert len(chunks) > 2
    for chunk in chunks:
        assert chunk.end_ms - chunk.start_ms <= 30_000 * 1.15
        assert (chunk.heard_from_ms, chunk.heard_until_ms) == (chunk.start_ms, chunk.end_ms)
    for chunk in chunks[:-1]:
        at = chunk.end_ms * RATE // 1000
        assert not sound[at - RATE // 8 : at + RATE // 8].any()
    assert sum(c.voice_ms for c in chunks) == pytest.approx(105_000, abs=3_000)


def test_where_nobody_pauses_both_sides_hear_the_border():
    first, second = plan(tone(45))
    assert first.heard_from_ms == 0
    assert 15_000 <= first.end_ms <= 30_000
    assert first.heard_until_ms == first.end_ms + OVERLAP_MS
    assert second.heard_from_ms == second.start_ms - OVERLAP_MS
    assert (second.end_ms, second.heard_until_ms) == (45_000, 45_000)


def test_a_silence_at_the_border_of_what_was_looked_at_is_no_cut_in_speech():
    sound = np.concatenate([tone(29.9), silence(2), tone(29.9)])
    for chunk in plan(sound)[:-1]:
        at = chunk.end_ms * RATE // 1000
        if chunk.heard_until_ms == chunk.end_ms:
            assert not sound[at - 100 : at + 100].any()


def test_two_readings_of_a_border_join_in_the_words_that_both_heard():
    left = words("one", "two", "three", "four", "five", "sicks")
    right = words("tree", "four", "five", "six", "seven", at=800 - 30)
    chunks: list[tuple[Chunk, list[Word]]] = [
        (Chunk(0, 1600, 0, 2400, 0), left),
        (Chunk(1600, 3000, 800, 3000, 0), right),
    ]
    joined = join_words(chunks)
    assert all(a.end_ms <= b.start_ms for a, b in pairwise(joined))
    assert [w.text for w in joined] == [
        "one", "two", "three", "four", "five", "six", "seven",
    ]  # fmt: skip


def test_readings_that_agree_on_nothing_join_at_the_border():
    left, right = words("a", "b", "c", "d"), words("x", "y", "z", at=800)
    joined = join_words(
        [(Chunk(0, 1200, 0, 1600, 0), left), (Chunk(1200, 2400, 800, 2400, 0), right)]
    )
    assert [w.text for w in joined] == ["a", "b", "c", "y", "z"]


def test_chunks_that_meet_in_silence_are_laid_end_to_end():
    joined = join_words(
        [
            (Chunk(0, 2000, 0, 2000, 0), words("same", "same")),
            (Chunk(2000, 4000, 2000, 4000, 0), words("same", "same", at=2000)),
        ]
    )
    assert [w.start_ms for w in joined] == [0, 400, 2000, 2400]


@pytest.mark.parametrize(
    ("said", "text"),
    [
        ((" It", " holds", " three", " hundred", " fifty", " grams."), "It holds 350 grams."),
        ((" from", " ember", " low", " now"), "from Emberlow now"),
        (("這", "款", "保溫", "杯", "一百", "二十", "九", "塊", "九"), "这款保温杯129.9元"),
        ((" wholly", " other"), "没有一样"),
        ((" trailing", " sign,"), "trailing sign"),
    ],
)
def test_words_follow_what_is_written(said: tuple[str, ...], text: str):
    spoken = words(*said)
    written = respell(spoken, text)
    assert "".join(word.text for word in written).strip() == text
    assert all(word.text.strip() for word in written)
    assert written[0].start_ms == 0
    assert written[-1].end_ms == spoken[-1].end_ms
    times = [time for word in written for time in (word.start_ms, word.end_ms)]
    assert times == sorted(times)


def test_words_that_are_written_alike_keep_their_times():
    written = respell(
        words(" It", " holds", " three", " hundred", " fifty", " grams"), "It holds 350 grams"
    )
    assert [(w.text, w.start_ms, w.end_ms) for w in written] == [
        (" It", 0, 400),
        (" holds", 400, 800),
        (" 350", 800, 2000),
        (" grams", 2000, 2400),
    ]


def test_sentences_end_at_marks_and_pauses_and_are_mended():
    spoken = [
        *words(" Ask", " for", " emberlo."),
        *words(" It", " costs", " nineteen", " dollars", at=1300),
        *words(" 今天", "直播價", at=6000),
    ]
    first, second, third = write_utterances(spoken, ["Emberlow"])
    assert (first.text, second.text, third.text) == (
        "Ask for Emberlow.",
        "It costs 19 dollars",
        "今天直播价",
    )
    assert (first.start_ms, first.end_ms) == (0, 1200)
    assert "".join(word.text for word in second.words).strip() == second.text


def test_sentences_without_times_of_words_have_none():
    spoken = [Word(0, 2000, " Hello there.", None), Word(2100, 4000, " And bye.", None)]
    said = write_utterances(spoken, [], timed=False)
    assert [(one.text, one.start_ms, one.words) for one in said] == [
        ("Hello there.", 0, ()),
        ("And bye.", 2100, ()),
    ]


class Kept(dict[str, list[Utterance]]):
    """Chunks in memory."""

    def find(self, key: str) -> list[Utterance] | None:
        return self.get(key)

    def keep(self, key: str, said: Sequence[Utterance]) -> None:
        self[key] = list(said)


class Counts:
    """Says one word for each stretch, named by how many it has heard; fails after `most`."""

    name = "counts"

    def __init__(self, most: int = 99, before: threading.Event | None = None) -> None:
        self.heard = 0
        self.most = most
        self.before = before

    def transcribe(
        self,
        path: Path,
        *,
        terms: Sequence[str] = (),
        language: str | None = None,
        cancelled: Callable[[], bool] = never,
    ) -> list[Utterance]:
        if self.heard >= self.most:
            raise ConnectionResetError("killed")
        self.heard += 1
        word = Word(500, 900, f" word{self.heard}.", 0.9)
        return [Utterance(500, 900, word.text.strip(), (word,))]


TALK = np.concatenate([np.concatenate([tone(16), silence(3)]) for _ in range(4)])
SETTINGS = Recordings(chunk_seconds=20)


def hear(path: Path, kept: Kept, *hearers: Counts, **given: object) -> list[str]:
    hearing = Hearing(lambda: hearers, SETTINGS, Limits(), find_speech=find_loud)
    said = hearing.hear(path, path.name, kept, hearing.key((), None), **given)  # type: ignore[arg-type]
    return [word.text.strip() for word in said.words]


@pytest.fixture(scope="module")
def talk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_sound(tmp_path_factory.mktemp("talk") / "talk.wav", TALK, "pcm_s16le")


def test_a_killed_hearing_goes_on_with_the_chunk_that_was_in_flight(talk: Path):
    kept = Kept()
    with pytest.raises(ConnectionResetError):
        hear(talk, kept, Counts(most=3))
    assert len(kept) == 3
    again = Counts()
    assert hear(talk, kept, again) == ["word1.", "word2.", "word3.", "word1."]
    assert again.heard == 1
    idle = Counts(most=0)
    assert len(hear(talk, kept, idle)) == 4


def test_progress_counts_the_seconds_of_the_recording(talk: Path):
    events: list[Progress] = []
    hear(talk, Kept(), Counts(), Counts(), progress=events.append)
    counted = [e for e in events if e.total is not None]
    assert [e.done for e in counted] == sorted(e.done or 0 for e in counted)
    assert (counted[-1].done, counted[-1].total, counted[-1].unit) == (76, 76, "seconds")


def test_a_cancelled_hearing_keeps_what_it_has(talk: Path):
    kept = Kept()
    with pytest.raises(JobCancelled):
        hear(talk, kept, Counts(), cancelled=lambda: len(kept) == 2)
    assert len(kept) == 2


def test_other_terms_or_languages_are_other_hearings():
    hearing = Hearing(lambda: [Counts()], SETTINGS, Limits())
    keys = [
        hearing.key(None, None),
        hearing.key(["Kiln"], None),
        hearing.key(["Kiln", "Moss"], None),
        hearing.key(["Kiln"], "en"),
    ]
    assert len(set(keys)) == len(keys)


def test_sound_without_speech_is_refused_by_name(tmp_path: Path):
    path = write_sound(tmp_path / "still.wav", silence(40), "pcm_s16le")
    idle = Counts(most=0)
    with pytest.raises(InvalidInput, match=r"still\.wav holds no speech") as caught:
        hear(path, Kept(), idle)
    assert "host speaks" in caught.value.hint
