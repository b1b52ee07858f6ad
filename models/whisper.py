"""The embedded Whisper: languages, prompts, and a second look at what it passed over."""

import re
import threading
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from domain.errors import InvalidInput, JobCancelled
from domain.progress import never
from models.lazy import Lazy
from models.utterances import Heard, Utterance, Word, group_words, to_ms

if TYPE_CHECKING:
    from faster_whisper import BatchedInferencePipeline
    from faster_whisper.transcribe import Segment
    from numpy.typing import NDArray

CHUNK_SECONDS = 20
"""Speech is cut at pauses into at most this: in Whisper's window of 448 tokens 20 s of fast
Chinese and a prompt of product names both fit."""

_BATCH = 2
_PROMPT_TOKENS = 200

LANGUAGES = ("en", "zh")
"""What is expected where the model is not sure which language it hears."""
_SURE = 0.8

CHINESE_STYLE = "以下是直播间的普通话句子，有标点。直播价，到手价。"
"""What Whisper is made to believe that it wrote before: it goes on in simplified characters, with
marks between sentences. Longer examples made it skip what they had said."""

_LOOP = 2.4
_STUTTER = re.compile(r"([^\d\s].{0,11}?)\1{5,}")
_NO_SPEECH = 0.6
_NO_IDEA = -1.0
_CREDITS = re.compile(
    r"amara\.org|明[镜鏡][与與需]要?[点點]|[请請]不吝[点點][赞讚]|字幕(?:由|[制製]作|志[愿願]者)"
    r"|subtitles? by|transcri(?:bed|ption) by|^thanks? (?:you )?for watching\W*$",
    re.IGNORECASE,
)
"""Closing credits of the subtitles that Whisper learnt from; it writes them over music."""

_Span = tuple[int, int]
"""Beginning and end in ms."""

SOUND_RATE = 16_000
"""Samples a second."""

_TELLING_SECONDS = 10
_FRAMES_PER_SECOND = 100
_LIVE_SECONDS = 15
"""For stretches of speech of a few seconds. Of the demo's English and Chinese words 0.975 and 0.811
are right; with the whole half minute 0.975 and 0.828, for 2.3 times the time."""
_NEAR_MS = 1000
_SILENCE_MS = 500
_PASSED_OVER_MS = 2500
_SHORTEST_MS = 1000
_DOUBTFUL = 0.6
_PAD_MS = 200


class WhisperTranscriber:
    """Whisper base (Radford et al. 2022, arXiv:2212.04356) in int8 on CTranslate2.

    Silero VAD finds the speech; each window of it, 20 s at most, is given its own language, as
    hosts change theirs, and in the wrong one the model translates, loops or falls silent. Windows
    are decoded in batches at temperature 0 with the terms as initial prompt: decoding window after
    window dropped and repeated speech. What is then still passed over (2.5 s of speech without a
    word) or doubtful (Whisper's own tests, section 4.5 of the paper; words below 0.6 on average)
    is decoded once more, by itself and without terms, and kept where it is surer. Chinese comes
    out as the model writes it: simplified, in traditional characters at times. Loaded at the first
    call; one file at a time.
    """

    name = "faster-whisper-base"

    def __init__(self, folder: Callable[[], Path], *, threads: int = 1) -> None:
        self._pipeline = Lazy(lambda: _load_whisper(folder(), threads))
        self._one_at_a_time = threading.Lock()

    def transcribe(
        self,
        path: Path,
        *,
        terms: Sequence[str] = (),
        language: str | None = None,
        cancelled: Callable[[], bool] = never,
    ) -> list[Utterance]:
        """Transcribe the first audio track of `path`; see `models.asr.Hearer`."""
        audio = _decode(path)
        if audio.size == 0:
            return []
        pipeline = self._pipeline.get()
        with self._one_at_a_time:
            speech = _find_speech(audio)
            if not speech:
                return []
            words = _listen(pipeline, audio, speech, terms, language, cancelled)
            runs = [words]
            for start, end in _doubtful(words, speech):
                _heed(cancelled)
                again = _listen_again(pipeline, audio, start, end, language)
                if _sureness(again) > _sureness(_within(words, start, end)):
                    runs = _splice(runs, again, start, end)
        return [one for run in runs for one in _sayings(run)]

    def listen(
        self,
        samples: "NDArray[np.float32]",
        *,
        terms: Sequence[str] = (),
        language: str | None = None,
        before: str | None = None,
    ) -> Heard:
        """Transcribe one window of speech; see `models.asr.Transcriber`."""
        pipeline = self._pipeline.get()
        with self._one_at_a_time:
            told = language or _tell_language(pipeline, samples, before)
            whole = [(0, len(samples) * 1000 // SOUND_RATE)]
            with _encoding(pipeline, _LIVE_SECONDS):
                words = _listen(pipeline, samples, whole, terms, told)
        return Heard(_sayings(words), told)


@contextmanager
def _encoding(pipeline: "BatchedInferencePipeline", seconds: int) -> Generator[None]:
    """Have the encoder take so much of its half minute, most of which is padding."""
    model: Any = pipeline.model
    whole = model.encode

    def encode(features: Any) -> Any:  # noqa: ANN401
        return whole(np.ascontiguousarray(features[..., : seconds * _FRAMES_PER_SECOND]))

    model.encode = encode
    try:
        yield
    finally:
        model.encode = whole


def _sayings(words: Sequence[Word]) -> list[Utterance]:
    """The utterances of a run of words, without what Whisper writes over music and noise."""
    return [
        said
        for said in group_words(words)
        if not _CREDITS.search(said.text) and not _is_echo(said.text)
    ]


def _listen(
    pipeline: "BatchedInferencePipeline",
    audio: Any,  # noqa: ANN401 (samples, float32)
    speech: list[_Span],
    terms: Sequence[str],
    language: str | None,
    cancelled: Callable[[], bool] = never,
) -> list[Word]:
    """The words of `audio`, whose speech stands at `speech`; cancelled between windows."""
    windows = _windows(speech)
    by_language: dict[str, list[_Span]] = {}
    before: str | None = None
    for start, end in windows:
        _heed(cancelled)
        window = audio[start * SOUND_RATE // 1000 : end * SOUND_RATE // 1000]
        before = language or _tell_language(pipeline, window, before)
        by_language.setdefault(before, []).append((start, end))
    words: list[Word] = []
    for code, part in by_language.items():
        style = CHINESE_STYLE if code == "zh" else None
        segments, _ = pipeline.transcribe(
            audio,
            language=code,
            initial_prompt=_fitting(terms, pipeline.model.hf_tokenizer, style),
            temperature=0,
            batch_size=_BATCH,
            word_timestamps=True,
            vad_filter=False,
            clip_timestamps=[{"start": start / 1000, "end": end / 1000} for start, end in part],
        )
        for segment in segments:
            _heed(cancelled)
            if not _failed(segment):
                words += [
                    Word(to_ms(w.start), to_ms(w.end), w.word, round(float(w.probability), 3))
                    for w in segment.words or ()
                ]
    return sorted(words, key=lambda word: word.start_ms)


def _heed(cancelled: Callable[[], bool]) -> None:
    if cancelled():
        raise JobCancelled("hearing was cancelled", hint="`livecue jobs resume` hears it anew")


def _windows(speech: list[_Span]) -> list[_Span]:
    """Neighbouring stretches of speech in one window as long as it lasts `CHUNK_SECONDS`."""
    windows: list[_Span] = []
    for start, end in speech:
        if windows:
            first, last = windows[-1]
            if end - first <= CHUNK_SECONDS * 1000 and start - last <= _NEAR_MS:
                windows[-1] = first, end
                continue
        windows.append((start, end))
    return windows


def _listen_again(
    pipeline: "BatchedInferencePipeline",
    audio: Any,  # noqa: ANN401
    start: int,
    end: int,
    language: str | None,
) -> list[Word]:
    """What is heard between `start` and `end` (ms) by itself."""
    first = max(0, start - _PAD_MS)
    part = audio[first * SOUND_RATE // 1000 : (end + _PAD_MS) * SOUND_RATE // 1000]
    speech = _find_speech(part)
    heard = _listen(pipeline, part, speech, (), language) if speech else []
    moved = [
        Word(word.start_ms + first, word.end_ms + first, word.text, word.probability)
        for word in heard
    ]
    return _within(moved, start, end)


def _splice(runs: list[list[Word]], again: list[Word], start: int, end: int) -> list[list[Word]]:
    """The runs of words with `again` in the place of what stood between `start` and `end`."""
    before = [[word for word in run if _middle(word) < start] for run in runs]
    after = [[word for word in run if _middle(word) >= end] for run in runs]
    return [run for run in (*before, again, *after) if run]


def _within(words: Sequence[Word], start: int, end: int) -> list[Word]:
    """The words whose middle lies between `start` and `end` (ms)."""
    return [word for word in words if start <= _middle(word) < end]


def _middle(word: Word) -> float:
    return (word.start_ms + word.end_ms) / 2


def _doubtful(words: Sequence[Word], speech: list[_Span]) -> list[_Span]:
    """Where (ms) speech has no words, or words that the model was not sure of."""
    doubtful: list[_Span] = []
    for start, end in speech:
        inside = _within(words, start, end)
        edges = [start, *(t for word in inside for t in (word.start_ms, word.end_ms)), end]
        doubtful += [
            (left, right) for left, right in pairwise(edges) if right - left >= _PASSED_OVER_MS
        ]
    for said in group_words(words):
        if said.end_ms - said.start_ms >= _SHORTEST_MS and _sureness(said.words) < _DOUBTFUL:
            doubtful.append((said.start_ms, said.end_ms))
    return sorted(doubtful)


def _sureness(words: Sequence[Word]) -> float:
    return sum(word.probability or 0.0 for word in words) / len(words) if words else 0.0


def _find_speech(audio: Any) -> list[_Span]:  # noqa: ANN401
    """The stretches of speech that Silero VAD finds, cut at pauses to `CHUNK_SECONDS`."""
    import faster_whisper.vad

    voice: Any = faster_whisper.vad
    options = voice.VadOptions(
        min_silence_duration_ms=_SILENCE_MS, max_speech_duration_s=CHUNK_SECONDS
    )
    found = voice.get_speech_timestamps(audio, options)
    return [(one["start"] * 1000 // SOUND_RATE, one["end"] * 1000 // SOUND_RATE) for one in found]


def _tell_language(
    pipeline: "BatchedInferencePipeline",
    speech: Any,  # noqa: ANN401
    otherwise: str | None,
) -> str:
    """The language of the first ten seconds; `otherwise` where the model is not sure.

    The encoder takes a part of its half minute for a sixth of the time, and tells as well.
    """
    model: Any = pipeline.model
    features = model.feature_extractor(speech[: _TELLING_SECONDS * SOUND_RATE])
    heard = model.model.detect_language(model.encode(features))[0]
    likely = {token.strip("<|>"): float(probability) for token, probability in heard}
    best = max(likely, key=lambda code: likely[code])
    if likely[best] >= _SURE:
        return best
    return otherwise or max(LANGUAGES, key=lambda code: likely.get(code, 0.0))


def _failed(segment: "Segment") -> bool:
    """Whether the model repeats itself or had no speech to write down."""
    silent = segment.no_speech_prob > _NO_SPEECH and segment.avg_logprob < _NO_IDEA
    loops = segment.compression_ratio > _LOOP or _STUTTER.search(segment.text) is not None
    return loops or silent


def _is_echo(text: str) -> bool:
    """Whether nothing but a phrase of the example is said, which noise makes the model do."""
    return text.strip(" ，。,.") in re.split("[，。]", CHINESE_STYLE)


def _fitting(terms: Sequence[str], tokenizer: Any, style: str | None = None) -> str | None:  # noqa: ANN401
    """The style, and as many of the terms, from the first, as the prompt window holds."""
    prompt = style
    for term in terms:
        joint = "，" if style and prompt != style else ", "
        longer = f"{prompt}{'' if prompt == style else joint}{term}" if prompt else term
        if len(tokenizer.encode(longer, add_special_tokens=False).ids) > _PROMPT_TOKENS:
            break
        prompt = longer
    return prompt


def _decode(path: Path) -> Any:  # noqa: ANN401
    """Mono float32 samples at 16 kHz."""
    from av.error import FFmpegError
    from faster_whisper.audio import decode_audio

    try:
        return decode_audio(str(path), sampling_rate=16_000)
    except (FFmpegError, IndexError) as error:
        raise InvalidInput(
            f"{path.name} has no audio that can be decoded",
            hint="give an audio or video file with a sound track",
        ) from error


def _load_whisper(folder: Path, threads: int) -> "BatchedInferencePipeline":
    from faster_whisper import BatchedInferencePipeline, WhisperModel

    model = WhisperModel(str(folder), device="cpu", compute_type="int8", cpu_threads=threads)
    return BatchedInferencePipeline(model)
