"""Real speech in chunks: nothing is lost and nothing said twice where they meet."""

from collections import Counter
from difflib import SequenceMatcher
from pathlib import Path

import pytest

from domain.settings import Limits, Recordings, Settings
from models.asr import Hearer, load_hearers
from models.store import ModelStore
from models.voice import find_voice
from tests.fakes.spoken_films import lines_of, make_spoken_film, units
from tests.unit.tools.test_transcripts import Kept
from tools.transcripts import Hearing, write_utterances
from tools.transcripts.chunking import FindSpeech

pytestmark = [pytest.mark.models, pytest.mark.slow]

SECONDS = 75
TRUTH = [unit for line in lines_of("1-mug", SECONDS) for unit in units(line.text)]


@pytest.fixture(scope="module")
def hearers() -> list[Hearer]:
    settings = Settings()
    return load_hearers(settings, ModelStore(settings.models_path))


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_spoken_film(tmp_path_factory.mktemp("film") / "mug.mp4", {"1-mug": SECONDS})


def hear(
    film: Path, hearers: list[Hearer], *, chunk: int, find_speech: FindSpeech = find_voice
) -> list[str]:
    hearing = Hearing(
        lambda: hearers, Recordings(chunk_seconds=chunk), Limits(), find_speech=find_speech
    )
    kept = Kept()
    said = hearing.hear(film, film.name, kept, hearing.key(None, None), terms=["Emberlow"])
    assert len(kept) == (1 if chunk > SECONDS else max(2, len(kept)))
    utterances = write_utterances(said.words, ["Emberlow"])
    for one in utterances:
        assert "".join(word.text for word in one.words).strip() == one.text
        times = [time for word in one.words for time in (word.start_ms, word.end_ms)]
        assert times == sorted(times)
    starts = [one.start_ms for one in utterances]
    assert starts == sorted(starts)
    return [unit for one in utterances for unit in units(one.text)]


def right(heard: list[str]) -> float:
    """Share of the script's words that were heard, in order."""
    blocks = SequenceMatcher(None, TRUTH, heard, autojunk=False).get_matching_blocks()
    return sum(block.size for block in blocks) / len(TRUTH)


def said_twice(heard: list[str]) -> list[tuple[str, ...]]:
    """Runs of four words that are heard more often than the script has them."""

    def runs(said: list[str]) -> Counter[tuple[str, ...]]:
        return Counter(tuple(said[at : at + 4]) for at in range(len(said) - 3))

    once = runs(TRUTH)
    return [run for run, count in runs(heard).items() if count > max(1, once[run])]


def test_chunks_that_end_in_silence_lose_and_repeat_nothing(film: Path, hearers: list[Hearer]):
    whole = hear(film, hearers, chunk=120)
    parts = hear(film, hearers, chunk=20)
    assert right(whole) > 0.9
    assert right(parts) >= right(whole) - 0.02
    assert said_twice(parts) == []


def test_chunks_that_cut_through_speech_are_joined_word_for_word(film: Path, hearers: list[Hearer]):
    parts = hear(film, hearers, chunk=20, find_speech=lambda samples: [(0, len(samples))])
    assert right(parts) > 0.9
    assert said_twice(parts) == []
