import wave
from pathlib import Path

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from domain.errors import InvalidInput, JobCancelled, ModelUnavailable
from domain.settings import Endpoint, Settings
from models.asr import (
    EndpointTranscriber,
    Transcriber,
    WhisperTranscriber,
    Word,
    group_words,
    load_hearers,
    load_transcriber,
)
from models.store import ModelStore
from tests.fakes.model_endpoint import ModelEndpoint, listening

# Debian's pocketsphinx-testdata: LibriVox readings of "Sense and Sensibility", public domain.
SPEECH = Path("/usr/share/pocketsphinx/test/data/librivox")


def speech(number: str) -> Path:
    path = SPEECH / f"sense_and_sensibility_01_austen_64kb-{number}.wav"
    assert path.is_file(), f"{path} is missing: apt-get install pocketsphinx-testdata"
    return path


EXAMPLES = Path(__file__).parents[3] / "examples"


def decode(path: Path) -> NDArray[np.int16]:
    resampler = av.AudioResampler(format="s16", layout="mono", rate=16_000)
    with av.open(str(path)) as media:
        frames = [made for frame in media.decode(audio=0) for made in resampler.resample(frame)]
    return np.concatenate([frame.to_ndarray()[0] for frame in frames])


def write_silence(path: Path, seconds: float) -> Path:
    return write_wav(path, np.zeros(int(seconds * 16_000), np.int16))


def write_wav(path: Path, samples: NDArray[np.int16]) -> Path:
    with wave.open(str(path), "wb") as audio:
        audio.setnchannels(1)
        audio.setsampwidth(2)
        audio.setframerate(16_000)
        audio.writeframes(samples.tobytes())
    return path


@pytest.fixture(scope="module")
def transcriber() -> Transcriber:
    settings = Settings()
    return load_transcriber(settings, ModelStore(settings.models_path))


@pytest.mark.models
def test_speech_becomes_words_in_time(transcriber: Transcriber):
    (utterance,) = transcriber.transcribe(speech("0890"), language="en")
    words = utterance.text.lower().replace("-", " ").replace(",", "").rstrip(".")
    assert words == "unless to be rather cold hearted and rather selfish is to be ill disposed"
    assert "".join(word.text for word in utterance.words).strip() == utterance.text
    times = [time for word in utterance.words for time in (word.start_ms, word.end_ms)]
    assert times == sorted(times)
    assert 0 <= utterance.start_ms < utterance.end_ms <= 5_400


@pytest.mark.models
def test_terms_decide_the_spelling_and_too_many_do_no_harm(transcriber: Transcriber):
    terms = ["Dashwood", *(f"Product number {number}" for number in range(500))]
    said = transcriber.transcribe(speech("0870"), terms=terms, language="en")
    assert "John Dashwood" in " ".join(one.text for one in said)


@pytest.mark.models
def test_silence_says_nothing(transcriber: Transcriber, tmp_path: Path):
    assert transcriber.transcribe(write_silence(tmp_path / "silence.wav", 2)) == []


@pytest.mark.models
def test_a_recording_is_left_in_the_middle_when_that_is_cancelled():
    settings = Settings()
    [hearer, *_] = load_hearers(settings, ModelStore(settings.models_path))
    asked: list[bool] = []

    def cancelled() -> bool:
        asked.append(len(asked) >= 2)
        return asked[-1]

    with pytest.raises(JobCancelled):
        hearer.transcribe(EXAMPLES / "linen-dress" / "rehearsal.mp3", cancelled=cancelled)
    assert asked == [False, False, True]


@pytest.mark.models
def test_a_change_of_language_is_followed(transcriber: Transcriber, tmp_path: Path):
    english, chinese = (
        decode(EXAMPLES / folder / "rehearsal.mp3")[: 13 * 16_000]
        for folder in ("linen-dress", "nut-gift-box-zh")
    )
    path = write_wav(tmp_path / "both.wav", np.concatenate([english, chinese, english]))
    said = transcriber.transcribe(path)
    text = " ".join(one.text for one in said)
    assert "40分钟" in text
    assert text.count("118") == 2
    assert [one.start_ms for one in said] == sorted(one.start_ms for one in said)


@pytest.mark.models
def test_chinese_comes_in_sentences(transcriber: Transcriber):
    said = transcriber.transcribe(EXAMPLES / "nut-gift-box-zh" / "rehearsal.mp3")
    assert len(said) >= 5
    assert sum(one.text.endswith("。") for one in said) >= 5


def test_a_file_without_sound_is_refused_before_the_model_is_needed(tmp_path: Path):
    path = tmp_path / "note.mp3"
    path.write_text("this is no audio")
    transcriber = WhisperTranscriber(lambda: ModelStore(tmp_path).path("asr"))
    with pytest.raises(InvalidInput, match=r"note\.mp3 has no audio"):
        transcriber.transcribe(path)


def test_a_missing_model_is_named(tmp_path: Path):
    transcriber = load_transcriber(Settings(), ModelStore(tmp_path))
    with pytest.raises(ModelUnavailable) as caught:
        transcriber.transcribe(write_silence(tmp_path / "silence.wav", 1))
    assert "livecue models pull asr" in caught.value.hint


def word(start: int, end: int, text: str) -> Word:
    return Word(start, end, text, 1.0)


def test_utterances_end_with_sentences_and_at_pauses():
    spoken = [
        word(0, 300, " Ask"),
        word(300, 500, " Mr."),
        word(520, 900, " Kiln."),
        word(920, 1200, " It"),
        word(1210, 1500, " fits."),
        word(2500, 2800, " and"),
        word(3600, 3900, " then"),
        word(3900, 4000, "买"),
        word(4000, 4100, "吗？"),
        word(4100, 4300, "买"),
    ]
    said = group_words(spoken)
    assert [one.text for one in said] == ["Ask Mr. Kiln.", "It fits.", "and", "then买吗？", "买"]
    assert [(one.start_ms, one.end_ms) for one in said][:2] == [(0, 900), (920, 1500)]
    assert [one for group in said for one in group.words] == spoken


def test_a_point_within_a_number_ends_no_utterance():
    spoken = [
        word(0, 300, "直径"),
        word(300, 500, "17."),
        word(800, 900, "5"),
        word(900, 999, "。"),
    ]
    assert [one.text for one in group_words(spoken)] == ["直径17.5。"]


def test_an_endpoint_gives_segments_with_their_words(tmp_path: Path):
    reply = {
        "text": "Hello there. Bye.",
        "language": "english",
        "duration": 3.0,
        "segments": [
            {"id": 0, "start": 0.0, "end": 1.2, "text": " Hello there."},
            {"id": 1, "start": 1.5, "end": 2.0, "text": " Bye."},
        ],
        "words": [
            {"word": "Hello", "start": 0.0, "end": 0.5},
            {"word": "there", "start": 0.6, "end": 1.2},
            {"word": "Bye", "start": 1.5, "end": 2.0},
        ],
    }
    with listening(ModelEndpoint(lambda _path, _body: (200, reply))) as endpoint:
        transcriber = load_transcriber(
            Settings(asr=Endpoint(base_url=endpoint.address, model="whisper-big", max_retries=0)),
            ModelStore(tmp_path),
        )
        assert isinstance(transcriber, EndpointTranscriber)
        said = transcriber.transcribe(
            write_silence(tmp_path / "a.wav", 1), terms=["Kiln"], language="en"
        )
        path, body = endpoint.asked[0]
    assert path == "/v1/audio/transcriptions"
    assert b"whisper-big" in body
    assert b"Kiln" in body
    assert [(one.start_ms, one.end_ms, one.text) for one in said] == [
        (0, 1200, "Hello there."),
        (1500, 2000, "Bye."),
    ]
    assert [[one.text for one in group.words] for group in said] == [["Hello", "there"], ["Bye"]]
