"""Speech recognition: the embedded Whisper base, or an endpoint, with word times."""

import wave
from collections.abc import Callable, Sequence
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Protocol

import numpy as np
from numpy.typing import NDArray

from domain.progress import never
from domain.settings import Endpoint, Settings
from models.lazy import Lazy
from models.openai_client import connect, told_by_endpoint
from models.store import ModelStore
from models.utterances import Heard, Utterance, Word, group_words, to_ms
from models.whisper import SOUND_RATE, WhisperTranscriber

if TYPE_CHECKING:
    from openai import OpenAI

__all__ = [
    "EndpointTranscriber",
    "FileTranscriber",
    "Heard",
    "Hearer",
    "Transcriber",
    "Utterance",
    "WhisperTranscriber",
    "Word",
    "group_words",
    "load_hearers",
    "load_transcriber",
]

_PROMPT_CHARS = 800
_ENDPOINT_CALLS = 4
_THREADS_EACH = 2
"""More threads for one recogniser make it little faster; another one hears another chunk."""


class FileTranscriber(Protocol):
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


class Hearer(Protocol):
    """Transcribes a chunk of a recording at a time."""

    name: str

    def transcribe(
        self,
        path: Path,
        *,
        terms: Sequence[str] = (),
        language: str | None = None,
        cancelled: Callable[[], bool] = never,
    ) -> list[Utterance]:
        """As `FileTranscriber`; raises JobCancelled soon after `cancelled` says so, if it can."""
        ...


class Transcriber(FileTranscriber, Protocol):
    """Also hears sound as it comes."""

    def listen(
        self,
        samples: NDArray[np.float32],
        *,
        terms: Sequence[str] = (),
        language: str | None = None,
        before: str | None = None,
    ) -> Heard:
        """Transcribe a stretch of speech of some seconds, mono at 16 kHz, as it comes.

        Quicker than `transcribe`: nothing is listened to twice. `before` is the language that was
        heard last, which holds where the model is not sure.
        """
        ...


class EndpointTranscriber:
    """An OpenAI-compatible `/audio/transcriptions` endpoint with `verbose_json`."""

    def __init__(self, endpoint: Endpoint) -> None:
        self._client: Lazy[OpenAI] = Lazy(lambda: connect(endpoint, job="asr"))
        self._endpoint = endpoint
        self.name = endpoint.model or "asr"

    def transcribe(
        self,
        path: Path,
        *,
        terms: Sequence[str] = (),
        language: str | None = None,
        cancelled: Callable[[], bool] = never,
    ) -> list[Utterance]:
        """Transcribe the file as a whole; see `Hearer`. A request that was sent is waited for."""
        del cancelled
        with path.open("rb") as audio:
            return self._ask(audio, terms, language).utterances

    def listen(
        self,
        samples: NDArray[np.float32],
        *,
        terms: Sequence[str] = (),
        language: str | None = None,
        before: str | None = None,
    ) -> Heard:
        """Send the speech as WAV; see `Transcriber`. The endpoint tells the language by itself."""
        del before
        return self._ask(("speech.wav", _as_wav(samples)), terms, language)

    def _ask(
        self, audio: BinaryIO | tuple[str, bytes], terms: Sequence[str], language: str | None
    ) -> Heard:
        from openai import omit

        with told_by_endpoint(self._endpoint, job="asr"):
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
                Word(to_ms(word.start), to_ms(word.end), word.word, None)
                for word in reply.words or []
            ]
            said = [
                Utterance(
                    start_ms=to_ms(segment.start),
                    end_ms=to_ms(segment.end),
                    text=segment.text.strip(),
                    words=tuple(
                        word
                        for word in words
                        if to_ms(segment.start) <= word.start_ms < to_ms(segment.end)
                    ),
                )
                for segment in segments
                if segment.text.strip()
            ]
            return Heard(said, language or reply.language or None)


def _as_wav(samples: NDArray[np.float32]) -> bytes:
    packed = BytesIO()
    with wave.open(packed, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(SOUND_RATE)
        file.writeframes((samples.clip(-1, 1) * 32_767).astype("<i2").tobytes())
    return packed.getvalue()


def load_transcriber(settings: Settings, store: ModelStore) -> Transcriber:
    """The transcriber that the settings name; nothing is loaded before its first call."""
    if settings.asr.configured:
        return EndpointTranscriber(settings.asr)
    return WhisperTranscriber(lambda: store.path("asr"), threads=settings.threads.asr)


def load_hearers(settings: Settings, store: ModelStore) -> list[Hearer]:
    """Transcribers for long recordings, to be used at once: as many as the cores of ASR allow.

    Apart from the one that hears streams, so that no stream waits for a recording. Nothing is
    loaded before the first call.
    """
    if settings.asr.configured:
        return [EndpointTranscriber(settings.asr)] * min(
            _ENDPOINT_CALLS, settings.asr.max_concurrency
        )
    count = max(1, settings.threads.asr // _THREADS_EACH)
    each = max(1, settings.threads.asr // count)
    return [WhisperTranscriber(lambda: store.path("asr"), threads=each) for _ in range(count)]
