"""Speech recognition: the embedded Whisper base, or an endpoint, with word times."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from domain.errors import InvalidInput
from domain.settings import Endpoint, Settings
from models.lazy import Lazy
from models.openai_client import connect, told_by_endpoint
from models.store import ModelStore

if TYPE_CHECKING:
    from faster_whisper import BatchedInferencePipeline
    from openai import OpenAI

CHUNK_SECONDS = 20
"""Speech is cut at pauses into at most this: in Whisper's window of 448 tokens 20 s of fast
Chinese and a prompt of product names both fit."""

_BATCH = 2
_PROMPT_TOKENS = 200
_PROMPT_CHARS = 800
_PAUSE_MS = 800
_BREATH_MS = 200
_ABBREVIATION_LETTERS = 3


@dataclass(frozen=True, slots=True)
class Word:
    """A word (in Chinese a character or a few) with its time in ms of the media."""

    start_ms: int
    end_ms: int
    text: str
    probability: float | None


@dataclass(frozen=True, slots=True)
class Utterance:
    """A sentence, or what stands between two pauses; times in ms of the media.

    `words` joined are `text` but for outer spaces; without word times from an endpoint they are
    empty.
    """

    start_ms: int
    end_ms: int
    text: str
    words: tuple[Word, ...]


class Transcriber(Protocol):
    """Turns the speech of an audio or video file into utterances in order of time."""

    name: str

    def transcribe(
        self, path: Path, *, terms: Sequence[str] = (), language: str | None = None
    ) -> list[Utterance]:
        """Transcribe the first audio track of `path`.

        Args:
            path: Any file whose audio FFmpeg can decode.
            terms: Product and brand names as they are spelt, the most important first.
            language: `en`, `zh` or another ISO 639-1 code; None lets the model tell.

        Raises:
            InvalidInput: The file holds no audio that can be decoded.
        """
        ...


class WhisperTranscriber:
    """Whisper base (Radford et al. 2022, arXiv:2212.04356) in int8 on CTranslate2.

    Runs in batches over speech that Silero VAD found, at temperature 0 and with the terms as
    initial prompt: decoding window after window dropped and repeated speech. Chinese comes out
    as the model writes it: mostly simplified, in traditional characters at times. Loaded at the
    first call; one file at a time.
    """

    name = "faster-whisper-base"

    def __init__(self, folder: Callable[[], Path], *, threads: int = 1) -> None:
        self._pipeline = Lazy(lambda: _load_whisper(folder(), threads))
        self._one_at_a_time = threading.Lock()

    def transcribe(
        self, path: Path, *, terms: Sequence[str] = (), language: str | None = None
    ) -> list[Utterance]:
        """Transcribe the first audio track of `path`; see `Transcriber`."""
        audio = _decode(path)
        if audio.size == 0:
            return []
        pipeline = self._pipeline.get()
        with self._one_at_a_time:
            segments, _ = pipeline.transcribe(
                audio,
                language=language,
                initial_prompt=_fitting(terms, pipeline.model.hf_tokenizer),
                temperature=0,
                batch_size=_BATCH,
                word_timestamps=True,
                chunk_length=CHUNK_SECONDS,
                vad_filter=True,
                vad_parameters={"max_speech_duration_s": CHUNK_SECONDS},
            )
            words = [word for segment in segments for word in segment.words or ()]
        return group_words(
            [
                Word(_ms(word.start), _ms(word.end), word.word, round(word.probability, 3))
                for word in words
            ]
        )


class EndpointTranscriber:
    """An OpenAI-compatible `/audio/transcriptions` endpoint with `verbose_json`."""

    def __init__(self, endpoint: Endpoint) -> None:
        self._client: Lazy[OpenAI] = Lazy(lambda: connect(endpoint, job="asr"))
        self._endpoint = endpoint
        self.name = endpoint.model or "asr"

    def transcribe(
        self, path: Path, *, terms: Sequence[str] = (), language: str | None = None
    ) -> list[Utterance]:
        """Transcribe the file as a whole; see `Transcriber`."""
        from openai import omit

        with told_by_endpoint(self._endpoint, job="asr"), path.open("rb") as audio:
            reply = self._client.get().audio.transcriptions.create(
                model=self.name,
                file=audio,
                response_format="verbose_json",
                timestamp_granularities=["word", "segment"],
                language=language or omit,
                prompt=", ".join(terms)[:_PROMPT_CHARS] or omit,
            )
            segments = reply.segments or []
            words = [
                Word(_ms(word.start), _ms(word.end), word.word, None) for word in reply.words or []
            ]
            return [
                Utterance(
                    start_ms=_ms(segment.start),
                    end_ms=_ms(segment.end),
                    text=segment.text.strip(),
                    words=tuple(
                        word
                        for word in words
                        if _ms(segment.start) <= word.start_ms < _ms(segment.end)
                    ),
                )
                for segment in segments
                if segment.text.strip()
            ]


def group_words(words: Sequence[Word]) -> list[Utterance]:
    """Utterances out of words: one ends with a sentence mark or before a pause of 0.8 s.

    A full stop after three letters or fewer ("Mr.", "No.") ends one only before a breath.
    """
    groups: list[list[Word]] = []
    for word in words:
        if not groups or _parted(groups[-1][-1], word):
            groups.append([])
        groups[-1].append(word)
    return [
        Utterance(group[0].start_ms, group[-1].end_ms, text, tuple(group))
        for group in groups
        if (text := "".join(word.text for word in group).strip())
    ]


def _parted(before: Word, after: Word) -> bool:
    pause = after.start_ms - before.end_ms
    said = before.text.strip()
    if said.endswith("."):
        return len(said) - 1 > _ABBREVIATION_LETTERS or pause >= _BREATH_MS
    return said.endswith(("。", "！", "？", "!", "?", "…")) or pause >= _PAUSE_MS


def _ms(seconds: float) -> int:
    return round(seconds * 1000)


def _fitting(terms: Sequence[str], tokenizer: Any) -> str | None:  # noqa: ANN401
    """As many of the terms, from the first, as the prompt window holds."""
    prompt: str | None = None
    for term in terms:
        longer = f"{prompt}, {term}" if prompt else term
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


def load_transcriber(settings: Settings, store: ModelStore) -> Transcriber:
    """The transcriber that the settings name; nothing is loaded before its first call."""
    if settings.asr.configured:
        return EndpointTranscriber(settings.asr)
    return WhisperTranscriber(lambda: store.path("asr"), threads=settings.threads.asr)
